"""What a reader calls in a cell: check, hint, solution, quiz."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from .cells import Undefined, watch_cells
from .checker import judge
from .model import Exercise
from .progress import is_solved, remember
from .quiz import Question
from .registry import find_exercise, find_quiz
from .result import CORRECT, NOT_ATTEMPTED, Note, Result
from .shapes import is_the_courses_own, name_of

_hints: dict[str, int] = {}
_solutions: dict[str, int] = {}
_attempts: dict[str, int] = {}  # checks that were not correct


def check(candidate: Any, exercise: str | None = None) -> Checking:
    """Judge a function, handler, middleware or decorator: `await check(login, "02-login")`.

    Without the exercise's name it is found by the function's own.

    The value is true when it is correct, shows itself, and `.as_dict()` gives it as JSON has it.
    """
    return Checking(candidate, exercise)


class Checking:
    """A check that waits for its `await`."""

    def __init__(self, candidate: Any, exercise: str | None):
        self.candidate, self.exercise = candidate, exercise

    def __await__(self) -> Generator[Any, None, Result]:
        return self._judge().__await__()

    async def _judge(self) -> Result:
        found = find_exercise(self.candidate, self.exercise)
        if isinstance(found, str):
            return Result("check", NOT_ATTEMPTED, found)
        result = await judged(found, self.candidate)
        if result:
            remember(found)
        return with_help(result, found)

    def __repr__(self) -> str:
        return f"Nothing is tested yet: write `await check({getattr(self.candidate, '__name__', '…')})`."


def with_help(result: Result, exercise: Exercise) -> Result:
    """The result with hints to open beneath it; with the solution too where it is correct or the second attempt."""
    if result.outcome not in (CORRECT, NOT_ATTEMPTED):
        _attempts[exercise.name] = _attempts.get(exercise.name, 0) + 1
    free = bool(result) or is_solved(exercise) or _attempts.get(exercise.name, 0) >= 2
    return replace(
        result,
        hints_to_open=() if result else exercise.hints,
        solution=exercise.solution.strip("\n") if free else "",
    )


async def judged(exercise: Exercise, candidate: Any) -> Result:
    cells = watch_cells()
    why_not = cells.why_not(candidate, exercise.function) if cells is not None else ""
    why_not = why_not or no_answer(exercise, candidate)
    if why_not:
        return Result(exercise.name, NOT_ATTEMPTED, why_not)
    return await judge(exercise, candidate)


def no_answer(exercise: Exercise, candidate: Any) -> str:
    """Why something is no answer to any exercise, as a sentence; "" when it may be judged."""
    call = f'`await check({exercise.function}, "{exercise.name}")`'
    if isinstance(candidate, Undefined):
        return f"Nothing is called `{candidate.__name__}` yet. Write it in the cell above, run that cell, then this one."
    if isinstance(candidate, str):
        return f"Give the function itself, not its name: {call}."
    if not callable(candidate):
        return f"This is not a function but {type(candidate).__name__}. Give the function itself, without calling it: {call}."
    if is_the_courses_own(candidate):
        return f"This is the course's own `{name_of(candidate)}`, not yours. Write one in the cell above, run it, then this one."
    return ""


def hint(exercise: Any) -> Note:
    """The next hint for an exercise, from a nudge to nearly the code: `hint(login)` or `hint("02-login")`."""
    found = find_exercise(exercise)
    if isinstance(found, str):
        return Note("hint", found)
    asked = _hints[found.name] = min(_hints.get(found.name, 0) + 1, len(found.hints))
    after = (
        "Ask again for more."
        if asked < len(found.hints)
        else f"`solution({found.function})` shows all of it."
    )
    return Note(
        f"hint {asked} of {len(found.hints)} · {found.name}", found.hints[asked - 1], after=after
    )


def solution(exercise: Any) -> Note:
    """One right answer, after yours is correct, or when asked a second time."""
    found = find_exercise(exercise)
    if isinstance(found, str):
        return Note("solution", found)
    _solutions[found.name] = _solutions.get(found.name, 0) + 1
    if not is_solved(found) and _solutions[found.name] < 2:
        return Note(
            f"solution · {found.name}",
            f"Yours is not correct yet. `hint({found.function})` may be enough; ask for the solution once more to see it.",
        )
    return Note(
        f"solution · {found.name}",
        "One way to write it; any other that behaves the same is as right.",
        found.solution.strip("\n"),
        after=found.learnt,
    )


def quiz(name: str) -> Question:
    """A question to answer before running the next cell: `quiz("encoded")` shows it, `quiz("encoded").answer("b")` answers."""
    return Question(find_quiz(name))


async def outcome_of(candidate: Any, exercise: str) -> Result:
    """A check for a program that runs this notebook from outside, with None where no cell defined a candidate: progress is not touched."""
    found = find_exercise(candidate, exercise)
    if isinstance(found, str):
        return Result(exercise, NOT_ATTEMPTED, found)
    if candidate is None:
        candidate = Undefined(found.function)
    return await judged(found, candidate)


def outcome_now(candidate: Any, exercise: str) -> Result:
    """`outcome_of` for a program that cannot await while the notebook's loop runs: on a thread with a loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, outcome_of(candidate, exercise)).result()


async def report(candidate: Any, exercise: str, mark: str) -> None:
    """Print the result of `outcome_of` as JSON behind a mark."""
    result = await outcome_of(candidate, exercise)
    print(f"\n{mark}{json.dumps(result.as_dict())}")


watch_cells()
