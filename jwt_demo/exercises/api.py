"""What a reader calls in a cell: check, hint, solution, quiz."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from .checker import judge
from .messages import NOT_ATTEMPTED, Note, Result
from .model import Exercise, Quiz
from .progress import is_solved, remember
from .registry import find_exercise, find_quiz

_hints: dict[str, int] = {}
_solutions: dict[str, int] = {}


def check(candidate: Any, exercise: str | None = None) -> Checking:
    """Judge a function, handler, middleware or decorator: `await check(login)`, or `await check(mine, exercise="02-login")`.

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
        return result

    def __repr__(self) -> str:
        return f"Nothing is judged yet: write `await check({getattr(self.candidate, '__name__', '…')})`."


async def judged(exercise: Exercise, candidate: Any) -> Result:
    if isinstance(candidate, str):
        return Result(
            exercise.name,
            NOT_ATTEMPTED,
            f"Give the function itself, not its name: `await check({exercise.function})`.",
        )
    if not callable(candidate):
        message = f"This is not a function but {type(candidate).__name__}. Give the function itself, without calling it: `await check({exercise.function})`."
        return Result(exercise.name, NOT_ATTEMPTED, message)
    return await judge(exercise, candidate)


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
    found = find_quiz(name)
    return Question(found)


class Question:
    """A quiz in the reader's hand."""

    def __init__(self, quiz: Quiz | str):
        self.quiz = quiz

    def answer(self, option: str) -> Answer | Note:
        """Whether this option is right, and why."""
        if isinstance(self.quiz, str):
            return Note("quiz", self.quiz)
        letter = str(option).strip().strip(").").lower()
        if letter not in self.quiz.options:
            return Note(
                f"quiz · {self.quiz.name}",
                f"There is no option {option!r}; choose one of {', '.join(self.quiz.options)}.",
            )
        if letter != self.quiz.right:
            return Answer(
                f"✗ not {letter} · {self.quiz.name}",
                self.quiz.reasons[letter],
                after="Choose again.",
            )
        return Answer(f"✓ {letter} is right · {self.quiz.name}", self.quiz.because, right=True)

    def note(self) -> Note:
        if isinstance(self.quiz, str):
            return Note("quiz", self.quiz)
        options = tuple(f"{letter})  {text}" for letter, text in self.quiz.options.items())
        return Note(
            f"? {self.quiz.name}",
            self.quiz.question,
            items=options,
            after=f'Answer with quiz("{self.quiz.name}").answer("a").',
        )

    def __repr__(self) -> str:
        return repr(self.note())

    def _repr_html_(self) -> str:
        return self.note()._repr_html_()


@dataclass(frozen=True, repr=False)
class Answer(Note):
    """What came of an answer. True when right."""

    right: bool = False

    def __bool__(self) -> bool:
        return self.right


async def report(candidate: Any, exercise: str, mark: str) -> None:
    """Print a check's result as JSON behind a mark, for whoever runs this notebook from outside; progress is not touched."""
    found = find_exercise(candidate, exercise)
    result = (
        Result(exercise, NOT_ATTEMPTED, str(found))
        if isinstance(found, str)
        else await judged(found, candidate)
    )
    print(f"\n{mark}{json.dumps(result.as_dict())}")
