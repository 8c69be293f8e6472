"""Who may log in: users in memory, passwords only as Argon2id hashes, hashed off the event loop.

>>> import asyncio
>>> users = Users()
>>> print(asyncio.run(users.create("user@email.com", "password")))
User id=1: <user@email.com, is_admin=False>
>>> asyncio.run(users.authenticate("user@email.com", "wrong")) is None
True
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import argon2


@dataclass(frozen=True)
class User:
    """Someone who may log in. The hash never shows in a repr."""

    id: int
    email: str
    is_admin: bool = False
    password_hash: str = field(default="", repr=False)

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

    async def authenticate(self, email: str, password: str) -> User | None:
        """The user whose e-mail and password these are, or None: which of the two was wrong stays untold, in words and in time."""
        user = await self.by_email(email)
        password_hash = user.password_hash if user else await nobodys_hash()
        matches = await password_matches(password_hash, password)
        return user if user and matches else None


# OWASP Password Storage: Argon2id with 7 MiB, five passes, one lane, for which it says a guess costs as much as with 19 MiB and two.
# The allocator keeps that memory for the next login, in every kernel and every worker. Two hashes at once, however many log in.
HASHER = argon2.PasswordHasher(time_cost=5, memory_cost=7 * 1024, parallelism=1)
HASHING = ThreadPoolExecutor(
    max_workers=2, thread_name_prefix="argon2", initializer=lambda: let_the_loop_go_first()
)


def let_the_loop_go_first() -> None:
    """On Linux a thread has a priority of its own; those that hash give way to the event loop, or each login would make everybody wait."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # it has a lower one already
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


async def hash_password(password: str) -> str:
    """Argon2id takes tens of milliseconds on purpose; on the event loop nobody else would be served meanwhile."""
    return await asyncio.get_running_loop().run_in_executor(HASHING, HASHER.hash, password)


async def password_matches(password_hash: str, password: str) -> bool:
    try:
        return await asyncio.get_running_loop().run_in_executor(
            HASHING, HASHER.verify, password_hash, password
        )
    except argon2.exceptions.VerifyMismatchError:
        return False


_nobodys_hash: str | None = None


async def nobodys_hash() -> str:
    """A hash that no password has to match: an unknown e-mail costs the same work as a wrong password."""
    global _nobodys_hash
    if _nobodys_hash is None:
        _nobodys_hash = await hash_password("nobody")
    return _nobodys_hash
