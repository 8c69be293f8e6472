"""Login attempts are limited for an account and for an address, and nobody locks out somebody else."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from aiohttp import web

from jwt_demo.stages.parts.login_limit import LoginLimit
from jwt_demo.stages.parts.stores import Bucket, MemoryStore, SQLiteStore, open_store
from tests.support.services import redis


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["memory", "sqlite"])
async def store(request, tmp_path, clock):
    """The stores whose clock can be set."""
    made = (
        MemoryStore(clock=clock)
        if request.param == "memory"
        else SQLiteStore(tmp_path / "store.sqlite", clock=clock)
    )
    yield made
    await made.close()


async def wait_for(limit, email, address):
    """Seconds until another attempt; 0 where this one was allowed."""
    try:
        await limit.take(email, address)
    except web.HTTPTooManyRequests as refused:
        assert refused.headers["Cache-Control"] == "no-store"
        return int(refused.headers["Retry-After"])
    return 0


async def test_after_so_many_attempts_there_is_a_wait(store, clock):
    """429 with the seconds until the next attempt; then one more, and no more than one."""
    limit = LoginLimit(store, for_pair=5, account_seconds=10)
    assert [await wait_for(limit, "victim", "1.1.1.1") for _ in range(7)] == [0] * 5 + [10, 10]
    clock.now += 4
    assert await wait_for(limit, "victim", "1.1.1.1") == 6
    clock.now += 6
    assert [await wait_for(limit, "victim", "1.1.1.1") for _ in range(2)] == [0, 10]
    clock.now += 1000
    assert [await wait_for(limit, "victim", "1.1.1.1") for _ in range(6)] == [0] * 5 + [10]


async def test_a_stranger_locks_nobody_out(store):
    """However often one address tries, the same account is open from another."""
    limit = LoginLimit(store, for_pair=5)
    for _ in range(50):
        await wait_for(limit, "victim", "6.6.6.6")
    assert await wait_for(limit, "victim", "1.1.1.1") == 0


async def test_many_addresses_together_have_fewer_attempts_each(store):
    """An account that a hundred addresses try: each has a few attempts, and the owner, who needs one, has one."""
    limit = LoginLimit(store, for_pair=50, for_account=100, when_crowded=3)
    for number in range(100):
        assert await wait_for(limit, "victim", f"6.6.6.{number}") == 0
    waits = [await wait_for(limit, "victim", "6.6.6.6") for _ in range(5)]
    assert waits[:3] == [0] * 3
    assert min(waits[3:]) > 0
    assert await wait_for(limit, "victim", "1.1.1.1") == 0
    assert await wait_for(limit, "somebody else", "6.6.6.6") == 0


async def test_one_address_cannot_try_all_accounts(store):
    """One password on many accounts is an attack as well."""
    limit = LoginLimit(store, for_address=20)
    waits = [await wait_for(limit, f"account {number}", "6.6.6.6") for number in range(22)]
    assert waits == [0] * 20 + [1, 1]
    assert await wait_for(limit, "account 0", "1.1.1.1") == 0


async def test_a_right_password_is_no_attempt(store):
    """Who logs in a hundred times is not an attacker."""
    limit = LoginLimit(store, for_pair=3, for_address=3, for_account=3)
    for _ in range(100):
        assert await wait_for(limit, "user", "1.1.1.1") == 0
        await limit.give_back("user", "1.1.1.1")


async def test_a_clock_that_jumps_locks_nobody_out(store, clock):
    """Ahead by a year and back: nobody waits for a year."""
    limit = LoginLimit(store, for_pair=5, account_seconds=10)
    clock.now += 365 * 86400
    await wait_for(limit, "user", "1.1.1.1")
    clock.now -= 365 * 86400
    assert [await wait_for(limit, "user", "1.1.1.1") for _ in range(6)] == [0] * 5 + [10]


async def test_what_is_kept_names_nobody(tmp_path):
    """People type passwords into the wrong field: the store holds neither an e-mail nor an address."""
    store = SQLiteStore(tmp_path / "store.sqlite")
    await LoginLimit(store).take("hunter2-in-the-wrong-field", "203.0.113.9")
    await store.close()
    octets = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"hunter2" not in octets
    assert b"203.0.113.9" not in octets


async def test_full_buckets_are_forgotten(store, clock):
    """Ten thousand invented accounts leave nothing behind."""
    bucket = Bucket("the last", size=1, seconds=1)
    for number in range(200):
        await store.take(Bucket(f"number {number}", size=5, seconds=1))
    clock.now += 10
    await store.take(bucket)
    if isinstance(store, MemoryStore):
        assert list(store.buckets) == ["the last"]
    else:
        assert await store._file.read("SELECT name FROM bucket") == [("the last",)]


@pytest.mark.parametrize("kind", ["sqlite", "redis"])
async def test_two_workers_count_together(kind, tmp_path, request):
    """Two stores at one address, a hundred attempts at once: as many are allowed as fit, not twice as many."""
    with contextlib.ExitStack() as stack:
        address = f"sqlite:///{tmp_path}/store.sqlite"
        if kind == "redis":
            program = request.getfixturevalue("redis_server")
            address = stack.enter_context(redis(program, tmp_path))
        stores = [open_store(address), open_store(address)]
        limits = [LoginLimit(store, for_pair=7, account_seconds=1000) for store in stores]
        waits = await asyncio.gather(
            *(wait_for(limits[number % 2], "victim", "6.6.6.6") for number in range(100))
        )
        assert waits.count(0) == 7
        assert 900 <= max(waits) <= 1000
        await limits[0].give_back("victim", "6.6.6.6")
        assert await wait_for(limits[1], "victim", "6.6.6.6") == 0
        for store in stores:
            await store.close()
