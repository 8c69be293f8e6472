"""The working copy on disk: how it is known, where it is found, and how a file in it is written.

These few lines stand below everything that keeps a file there: the copied notebooks, their manifest, the readers' progress.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

STATE = ".jwt_demo"  # the folder by which a working copy is known; it holds the manifest, backups and progress
MANIFEST = "course.json"
USUAL_NAMES = ("jwt-course", "workbook")  # what `jwt-demo lab` and `make lab` call it
UNFINISHED = "unfinished-"  # how the name of a file begins that is not in its place yet


def enclosing_copy(start: Path | None = None) -> Path | None:
    """The working copy that `start` (default: the folder we are in) is, or lies in; None where there is none."""
    start = (start or Path.cwd()).absolute()
    return next((place for place in (start, *start.parents) if is_copy(place)), None)


def find_copy(start: Path | None = None) -> Path | None:
    """The same, or else the working copy that lies in `start` under its usual name."""
    start = (start or Path.cwd()).absolute()
    below = (start / name for name in USUAL_NAMES)
    return enclosing_copy(start) or next((place for place in below if is_copy(place)), None)


def is_copy(folder: Path) -> bool:
    return (folder / STATE).is_dir()


def write_whole(path: Path, content: bytes, *, copy: Path) -> None:
    """Write all of a file of the working copy `copy`, or nothing: first beside the manifest, then put in its place in one step.

    A reader of the file sees the old content or the new, also when this process is killed in between.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    (copy / STATE).mkdir(parents=True, exist_ok=True)
    unfinished = copy / STATE / f"{UNFINISHED}{secrets.token_hex(8)}"
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def sweep(copy: Path) -> None:
    """Remove what a killed process left unfinished an hour ago or longer."""
    for path in (copy / STATE).glob(f"{UNFINISHED}*"):
        if path.stat().st_mtime < time.time() - 3600:
            path.unlink(missing_ok=True)
