"""The outcome of a check as a value, and how it shows itself: text that is complete, HTML on top, a symbol and a word."""

from __future__ import annotations

import contextlib
import inspect
import linecache
import re
import traceback
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from ..server import diagnosis as explaining
from .model import Exercise, Trial, Unfit, Want
from .stub import is_empty

NOT_ATTEMPTED, INCORRECT, RAISED, CORRECT = (
    "not attempted",
    "incorrect",
    "your code raised",
    "correct",
)
OURS = str(
    Path(explaining.__file__).parent.parent
)  # the stages too: what a learner calls there is not their line
SYMBOLS = {NOT_ATTEMPTED: "○", INCORRECT: "✗", RAISED: "!", CORRECT: "✓"}


@dataclass(frozen=True, repr=False)
class Result:
    """What a check found. True when correct."""

    exercise: str
    outcome: str
    message: str  # what it means, and what to do
    sent: str = ""
    wanted: str = ""
    got: str = ""
    where: tuple[
        str, ...
    ] = ()  # the learner's own lines an exception came through, outermost first
    mistake: bool = False  # whether the message is one for a named mistake
    hints: str = ""  # how to go on

    def __bool__(self) -> bool:
        return self.outcome == CORRECT

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON has it."""
        fields = {
            name: getattr(self, name)
            for name in ("exercise", "outcome", "message", "sent", "wanted", "got")
        }
        return {**fields, "where": list(self.where), "correct": bool(self)}

    def rows(self) -> list[tuple[str, str]]:
        rows = [
            ("sent", self.sent),
            ("wanted", self.wanted),
            ("got", self.got),
            *(("in", line) for line in self.where),
        ]
        return [(name, text) for name, text in rows if text]

    def __repr__(self) -> str:
        lines = [f"{SYMBOLS[self.outcome]} {self.outcome} · {self.exercise}"]
        lines += [f"  {name:<8}{text}" for name, text in self.rows()]
        return "\n".join([*lines, *(f"  {line}" for line in (self.message, self.hints) if line)])

    def _repr_html_(self) -> str:
        cells = "".join(
            f"<span>{name}</span><code>{escape(text)}</code>" for name, text in self.rows()
        )
        rows = (
            f"<div style='display:grid;grid-template-columns:max-content 1fr;gap:.1em .8em;margin:.3em 0'>{cells}</div>"
            if cells
            else ""
        )
        return box(
            f"{SYMBOLS[self.outcome]} {self.outcome}",
            self.exercise,
            rows,
            in_html(self.message),
            in_html(self.hints),
        )


@dataclass(frozen=True, repr=False)
class Note:
    """Something said to the reader: a hint, a solution, a question. `code` shows as code."""

    title: str
    text: str = ""
    code: str = ""
    items: tuple[str, ...] = field(default=())
    after: str = ""

    def __repr__(self) -> str:
        code = ["", *self.code.rstrip().splitlines(), ""] if self.code else []
        return "\n".join(
            [
                self.title,
                *(
                    f"  {line}"
                    for line in (self.text, *code, *self.items, self.after)
                    if line or code
                ),
            ]
        ).rstrip()

    def _repr_html_(self) -> str:
        code = f"<pre>{escape(self.code.rstrip())}</pre>" if self.code else ""
        items = "".join(f"<div>{in_html(item)}</div>" for item in self.items)
        return box(self.title, "", in_html(self.text), code, items, in_html(self.after))


def box(title: str, name: str, *parts: str) -> str:
    head = f"<div><strong>{escape(title)}</strong>{' · ' + escape(name) if name else ''}</div>"
    return f"<div style='border-left:4px solid currentColor;padding:.2em 0 .2em .8em'>{head}{''.join(part for part in parts if part)}</div>"


def in_html(text: str) -> str:
    """A sentence with its `code` marked; everything else is text."""
    return (
        "<div>" + re.sub("`([^`]+)`", r"<code>\1</code>", escape(text)) + "</div>" if text else ""
    )


def not_attempted(exercise: Exercise) -> Result:
    todo = (
        f"give `{exercise.function}` a body"
        if is_empty(exercise.stub)
        else f"change `{exercise.function}`"
    )
    message = f"Nothing is judged yet: {todo}, run its cell, then this one. {exercise.idea}"
    return Result(exercise.name, NOT_ATTEMPTED, message)


def correct(exercise: Exercise) -> Result:
    tried = (
        "The case holds." if len(exercise.cases) == 1 else f"All {len(exercise.cases)} cases hold."
    )
    return Result(
        exercise.name,
        CORRECT,
        f"{tried} {exercise.learnt}",
        hints=f"`solution({exercise.function})` shows how we wrote it.",
    )


def incorrect(exercise: Exercise, trial: Trial, want: Want | None) -> Result:
    named = name_of_mistake(exercise, trial)
    message = (
        named
        or general_mistake(trial)
        or (want.means if want else "")
        or (trial.case.means if trial.case else "")
    )
    result = Result(
        exercise.name,
        RAISED if trial.error is not None and not isinstance(trial.error, Unfit) else INCORRECT,
        message,
        sent=trial.case.sent if trial.case else "",
        wanted=want.text if want else "",
        got=what_came_back(want, trial),
        where=their_lines(trial.error),
        mistake=bool(named),
        hints=f"`hint({exercise.function})` helps a little, and more each time.",
    )
    for coroutine in coroutines_in(trial.error):
        coroutine.close()  # it is told; Python's own warning would come too late and elsewhere
    return result


def name_of_mistake(exercise: Exercise, trial: Trial) -> str:
    for mistake in (*(trial.case.mistakes if trial.case else ()), *exercise.mistakes):
        try:
            if mistake.when(trial):
                return mistake.says
        except Exception:  # noqa: S112  # what came back can't even be looked at, so it is not this mistake
            continue
    return ""


def general_mistake(trial: Trial) -> str:
    """What can go wrong in any exercise."""
    if trial.stuck:
        return f"It was stopped because it does not end{trial.stuck} The kernel is well: change that, and run both cells again."
    if isinstance(trial.error, Unfit):
        return str(trial.error)
    if trial.error is not None:
        return meaning_of(trial.error, trial.exchange.problem if trial.exchange else "")
    if trial.exchange is not None:
        return trial.exchange.problem
    if inspect.isawaitable(trial.value):
        return "What came back was never awaited. Is an `await` missing?"
    if trial.value is None and trial.case is not None:
        return "Your function returned None. Is a `return` missing?"
    return ""


def meaning_of(error: BaseException, problem: str) -> str:
    """What an exception means; its name, text and lines are shown elsewhere."""
    text = str(error)
    told = explaining.hint(error, None).strip()
    if told:
        return told
    if "coroutine" in text and isinstance(error, (TypeError, AttributeError)):
        return "Something there is still a coroutine: the call that made it wants an `await` before it."
    if isinstance(error, NameError):
        return "Python does not know this name. Is the cell that defines it run, and is it spelled the same?"
    if isinstance(error, KeyError):
        if text.strip("'").isupper():
            return f"The key is the object {text.strip(chr(39))}, not a text with its name: leave the quotes out."
        return f"There is no {text} in it, and `[...]` raises where `.get(...)` gives None."
    if isinstance(error, AttributeError) and "'AppKey' object" in text:
        return "That is only the key. What lies under it is in the application: `request.app[...]`."
    if isinstance(error, AttributeError) and "'dict' object" in text:
        return (
            "A dict has items and no attributes: `[...]`, or `.get(...)` where it may be missing."
        )
    if isinstance(error, TypeError) and "object is not subscriptable" in text:
        return "This object has attributes and no items: a dot and the name, in place of `[...]`."
    if (
        isinstance(error, TypeError)
        and "argument" in text
        and ("missing" in text or "positional" in text or "unexpected" in text)
    ):
        if their_lines(error):
            return "A function is called in that line with other arguments than it takes."
        return "Your function is called with other arguments than it takes: keep the first line as the exercise has it."
    return "Your code raised this, in the line above." if their_lines(error) else problem


def what_came_back(want: Want | None, trial: Trial) -> str:
    if want is not None and want.got is not None and trial.error is None and not trial.stuck:
        with contextlib.suppress(Exception):
            return want.got(trial)
    return came_back(trial)


def came_back(trial: Trial) -> str:
    if isinstance(trial.error, Unfit):
        return trial.error.got
    if trial.error is not None:
        said = (
            f"{type(trial.error).__name__}: {trial.error}"
            if str(trial.error)
            else type(trial.error).__name__
        )
        status = f", answered with {trial.status}" if trial.status else ""
        return plain(said) + status
    if trial.stuck:
        return "nothing in time"
    if trial.exchange is not None:
        return answer(trial.exchange)
    return value(trial.value) if trial.case else value(trial.candidate)


def answer(exchange: Any) -> str:
    if exchange.status is None:
        return "no answer"
    said = (
        "" if exchange.text == f"{exchange.status}: {exchange.reason}" else plain(exchange.text)
    )  # aiohttp repeats the status there
    challenge = exchange.headers.get("WWW-Authenticate")
    return (
        f"{exchange.status} {exchange.reason}"
        + (f"  {said}" if said else "")
        + (f"  WWW-Authenticate: {plain(challenge)}" if challenge else "")
    )


def value(thing: Any) -> str:
    """A value as it reads, the same in each run."""
    if inspect.iscoroutine(thing):
        thing.close()
        return "a coroutine"
    if callable(thing):
        return f"the {'class' if inspect.isclass(thing) else 'function'} {getattr(thing, '__name__', type(thing).__name__)}"
    try:
        return plain(repr(thing)[:MOST])
    except Exception:  # a learner's own __repr__
        return f"an object of class {type(thing).__name__}"


MOST = 10_000  # characters of a value that are looked at


def plain(text: str) -> str:
    """One short line: a token's bytes, addresses of objects and ports are left out."""
    text = re.sub(r"eyJ[\w-]*\.[\w-]*\.?[\w-]*", "<token>", text)
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= 160 else text[:157] + "…"


def their_lines(error: BaseException | None) -> tuple[str, ...]:
    """The learner's own lines of a traceback."""
    if error is None:
        return ()
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if explaining.is_theirs(frame) and OURS not in frame.f_code.co_filename
    ]
    return tuple(line_of(frame, line) for frame, line in frames[-6:])


def coroutines_in(error: BaseException | None) -> list[Any]:
    """Coroutines in the variables of a traceback's frames that were never started."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)] if error else []
    found = [
        local for frame in frames for local in frame.f_locals.values() if inspect.iscoroutine(local)
    ]
    return [
        coroutine
        for coroutine in found
        if inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED
    ]


def line_of(frame: Any, line: int) -> str:
    source = linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()
    return f"{frame.f_code.co_name}, line {line}" + (f": {source}" if source else "")
