"""The reader's working copy of the notebooks: made once, brought up to date by every start, never overwritten.

For each file three contents are compared: the original it was copied from, what stands there now, and the original of
today. What the reader changed stays; the new one is laid beside it. What they only ran is replaced, and kept as a backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import __version__
from ..files import MANIFEST, STATE, UNFINISHED, sweep, write_whole
from .handout import files_of, handout
from .trust import sign

NO_CONTENT = {".DS_Store", "desktop.ini", ".ipynb_checkpoints", "lost+found", STATE}


class CourseError(Exception):
    """The working copy cannot be made or changed; the message says why, and nothing was touched."""


@dataclass(frozen=True)
class Print:
    """A file's two fingerprints: of its bytes, and of what a person wrote in it (a notebook without its outputs)."""

    octets: str
    content: str


@dataclass(frozen=True)
class Change:
    """What was done, or is to be done, to one file."""

    name: str
    action: str  # "new", "replace", "replace a run", "lay beside", "adopt", "leave", "deleted"
    beside: str = ""  # the name of the copy laid beside
    sections: tuple[str, ...] = ()  # headings under which today's original says something new
    seen: str = ""  # the digest of what stood there when this was planned

    def __str__(self) -> str:
        new = f" New there: {'; '.join(self.sections)}." if self.sections else ""
        return {
            "new": f"{self.name}: new",
            "replace": f"{self.name}: brought up to date",
            "replace a run": f"{self.name}: brought up to date; what you had run is in {STATE}/backup",
            "replace a save": f"{self.name}: brought up to date; what was saved meanwhile is in {STATE}/backup",
            "lay beside": f"{self.name}: yours stays as it is; the new one is {self.beside}.{new}",
            "deleted": f"{self.name}: you deleted it; `jwt-demo reset {self.name[:2]}` brings a fresh one",
        }.get(self.action, "")


def update(
    folder: Path,
    *,
    originals: Path | None = None,
    version: str = __version__,
    dry_run: bool = False,
) -> list[Change]:
    """Make the working copy in `folder`, or bring it up to date; what was done. CourseError when `folder` contains something else.

    It can be killed at any moment: each file is replaced in one step, and the manifest, written last, may be behind.
    """
    originals = originals or notebooks()
    refuse_foreign(folder, originals)
    known = read_manifest(folder)
    names = files_of(originals)
    changes = [plan(name, known.get(name), folder, originals, version) for name in names]
    if dry_run:
        return changes

    if not (folder / STATE / MANIFEST).exists():
        write_manifest(
            folder, known, version
        )  # from now on the folder is ours, also if we are killed
    sweep(folder)
    changes = [carry_out(change, folder, originals) for change in changes]
    sign_originals(folder, names, originals)
    write_manifest(
        folder,
        {name: fingerprint(handout(originals, name), name) for name in names},
        version,
    )
    return changes


def plan(name: str, base: Print | None, folder: Path, originals: Path, version: str) -> Change:
    """What to do with one file; nothing is done yet."""
    theirs = fingerprint(handout(originals, name), name)
    if not (folder / name).exists():
        return Change(name, "new" if base is None else "deleted")

    mine = fingerprint((folder / name).read_bytes(), name)
    if mine == theirs or theirs == base:
        return Change(name, "leave")
    if mine == base:
        return Change(name, "replace", seen=mine.octets)
    if base is not None and theirs.content == base.content:
        return Change(name, "leave")
    if base is not None and mine.content == base.content:
        return Change(name, "replace a run", seen=mine.octets)

    beside = free_name(folder, name, version, theirs)
    if (folder / beside).exists():
        return Change(name, "leave")
    return Change(
        name,
        "lay beside",
        beside,
        new_sections((folder / name).read_bytes(), handout(originals, name)),
    )


def carry_out(change: Change, folder: Path, originals: Path) -> Change:
    """Do what was planned; what was done instead, where somebody saved the file meanwhile."""
    fresh = handout(originals, change.name)
    if change.action == "new":
        write_whole(folder / change.name, fresh, copy=folder)
    if change.action == "lay beside":
        write_whole(folder / change.beside, fresh, copy=folder)
    if change.action == "replace a run":
        back_up(folder, change.name)
    if change.action in ("replace", "replace a run"):
        held = hold(folder, change.name)
        write_whole(folder / change.name, fresh, copy=folder)
        octets = held.read_bytes()
        held.unlink()
        if fingerprint(octets).octets != change.seen:
            keep(folder, change.name, octets)
            return replace(change, action="replace a save")
    return change


def hold(folder: Path, name: str) -> Path:
    """Another name for a file that is about to be replaced: who saves into it until then saves under this name too."""
    held = folder / STATE / f"{UNFINISHED}{secrets.token_hex(8)}"
    try:
        os.link(folder / name, held)
    except OSError:  # a file system without such names
        shutil.copyfile(folder / name, held)
    return held


def sign_originals(folder: Path, names: list[str], originals: Path) -> None:
    """Sign what lies in the copy as we handed it out, now or earlier; never what a reader changed."""
    signed = []
    for name in (name for name in names if name.endswith(".ipynb")):
        fresh = handout(originals, name)
        beside = [path.read_bytes() for path in folder.glob(f"{Path(name).stem}.new-*.ipynb")]
        there = (folder / name).read_bytes() if (folder / name).exists() else b""
        signed += [fresh] if fresh in (there, *beside) else []
    sign(signed)


def reset(folder: Path, step: str, *, originals: Path | None = None) -> tuple[str, Path | None]:
    """Lay a fresh copy of one notebook in its place; its name, and where the reader's own went (None where there was none)."""
    originals = originals or notebooks()
    name = find_step(step, originals)
    fresh = handout(originals, name)
    there = folder / name
    backup = back_up(folder, name) if there.exists() and there.read_bytes() != fresh else None
    write_whole(there, fresh, copy=folder)
    sign([fresh])
    known = read_manifest(folder)
    write_manifest(folder, {**known, name: fingerprint(fresh, name)}, __version__)
    return name, backup


def find_step(step: str, originals: Path) -> str:
    """The notebook a reader means by `2`, `02`, `login`, `02_login` or `02_login.ipynb`; CourseError lists them all."""
    names = [name for name in files_of(originals) if name.endswith(".ipynb")]
    wanted = Path(step).name.removesuffix(".ipynb").lower()
    for name in names:
        stem = Path(name).stem
        number, _, title = stem.partition("_")
        if wanted in (stem, number, number.lstrip("0") or "0", title):
            return name
    raise CourseError(
        f"There is no step {step!r}. The steps: {', '.join(Path(name).stem for name in names)}"
    )


def notebooks() -> Path:
    """The originals: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parent / "notebooks"
    return (
        checkout
        if checkout.is_dir() and (package.parent / "pyproject.toml").is_file()
        else package / "notebooks"
    )


def refuse_foreign(folder: Path, originals: Path) -> None:
    """Only a folder of our own, an empty one, or one that does not exist yet is written to."""
    if not originals.is_dir() or not files_of(originals):
        raise CourseError("This installation has no notebooks in it. Install jwt_demo again.")
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file. Name a folder that is empty or does not exist yet.")
    if originals.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise CourseError(
            f"{folder} contains the originals. Name a folder of your own for the copy."
        )
    if (folder / STATE / MANIFEST).is_file() or not folder.exists():
        return
    foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in NO_CONTENT)
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise CourseError(
            f"{folder} contains something else ({foreign[0]}{more}), nothing was touched. Name a folder that is empty or does not exist yet."
        )


def fingerprint(octets: bytes, name: str = "") -> Print:
    digest = hashlib.sha256(octets).hexdigest()
    cells = cells_of(octets) if name.endswith(".ipynb") else []
    return Print(
        digest,
        hashlib.sha256(repr(cells).encode("utf-8", "backslashreplace")).hexdigest()
        if cells
        else digest,
    )


def cells_of(octets: bytes) -> list[tuple[str, str]]:
    """Kind and source of each cell, all that a person wrote in a notebook; nothing where it is none."""
    try:
        return [
            (cell["cell_type"], "".join(cell["source"])) for cell in json.loads(octets)["cells"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


def new_sections(mine: bytes, theirs: bytes) -> tuple[str, ...]:
    """The headings of `theirs` under which a cell stands that `mine` does not have; the first four of them."""
    known, heading, found = set(cells_of(mine)), "the beginning", []
    for kind, source in cells_of(theirs):
        title = re.match(r"#+ +(.+)", source) if kind == "markdown" else None
        heading = title[1].strip() if title else heading
        if (kind, source) not in known and heading not in found:
            found.append(heading)
    return tuple(found[:4])


def free_name(folder: Path, name: str, version: str, theirs: Print) -> str:
    """`02_login.new-1.3.ipynb`, or with a number where that is taken by something else."""
    path = Path(name)
    for candidate in numbered(f"{path.with_suffix('')}.new-{version}", path.suffix):
        there = folder / candidate
        if not there.exists() or fingerprint(there.read_bytes(), name) == theirs:
            return candidate
    raise AssertionError  # numbers do not end


def back_up(folder: Path, name: str) -> Path:
    """Keep the reader's file under a name with the time; where it went."""
    return keep(folder, name, (folder / name).read_bytes())


def keep(folder: Path, name: str, octets: bytes) -> Path:
    path, moment = Path(name), time.strftime("%Y-%m-%d-%H%M%S")
    for candidate in numbered(f"{path.stem}.{moment}", path.suffix):
        there = folder / STATE / "backup" / candidate
        if not there.exists():
            write_whole(there, octets, copy=folder)
            return there
    raise AssertionError


def numbered(stem: str, suffix: str) -> Iterator[str]:
    yield f"{stem}{suffix}"
    number = 1
    while True:
        number += 1
        yield f"{stem}-{number}{suffix}"


def read_manifest(folder: Path) -> dict[str, Print]:
    """What each file was copied from; nothing where the manifest cannot be read, so that every file counts as the reader's."""
    try:
        files = json.loads((folder / STATE / MANIFEST).read_bytes())["files"]
        return {name: Print(entry["octets"], entry["content"]) for name, entry in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_manifest(folder: Path, files: dict[str, Print], version: str) -> None:
    report: dict[str, Any] = {
        "course": "jwt_demo",
        "version": version,
        "files": {name: vars(entry) for name, entry in sorted(files.items())},
    }
    content = (json.dumps(report, indent=1) + "\n").encode("utf-8")
    path = folder / STATE / MANIFEST
    if path.is_file() and path.read_bytes() == content:
        return  # also where nothing can be written, and nothing has to
    write_whole(folder / STATE / MANIFEST, content, copy=folder)
