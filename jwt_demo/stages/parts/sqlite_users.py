"""The users of `jwt_demo.stages.parts.users` in a SQLite file: they outlive the process, and several workers share them.

Each call opens the file, asks one thing with a bound parameter, and closes it, on a thread of its own:
the event loop never waits for a disk. Passwords are checked as in memory, by the class both have in common.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

from .users import User, Users, hash_password

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: an old token can't come to name a new user
    email TEXT NOT NULL UNIQUE,
    is_admin INTEGER NOT NULL DEFAULT 0,
    password_hash TEXT NOT NULL
)"""


class SQLiteUsers(Users):
    """Users in a file, found by id or by e-mail; `path` is made when it is not there."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self._ask("PRAGMA journal_mode=WAL")  # readers do not wait for a writer
        self._ask(SCHEMA)

    async def create(self, email: str, password: str, *, is_admin: bool = False) -> User:
        """A new user; ValueError if the e-mail is taken."""
        password_hash = await hash_password(password)
        try:
            await asyncio.to_thread(
                self._ask,
                "INSERT INTO users (email, is_admin, password_hash) VALUES (?, ?, ?)",
                email,
                is_admin,
                password_hash,
            )
        except sqlite3.IntegrityError:
            raise ValueError(f"{email} is taken") from None
        return await self.by_email(email)  # type: ignore[return-value]  # it was written a moment ago

    async def by_id(self, subject: str) -> User | None:
        """The user a token's `sub` names; compared as text, so neither "01" nor " 1" nor 1.0 is user 1."""
        return (
            await self._find("CAST(id AS TEXT) = ?", subject) if isinstance(subject, str) else None
        )

    async def by_email(self, email: str) -> User | None:
        return await self._find("email = ?", email)

    async def _find(self, condition: str, value: str) -> User | None:
        query = f"SELECT id, email, is_admin, password_hash FROM users WHERE {condition}"  # noqa: S608  # both conditions stand above, the value is bound
        rows = await asyncio.to_thread(self._ask, query, value)
        return next(
            (
                User(id, email, bool(is_admin), password_hash)
                for id, email, is_admin, password_hash in rows
            ),
            None,
        )

    def _ask(self, statement: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.path)) as connection, connection:
            return connection.execute(statement, values).fetchall()
