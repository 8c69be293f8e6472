"""Two requests at once in a check: code that lets them in one after the other is right, if slow, and what is shared between two is found."""

from __future__ import annotations

import pytest

from jwt_demo.exercises import registry
from jwt_demo.exercises.checker import judge
from tests.exercises.answers.model import but_with
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

pytestmark = AS_IN_A_NOTEBOOK

LOGIN, MIDDLEWARE = (registry.exercises()[name] for name in ("02-login", "03-auth-middleware"))
LOCK = "import asyncio\nturn = asyncio.Lock()\n"
LOOKS_UP = {
    "02-login": '    user = await request.app[USERS].authenticate(fields["email"], fields["password"])\n',
    "03-auth-middleware": '    user = await request.app[USERS].by_id(claims["sub"])\n',
}


@pytest.mark.parametrize("exercise", [LOGIN, MIDDLEWARE], ids=lambda exercise: exercise.name)
async def test_one_after_the_other_is_right(exercise):
    """The second request waits for the first one there, so the first must not wait for the second for ever."""
    line = LOOKS_UP[exercise.name]
    source = LOCK + but_with(exercise.solution, line, f"    async with turn:\n    {line}")
    result = await judge(exercise, defined(exercise, source))
    assert result, result


async def test_rights_that_the_user_has_may_be_in_the_token():
    """Under any name: only what goes beyond them is rejected."""
    signs = "claims = claims_for(user, now=datetime.now(timezone.utc))\n"
    more = '    claims |= {"scopes": sorted(user.scopes), "is_admin": user.is_admin, "role": "reader"}\n'
    result = await judge(LOGIN, defined(LOGIN, but_with(LOGIN.solution, signs, signs + more)))
    assert result, result
