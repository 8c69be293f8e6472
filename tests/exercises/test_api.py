"""What a reader calls in a cell, and what a grader's program calls: slips of the hand, and outcomes."""

from __future__ import annotations

import json

import pytest

from jwt_demo.exercises import check, hint, registry, solution
from jwt_demo.exercises.api import outcome_now, report
from jwt_demo.exercises.result import CORRECT, NOT_ATTEMPTED
from jwt_demo.stages import decorator
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

LOGIN = registry.exercises()["02-login"]

pytestmark = AS_IN_A_NOTEBOOK


def test_a_name_that_is_none_is_a_sentence():
    """In a hint and in a solution, as in a check."""
    for asked in (hint, solution):
        assert "Did you mean `03-find-user`?" in repr(asked("03-find-usr"))


async def test_the_courses_own_function_is_no_answer():
    """A lesson imports some of them; correct is who has written one."""
    result = await check(decorator.get_user, exercise="04-require-scope")
    assert result.outcome == NOT_ATTEMPTED
    assert result.message.startswith("This is the course's own `get_user`, not yours.")


async def test_a_program_asks_for_an_outcome():
    """It cannot await, and a loop may be running: the check has a loop of its own."""
    login = defined(LOGIN, LOGIN.solution)
    assert outcome_now(login, "02-login").outcome == CORRECT
    assert outcome_now(login, "02-logn").outcome == NOT_ATTEMPTED
    missing = outcome_now(None, "02-login")
    assert (missing.outcome, missing.exercise) == (NOT_ATTEMPTED, "02-login")
    assert "Nothing is called `login` yet" in missing.message


async def test_a_kernel_prints_an_outcome(capsys: pytest.CaptureFixture[str]):
    """Behind a mark, so that it can be told from what the learner's code prints."""
    await report(defined(LOGIN, LOGIN.solution), "02-login", "#mark#")
    printed = json.loads(capsys.readouterr().out.partition("\n#mark#")[2])
    assert (printed["exercise"], printed["correct"]) == ("02-login", True)
