"""Which sentence a check says, and what it shows of what came back: named mistakes first, then general ones, then the case's own."""

from __future__ import annotations

import contextlib
import inspect
import linecache
import traceback
from pathlib import Path
from typing import Any

from aiohttp import web

from ..escaping import plain
from ..server import diagnosis
from ..server.runtime import HAS_THREADS, tab_without
from .model import Exercise, Trial, Unfit, Want
from .result import CORRECT, INCORRECT, NOT_ATTEMPTED, RAISED, Result
from .shapes import returns_no_value
from .state import CHANGED_LATER, what_is_kept
from .stub import is_empty

CHANGES = "Your function changed the object that it was given. The caller still needs that object as it was: make a new one."
OURS = str(
    Path(__file__).resolve().parents[1]
)  # the stages too: what a learner calls there is not their line


def not_attempted(exercise: Exercise) -> Result:
    todo = (
        f"write the body of `{exercise.function}`"
        if is_empty(exercise.stub)
        else f"change `{exercise.function}`"
    )
    message = f"Not tested yet: {todo}, run its cell, then run this cell again. {exercise.idea}"
    return Result(exercise.name, NOT_ATTEMPTED, message)


def skipped(exercise: Exercise, absent: list[str]) -> Result:
    """The exercise is for a framework that is not installed: nothing is judged, and the sentence says how to go on."""
    message = (
        f"This exercise needs {', '.join(absent)}, which is not installed here. Skip it, "
        "or run `python -m pip install 'jwt_demo[frameworks]'` in a terminal and restart the kernel."
    )
    if not HAS_THREADS:
        names = " and no ".join(f"`{name}`" for name in absent)
        message = tab_without(names, "this exercise is not judged. It can be done on a machine")
    return Result(exercise.name, NOT_ATTEMPTED, message)


def correct(exercise: Exercise) -> Result:
    tried = (
        "The case is right."
        if len(exercise.cases) == 1
        else f"All {len(exercise.cases)} cases are right."
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
        trial.bench.in_words(message),
        sent=trial.sent,
        wanted=want.text if want else "",
        got=trial.bench.in_words(what_came_back(want, trial)),
        where=their_lines(trial.error),
        mistake=bool(named),
        hints=f"`hint({exercise.function})` helps a little, and more each time.",
    )
    for coroutine in coroutines_in(trial.error):
        coroutine.close()  # it is told; Python's own warning would come too late and elsewhere
    return result


def name_of_mistake(exercise: Exercise, trial: Trial) -> str:
    if trial.error is not None and str(trial.error) in (CHANGES, CHANGED_LATER):
        return ""  # the value was right, so what is known of wrong values is not the cause
    if kept := what_is_kept(trial):
        return kept
    for mistake in (*(trial.case.mistakes if trial.case else ()), *exercise.mistakes):
        try:
            if mistake.when(trial):
                return mistake.says
        except Exception:  # noqa: S112  # what came back can't even be looked at, so it is not this mistake
            continue
    return ""


def broken_check(exercise: Exercise, error: Exception) -> Result:
    """The check itself raised: that is no verdict, and it says so."""
    message = (
        f"This check could not be finished: {type(error).__name__}, raised by the course's own code at something "
        "that it did not expect. That is a mistake in the course, and your code was not judged."
    )
    return Result(exercise.name, NOT_ATTEMPTED, message)


def general_mistake(trial: Trial) -> str:
    """What can go wrong in any exercise."""
    if trial.stuck:
        return f"Your code had not finished after some seconds and was stopped{trial.stuck} The kernel goes on working: change that, and run both cells again."
    if isinstance(trial.error, Unfit):
        return str(trial.error)
    if trial.error is not None:
        return meaning_of(trial.error, trial.problem)
    if trial.exchange is not None:
        return trial.problem
    if inspect.isawaitable(trial.value):
        return "Your function returned something that was never awaited: an `await` is missing before the call that made it."
    if trial.value is None and trial.case is not None and returns_no_value(trial.candidate):
        return "Your function returned None: no `return` in it has a value."
    return ""


def meaning_of(error: BaseException, problem: str) -> str:
    """What an exception means; its name, text and lines are shown elsewhere."""
    text = str(error)
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return "`exit()`, `sys.exit()` and the like end the whole program. Your code is a part of it: return a result instead."
    if isinstance(error, AttributeError) and "'str' object has no attribute 'decode'" in text:
        return "It is a str already, so there is nothing to decode. (PyJWT 2 returns the token as a str, too.)"
    told = diagnosis.hint(error, None).strip()
    if told:
        return told
    if ("'coroutine' object" in text or "<coroutine object" in text) and isinstance(
        error, (TypeError, AttributeError)
    ):
        return "A value there is still a coroutine: put `await` before the call that made it."
    if isinstance(error, UnboundLocalError):
        return "A name that is set anywhere in a function is local in all of it, and here this one had no value yet."
    if isinstance(error, RuntimeError) and "changed size during iteration" in text:
        return "A loop cannot go through a dict or set while items are added to it or removed from it. Go through a copy, or make a new one."
    if isinstance(error, NameError):
        return "Python knows no such name in this notebook: either the cell that defines it has not run, or it is spelled differently there."
    if isinstance(error, KeyError):
        if is_name_of_a_key(error):
            return f"The key is the object {text.strip(chr(39))}, not a text with its name: leave the quotes out."
        return f"The key {text} is not there. `[...]` raises for a key that is missing, `.get(...)` gives None."
    if isinstance(error, AttributeError) and "'AppKey' object" in text:
        return "That is an AppKey, a key only. The value is in the application, under this key: `request.app[...]`."
    if isinstance(error, AttributeError) and "'dict' object" in text:
        return "A dict has no such attribute. Its items are read with `[...]`, or `.get(...)` where one may be missing."
    if isinstance(error, TypeError) and "object is not subscriptable" in text:
        if "'NoneType'" in text:
            return "What stands before `[...]` is None there: look for None first."
        return "What stands before `[...]` has no items. An attribute or a method is read with a dot and its name."
    if (
        isinstance(error, TypeError)
        and "argument" in text
        and ("missing" in text or "positional" in text or "unexpected" in text)
    ):
        if their_lines(error):
            return (
                "In the last line shown, a function is called with other arguments than it takes."
            )
        return "The check calls your function with other arguments than it takes: keep its parameters as the exercise has them."
    return (
        "Your code raised this exception in the line that is shown."
        if their_lines(error)
        else problem
    )


def is_name_of_a_key(error: KeyError) -> bool:
    """Whether what was looked up is the name, as text, of an AppKey or RequestKey that the code could see."""
    name = error.args[0] if error.args else None
    return isinstance(name, str) and any(
        isinstance(frame.f_globals.get(name), (web.AppKey, web.RequestKey))
        for frame, _ in traceback.walk_tb(error.__traceback__)
    )


def what_came_back(want: Want | None, trial: Trial) -> str:
    if want is not None and want.got is not None and trial.error is None and not trial.stuck:
        with contextlib.suppress(Exception):
            return want.got(trial)
    return came_back(trial)


def came_back(trial: Trial) -> str:
    if isinstance(trial.error, Unfit):
        return trial.error.got
    if trial.error is not None:
        text = str(trial.error)
        if isinstance(trial.error, UnicodeDecodeError):  # which byte it was differs in each run
            text = f"these bytes are no text in {trial.error.encoding}"
        said = f"{type(trial.error).__name__}: {text}" if text else type(trial.error).__name__
        status = f", status {trial.status}" if trial.status else ""
        return plain(said) + status
    if trial.stuck:
        return "nothing in time"
    if trial.exchange is not None:
        return answer(trial.exchange)
    return value(trial.value) if trial.case else value(trial.candidate)


def is_utf8(octets: bytes) -> bool:
    """Whether it is text that can be shown: UTF-16 of ASCII can be read as UTF-8 too, with zeros in it."""
    try:
        return "\0" not in octets.decode("utf-8")
    except UnicodeDecodeError:
        return False


def answer(exchange: Any) -> str:
    if exchange.status is None:
        return "no response"
    if not is_utf8(exchange.body):
        return f"{exchange.status} {exchange.reason}  bytes that are not UTF-8"
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


def their_lines(error: BaseException | None) -> tuple[str, ...]:
    """The learner's own lines of a traceback."""
    if error is None:
        return ()
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if diagnosis.is_theirs(frame) and OURS not in frame.f_code.co_filename
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
