"""One SQLite file that several workers share: opened on a thread of its own, and watched while it is open."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import quote

from ....server.runtime import off_loop
from ..secret_key import ConfigurationError
from .errors import StoreUnavailable

PATIENCE = 2.0  # seconds to wait while another worker writes
PAUSE = 0.01  # seconds between two attempts to open a file that another worker is setting up
PASSING = ("database is locked", "disk I/O error", "database or disk is full")
MOST_WAITING = 1000  # requests that wait for the file at once

Result = TypeVar("Result")


class SQLiteFile:
    """The file is created on first use, and never again: where it disappears under a running server, it is away, not empty.

    `schema` is run when the file is opened for the first time; each statement has to be one that may run again.
    """

    def __init__(self, path: str | os.PathLike[str], schema: Sequence[str]):
        self.path = os.path.abspath(path)
        self._schema = schema
        self._thread: ThreadPoolExecutor | None = None
        self._waiting = 0
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None  # of the open file: device and inode

    async def open(self) -> None:
        """Open the file now; ConfigurationError for one that can't be a store.

        Where it is only locked or its disk fails at this moment, a worker may start: until that is over, requests get 503.
        """
        try:
            await self._run(self._connect)
        except (StoreUnavailable, ValueError) as error:
            if not passing(self.path, error):
                raise ConfigurationError(f"The store cannot be used: {error}") from None

    async def read(self, statement: str, *values: object) -> list[Any]:
        return await self._run(lambda: self._connect().execute(statement, values).fetchall())

    async def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """What `work(database)` returns; its changes are one step for all processes, or none is made."""

        def transaction() -> Result:
            database = self._connect()
            with database:  # commits, or undoes all changes
                database.execute("BEGIN IMMEDIATE")
                return work(database)

        return await self._run(transaction)

    async def close(self) -> None:
        if self._thread is not None:
            thread, self._thread = self._thread, None
            await off_loop(thread, self._disconnect)
            thread.shutdown(wait=False)

    async def _run(self, work: Callable[[], Result]) -> Result:
        """Work on the one thread that has the file open; the event loop serves others meanwhile."""

        def guarded() -> Result:
            try:
                return work()
            except (sqlite3.Error, OSError) as error:
                self._disconnect()
                raise StoreUnavailable(f"{self.path}: {error}") from error

        if self._waiting >= MOST_WAITING:
            raise StoreUnavailable(f"{self.path}: {MOST_WAITING} requests wait for it already")
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._waiting += 1
        try:
            return await off_loop(self._thread, guarded)
        finally:
            self._waiting -= 1

    def _connect(self) -> sqlite3.Connection:
        if self._identity is None:  # only this user may read it: it holds password hashes
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        there = identity(self.path)
        if self._connection is not None and there != self._identity:
            self._disconnect()  # a deleted file would go on working for those who have it open, and for nobody else
        if self._connection is None:
            self._connection = self._set_up()
            self._identity = there
        return self._connection

    def _set_up(self) -> sqlite3.Connection:
        """A connection to the file. SQLite does not wait where two processes switch a new file to WAL, so we do."""
        give_up = time.monotonic() + PATIENCE
        while True:
            connection = sqlite3.connect(
                f"file:{quote(os.fsencode(self.path))}?mode=rw",
                uri=True,
                timeout=PATIENCE,
                isolation_level=None,
            )
            try:
                # Readers and the writer do not wait for each other, and what was answered survives a power cut.
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                if self._identity is None:
                    with connection:
                        connection.execute("BEGIN IMMEDIATE")
                        for statement in self._schema:
                            connection.execute(statement)
            except sqlite3.Error as error:
                connection.close()
                if "locked" not in str(error) or time.monotonic() > give_up:
                    raise
                time.sleep(PAUSE)
            else:
                return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def passing(path: str, error: Exception) -> bool:
    """Whether an error may be over in a moment: the file is one, and only busy."""
    return os.path.isfile(path) and any(reason in str(error) for reason in PASSING)


def identity(path: str) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino
