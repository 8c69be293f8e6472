"""`jwt-demo check`: what it is given beside the copies, and what it prints. Nothing is judged here: reports are put together."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from jwt_demo.grading.handed_in import Learner
from jwt_demo.grading.report import report_on
from jwt_demo.grading.verdict import without_result
from tests.grading.test_batch import run


def report(place: int, exercises: dict[str, str]) -> dict[str, Any]:
    """A report of one learner."""
    learner = Learner(f"learner {place}")
    learner.place = place
    learner.results = {
        name: {**without_result(name, outcome, "said"), "correct": outcome == "correct"}
        for name, outcome in exercises.items()
    }
    return report_on([learner])


@pytest.fixture
def part(tmp_path: Path) -> Path:
    path = tmp_path / "part.json"
    path.write_text(json.dumps(report(0, {"01-lookup": "correct", "02-login": "incorrect"})))
    return path


CONTRADICTIONS = {
    "two forms": (("--json", "--csv", "plain"), "Choose --json or --csv."),
    "merge and judge": (("--merge", "{part}", "."), "--merge judges nothing: leave out the folders."),
    "a step that is none": ((".", "--step", "77"), ". contains no notebook of the course (such as 01_setup.ipynb)."),
    "a folder that is not there": (("--merge", "{part}", "--junit", "{room}/none/a.xml"), "{room}/none/a.xml cannot be written: {room}/none is not a folder."),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_what_cannot_be_done_is_one_line(
    arguments: tuple[str, ...], said: str, part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 2, and nothing on standard output."""
    monkeypatch.chdir(part.parent)
    places = {"part": part, "room": part.parent}
    result = run(*(each.format_map(places) for each in arguments))
    assert result == (2, "", f"{said.format_map(places)}\n")


def test_a_container_needs_a_program(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Docker or podman, whichever is on the PATH."""
    monkeypatch.setenv("PATH", str(part.parent))
    said = "--container needs docker or podman on the PATH; neither is there.\n"
    assert run("--merge", part, "--container", "image") == (2, "", said)


FORM = 'A line of it reads "02-login" = 2'


def words_of_the_library(text: str) -> str:
    """What is wrong with this TOML; the words differ from release to release."""
    with pytest.raises(tomllib.TOMLDecodeError) as refusal:
        tomllib.loads(text)
    return str(refusal.value)


POINTS = {
    "no TOML": (b"02-login: 2\n", f"is no list of points ({words_of_the_library('02-login: 2')}). {FORM}"),
    "no text": (b"\xff", f"is no list of points ('utf-8' codec can't decode byte 0xff in position 0: invalid start byte). {FORM}"),
    "a list": (b'"02-login" = [1]', "gives [1] for 02-login; points are a number, 0 or more."),
    "a text": (b'"02-login" = "1"', "gives '1' for 02-login; points are a number, 0 or more."),
    "true": (b'"02-login" = true', "gives True for 02-login; points are a number, 0 or more."),
    "nan": (b'"02-login" = nan', "gives nan for 02-login; points are a number, 0 or more."),
    "less than nothing": (b'"02-login" = -1', "gives -1 for 02-login; points are a number, 0 or more."),
}  # fmt: skip


@pytest.mark.parametrize(("octets", "said"), POINTS.values(), ids=POINTS)
def test_points_that_are_none_are_one_line(octets: bytes, said: str, part: Path) -> None:
    """A grade is never a guess."""
    points = part.with_name("points.toml")
    points.write_bytes(octets)
    assert run("--merge", part, "--points", points) == (2, "", f"{points} {said}\n")


@pytest.mark.parametrize("option", ["--points", "--ids", "--merge"])
def test_a_file_that_is_not_there_is_one_line(option: str, part: Path) -> None:
    """With the system's reason."""
    none = part.with_name("none")
    status, out, err = run("--merge", part, option, none)
    assert (status, out) == (2, "")
    assert err.startswith(f"{none} cannot be read: ")


@pytest.mark.parametrize("octets", [b"name,id\nann,7\n", b"", b"\xff"])
def test_ids_without_their_columns_are_one_line(octets: bytes, part: Path) -> None:
    """The first line names them."""
    ids = part.with_name("ids.csv")
    ids.write_bytes(octets + b"more\n")
    said = f"{ids} needs a first line that names the columns learner and id.\n"
    assert run("--merge", part, "--csv", "canvas", "--ids", ids) == (2, "", said)


def test_ids_of_a_platform_stand_in_its_column(part: Path) -> None:
    """Some spreadsheets write a mark at the beginning of the file."""
    ids = part.with_name("ids.csv")
    ids.write_text("learner,id\nlearner 0,77\n", "utf-8-sig")
    _, out, _ = run("--merge", part, "--csv", "canvas", "--ids", ids)
    assert out.splitlines()[2].startswith("learner 0,77,")


ROW = report(0, {"01-lookup": "correct"})["learners"][0]
OTHERS: dict[str, Any] = {
    "a list": [],
    "no learners": {"summary": {}},
    "learners in an object": {"learners": {}},
    "a row without a name": {"learners": [{"place": 0, "exercises": {}}]},
    "exercises in a list": {"learners": [{**ROW, "exercises": []}]},
    "an outcome that is none": {"learners": [{**ROW, "exercises": {"01-lookup": without_result("01-lookup", "?", "")}}]},
    "a place that is none": {"learners": [{**ROW, "place": "first"}]},
}  # fmt: skip


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_report_that_is_none_is_not_put_together(other: Any, part: Path) -> None:
    """JSON of another program, or of another version of this one."""
    path = part.with_name("other.json")
    path.write_text(json.dumps(other))
    said = (
        "These reports cannot be put together: not a report that `jwt-demo check --json` wrote.\n"
    )
    assert run("--merge", path) == (2, "", said)


@pytest.mark.parametrize("octets", [b"{", b"\xff", b"[" * 100_000])
def test_a_report_that_is_no_json_is_named(octets: bytes, part: Path) -> None:
    """Of eight parts it matters which."""
    path = part.with_name("broken.json")
    path.write_bytes(octets)
    assert run("--merge", part, "--merge", path) == (2, "", f"{path} is no JSON.\n")


def test_a_table_has_words_where_there_is_room(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a narrow terminal a column for each step with symbols, and below it what they mean."""
    monkeypatch.setenv("COLUMNS", "100")
    _, wide, _ = run("--merge", part)
    assert [line.split() for line in wide.splitlines()] == [
        ["learner", "01-lookup", "02-login", "correct"],
        ["learner", "0", "✓", "correct", "✗", "incorrect", "1", "of", "2"],
    ]
    monkeypatch.setenv("COLUMNS", "50")
    _, narrow, _ = run("--merge", part)
    assert narrow.splitlines()[1].split() == ["learner", "0", "✓", "✗", "1", "of", "2"]
    assert "✓ correct" in narrow
    assert "01: lookup" in narrow


def test_a_medium_that_is_full_or_closed_is_one_line(part: Path) -> None:
    """A folder stands where the file belongs, a file where the folder does."""
    room = part.parent
    (room / "taken").mkdir()
    status, out, err = run("--merge", part, "--pages", room / "taken", "--junit", part / "a.xml")
    assert (status, out) == (2, "")
    assert err == f"{part / 'a.xml'} cannot be written: {part} is not a folder.\n"
    (room / "taken" / "index.html").mkdir()
    status, out, err = run("--merge", part, "--pages", room / "taken")
    assert (status, out) == (2, "")
    assert err.startswith(f"{room / 'taken' / 'index.html'} cannot be written: ")
