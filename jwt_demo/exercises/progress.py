"""Which exercises are solved: a small file for each in the working copy, `.jwt_demo/progress/02-login.json`.

One file for each, put in place in one step, needs no lock: two notebooks at once never write the same one, or write
the same in it. Where there is no working copy (an author's run, CI) nothing is written, and the kernel remembers.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from html import escape
from pathlib import Path
from typing import Any

from .messages import in_html
from .model import Exercise
from .registry import exercises

STATE = ".jwt_demo"  # the folder by which a working copy is known
BAR = 20  # characters
SOLVED, CHANGED, OPEN = "solved", "changed since you solved it", "open"
SYMBOLS = {SOLVED: "✓", CHANGED: "↻", OPEN: "○"}

_in_this_kernel: dict[str, str] = {}
_not_written: dict[str, str] = {}


def progress() -> Progress:
    """How far you are through the course; shows itself, and `.as_dict()` gives it as JSON has it."""
    return Progress({name: standing(exercise) for name, exercise in exercises().items()}, note())


@dataclass(frozen=True, repr=False)
class Progress:
    """Each exercise of the course and how it stands."""

    exercises: dict[str, str]
    note: str

    @property
    def solved(self) -> int:
        return sum(1 for state in self.exercises.values() if state == SOLVED)

    def as_dict(self) -> dict[str, Any]:
        return {"solved": self.solved, "of": len(self.exercises), "exercises": dict(self.exercises)}

    def lines(self) -> list[tuple[str, str]]:
        """A line for each step."""
        steps: dict[str, list[str]] = {}
        for name, state in self.exercises.items():
            told = f" ({state})" if state == CHANGED else ""
            steps.setdefault(name[:2], []).append(f"{SYMBOLS[state]} {name[3:]}{told}")
        return [(step, "  ".join(told)) for step, told in steps.items()]

    def bar(self) -> str:
        full = BAR * self.solved // max(1, len(self.exercises))
        return "█" * full + "░" * (BAR - full)

    def __repr__(self) -> str:
        head = f"{self.bar()}  {self.solved} of {len(self.exercises)} exercises solved"
        return "\n".join(
            [head, *(f"  {step}  {told}" for step, told in self.lines()), f"  {self.note}"]
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<div><strong>{step}</strong> {escape(told)}</div>" for step, told in self.lines()
        )
        head = f"<div><span aria-hidden='true'>{self.bar()}</span> <strong>{self.solved} of {len(self.exercises)} exercises solved</strong></div>"
        return f"<div style='border-left:4px solid currentColor;padding:.2em 0 .2em .8em'>{head}{rows}{in_html(self.note)}</div>"


def remember(exercise: Exercise) -> None:
    """Note that an exercise is solved, here and in the working copy."""
    _in_this_kernel[exercise.name] = exercise.digest
    folder = kept_in()
    if folder is None:
        return
    solved = {
        "exercise": exercise.name,
        "digest": exercise.digest,
        "solved": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
    try:
        write(folder / f"{exercise.name}.json", json.dumps(solved))
        _not_written.pop(exercise.name, None)
    except OSError as error:  # a full disk must not make a right answer look wrong
        _not_written[exercise.name] = error.strerror or type(error).__name__


def is_solved(exercise: Exercise) -> bool:
    return standing(exercise) == SOLVED


def standing(exercise: Exercise) -> str:
    digests = {_in_this_kernel.get(exercise.name), written(exercise.name)} - {None}
    if exercise.digest in digests:
        return SOLVED
    return CHANGED if digests else OPEN


def written(name: str) -> str | None:
    """The digest of the exercise when it was solved, as the working copy has it; None when there is none that can be read."""
    folder = kept_in()
    try:
        found = json.loads((folder / f"{name}.json").read_text("utf-8")) if folder else {}
        return str(found["digest"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def kept_in() -> Path | None:
    """The folder for progress in the working copy that we are in; None where there is no working copy."""
    here = Path.cwd()
    return next(
        (place / STATE / "progress" for place in (here, *here.parents) if (place / STATE).is_dir()),
        None,
    )


def write(path: Path, text: str) -> None:
    """Put a file in place in one step: a reader sees the old one or the new one, also when we are killed in between."""
    path.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def note() -> str:
    if _not_written:
        return f"Not kept on disk: {', '.join(sorted(set(_not_written.values())))}. Until this kernel ends it is remembered."
    if kept_in() is None:
        return "Remembered until this kernel ends: this folder is no working copy. `jwt-demo lab` makes one, and progress is kept there."
    return f"Kept in {STATE}/progress of your working copy."
