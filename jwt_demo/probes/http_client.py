"""One request, byte for byte as a probe wants it, and whatever comes back within a limit. Redirects are not followed.

An ordinary HTTP client repairs what it sends and hides how a response broke off; here both are the subject.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h11

from ..server import memory_transport
from .loopback import Address, loopback, split

NO_TARGET = "has a character that no request can ask for; write a blank as %20 and é as %C3%A9"
LARGEST_BODY = 1 << 20  # bytes read of one answer; no response a probe asks for has as many


@dataclass(frozen=True)
class Request:
    """What is sent; header values are text or, for octets that are no text, bytes. `token` is what must not come back."""

    method: str
    path: str
    headers: tuple[tuple[str, str | bytes], ...] = ()
    body: bytes = b""
    token: str = ""


@dataclass
class Answer:
    """What came back; `trouble` says why it is no complete response, and is empty when it is one."""

    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    trouble: str = ""
    seconds: float = 0.0

    def header(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON, or None."""
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(self.body)
        return None


async def send(address: Address, request: Request, *, limit: float) -> Answer:
    """Send a request and read its response, `limit` seconds at most. Never raises for what the server does."""
    answer, started = Answer(), time.perf_counter()
    try:
        await asyncio.wait_for(converse(address, request, answer), limit)
    except asyncio.TimeoutError:
        answer.trouble = f"no complete response within {limit:g} s"
    except h11.RemoteProtocolError:
        answer.trouble = (
            "the response broke off half way" if answer.status else "what came back is not HTTP"
        )
    except (OSError, EOFError):
        answer.trouble = (
            "the response broke off half way"
            if answer.status
            else "the connection was dropped without a response"
        )
    answer.seconds = time.perf_counter() - started
    return answer


async def get(url: str, *, limit: float, ca_file: str | Path | None) -> Answer:
    """The response to a GET of a whole address; CannotProbe where it is not on this machine."""
    parts = split(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    address = await loopback(origin, ca_file if parts.scheme == "https" else None)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return await send(address, Request("GET", target), limit=limit)


def is_target(path: str) -> bool:
    """Whether a request can ask for it: a blank and `é` have to be written as %20 and %C3%A9 (RFC 3986 §2.1).

    >>> is_target("/users/me?full=1"), is_target("/users/the boss")
    (True, False)
    """
    return re.fullmatch(r"[!-~]*", path) is not None


def is_name(text: str) -> bool:
    """Whether a header or a cookie may be called so (RFC 9110 §5.6.2).

    >>> is_name("X-Auth-Token"), is_name("X Auth")
    (True, False)
    """
    return re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", text) is not None


async def converse(address: Address, request: Request, answer: Answer) -> None:
    if address.tls is not None or address.in_memory:
        await converse_in_streams(address, request, answer)
        return
    loop = asyncio.get_running_loop()
    connection = h11.Connection(h11.CLIENT)
    octets = to_octets(connection, address, request)
    with socket.socket(address.family, socket.SOCK_STREAM) as sock:
        sock.setblocking(False)
        if address.source:
            sock.bind((address.source, 0))
        await loop.sock_connect(sock, address.place)
        sending = asyncio.ensure_future(
            loop.sock_sendall(sock, octets)
        )  # a server may answer before it has heard everything
        heard = False
        try:
            while not read_events(connection, answer):
                octets = await loop.sock_recv(sock, 1 << 16)
                heard = heard or bool(octets)
                if not heard:
                    raise EOFError
                connection.receive_data(octets)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def streams(address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if address.in_memory:
        return await memory_transport.open_connection(address.place[1])
    return await asyncio.open_connection(
        *address.place,
        ssl=address.tls,
        server_hostname=address.name,
        local_addr=(address.source, 0) if address.source else None,
    )


async def converse_in_streams(address: Address, request: Request, answer: Answer) -> None:
    connection = h11.Connection(h11.CLIENT)
    octets = to_octets(connection, address, request)
    reader, writer = await streams(address)
    heard = False
    try:
        writer.write(octets)
        while not read_events(connection, answer):
            octets = await reader.read(1 << 16)
            heard = heard or bool(octets)
            if not heard:
                raise EOFError
            connection.receive_data(octets)
    finally:
        writer.transport.abort()


def to_octets(connection: h11.Connection, address: Address, request: Request) -> bytes:
    headers = [
        ("Host", address.host),
        ("User-Agent", "jwt-demo-probe"),
        ("Accept", "*/*"),
        ("Connection", "close"),
        *request.headers,
    ]
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        headers.append(("Content-Length", str(len(request.body))))
    pairs = [
        (name.encode("ascii"), value if isinstance(value, bytes) else value.encode("utf-8"))
        for name, value in headers
    ]
    head = connection.send(
        h11.Request(method=request.method, target=address.base + request.path, headers=pairs)
    )
    body = connection.send(h11.Data(data=request.body)) if request.body else b""
    return (head or b"") + (body or b"") + (connection.send(h11.EndOfMessage()) or b"")


def read_events(connection: h11.Connection, answer: Answer) -> bool:
    """Move what has arrived into `answer`; whether that is the end of it."""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            return False
        if isinstance(event, h11.Response):
            answer.status = event.status_code
            answer.headers = [
                (name.decode("ascii"), value.decode("utf-8", "replace"))
                for name, value in event.headers
            ]
        elif isinstance(event, h11.Data):
            answer.body += event.data
            if len(answer.body) > LARGEST_BODY:
                answer.trouble = f"the response is longer than {LARGEST_BODY >> 20} MiB"
                return True
        elif isinstance(event, h11.EndOfMessage):
            return True
