"""The table of stages is the folder: each server of the course, where it stands and what it is."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from aiohttp import web

from jwt_demo import stages
from jwt_demo.stages import STAGES, Stage

FOLDER = Path(stages.__file__).parent


def test_every_module_here_is_in_the_table() -> None:
    """What is no server stands in parts/."""
    modules = {path.stem for path in FOLDER.glob("*.py")} | {
        path.parent.name for path in FOLDER.glob("*/__init__.py")
    }
    assert sorted(stage.name for stage in STAGES) == sorted(modules - {"__init__", "parts"})


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_a_stage_is_an_application_and_a_step(stage: Stage) -> None:
    """gunicorn finds `app`; the step has a notebook."""
    module = importlib.import_module(f"jwt_demo.stages.{stage.name}")
    assert isinstance(module.app, web.Application)
    assert list((FOLDER.parents[1] / "notebooks").glob(f"{stage.step:02}_*.ipynb"))


def test_they_stand_in_reading_order() -> None:
    """By step."""
    assert [stage.step for stage in STAGES] == sorted(stage.step for stage in STAGES)
