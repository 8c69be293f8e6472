"""Users: nobody is ever somebody else, hashes never show, and hashing leaves the event loop free."""

import asyncio
import dataclasses
import os
import sys
import threading

import argon2
import pytest
from aiohttp import web

from jwt_demo.stages import login
from jwt_demo.stages.parts import users as users_module
from jwt_demo.stages.parts.users import HASHER, User, Users


@pytest.fixture(scope="module", autouse=True)
def fast_hashes():
    """Nothing is made cheaper here: what a password costs is the subject."""


@pytest.fixture
async def users():
    known = Users()
    await known.create("user@email.com", "password")
    await known.create("root@email.com", "toor toor toor", is_admin=True)
    return known


async def test_the_right_password_gives_its_user(users):
    """Each one's own password, and the article's way to write a user."""
    assert (
        str(await users.authenticate("user@email.com", "password"))
        == "User id=1: <user@email.com, is_admin=False>"
    )
    assert (
        str(await users.authenticate("root@email.com", "toor toor toor"))
        == "User id=2: <root@email.com, is_admin=True>"
    )


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("user@email.com", "wrong"), ("user@email.com", ""), ("user@email.com", "Password"), ("user@email.com", "toor toor toor"), ("user@email.com", "\0"),
        ("nobody@email.com", "password"), ("nobody@email.com", "nobody"), ("", "nobody"), ("USER@email.com", "password"), ("user@email.com ", "password"),
    ],
)  # fmt: skip
async def test_anything_else_gives_nobody(users, email, password):
    """A wrong password, an unknown e-mail, even the password of the hash that stands in for nobody's."""
    assert await users.authenticate(email, password) is None


async def test_a_subject_is_a_string_and_an_exact_one(users):
    """`0`, `None` and True find nobody, where the article's storage found its first user."""
    assert (await users.by_id("1")).email == "user@email.com"
    for subject in (
        0,
        None,
        "",
        False,
        True,
        1,
        1.0,
        "01",
        " 1",
        "1 ",
        "\u0661",
        "99",
        [],
        {},
        ["1"],
        "0",
    ):
        assert await users.by_id(subject) is None, subject


async def test_an_email_is_taken_once_even_by_two_at_the_same_time(users):
    """Of two simultaneous registrations of one e-mail exactly one succeeds."""
    outcomes = await asyncio.gather(
        *(users.create("new@email.com", f"password {n}") for n in range(2)), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["User", "ValueError"]
    with pytest.raises(ValueError, match="user@email.com is taken"):
        await users.create("user@email.com", "another")


async def test_passwords_are_kept_as_argon2id_hashes_that_never_show(users):
    """7 MiB, five passes, one lane (OWASP); a salt of its own for each; nothing of it in a repr."""
    first, second = [await Users().create("a@b.c", "the same password") for _ in range(2)]

    assert first.password_hash.startswith("$argon2id$v=19$m=7168,t=5,p=1$")
    assert first.password_hash != second.password_hash
    assert argon2.PasswordHasher().verify(first.password_hash, "the same password")
    assert "argon2" not in repr(first) + str(first)


async def test_an_unknown_email_costs_the_same_work(users, monkeypatch):
    """One verification with the same parameters for a known and an unknown e-mail; counted, not timed."""
    verified = []

    class Counting(argon2.PasswordHasher):
        def verify(self, password_hash, password):
            verified.append(argon2.extract_parameters(password_hash))
            return super().verify(password_hash, password)

    monkeypatch.setattr(
        users_module, "HASHER", Counting(time_cost=5, memory_cost=7 * 1024, parallelism=1)
    )
    await users.authenticate("user@email.com", "wrong")
    await users.authenticate("nobody@email.com", "wrong")
    assert len(verified) == 2
    assert verified[0] == verified[1]


async def test_the_loop_turns_while_a_password_is_hashed(users, monkeypatch):
    """The hash waits in its thread for something only the loop can do; were it on the loop, neither would go on."""
    looped = threading.Event()

    class Waiting:
        def verify(self, password_hash, password):
            assert looped.wait(10), "the event loop stood still while a password was verified"
            return HASHER.verify(password_hash, password)

    monkeypatch.setattr(users_module, "HASHER", Waiting())
    asyncio.get_running_loop().call_soon(asyncio.get_running_loop().call_soon, looped.set)
    assert await users.authenticate("user@email.com", "password") is not None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
async def test_hashing_gives_way_to_the_loop(users):
    """The threads that hash have a lower priority than the loop's, so that a login makes nobody else wait."""
    niceness = await users_module.HASHING.run(
        lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    )
    assert niceness == max(10, os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))


def test_users_work_on_any_loop():
    """A kernel's loop and a server's loop may use the same users, one after the other."""
    known = Users()
    asyncio.run(known.create("user@email.com", "password"))
    assert asyncio.run(known.authenticate("user@email.com", "password")) is not None


def test_scopes_follow_the_right_to_administer():
    """Everyone may see their profile; an admin may do more."""
    assert User(1, "a@b.c").scopes == {"profile"}
    assert User(1, "a@b.c", is_admin=True).scopes == {"profile", "admin"}


class Held:
    """A hasher whose work waits until it may go on, and counts."""

    def __init__(self):
        self.go, self.begun, self.hashed = threading.Event(), threading.Event(), []

    def verify(self, password_hash, password):
        self.begun.set()
        assert self.go.wait(20)
        self.hashed.append(password)
        return True


async def test_the_queue_before_the_hashes_has_an_end(users, monkeypatch):
    """One more than may wait gets 503 and Retry-After at once; those who wait are served, and then there is room again (F5)."""
    held = Held()
    monkeypatch.setattr(users_module, "HASHER", held)
    monkeypatch.setattr(users_module, "HASHING", users_module.HashQueue())
    monkeypatch.setattr(users_module, "MOST_WAITING", 3)
    waiting = [
        asyncio.ensure_future(users.authenticate("user@email.com", f"password {number}"))
        for number in range(users_module.MOST_AT_ONCE + 3)
    ]
    assert await asyncio.to_thread(held.begun.wait, 20)
    with pytest.raises(web.HTTPServiceUnavailable) as refused:
        await users.authenticate("user@email.com", "one too many")
    assert refused.value.headers["Retry-After"] == "2"
    held.go.set()
    assert all(await asyncio.gather(*waiting))
    assert "one too many" not in held.hashed
    assert await users.authenticate("user@email.com", "the next one") is not None
    assert users_module.HASHING.waiting == 0


async def test_nothing_is_hashed_for_a_client_that_has_gone(serving, key, users, monkeypatch):
    """Twenty log in and hang up while two hashes keep the threads busy: when those end, no other is made (F5)."""
    held = Held()
    monkeypatch.setattr(users_module, "HASHER", held)
    monkeypatch.setattr(users_module, "HASHING", users_module.HashQueue())
    server = await serving(login.make_app(key=key, users=users))
    writers = []
    for number in range(users_module.MOST_AT_ONCE + 20):
        body = f"email=user@email.com&password={number}".encode()
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body) + body
        )
        writers.append(writer)
    while users_module.HASHING.waiting < len(writers):
        await asyncio.sleep(0.01)
    for writer in writers:
        writer.transport.abort()
    while server._runner.server.connections and any(
        connection.transport is not None for connection in server._runner.server.connections
    ):
        await asyncio.sleep(0.01)
    held.go.set()
    while users_module.HASHING.waiting:
        await asyncio.sleep(0.01)
    assert len(held.hashed) == users_module.MOST_AT_ONCE


@pytest.mark.parametrize("damaged", ["", "no hash", "$argon2id$v=19$m=8,t=1,p=1$c29tZQ$AAAA"])
async def test_a_damaged_hash_lets_nobody_in(users, damaged, caplog):
    """401 for that account, not a 500, and the log says why."""
    user = await users.by_email("user@email.com")
    users.replace(dataclasses.replace(user, password_hash=damaged))
    assert await users.authenticate("user@email.com", "password") is None
    assert "damaged" in caplog.text
