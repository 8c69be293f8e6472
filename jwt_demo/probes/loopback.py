"""Which servers may be attacked: those on this machine and no others."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit


class CannotProbe(Exception):
    """Nothing was sent, or nobody was there; the message says why in a line."""


@dataclass(frozen=True)
class Address:
    """Where to connect, resolved once: a name can't come to mean another machine between two requests."""

    family: int
    place: tuple[str, int]
    host: str  # for the Host header
    base: str  # path in front of every other path, without a slash at its end


async def loopback(url: str) -> Address:
    """The address of a server on the loopback; CannotProbe for any other, whatever its name says.

    >>> asyncio.run(loopback("http://203.0.113.7:8080"))
    Traceback (most recent call last):
    jwt_demo.probes.loopback.CannotProbe: 203.0.113.7 is not this machine ...
    """
    parts = split(url)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            parts.hostname, parts.port or 80, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        raise CannotProbe(f"Nobody knows the name {parts.hostname!r} here") from None
    strangers = [place[0] for *_, place in found if not is_loopback(place[0])]
    if strangers or not found:
        raise CannotProbe(
            f"{parts.hostname} is not this machine ({strangers[0] if strangers else 'no address'}): only 127.0.0.0/8 and ::1 are probed"
        )

    base = parts.path.rstrip("/")
    for family, _, _, _, place in found:
        if await listens(family, place):
            return Address(family, place[:2], parts.netloc, base)
    raise CannotProbe(
        f"Nobody listens at {parts.netloc}. Is the server running, and is this its port?"
    )


def split(url: str) -> SplitResult:
    text = url if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url) else f"http://{url}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise CannotProbe("This is no address; write http://127.0.0.1:8080") from None
    if (
        parts.scheme != "http"
        or not parts.hostname
        or "@" in parts.netloc
        or port == 0
        or not re.fullmatch(r"[!-~]*", parts.path)
    ):
        raise CannotProbe(
            "This is no address that can be probed; write http://127.0.0.1:8080 (http, a name, a port, perhaps a path)"
        )
    return parts


def is_loopback(text: str) -> bool:
    """
    >>> is_loopback("127.9.9.9"), is_loopback("::1"), is_loopback("::ffff:127.0.0.1"), is_loopback("0.0.0.0")
    (True, True, False, False)
    """
    address = ipaddress.ip_address(text.partition("%")[0])
    return address in LOOPBACK_4 if address.version == 4 else address == LOOPBACK_6


LOOPBACK_4 = ipaddress.ip_network("127.0.0.0/8")
LOOPBACK_6 = ipaddress.ip_address("::1")


async def listens(family: int, place: tuple) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setblocking(False)
        try:
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, place), 5)
        except (OSError, asyncio.TimeoutError):
            return False
        return True
