"""Where a server in a notebook listens, and on which loop it runs: TCP on a thread of its own, or memory on the loop of the notebook."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, Protocol, TypeVar

import aiohttp

from . import memory_transport
from .line_clock import LineClock
from .loop_thread import HandlerBlocked, LoopThread
from .peers import Entrance, is_somebody_elses
from .runtime import HAS_THREADS

T = TypeVar("T")
Factory = Callable[[], asyncio.BaseProtocol]
TCP, MEMORY = "tcp", "memory"
A_WHILE = 0.4  # seconds; a loop that has not turned for so long is stuck


class Loop(Protocol):
    """The loop on which a server runs, as the notebook sees it."""

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T: ...
    async def answers(self, within: float = 1.0) -> bool: ...
    def frames(self) -> list[FrameType]: ...
    def interrupt(self) -> None: ...
    def call(self, function: Callable[[], object]) -> None: ...
    def abandon(self, last: Callable[[], Coroutine[Any, Any, Any]] | None = None) -> None: ...
    async def ended(self, within: float = 1.0) -> bool: ...


class Ping:
    """A sign of life that a loop was asked for."""

    def __init__(self, loop: Loop):
        self.loop, self.turned, self.sent = loop, threading.Event(), time.perf_counter()
        loop.call(self.turned.set)

    def is_missed_by(self, loop: Loop) -> bool:
        """Whether it is this loop that was asked, and it has not turned for a while. A ping that was sent just now proves nothing."""
        waited = time.perf_counter() - self.sent
        return loop is self.loop and not self.turned.is_set() and waited >= A_WHILE


class ClientEnd(Protocol):
    """The end of one request's connection, known by its port before anything is sent."""

    port: int

    def connector(self) -> aiohttp.BaseConnector: ...
    def close(self) -> None: ...


class Clock(Protocol):
    """Knows where a handler blocked the loop that its own client runs on; '' where it did not."""

    where: str

    def __enter__(self) -> Clock: ...
    def __exit__(self, *raised: Any) -> None: ...


class Listener(Protocol):
    """Where a server listens."""

    port: int
    loop: Loop
    others: bool  # whether other users of this machine are answered
    own_ports: set[int]  # of our own client's connections

    async def accept(self, factory: Factory) -> None: ...
    def refuse(self) -> None: ...
    def leave_loop(self, last: Callable[[], Coroutine[Any, Any, Any]] | None) -> None: ...
    def client(self) -> ClientEnd: ...
    def clock(self, limit: float) -> Clock: ...
    def close(self) -> None: ...
    @property
    def is_open(self) -> bool: ...


def new_listener(transport: str | None) -> Listener:
    """A listener of this kind; by default TCP where there are threads and sockets, memory elsewhere.

    `JWT_DEMO_TRANSPORT` in the environment chooses as well. ValueError for any other name.
    """
    chosen = transport or os.environ.get("JWT_DEMO_TRANSPORT") or (TCP if HAS_THREADS else MEMORY)
    if chosen not in (TCP, MEMORY):
        raise ValueError(f'transport is "{TCP}" or "{MEMORY}"; this is {chosen!r}.')
    if not HAS_THREADS:
        memory_transport.reach_from_aiohttp()
    return TcpListener() if chosen == TCP else MemoryListener()


class TcpListener:
    """A port of 127.0.0.1 that nobody else has, and a loop on a thread of its own."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.loop: Loop = LoopThread()
        self.others = False
        self.own_ports: set[int] = set()
        self._accepting: asyncio.Server | None = None

    @property
    def is_open(self) -> bool:
        return self._socket.fileno() != -1

    async def accept(self, factory: Factory) -> None:
        """On the server's loop: take connections from now on; a second call changes nothing."""
        if self._accepting is None:
            loop = asyncio.get_running_loop()
            self._accepting = await loop.create_server(
                lambda: Entrance(factory(), self._is_refused), sock=self._socket.dup()
            )

    def _is_refused(self, transport: asyncio.Transport) -> bool:
        """Whether a connection is another user's; that of our own client is known by its port."""
        peer, own = transport.get_extra_info("peername"), transport.get_extra_info("sockname")
        if self.others or (peer and peer[1] in self.own_ports):
            return False
        return peer is None or is_somebody_elses(peer, own)

    def refuse(self) -> None:
        """On the server's loop: take no more connections."""
        if self._accepting is not None:
            self._accepting.close()

    def leave_loop(self, last: Callable[[], Coroutine[Any, Any, Any]] | None) -> None:
        """Leave a loop that is stuck behind, and have a new one behind the same port."""
        if self._accepting is not None:
            for listening in self._accepting.sockets:
                # Should the old loop turn again, it must not take a connection; asyncio has no public word for this.
                listening._sock.close()  # type: ignore[attr-defined]  # private
        self._accepting = None
        self.loop.abandon(last)
        self.loop = LoopThread()

    def client(self) -> TcpClientEnd:
        return TcpClientEnd(self.own_ports)

    def clock(self, limit: float) -> Clock:
        """The client's own time limit is enough: the handler runs on another thread."""
        return NoClock()

    def close(self) -> None:
        self._socket.close()


class TcpClientEnd:
    """A socket that is bound before it connects, so that its port is known."""

    def __init__(self, own_ports: set[int]) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]
        self._own_ports = own_ports
        own_ports.add(self.port)

    def connector(self) -> aiohttp.BaseConnector:
        return aiohttp.TCPConnector(force_close=True, socket_factory=lambda address: self._socket)

    def close(self) -> None:
        self._socket.close()
        self._own_ports.discard(self.port)


class MemoryListener:
    """A number in place of a port, and the loop of the notebook."""

    def __init__(self) -> None:
        self.port = memory_transport.free_port()
        self.loop: Loop = OwnLoop()
        self.others = False
        self.own_ports: set[int] = set()
        self.is_open = True

    async def accept(self, factory: Factory) -> None:
        memory_transport.listen(self.port, factory)

    def refuse(self) -> None:
        memory_transport.stop_listening(self.port)

    def leave_loop(self, last: Callable[[], Coroutine[Any, Any, Any]] | None) -> None:
        """There is no other loop to go on with."""

    def client(self) -> MemoryClientEnd:
        return MemoryClientEnd(self.own_ports)

    def clock(self, limit: float) -> Clock:
        return LineClock(limit, HandlerBlocked)

    def close(self) -> None:
        self.is_open = False
        self.refuse()


class MemoryClientEnd:
    """A number that the server sees as the port of its peer."""

    def __init__(self, own_ports: set[int]) -> None:
        self.port = memory_transport.free_port()
        self._own_ports = own_ports
        own_ports.add(self.port)

    def connector(self) -> aiohttp.BaseConnector:
        return memory_transport.MemoryConnector(self.port)

    def close(self) -> None:
        self._own_ports.discard(self.port)


class NoClock:
    """Where a clock is not needed."""

    where = ""

    def __enter__(self) -> NoClock:
        return self

    def __exit__(self, *raised: object) -> None:
        pass


class OwnLoop:
    """The loop that the notebook runs on: it turns whenever the notebook waits."""

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return await coroutine

    async def answers(self, within: float = 1.0) -> bool:
        return True

    def frames(self) -> list[FrameType]:
        return []

    def interrupt(self) -> None:
        pass

    def call(self, function: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # at exit there is no loop any more
            asyncio.get_running_loop().call_soon(function)

    def abandon(self, last: Callable[[], Coroutine[Any, Any, Any]] | None = None) -> None:
        pass

    async def ended(self, within: float = 1.0) -> bool:
        return True
