"""The complete stage with its users in a store: real workers on a new store, and a store that fails while they run."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys

import aiohttp
import pytest

from jwt_demo.stages import logout
from jwt_demo.stages.complete import make_app
from jwt_demo.stages.parts.secret_key import ConfigurationError
from jwt_demo.stages.parts.settings import Settings
from tests.probes.holes.base import running
from tests.support.services import ROOT, gunicorn, redis
from tests.support.thorough import some_always

CREDENTIALS = {"email": "user@email.com", "password": "password"}
RACES = 2


@pytest.mark.parametrize("workers", some_always([2, 4], lambda workers: workers == 2))
async def test_workers_that_start_at_once_on_a_new_file_all_start(workers, key, tmp_path):
    """One of them creates the article's user, the others find it (F6)."""
    for race in range(RACES):
        folder = tmp_path / str(race)
        folder.mkdir()
        store = f"sqlite:///{folder}/users.sqlite"
        with gunicorn(
            "complete", folder, workers=workers, JWT_SECRET=key, JWT_DEMO_STORE=store
        ) as server:
            async with aiohttp.ClientSession(server.url) as client:
                answer = await client.post("/login", data=CREDENTIALS)
                assert answer.status == 200
        log = server.log.read_text()
        assert "Traceback" not in log
        assert "failed to boot" not in log
        with sqlite3.connect(folder / "users.sqlite") as database:
            assert database.execute("SELECT id, email FROM users").fetchall() == [
                (1, "user@email.com")
            ]
        database.close()


@pytest.fixture(params=["sqlite", "redis"])
def store(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/users.sqlite"
    else:
        with redis(request.getfixturevalue("redis_server"), tmp_path) as address:
            yield address


async def test_users_outlive_the_server_in_either_store(store, key, fast_hashes):
    """What one process created, the next one finds; a token of the first is good at the second (F8: `redis:` is promised)."""
    settings = Settings(key=key, issuer="i", audience="a", store=store)
    tokens = []
    for _ in range(2):
        async with (
            running(make_app(settings=settings)) as url,
            aiohttp.ClientSession(url) as client,
        ):
            answer = await client.post("/login", data=CREDENTIALS)
            tokens.append((await answer.json())["token"])
            for token in tokens:
                answer = await client.get("/get-user", headers={"Authorization": f"Bearer {token}"})
                assert await answer.json() == {
                    "user": "User id=1: <user@email.com, is_admin=False>"
                }
            wrong = await client.post("/login", data=CREDENTIALS | {"password": "wrong"})
            assert wrong.status == 401
            nobody = await client.post("/login", data=CREDENTIALS | {"email": "a@b.c"})
            assert nobody.status == 401


def overwritten(path):
    for file in path.parent.iterdir():
        file.write_bytes(b"something else entirely " * 1000)


def removed(path):
    for file in path.parent.iterdir():
        file.unlink()


def full(path):
    """No page may be added, as on a full disk."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON bucket BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")  # fmt: skip
    database.close()


@pytest.mark.parametrize(("damage", "reading"), [(overwritten, 503), (removed, 503), (full, 200)])
async def test_a_store_that_fails_is_a_503(damage, reading, key, tmp_path, fast_hashes, caplog):
    """For who needs it; never a 500, and the log says which file (F7)."""
    path = tmp_path / "store" / "users.sqlite"
    path.parent.mkdir()
    settings = Settings(key=key, issuer="i", audience="a", store=f"sqlite:///{path}")
    async with running(make_app(settings=settings)) as url, aiohttp.ClientSession(url) as client:
        login = await client.post("/login", data=CREDENTIALS)
        bearer = {"Authorization": f"Bearer {(await login.json())['token']}"}
        damage(path)
        for _ in range(3):
            read = await client.get("/get-user", headers=bearer)
            assert read.status == reading
        logged_in = await client.post("/login", data=CREDENTIALS)
        assert (logged_in.status, logged_in.headers["Retry-After"]) == (503, "5")
        assert await logged_in.json() == {"message": "The store is away, try again later"}
        assert (await client.get("/")).status == 200, "who needs no store is served"
    assert f"the store is away: {path}" in caplog.text


BAD_STORES = [
    "sqlite:////nowhere/at/all.sqlite",
    "sqlite:////",
    "sqlite:////dev/null",
    "sqlite:///a\0b",
    "sqlite:///",
    "sqlite:///:memory:",
    "redis://127.0.0.1:99999/0",
    "redis://127.0.0.1:abc/0",
    "redis://:password@127.0.0.1:-1/0",
    "redis://127.0.0.1:6379/0?no_such_option=1",
    "redis://127.0.0.1:6379/0?socket_timeout=soon",
    "redis://[::1/0",
    "redis:",
    "mysql://user:password@localhost/x",
    "",
]


@pytest.mark.parametrize("store", BAD_STORES)
async def test_a_store_that_cannot_be_is_refused_at_the_start(store, key, users, fast_hashes):
    """By both stages that have one, before anybody is served; no password of an address is repeated (F7, F8)."""
    with pytest.raises(ConfigurationError) as refused:
        await running(logout.make_app(key=key, users=users, store=store or " ")).__aenter__()
    assert "password" not in str(refused.value)
    with pytest.raises(ConfigurationError) as refused:
        settings = Settings(key=key, issuer="i", audience="a", store=store)
        await running(make_app(settings=settings)).__aenter__()
    assert "password" not in str(refused.value)


def test_serve_says_in_one_line_which_address_is_wrong(key, tmp_path):
    """And exits with 2; a file that may not be written is one of them."""
    read_only = tmp_path / "users.sqlite"
    sqlite3.connect(read_only).close()
    read_only.chmod(0o444)
    cases = [
        ("complete", {"JWT_DEMO_STORE": "sqlite:////nowhere/at/all.sqlite"}, "/nowhere/at/all.sqlite"),
        ("complete", {"JWT_DEMO_STORE": "redis://127.0.0.1:9/0"}, "Redis"),
        ("complete", {"JWT_DEMO_STORE": f"sqlite:///{read_only}"}, str(read_only)),
        ("resource", {"JWT_JWKS_URL": "http://[::1/x"}, "keys"),
    ]  # fmt: skip
    running_now = [
        (stage, named, serve(stage, {"JWT_SECRET": key, **variables}))
        for stage, variables, named in cases
    ]
    for stage, named, process in running_now:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 2, (stage, told)
        assert told.count("\n") == 1, told
        assert named in told


SERVE = """
import os, sys
import importlib.metadata, redis.asyncio
importlib.metadata.metadata("redis")  # Python 3.13 imports a part of it when it is first asked
import jwt_demo.cli.main, jwt_demo.stages.complete, jwt_demo.stages.logout, jwt_demo.stages.resource
if os.geteuid() == 0:
    os.seteuid(65534)  # to root every file can be written
jwt_demo.cli.main.main(["serve", sys.argv[1], "--port", "0"])
"""


def serve(stage, variables):
    """`jwt-demo serve` in a process of its own, as a user without rights; it is expected to end by itself."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, stage],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
