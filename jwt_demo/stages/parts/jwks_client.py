"""The public keys of an issuer, known by address only: fetched when needed, kept for a while, and never asked for too often."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import jwt

from .jwks import KeySetError, read_key_set
from .log_limit import OncePerSecond
from .secret_key import ConfigurationError

LARGEST = 64 * 1024  # bytes of a set
LOG = logging.getLogger("jwt_demo.stages.parts.jwks_client")
LOG.addFilter(OncePerSecond())


class KeysUnavailable(Exception):
    """No set that is recent enough could be had, so nobody can say whether a signature is good."""


class RemoteKeys:
    """The keys at `url`. Times in seconds.

    A set is used without a question for `fresh`, and while the issuer does not respond for `trusted` at most: so long can a
    withdrawn key go on verifying. A kid nobody knows, which any stranger can invent, fetches once in `pause` and no more.
    """

    def __init__(
        self,
        url: str,
        *,
        fresh: float = 300,
        trusted: float = 3600,
        pause: float = 10,
        timeout: float = 2,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.url = safe_address(url)
        self.fresh, self.trusted, self.pause, self.timeout = fresh, trusted, pause, timeout
        self.left_out: dict[str, str] = {}
        self._clock = clock
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = self._tried = float("-inf")
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of this name, or None; KeysUnavailable when that cannot be known."""
        if self._wanted(kid):
            async with self._fetching:  # a crowd that misses a key waits for one fetch
                if self._wanted(kid) and self._clock() - self._tried >= self.pause:
                    await self._fetch()
        if self._clock() - self._fetched >= self.trusted:
            raise KeysUnavailable(f"no keys from {self.url} for {self.trusted:g} s")
        return self._keys.get(kid)

    def renew(self) -> None:
        """Be ready for another event loop: what waited on the last one is gone with it."""
        self._fetching = asyncio.Lock()

    def _wanted(self, kid: str) -> bool:
        return kid not in self._keys or self._clock() - self._fetched >= self.fresh

    async def _fetch(self) -> None:
        self._tried = self._clock()
        try:
            found = read_key_set(await self._download())
        except (
            aiohttp.ClientError,
            asyncio.TimeoutError,
            OSError,
            ValueError,
            RecursionError,
            KeySetError,
        ) as error:
            LOG.error(
                "The keys at %s could not be fetched: %s",
                self.url,
                str(error) or type(error).__name__,
            )
            return
        if found.left_out != self.left_out:  # told once, and again when it changes
            for name, reason in found.left_out.items():
                LOG.warning("A key at %s is not used: %r, %s", self.url, name, reason)
        self._keys, self.left_out, self._fetched = found.keys, found.left_out, self._tried

    async def _download(self) -> Any:
        timeout = aiohttp.ClientTimeout(total=self.timeout)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(self.url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise ValueError(
                    f"the response was {answer.status}"
                )  # a redirect too: anyone who can redirect us chooses our keys
            body = bytearray()
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > LARGEST:
                    raise ValueError(f"the response has more than {LARGEST} bytes")
        return json.loads(body)


def safe_address(url: str) -> str:
    """The address, if nobody on the way can put other keys there: https, or this machine. ConfigurationError otherwise.

    >>> safe_address("http://example.com/jwks.json")
    Traceback (most recent call last):
    jwt_demo.stages.parts.secret_key.ConfigurationError: The address of the keys is http://example.com/jwks.json; it has to be https, or http on 127.0.0.1
    """
    try:
        parts = urlsplit(url)
        port_is_possible = parts.port != 0  # reading it raises ValueError beyond 65535
    except ValueError:
        raise ConfigurationError(f"The address of the keys is {url!r}; that is not a URL") from None
    if port_is_possible and parts.scheme == "https" and parts.hostname:
        return url
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if port_is_possible and parts.scheme == "http" and local:
        return url
    raise ConfigurationError(
        f"The address of the keys is {url}; it has to be https, or http on 127.0.0.1"
    )
