"""What every notebook has around its lesson: questions at the start, progress at the end, links between."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jwt_demo.exercises import registry
from rerun import NOTEBOOKS, ROOT, code_cells, read

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
later_notebook = pytest.mark.parametrize("path", PATHS[1:], ids=lambda path: path.stem)
LINK = re.compile(r"\]\(\.\./docs/glossary\.md(?:#([\w-]+))?\)")


@later_notebook
def test_a_notebook_opens_with_three_questions_on_earlier_steps(path: Path) -> None:
    """Before the first lesson; step 01 has only step 00 to ask about, the later ones mix two steps or more. The heading names them."""
    recap = [cell for cell in code_cells(read(path)) if "-recap-" in cell.id]
    asked = [re.findall(r'quiz\("([\w-]+)"\)', cell.source) for cell in recap]
    names = [name for (name,) in asked]
    assert len(set(names)) == 3
    assert recap == code_cells(read(path))[:3]
    steps = {step_of(name) for name in names}
    assert max(steps) < path.name[:2]
    assert len(steps) >= 2 or path.name.startswith("01")
    title = next(cell.source for cell in read(path).cells if cell.id.endswith("-recap"))
    assert re.findall(r"\d+", title.splitlines()[0]) == [str(int(step)) for step in sorted(steps)]


def step_of(quiz: str) -> str:
    """The step whose module defines a quiz."""
    return next(
        module.__name__.rpartition("step_")[2][:2]
        for module in registry.modules()
        if quiz in [each.name for each in getattr(module, "QUIZZES", ())]
    )


@later_notebook
def test_a_notebook_ends_with_progress_and_a_link_to_what_is_next(path: Path) -> None:
    """Step 00 has no exercise, so it has no progress."""
    cells = read(path).cells
    shown = [place for place, cell in enumerate(cells) if cell.source.startswith("progress(")]
    assert len(shown) == 1
    rest = cells[shown[0] + 1 :]
    assert rest
    assert all(cell.cell_type == "markdown" for cell in rest)
    assert path.name.startswith("12") or ".ipynb)" in rest[-1].source


@every_notebook
def test_a_notebook_links_the_glossary_and_the_link_leads_somewhere(path: Path) -> None:
    """The section after # is a heading of the glossary."""
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", line[3:].lower()).replace(" ", "-")
        for line in glossary.splitlines()
        if line.startswith("## ")
    }
    prose = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    linked = LINK.findall(prose)
    assert linked
    assert {section for section in linked if section} <= headings


@every_notebook
def test_a_word_of_the_glossary_is_linked_where_it_is_first_set_in_italics(path: Path) -> None:
    """Italics are for a word that is explained there."""
    known = words_of_the_glossary()
    seen: set[str] = set()
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            prose = re.sub(
                r"(?m)^\|.*$", "", cell.source
            )  # a row of a table is looked up, not read
            for linked, word in re.findall(r"(\[)?(?<![\w*])\*(\w[\w -]*)\*(?![\w*])", prose):
                assert linked or word.lower() in seen or word.lower() not in known, (cell.id, word)
                seen.add(word.lower())


def words_of_the_glossary() -> set[str]:
    rows = (ROOT / "docs" / "glossary.md").read_text("utf-8").partition("## What `check`")[0]
    first = re.findall(r"^\| ([^|]+) \|", rows, re.MULTILINE)
    return {word.strip("` ").lower() for cell in first for word in cell.split(",")} - {
        "word",
        "---",
    }


@pytest.mark.parametrize("step", ["10", "11", "12"])
def test_the_mixed_task_is_linked_from_the_steps_around_it(step: str) -> None:
    """Step 13 is done after 10 and before 12."""
    path = next(NOTEBOOKS.glob(f"{step}_*.ipynb"))
    assert "](13_six_faults.ipynb)" in "\n".join(cell.source for cell in read(path).cells)


ORDER = [*PATHS[:12], PATHS[13], PATHS[12]]  # step 13 prepares for the exam, step 12


def test_the_links_at_the_top_follow_the_order_of_reading() -> None:
    """Each notebook names the one before it and the one after it."""
    for place, path in enumerate(ORDER):
        top = read(path).cells[0].source.splitlines()[-1]
        around = [each.name for each in ORDER[max(place - 1, 0) : place + 2] if each != path]
        assert re.findall(r"\]\((\d\d_\w+\.ipynb)\)", top) == around, path.name
