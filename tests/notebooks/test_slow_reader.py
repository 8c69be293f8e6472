"""A reader who takes more than three minutes for each cell sees what the text says. Tokens live five minutes, so no cell may use one that
is older than the cell before it.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from rerun import NOTEBOOKS, code_cells, read, run, sanitised, texts
from tests.support.thorough import some_always

PACE = 200  # seconds from one code cell to the next
CLOCK = f"""
import datetime, time

def ahead(real=time.time):
    return real() + cells_so_far * {PACE}

class Datetimes(type):
    def __instancecheck__(self, value, real=datetime.datetime):
        return isinstance(value, real)

class Datetime(datetime.datetime, metaclass=Datetimes):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(ahead(), tz)

cells_so_far, time.time, datetime.datetime = 0, ahead, Datetime
del datetime, time
"""
LESSONS = [
    path
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    if not path.name.startswith("11")  # its services are processes, with clocks of their own
]
MARKS = re.compile(r"[✓✗○]|\b[1-5]\d\d\b")  # verdicts and statuses


@pytest.mark.parametrize(
    "path",
    some_always(LESSONS, lambda path: path.name.startswith("03")),
    ids=lambda path: path.stem,
)
def test_statuses_and_verdicts_are_those_of_the_text(path: Path) -> None:
    """The whole notebook with a clock that goes on between the cells: the same statuses, the same verdicts."""
    notebook = read(path)
    slow = run(at_a_slow_pace(notebook)).cells[2::2]
    different = {
        cell.id: (marks(cell), marks(later))
        for cell, later in zip(code_cells(notebook), slow, strict=True)
        if marks(cell) != marks(later)
    }
    assert different == {}


def at_a_slow_pace(notebook: Any) -> Any:
    """A copy with a cell before each code cell that puts the clock ahead."""
    slow = copy.deepcopy(notebook)
    cells = [nbformat.v4.new_code_cell(CLOCK)]
    for cell in code_cells(slow):
        cells += [nbformat.v4.new_code_cell("cells_so_far += 1"), cell]
    slow.cells = cells
    return slow


def marks(cell: Any) -> list[str]:
    """Verdicts, statuses and exceptions."""
    raised = [output.ename for output in cell.outputs if output.output_type == "error"]
    return MARKS.findall(str(sanitised("\n".join(plain(cell))))) + raised


def plain(cell: Any) -> list[str]:
    """What a cell prints and shows, as text."""
    return [
        text
        for output in cell.outputs
        for text in texts(output.get("data", {}).get("text/plain", output.get("text", "")))
    ]
