"""Progress: kept in the working copy and nowhere else, over restarts, upgrades, accidents and two notebooks at once."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import subprocess
import sys

import pytest

from jwt_demo.exercises import progress as ask_progress
from jwt_demo.exercises import registry
from jwt_demo.exercises.progress import CHANGED, OPEN, SOLVED, remember, standing

module = importlib.import_module("jwt_demo.exercises.progress")  # not the function of that name
LOGIN, LOOKUP = registry.exercises()["02-login"], registry.exercises()["01-lookup"]


@pytest.fixture(autouse=True)
def new_kernel(monkeypatch):
    """As if the kernel had just started."""
    monkeypatch.setattr(module, "_in_this_kernel", {})
    monkeypatch.setattr(module, "_not_written", {})


@pytest.fixture
def working_copy(tmp_path, monkeypatch):
    """A working copy, with a folder below it for notebooks of the reader's own."""
    (tmp_path / ".jwt_demo").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def restart():
    module._in_this_kernel.clear()


def test_it_survives_a_restart(working_copy):
    """What was solved yesterday is solved today."""
    assert standing(LOGIN) == OPEN
    remember(LOGIN)
    restart()
    assert standing(LOGIN) == SOLVED
    assert ask_progress().solved == 1
    assert "1 of" in repr(ask_progress())


def test_it_is_found_from_a_folder_below(working_copy, monkeypatch):
    """A notebook of the reader's own in a subfolder counts for the same working copy."""
    (working_copy / "mine").mkdir()
    monkeypatch.chdir(working_copy / "mine")
    remember(LOGIN)
    restart()
    monkeypatch.chdir(working_copy)
    assert standing(LOGIN) == SOLVED


def test_an_upgrade_that_changes_the_exercise_says_so(working_copy):
    """Solved, but something else is asked today."""
    remember(LOGIN)
    restart()
    later = dataclasses.replace(LOGIN, cases=LOGIN.cases[:-1])
    assert standing(later) == CHANGED
    assert standing(dataclasses.replace(LOGIN, hints=("a", "b", "c"))) == SOLVED
    remember(later)
    assert standing(later) == SOLVED


def test_without_a_working_copy_nothing_is_written(tmp_path, monkeypatch):
    """An author's run in the repository leaves no trace there; the kernel remembers all the same."""
    monkeypatch.chdir(tmp_path)
    remember(LOGIN)
    assert list(tmp_path.iterdir()) == []
    assert standing(LOGIN) == SOLVED
    assert "until this kernel ends" in repr(ask_progress())


def test_a_folder_that_cannot_be_written_spoils_no_check(working_copy):
    """The reader is told, and what they solved is remembered until the kernel ends."""
    (working_copy / ".jwt_demo" / "progress").write_text("a file where the folder should be")
    remember(LOGIN)
    assert standing(LOGIN) == SOLVED
    assert "could not be saved on disk" in repr(ask_progress())


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"null", b'{"digest": null}', b"\xff\xfe", b"[" * 100_000]
)
def test_a_damaged_file_is_an_open_exercise(working_copy, damage):
    """It never stops a notebook; solving the exercise once more mends it."""
    remember(LOGIN)
    (working_copy / ".jwt_demo" / "progress" / "02-login.json").write_bytes(damage)
    restart()
    assert standing(LOGIN) in (OPEN, CHANGED)
    remember(LOGIN)
    restart()
    assert standing(LOGIN) == SOLVED


def test_two_notebooks_at_once_lose_nothing(working_copy):
    """Two processes solve all exercises over and over: every one is there, whole, and no remainder lies about."""
    code = "from jwt_demo.exercises import registry, progress\nfrom jwt_demo.exercises.progress import remember\n"
    code += "for _ in range(40):\n    for exercise in registry.exercises().values():\n        remember(exercise)\n"
    kernels = [subprocess.Popen([sys.executable, "-c", code], cwd=working_copy) for _ in range(2)]
    assert [kernel.wait(timeout=120) for kernel in kernels] == [0, 0]
    files = {path.name for path in (working_copy / ".jwt_demo" / "progress").iterdir()}
    assert files == {f"{name}.json" for name in registry.exercises()}
    assert ask_progress().solved == len(registry.exercises())


def test_a_write_that_is_killed_half_way_leaves_the_old_file(working_copy, monkeypatch):
    """The new one takes its place in one step or not at all."""
    remember(LOGIN)
    before = (working_copy / ".jwt_demo" / "progress" / "02-login.json").read_bytes()

    def killed(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        remember(LOGIN)
    files = {
        path.name: path.read_bytes() for path in (working_copy / ".jwt_demo" / "progress").iterdir()
    }
    assert files == {"02-login.json": before}


def test_it_is_json_and_reads_without_colour(working_copy):
    """A count in words beside the bar, a symbol and a legend that need no colour, JSON for a classroom."""
    remember(LOGIN)
    remember(LOOKUP)
    shown = ask_progress()
    assert json.loads(json.dumps(shown.as_dict()))["solved"] == 2
    assert f"2 of {len(registry.exercises())} exercises solved" in repr(shown)
    assert "✓ lookup" in repr(shown)
    assert "○ add-route" in repr(shown)
    assert f"2 of {len(registry.exercises())}" in shown._repr_html_()


@pytest.mark.parametrize("step", ["03", "3", 3, "03_middleware"])
def test_progress_of_one_step_has_its_exercises_alone(step):
    """The end of a notebook shows what is open there, however the step is written."""
    found = ask_progress(step).exercises
    assert found
    assert {name[:3] for name in found} == {"03-"}


def test_several_steps_make_a_page_to_show(working_copy):
    """Steps 0 to 4, with a name on it, escaped, without a script; solved ones are counted."""
    remember(LOGIN)
    found = ask_progress("00-04")
    assert {name[:2] for name in found.exercises} == {"01", "02", "03", "04"}
    path = found.save(working_copy / "page.html", name="<b>Ada</b>")
    page = path.read_text("utf-8")
    assert f"1 of {len(found.exercises)} exercises solved" in page
    assert "&lt;b&gt;Ada" in page
    assert "<script" not in page
    assert "02-login</td><td>solved" in page


def test_a_step_that_does_not_exist_has_no_exercises():
    """No guess, no error."""
    assert ask_progress("middleware").exercises == {}
