"""The thread of a server survives what would end a loop, and ends when it is left behind."""

import asyncio
import sys
import threading
import time

from aiohttp import web

from jwt_demo.server.listeners import Ping
from jwt_demo.server.loop_thread import LoopThread
from jwt_demo.server.server import serve
from tests.server.apps import SHORT, app_of, hello, saying, settles_at


async def test_a_thread_left_behind_ends_when_its_handler_does(serving):
    """A loop that cannot be freed is left behind and replaced; once the handler comes back, its thread ends."""
    block = threading.Event()

    async def handler(request):
        while not block.wait(10):  # a call into C: no exception reaches it before it returns
            pass
        return web.Response()

    app = app_of(handler)
    app.router.add_get("/hello", hello)
    server = await serving(app, limit=SHORT)
    old = server._loop.thread

    exchange = await server.get("/")

    assert "blocks the event loop" in exchange.problem
    assert server._loop.thread is not old
    assert (await server.get("/hello")).text == "hello"
    block.set()
    await asyncio.to_thread(old.join, 10)
    assert not old.is_alive()


async def test_a_ping_comes_back_when_the_loop_turns_and_not_before():
    """So it is known at the end of the time limit whether the loop turned in the second half of it."""
    thread, block = LoopThread(), threading.Event()
    assert await asyncio.to_thread(Ping(thread).turned.wait, 10)

    thread.call(block.wait)
    ping = Ping(thread)
    assert not ping.turned.is_set()
    block.set()
    assert await asyncio.to_thread(ping.turned.wait, 10)

    thread.abandon()
    assert await thread.ended(10)


async def test_a_cell_that_blocks_its_own_loop_does_not_accuse_the_server():
    """The timers of the cell's loop fire late and together; a ping that was sent just now says nothing about the server's loop."""
    async with await serve(app_of(hello), name="own loop", limit=1, transport="tcp") as server:
        request = asyncio.ensure_future(server.get("/"))
        await asyncio.sleep(0)
        time.sleep(1.3)  # noqa: ASYNC251  # the reader's cell does this

        assert "blocks the event loop" not in (await request).problem
        assert (await server.get("/")).text == "hello"


async def test_two_requests_to_a_blocked_server_end_with_one_new_loop():
    """Both are told why; the server goes on."""
    block = threading.Event()

    async def handler(request):
        while not block.wait(10):
            pass
        return web.Response()

    app = app_of(handler)
    app.router.add_get("/hello", hello)
    async with await serve(app, name="two", limit=1, transport="tcp") as server:
        both = await asyncio.gather(server.get("/"), server.get("/"))

        assert any("blocks the event loop" in exchange.problem for exchange in both)
        assert all(exchange.problem for exchange in both)
        assert (await server.get("/hello")).text == "hello"
        block.set()


async def test_threads_do_not_pile_up(serving):
    """Twenty swaps are one thread; twenty servers stopped are none."""
    before = threading.active_count()
    for number in range(20):
        server = await serving(saying(str(number)))
    assert (
        threading.active_count() <= before + 1
    )  # fewer where a thread left behind by another test has ended
    await server.stop()
    for number in range(20):
        await (await serve(saying(str(number)), name=f"pile {number}")).stop()
    assert await settles_at(before)


async def test_a_loop_thread_survives_what_ends_a_loop():
    """SystemExit out of a callback stops run_forever; the thread takes it up again."""
    thread = LoopThread()
    thread.loop.call_soon_threadsafe(sys.exit, 1)
    assert await thread.answers()
    thread.abandon()
    await asyncio.to_thread(thread.thread.join, 5)
    assert thread.loop.is_closed()
