"""The course for Otter-Grader: the same notebooks, and a test file for each exercise."""

from __future__ import annotations

from pathlib import Path

from .. import __version__
from .lessons import lessons

TEST = """\
from otter.test_files import test_case

from jwt_demo.exercises.api import outcome_now

OK_FORMAT = False
name = {name!r}
points = {points!r}


@test_case(points={points!r})
def test_exercise(env):
    result = outcome_now(env.get({function!r}), {name!r})
    assert result, f"{{result.outcome}}: {{result.message}}"
"""


def export_otter(folder: Path, points: dict[str, float]) -> list[Path]:
    """Write `NN/NN_name.ipynb`, `NN/tests/NN-exercise.py` and `NN/requirements.txt` for each step with exercises.

    `otter generate` makes an autograder of such a folder. In the notebook the check cell of an exercise names its test,
    so that Otter judges there and not at the end.
    """
    written = []
    for lesson in lessons():
        place = folder / lesson.step
        (place / "tests").mkdir(parents=True)
        for exercise, cell in lesson.checks:
            cell["metadata"] = {"otter": {"tests": [exercise.name]}}
            test = TEST.format(
                name=exercise.name,
                function=exercise.function,
                points=points.get(exercise.name, 1.0),
            )
            (place / "tests" / f"{exercise.name}.py").write_text(test, "utf-8")
        (place / "requirements.txt").write_text(f"jwt_demo[all]=={__version__}\n", "utf-8")
        written.append(lesson.write(place))
    return written
