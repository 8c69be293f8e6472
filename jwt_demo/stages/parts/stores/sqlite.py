"""State in one SQLite file: it survives a restart, and all workers on this machine share it."""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from collections.abc import Callable

from .buckets import Bucket
from .errors import CLOCK_JUMP, StoreUnavailable
from .sqlite_file import SQLiteFile

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS family (id TEXT PRIMARY KEY, current TEXT NOT NULL, until INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS denylist (id TEXT PRIMARY KEY, until INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS account (subject TEXT PRIMARY KEY, epoch TEXT NOT NULL, password_hash TEXT)",
    "CREATE TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY, full_at REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS family_until ON family (until)",
    "CREATE INDEX IF NOT EXISTS denylist_until ON denylist (until)",
    "CREATE INDEX IF NOT EXISTS bucket_full_at ON bucket (full_at)",
    # Who never changed anything has the epoch of the store itself, so a new, empty store knows none of the old tokens.
    "INSERT OR IGNORE INTO account VALUES ('', lower(hex(randomblob(8))), NULL)",
)


class SQLiteStore:
    """The file is created on first use, and never again: where it disappears under a running server, the store is away, not empty."""

    def __init__(self, path: str | os.PathLike[str], *, clock: Callable[[], float] = time.time):
        self._file = SQLiteFile(path, SCHEMA)
        self._clock = clock

    @property
    def path(self) -> str:
        return self._file.path

    async def start_family(self, family: str, jti: str, *, until: int) -> None:
        def write(database: sqlite3.Connection) -> None:
            self._forget(database)
            database.execute("INSERT INTO family VALUES (?, ?, ?)", (family, jti, until))

        await self._file.write(write)

    async def rotate(self, family: str, old: str, new: str) -> bool:
        def write(database: sqlite3.Connection) -> bool:
            # Asking and changing is one statement: of many that come at once, one finds `old`, the others find it gone.
            statement = "UPDATE family SET current = ? WHERE id = ? AND current = ?"
            if database.execute(statement, (new, family, old)).rowcount == 1:
                return True
            end_family(database, family)
            return False

        return await self._file.write(write)

    async def end_family(self, family: str) -> None:
        await self._file.write(lambda database: end_family(database, family))

    async def deny(self, identifier: str, *, until: int) -> None:
        def write(database: sqlite3.Connection) -> None:
            self._forget(database)
            database.execute("INSERT OR REPLACE INTO denylist VALUES (?, ?)", (identifier, until))

        await self._file.write(write)

    async def denied(self, *identifiers: str) -> bool:
        marks = ", ".join("?" * len(identifiers))
        statement = f"SELECT EXISTS (SELECT 1 FROM denylist WHERE id IN ({marks}))"  # noqa: S608  # only question marks
        ((found,),) = await self._file.read(statement, *identifiers)
        return bool(found)

    async def account(self, subject: str) -> tuple[str, str | None]:
        statement = "SELECT epoch, password_hash FROM account WHERE subject IN (?, '') ORDER BY subject DESC"
        rows = await self._file.read(statement, subject)
        if not rows:
            raise StoreUnavailable(f"{self.path}: it has no epoch")
        epoch, password_hash = rows[0]
        return epoch, password_hash

    async def change_account(self, subject: str, *, password_hash: str | None = None) -> None:
        statement = """
            INSERT INTO account VALUES (?, ?, ?)
            ON CONFLICT (subject) DO UPDATE SET epoch = excluded.epoch, password_hash = coalesce(excluded.password_hash, password_hash)"""
        values = (subject, secrets.token_urlsafe(8), password_hash)
        await self._file.write(lambda database: database.execute(statement, values))

    async def take(self, *buckets: Bucket) -> float:
        def write(database: sqlite3.Connection) -> float:
            now = self._clock()
            database.execute("DELETE FROM bucket WHERE full_at <= ?", (now,))
            full_at = {bucket: full_again(database, bucket) for bucket in buckets}
            wait = max(bucket.wait(full_at=at, now=now) for bucket, at in full_at.items())
            if wait == 0:
                rows = [(b.name, b.taken(full_at=at, now=now)) for b, at in full_at.items()]
                database.executemany("INSERT OR REPLACE INTO bucket VALUES (?, ?)", rows)
            return wait

        return await self._file.write(write)

    async def give_back(self, *buckets: Bucket) -> None:
        rows = [(bucket.seconds, bucket.name) for bucket in buckets]
        statement = "UPDATE bucket SET full_at = full_at - ? WHERE name = ?"
        await self._file.write(lambda database: database.executemany(statement, rows))

    async def open(self) -> None:
        await self._file.open()

    async def close(self) -> None:
        await self._file.close()

    def _forget(self, database: sqlite3.Connection) -> None:
        ended = int(self._clock()) - CLOCK_JUMP
        for table in ("denylist", "family"):
            database.execute(f"DELETE FROM {table} WHERE until <= ?", (ended,))  # noqa: S608  # two names, both ours


def end_family(database: sqlite3.Connection, family: str) -> None:
    database.execute(
        "INSERT OR REPLACE INTO denylist SELECT id, until FROM family WHERE id = ?", (family,)
    )
    database.execute("DELETE FROM family WHERE id = ?", (family,))


def full_again(database: sqlite3.Connection, bucket: Bucket) -> float:
    row = database.execute("SELECT full_at FROM bucket WHERE name = ?", (bucket.name,)).fetchone()
    return float(row[0]) if row else 0.0
