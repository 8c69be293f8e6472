"""`python -m tests.exercises 02 05-live`: which mutants of these exercises' right answers pass their check, and which lines of EQUIVALENT are not needed."""

from __future__ import annotations

import asyncio
import sys
import time
import warnings

from jwt_demo.exercises import registry
from jwt_demo.exercises.checker import judge
from tests.exercises.answers import EQUIVALENT, reason_to_survive, right_answers
from tests.exercises.mutation import mutants
from tests.exercises.trying import defined


async def survivors_of(name: str) -> None:
    exercise, started = registry.exercises()[name], time.perf_counter()
    made = {
        mutant.source: mutant
        for source in (exercise.solution, *right_answers(name))
        for mutant in mutants(source)
    }
    survivors = []
    for mutant in made.values():
        try:
            candidate = defined(exercise, mutant.source)
        except Exception:  # it can't even be defined, so no check ever sees it
            continue
        if await judge(exercise, candidate, limit=2):
            survivors.append(mutant)
    reasons = {mutant: reason_to_survive(name, mutant.what) for mutant in survivors}
    seconds = time.perf_counter() - started
    print(f"{name}: {len(made)} mutants, {len(survivors)} survive, {seconds:.1f} s")
    for mutant, reason in reasons.items():
        if reason is None:
            print(f"    {mutant.kind}: {mutant.what}")
    for pattern in EQUIVALENT.get(name, {}).keys() - set(reasons.values()):
        print(f"    not needed: {pattern}")


async def main(beginnings: list[str]) -> None:
    for name in registry.exercises():
        if any(name.startswith(beginning) for beginning in beginnings or [""]):
            await survivors_of(name)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    asyncio.run(main(sys.argv[1:]))
