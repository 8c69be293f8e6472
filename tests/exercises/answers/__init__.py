"""Answers that a learner could give, for each exercise: other right ones than the solution, and wrong ones with a piece of their message.

A module `step_NN….py` has `RIGHT`, `WRONG` or both, each a dict from the exercise's name to its answers, and perhaps `EQUIVALENT`:
for an exercise the mutants of its right answers that are as right as these, each with the reason.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any

from tests.exercises.answers.model import Wrong


def right_answers(name: str) -> tuple[str, ...]:
    """The right answers to an exercise, beside its solution."""
    return RIGHT.get(name, ())


def wrong_answers(name: str) -> tuple[Wrong, ...]:
    """The wrong answers to an exercise."""
    return WRONG.get(name, ())


def reason_to_survive(name: str, what: str) -> str | None:
    """Why a mutant is as right as the answer that it was made from: EQUIVALENT has it by `Mutant.what`, where `*` stands for anything."""
    for pattern in EQUIVALENT.get(name, {}):
        if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), what):
            return pattern
    return None


MODULES = [
    importlib.import_module(f"{__name__}.{module.name}")
    for module in pkgutil.iter_modules(__path__)
    if module.name.startswith("step_")
]


def gathered(table: str) -> dict[str, tuple[Any, ...]]:
    """All answers to each exercise, whatever module they stand in."""
    found: dict[str, tuple[Any, ...]] = {}
    for module in MODULES:
        for name, answers in getattr(module, table, {}).items():
            found[name] = (*found.get(name, ()), *answers)
    return found


RIGHT, WRONG = gathered("RIGHT"), gathered("WRONG")
EQUIVALENT = {
    name: dict(found)
    for module in MODULES
    for name, found in getattr(module, "EQUIVALENT", {}).items()
}
