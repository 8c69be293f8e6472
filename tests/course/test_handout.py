"""A question in the reader's copy stands above nothing that answers it; the stored notebook stays as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest

from jwt_demo.course.handout import FOLDED, as_handed_out, files_of, handout
from jwt_demo.course.working_copy import fingerprint, notebooks, update

NAMES = sorted(path.name for path in notebooks().glob("*.ipynb"))


def notebook(*cells: tuple[str, str]) -> bytes:
    made = []
    for number, (kind, source) in enumerate(cells):
        new = nbformat.v4.new_markdown_cell if kind == "text" else nbformat.v4.new_code_cell
        cell = new(source, id=f"{kind}-{number}")
        if kind != "text":
            cell.outputs = [nbformat.v4.new_output("stream", text="the answer\n")]
        made.append(cell)
    return nbformat.writes(nbformat.v4.new_notebook(cells=made)).encode()


def folded(content: bytes) -> list[str]:
    return [
        cell["id"]
        for cell in json.loads(content)["cells"]
        if cell["metadata"].get("jupyter", {}).get("outputs_hidden")
    ]


@pytest.mark.parametrize(
    ("cells", "answers"),
    [
        ([("text", "**Which status?**"), ("code", "send()")], ["code-1"]),
        ([("text", "No question."), ("code", "send()")], []),
        ([("text", "**Which?**"), ("quiz", 'quiz("a")'), ("code", "send()")], ["code-2"]),
        (
            [
                ("text", "**Which?**"),
                ("quiz", 'quiz("a")'),
                ("text", "Run it:"),
                ("code", "send()"),
            ],
            ["code-3"],
        ),
        ([("text", "**Which?**"), ("code", "1"), ("text", "So."), ("code", "2")], ["code-1"]),
        ([("text", "**Which?** Decide."), ("code", "1"), ("code", "2")], ["code-1", "code-2"]),
        ([("text", "**Which?**"), ("01-try-x", "def f(): ..."), ("code", "1")], []),
    ],
)
def test_what_answers_a_question_is_folded(cells, answers) -> None:
    """From the question to the next text; a quiz only asks, and an exercise is the reader's own."""
    assert folded(as_handed_out(notebook(*cells))) == answers


@pytest.mark.parametrize("name", NAMES)
def test_every_question_of_the_course_is_unspoiled(name: str) -> None:
    """Whatever comes next after a bold question shows nothing, and what a person wrote is what is stored."""
    given = json.loads(handout(notebooks(), name))
    stored = json.loads((notebooks() / name).read_bytes())
    assert len(given["cells"]) == len(stored["cells"])
    asked = False
    for cell in given["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            asked = bool(re.search(r"\*\*[^*]*\?[^*]*\*\*", source))
        elif asked and cell["outputs"] and not re.search(r"(?m)^(quiz|figure)\(", source):
            if re.search(r"-(try|check|recap)-", cell["id"]):
                break
            assert cell["metadata"]["jupyter"]["outputs_hidden"], cell["id"]
            assert cell["outputs"][0]["data"] == {"text/plain": FOLDED}  # the one that is previewed


def test_a_link_to_the_glossary_leads_to_the_file_beside_it(tmp_path: Path) -> None:
    """In the repository it stands in docs/, in the reader's copy among the notebooks."""
    update(tmp_path / "copy")
    texts = "".join(path.read_text("utf-8") for path in (tmp_path / "copy").glob("*.ipynb"))
    assert "](../docs/" not in texts
    for name in set(re.findall(r"\]\(([a-z]+\.md)\)", texts)):
        assert (tmp_path / "copy" / name).is_file()
    for name in set(
        re.findall(
            r"\]\(([\w.]+\.ipynb)",
            "".join(path.read_text("utf-8") for path in (tmp_path / "copy").glob("*.md")),
        )
    ):
        assert (tmp_path / "copy" / name).is_file()


def test_what_is_no_notebook_is_left_alone() -> None:
    """A file that cannot be read as one is handed out as it is."""
    for content in (b"", b"{}", b"[1]", b'{"cells": [1]}', b"\xff"):
        assert as_handed_out(content) == content


def test_an_untouched_copy_of_before_is_brought_up_to_date(tmp_path: Path) -> None:
    """Copies made when outputs were not folded yet: same sources, so they are replaced and nothing is laid beside."""
    originals, copy = tmp_path / "notebooks", tmp_path / "copy"
    originals.mkdir()
    stored = notebook(("text", "**Which?**"), ("code", "1"))
    (originals / "00_a.ipynb").write_bytes(stored)
    update(copy, originals=originals)
    (copy / "00_a.ipynb").write_bytes(stored)
    manifest = copy / ".jwt_demo" / "course.json"
    told = json.loads(manifest.read_text("utf-8"))
    told["files"]["00_a.ipynb"] = vars(fingerprint(stored, "00_a.ipynb"))
    manifest.write_text(json.dumps(told), "utf-8")
    assert [change.action for change in update(copy, originals=originals)] == ["replace"]
    assert folded((copy / "00_a.ipynb").read_bytes()) == ["code-1"]
    assert files_of(originals) == ["00_a.ipynb"]
