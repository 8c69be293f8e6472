"""A JWK Set from an address on this machine, and from no other: what the inspector verifies with."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from typing import Any
from urllib.parse import urlsplit

import aiohttp

LARGEST = 200_000  # bytes of a set
SECONDS = 2.0


class CannotFetch(Exception):
    """There is no set at this address, or none that may be asked for; the message says why."""


def is_address(text: Any) -> bool:
    """
    >>> is_address("http://127.0.0.1:8080/.well-known/jwks.json"), is_address("a secret")
    (True, False)
    """
    return isinstance(text, str) and text.strip().lower().startswith(("http://", "https://"))


async def fetch_key_set(address: str) -> str:
    """The text of a JWK Set; redirects are not followed.

    >>> asyncio.run(fetch_key_set("http://203.0.113.7/jwks.json"))
    Traceback (most recent call last):
    jwt_demo.display.key_set.CannotFetch: 203.0.113.7 is not this machine, and no other is asked
    """
    host = loopback_host(address)
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, trust_env=False) as client,
            client.get(address, allow_redirects=False) as response,
        ):
            status = response.status
            body = b""
            async for piece in response.content.iter_chunked(LARGEST):
                body += piece
                if len(body) > LARGEST:
                    raise CannotFetch(f"more than {LARGEST:,} bytes came")
    except (asyncio.TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        raise CannotFetch(f"no response from {host} ({type(error).__name__})") from None
    if status != 200:
        raise CannotFetch(f"the response has status {status}")
    try:
        text = body.decode("utf-8")
        json.loads(text)
    except (ValueError, RecursionError):
        raise CannotFetch("what came is not JSON") from None
    return text


def loopback_host(address: str) -> str:
    """The host of the address; CannotFetch unless it is an address of the loopback itself or `localhost`."""
    host = ""
    try:
        host = urlsplit(address).hostname or ""
        own = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name, or no address at all
        own = False
    if not own:
        raise CannotFetch(f"{host or 'This'} is not this machine, and no other is asked")
    return host
