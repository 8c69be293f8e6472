"""The checks are tried with right answers that have one thing wrong, made by rule: none may pass that is not as right as before.

`make mutants` tries all of them, a usual run every sixth, one with THOROUGH every third. A mutant that survives is a case that is missing, or stands in the
table EQUIVALENT of `answers/step_NN….py` with the reason why it does the same.
"""

from __future__ import annotations

import os
import zlib

import pytest

from jwt_demo.exercises import registry
from jwt_demo.exercises.checker import judge
from tests.exercises.answers import EQUIVALENT, reason_to_survive, right_answers
from tests.exercises.mutation import Mutant, mutants
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

pytestmark = AS_IN_A_NOTEBOOK

EXERCISES = list(registry.exercises().values())
ALL = bool(os.environ.get("ALL_MUTANTS"))
ONE_IN = 1 if ALL else 3 if os.environ.get("THOROUGH") else 6


def chosen(name: str) -> list[Mutant]:
    """The mutants of an exercise's right answers that this run tries."""
    exercise = registry.exercises()[name]
    found: dict[str, Mutant] = {}
    for source in (exercise.solution, *right_answers(name)):
        for mutant in mutants(source):
            found.setdefault(mutant.source, mutant)
    return [mutant for mutant in found.values() if zlib.crc32(mutant.source.encode()) % ONE_IN == 0]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
async def test_no_mutant_of_a_right_answer_passes(exercise):
    """What survives is a case that the check lacks."""
    survivors, tried = [], chosen(exercise.name)
    for mutant in tried:
        try:
            candidate = defined(exercise, mutant.source)
        except Exception:  # it can't even be defined, so no check ever sees it
            continue
        if await judge(exercise, candidate, limit=2):
            survivors.append(mutant)
    used = {reason_to_survive(exercise.name, mutant.what) for mutant in survivors}
    told = [
        f"{mutant.kind}: {mutant.what}"
        for mutant in survivors
        if reason_to_survive(exercise.name, mutant.what) is None
    ]
    assert told == [], f"{len(told)} of {len(tried)} survive"
    if ALL:  # the table has no line for a mutant that is killed, or is none
        assert EQUIVALENT.get(exercise.name, {}).keys() <= used
