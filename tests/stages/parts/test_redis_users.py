"""Users in Redis are found as users in memory are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from jwt_demo.stages.parts.redis_users import RedisUsers
from jwt_demo.stages.parts.secret_key import ConfigurationError
from tests.support.services import redis

pytestmark = pytest.mark.usefixtures("fast_hashes")


@pytest.fixture
async def users(redis_server: str, tmp_path: Path) -> AsyncIterator[RedisUsers]:
    with redis(redis_server, tmp_path) as address:
        users = RedisUsers(address)
        await users.open()
        yield users
        await users.close()


async def test_a_user_is_found_by_id_and_by_email(users: RedisUsers) -> None:
    """A subject is compared as text; what is no text, or not this text, is nobody."""
    user = await users.create("root@email.com", "toor toor toor", is_admin=True)
    assert await users.by_id("1") == await users.by_email("root@email.com") == user
    assert user.is_admin
    for subject in ("01", " 1", "1.0", "2", "", "\ud800", 1, 1.0, None, ["1"]):
        assert await users.by_id(subject) is None, subject  # type: ignore[arg-type]
    assert await users.by_email("nobody@email.com") is None


async def test_of_two_workers_one_gets_the_email(users: RedisUsers) -> None:
    """The other one is told that it is taken, and uses up no id."""
    outcomes = await asyncio.gather(
        *(users.create("new@email.com", f"password {n}") for n in range(2)), return_exceptions=True
    )
    assert sorted(str(outcome) for outcome in outcomes) == [
        "User id=1: <new@email.com, is_admin=False>",
        "new@email.com is taken",
    ]
    assert (await users.create("next@email.com", "password")).id == 2


async def test_without_redis_the_server_does_not_start() -> None:
    """It would serve, and nobody could log in."""
    with pytest.raises(ConfigurationError, match=r"^The store cannot be used: "):
        await RedisUsers("redis://127.0.0.1:9/0").open()
