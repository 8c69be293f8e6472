"""All exercises and quizzes of the course: what the modules `step_NN…` in `steps/` have as EXERCISES and QUIZZES."""

from __future__ import annotations

import difflib
import functools
import importlib
import pkgutil
from typing import Any

from .model import Exercise, Quiz


@functools.cache
def modules() -> list[Any]:
    package = importlib.import_module(".steps", __package__)
    names = sorted(
        module.name
        for module in pkgutil.iter_modules(package.__path__)
        if module.name.startswith("step_")
    )
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]


def exercises() -> dict[str, Exercise]:
    return {
        exercise.name: exercise
        for module in modules()
        for exercise in getattr(module, "EXERCISES", ())
    }


def quizzes() -> dict[str, Quiz]:
    return {quiz.name: quiz for module in modules() for quiz in getattr(module, "QUIZZES", ())}


def find_exercise(candidate: Any, name: str | None = None) -> Exercise | str:
    """The exercise `candidate` answers: by `name`, else by the function's own; or a sentence that says what is amiss."""
    known = exercises()
    if name is not None:
        return known.get(name) or unknown("exercise", name, known)
    if isinstance(candidate, str):
        by_function = {exercise.function: exercise for exercise in known.values()}
        return (
            known.get(candidate)
            or by_function.get(candidate)
            or unknown("exercise", candidate, known)
        )
    called = getattr(candidate, "__name__", "")
    found = [exercise for exercise in known.values() if exercise.function == called]
    if len(found) == 1:
        return found[0]
    if found:
        return f"`{called}` is asked for more than once. Say which: " + " or ".join(
            f'`await check({called}, "{exercise.name}")`' for exercise in found
        )
    if not callable(candidate):
        return f"This is not a function but {type(candidate).__name__}. Give the function itself, without calling it: `await check(login)`."
    functions = [exercise.function for exercise in known.values()]
    near = difflib.get_close_matches(called, functions, 1)
    guess = f"Did you mean `{near[0]}`? " if near else ""
    shown = called if called.isidentifier() else "mine"
    say = f'Say which exercise it answers: `await check({shown}, "02-login")`, for example; `progress()` lists them all.'
    what = f"a function called `{called}`" if called else f"an object of {type(candidate).__name__}"
    return f"No exercise asks for {what}. {guess}{say}"


def find_quiz(name: str) -> Quiz | str:
    known = quizzes()
    return known.get(name) or unknown("quiz", name, known)


def unknown(kind: str, name: Any, known: dict[str, Any]) -> str:
    near = difflib.get_close_matches(str(name), known, 1)
    guess = f" Did you mean `{near[0]}`?" if near else f" There are: {', '.join(known)}."
    return f"No {kind} is called {name!r}.{guess}"
