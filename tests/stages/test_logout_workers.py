"""Step 7 under gunicorn: two real workers and one store, or two memories that know nothing of each other."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import aiohttp
import pytest

from tests.support.services import gunicorn, redis

CREDENTIALS = {"email": "user@email.com", "password": "password"}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class Client:
    """Asks a gunicorn, each request on a connection of its own, so that any worker may take it."""

    def __init__(self, url):
        self.url = url

    async def __aenter__(self):
        self.session = aiohttp.ClientSession(
            self.url, connector=aiohttp.TCPConnector(force_close=True, limit=0)
        )
        return self

    async def __aexit__(self, *error):
        await self.session.close()

    async def ask(self, method, path, **options):
        async with self.session.request(method, path, **options) as answer:
            body = await answer.read()
            return answer.status, json.loads(body) if body else None

    async def log_in(self):
        status, pair = await self.ask("POST", "/login", data=CREDENTIALS)
        assert status == 200
        return pair

    async def statuses(self, token, *, times):
        answers = await asyncio.gather(
            *(self.ask("GET", "/get-user", headers=bearer(token)) for _ in range(times))
        )
        return Counter(status for status, _ in answers)


@pytest.fixture(params=["sqlite", "redis"])
def shared_store(request, tmp_path):
    """The address of a store that several processes share."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.sqlite"
        return
    with redis(request.getfixturevalue("redis_server"), tmp_path) as address:
        yield address


ROUNDS, AT_ONCE = 6, 60


async def test_of_many_refreshes_at_once_one_pair_is_granted(shared_store, key, tmp_path):
    """Two workers, hundreds of simultaneous refreshes: at most one grant for each refresh token, and the family is dead after it."""
    with gunicorn("logout", tmp_path, JWT_SECRET=key, JWT_DEMO_STORE=shared_store) as server:
        async with Client(server.url) as client:
            granted = []
            for _ in range(ROUNDS):
                pair = await client.log_in()
                form = {"refresh_token": pair["refresh_token"]}
                answers = await asyncio.gather(
                    *(client.ask("POST", "/refresh", data=form) for _ in range(AT_ONCE))
                )
                assert {status for status, _ in answers} <= {200, 401}
                winners = [new for status, new in answers if status == 200]
                granted.append(len(winners))
                for new in (pair, *winners):
                    assert await client.statuses(new["token"], times=4) == {401: 4}
            assert granted == [1] * ROUNDS
    served = server.served()
    assert len(served) == 2, f"one worker took all: {served}"


async def test_all_workers_know_of_a_logout(shared_store, key, tmp_path):
    """Whichever worker took the logout or the new password, every worker refuses from the next request on."""
    with gunicorn("logout", tmp_path, JWT_SECRET=key, JWT_DEMO_STORE=shared_store) as server:
        async with Client(server.url) as client:
            gone, kept = await client.log_in(), await client.log_in()
            assert await client.statuses(gone["token"], times=40) == {200: 40}
            assert (await client.ask("POST", "/logout", headers=bearer(gone["token"])))[0] == 204
            assert await client.statuses(gone["token"], times=40) == {401: 40}
            assert await client.statuses(kept["token"], times=40) == {200: 40}
            form = {"password": "password", "new_password": "a better one"}
            assert (
                await client.ask("POST", "/password", headers=bearer(kept["token"]), data=form)
            )[0] == 204
            assert await client.statuses(kept["token"], times=40) == {401: 40}
            old = await asyncio.gather(
                *(client.ask("POST", "/login", data=CREDENTIALS) for _ in range(8))
            )
            assert {status for status, _ in old} == {401}
    assert len(server.served()) == 2


async def test_memory_is_the_wrong_place_with_two_workers(key, tmp_path):
    """Two workers, two memories: a token that was logged out is rejected by one worker and let in by the other."""
    with gunicorn("logout", tmp_path, JWT_SECRET=key, JWT_DEMO_STORE="memory:") as server:
        async with Client(server.url) as client:
            pair = await client.log_in()
            assert (await client.ask("POST", "/logout", headers=bearer(pair["token"])))[0] == 204
            seen = Counter()
            while len(seen) < 2 and seen.total() < 2000:
                seen += await client.statuses(pair["token"], times=40)
            assert set(seen) == {200, 401}
