"""Which servers may be attacked: those on this machine and no others."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from ..server import memory_transport
from ..server.runtime import HAS_THREADS


class CannotProbe(Exception):
    """Nothing was sent, or nobody was there; the message says why in a line."""


@dataclass(frozen=True)
class Address:
    """Where to connect, resolved once: a name can't come to mean another machine between two requests."""

    family: int
    place: tuple[str, int]
    host: str  # for the Host header
    base: str  # path in front of every other path, without a slash at its end
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    source: str = ""  # the address of this machine it is asked from; the system chooses where empty
    in_memory: bool = False  # no socket: a server of this notebook that listens in memory

    @property
    def name(self) -> str:
        """The host name without its port, as a certificate has it."""
        return urlsplit(f"//{self.host}").hostname or ""

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}"


async def loopback(url: str, ca_file: str | Path | None = None) -> Address:
    """The address of a server on the loopback; CannotProbe for any other, whatever its name says.

    >>> asyncio.run(loopback("http://203.0.113.7:8080"))
    Traceback (most recent call last):
    jwt_demo.probes.loopback.CannotProbe: 203.0.113.7 is not this machine ...
    """
    parts = split(url)
    tls = trust(ca_file) if parts.scheme == "https" else None
    if ca_file and tls is None:
        raise CannotProbe("--ca-file is for https://, and this address is http://")
    base = parts.path.rstrip("/")
    if (
        tls is None
        and parts.hostname == memory_transport.HOST
        and memory_transport.is_listening(parts.port or 80)
    ):
        here = (memory_transport.HOST, parts.port or 80)
        return Address(socket.AF_INET, here, parts.netloc, base, in_memory=True)
    if not HAS_THREADS:
        raise CannotProbe(
            f"Only servers of this notebook can be probed in a browser tab, and none listens at {parts.netloc}"
        )
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            parts.hostname, parts.port or (443 if tls else 80), type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError):
        raise CannotProbe(f"Nobody knows the name {parts.hostname!r} here") from None
    strangers = [str(place[0]) for *_, place in found if not is_loopback(str(place[0]))]
    if strangers and ipaddress.ip_address(strangers[0]).is_unspecified:
        port = f":{parts.port}" if parts.port else ""
        asked_at = f"{parts.scheme}://127.0.0.1{port}{parts.path}"
        raise CannotProbe(
            f"{parts.hostname} means every address of this machine: a server listens there, and is asked at {asked_at}"
        )
    if strangers or not found:
        raise CannotProbe(
            f"{parts.hostname} is not this machine ({strangers[0] if strangers else 'no address'}): only 127.0.0.0/8 and ::1 are probed"
        )

    for family, _, _, _, place in found:
        if await listens(family, place):
            address = Address(family, (str(place[0]), int(place[1])), parts.netloc, base, tls)
            await shake_hands(address)
            return address
    raise CannotProbe(
        f"Nobody listens at {parts.netloc}. Is the server running, and is this its port?"
    )


def from_elsewhere(address: Address) -> Address | None:
    """The same server, asked from another address of this machine; None where the system has none: ::1 is the only one of its kind."""
    source = "127.0.0.3" if address.place[0] == "127.0.0.2" else "127.0.0.2"
    if address.family != socket.AF_INET or address.in_memory:
        return None
    with socket.socket(address.family, socket.SOCK_STREAM) as sock:
        try:
            sock.bind((source, 0))
        except OSError:
            return None
    return replace(address, source=source)


def split(url: str) -> SplitResult:
    text = url if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url) else f"http://{url}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise CannotProbe("This is no address; write http://127.0.0.1:8080") from None
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or port == 0
        or not re.fullmatch(r"[!-~]*", parts.path + parts.query)
    ):
        raise CannotProbe(
            "This is no address that can be probed; write http://127.0.0.1:8080 (http or https, a name, a port, perhaps a path)"
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


def trust(ca_file: str | Path | None) -> ssl.SSLContext:
    """Who may vouch for the server: the authorities of this machine, or those of a file (PEM)."""
    try:
        return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise CannotProbe(f"--ca-file: {ca_file} cannot be used: {error.strerror}") from None


async def shake_hands(address: Address) -> None:
    """A TLS handshake, so that a certificate nobody trusts is said in one line before anything is sent."""
    if address.tls is None:
        return
    try:
        _, writer = await asyncio.wait_for(
            asyncio.open_connection(*address.place, ssl=address.tls, server_hostname=address.name),
            5,
        )
        writer.close()
    except ssl.SSLCertVerificationError as error:
        raise CannotProbe(
            f"The certificate of {address.host} is not trusted here ({error.verify_message}); --ca-file names the file of its authority"
        ) from None
    except (OSError, asyncio.TimeoutError):
        raise CannotProbe(f"{address.host} does not speak TLS; write http://") from None


async def listens(family: int, place: tuple[object, ...]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setblocking(False)
        try:
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, place), 5)
        except (OSError, asyncio.TimeoutError):
            return False
        return True
