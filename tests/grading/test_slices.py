"""Which cells are run for a verdict: what exercises need, all but what only talks to other programs, or all."""

from __future__ import annotations

import json

import pytest

from jwt_demo.course.working_copy import notebooks
from jwt_demo.exercises.registry import exercises
from jwt_demo.grading.slices import Extent, cells_to_run

STEPS = sorted({exercise.step for exercise in exercises().values()})


def lesson(step):
    """The code cells of a lesson by place, their ids, and a check at the end for each exercise."""
    (path,) = notebooks().glob(f"{step}_*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    sources = {
        place: "".join(cell["source"])
        for place, cell in enumerate(cells)
        if cell["cell_type"] == "code"
    }
    functions = [each.function for each in exercises().values() if each.step == step]
    ids = {place: cells[place]["id"] for place in sources}
    return sources, ids, [(len(cells), function) for function in functions]


def tried(ids):
    """The places of the cells that a learner fills in."""
    return {place for place, name in ids.items() if "-try-" in name}


@pytest.mark.parametrize(
    ("step", "left_out"),
    [
        ("03", {"03-terminal"}),
        ("05", set()),
        ("07", {"07-workers", "07-workers-ask", "07-workers-sqlite"}),
    ],
)
def test_what_only_talks_to_other_programs_is_left_out(step, left_out):
    """Cells as they were handed out that start programs, and those that read what comes of it; of some the imports are run."""
    sources, ids, candidates = lesson(step)
    run = cells_to_run(sources, tried(ids), candidates, Extent.IN_PROCESS)
    assert {ids[place] for place in sources if run.get(place) != sources[place]} == left_out


@pytest.mark.parametrize("step", STEPS)
def test_no_exercise_of_the_course_needs_another_program(step):
    """With an answer that reads what the stub reads, a slice starts none, and nor does what is run where it is not correct."""
    sources, ids, candidates = lesson(step)
    for extent in (Extent.SLICED, Extent.IN_PROCESS):
        run = cells_to_run(sources, tried(ids), candidates, extent)
        assert not [ids[place] for place, source in run.items() if "await start" in source]


def test_a_changed_cell_is_always_run_and_what_it_reads():
    """Also one that starts a program; what it reads through the session itself cannot be told, so everything is run."""
    cells = {
        0: "from jwt_demo.server.processes import run",
        1: "said = await run('date')",
        2: "other = 1",
        3: "def f(): return said",
        4: "def g(): return globals()['said']",
    }
    assert set(cells_to_run(cells, {3}, [(5, "f")], Extent.SLICED)) == {0, 1, 3}
    assert set(cells_to_run(cells, {3}, [(5, "f")], Extent.IN_PROCESS)) == {0, 1, 2, 3, 4}
    assert set(cells_to_run(cells, {2}, [(5, "other")], Extent.IN_PROCESS)) == {0, 2, 4}
    assert cells_to_run(cells, {4}, [(5, "g")], Extent.IN_PROCESS) == cells
    assert cells_to_run(cells, set(), [], Extent.FULL) == cells


def test_of_a_cell_that_only_imports_what_is_needed_the_imports_are_run():
    """Whatever else stands in it takes its time elsewhere."""
    cells = {0: "import jwt, time\ntime.sleep(60)", 1: "def f(): return jwt.decode"}
    assert cells_to_run(cells, {1}, [(2, "f")], Extent.SLICED)[0] == "import jwt, time"
    cells[0] += "\njwt = None"
    assert cells_to_run(cells, {1}, [(2, "f")], Extent.SLICED) == cells
