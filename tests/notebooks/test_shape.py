"""A lesson reads at one pace: short cells, prose beside code, and something to see before long."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from rerun import NOTEBOOKS, read
from shape import findings

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_notebook_keeps_the_pace(path: Path) -> None:
    """10 to 22 words to a line of code, cells of 5 lines and 88 columns, no three definitions in a row."""
    assert list(findings(read(path))) == []


def notebook(*sources: str):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("word " * 15 * len(cells)), *cells]
    )


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (["x = 1", "y = 2"], ""),
        (["x = 1", "y = 2", "z = 3"], "3 code cells in a row show nothing"),
        (["x = 1" + " " * 90 + "# wide"], "columns"),
        (["x = 1\n" * 21], "21 lines"),
    ],
)
def test_what_breaks_the_pace_is_named(sources: list[str], found: str) -> None:
    """Each kind of break gets its own sentence."""
    told = " ".join(findings(notebook(*sources)))
    assert found in told if found else not told
