"""After "Your turn" every earlier cell can be run again and does what it did: a stub takes nothing from the lesson."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from rerun import NOTEBOOKS, read, run, same, texts
from tests.support.thorough import some_always

STEPS = ("02", "03", "04")  # where the lesson has a function like the one that the reader writes


@pytest.mark.parametrize("step", some_always(STEPS, lambda step: step == "03"))
def test_the_cells_before_your_turn_run_again(step: str) -> None:
    """The whole notebook with its stubs, then the lesson from its first cell once more: the same outputs."""
    path = next(NOTEBOOKS.glob(f"{step}_*.ipynb"))
    notebook = read(path)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    first_try = next(place for place, cell in enumerate(code) if "-try-" in cell.id)
    again = copy.deepcopy(code[:first_try])
    for cell in again:
        cell.id += "-again"
    notebook.cells = [*code, *again]
    fresh = run(notebook, folder=Path(path).parent).cells
    before, after = fresh[:first_try], fresh[len(code) :]
    different = [
        (one.id, shown(one), shown(other))
        for one, other in zip(before, after, strict=True)
        if one.id not in ONCE.get(step, ()) and not same(one.outputs, other.outputs)
    ]
    assert different == []


# A warning that Python gives once in a process, and what a server's name counts.
ONCE: dict[str, tuple[str, ...]] = {}


def shown(cell: object) -> str:
    return "\n".join(text for output in cell.outputs for text in texts(output))[:400]  # type: ignore[attr-defined]
