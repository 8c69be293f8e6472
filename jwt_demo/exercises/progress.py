"""Which exercises are solved: a small file for each in the working copy, `.jwt_demo/progress/02-login.json`.

One file for each, put in place in one step, needs no lock: two notebooks at once never write the same one, or write
the same in it. Where there is no working copy (an author's run, CI) nothing is written, and the kernel remembers.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..display.card import card, page, prose
from ..escaping import escaped
from ..files import STATE, enclosing_copy, write_whole
from ..server.runtime import HAS_THREADS
from .model import Exercise, Quiz
from .registry import exercises
from .result_page import result_page

BAR = 20  # characters
SOLVED, CHANGED, OPEN = "solved", "changed since you solved it", "open"
SYMBOLS = {SOLVED: "✓", CHANGED: "↻", OPEN: "○"}
TONES = {SOLVED: "yes", CHANGED: "open", OPEN: "open"}

_in_this_kernel: dict[str, str] = {}
_answers: dict[str, list[str]] = {}
_not_written: dict[str, str] = {}


def progress(step: str | int | None = None) -> Progress:
    """How far you are through the course, one step or some: `progress("03")`, `progress("00-04")`.

    `.as_dict()` gives it as JSON has it, `.save("page.html")` writes a page to show.
    """
    first, last = steps_meant(step)
    asked = {
        name: exercise for name, exercise in exercises().items() if first <= exercise.step <= last
    }
    return Progress({name: standing(exercise) for name, exercise in asked.items()}, note())


def steps_meant(step: str | int | None) -> tuple[str, str]:
    """The first and the last step that are meant by `3`, "03", "03_middleware" or "00-04"; None means all."""
    numbers = re.match(r"(\d{1,2})(?:\s*-\s*(\d{1,2}))?", str(step).strip())
    if numbers is None:
        return ("", "") if step is not None else ("00", "99")
    first = numbers[1].zfill(2)
    return first, (numbers[2] or first).zfill(2)


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

    def save(self, path: str | os.PathLike[str] = "progress.html", *, name: str = "") -> Path:
        """Write it as a page of its own, to show or to hand in; `name` is whose it is."""
        page = result_page(self.exercises, solved=self.solved, name=name)
        Path(path).write_text(page, encoding="utf-8")
        return Path(path)

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
        marks = "".join(
            f'<li class="jd-{TONES[state]}"><b><span aria-hidden="true">{SYMBOLS[state]}</span> <span class="jd-dim">{name[:2]}</span></b>'
            f"{escaped(name[3:])}{f' ({state})' if state == CHANGED else ''}</li>"
            for name, state in self.exercises.items()
        )
        count = f"{self.solved} of {len(self.exercises)} exercises solved"
        bar = f'<progress class="jd-progress" value="{self.solved}" max="{max(1, len(self.exercises))}" aria-label="{count}"></progress>'
        title = f"{'✓ ' if self.solved == len(self.exercises) else ''}{count}"
        return page(
            card(title, bar, f'<ul class="jd-chips">{marks}</ul>', prose(self.note)),
            label="Progress",
        )


def remember(exercise: Exercise) -> None:
    """Note that an exercise is solved, here and in the working copy."""
    _in_this_kernel[exercise.name] = exercise.digest
    keep(exercise.name, {"exercise": exercise.name, "digest": exercise.digest, "solved": moment()})


def remember_answer(quiz: Quiz, letter: str) -> None:
    """Note an answer to a quiz, after those that were given before."""
    answers = [*(one for one in answers_of(quiz) if one != letter), letter]
    _answers[quiz.name] = answers
    keep(f"quiz-{quiz.name}", {"quiz": quiz.name, "answers": answers, "answered": moment()})


def answers_of(quiz: Quiz) -> list[str]:
    """The options that were chosen so far, the last one last."""
    if quiz.name in _answers:
        return list(_answers[quiz.name])
    found = written(f"quiz-{quiz.name}").get("answers")
    known = found if isinstance(found, list) else []
    return [letter for letter in known if isinstance(letter, str) and letter in quiz.options]


def keep(name: str, content: dict[str, Any]) -> None:
    """Write it into the working copy, where there is one."""
    copy = copy_here()
    if copy is None:
        return
    try:
        write_whole(progress_file(copy, name), json.dumps(content).encode("utf-8"), copy=copy)
        _not_written.pop(name, None)
    except OSError as error:  # a full disk must not make a right answer look wrong
        _not_written[name] = error.strerror or type(error).__name__


def copy_here() -> Path | None:
    """The working copy that we are in. In a browser tab the notebooks' folder is one: the browser keeps it."""
    in_tab = not HAS_THREADS and any(Path.cwd().glob("*.ipynb"))
    return enclosing_copy() or (Path.cwd() if in_tab else None)


def moment() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def is_solved(exercise: Exercise) -> bool:
    return standing(exercise) == SOLVED


def solved_in(copy: Path) -> set[str]:
    """The names of the exercises that are solved in a working copy, wherever this program runs."""
    return {
        name
        for name, exercise in exercises().items()
        if kept(progress_file(copy, name)).get("digest") == exercise.digest
    }


def standing(exercise: Exercise) -> str:
    digest = written(exercise.name).get("digest")
    digests = {_in_this_kernel.get(exercise.name), digest and str(digest)} - {None}
    if exercise.digest in digests:
        return SOLVED
    return CHANGED if digests else OPEN


def written(name: str) -> dict[str, Any]:
    """What the working copy has about an exercise or a quiz; nothing when there is none, or none that can be read."""
    copy = copy_here()
    return kept(progress_file(copy, name)) if copy else {}


def kept(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def progress_file(copy: Path, name: str) -> Path:
    return copy / STATE / "progress" / f"{name}.json"


def note() -> str:
    if _not_written:
        return f"Your progress could not be saved on disk: {', '.join(sorted(set(_not_written.values())))}. It is kept only until this kernel ends."
    if copy_here() is None:
        return (
            "Your progress is kept only until this kernel ends, because this folder is not your own copy of the course. "
            "`jwt-demo lab` creates one and saves your progress there."
        )
    return f"Your progress is saved in the folder {STATE}/progress of your copy of the course."
