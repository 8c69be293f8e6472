"""What `complete` is told before it may start, and where its users are kept."""

from __future__ import annotations

import re

import pytest
from aiohttp import ClientSession

from jwt_demo.stages.complete import make_app
from jwt_demo.stages.parts.secret_key import ConfigurationError, new_key
from jwt_demo.stages.parts.settings import Settings
from jwt_demo.stages.parts.sqlite_users import SQLiteUsers
from jwt_demo.stages.parts.users import User, Users
from tests.probes.holes.base import running

NAMES = {"issuer": "https://id.example", "audience": "https://api.example"}
GOOD = Settings(key=new_key(), **NAMES)


UNSAFE = {
    "5 bytes": {"key": "short"},
    "1 different characters": {"key": "a" * 40},
    "8 different characters": {"key": "change-me" * 5},
    "a PEM or a JWK": {"key": "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"},
    "no text": {"key": b"x" * 40},
    "issuer is empty": {"issuer": ""},
    "audience is empty": {"audience": " "},
    "the same name": {"issuer": "https://one.example", "audience": "https://one.example"},
    "A lifetime of 86400": {"lifetime": 86400},
    "A lifetime of 0": {"lifetime": 0},
    "A leeway of 3600": {"leeway": 3600},
    "The store 'mysql:…' is not memory:": {"store": "mysql://localhost"},
    "The store 'sqlite:…' is not": {"store": "sqlite:///:memory:"},
}


@pytest.mark.parametrize(("message", "change"), UNSAFE.items(), ids=UNSAFE)
def test_settings_that_are_unsafe_are_refused(message, change):
    """The message says what is wrong, and never shows the key."""
    with pytest.raises(ConfigurationError, match=re.escape(message)) as refusal:
        Settings(**{"key": new_key(), **NAMES, **change})
    assert str(change.get("key", "no key here")) not in str(refusal.value)


def test_the_key_does_not_show_in_the_settings():
    """What is printed or logged by accident holds no secret."""
    assert GOOD.key not in repr(GOOD)


async def test_the_server_does_not_start_with_an_unsafe_environment(monkeypatch):
    """The settings come from the environment when the server starts, and a bad one ends the start."""
    monkeypatch.setenv("JWT_SECRET", "change-me" * 5)
    with pytest.raises(ConfigurationError, match="different characters"):
        async with running(make_app()):
            pass
    monkeypatch.setenv("JWT_SECRET", new_key())
    monkeypatch.setenv("JWT_LIFETIME", "a while")
    with pytest.raises(ConfigurationError, match="JWT_LIFETIME"):
        async with running(make_app()):
            pass


async def test_users_in_sqlite_outlive_the_server(tmp_path, fast_hashes, monkeypatch):
    """A second server on the same file knows the first one's users, and makes no second user of the article."""
    monkeypatch.setenv("JWT_SECRET", new_key())
    monkeypatch.setenv("JWT_DEMO_STORE", f"sqlite:///{tmp_path / 'users.sqlite'}")
    tokens = []
    for _ in range(2):
        async with running(make_app()) as url, ClientSession(url) as client:
            async with client.post(
                "/login", data={"email": "user@email.com", "password": "password"}
            ) as answer:
                tokens.append((await answer.json())["token"])
            async with client.get(
                "/get-user", headers={"Authorization": f"Bearer {tokens[0]}"}
            ) as answer:
                assert await answer.json() == {
                    "user": "User id=1: <user@email.com, is_admin=False>"
                }


async def test_sqlite_users_are_found_as_users_in_memory_are(tmp_path, fast_hashes):
    """The same answers from both, for ids and e-mails that are right, wrong, odd or hostile."""
    stored, kept = SQLiteUsers(str(tmp_path / "users.sqlite")), Users()
    for known in (stored, kept):
        await known.create("user@email.com", "password")
        await known.create("root@email.com", "toor toor", is_admin=True)
        with pytest.raises(ValueError, match="taken"):
            await known.create("user@email.com", "other")
    for subject in (
        "1",
        "2",
        "3",
        "01",
        " 1",
        "1 ",
        "1.0",
        "",
        "0",
        "-1",
        "1' OR '1'='1",
        "\uff11",
        1,
        None,
        True,
        ["1"],
    ):
        assert public(await stored.by_id(subject)) == public(await kept.by_id(subject)), subject
    for email in ("user@email.com", "USER@email.com", "' OR 1=1 --", "", "%", "user@email.com\0"):
        assert public(await stored.by_email(email)) == public(await kept.by_email(email)), email
    assert await stored.authenticate("user@email.com", "password") == await stored.by_id("1")
    assert await stored.authenticate("user@email.com", "wrong") is None
    assert await stored.authenticate("nobody@email.com", "password") is None
    await stored.close()


def public(user: User | None) -> tuple | None:
    return user and (user.id, user.email, user.is_admin)
