"""Users: nobody is ever somebody else, hashes never show, and hashing leaves the event loop free."""

import asyncio
import os
import sys
import threading

import argon2
import pytest

from jwt_demo.stages.parts import users as users_module
from jwt_demo.stages.parts.users import HASHER, User, Users


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
    niceness = await asyncio.get_running_loop().run_in_executor(
        users_module.HASHING, lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
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
