"""The course for other graders gives the same outcomes: nbgrader and Otter themselves grade right, wrong and empty copies."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from jwt_demo.cli.check_command import check
from jwt_demo.cli.export_command import export
from jwt_demo.exercises.registry import exercises
from tests.exercises.answers import wrong_answers
from tests.support.services import missing


def run(*arguments):
    result = CliRunner().invoke(export, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_every_exercise_is_graded_in_nbgraders_form(tmp_path):
    """One locked cell with points for each, and every grade has an id of its own."""
    (tmp_path / "points.toml").write_text('"02-login" = 3\n')
    status, _, err = run("nbgrader", tmp_path / "course", "--points", tmp_path / "points.toml")
    assert (status, err) == (0, "")
    found = {}
    for path in (tmp_path / "course" / "source").rglob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            grade = cell["metadata"].get("nbgrader")
            if grade:
                assert grade["locked"]
                assert "assert result" in cell["source"]
                found[grade["grade_id"]] = grade["points"]
    assert found == {name: 3.0 if name == "02-login" else 1.0 for name in exercises()}


def test_every_exercise_has_a_test_for_otter(tmp_path):
    """With its points, and its name in the cell behind which it is judged."""
    (tmp_path / "points.toml").write_text('"02-login" = 3\n')
    status, _, err = run("otter", tmp_path / "course", "--points", tmp_path / "points.toml")
    assert (status, err) == (0, "")
    worth = {
        path.stem: float(re.search(r"^points = (.+)$", path.read_text("utf-8"), re.MULTILINE)[1])
        for path in (tmp_path / "course").glob("*/tests/*.py")
    }
    assert worth == {name: 3.0 if name == "02-login" else 1.0 for name in exercises()}
    named = [
        (path.parent.name, name)
        for path in (tmp_path / "course").glob("*/*.ipynb")
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        for name in cell["metadata"].get("otter", {}).get("tests", [])
    ]
    assert sorted(named) == [(exercises()[name].step, name) for name in sorted(exercises())]


def test_github_classroom_gets_a_template_with_a_workflow(tmp_path):
    """The notebooks as a working copy, and a job that judges the steps that were named."""
    status, _, _ = run("github-classroom", tmp_path / "template", "--step", "2")
    assert status == 0
    workflow = yaml.safe_load(
        (tmp_path / "template" / ".github" / "workflows" / "check.yml").read_text("utf-8")
    )
    commands = [step.get("run", "") for step in workflow["jobs"]["check"]["steps"]]
    assert "jwt-demo check notebooks --step 02 --junit report.xml" in commands
    assert (tmp_path / "template" / "notebooks" / "02_login.ipynb").is_file()


def test_what_cannot_be_exported_is_one_line(tmp_path):
    """An unknown grader, and a folder that contains something."""
    (tmp_path / "mine.txt").write_text("mine")
    for arguments in (("canvas", tmp_path / "new"), ("nbgrader", tmp_path)):
        status, out, err = run(*arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


OF_01 = [exercise for exercise in exercises().values() if exercise.step == "01"]
CLASS = {  # what each learner wrote in the cell of an exercise; None: nothing
    "right": lambda exercise: exercise.given + exercise.solution,
    "wrong": lambda exercise: wrong_answers(exercise.name)[0].source,
    "empty": lambda exercise: None,
    "broken": lambda exercise: f"def {exercise.function}(:",
}


def hand_in(released: Path, places: dict[str, Path]) -> None:
    """Write each learner's notebook, made of the one that was handed out, to their place."""
    for learner, place in places.items():
        notebook = json.loads(released.read_text("utf-8"))
        cells = {cell["id"]: cell for cell in notebook["cells"]}
        for exercise in OF_01:
            answer = CLASS[learner](exercise)
            if answer is not None:
                cells[f"01-try-{exercise.slug}"]["source"] = answer
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(notebook), "utf-8")


def checked(class_folder: Path) -> dict[str, dict[str, float]]:
    """A point for each exercise that `jwt-demo check` calls correct."""
    arguments = [str(class_folder), "--json", "--no-cache"]
    report = json.loads(CliRunner().invoke(check, arguments).stdout)
    return {
        row["learner"]: {
            name: float(result["outcome"] == "correct") for name, result in row["exercises"].items()
        }
        for row in report["learners"]
    }


@pytest.fixture
def grader(tmp_path):
    """`grader(name, …)` runs a grader that is installed beside this Python, in a folder; it has to succeed."""
    surroundings = {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }

    def call(folder, module, *arguments):
        if importlib.util.find_spec(module) is None:
            missing(f"REQUIRE_{module.upper()}", f"{module} is not installed")
        command = [sys.executable, "-m", module, *map(str, arguments)]
        ended = subprocess.run(
            command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr

    return call


def test_nbgrader_gives_the_grades_that_check_gives(tmp_path, grader):
    """A right answer gets its point; a wrong one, an empty one and a broken cell get none."""
    course = tmp_path / "course"
    assert run("nbgrader", course)[0] == 0
    grader(course, "nbgrader", "generate_assignment", "01", "--create")
    submitted = course / "submitted"
    places = {learner: submitted / learner / "01" / "01_setup.ipynb" for learner in CLASS}
    hand_in(course / "release" / "01" / "01_setup.ipynb", places)
    grader(course, "nbgrader", "autograde", "01", "--create")
    assert sum_of(grades := nbgraders(course)) == {"right": 3, "wrong": 0, "empty": 0, "broken": 0}
    assert grades == checked(course)


def test_otter_gives_the_grades_that_check_gives(tmp_path, grader):
    """The same class, judged one by one by an autograder made of the export."""
    course = tmp_path / "course"
    assert run("otter", course)[0] == 0
    grader(course / "01", "otter", "generate")
    places = {learner: tmp_path / "class" / learner / "01_setup.ipynb" for learner in CLASS}
    hand_in(course / "01" / "01_setup.ipynb", places)
    grades = {}
    for learner, place in places.items():
        grader(course / "01", "otter", "run", "--no-logo", "-o", place.parent, place)
        results = json.loads((place.parent / "results.json").read_text("utf-8"))
        grades[learner] = {
            test["name"]: test["score"] for test in results["tests"] if "score" in test
        }
    assert sum_of(grades) == {"right": 3, "wrong": 0, "empty": 0, "broken": 0}
    assert grades == checked(tmp_path / "class")


def sum_of(grades: dict[str, dict[str, float]]) -> dict[str, float]:
    return {learner: sum(points.values()) for learner, points in grades.items()}


def nbgraders(course: Path) -> dict[str, dict[str, float]]:
    """Each learner's points for each exercise, from nbgrader's own database."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            submission.student.id: {
                grade.name: grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in book.assignment_submissions("01")
        }
