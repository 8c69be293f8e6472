"""`jwt-demo check`: many copies, hostile ones among them, each judged by the judge's own checks in a process of its own."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import psutil
import pytest
from click.testing import CliRunner

from jwt_demo.cli.check_command import check
from jwt_demo.escaping import clean
from jwt_demo.exercises import registry
from jwt_demo.grading.gradebook import harmless
from jwt_demo.grading.handed_in import Notebook
from jwt_demo.grading.in_forks import ENDED_THE_JUDGE
from jwt_demo.grading.notebook import LONGEST_SOURCE, checked_in, checks_of
from jwt_demo.grading.room import Room, copied
from jwt_demo.grading.verdict import Verdict
from tests.exercises.answers import wrong_answers

LOOKUP = registry.exercises()["01-lookup"]
NAP = f"import time; time.sleep(600.{os.getpid()})"  # known from the naps of other runs on this machine
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
    "wrong": [wrong_answers(LOOKUP.name)[0].source],
    "dies": ["import os; os._exit(3)"],
    "eats": ["hog = bytearray(64 << 30)", LOOKUP.solution],
    "prints and prints": [
        "line = 'x' * (10 << 20)\nfor _ in range(100):\n    print(line)",
        LOOKUP.solution,
    ],
    "raises": ["raise RuntimeError", "1 +", LOOKUP.solution],
    "asks": ["input('name? ')", LOOKUP.solution],
    "leaves": [
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', '{NAP}'], start_new_session=True)",
        LOOKUP.solution,
    ],
    "lies": [
        "def check(*args, **kwargs):\n    return True\nfrom jwt_demo import exercises\nexercises.check = check",
        wrong_answers(LOOKUP.name)[0].source,
    ],
    "=cmd|'/c calc'!A1": [LOOKUP.solution],
    "speaks with the judge's mark": [
        'import os\nfor number in range(3, 40):\n    try:\n        os.write(number, b\'5\\n{"result": 5}\\n{"exercise": []}\\n\')\n    except OSError:\n        pass',
        LOOKUP.solution,
    ],
    "writes without end": [
        "import os\ntry:\n    while True:\n        open(os.urandom(4).hex(), 'wb').write(bytes(90 << 20))\nexcept OSError:\n    pass",
        LOOKUP.solution,
    ],
    "hides what it leaves": [
        f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', '{NAP}'], start_new_session=True, env={{}})",
        LOOKUP.solution,
    ],
    "with 300 children": [
        "import subprocess\nfor _ in range(300):\n    subprocess.Popen(['sleep', '600'])",
        LOOKUP.solution,
    ],
    "kills the judge": ["import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"],
    "stops the judge": ["import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)"],
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
    "writes without end": "not run",
    "kills the judge": "not run",
    "stops the judge": "not run",
}
IN_A_KERNEL = ("right", "dies", "lies")


@pytest.fixture(scope="module")
def class_room(tmp_path_factory):
    """A class in which most are up to something, judged once: status, JSON, JUnit."""
    folder = tmp_path_factory.mktemp("class")
    for name, cells in HOSTILE.items():
        notebook(folder / name.replace("/", "_"), *cells)
    (folder / "broken").mkdir()
    (folder / "broken" / "01_setup.ipynb").write_text("{ not a notebook")
    notebook(folder / "shadows", LOOKUP.solution)
    for name in ("copy.py", "json.py", "asyncio.py", "__init__.py"):
        (folder / "shadows" / name).write_text("raise SystemExit('not the one of Python')")
    os.truncate(notebook(folder / "long"), 33 << 20)  # bytes
    for path in (folder / "huge" / "01_setup.ipynb", folder / "huge alone 01_setup.ipynb"):
        os.truncate(
            notebook(path.parent, name=path.name), 1 << 40
        )  # bytes, none of them on the disk
    os.mkfifo(folder / "pipe")
    junit = folder / "report.xml"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("rooms")))
        status, out, err = run(folder, "--json", "--junit", junit, "--no-cache", "--seconds", "25")
        rooms = tempfile.gettempdir()
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
        "rooms": rooms,
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


def in_kernels(folder):
    """A class that is judged in kernels: rows by learner."""
    _, out, _ = run(folder, "--json", "--kernels", "--no-cache")
    return {row["learner"]: row for row in json.loads(out)["learners"]}


@pytest.fixture(scope="module")
def kernel_room(tmp_path_factory):
    """Two of whom one writes to the other, and one whose file hides PyJWT, in kernels."""
    folder = tmp_path_factory.mktemp("kernels")
    notebook(folder / "hides PyJWT", LOOKUP.solution)
    (folder / "hides PyJWT" / "jwt.py").write_text("")
    meet(folder, tmp_path_factory.mktemp("meeting"))
    return in_kernels(folder)


@pytest.mark.thorough
@pytest.mark.parametrize("name", IN_A_KERNEL)
def test_a_kernel_for_each_notebook_gives_the_same(tmp_path, name):
    """The way where processes cannot be forked."""
    notebook(tmp_path / name, *HOSTILE[name])
    found = in_kernels(tmp_path)[name]
    assert found["how"] == {"01_setup.ipynb": "kernel"}
    assert found["exercises"]["01-lookup"]["outcome"] == EXPECTED[name], found


def test_a_file_that_hides_pyjwt_is_named(kernel_room):
    """`jwt.py` beside the notebook is imported in place of PyJWT; the row says so, not only that nothing ran."""
    problem = kernel_room["hides PyJWT"]["problems"]["01_setup.ipynb"]
    assert "jwt.py, which Python imports in place of the module" in problem


LIES = [
    {"result": {"exercise": "01-lookup", "outcome": "incorrect", "message": "from another"}},
    {"problem": "from another"},
]
WAITS = """
import os, pathlib, time
place = pathlib.Path({place!r})
(place / "new").write_text(f"{{os.getpid()}} {{os.getppid()}}")
(place / "new").rename(place / "here")
until = time.monotonic() + 20
while not (place / "tried").exists() and time.monotonic() < until:
    time.sleep(0.02)
"""
WRITES_TO_OTHERS = """
import os, pathlib, time
place, tried = pathlib.Path({place!r}), []
until = time.monotonic() + 20
while not (place / "here").exists() and time.monotonic() < until:
    time.sleep(0.02)
for pid in (place / "here").read_text().split():
    try:
        for file in pathlib.Path(f"/proc/{{pid}}/fd").iterdir():
            if "pipe:" in os.readlink(file):
                tried.append(str(file))
                file.write_text({lies!r})
    except OSError as error:
        tried.append(repr(error))
(place / "tried").write_text(repr(tried))
"""


def meet(folder: Path, place: Path) -> None:
    """A learner who waits for another after their exercise is judged, and one who writes into every pipe of that learner's processes."""
    lies = "".join(json.dumps(line) + "\n" for line in LIES)
    notebook(folder / "writes to others", WRITES_TO_OTHERS.format(place=str(place), lies=lies))
    waits = WAITS.format(place=str(place))
    notebook(folder / "written to", _01_try_lookup=LOOKUP.solution, waits=waits)


@pytest.mark.parametrize("way", ["forks", "kernels"])
def test_no_learner_writes_into_the_results_of_another(tmp_path, request, way):
    """Also where the judge is run as root: what runs a notebook gives the rights of root up."""
    if way == "kernels":
        found = request.getfixturevalue("kernel_room")["written to"]
    else:
        (tmp_path / "place").mkdir()
        meet(tmp_path / "class", tmp_path / "place")
        _, out, _ = run(tmp_path / "class", "--json", "--no-cache")
        found = json.loads(out)["learners"][1]
        assert (tmp_path / "place" / "tried").exists()
    assert found["learner"] == "written to"
    assert found["problems"] == {}
    assert found["exercises"]["01-lookup"]["outcome"] == "correct"


def test_modules_of_a_learner_are_none_of_the_judges(class_room):
    """A file that is named like one of Python's own reaches the learner's notebook at most."""
    assert row(class_room, "shadows")["exercises"]["01-lookup"]["outcome"] == "correct"


def test_what_is_no_folder_has_a_row_too(class_room):
    """A pipe that was handed in."""
    assert row(class_room, "pipe")["problems"] == {"pipe": "not a plain file"}


def test_a_file_that_is_no_notebook_is_a_row_that_says_so(class_room):
    """The others still run."""
    found = row(class_room, "broken")
    assert found["problems"] == {"01_setup.ipynb": "not a notebook that can be read"}
    assert {result["outcome"] for result in found["exercises"].values()} == {"not run"}


def test_a_row_says_how_its_notebook_ended(class_room):
    """Its process is gone, and how many bytes it may hold."""
    assert "ended before it was done" in row(class_room, "dies")["problems"]["01_setup.ipynb"]
    assert "MiB" in row(class_room, "writes without end")["problems"]["01_setup.ipynb"]
    for name in ("kills the judge", "stops the judge"):
        assert row(class_room, name)["problems"] == {"01_setup.ipynb": ENDED_THE_JUDGE}


def test_what_is_too_large_is_not_read(class_room):
    """A long notebook is not parsed; a terabyte, in a folder and as a file among others, is not copied."""
    (problem,) = row(class_room, "long")["problems"].values()
    assert problem == "larger than 32 MiB"
    (problem,) = row(class_room, "huge")["problems"].values()
    assert problem == "the folder contains more than 200 MiB"
    (problem,) = row(class_room, "huge alone")["problems"].values()
    assert problem == "the file is larger than 200 MiB"


NO_ANSWERS = [
    b"5\n", b"null\n", b'{"result": 5}\n', b'{"exercise": []}\n', b'{"result": {"exercise": []}}\n', b'{"problem": 5}\n',
    b'{"result": {"exercise": "01-lookup", "outcome": ["correct"]}}\n', b'{"result": {"exercise": "02-login", "outcome": "correct"}}\n',
    b'{"result": {"exercise": "01-lookup", "outcome": "correct", "sent": 5}}\n', b"[" * 100_000, b"\xff\xfe\n", b'{"done": 1}\n',
]  # fmt: skip


@pytest.mark.parametrize("octets", NO_ANSWERS, ids=lambda octets: octets[:40])
def test_a_line_that_fits_no_result_is_left_out(octets):
    """Other types, another step, a depth that no parser takes: nothing is raised, nothing is believed."""
    verdict = Verdict("01")
    verdict.read(octets)
    assert (verdict.results, verdict.problem, verdict.done) == ({}, "", False)


def test_a_notebook_that_does_not_end_is_stopped(tmp_path, monkeypatch):
    """Also one that an interrupt does not stop; what it started ends with it."""
    endless = "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"
    path = notebook(tmp_path / "ada", endless, LOOKUP.solution)
    (tmp_path / "rooms").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "rooms"))
    status, out, _ = run(path, "--json", "--seconds", "2", "--no-cache")
    (found,) = json.loads(out)["learners"]
    assert status == 1
    assert found["problems"] == {"01_setup.ipynb": "stopped after 2 s"}
    assert found["exercises"]["01-lookup"]["outcome"] == "not run"
    assert left_running(str(tmp_path / "rooms")) == []


def test_an_incorrect_row_carries_the_case(class_room):
    """A teacher sees what the learner would see."""
    result = row(class_room, "wrong")["exercises"]["01-lookup"]
    assert result["sent"].startswith("lookup(users, ")
    assert wrong_answers(LOOKUP.name)[0].says in result["message"]


def test_the_learners_files_are_left_as_they_are(class_room):
    """They are run in a copy."""
    assert class_room["untouched"]
    assert class_room["status"] == 1


def test_nothing_is_left_running(class_room):
    """Also what a notebook started in a session of its own is ended, with or without our mark; no room is left."""
    assert left_running(class_room["rooms"]) == []
    assert os.listdir(class_room["rooms"]) == []


def left_running(rooms):
    """The commands of processes that were started in a room, or that nap."""
    left = []
    for process in psutil.process_iter():
        try:
            places = (process.environ().get("HOME", ""), process.cwd())
            if any(place.startswith(rooms) for place in places) or NAP in process.cmdline():
                left.append(process.cmdline())
        except psutil.Error:
            continue
    return left


def test_junit_counts_what_ci_has_to_know(class_room):
    """Incorrect is a failure, what raised or did not run an error, what was not attempted is skipped."""
    suites = {suite.get("name"): suite for suite in class_room["junit"].getroot()}
    assert suites["wrong"].get("failures") == "1"
    assert suites["wrong"].get("skipped") == str(len(ALL_OF_01) - 1)
    assert suites["dies"].get("errors") == str(len(ALL_OF_01))
    assert suites["right"].get("failures") == "0"


def test_a_table_for_people_and_csv_for_spreadsheets(tmp_path, monkeypatch):
    """The same outcomes in words; a name that looks like a formula is none in a spreadsheet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    notebook(tmp_path / "class" / "=1+1", LOOKUP.solution)
    status, out, _ = run(tmp_path / "class", "--csv")
    (line,) = csv.DictReader(io.StringIO(out))
    assert line["learner"] == "'=1+1"
    assert line["01-lookup"] == "correct"
    assert line["correct"] == "1"
    assert status == 1
    _, out, _ = run(tmp_path / "class" / "=1+1")
    assert "=1+1" in out
    assert "✓" in out
    assert f"1 of {len(ALL_OF_01)}" in out


def test_all_correct_ends_with_0(tmp_path):
    """Only then."""
    exercises = [registry.exercises()[name] for name in sorted(ALL_OF_01)]
    path = notebook(
        tmp_path / "ada", *(exercise.given + exercise.solution for exercise in exercises)
    )
    status, out, err = run(path, "--no-cache")
    assert status == 0, out
    assert err == ""


@pytest.mark.parametrize("arguments", [["nowhere"], ["."], []])
def test_nothing_to_judge_is_one_line_and_2(tmp_path, monkeypatch, arguments):
    """What was looked for, and where; no traceback."""
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*arguments, "--no-cache")
    assert status == 2
    assert "Traceback" not in out + err


def test_the_judges_check_stands_behind_the_learners():
    """Behind their check, else behind the cell of the exercise, else at the end; never before."""
    cells = [
        nbformat.v4.new_code_cell("a = 1"),
        nbformat.v4.new_code_cell(LOOKUP.stub, id="01-try-lookup"),
        nbformat.v4.new_code_cell("await check(json_response)"),
    ]
    places = {
        exercise: place
        for place, _, exercise in checks_of(nbformat.v4.new_notebook(cells=cells), "01")
    }
    assert places == {"01-lookup": 2, "01-json-response": 3, "01-add-route": 3}


def test_a_cell_that_is_too_long_is_not_parsed_by_the_judge():
    """A line of 30 MB takes gigabytes to parse; it is left to the learner's own process and its limit."""
    assert checked_in("check(lookup)") == [("lookup", "01-lookup")]
    assert checked_in("check(lookup)" + " " * LONGEST_SOURCE) == []


def test_a_learners_code_sees_no_secrets_of_ours(tmp_path, monkeypatch):
    """Of our environment it gets where programs are, and a home that is deleted afterwards."""
    monkeypatch.setenv("API_TOKEN", "for the judge only")
    room = Room(Notebook(notebook(tmp_path / "ada"), "01"), tmp_path)
    assert "API_TOKEN" not in room.environment()
    assert room.environment()["HOME"] == str(room.path)
    room.close()
    assert not room.path.exists()


def test_symbolic_links_are_not_followed(tmp_path):
    """A link to a file of the judge's does not bring it into the copy."""
    secret = tmp_path / "secret.txt"
    secret.write_text("for the judge only")
    path = notebook(tmp_path / "copy")
    os.symlink(secret, path.parent / "link.txt")
    assert copied(Notebook(path, "01"), tmp_path / "room") == ""
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
    of_pip = {"--wheel-dir", "--no-index", "--find-links", "--proxy"}
    assert named - of_docker - of_pip <= options
    assert {"--step", "--csv", "--json", "--junit", "--at-once", "--seconds", "--memory"} <= named
