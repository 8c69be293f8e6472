"""The working copy: what the reader wrote is never lost, whatever comes from above and whenever the power goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwt_demo.course import working_copy
from jwt_demo.course.working_copy import (
    CourseError,
    Print,
    find_step,
    fingerprint,
    plan,
    reset,
    update,
)
from jwt_demo.files import STATE, find_copy


def notebook(*sources: str, output: str = "") -> bytes:
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    cells = [
        {
            "cell_type": "code",
            "source": source,
            "outputs": outputs,
            "metadata": {},
            "execution_count": None,
        }
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


ONE, TWO, MINE = notebook("1"), notebook("1", "2"), notebook("1", "mine = 3")


class Shelf:
    """A course of two notebooks and a picture, in two versions, and a reader's copy of it."""

    def __init__(self, place: Path):
        self.originals, self.copy = place / "originals", place / "copy"
        self.publish({"00_start.ipynb": ONE, "01_next.ipynb": ONE, "pictures/key.svg": b"<svg/>"})

    def publish(self, files: dict[str, bytes]) -> None:
        for name, octets in files.items():
            path = self.originals / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(octets)

    def update(self, version: str = "1.0") -> dict[str, str]:
        return {
            change.name: change.action
            for change in update(self.copy, originals=self.originals, version=version)
        }

    def files(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.copy).as_posix(): path.read_bytes()
            for path in self.copy.rglob("*")
            if path.is_file() and STATE not in path.parts
        }

    def backups(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.copy / STATE / "backup").glob("*"))]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_first_start_copies_everything(shelf: Shelf) -> None:
    """Notebooks and what belongs to them; a second start changes nothing."""
    assert set(shelf.update().values()) == {"new"}
    assert shelf.files() == {
        "00_start.ipynb": ONE,
        "01_next.ipynb": ONE,
        "pictures/key.svg": b"<svg/>",
    }
    assert set(shelf.update().values()) == {"leave"}


def test_untouched_files_are_brought_up_to_date(shelf: Shelf) -> None:
    """The ordinary upgrade."""
    shelf.update()
    shelf.publish({"00_start.ipynb": TWO})
    assert shelf.update("1.1") == {
        "00_start.ipynb": "replace",
        "01_next.ipynb": "leave",
        "pictures/key.svg": "leave",
    }
    assert shelf.files()["00_start.ipynb"] == TWO


def test_what_the_reader_wrote_stays_and_the_new_one_lies_beside_it(shelf: Shelf) -> None:
    """Once for each version, and never over a file that is there."""
    shelf.update()
    (shelf.copy / "00_start.ipynb").write_bytes(MINE)
    assert shelf.update()["00_start.ipynb"] == "leave"
    shelf.publish({"00_start.ipynb": TWO})
    assert shelf.update("1.1")["00_start.ipynb"] == "lay beside"
    assert shelf.files()["00_start.ipynb"] == MINE
    assert shelf.files()["00_start.new-1.1.ipynb"] == TWO
    assert set(shelf.update("1.1").values()) == {"leave"}

    (shelf.copy / "00_start.new-1.1.ipynb").write_bytes(MINE)
    shelf.publish({"00_start.ipynb": ONE})
    shelf.update("1.1")
    assert shelf.files()["00_start.new-1.1.ipynb"] == MINE
    assert shelf.files()["00_start.new-1.1-2.ipynb"] == ONE


def test_what_was_only_run_is_replaced_and_kept_as_a_backup(shelf: Shelf) -> None:
    """Outputs are not the reader's words, yet they are not thrown away either."""
    shelf.update()
    ran = notebook("1", output="1")
    (shelf.copy / "00_start.ipynb").write_bytes(ran)
    shelf.publish({"00_start.ipynb": TWO})
    assert shelf.update("1.1")["00_start.ipynb"] == "replace a run"
    assert shelf.files()["00_start.ipynb"] == TWO
    assert shelf.backups() == [ran]


@pytest.mark.parametrize("linked", [True, False], ids=["linked", "copied"])
def test_what_is_saved_while_a_file_is_replaced_is_kept(shelf: Shelf, monkeypatch, linked) -> None:
    """Between the plan and the replacement the reader's editor writes: into the file, or a new one in its place."""
    if not linked:
        monkeypatch.setattr(os, "link", lambda *paths: (_ for _ in ()).throw(OSError))
    shelf.update()
    shelf.publish({"00_start.ipynb": TWO, "01_next.ipynb": TWO})
    sweep = working_copy.sweep

    def save_meanwhile(folder: Path) -> None:
        (shelf.copy / "00_start.ipynb").write_bytes(MINE)
        sweep(folder)

    monkeypatch.setattr(working_copy, "sweep", save_meanwhile)
    assert shelf.update("1.1")["00_start.ipynb"] == "replace a save"
    assert shelf.files()["00_start.ipynb"] == TWO
    assert shelf.backups() == [MINE]
    assert not list((shelf.copy / STATE).glob("unfinished-*"))


def test_where_nothing_has_to_change_nothing_is_written(shelf: Shelf, monkeypatch) -> None:
    """A copy on a medium that cannot be written to is no error."""
    shelf.update()

    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(working_copy, "write_whole", refuse)
    assert set(shelf.update().values()) == {"leave"}


def test_a_deleted_file_comes_back_on_request_only(shelf: Shelf) -> None:
    """A reader may tidy up; `reset` brings it again."""
    shelf.update()
    (shelf.copy / "01_next.ipynb").unlink()
    shelf.publish({"01_next.ipynb": TWO})
    assert shelf.update("1.1")["01_next.ipynb"] == "deleted"
    assert "01_next.ipynb" not in shelf.files()
    assert reset(shelf.copy, "next", originals=shelf.originals) == ("01_next.ipynb", None)
    assert shelf.files()["01_next.ipynb"] == TWO


def test_a_new_step_does_not_cover_a_file_of_that_name(shelf: Shelf) -> None:
    """The reader's own 02_more.ipynb was there first."""
    shelf.update()
    (shelf.copy / "02_more.ipynb").write_bytes(MINE)
    shelf.publish({"02_more.ipynb": TWO})
    assert shelf.update("1.1")["02_more.ipynb"] == "lay beside"
    assert shelf.files()["02_more.ipynb"] == MINE


def test_without_a_readable_manifest_everything_counts_as_the_readers(shelf: Shelf) -> None:
    """Half a manifest is no licence to overwrite."""
    shelf.update()
    (shelf.copy / "00_start.ipynb").write_bytes(MINE)
    (shelf.copy / STATE / "course.json").write_text('{"files": {"00_st')
    shelf.publish({"00_start.ipynb": TWO})
    assert shelf.update("1.1")["00_start.ipynb"] == "lay beside"
    assert shelf.files()["00_start.ipynb"] == MINE


def test_reset_keeps_what_was_there(shelf: Shelf) -> None:
    """The reader's goes to a backup first, each time under a name of its own."""
    shelf.update()
    for text in (MINE, TWO):
        (shelf.copy / "00_start.ipynb").write_bytes(text)
        name, backup = reset(shelf.copy, "0", originals=shelf.originals)
        assert name == "00_start.ipynb"
        assert backup is not None
        assert backup.read_bytes() == text
        assert shelf.files()["00_start.ipynb"] == ONE
    assert sorted(shelf.backups()) == sorted([MINE, TWO])


@pytest.mark.parametrize("step", ["0", "00", "start", "00_start", "00_start.ipynb", "START"])
def test_a_step_has_many_names(shelf: Shelf, step: str) -> None:
    """Number, title, file name."""
    assert find_step(step, shelf.originals) == "00_start.ipynb"


def test_an_unknown_step_lists_the_steps(shelf: Shelf) -> None:
    """So that the next try is the right one."""
    with pytest.raises(CourseError, match="00_start, 01_next"):
        find_step("7", shelf.originals)


@pytest.mark.parametrize("name", ["thesis.docx", ".git", "00_start.ipynb"])
def test_a_folder_with_something_else_is_left_alone(shelf: Shelf, name: str) -> None:
    """Refused before anything is written."""
    shelf.copy.mkdir()
    (shelf.copy / name).write_bytes(b"mine")
    with pytest.raises(CourseError, match="something else"):
        shelf.update()
    assert [path.name for path in shelf.copy.iterdir()] == [name]


def test_a_file_and_the_originals_are_no_place_for_a_copy(shelf: Shelf) -> None:
    """Neither can be worked in."""
    shelf.copy.write_bytes(b"mine")
    with pytest.raises(CourseError, match="is a file"):
        shelf.update()
    with pytest.raises(CourseError, match="originals"):
        update(shelf.originals, originals=shelf.originals)


def test_a_dry_run_writes_nothing(shelf: Shelf) -> None:
    """It says the same and does not even make the folder."""
    assert {
        change.action for change in update(shelf.copy, originals=shelf.originals, dry_run=True)
    } == {"new"}
    assert not shelf.copy.exists()


def test_the_report_names_the_sections_that_are_new(shelf: Shelf) -> None:
    """A reader who keeps their own file learns what it lacks."""

    def lesson(*paragraphs: str) -> bytes:
        cells = [
            {"cell_type": "markdown", "source": [paragraph], "metadata": {}}
            for paragraph in paragraphs
        ]
        return json.dumps({"cells": cells}).encode()

    shelf.publish({"00_start.ipynb": lesson("# Start", "## Keys", "old")})
    shelf.update()
    (shelf.copy / "00_start.ipynb").write_bytes(lesson("# Start", "## Keys", "old", "my notes"))
    shelf.publish({"00_start.ipynb": lesson("# Start", "## Keys", "better", "## Time", "old")})
    (change, *_) = update(shelf.copy, originals=shelf.originals, version="2.0")
    assert change.sections == ("Keys", "Time")
    assert (
        "yours stays as it is; the new one is 00_start.new-2.0.ipynb. New there: Keys; Time."
        in str(change)
    )


def test_find_looks_around(shelf: Shelf) -> None:
    """From inside the copy, from a folder deep in it, and from the folder it was made in."""
    shelf.update()
    shelf.copy.rename(shelf.copy.with_name("jwt-course"))
    copy = shelf.copy.with_name("jwt-course")
    assert find_copy(copy) == find_copy(copy / "pictures") == find_copy(copy.parent) == copy
    assert find_copy(shelf.originals) is None


contents = st.sampled_from(
    [ONE, TWO, MINE, notebook("1", output="1"), notebook("1", "2", output="2"), b"no notebook"]
)


@given(base=st.none() | contents, mine=contents, theirs=contents)
def test_words_of_the_reader_survive_every_combination(
    tmp_path_factory: pytest.TempPathFactory, base: bytes | None, mine: bytes, theirs: bytes
) -> None:
    """A file is replaced only where its cells are those of the original it was copied from."""
    place = tmp_path_factory.mktemp("case")
    for folder, octets in (("copy", mine), ("originals", theirs)):
        (place / folder).mkdir()
        (place / folder / "a.ipynb").write_bytes(octets)
    known: Print | None = fingerprint(base, "a.ipynb") if base is not None else None
    change = plan("a.ipynb", known, place / "copy", place / "originals", "2.0")
    if change.action.startswith("replace"):
        assert known is not None
        assert fingerprint(mine, "a.ipynb").content == known.content
    if change.action == "lay beside":
        assert not (place / "copy" / change.beside).exists()


KILLED = """
import os, sys
from pathlib import Path
from jwt_demo.course import working_copy

left = int(sys.argv[3])
true_replace = os.replace
def replace(source, target):
    global left
    if left == 0:
        os.kill(os.getpid(), 9)
    left -= 1
    true_replace(source, target)
os.replace = replace
working_copy.update(Path(sys.argv[1]), originals=Path(sys.argv[2]), version="1.1")
print("done")
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_at_any_step_loses_nothing(shelf: Shelf, tmp_path: Path) -> None:
    """A process is killed at its first write, its second, and so on; after each the next start finishes the work."""
    ran = notebook("1", output="1")
    for step in range(20):
        shelf = Shelf(tmp_path / str(step))
        shelf.publish({"02_ran.ipynb": ONE})
        shelf.update()
        (shelf.copy / "00_start.ipynb").write_bytes(MINE)
        (shelf.copy / "02_ran.ipynb").write_bytes(ran)
        shelf.publish(
            {"00_start.ipynb": TWO, "01_next.ipynb": TWO, "02_ran.ipynb": TWO, "03_last.ipynb": TWO}
        )

        killed = subprocess.run(
            [sys.executable, "-c", KILLED, shelf.copy, shelf.originals, str(step)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert shelf.files()["00_start.ipynb"] == MINE
        assert shelf.files()["01_next.ipynb"] in (ONE, TWO)
        assert ran in [shelf.files()["02_ran.ipynb"], *shelf.backups()]
        shelf.update("1.1")
        assert shelf.files()["00_start.ipynb"] == MINE
        assert {name: octets for name, octets in shelf.files().items() if octets == TWO}.keys() == {
            "00_start.new-1.1.ipynb",
            "01_next.ipynb",
            "02_ran.ipynb",
            "03_last.ipynb",
        }
        assert ran in shelf.backups()
        if "done" in killed.stdout:
            break
        assert killed.returncode == -signal.SIGKILL
    assert step >= 5, "the test never killed anything"


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_first_start_that_was_killed_can_be_taken_up(shelf: Shelf) -> None:
    """Half a copy is still ours, not something else."""
    for step in range(4):
        subprocess.run(
            [sys.executable, "-c", KILLED, shelf.copy, shelf.originals, str(step)],
            capture_output=True,
            check=False,
        )
        shelf.update()
        assert shelf.files().keys() == {"00_start.ipynb", "01_next.ipynb", "pictures/key.svg"}
        for path in sorted(shelf.copy.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
