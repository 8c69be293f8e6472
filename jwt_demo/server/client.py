"""The client of a server in a notebook: sends exactly what the reader wrote, once, and keeps what came back."""

from __future__ import annotations

import json as json_module
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
from multidict import CIMultiDictProxy

from .exchange import Exchange

MAX_BODY = 1 << 20  # bytes kept of a response that does not say how long it is
NOTHING_ADDED = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")


def new_exchange(
    method: str, path: str, *, data: Any, json: Any, headers: Any, params: Any
) -> Exchange:
    """A request as the reader described it; TypeError or ValueError where it cannot be sent."""
    if not path.startswith("/"):
        raise ValueError(
            f"The path {path!r} does not start with '/'. Only this server is asked, so no address is needed."
        )
    body, content_type = encode_body(data, json)
    sent = header_lines(headers)
    if content_type and "content-type" not in (name.lower() for name, _ in sent):
        sent.append(("Content-Type", content_type))
    for name, value in sent:
        check_header(name, value)
    return Exchange(method, path + (f"?{urlencode(params)}" if params else ""), sent, body)


async def send(
    exchange: Exchange, url: str, *, connector: aiohttp.BaseConnector, limit: float
) -> None:
    """Send the request of `exchange` over `connector` and keep the response in it; `limit` seconds at most."""
    session = aiohttp.ClientSession(
        connector=connector,
        timeout=aiohttp.ClientTimeout(total=limit),
        cookie_jar=aiohttp.DummyCookieJar(),
        skip_auto_headers=NOTHING_ADDED,
    )
    session._retry_connection = False  # as in aiohttp's own test client: a request is sent once
    async with (
        session,
        session.request(
            exchange.method,
            url + exchange.path,
            data=exchange.request_body or None,
            headers=exchange.request_headers,
            allow_redirects=False,
        ) as response,
    ):
        exchange.request_headers = list(response.request_info.headers.items())
        exchange.status, exchange.reason = response.status, response.reason or ""
        exchange.headers = CIMultiDictProxy(response.headers.copy())
        exchange.body = (
            await at_most(response.content, MAX_BODY)
            if response.content_length is None
            else await response.read()
        )


async def at_most(content: aiohttp.StreamReader, most: int) -> bytes:
    """The body up to so many bytes: one `read` may give the first part alone, as it came."""
    body = b""
    while len(body) < most and (part := await content.read(most - len(body))):
        body += part
    return body


def header_lines(
    headers: Mapping[str, str] | Iterable[tuple[str, str]] | None,
) -> list[tuple[str, str]]:
    if headers is None:
        return []
    return list(headers.items() if isinstance(headers, Mapping) else headers)


def check_header(name: str, value: object) -> None:
    """Reject what would break off the request half-way: TypeError for no text, ValueError for a line break (RFC 9110 §5.5)."""
    if not isinstance(value, str):
        raise TypeError(
            f"This request cannot be sent: the header {name} is {type(value).__name__}, and must be text."
        )
    if any(character in "\r\n\0" for character in f"{name}{value}"):
        raise ValueError(
            f"This request cannot be sent: the header {name} contains a line break, and a header is one line."
        )


def encode_body(data: Any, json: Any) -> tuple[bytes, str]:
    """The bytes of a request's body and their Content-Type: a dict in `data` is a form, `json` is JSON, text and bytes go as they are."""
    if data is not None and json is not None:
        raise ValueError("Give data= (a form) or json=, not both.")
    if json is not None:
        return json_module.dumps(json).encode("utf-8"), "application/json"
    if data is None:
        return b"", ""
    if isinstance(data, bytes):
        return data, ""
    if isinstance(data, str):
        return data.encode("utf-8"), ""
    return urlencode(data).encode("ascii"), "application/x-www-form-urlencoded"
