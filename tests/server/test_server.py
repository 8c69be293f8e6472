"""A server inside a notebook: swapped under load, stopped, started again, and still there afterwards."""

import asyncio
import json
import socket
import sys
import threading

import pytest
from aiohttp import web

from jwt_demo.server.exchange import Exchange
from jwt_demo.server.server import Server, serve
from tests.server.apps import SHORT, app_of, ask, hello, saying, settles_at


async def test_a_swap_keeps_the_address_and_another_name_has_another(serving):
    """The cell run again: the new answer behind the old address; a second name beside it is undisturbed."""
    server = await serving(saying("old"))
    beside = await serving(saying("beside"), name="another")
    url = server.url

    again = await serving(saying("new"))

    assert again is server
    assert again.url == url != beside.url
    assert (await server.get("/")).text == "new"
    assert (await beside.get("/")).text == "beside"


async def test_serving_the_same_application_again_changes_nothing(serving):
    """A cell with only `serve(app)` may be run twice."""
    app = saying("same")
    server = await serving(app)
    assert await serving(app) is server
    assert (await server.get("/")).text == "same"


async def test_swapping_back_to_an_application_that_ran_before_is_told(serving):
    """aiohttp cannot start an application twice on one loop; what happens is an answer or a sentence, never a riddle."""
    first = saying("first")
    server = await serving(first)
    await serving(saying("second"))
    await serving(first)
    assert (await server.get("/")).text == "first"


async def test_swaps_under_load_refuse_nobody_and_mix_nothing(serving):
    """While the application is swapped many times every request has an answer: a whole one of one application."""

    def versioned(number):
        async def handler(request):
            before = number
            await asyncio.sleep(0)
            return web.json_response([before, request.app["number"]])

        app = app_of(handler)
        app["number"] = number
        return app

    with pytest.warns(web.NotAppKeyWarning):
        server = await serving(versioned(0))
        done = threading.Event()
        answers = []

        def client():
            while not done.is_set():
                answers.append(ask(server.url))

        threads = [threading.Thread(target=client) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(1, 31):
            await serving(versioned(number))
            body = (await server.get("/")).json()
            assert body == [number, number]
        done.set()
        for thread in threads:
            await asyncio.to_thread(thread.join, 20)

    assert answers
    assert {status for status, _ in answers} == {200}
    for _, body in answers:
        first, second = json.loads(body)
        assert first == second


async def test_a_connection_taken_before_a_swap_is_served_after_it(serving):
    """Accepted by the old application, its request comes when the new one stands: it gets a whole answer, not a reset."""
    server = await serving(saying("old"))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    while not server._runner.server.connections:
        await asyncio.sleep(0)

    await serving(saying("new"))
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()

    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"old")
    assert (await server.get("/")).text == "new"


async def test_a_request_under_way_is_finished_by_the_application_that_began_it(serving):
    """A swap in the middle of a slow request cancels nothing: the old application answers, the next request is the new one's."""
    here, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    async def slow(request):
        loop.call_soon_threadsafe(here.set)
        while not go_on.is_set():
            await asyncio.sleep(0.01)
        return web.Response(text="old")

    server = await serving(app_of(slow))
    asking = asyncio.ensure_future(server.get("/"))
    await here.wait()

    await serving(saying("new"))
    assert (await server.get("/")).text == "new"
    go_on.set()
    assert (await asking).text == "old"


async def test_a_start_that_fails_leaves_the_old_application_running(serving):
    """on_startup raises: the cell shows why, the address still answers as before, and a good application may follow."""

    async def fail(app):
        raise RuntimeError("no database")

    server = await serving(saying("old"))
    broken = saying("new")
    broken.on_startup.append(fail)

    with pytest.raises(RuntimeError, match="no database"):
        await serving(broken)

    assert (await server.get("/")).text == "old"
    await serving(saying("mended"))
    assert (await server.get("/")).text == "mended"


async def test_a_first_start_that_fails_leaves_nothing_behind():
    """No half-made server stays under the name."""

    async def fail(app):
        raise RuntimeError("no database")

    broken = saying("x")
    broken.on_startup.append(fail)
    threads = threading.active_count()
    with pytest.raises(RuntimeError, match="no database"):
        await serve(broken, name="fails")
    async with await serve(saying("good"), name="fails") as server:
        assert (await server.get("/")).text == "good"
    assert await settles_at(threads)


async def test_a_start_that_blocks_is_given_up(serving):
    """on_startup that never ends is told after the limit; the old application still answers."""

    async def hang(app):
        await asyncio.Event().wait()

    server = await serving(saying("old"))
    stuck = saying("new")
    stuck.on_startup.append(hang)
    with pytest.raises(TimeoutError, match="did not start within 0.3 s"):
        await serving(stuck, limit=SHORT)
    server.limit = 5
    assert (await server.get("/")).text == "old"


async def test_startup_and_cleanup_run_once_each(serving):
    """The old application's cleanup runs when the new one stands, the new one's when the server stops."""
    told = []

    def telling(name):
        app = saying(name)

        async def life(app):
            told.append(f"{name} starts")
            yield
            told.append(f"{name} ends")

        app.cleanup_ctx.append(life)
        return app

    server = await serving(telling("a"))
    await serving(telling("b"))
    await server.stop()
    assert told == ["a starts", "b starts", "a ends", "b ends"]


@pytest.mark.parametrize("wrong", [None, hello, web.Application, "app", 8080])
async def test_what_is_no_application_is_refused(wrong):
    """A handler, a class, a port: the message says what serve takes."""
    with pytest.raises(TypeError, match=r"serve\(\) takes a web.Application"):
        await serve(wrong)


async def test_stopping_frees_the_port_and_a_second_time_does_nothing():
    """After stop nobody listens; stop again is no error; asking says what to do."""
    server = await serve(saying("x"), name="stops")
    port = server.port
    await server.stop()
    await server.stop()

    with pytest.raises(RuntimeError, match="Run the cell with serve"):
        await server.get("/")
    assert repr(server) == "Server, stopped"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


async def test_serving_after_a_stop_starts_afresh(serving):
    """Stop, then run the serve cell again: a new server, which answers."""
    first = await serving(saying("first"))
    await first.stop()
    second = await serving(saying("second"))
    assert second is not first
    assert (await second.get("/")).text == "second"


async def test_an_application_may_be_served_again_after_a_stop(serving):
    """`await server.stop()` and the cell with only `serve(app)` again."""
    app = saying("again")
    await (await serving(app)).stop()
    server = await serving(app)
    assert (await server.get("/")).text == "again"


async def test_a_request_under_way_does_not_hold_up_the_stop():
    """stop() waits for nobody who never answers."""

    async def never(request):
        await asyncio.Event().wait()

    server = await serve(app_of(never), name="never")
    asking = asyncio.ensure_future(server.get("/"))
    await asyncio.sleep(0)
    while not server._records:
        await asyncio.sleep(0.01)
    await server.stop()
    exchange = await asking
    assert exchange.status is None
    assert exchange.problem


async def test_only_the_loopback_listens(serving):
    """No other address of this machine reaches the server."""
    server = await serving(saying("x"))
    assert server._listener._socket.getsockname()[0] == "127.0.0.1"
    for family, _, _, _, address in socket.getaddrinfo(
        socket.gethostname(), server.port, type=socket.SOCK_STREAM
    ):
        if address[0] in ("127.0.0.1",):
            continue
        with socket.socket(family, socket.SOCK_STREAM) as other, pytest.raises(OSError):  # noqa: PT011 - refused or unreachable
            other.settimeout(2)
            other.connect(address)


async def test_a_cell_that_blocks_is_answered(serving):
    """The server has a thread of its own: a blocking client in the kernel's thread deadlocks nothing."""
    server = await serving(saying("here"))
    assert ask(server.url) == (200, b"here")


async def test_only_the_last_exchanges_are_kept(serving):
    """200 are kept, so that an evening's kernel does not grow."""
    server = await serving(saying("x"))
    for _ in range(5):
        await asyncio.gather(*(server.get("/") for _ in range(50)))
    assert len(server.exchanges) == 200
    assert not server._records
    assert not server._listener.own_ports


async def test_a_repr_says_where_and_what(serving):
    """Address and routes on one line."""
    server = await serving(app_of(hello, path="/get-user"))
    assert repr(server) == f"Server at {server.url}: GET /get-user"


def test_a_kernel_that_ends_takes_the_server_with_it(tmp_path):
    """A process that never stopped its server, with a handler that blocks for ever, still ends, and quietly."""
    import subprocess

    script = tmp_path / "kernel.py"
    script.write_text(
        "import asyncio\nfrom aiohttp import web\nfrom jwt_demo.server.server import serve\n"
        "async def block(request):\n    while True: pass\n"
        "async def main():\n    app = web.Application()\n    app.router.add_get('/', block)\n"
        "    server = await serve(app, limit=0.2)\n    print((await server.get('/')).problem)\n"
        "    await serve(web.Application(), name='other')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", script], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0
    assert "blocks the event loop" in done.stdout
    assert done.stderr == ""


async def test_a_server_used_from_another_loop_answers(serving):
    """A script may call asyncio.run for each request; the server does not mind whose loop asks."""
    server = await serving(saying("x"))
    exchange = await asyncio.to_thread(lambda: asyncio.run(server.get("/")))
    assert isinstance(exchange, Exchange)
    assert exchange.text == "x"


def test_a_server_is_not_made_by_hand():
    """`serve` makes servers; a bare one is not running and asks for nothing."""
    server = Server("bare")
    try:
        assert not server.running
        assert repr(server) == "Server, stopped"
    finally:
        asyncio.run(server.stop())
