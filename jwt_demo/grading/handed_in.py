"""Whose notebooks lie where: every folder, file and zip that was handed in becomes a learner with a row of their own.

A class is a folder; what lies in it is read in the layouts of Moodle, Canvas, Google Classroom, GitHub Classroom and
nbgrader, as working copies, or as loose files. What contains no notebook of the course has a row too, with the reason.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..course.working_copy import notebooks
from ..exercises.registry import exercises
from ..files import is_copy
from .file_names import read_name

LOOK_INSIDE = Path(__file__).with_name("look_inside.py")
SECONDS_INSIDE = 30.0
LARGEST_ARCHIVE = 200 << 20  # bytes, unpacked
MOST_PLACES = 20_000  # files and folders looked at in one copy
LEFT_OUT = {"node_modules", "__pycache__", "site-packages", "__MACOSX"}
OF_A_DESKTOP = {"thumbs.db", "desktop.ini"}
OF_A_TEACHER = {
    ".csv",
    ".xml",
    ".json",
    ".md",
    ".toml",
    ".log",
}  # lists and reports beside the copies
ARCHIVES = {".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"}


class NothingToJudge(Exception):
    """A path that is not there, or a class in which nothing was handed in."""


@dataclass(frozen=True)
class Notebook:
    """A notebook that was handed in, and the step it belongs to."""

    path: Path
    step: str
    alone: bool = False  # it lies among files of others, so nothing is copied with it

    def as_json(self) -> dict[str, Any]:
        return {"path": str(self.path), "step": self.step, "alone": self.alone}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Notebook:
        return cls(Path(value["path"]), value["step"], value["alone"])


@dataclass
class Learner:
    """What one learner handed in and, once judged, how each exercise stands."""

    name: str
    notebooks: list[Notebook] = field(default_factory=list)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)  # by exercise
    problems: dict[str, str] = field(default_factory=dict)  # by file or folder
    how: dict[str, str] = field(default_factory=dict)  # by file: a value of Extent, kernel, known
    number: str = ""  # a learning platform's number of this learner
    folder: Path = field(default_factory=Path)  # where it was found
    place: int = 0  # in the class
    others: int = 0  # notebooks of steps that were not asked for


def learners_in(
    paths: list[Path], steps: tuple[str, ...] = (), *, room: Path | None = None
) -> list[Learner]:
    """All learners in these notebooks, copies, classes and zips; `room` is where zips are unpacked.

    NothingToJudge where a path does not exist or nothing at all was handed in.
    """
    collection = Collection(steps, room)
    for path in paths:
        if not path.exists():
            raise NothingToJudge(f"{path} does not exist.")
        collection.add(path)
    learners = collection.learners
    if not any(learner.notebooks for learner in learners):
        such = course_names()[1]
        raise NothingToJudge(f"{paths[0]} contains no notebook of the course (such as {such}).")
    return finished(learners)


class Collection:
    """Learners as they are found, in the order of the folders."""

    def __init__(self, steps: tuple[str, ...], room: Path | None):
        self.titles = {name[:2]: name[3:].removesuffix(".ipynb") for name in course_names()}
        judged = {exercise.step for exercise in exercises().values()}
        self.asked = judged & set(steps) if steps else judged
        self.room = room
        self.largest_archive = LARGEST_ARCHIVE
        self.learners: list[Learner] = []
        self._by_owner: dict[tuple[str, str], Learner] = {}
        self._steps: dict[Path, str] = {}

    def add(self, path: Path) -> None:
        """A notebook, a zip, one copy, or a class of such."""
        if path.is_file():
            self.add_entry(path, lone=True)
            return
        self.add_class(path)

    def add_class(self, folder: Path) -> None:
        """The folders, zips and loose files of a class; or one copy, where notebooks lie in it under their own names."""
        if (folder / "submitted").is_dir():  # nbgrader's course folder
            folder = folder / "submitted"
        entries = [entry for entry in sorted(folder.iterdir()) if is_content(entry)]
        loose = [entry for entry in entries if entry.suffix == ".ipynb" and is_plain_file(entry)]
        own = self.of_one_copy(folder, loose)
        if own:
            self.add_copy(folder, own, name=folder.resolve().name)
        others = [entry for entry in entries if entry not in own]
        self.share_disk(sum(entry.suffix == ".zip" for entry in others))
        of_others = [entry for entry in others if entry in loose or holds_notebooks(entry)]
        if own and (is_copy(folder) or not of_others):  # the rest is no learner's
            others = of_others
        for entry in others:
            self.add_entry(entry)

    def of_one_copy(self, folder: Path, loose: list[Path]) -> list[Path]:
        """The notebooks that belong to the folder itself: those that name nobody, or all where nobody else is named."""
        if is_copy(folder):
            return loose
        named = {path: read_name(path.stem, self.titles) for path in loose}
        own = [path for path, name in named.items() if not name.who and not name.number]
        others = {(name.who, name.number) for path, name in named.items() if path not in own}
        return (
            loose if own and len(others) == 1 and not any(number for _, number in others) else own
        )

    def add_entry(self, entry: Path, *, lone: bool = False) -> None:
        """What lies in a class: a learner's folder, a zip, a notebook, or something else that was handed in."""
        if entry.is_symlink():
            self.nobody(entry, "a link, which is not followed")
        elif entry.is_dir():
            self.add_copy(entry, list(notebooks_under(entry)), name=entry.resolve().name)
        elif not entry.is_file():
            self.nobody(entry, "not a plain file")
        elif entry.suffix == ".zip":
            self.add_zip(entry, lone=lone)
        elif entry.suffix == ".ipynb":
            self.add_loose(entry, lone=lone)
        elif entry.suffix.lower() in ARCHIVES:
            self.nobody(entry, "an archive that is no zip: unpack it and run this again")
        elif entry.suffix.lower() not in OF_A_TEACHER:
            self.nobody(entry, "not a notebook (.ipynb)")

    def add_zip(self, archive: Path, *, lone: bool) -> None:
        """A learner's zip; given alone, the zip of a whole class, as Moodle and Canvas hand it out."""
        room = self.room or Path(tempfile.mkdtemp(prefix="jwt-demo-zips-"))
        folder = Path(tempfile.mkdtemp(prefix="zip-", dir=room)) / archive.stem
        folder.mkdir()
        problem, _ = looked_inside("unpack", archive, folder, str(self.largest_archive))
        if problem:
            shutil.rmtree(folder, ignore_errors=True)
            self.nobody(archive, f"a zip that cannot be unpacked ({problem})")
        elif lone:
            inner = [entry for entry in sorted(folder.iterdir()) if is_content(entry)]
            wrapped = len(inner) == 1 and inner[0].is_dir() and not any(inner[0].glob("*.ipynb"))
            self.add_class(inner[0] if wrapped else folder)
        else:
            self.add_copy(folder, list(notebooks_under(folder)), name=archive.stem)

    def share_disk(self, archives: int) -> None:
        """All zips of a class together get half of what is free on the disk, each the same part, so that none takes another's."""
        free = shutil.disk_usage(self.room or tempfile.gettempdir()).free
        self.largest_archive = min(LARGEST_ARCHIVE, free // 2 // max(archives, 1))

    def add_loose(self, path: Path, *, lone: bool) -> None:
        """A notebook that lies in a class without a folder of its own."""
        named = read_name(path.stem, self.titles)
        name = named.who or (path.resolve().parent.name if lone else path.stem)
        self.put(
            self.learner(name, named.number, path.parent, together=True),
            path,
            path.parent,
            alone=not lone,
        )

    def add_copy(self, folder: Path, found: list[Path], *, name: str) -> None:
        """A learner's folder; where one step lies in it several times, each time is a learner."""
        owner = read_name(name, {})
        who, number = (owner.who, owner.number) if owner.number else (name, "")
        owners = {path: read_name(path.stem, self.titles).who for path in found}
        steps = [step for step in map(self.step_of, found) if step]
        shared = len(set(steps)) < len(steps) and len(set(filter(None, owners.values()))) > 1
        if not shared or not all(owners.values()):
            learner = self.learner(who, number, folder, together=bool(number))
        for path in sorted(found, key=self.own_name_first):
            if shared and owners[path]:
                another = self.learner(f"{who}/{owners[path]}", "", folder, together=True)
                self.put(another, path, folder)
            else:
                self.put(learner, path, folder)

    def put(self, learner: Learner, path: Path, folder: Path, *, alone: bool = False) -> None:
        """Give a learner a notebook; one of a step that they have already is a row of its own."""
        step = self.step_of(path)
        if not step:
            reason = "neither its name nor its cells name a step of the course"
            learner.problems[path.name] = reason
        elif step not in self.asked:
            learner.others += 1
        elif any(notebook.step == step for notebook in learner.notebooks):
            copy = f"{learner.name} ({path.relative_to(folder).with_suffix('')})"
            another = self.learner(copy, "", folder)
            another.notebooks.append(Notebook(path.resolve(), step, alone))
        else:
            learner.notebooks.append(Notebook(path.resolve(), step, alone))

    def step_of(self, path: Path) -> str:
        """The step of a notebook, by its name, else by its cells; '' where neither names one."""
        if path not in self._steps:
            step = read_name(path.stem, self.titles).step
            if not step:
                problem, inside = looked_inside("step", path)
                step = inside if not problem and inside in self.titles else ""
            self._steps[path] = step
        return self._steps[path]

    def own_name_first(self, path: Path) -> tuple[bool, int, str]:
        return path.name not in course_names(), len(path.parts), str(path)

    def learner(self, name: str, number: str, folder: Path, *, together: bool = False) -> Learner:
        """A learner; `together` puts files of one name and number into one row."""
        known = self._by_owner.get((name, number))
        if known is not None and together:
            return known
        learner = Learner(name, number=number, folder=folder.resolve())
        self.learners.append(learner)
        self._by_owner[name, number] = learner
        return learner

    def nobody(self, entry: Path, reason: str) -> None:
        """A row for what was handed in and is nothing to judge."""
        owner = read_name(entry.stem, {})
        name, number = (owner.who, owner.number) if owner.number else (entry.name, "")
        learner = self.learner(name, number, entry.parent, together=bool(number))
        learner.problems[entry.name] = reason


def looked_inside(*arguments: str | Path) -> tuple[str, str]:
    """What went wrong, and what was printed, when a process of its own looked into a file."""
    command = [sys.executable, "-I", "-S", str(LOOK_INSIDE), *map(str, arguments)]
    try:
        ended = subprocess.run(  # noqa: S603  # our own program; paths are arguments
            command,
            capture_output=True,
            timeout=SECONDS_INSIDE,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"it took more than {SECONDS_INSIDE:g} s", ""
    said = ended.stdout.decode("utf-8", "replace").strip()
    if ended.returncode == 0:
        return "", said
    why = ended.stderr.decode("utf-8", "replace").strip().splitlines()
    return (why[-1] if why else "it took more memory or time than it may"), ""


def notebooks_under(folder: Path) -> Iterator[Path]:
    """The notebooks in a folder and below, without what Jupyter and the course lay beside them."""
    seen = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in LEFT_OUT
        )
        seen += len(folders) + len(files)
        if seen > MOST_PLACES:
            return
        yield from (
            Path(place) / name for name in sorted(files) if is_handed_in(Path(place) / name)
        )


def is_handed_in(path: Path) -> bool:
    """A notebook of a learner's: no hidden file, no checkpoint, no newer original that an update laid beside theirs."""
    name = path.name
    of_ours = name.startswith(".") or ".new-" in name or name.endswith("-checkpoint.ipynb")
    return path.suffix == ".ipynb" and not of_ours and is_plain_file(path)


def holds_notebooks(entry: Path) -> bool:
    return entry.suffix == ".zip" or (entry.is_dir() and any(notebooks_under(entry)))


def is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def is_content(entry: Path) -> bool:
    """Not hidden, and not something that a desktop lays into folders."""
    name = entry.name
    return not name.startswith(".") and name not in LEFT_OUT and name.lower() not in OF_A_DESKTOP


def course_names() -> list[str]:
    return sorted(path.name for path in notebooks().glob("[0-9][0-9]_*.ipynb"))


def finished(learners: list[Learner]) -> list[Learner]:
    """Names that can be told apart, and a reason for everybody who has nothing to judge."""
    names = [learner.name for learner in learners]
    for learner in learners:
        if names.count(learner.name) > 1:
            place = learner.folder
            beside = place.parent.name if place.name == learner.name else place.name
            learner.name = (
                f"{learner.name} ({learner.number})"
                if learner.number
                else str(Path(beside) / learner.name)
            )
        if not learner.notebooks and not learner.problems:
            asked = "none of a step that was asked for" if learner.others else "no notebook in it"
            learner.problems[learner.name] = asked
    return learners
