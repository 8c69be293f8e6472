"""Many learners' copies, each notebook in a process of its own, with limits; what one of them does spoils no other."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from ..course.working_copy import notebooks
from ..exercises.registry import exercises
from .notebook import checks_of, read

NOT_RUN = "not run"
RUN = "JWT_DEMO_JUDGED"  # in the environment of all that a judged notebook starts
HOMES = (
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "TMPDIR",
    "TEMP",
    "TMP",
)
LEFT_OUT = {"node_modules", "__pycache__", "site-packages"}
LARGEST_COPY = 200 << 20  # bytes


@dataclass
class Limits:
    """What one notebook may take."""

    seconds: float = 180.0  # for the notebook
    cell_seconds: float = 60.0
    memory: int = 2 << 30  # bytes, for each process; 0: no limit


@dataclass
class Learner:
    """A learner's copy: where it is, which notebooks it has, and, once judged, how each exercise stands."""

    name: str
    folder: Path
    notebooks: list[Path]
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)  # by notebook


class NothingToJudge(Exception):
    """A path that holds no notebook of the course; the message says what was looked for."""


def learners_in(paths: list[Path], steps: tuple[str, ...] = ()) -> list[Learner]:
    """A notebook, a folder with notebooks, or a folder of such folders: one learner for each copy."""
    found: list[Learner] = []
    for path in paths:
        if not path.exists():
            raise NothingToJudge(f"{path} does not exist")
        copies = (
            [path]
            if path.is_file() or notebooks_in(path, steps)
            else [
                sub for sub in sorted(path.iterdir()) if sub.is_dir() and notebooks_in(sub, steps)
            ]
        )
        if not copies:
            raise NothingToJudge(
                f"{path} holds no notebook of the course (such as {course_names()[0]}), and no folder in it does"
            )
        for copy in copies:
            folder = copy.resolve() if copy.is_dir() else copy.resolve().parent
            found.append(
                Learner(
                    folder.name,
                    folder,
                    notebooks_in(folder, steps) if copy.is_dir() else [copy.resolve()],
                )
            )
    names = [learner.name for learner in found]
    for learner in found:
        if names.count(learner.name) > 1:
            learner.name = str(Path(learner.folder.parent.name) / learner.folder.name)
    return found


def notebooks_in(folder: Path, steps: tuple[str, ...]) -> list[Path]:
    """The notebooks that have exercises, under their own names; where one was renamed, the one that still begins with its step."""
    asked = sorted(
        {exercise.step for exercise in exercises().values()}
        & (set(steps) or {exercise.step for exercise in exercises().values()})
    )
    found = []
    for step in asked:
        own = [
            folder / name
            for name in course_names()
            if name.startswith(f"{step}_") and (folder / name).is_file()
        ]
        renamed = [
            path
            for path in sorted(folder.glob(f"{step}*.ipynb"))
            if ".new-" not in path.name and path.is_file()
        ]
        found += (own or renamed)[:1]
    return found


def course_names() -> list[str]:
    return sorted(path.name for path in notebooks().glob("[0-9][0-9]_*.ipynb"))


async def judge_all(
    learners: list[Learner], *, limits: Limits, at_once: int, tell: Callable[[], None]
) -> None:
    """Judge every notebook of every learner, `at_once` at a time; `tell()` after each."""
    turn = asyncio.Semaphore(at_once)

    async def one(learner: Learner, path: Path) -> None:
        async with turn:
            try:
                await judge_notebook(learner, path, limits)
            except OSError as error:
                learner.problems[path.name] = error.strerror or type(error).__name__
        tell()

    await asyncio.gather(
        *(one(learner, path) for learner in learners for path in learner.notebooks)
    )


async def judge_notebook(learner: Learner, path: Path, limits: Limits) -> None:
    """In a fresh copy of the learner's folder, which is deleted afterwards with all that was started in it."""
    room = Path(tempfile.mkdtemp(prefix="jwt-demo-check-"))
    mark = secrets.token_hex(16)
    try:
        copy = room / "copy"
        problem = copy_of(path.parent, copy)
        expected = set(asked_in(path))
        if not problem:
            problem = await run(copy / path.name, room, mark, limits)
        for line in lines_of(room / "answers"):
            if "result" in line and line["result"].get("exercise") in expected:
                learner.results[line["result"]["exercise"]] = line["result"]
            problem = line.get("problem", problem)
        if problem:
            learner.problems[path.name] = problem
        for name in expected - set(learner.results):
            learner.results[name] = {
                "exercise": name,
                "outcome": NOT_RUN,
                "correct": False,
                "message": problem or "the check gave no result",
            }
    finally:
        end_all(mark)
        shutil.rmtree(room, ignore_errors=True)


def asked_in(path: Path) -> list[str]:
    """The exercises a notebook is judged by: those of its step, and those it checks."""
    try:
        return [exercise for _, _, exercise in checks_of(read(path), path.name)]
    except Exception:
        return [
            exercise.name for exercise in exercises().values() if exercise.step == path.name[:2]
        ]


def copy_of(folder: Path, copy: Path) -> str:
    """Copy what a notebook may need, plain files only; what was wrong, or ''."""
    size = 0
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in LEFT_OUT]
        target = copy / Path(place).relative_to(folder)
        target.mkdir(parents=True, exist_ok=True)
        for name in files:
            source = Path(place) / name
            if source.is_symlink() or not source.is_file():
                continue
            size += source.stat().st_size
            if size > LARGEST_COPY:
                return f"the folder holds more than {LARGEST_COPY >> 20} MiB"
            shutil.copyfile(source, target / name)
    return ""


async def run(notebook: Path, room: Path, mark: str, limits: Limits) -> str:
    """Run the judging process to its end or to the limit; what was wrong, or ''."""
    arguments = [str(notebook), str(room / "answers"), str(limits.cell_seconds), str(limits.memory)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import sys; from jwt_demo.grading.notebook import main; main(*sys.argv[1:])",
        *arguments,
        cwd=room,
        env=environment(room, mark),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = await asyncio.wait_for(process.wait(), limits.seconds)
    except asyncio.TimeoutError:
        return f"stopped after {limits.seconds:g} s"
    finally:
        end_all(mark)
        await process.wait()
    return (
        ""
        if status == 0
        else "the judging process ended before it was done; did it run out of memory?"
    )


def environment(room: Path, mark: str) -> dict[str, str]:
    """What a learner's code sees of ours: where programs are, no secrets, a home that is deleted."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "VIRTUAL_ENV")
        if name in os.environ
    }
    package = str(Path(__file__).resolve().parents[2])
    return {
        **kept,
        **dict.fromkeys(HOMES, str(room)),
        "PYTHONPATH": package,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        RUN: mark,
    }


def lines_of(answers: Path) -> list[dict[str, Any]]:
    """The lines of JSON that the judging process left; a last one that is not whole is left out."""
    found = []
    try:
        text = answers.read_text("utf-8", errors="replace")
    except OSError:
        return []
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def end_all(mark: str) -> None:
    """End whatever carries the mark in its environment: the judging process, its kernel, and what that left running."""
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(RUN) == mark:
                process.kill()
        except psutil.Error:
            continue  # gone, or somebody else's
