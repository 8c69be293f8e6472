"""`jwt-demo check`: many copies, hostile ones among them, each judged by the judge's own checks in a process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import psutil
import pytest
from click.testing import CliRunner

from jwt_demo.exercises import registry
from jwt_demo.grading import batch as judging_copies
from jwt_demo.grading.batch import NothingToJudge, environment, learners_in
from jwt_demo.grading.notebook import checks_of
from jwt_demo.grading.report import check, clean, harmless

LOOKUP = registry.exercises()["01-lookup"]
ALL_OF_01 = {name for name in registry.exercises() if name.startswith("01")}


def notebook(folder: Path, *cells, name="01_setup.ipynb", **ids):
    """A notebook with these code cells; an argument `id=source` has that id, with `_` for `-`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells]
    )
    written.cells += [
        nbformat.v4.new_code_cell(source, id=name.replace("_", "-").strip("-"))
        for name, source in ids.items()
    ]
    path = folder / name
    nbformat.write(written, path)
    return path


def run(*arguments):
    """The command's status, standard output and standard error."""
    result = CliRunner().invoke(check, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


HOSTILE = {
    "right": [LOOKUP.solution],
    "wrong": [LOOKUP.wrong[0].source],
    "dies": ["import os; os._exit(3)"],
    "eats": ["hog = bytearray(64 << 30)", LOOKUP.solution],
    "shouts": ["for _ in range(3000):\n    print('x' * 10_000)", LOOKUP.solution],
    "raises": ["raise RuntimeError", "1 +", LOOKUP.solution],
    "asks": ["input('name? ')", LOOKUP.solution],
    "leaves": [
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)",
        LOOKUP.solution,
    ],
    "lies": [
        "def check(*args, **kwargs):\n    return True\nfrom jwt_demo import exercises\nexercises.check = check",
        LOOKUP.wrong[0].source,
    ],
    "=cmd|'/c calc'!A1": [LOOKUP.solution],
    "own name": [
        "from jwt_demo import check\n" + LOOKUP.solution.replace("lookup", "mine"),
        "await check(mine, exercise='01-lookup')",
    ],
    "later redefined": [
        LOOKUP.solution,
        "from jwt_demo import check\nawait check(lookup)",
        "lookup = None",
    ],
}
EXPECTED = dict.fromkeys(HOSTILE, "correct") | {
    "wrong": "incorrect",
    "dies": "not run",
    "lies": "incorrect",
}


@pytest.fixture(scope="module")
def class_room(tmp_path_factory):
    """A class in which most are up to something, judged once: status, JSON, JUnit."""
    folder = tmp_path_factory.mktemp("class")
    for name, cells in HOSTILE.items():
        notebook(folder / name.replace("/", "_"), *cells)
    (folder / "broken").mkdir()
    (folder / "broken" / "01_setup.ipynb").write_text("{ not a notebook")
    junit = folder / "report.xml"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    status, out, err = run(folder, "--json", "--junit", junit, "--at-once", "2")
    after = {
        path: path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file() and path != junit
    }
    return {
        "status": status,
        "report": json.loads(out),
        "junit": ElementTree.parse(junit),
        "untouched": before == after,
        "err": err,
    }


def row(class_room, name):
    return next(
        row for row in class_room["report"]["learners"] if row["learner"] == name.replace("/", "_")
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_each_row_is_judged_for_itself(class_room, name):
    """Whatever the others do, and whatever this one does to its own kernel."""
    found = row(class_room, name)
    assert set(found["exercises"]) == ALL_OF_01
    assert found["exercises"]["01-lookup"]["outcome"] == EXPECTED[name], found


def test_a_file_that_is_no_notebook_is_a_row_that_says_so(class_room):
    """The others still run."""
    found = row(class_room, "broken")
    assert found["problems"] == {"01_setup.ipynb": "not a notebook that can be read"}
    assert {result["outcome"] for result in found["exercises"].values()} == {"not run"}


def test_a_row_says_how_its_notebook_ended(class_room):
    """In which cell the kernel died."""
    assert "the kernel ended in cell" in row(class_room, "dies")["problems"]["01_setup.ipynb"]


def test_a_notebook_that_does_not_end_is_stopped(tmp_path):
    """Also one that an interrupt does not stop; what it started ends with it."""
    endless = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
    path = notebook(tmp_path / "ada", endless, LOOKUP.solution)
    status, out, _ = run(path, "--json", "--seconds", "6")
    (found,) = json.loads(out)["learners"]
    assert status == 1
    assert found["problems"] == {"01_setup.ipynb": "stopped after 6 s"}
    assert found["exercises"]["01-lookup"]["outcome"] == "not run"
    test_nothing_is_left_running(None)


def test_an_incorrect_row_carries_the_case(class_room):
    """A teacher sees what the learner would see."""
    result = row(class_room, "wrong")["exercises"]["01-lookup"]
    assert result["sent"].startswith("lookup(users, id=")
    assert "Compare every value" in result["message"]


def test_the_learners_files_are_left_as_they_are(class_room):
    """They are run in a copy."""
    assert class_room["untouched"]
    assert class_room["status"] == 1


def test_nothing_is_left_running(class_room):
    """Also what a notebook started in a session of its own is ended."""
    left = []
    for process in psutil.process_iter():
        try:
            if judging_copies.RUN in process.environ():
                left.append(process.cmdline())
        except psutil.Error:
            continue
    assert left == []


def test_junit_counts_what_ci_has_to_know(class_room):
    """Incorrect is a failure, what raised or did not run an error, what was not attempted is skipped."""
    suites = {suite.get("name"): suite for suite in class_room["junit"].getroot()}
    assert suites["wrong"].get("failures") == "1"
    assert suites["wrong"].get("skipped") == str(len(ALL_OF_01) - 1)
    assert suites["dies"].get("errors") == str(len(ALL_OF_01))
    assert suites["right"].get("failures") == "0"


def test_a_table_for_people_and_csv_for_spreadsheets(tmp_path):
    """The same outcomes in words; a name that looks like a formula is none in a spreadsheet."""
    notebook(tmp_path / "=1+1", LOOKUP.solution)
    status, out, _ = run(tmp_path, "--csv")
    (line,) = csv.DictReader(io.StringIO(out))
    assert line["learner"] == "'=1+1"
    assert line["01-lookup"] == "correct"
    assert line["correct"] == "1"
    assert status == 1
    _, out, _ = run(tmp_path / "=1+1")
    assert "=1+1" in out
    assert "✓" in out
    assert f"1 of {len(ALL_OF_01)}" in out


def test_all_correct_ends_with_0(tmp_path):
    """Only then."""
    exercises = [registry.exercises()[name] for name in sorted(ALL_OF_01)]
    path = notebook(
        tmp_path / "ada", *(exercise.given + exercise.solution for exercise in exercises)
    )
    status, out, err = run(path)
    assert status == 0, out
    assert err == ""


@pytest.mark.parametrize("arguments", [["nowhere"], ["."], []])
def test_nothing_to_judge_is_one_line_and_2(tmp_path, monkeypatch, arguments):
    """What was looked for, and where; no traceback."""
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*arguments)
    assert status == 2
    assert "Traceback" not in out + err


def test_copies_are_found_as_they_are_collected(tmp_path):
    """A notebook, a copy, a folder of copies; a renamed notebook counts, one laid beside does not."""
    notebook(tmp_path / "ada")
    notebook(tmp_path / "bob", name="01_setup (1).ipynb")
    notebook(tmp_path / "eve", name="01_setup.new-2.0.ipynb")
    notebook(tmp_path / "eve", name="02_login.ipynb")
    (tmp_path / "empty").mkdir()
    found = {
        learner.name: [path.name for path in learner.notebooks]
        for learner in learners_in([tmp_path])
    }
    assert found == {
        "ada": ["01_setup.ipynb"],
        "bob": ["01_setup (1).ipynb"],
        "eve": ["02_login.ipynb"],
    }
    assert [learner.name for learner in learners_in([tmp_path / "ada" / "01_setup.ipynb"])] == [
        "ada"
    ]
    assert [learner.name for learner in learners_in([tmp_path], ("02",))] == ["eve"]
    with pytest.raises(NothingToJudge):
        learners_in([tmp_path / "empty"])


def test_learners_of_one_name_are_told_apart(tmp_path):
    """Two classes, and an Ada in each."""
    notebook(tmp_path / "monday" / "ada")
    notebook(tmp_path / "friday" / "ada")
    names = [learner.name for learner in learners_in([tmp_path / "monday", tmp_path / "friday"])]
    assert names == [str(Path("monday/ada")), str(Path("friday/ada"))]


def test_the_judges_check_stands_behind_the_learners():
    """Behind their check, else behind the cell of the exercise, else at the end; never before."""
    cells = [
        nbformat.v4.new_code_cell("a = 1"),
        nbformat.v4.new_code_cell(LOOKUP.stub, id="01-try-lookup"),
        nbformat.v4.new_code_cell("await check(json_response)"),
    ]
    places = {
        exercise: place
        for place, _, exercise in checks_of(nbformat.v4.new_notebook(cells=cells), "01_setup.ipynb")
    }
    assert places == {"01-lookup": 2, "01-json-response": 3, "01-add-route": 3}


def test_a_learners_code_sees_no_secrets_of_ours(tmp_path, monkeypatch):
    """Of our environment it gets where programs are, and a home that is deleted afterwards."""
    monkeypatch.setenv("API_TOKEN", "for the judge only")
    assert "API_TOKEN" not in environment(tmp_path, "mark")
    assert environment(tmp_path, "mark")["HOME"] == str(tmp_path)


def test_symbolic_links_are_not_followed(tmp_path):
    """A link to a file of the judge's does not bring it into the copy."""
    secret = tmp_path / "secret.txt"
    secret.write_text("for the judge only")
    source = tmp_path / "copy"
    notebook(source)
    os.symlink(secret, source / "link.txt")
    assert judging_copies.copy_of(source, tmp_path / "room") == ""
    assert sorted(path.name for path in (tmp_path / "room").iterdir()) == ["01_setup.ipynb"]


def test_names_from_strangers_do_nothing_to_a_terminal():
    """Control characters are left out."""
    assert clean("\x1b]0;pwned\x07ada\u202e") == "]0;pwnedada"
    assert harmless("+1") == "'+1"
    assert sys.version_info >= (3, 10)


def test_the_teachers_page_names_options_that_exist():
    """What docs/teaching.md tells a teacher to type is understood."""
    page = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text("utf-8")
    options = {option for parameter in check.params for option in parameter.opts}
    named = set(re.findall(r"--[a-z][a-z-]*", page))
    of_docker = {"--rm", "--network", "--memory", "--pids-limit"}
    assert named - of_docker <= options
    assert {"--step", "--csv", "--json", "--junit", "--at-once", "--seconds", "--memory"} <= named
