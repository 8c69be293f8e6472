"""A file of the course as the reader gets it: nothing shows the result of a question that stands above it.

GitHub and the tests keep the outputs as they are stored. In the reader's copy the output of a cell that answers a question is
folded: JupyterLab shows one line in its place, opens it when the cell is run, and opens it by a click for those who only read.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# They stand in docs/, and in the reader's copy beside the notebooks.
DOCS = ("glossary.md", "cheatsheet.md")
QUESTION = re.compile(r"\*\*[^*]*\?[^*]*\*\*", re.DOTALL)  # in bold
# A cell that asks or shows a figure gives nothing away.
SHOWN = re.compile(r"^(?:quiz|figure)\(", re.MULTILINE)
# In the id of a cell that the reader fills in, that judges it, or that asks again.
OWN = re.compile(r"-(?:try|check|recap)-")
FOLDED = "Decide first, then run the cell. A click here opens the stored result."


def files_of(originals: Path) -> list[str]:
    """What the course hands out, by its path in the reader's copy."""
    found = (path.relative_to(originals) for path in sorted(originals.rglob("*")) if path.is_file())
    names = [
        path.as_posix()
        for path in found
        if not any(part.startswith((".", "_")) for part in path.parts)
    ]
    return names + [name for name in DOCS if (originals.parent / "docs" / name).is_file()]


def handout(originals: Path, name: str) -> bytes:
    """The content of one file as it is handed out."""
    path = originals / name
    if name in DOCS and not path.exists():
        path = originals.parent / "docs" / name
    content = path.read_bytes()
    if name.endswith(".ipynb"):
        return as_handed_out(content)
    return content.replace(b"](../notebooks/", b"](") if name in DOCS else content


def as_handed_out(content: bytes) -> bytes:
    """A notebook with its answers folded, its links to `docs` pointing beside it, and this Python's name; anything else as it is."""
    try:
        notebook = json.loads(content)
        folded = [fold(cell) for cell in answers(notebook["cells"])]
        linked = [link(cell) for cell in notebook["cells"]]
        named = name_python(notebook["metadata"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return content
    if not any((*folded, *linked, named)):
        return content
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def name_python(metadata: dict[str, Any]) -> bool:
    """What a kernel of this Python says of itself; were it not in the notebook, JupyterLab would call it changed at once."""
    if "language_info" not in metadata:
        return False
    metadata["language_info"] = {
        "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": f"ipython{sys.version_info[0]}",
        "version": sys.version.split()[0],
    }
    return True


def answers(cells: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The code cells whose output answers a question: those that follow it up to the next text, quizzes left out."""
    asked = answered = False
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            asked = bool(QUESTION.search(source)) or (asked and not answered)
            answered = False
        elif cell["cell_type"] == "code" and asked:
            if OWN.search(cell.get("id", "")):
                asked = False
            elif not SHOWN.search(source):
                answered = True
                yield cell


def fold(cell: dict[str, Any]) -> bool:
    """Fold the outputs of a cell. JupyterLab previews the first of them, so the first one is a line that gives nothing away."""
    if not cell.get("outputs"):
        return False
    line = {"output_type": "display_data", "data": {"text/plain": FOLDED}, "metadata": {}}
    cell["outputs"].insert(0, line)
    cell["metadata"].setdefault("jupyter", {})["outputs_hidden"] = True
    cell["metadata"]["collapsed"] = True  # the same for other programs than JupyterLab
    return True


def link(cell: dict[str, Any]) -> bool:
    """Links to the glossary and the cheat sheet, which lie beside the notebooks in a reader's copy."""
    lines = cell["source"] if isinstance(cell["source"], list) else [cell["source"]]
    linked = [line.replace("](../docs/", "](") for line in lines]
    if cell["cell_type"] != "markdown" or linked == lines:
        return False
    cell["source"] = linked
    return True
