"""The course for nbgrader: the same notebooks and checks, as a course folder of its own form."""

from __future__ import annotations

from pathlib import Path

from .lessons import lessons

NBGRADER_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "jwt_demo"
c.ExecutePreprocessor.timeout = 120  # seconds for a cell; a check takes far less
c.ClearSolutions.enforce_metadata = False  # the exercises stand in cells that are the learner's own
"""


def export_nbgrader(folder: Path, points: dict[str, float]) -> list[Path]:
    """Write a course folder of nbgrader: `source/NN/NN_name.ipynb` for each step with exercises, and a configuration.

    An exercise is two cells: the learner's, and behind it a locked one that fails unless the check is correct. After
    `nbgrader generate_assignment NN` the release is the lesson with these locked cells.
    """
    written = []
    for lesson in lessons():
        for exercise, cell in lesson.checks:
            cell["source"] = (
                f'result = await check({exercise.function}, "{exercise.name}")\n'
                'assert result, f"{result.outcome}: {result.message}"'
            )
            cell["metadata"] = {
                "nbgrader": {
                    "cell_type": "code",
                    "grade": True,
                    "grade_id": exercise.name,
                    "locked": True,
                    "points": points.get(exercise.name, 1.0),
                    "schema_version": 3,
                    "solution": False,
                    "task": False,
                }
            }
        written.append(lesson.write(folder / "source" / lesson.step))
    (folder / "nbgrader_config.py").write_text(NBGRADER_CONFIG, "utf-8")
    return written
