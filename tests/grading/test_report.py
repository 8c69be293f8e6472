"""Results a teacher uses: nobody's grade is a guess, shards add up, platforms can import, a killed run goes on."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import psutil
import pytest

from jwt_demo.exercises import registry
from jwt_demo.grading.gradebook import in_gradebook
from jwt_demo.grading.junit import in_junit
from jwt_demo.grading.pages import write_pages
from tests.exercises.answers import wrong_answers
from tests.grading.test_batch import ALL_OF_01, LOOKUP, notebook, run
from tests.support.signals import started_for_ctrl_c

TO_ALL = [
    exercise.given + exercise.solution
    for name, exercise in sorted(registry.exercises().items())
    if name in ALL_OF_01
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada is right, Bob is wrong in one, Eve handed in another step only, Kim nothing."""
    folder = tmp_path_factory.mktemp("class")
    notebook(folder / "Ada_11_assignsubmission_file_", *TO_ALL)
    notebook(folder / "bob", wrong_answers(LOOKUP.name)[0].source)
    notebook(folder / "eve", name="02_login.ipynb")
    (folder / "kim").mkdir()
    return folder


@pytest.fixture(scope="module", autouse=True)
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache for this file: what one test has judged another need not judge again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def whole(room: Path) -> dict:
    status, out, _ = run(room, "--json")
    assert status == 1
    return json.loads(out)


def test_what_was_not_handed_in_counts(whole):
    """Everybody is measured by the same exercises; a notebook that is missing does not raise a score."""
    rows = {row["learner"]: row for row in whole["learners"]}
    assert len({row["of"] for row in rows.values()}) == 1
    outcomes = {
        name: {result["outcome"] for result in row["exercises"].values()}
        for name, row in rows.items()
    }
    assert outcomes["kim"] == {"not handed in"}
    assert rows["Ada"]["correct"] == len(ALL_OF_01)
    assert rows["Ada"]["correct"] < rows["Ada"]["of"]
    assert rows["kim"]["problems"] == {"kim": "no notebook in it"}


def test_shards_add_up_to_the_whole(room, whole, tmp_path):
    """Three machines with a third of the class each, put together: the same report."""
    for part in (1, 2, 3):
        _, out, _ = run(room, "--json", "--shard", f"{part}/3", "--step", "01", "--step", "02")
        (tmp_path / f"{part}.json").write_text(out)
    parts = [argument for part in (3, 1, 2) for argument in ("--merge", tmp_path / f"{part}.json")]
    status, out, _ = run(*parts, "--json")
    assert status == 1
    assert without_ways(json.loads(out)) == without_ways(whole)
    status, _, err = run(*parts, *parts[:2], "--json")
    assert status == 2
    assert "same learner" in err


def without_ways(report):
    return {**report, "learners": [{**row, "how": {}} for row in report["learners"]]}


@pytest.mark.parametrize("shard", ["0/3", "4/3", "x", "1/"])
def test_a_shard_that_is_none_is_one_line(room, shard):
    """With the form that is wanted."""
    status, _, err = run(room, "--shard", shard)
    assert status == 2
    assert "K/N" in err


def test_points_of_a_teachers_own(room, whole, tmp_path):
    """Each exercise is worth one, unless a file says otherwise; a name that no exercise has is an error."""
    (tmp_path / "points.toml").write_text('"01-lookup" = 5\n')
    _, out, _ = run(room, "--json", "--points", tmp_path / "points.toml", "--step", "01")
    ada = json.loads(out)["learners"][0]
    assert ada["points"] == ada["points_of"] == len(ALL_OF_01) + 4
    (tmp_path / "points.toml").write_text('"01-lockup" = 5\n')
    status, _, err = run(room, "--points", tmp_path / "points.toml")
    assert (status, "01-lockup" in err) == (2, True)


def test_platforms_get_the_columns_that_they_import(whole):
    """Moodle knows participants by number, Canvas by id; what was not judged has no grade."""
    moodle = list(
        csv.DictReader(io.StringIO(in_gradebook(whole, "moodle", {"bob": "bob@school.example"})))
    )
    assert [(line["Identifier"], line["Grade"]) for line in moodle[:2]] == [
        ("Participant 11", str(len(ALL_OF_01))),
        ("bob@school.example", "0"),
    ]
    canvas = list(csv.reader(io.StringIO(in_gradebook(whole, "canvas", {}))))
    assert canvas[0][:2] == ["Student", "ID"]
    assert canvas[1][0].strip() == "Points Possible"
    unjudged = {**whole, "learners": [{**whole["learners"][0], "points": None}]}
    assert csv_rows(in_gradebook(unjudged, "canvas", {}))[2][4] == ""


def csv_rows(text):
    return list(csv.reader(io.StringIO(text)))


def test_nothing_handed_in_is_no_success_in_ci():
    """A suite without a case would be green."""
    row = {"learner": "kim", "exercises": {}, "problems": {"kim": "no notebook in it"}}
    (suite,) = ElementTree.fromstring(in_junit({"learners": [row]}))
    assert (suite.get("tests"), suite.get("errors")) == ("1", "1")


def test_pages_show_what_happened_and_run_nothing(whole, tmp_path):
    """A page each and one for the class; what a learner's code said is text in them."""
    hostile = json.loads(json.dumps(whole).replace("bob", "<script>alert(1)</script>"))
    write_pages(hostile, tmp_path)
    pages = sorted(path.name for path in tmp_path.iterdir())
    assert len(pages) == len(whole["learners"]) + 1
    for path in tmp_path.iterdir():
        tags = Tags()
        tags.feed(path.read_text("utf-8"))
        assert not {"script", "img", "iframe"} & tags.seen
    index = (tmp_path / "index.html").read_text("utf-8")
    assert "Not correct most often" in index
    assert "01-lookup" in index


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        assert not [name for name, _ in attrs if name.startswith("on")]


def test_what_has_not_changed_is_not_judged_again(room, tmp_path, monkeypatch):
    """The second run knows; a changed notebook is judged anew, and one that says `import other` with the file beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = notebook(tmp_path / "ada", *TO_ALL)
    ways = []
    for change in ("", "", "file", "cell"):
        if change == "file":
            (path.parent / "other.py").write_text("x = 1")
        if change == "cell":
            notebook(tmp_path / "ada", *TO_ALL, "1 + 1")
        _, out, _ = run(path, "--json")
        (row,) = json.loads(out)["learners"]
        assert row["correct"] == row["of"]
        ways.append(row["how"]["01_setup.ipynb"])
    assert [way == "known" for way in ways] == [False, True, False, False]


def starting_a_program(started):
    """A cell that starts a program outside of its own session, writes its number to `started`, and takes long."""
    return (
        "import subprocess, sys, time, pathlib\n"
        "each = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True)\n"
        f"pathlib.Path({str(started)!r}).write_text(str(each.pid))\ntime.sleep(50)"
    )


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_run_that_was_killed_goes_on(tmp_path):
    """What was judged before is known, what was not is judged; no room is left, and nothing that was started in one."""
    surroundings = {
        **os.environ,
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "TMPDIR": str(tmp_path / "tmp"),
    }
    (tmp_path / "tmp").mkdir()
    notebook(tmp_path / "class" / "ada", *TO_ALL)
    started = tmp_path / "started"
    notebook(tmp_path / "class" / "bob", starting_a_program(started), *TO_ALL)
    command = [
        sys.executable,
        "-m",
        "jwt_demo",
        "check",
        str(tmp_path / "class"),
        "--json",
        "--at-once",
        "1",
    ]
    first = subprocess.Popen(
        command, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    verdicts = tmp_path / "cache" / "jwt_demo" / "verdicts"
    while not list(verdicts.glob("*.json")) or not started.exists():
        assert first.poll() is None
        time.sleep(0.05)
    napping = psutil.Process(int(started.read_text()))
    first.send_signal(signal.SIGKILL)
    first.wait()
    notebook(tmp_path / "class" / "bob", *TO_ALL)
    second = subprocess.run(
        [*command, "--resume"], env=surroundings, capture_output=True, text=True, check=False
    )
    rows = {row["learner"]: row for row in json.loads(second.stdout)["learners"]}
    assert rows["ada"]["how"] == {"01_setup.ipynb": "known"}
    assert rows["bob"]["correct"] == rows["bob"]["of"]
    assert list((tmp_path / "tmp").glob("jwt-demo-check-*")) == []
    assert not napping.is_running() or napping.status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a group")
def test_an_interrupted_run_says_what_it_knows(tmp_path):
    """Status 2; whoever was not judged has a row without a grade."""
    notebook(tmp_path / "class" / "ada", *TO_ALL)
    started = tmp_path / "started"
    notebook(tmp_path / "class" / "bob", starting_a_program(started), *TO_ALL)
    surroundings = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [
        sys.executable,
        "-m",
        "jwt_demo",
        "check",
        str(tmp_path / "class"),
        "--json",
        "--at-once",
        "1",
    ]
    process = started_for_ctrl_c(command, env=surroundings)
    verdicts = tmp_path / "cache" / "jwt_demo" / "verdicts"
    while not list(verdicts.glob("*.json")):
        with pytest.raises(subprocess.TimeoutExpired):  # it goes on
            process.wait(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    rows = {row["learner"]: row for row in json.loads(out)["learners"]}
    assert rows["ada"]["correct"] == len(ALL_OF_01)
    assert rows["bob"]["correct"] is None
    assert {result["outcome"] for result in rows["bob"]["exercises"].values()} == {"not judged"}
    assert process.returncode == 2
    assert "--resume" in err
