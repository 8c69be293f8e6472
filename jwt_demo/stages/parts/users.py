"""Who may log in: users in memory, passwords only as hashes (Argon2id), hashed off the event loop.

>>> import asyncio
>>> users = Users()
>>> print(asyncio.run(users.create("user@email.com", "password")))
User id=1: <user@email.com, is_admin=False>
>>> asyncio.run(users.authenticate("user@email.com", "wrong")) is None
True
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from aiohttp import web

from ...server.runtime import off_loop
from .log_limit import OncePerSecond
from .password_hash import DAMAGED, MISMATCH, new_hasher
from .responses import refusal, try_later

LOG = logging.getLogger("jwt_demo.stages.users")
LOG.addFilter(OncePerSecond())


@dataclass(frozen=True)
class User:
    """Someone who may log in. The hash never shows in a repr."""

    id: int
    email: str
    is_admin: bool = False
    password_hash: str = field(default="", repr=False)
    epoch: str = field(
        default="", repr=False
    )  # in the tokens of step 7: "log out everywhere" begins a new one

    @property
    def scopes(self) -> frozenset[str]:
        """What this user may ask a token for."""
        return frozenset({"profile", "admin"} if self.is_admin else {"profile"})

    def __str__(self) -> str:
        return f"User id={self.id}: <{self.email}, is_admin={self.is_admin}>"


class Users:
    """Users in memory, found by id or by e-mail. Nobody found is None, never somebody else."""

    def __init__(self) -> None:
        self._by_id: dict[str, User] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    async def create(self, email: str, password: str, *, is_admin: bool = False) -> User:
        """A new user; ValueError if the e-mail is taken."""
        password_hash = await hash_password(password)
        if any(user.email == email for user in self._by_id.values()):
            raise ValueError(f"{email} is taken")
        user = User(len(self._by_id) + 1, email, is_admin, password_hash)
        self._by_id[str(user.id)] = user
        return user

    async def by_id(self, subject: str) -> User | None:
        """The user a token's `sub` names. The claim is a string (RFC 7519 §4.1.2), so is the key: "01" is not "1"."""
        return self._by_id.get(subject) if isinstance(subject, str) else None

    async def by_email(self, email: str) -> User | None:
        return next((user for user in self._by_id.values() if user.email == email), None)

    def replace(self, user: User) -> None:
        """Put a changed user in the place of the one with the same id; KeyError if there is none."""
        if str(user.id) not in self._by_id:
            raise KeyError(f"no user has the id {user.id}")
        self._by_id[str(user.id)] = user

    async def open(self) -> None:
        """Open files and connections now, where there are any; ConfigurationError where that can't be done."""

    async def close(self) -> None:
        """Close files and connections, where there are any."""

    async def authenticate(self, email: str, password: str) -> User | None:
        """The user with this e-mail and password, or None. Neither the result nor the time shows which of the two was wrong."""
        user = await self.by_email(email)
        password_hash = user.password_hash if user else await nobodys_hash()
        matches = await password_matches(password_hash, password)
        return user if user and matches else None


HASHER = new_hasher()
MOST_AT_ONCE = 2  # hashes; more would take the processors from everything else
MOST_WAITING = 100  # hashes that wait for their turn, about two seconds of work
CLIENT: ContextVar[web.Request | None] = ContextVar("CLIENT", default=None)  # who waits for a hash

Result = TypeVar("Result")


class HashQueue:
    """Threads that hash. The queue before them has an end, and nothing is hashed for a client that has gone."""

    def __init__(self) -> None:
        self.waiting = 0
        self._lock = threading.Lock()  # servers on other event loops use the same threads
        self._threads = ThreadPoolExecutor(
            MOST_AT_ONCE, thread_name_prefix="argon2", initializer=lower_priority
        )

    async def run(self, work: Callable[..., Result], *values: str) -> Result:
        """What `work(*values)` returns; HTTPServiceUnavailable (503) where too many wait already."""
        client = CLIENT.get()

        def unless_gone() -> Result:
            if client is not None and client.transport is None:
                raise refusal(web.HTTPRequestTimeout, "The client has gone")
            return work(*values)

        self._enter()
        try:
            return await off_loop(self._threads, unless_gone)
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._lock:
            if self.waiting >= MOST_AT_ONCE + MOST_WAITING:
                raise try_later("Too many people are logging in, try again", seconds=2)
            self.waiting += 1

    def _leave(self) -> None:
        with self._lock:
            self.waiting -= 1


def lower_priority() -> None:
    """On Linux a thread has a priority of its own: with a lower one for hashes, the event loop runs first."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # it has a lower one already
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


HASHING = HashQueue()


async def hash_password(password: str) -> str:
    """Argon2id takes tens of milliseconds on purpose; on the event loop it would stop everybody else's request."""
    return await HASHING.run(lambda text: HASHER.hash(text), password)


async def password_matches(password_hash: str, password: str) -> bool:
    try:
        return await HASHING.run(
            lambda known, text: HASHER.verify(known, text), password_hash, password
        )
    except MISMATCH:
        return False
    except DAMAGED:
        LOG.error("A stored password hash is damaged; nobody can log in with it")
        return False


_nobodys_hash: str | None = None


async def nobodys_hash() -> str:
    """A hash that no password has to match: an unknown e-mail costs the same work as a wrong password."""
    global _nobodys_hash
    if _nobodys_hash is None:
        _nobodys_hash = await hash_password("nobody")
    return _nobodys_hash
