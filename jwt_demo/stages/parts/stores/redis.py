"""State in Redis: workers on several machines share it. What it forgets by itself (`EXPIREAT`) nobody has to clean up.

Redis has to keep what it was told: `appendonly yes`, and `maxmemory-policy noeviction`, or a full Redis drops the denylist first.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

from ..secret_key import ConfigurationError
from .errors import StoreUnavailable

PATIENCE = 2.0  # seconds to wait for a connection or an answer
CONNECTIONS = 20  # at once, for each worker

# Redis runs a script as one step. RENAME keeps the time to live: the denial of a family ends when the family would have ended.
ROTATE = """
local current = redis.call('GET', KEYS[1])
if current == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL') return 1 end
if current then redis.call('RENAME', KEYS[1], KEYS[2]) end
return 0
"""
END = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('RENAME', KEYS[1], KEYS[2]) end
"""


class RedisStore:
    """One client for each event loop that asks: its connections belong to the loop they were opened on."""

    def __init__(self, address: str, *, prefix: str = "jwt-demo"):
        try:
            import redis.asyncio as library
        except ImportError:
            raise ConfigurationError(
                "The store is redis:…, but the client is not installed: pip install redis"
            ) from None
        self._library = library
        self._address = address
        self._prefix = prefix
        self._client: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start_family(self, family: str, jti: str, *, until: int) -> None:
        with self._available() as redis:
            await redis.set(self._key("family", family), jti, exat=until)

    async def rotate(self, family: str, old: str, new: str) -> bool:
        with self._available() as redis:
            return bool(
                await redis.eval(
                    ROTATE, 2, self._key("family", family), self._key("denied", family), old, new
                )
            )

    async def end_family(self, family: str) -> None:
        with self._available() as redis:
            await redis.eval(END, 2, self._key("family", family), self._key("denied", family))

    async def deny(self, identifier: str, *, until: int) -> None:
        with self._available() as redis:
            await redis.set(self._key("denied", identifier), 1, exat=until)

    async def denied(self, *identifiers: str) -> bool:
        with self._available() as redis:
            return bool(
                await redis.exists(*(self._key("denied", identifier) for identifier in identifiers))
            )

    async def account(self, subject: str) -> tuple[str, str | None]:
        with self._available() as redis:
            epoch, password_hash = await redis.hmget(
                self._key("account", subject), "epoch", "password_hash"
            )
            if (
                epoch is None
            ):  # never changed: the epoch of the store itself, so an emptied Redis knows none of the old tokens
                await redis.set(self._key("epoch"), new_epoch(), nx=True)
                epoch = await redis.get(self._key("epoch"))
            return epoch, password_hash

    async def change_account(self, subject: str, *, password_hash: str | None = None) -> None:
        fields = {"epoch": new_epoch()} | (
            {"password_hash": password_hash} if password_hash else {}
        )
        with self._available() as redis:
            await redis.hset(self._key("account", subject), mapping=fields)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.aclose()

    def _key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))

    @contextlib.contextmanager
    def _available(self) -> Iterator[Any]:
        if self._client is None or self._loop is not asyncio.get_running_loop():
            self._client, self._loop = self._connect(), asyncio.get_running_loop()
        try:
            yield self._client
        except (self._library.RedisError, OSError, asyncio.TimeoutError) as error:
            raise StoreUnavailable(f"Redis: {error}") from error

    def _connect(self) -> Any:
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        # Who finds all connections taken waits for one: the other pool answers a crowd with an error.
        # No second try by itself: a rotation whose answer got lost would look like a refresh token used twice.
        pool = self._library.BlockingConnectionPool.from_url(
            self._address,
            max_connections=CONNECTIONS,
            timeout=PATIENCE,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        )
        return self._library.Redis.from_pool(pool)


def new_epoch() -> str:
    return secrets.token_urlsafe(8)
