"""What all tests share: skips that say so, a key, users, servers that are stopped."""

from __future__ import annotations

import shutil

import argon2
import pytest

from jwt_demo.server.server import serve
from jwt_demo.stages import decorator, login, middleware
from jwt_demo.stages.parts import users as users_module
from jwt_demo.stages.parts.secret_key import new_key
from jwt_demo.stages.parts.users import Users
from tests.probes.holes.base import Lab
from tests.support.services import missing


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, or fails where REQUIRE_BROWSER is set."""
    found = next(
        filter(
            None,
            map(
                shutil.which,
                ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
            ),
        ),
        None,
    )
    return found or missing("REQUIRE_BROWSER", "no Chromium found")


@pytest.fixture(scope="session")
def redis_server() -> str:
    """The path of redis-server; without one the test is skipped, or fails where REQUIRE_REDIS is set."""
    return shutil.which("redis-server") or missing("REQUIRE_REDIS", "no redis-server found")


@pytest.fixture
def key() -> str:
    """A fresh key of 32 random bytes, known to the test and to its server."""
    return new_key()


@pytest.fixture
async def users() -> Users:
    """The user of the article (id 1) and an administrator (id 2)."""
    known = Users()
    await known.create("user@email.com", "password")
    await known.create("root@email.com", "toor toor toor", is_admin=True)
    return known


@pytest.fixture(scope="module", autouse=True)
def fast_hashes():
    """Argon2 as cheap as it gets; `test_users.py`, whose subject is what a password costs, has the real one."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(users_module, "HASHER", cheap)
        patch.setattr(users_module, "_nobodys_hash", None)
        yield


@pytest.fixture
async def lab(monkeypatch, fast_hashes, key) -> Lab:
    """What a server with one hole is built from."""
    known = Users()
    await known.create("user@email.com", "password")
    return Lab(key, known, monkeypatch.setattr)


@pytest.fixture
async def serving():
    """`await serving(app)` is `serve` under a name of its own; whatever was started is stopped at the end."""
    servers = []

    async def start(app, *, name="test server", limit=5.0):
        server = await serve(app, name=name, limit=limit)
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()


@pytest.fixture
async def login_server(serving, key, users):
    return await serving(login.make_app(key=key, users=users))


@pytest.fixture
async def middleware_server(serving, key, users):
    return await serving(middleware.make_app(key=key, users=users))


@pytest.fixture
async def decorator_server(serving, key, users):
    return await serving(decorator.make_app(key=key, users=users))
