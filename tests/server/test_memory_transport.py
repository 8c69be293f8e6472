"""Connections in memory keep what connections over TCP promise: order, back-pressure, keep-alive, an end on both sides."""

from __future__ import annotations

import asyncio
import contextlib
import io
import time

import aiohttp
import pytest
from aiohttp import web

from jwt_demo.server import memory_transport
from jwt_demo.server.listeners import MEMORY, new_listener
from jwt_demo.server.server import serve


class Receiver(asyncio.Protocol):
    """Keeps what arrives, and what it was told."""

    def __init__(self):
        self.octets, self.told, self.transport = bytearray(), [], None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.octets += data

    def pause_writing(self):
        self.told.append("pause")

    def resume_writing(self):
        self.told.append("resume")

    def eof_received(self):
        self.told.append("eof")

    def connection_lost(self, error):
        self.told.append("lost")


@pytest.fixture
def both():
    """The two ends of a connection."""
    server, client, port = Receiver(), Receiver(), memory_transport.free_port()
    memory_transport.listen(port, lambda: server)
    yield client, server, port
    memory_transport.stop_listening(port)


async def until(condition):
    """A turn of the loop at a time; a hundred are enough for anything in memory."""
    for _ in range(100):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not happen")


async def test_what_is_sent_arrives_in_order(both):
    """Ten thousand pieces, from both sides at once."""
    client, server, port = both
    memory_transport.connect(client, port)
    pieces = [b"%d," % number for number in range(10_000)]
    for piece in pieces:
        client.transport.write(piece)
        server.transport.writelines([piece, b"!"])
    await until(lambda: bytes(server.octets) == b"".join(pieces))
    assert bytes(client.octets) == b"".join(piece + b"!" for piece in pieces)


async def test_a_receiver_that_pauses_holds_up_its_sender(both):
    """The sender is told to pause above the high water mark and to go on below the low one."""
    client, server, port = both
    memory_transport.connect(client, port)
    server.transport.pause_reading()
    client.transport.write(bytes(memory_transport.HIGH_WATER))
    assert client.told == []
    client.transport.write(b"one more")
    assert client.told == ["pause"]
    assert client.transport.get_write_buffer_size() == memory_transport.HIGH_WATER + 8
    await asyncio.sleep(0)
    assert not server.octets
    server.transport.resume_reading()
    await until(lambda: client.told == ["pause", "resume"])
    assert len(server.octets) == memory_transport.HIGH_WATER + 8


async def test_a_close_lets_arrive_what_was_written_and_an_abort_does_not(both):
    """Both ends are told that it is over, once."""
    for ending, arrives in (("close", b"last words"), ("abort", b"")):
        client, server, port = Receiver(), Receiver(), memory_transport.free_port()
        memory_transport.listen(port, lambda server=server: server)
        memory_transport.connect(client, port)
        client.transport.write(b"last words")
        getattr(client.transport, ending)()
        client.transport.write(b"too late")
        await until(lambda server=server: "lost" in server.told)
        assert bytes(server.octets) == arrives
        assert client.told == ["lost"]
        assert server.told == ["eof", "lost"]
        memory_transport.stop_listening(port)


async def test_nobody_listening_is_a_refused_connection():
    """As on TCP; aiohttp's client says so in its own words."""
    port = memory_transport.free_port()
    with pytest.raises(ConnectionRefusedError):
        memory_transport.connect(Receiver(), port)
    async with aiohttp.ClientSession(connector=memory_transport.MemoryConnector(1)) as session:
        with pytest.raises(aiohttp.ClientConnectionError, match="nothing listens"):
            await session.get(f"http://127.0.0.1:{port}/")


async def test_one_connection_carries_many_requests():
    """HTTP/1.1 keep-alive over a stream, and pipelined: the responses come in the order of the requests."""
    server = await serve(numbers(), name="memory test", transport=MEMORY)
    reader, writer = await memory_transport.open_connection(server.port)
    writer.write(b"".join(b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % n for n in range(20)))
    for number in range(20):
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert int(await reader.readexactly(len(str(number)))) == number
    writer.close()
    await writer.wait_closed()
    await server.stop()


def numbers():
    async def number(request):
        return web.Response(text=request.match_info["number"])

    app = web.Application()
    app.add_routes([web.get("/{number:\\d+}", number)])
    return app


async def test_large_bodies_go_both_ways():
    """Many times what a transport holds: nearly a megabyte there, sixteen back."""
    app = web.Application(client_max_size=1 << 20)

    async def echo(request):
        return web.Response(body=io.BytesIO(await request.read() * 16))

    app.add_routes([web.post("/", echo)])
    server = await serve(app, name="memory test", limit=30, transport=MEMORY)
    body = bytes(range(256)) * 4_000
    assert (await server.post("/", data=body)).body == body * 16
    await server.stop()


async def test_a_client_that_leaves_is_noticed():
    """The handler is cancelled where aiohttp is told to, and the server goes on."""
    app = web.Application()
    came = asyncio.Event()

    async def wait(request):
        came.set()
        await asyncio.sleep(3600)

    app.add_routes([web.get("/wait", wait)])
    server = await serve(app, name="memory test", transport=MEMORY)
    _, writer = await memory_transport.open_connection(server.port)
    writer.write(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
    await came.wait()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    assert (await server.get("/nothing")).status == 404
    await server.stop()


async def test_a_handler_that_holds_up_the_loop_is_ended_at_a_line():
    """Without another thread, the clock is looked at in each line of the handler; the sentence names that line."""

    async def forever(request):
        while True:
            pass

    app = web.Application()
    app.add_routes([web.get("/", forever)])
    server = await serve(app, name="memory test", limit=0.3, transport=MEMORY)
    began = time.monotonic()
    exchange = await server.get("/")
    assert "blocks the event loop" in exchange.problem
    assert "`while True:`" in exchange.problem or "`pass`" in exchange.problem
    assert exchange.status is None
    assert exchange.request_headers == []  # as where nobody answered at all
    assert time.monotonic() - began < 10
    assert (await server.get("/nothing")).status == 404
    await server.stop()


def test_a_transport_of_another_name_is_refused():
    """With the names there are."""
    with pytest.raises(ValueError, match='"tcp" or "memory"'):
        new_listener("carrier pigeon")
