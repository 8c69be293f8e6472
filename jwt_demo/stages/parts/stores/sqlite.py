"""State in one SQLite file: it survives a restart, and all workers on this machine share it."""

from __future__ import annotations

import asyncio
import os
import secrets
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from .errors import StoreUnavailable

PATIENCE = 2.0  # seconds to wait while another worker writes

SCHEMA = """
CREATE TABLE IF NOT EXISTS family (id TEXT PRIMARY KEY, current TEXT NOT NULL, until INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS denylist (id TEXT PRIMARY KEY, until INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS account (subject TEXT PRIMARY KEY, epoch TEXT NOT NULL, password_hash TEXT);
CREATE INDEX IF NOT EXISTS family_until ON family (until);
CREATE INDEX IF NOT EXISTS denylist_until ON denylist (until);
"""


class SQLiteStore:
    """The file is made on first use, and never again: where it vanishes under a running server, the store is away, not empty."""

    def __init__(self, path: str | os.PathLike[str], *, clock: Callable[[], float] = time.time):
        self.path = os.path.abspath(path)
        self._clock = clock
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = (
            None  # what the connection has open, as device and inode
        )

    async def start_family(self, family: str, jti: str, *, until: int) -> None:
        def write(database: sqlite3.Connection) -> None:
            self._forget(database)
            database.execute("INSERT INTO family VALUES (?, ?, ?)", (family, jti, until))

        await self._write(write)

    async def rotate(self, family: str, old: str, new: str) -> bool:
        def write(database: sqlite3.Connection) -> bool:
            # Asking and changing is one statement: of many that come at once, one finds `old`, the others find it gone.
            if (
                database.execute(
                    "UPDATE family SET current = ? WHERE id = ? AND current = ?", (new, family, old)
                ).rowcount
                == 1
            ):
                return True
            end_family(database, family)
            return False

        return await self._write(write)

    async def end_family(self, family: str) -> None:
        await self._write(lambda database: end_family(database, family))

    async def deny(self, identifier: str, *, until: int) -> None:
        def write(database: sqlite3.Connection) -> None:
            self._forget(database)
            database.execute("INSERT OR REPLACE INTO denylist VALUES (?, ?)", (identifier, until))

        await self._write(write)

    async def denied(self, *identifiers: str) -> bool:
        marks = ", ".join("?" * len(identifiers))
        found = await self._read(
            f"SELECT EXISTS (SELECT 1 FROM denylist WHERE id IN ({marks}))",  # noqa: S608  # only question marks
            identifiers,
        )
        return bool(found[0])

    async def account(self, subject: str) -> tuple[str, str | None]:
        # Who never changed anything has the epoch of the store itself, so a new, empty store knows none of the old tokens.
        epoch, password_hash = await self._read(
            "SELECT epoch, password_hash FROM account WHERE subject IN (?, '') ORDER BY subject DESC",
            (subject,),
        )
        return epoch, password_hash

    async def change_account(self, subject: str, *, password_hash: str | None = None) -> None:
        statement = """
            INSERT INTO account VALUES (?, ?, ?)
            ON CONFLICT (subject) DO UPDATE SET epoch = excluded.epoch, password_hash = coalesce(excluded.password_hash, password_hash)"""
        await self._write(
            lambda database: database.execute(statement, (subject, new_epoch(), password_hash))
        )

    async def close(self) -> None:
        if self._thread is not None:
            await self._run(self._disconnect)
            self._thread.shutdown(wait=False)
            self._thread = None

    async def _write(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        def transaction() -> Any:
            database = self._connect()
            with database:  # commits, or takes everything back
                database.execute("BEGIN IMMEDIATE")
                return work(database)

        return await self._run(transaction)

    async def _read(self, statement: str, values: tuple[str, ...]) -> Any:
        return await self._run(lambda: self._connect().execute(statement, values).fetchone())

    async def _run(self, work: Callable[[], Any]) -> Any:
        """Work on the one thread that has the file open; the event loop serves others meanwhile."""

        def guarded() -> Any:
            try:
                return work()
            except (sqlite3.Error, OSError) as error:
                self._disconnect()
                raise StoreUnavailable(f"{self.path}: {error}") from error

        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)

    def _connect(self) -> sqlite3.Connection:
        if self._file is None:
            os.close(
                os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)
            )  # it holds password hashes: for this user only
        there = identity(self.path)
        if self._connection is not None and there != self._file:
            self._disconnect()  # a deleted file goes on working for those who have it open, and for nobody else
        if self._connection is None:
            self._connection = sqlite3.connect(
                f"file:{quote(self.path)}?mode=rw", uri=True, timeout=PATIENCE, isolation_level=None
            )
            self._connection.execute(
                "PRAGMA journal_mode = WAL"
            )  # who reads and who writes do not wait for each other
            self._connection.execute(
                "PRAGMA synchronous = FULL"
            )  # a logout that was answered outlives a power cut
            if self._file is None:
                with self._connection as database:
                    database.execute("BEGIN IMMEDIATE")
                    for statement in filter(str.strip, SCHEMA.split(";")):
                        database.execute(statement)
                    database.execute(
                        "INSERT OR IGNORE INTO account VALUES ('', ?, NULL)", (new_epoch(),)
                    )
            self._file = there
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _forget(self, database: sqlite3.Connection) -> None:
        for table in ("denylist", "family"):
            database.execute(f"DELETE FROM {table} WHERE until <= ?", (int(self._clock()),))  # noqa: S608  # two names, both ours


def end_family(database: sqlite3.Connection, family: str) -> None:
    database.execute(
        "INSERT OR REPLACE INTO denylist SELECT id, until FROM family WHERE id = ?", (family,)
    )
    database.execute("DELETE FROM family WHERE id = ?", (family,))


def new_epoch() -> str:
    return secrets.token_urlsafe(8)


def identity(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino
