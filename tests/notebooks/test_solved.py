"""The whole course solved: every solution put into its notebook, every notebook run, and progress stands at 100 %."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from jwt_demo.exercises import registry
from jwt_demo.exercises.gateways import missing
from jwt_demo.grading.task import CAN_FORK
from rerun import NOTEBOOKS
from tests.support.forked_notebooks import cells_run

progress = importlib.import_module("jwt_demo.exercises.progress")
STEPS = sorted({exercise.step for exercise in registry.exercises().values()})
FOUND = {step: next(NOTEBOOKS.glob(f"{step}_*.ipynb")) for step in STEPS}

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="processes cannot be forked here")


def solved(path: Path, folder: Path) -> Path:
    """A notebook in which each stub is replaced by its solution."""
    notebook = json.loads(path.read_text("utf-8"))
    by_cell = {f"{one.step}-try-{one.slug}": one for one in registry.exercises().values()}
    for cell in notebook["cells"]:
        if cell["id"] in by_cell:
            cell["source"] = by_cell[cell["id"]].solution.strip()
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    (folder / path.name).write_text(json.dumps(notebook), "utf-8")
    return folder / path.name


@pytest.fixture(scope="module")
def working_copy(tmp_path_factory):
    """A working copy in which every notebook with exercises was solved and run: the folder, and by step its cells."""
    folder = tmp_path_factory.mktemp("course")
    (folder / ".jwt_demo").mkdir()
    paths = {solved(path, folder): step for step, path in FOUND.items()}
    return folder, {paths[path]: cells for path, cells in cells_run(list(paths)).items()}


@pytest.mark.parametrize("step", STEPS)
def test_a_solved_notebook_runs_from_top_to_bottom(working_copy, step):
    """With its solutions in place each check in it is correct, and no cell fails that should not."""
    _, cells = working_copy
    exercises = [one for one in registry.exercises().values() if one.step == step]
    if any(missing(exercise.needs) for exercise in exercises):
        pytest.skip("an exercise needs a framework that is not installed")
    may_fail = {
        cell["id"]
        for cell in json.loads(FOUND[step].read_text("utf-8"))["cells"]
        if "raises-exception" in cell["metadata"].get("tags", [])
    }
    failed = {cell["id"]: cell["error"] for cell in cells[step] if cell["error"]}
    assert {name: error for name, error in failed.items() if name not in may_fail} == {}
    shown = {cell["id"]: cell["shown"] for cell in cells[step]}
    for exercise in exercises:
        assert "✓ correct" in shown[f"{step}-check-{exercise.slug}"]


def test_progress_stands_at_100_percent(working_copy, monkeypatch):
    """Of all exercises."""
    folder, _ = working_copy
    monkeypatch.chdir(folder)
    monkeypatch.setattr(progress, "_in_this_kernel", {})
    found = progress.progress()
    there = {one.name for one in registry.exercises().values() if not missing(one.needs)}
    assert {name for name, state in found.exercises.items() if state == "solved"} == there
    if there == set(registry.exercises()):
        assert f"{len(there)} of {len(there)} exercises solved" in repr(found)
        assert "░" not in repr(found)
