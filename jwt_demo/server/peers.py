"""Whose a connection is: on Linux the system says which user of this machine opened it.

Any program on a machine can connect to 127.0.0.1, so on a machine with many users a server in a notebook could be asked by all of them.
A secret in the path or in a header would keep others out, and HTTPie in the reader's own terminal as well, unless it is given each time.
The user of a connection is known without anything that the client has to send.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
LOOKS = 3  # at the tables: one that changes while it is read can leave an entry out
SECONDS_TO_READ = 1.0  # that a refused client has for the rejection
REFUSAL = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
    b"This server belongs to another user of this machine. They open it to others with serve(app, others=True).\n"
)
Address = tuple[str, int]
SOCK_DIAG, SOCK_DIAG_BY_FAMILY, REQUEST, ERROR = 4, 20, 1, 2  # linux/netlink.h, linux/sock_diag.h
HEADER = struct.Struct("=IHHII")  # nlmsghdr
QUESTION = struct.Struct("=BBBBI2s2s16s16sIII")  # inet_diag_req_v2
UID_AND_INODE = struct.Struct("=II")  # the last two fields of inet_diag_msg
WHERE_UID_STANDS = 80  # bytes from the start of the message
NO_COOKIE = 0xFFFFFFFF


def is_somebody_elses(peer: Address, own: Address) -> bool:
    """Whether a connection from `peer` to `own` (address, port) was opened by another user than us or root.

    Where the system does not tell (no Linux, no /proc), nobody is rejected; a connection that nobody holds open any more is.
    """
    if not hasattr(os, "geteuid"):
        return False
    try:
        found = asked_of_the_kernel(peer, own) or read_from_tables(peer, own)
    except OSError:
        return False
    return not any(is_ours(uid, inode) for uid, inode in found)


def is_ours(uid: int, inode: int) -> bool:
    """Whether a socket is of this user or root; one that no process has open (inode 0) is nobody's, though root is named."""
    return inode != 0 and uid in (os.geteuid(), 0)


def asked_of_the_kernel(peer: Address, own: Address) -> list[tuple[int, int]]:
    """User and inode of the peer's socket; nothing where the kernel finds none or knows nothing of it."""
    ports = [port.to_bytes(2, "big") for _, port in (peer, own)]
    addresses = [socket.inet_aton(address) for address, _ in (peer, own)]
    every_state = 0xFFFFFFFF
    asked = QUESTION.pack(
        socket.AF_INET, socket.IPPROTO_TCP, 0, 0, every_state, *ports, *addresses, 0, NO_COOKIE, NO_COOKIE
    )  # fmt: skip
    header = HEADER.pack(HEADER.size + len(asked), SOCK_DIAG_BY_FAMILY, REQUEST, 1, 0)
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, SOCK_DIAG) as kernel:
            kernel.settimeout(1)
            kernel.send(header + asked)
            answer = kernel.recv(8192)
    except (OSError, AttributeError):
        return []
    if (
        len(answer) < WHERE_UID_STANDS + UID_AND_INODE.size
        or HEADER.unpack_from(answer)[1] == ERROR
    ):
        return []
    uid, inode = UID_AND_INODE.unpack_from(answer, WHERE_UID_STANDS)
    return [(uid, inode)]


def read_from_tables(peer: Address, own: Address) -> list[tuple[int, int]]:
    """The same from the tables that a person can read; OSError where there are none."""
    for _ in range(LOOKS):
        if found := [entry for table in TABLES for entry in entries(table, peer, own)]:
            return found
    return []


def entries(table: Path, peer: Address, own: Address) -> list[tuple[int, int]]:
    if table.name == "tcp6" and not table.exists():  # IPv6 is switched off
        return []
    start = "0000000000000000FFFF0000" if sys.byteorder == "little" else "00000000000000000000FFFF"
    prefix = start if table.name == "tcp6" else ""
    wanted = f" {prefix}{written(*peer)} {prefix}{written(*own)} "
    lines = [line.split() for line in table.read_text("ascii").splitlines() if wanted in line]
    return [(int(columns[7]), int(columns[9])) for columns in lines]


def written(address: str, port: int) -> str:
    """An address and port as the table has them.

    >>> written("127.0.0.1", 8080) in ("0100007F:1F90", "7F000001:1F90")
    True
    """
    number = int.from_bytes(socket.inet_aton(address), sys.byteorder)
    return f"{number:08X}:{port:04X}"


class Entrance(asyncio.Protocol):
    """Lets a connection through to the application, or says that it is not for this user."""

    def __init__(
        self, application: asyncio.BaseProtocol, is_refused: Callable[[asyncio.Transport], bool]
    ):
        self.application = application
        self.is_refused = is_refused

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if self.is_refused(transport):
            transport.write(REFUSAL)
            with contextlib.suppress(OSError):
                transport.write_eof()
            asyncio.get_running_loop().call_later(SECONDS_TO_READ, transport.abort)
            return
        transport.set_protocol(self.application)
        self.application.connection_made(transport)
