"""Connections to Redis, for each event loop that asks: they belong to the loop they were opened on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from ..secret_key import ConfigurationError
from .errors import StoreUnavailable

PATIENCE = 2.0  # seconds to wait for a connection or an answer
CONNECTIONS = 20  # at once, for each worker


class RedisClient:
    """Redis at an address. ConfigurationError for an address that can't be one; whether a server is there, the first use tells."""

    def __init__(self, address: str):
        try:
            import redis.asyncio as library
        except ImportError:
            raise ConfigurationError(
                "The store is redis:…, but the client is not installed: pip install redis"
            ) from None
        self._library = library
        self._address = address
        self._client: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        try:
            connection = self._pool().make_connection()  # made, not opened
            right = 0 < getattr(connection, "port", 1) < 65536
        except (ValueError, TypeError, LookupError):
            right = False
        if not right:
            raise ConfigurationError(
                "The address of the store is not one of Redis. An example: redis://127.0.0.1:6379/0"
            )

    @contextlib.asynccontextmanager
    async def available(self) -> AsyncIterator[Any]:
        """The client; StoreUnavailable for whatever keeps Redis from responding."""
        if self._client is None or self._loop is not asyncio.get_running_loop():
            self._client = self._library.Redis.from_pool(self._pool())
            self._loop = asyncio.get_running_loop()
        client = self._client
        try:
            yield client
        except (self._library.RedisError, OSError, asyncio.TimeoutError, UnicodeError) as error:
            # After a restart of Redis all idle connections are dead; each would fail once more, long after it is back.
            with contextlib.suppress(Exception):
                await client.connection_pool.disconnect(inuse_connections=False)
            raise StoreUnavailable(f"Redis: {error}") from error

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None and self._loop is asyncio.get_running_loop():
            await client.aclose()

    def _pool(self) -> Any:
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        # Who finds all connections taken waits for one: the other pool answers a crowd with an error.
        # No second try by itself: a rotation whose answer got lost would look like a refresh token used twice.
        return self._library.BlockingConnectionPool.from_url(
            self._address,
            max_connections=CONNECTIONS,
            timeout=PATIENCE,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        )
