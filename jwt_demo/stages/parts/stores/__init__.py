"""What a server has to remember to end tokens early, in one of three places: `sqlite:///path`, `redis://host:port/0`, `memory:`.

>>> type(open_store("memory:")).__name__
'MemoryStore'
>>> open_store("mysql://somewhere")
Traceback (most recent call last):
jwt_demo.stages.parts.secret_key.ConfigurationError: The store 'mysql:…' is unknown. Use sqlite:///file.sqlite, redis://127.0.0.1:6379/0 or memory:
"""

from __future__ import annotations

from typing import Protocol

from ..secret_key import ConfigurationError
from .buckets import Bucket
from .errors import StoreUnavailable
from .memory import MemoryStore
from .sqlite import SQLiteStore

DEFAULT = (
    "sqlite:///jwt-demo.sqlite"  # three slashes: in the working directory; four: an absolute path
)


class Store(Protocol):
    """Every method is one atomic step, also between processes; StoreUnavailable when the state cannot be reached.

    A family is everything that came out of one login. Ids are random text (`jti`, `sid`), never tokens: a copy of the store logs nobody in.
    """

    async def start_family(self, family: str, jti: str, *, until: int) -> None:
        """A login: `jti` is the one refresh token of this family that may be used; `until` (NumericDate) the family ends by itself."""

    async def rotate(self, family: str, old: str, new: str) -> bool:
        """Put `new` in the place of `old`. Where `old` is not the current one, the family ends instead and the result is False."""

    async def end_family(self, family: str) -> None:
        """No refresh any more, and the family's id is denied for as long as one of its tokens could live."""

    async def deny(self, identifier: str, *, until: int) -> None:
        """Remember an id until `until` (NumericDate): then the token has expired by itself, and the entry may be forgotten.

        Stores that are not for one process keep it for `CLOCK_JUMP` more: a clock may jump ahead, and back.
        """

    async def denied(self, *identifiers: str) -> bool:
        """Whether one of these ids is on the denylist."""

    async def account(self, subject: str) -> tuple[str, str | None]:
        """The user's epoch, and the password hash that replaces the first one."""

    async def change_account(self, subject: str, *, password_hash: str | None = None) -> None:
        """A new epoch begins for this user, with a new password hash if there is one."""

    async def take(self, *buckets: Bucket) -> float:
        """Take one from each bucket and return 0; where one of them is empty, take none and return the seconds to wait."""

    async def give_back(self, *buckets: Bucket) -> None:
        """Put one back into each bucket."""

    async def open(self) -> None:
        """Open files now; ConfigurationError where that can't be done. A server on another machine may come later."""

    async def close(self) -> None:
        """Close files and connections; the next use opens them again."""


def open_store(address: str) -> Store:
    """The store at this address; ConfigurationError for an address that is none. Nothing is opened before the first use."""
    scheme = address.partition(":")[0]
    if address == "memory:":
        return MemoryStore()
    if address.startswith("sqlite:///") and address not in ("sqlite:///", "sqlite:///:memory:"):
        return SQLiteStore(address.removeprefix("sqlite:///"))
    if address.startswith(("redis://", "rediss://")):
        from .redis import RedisStore

        return RedisStore(address)
    raise ConfigurationError(
        f"The store '{scheme}:…' is unknown. Use sqlite:///file.sqlite, redis://127.0.0.1:6379/0 or memory:"
    )


__all__ = [
    "DEFAULT",
    "Bucket",
    "MemoryStore",
    "SQLiteStore",
    "Store",
    "StoreUnavailable",
    "open_store",
]
