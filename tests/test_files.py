"""The working copy on disk: found from where the reader is, written in one step."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from jwt_demo.files import STATE, UNFINISHED, enclosing_copy, find_copy, sweep, write_whole


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "jwt-course"
    (folder / STATE).mkdir(parents=True)
    return folder


def unfinished(copy: Path) -> list[Path]:
    return list((copy / STATE).glob(f"{UNFINISHED}*"))


def test_a_copy_is_found_from_any_folder_inside_it(copy: Path) -> None:
    """A kernel may run in a subfolder."""
    (copy / "mine" / "deep").mkdir(parents=True)
    assert enclosing_copy(copy) == enclosing_copy(copy / "mine" / "deep") == copy
    assert find_copy(copy / "mine") == copy


def test_a_command_also_looks_below_a_kernel_does_not(copy: Path) -> None:
    """`jwt-demo reset` beside the copy finds it; a notebook that runs there must not write progress into it."""
    assert find_copy(copy.parent) == copy
    assert enclosing_copy(copy.parent) is None


def test_without_a_copy_there_is_none(tmp_path: Path) -> None:
    """Neither function guesses."""
    assert find_copy(tmp_path) is None


def test_the_folder_we_are_in_is_the_default(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to be named."""
    monkeypatch.chdir(copy)
    assert enclosing_copy() == find_copy() == copy


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_written_file_has_the_rights_of_any_new_file(copy: Path, umask: int) -> None:
    """A teacher whose umask allows it can read it; nobody else's rights are widened."""
    before = os.umask(umask)
    try:
        write_whole(copy / "a" / "file", b"text", copy=copy)
    finally:
        os.umask(before)
    assert (copy / "a" / "file").read_bytes() == b"text"
    assert stat.S_IMODE((copy / "a" / "file").stat().st_mode) == 0o666 & ~umask
    assert unfinished(copy) == []


def test_what_fails_in_between_leaves_the_old_file(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing beside it."""
    write_whole(copy / "file", b"old", copy=copy)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(copy / "file", b"new", copy=copy)
    assert (copy / "file").read_bytes() == b"old"
    assert unfinished(copy) == []


def test_sweeping_leaves_what_another_process_writes_now(copy: Path) -> None:
    """Only what is an hour old was left by a process that was killed."""
    for name, age in (("old", 7200), ("young", 60)):
        path = copy / STATE / f"{UNFINISHED}{name}"
        path.write_bytes(b"")
        os.utime(path, (time.time() - age,) * 2)
    sweep(copy)
    assert [path.name for path in unfinished(copy)] == [f"{UNFINISHED}young"]
