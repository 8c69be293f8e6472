"""Connections without sockets: a pair of transports in memory, between aiohttp's own client and server protocols.

Where there are neither threads nor sockets, in a browser tab, a server in the notebook listens here. What is sent arrives
in order; a receiver that pauses makes its sender wait; a connection that is closed is lost on both sides.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

HIGH_WATER = 1 << 16  # bytes on their way at which a sender is told to pause
LOW_WATER = HIGH_WATER // 4
HOST = "127.0.0.1"

_ports = itertools.count(40_000)
_listening: dict[int, Callable[[], asyncio.BaseProtocol]] = {}


class MemoryTransport(asyncio.Transport):
    """One end of a connection. `connect` makes both."""

    def __init__(self, loop: asyncio.AbstractEventLoop, own: int, peer: int):
        super().__init__({"sockname": (HOST, own), "peername": (HOST, peer)})
        self._loop = loop
        self._protocol: asyncio.Protocol | None = None
        self._incoming: deque[bytes] = deque()
        self._size = 0  # of what is incoming
        self._high, self._low = HIGH_WATER, LOW_WATER
        self._holds_sender = False
        self._paused = self._closing = self._ends = self._scheduled = False
        self.other: MemoryTransport

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        assert self._protocol is not None
        return self._protocol

    def is_closing(self) -> bool:
        return self._closing

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if data and not self._closing:
            self.other._take(bytes(data))

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return False

    def close(self) -> None:
        """What was written still arrives."""
        if not self._closing:
            self._closing = True
            self.other._ends = True
            self.other._schedule()
            self._loop.call_soon(self._lose, None)

    def abort(self) -> None:
        """What was written and has not arrived is lost."""
        self.other._incoming.clear()
        self.close()

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        self._schedule()

    def is_reading(self) -> bool:
        return not self._paused and not self._closing

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self.other._high = HIGH_WATER if high is None else high
        self.other._low = self.other._high // 4 if low is None else low

    def get_write_buffer_size(self) -> int:
        return self.other._size

    def _take(self, data: bytes) -> None:
        self._incoming.append(data)
        self._size += len(data)
        if self._size > self._high and not self._holds_sender:
            self._holds_sender = True
            self.other.get_protocol().pause_writing()
        self._schedule()

    def _schedule(self) -> None:
        """One delivery at a time, so that order is kept."""
        if not self._scheduled and (self._incoming or self._ends):
            self._scheduled = True
            self._loop.call_soon(self._deliver)

    def _deliver(self) -> None:
        self._scheduled = False
        while self._incoming and not self._paused and self._protocol is not None:
            data = self._incoming.popleft()
            self._size -= len(data)
            self._protocol.data_received(data)
        if self._holds_sender and self._size <= self._low:
            self._holds_sender = False
            if self.other._protocol is not None:
                self.other._protocol.resume_writing()
        if self._ends and not self._incoming:
            self._end()

    def _end(self) -> None:
        if self._protocol is not None and not self._closing:
            self._protocol.eof_received()
            self._closing = True
            self._lose(None)

    def _lose(self, error: Exception | None) -> None:
        protocol, self._protocol = self._protocol, None
        if protocol is not None:  # a protocol of aiohttp with an empty queue is false
            protocol.connection_lost(error)


def free_port() -> int:
    """A number that stands for an end of a connection, as a port does."""
    return next(_ports)


def listen(port: int, factory: Callable[[], asyncio.BaseProtocol]) -> None:
    """From now on, connections to `port` get a protocol from `factory`."""
    _listening[port] = factory


def stop_listening(port: int) -> None:
    _listening.pop(port, None)


def is_listening(port: int) -> bool:
    return port in _listening


def connect(protocol: asyncio.Protocol, port: int, *, own: int | None = None) -> MemoryTransport:
    """Connect `protocol` to whatever listens on `port`; ConnectionRefusedError where nothing does."""
    factory = _listening.get(port)
    if factory is None:
        raise ConnectionRefusedError(f"nothing listens on port {port} of this notebook")
    accepted = factory()
    loop = asyncio.get_running_loop()
    number = free_port() if own is None else own
    client, server = MemoryTransport(loop, number, port), MemoryTransport(loop, port, number)
    client.other, server.other = server, client
    client.set_protocol(protocol)
    server.set_protocol(accepted)
    accepted.connection_made(server)
    protocol.connection_made(client)
    return client


async def open_connection(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream to whatever listens on `port`, as `asyncio.open_connection` gives one over TCP."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport = connect(protocol, port)
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


def listen_with_streams(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> int:
    """The port on which each connection is given to `answer`, as with `asyncio.start_server`."""

    def protocol() -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(asyncio.StreamReader(), answer)

    port = free_port()
    listen(port, protocol)
    return port


class MemoryConnector(aiohttp.BaseConnector):
    """Connections of aiohttp's client that go over memory, from the port `own`."""

    def __init__(self, own: int):
        super().__init__(force_close=True)
        self._own = own

    async def _create_connection(
        self, req: Any, traces: Any, timeout: Any
    ) -> ResponseHandler:  # what aiohttp's own connectors override; there is no public name
        return new_connection(req.url.port, self._own)


def reach_from_aiohttp() -> None:
    """In a browser tab: every client of aiohttp reaches what listens here, under the address that `serve` gives.

    A connector for TCP could connect to nothing there. It has no public name for what is replaced.
    """

    async def create_connection(self: Any, req: Any, traces: Any, timeout: Any) -> ResponseHandler:
        return new_connection(req.url.port)

    aiohttp.TCPConnector._create_connection = create_connection  # type: ignore[method-assign]  # on purpose, and only in a tab


def new_connection(port: int, own: int | None = None) -> ResponseHandler:
    """A connection of aiohttp's client to `port`."""
    protocol = ResponseHandler(loop=asyncio.get_running_loop())
    try:
        connect(protocol, port, own=own)
    except ConnectionRefusedError as error:
        raise aiohttp.ClientConnectionError(str(error)) from None
    return protocol
