"""The minutes at the top of a step, and README's "one evening", are what the formula says."""

from __future__ import annotations

import itertools
from pathlib import Path

import nbformat
import pytest

from minutes import EVENING_STATED, EXERCISE, STATED, Minutes, evening, minutes_of
from rerun import NOTEBOOKS, ROOT, read

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@every_notebook
def test_a_notebook_states_the_minutes_of_the_formula(path: Path) -> None:
    """`python tools/minutes.py --write` writes them."""
    notebook = read(path)
    stated = STATED.search(notebook.cells[0].source)
    assert stated, "the first cell says `About … minutes`"
    assert stated[0] == minutes_of(notebook).line


@every_notebook
def test_each_exercise_says_its_minutes_and_whether_it_is_needed(path: Path) -> None:
    """`· 5 min · must` or `· 5 min · bonus`, in the cell above the one to fill in."""
    cells = read(path).cells
    for above, cell in itertools.pairwise(cells):
        if "-try-" in cell.id and cell.cell_type == "code":
            assert len(EXERCISE.findall(above.source)) == 1, above.id


def test_readme_states_the_minutes_of_the_evening() -> None:
    """The sum of the must parts of the first five steps."""
    stated = EVENING_STATED.search((ROOT / "README.md").read_text("utf-8"))
    assert stated
    assert stated[0] == f"about {evening()} minutes"


def test_the_formula() -> None:
    """300 words are two minutes, ten lines one; a bonus heading holds until the next one of its level."""
    cells = [
        nbformat.v4.new_markdown_cell("word " * 300),
        nbformat.v4.new_code_cell("x = 1\n" * 10),
        nbformat.v4.new_markdown_cell("## Bonus: more"),
        nbformat.v4.new_markdown_cell("### Your turn · 7 min · must"),
        nbformat.v4.new_markdown_cell("## Next · 3 min · bonus"),
        nbformat.v4.new_code_cell('quiz("proof")', outputs=[nbformat.v4.new_output("stream")]),
    ]
    minutes = minutes_of(nbformat.v4.new_notebook(cells=cells))
    assert 3 < minutes.must < 4.2
    assert 10 < minutes.bonus < 10.2
    assert Minutes(12.6, 0.4).line == "About 15 minutes"
    assert Minutes(12.4, 8).line == "About 10 minutes, and 10 more of bonus"
