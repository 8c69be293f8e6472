"""The users of `complete` in a SQLite file: they outlive the process, and several workers share them.

Passwords are checked as in memory, by the class both have in common.
"""

from __future__ import annotations

import sqlite3

from .request_body import is_text
from .stores.sqlite_file import SQLiteFile
from .users import User, Users, hash_password

SCHEMA = (
    # AUTOINCREMENT never uses an id twice: an old token can't name a new user.
    """CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email TEXT NOT NULL UNIQUE,
        is_admin INTEGER NOT NULL DEFAULT 0,
        password_hash TEXT NOT NULL
    )""",
)
COLUMNS = "SELECT id, email, is_admin, password_hash FROM users"


class SQLiteUsers(Users):
    """Users in a file, found by id or by e-mail; StoreUnavailable where the file cannot be used."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._file = SQLiteFile(path, SCHEMA)

    async def create(self, email: str, password: str, *, is_admin: bool = False) -> User:
        """A new user; ValueError if the e-mail is taken, also by another worker a moment ago."""
        password_hash = await hash_password(password)

        def write(database: sqlite3.Connection) -> int | None:
            statement = (
                "INSERT OR IGNORE INTO users (email, is_admin, password_hash) VALUES (?, ?, ?)"
            )
            inserted = database.execute(statement, (email, is_admin, password_hash))
            return inserted.lastrowid if inserted.rowcount == 1 else None

        id = await self._file.write(write)
        if id is None:
            raise ValueError(f"{email} is taken")
        return User(id, email, is_admin, password_hash)

    async def by_id(self, subject: str) -> User | None:
        """The user a token's `sub` names; compared as text, so neither "01" nor " 1" nor 1.0 is user 1."""
        if not isinstance(subject, str) or not is_text(subject):
            return None
        return await self._find(f"{COLUMNS} WHERE CAST(id AS TEXT) = ?", subject)

    async def by_email(self, email: str) -> User | None:
        return await self._find(f"{COLUMNS} WHERE email = ?", email)

    async def open(self) -> None:
        """Open the file now; ConfigurationError where that can't be done."""
        await self._file.open()

    async def close(self) -> None:
        await self._file.close()

    async def _find(self, statement: str, value: str) -> User | None:
        for id, email, is_admin, password_hash in await self._file.read(statement, value):
            return User(id, email, bool(is_admin), password_hash)
        return None
