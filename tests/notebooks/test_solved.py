"""The whole course solved: every solution put into its notebook, every notebook run, and progress stands at 100 %."""

from __future__ import annotations

import asyncio
import importlib
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from jwt_demo.exercises import registry
from jwt_demo.grading.kernel_ports import kernel_settings

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
progress = importlib.import_module("jwt_demo.exercises.progress")
STEPS = sorted({exercise.step for exercise in registry.exercises().values()})
FOUND = {step: next(NOTEBOOKS.glob(f"{step}_*.ipynb"), None) for step in STEPS}


def solved(path: Path):
    """A notebook in which each stub is replaced by its solution."""
    notebook = nbformat.read(path, as_version=4)
    by_cell = {
        f"{exercise.step}-try-{exercise.slug}": exercise
        for exercise in registry.exercises().values()
    }
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.id in by_cell:
            cell.source = by_cell[cell.id].solution.strip()
    return notebook


async def run(notebook, folder: Path):
    resources = {"metadata": {"path": str(folder)}}
    await NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources=resources, config=kernel_settings()
    ).async_execute()
    return notebook


@pytest.fixture(scope="module")
def working_copy(tmp_path_factory):
    """A working copy in which every notebook with exercises was solved and run, two at a time."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copytree(
        NOTEBOOKS, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
    )
    (folder / ".jwt_demo").mkdir()
    outcomes = {}

    async def all_of_them():
        turn = asyncio.Semaphore(2)

        async def one(path):
            async with turn:
                try:
                    outcomes[path.name] = await run(solved(path), folder)
                except Exception as error:
                    outcomes[path.name] = error

        await asyncio.gather(*(one(path) for path in FOUND.values() if path))

    asyncio.run(all_of_them())
    return folder, outcomes


@pytest.mark.parametrize("step", STEPS)
def test_a_solved_notebook_runs_from_top_to_bottom(working_copy, step):
    """With its solutions in place each check in it is correct, and no cell fails that should not."""
    _, outcomes = working_copy
    if FOUND[step] is None:
        pytest.skip(f"step {step} has no notebook yet")
    notebook = outcomes[FOUND[step].name]
    assert not isinstance(notebook, Exception), re.sub(r"\x1b\[[0-9;]*m", "", str(notebook))[-3000:]
    shown = {
        cell.id: "".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs)
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    for exercise in registry.exercises().values():
        if exercise.step == step:
            assert "✓ correct" in shown[f"{step}-check-{exercise.slug}"], shown[
                f"{step}-check-{exercise.slug}"
            ]


def test_progress_stands_at_100_percent(working_copy, monkeypatch):
    """Of all exercises that have a notebook."""
    folder, _ = working_copy
    monkeypatch.chdir(folder)
    monkeypatch.setattr(progress, "_in_this_kernel", {})
    there = {name for name, exercise in registry.exercises().items() if FOUND[exercise.step]}
    found = progress.progress()
    assert {name for name, state in found.exercises.items() if state == "solved"} == there
    if len(there) == len(registry.exercises()):
        assert f"{len(there)} of {len(there)} exercises solved" in repr(found)
        assert "░" not in repr(found)
