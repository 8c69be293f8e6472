"""A server inside a notebook: swapped under load, blocked, crashed, left unanswered, and still there afterwards."""

import asyncio
import json
import linecache
import logging
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest
from aiohttp import web

from jwt_demo.server.exchange import Exchange
from jwt_demo.server.server import LoopThread, Server, serve

SHORT = 0.3  # seconds a request may take where it is meant to run out


def app_of(handler, *middlewares, method="GET", path="/"):
    app = web.Application(middlewares=middlewares)
    app.router.add_route(method, path, handler)
    return app


def saying(text):
    async def say(request):
        return web.Response(text=text)

    return app_of(say)


async def hello(request):
    return web.Response(text="hello")


def ask(url, path="/"):
    """A client that is none of ours, blocking, as a terminal's or a browser's is."""
    try:
        with urllib.request.urlopen(url + path, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


# --- what a request brings back -------------------------------------------------------------------------------


async def test_an_exchange_is_what_went_over_the_wire(serving):
    """Method, path with its query, headers and bodies of both sides, as the server saw and sent them."""

    async def echo(request):
        body = await request.text()
        return web.json_response(
            {
                "query": request.rel_url.raw_query_string,
                "body": body,
                "type": request.headers["Content-Type"],
            },
            status=201,
            headers={"X-A": "1"},
        )

    server = await serving(app_of(echo, method="POST", path="/echo"))
    exchange = await server.post("/echo", data={"a": "ä & b"}, params={"q": "1 2"})

    assert exchange.json() == {
        "query": "q=1+2",
        "body": "a=%C3%A4+%26+b",
        "type": "application/x-www-form-urlencoded",
    }
    assert (exchange.status, exchange.reason, exchange.ok, exchange.problem, exchange.error) == (
        201,
        "Created",
        True,
        "",
        None,
    )
    assert (exchange.method, exchange.path, exchange.request_body) == (
        "POST",
        "/echo?q=1+2",
        b"a=%C3%A4+%26+b",
    )
    assert exchange.headers["x-a"] == "1"
    assert ("Host", server.url.removeprefix("http://")) in exchange.request_headers
    assert server.exchanges[-1] is exchange


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
async def test_every_method_has_its_word(serving, method):
    """get, post, put, delete; a path the application lacks is a 404, no problem of the reader's handler."""
    server = await serving(app_of(hello, method=method.upper()))
    assert (await getattr(server, method)("/")).text == "hello"
    missing = await getattr(server, method)("/nowhere")
    assert (missing.status, missing.error) == (404, None)


@pytest.mark.parametrize(
    ("options", "body", "content_type"),
    [
        ({"json": {"a": 1}}, b'{"a": 1}', "application/json"), ({"json": None}, b"", "application/octet-stream"), ({"data": {}}, b"", "application/x-www-form-urlencoded"),
        ({"data": "text ä"}, "text ä".encode(), "application/octet-stream"), ({"data": b"\xff"}, b"\xff", "application/octet-stream"),
        ({"data": "{}", "headers": {"content-type": "application/json"}}, b"{}", "application/json"), ({"data": [("a", "1"), ("a", "2")]}, b"a=1&a=2", "application/x-www-form-urlencoded"),
    ],
)  # fmt: skip
async def test_bodies_go_as_they_were_given(serving, options, body, content_type):
    """A dict is a form, `json=` is JSON, text and bytes go unchanged, the reader's own Content-Type wins."""
    seen = []

    async def keep(request):
        seen.append((await request.read(), request.content_type))
        return web.Response()

    server = await serving(app_of(keep, method="POST"))
    await server.post("/", **options)
    assert seen == [(body, content_type)]


async def test_headers_may_stand_twice(serving):
    """A list of pairs sends a header twice, as an attack does."""

    async def count(request):
        return web.Response(text=str(request.headers.getall("Authorization")))

    server = await serving(app_of(count))
    assert (
        await server.get("/", headers=[("Authorization", "a"), ("Authorization", "b")])
    ).text == "['a', 'b']"


async def test_a_request_that_cannot_be_sent_says_so(serving):
    """A line break in a header, a path without its slash, two bodies: an error before anything is sent."""
    server = await serving(app_of(hello))
    with pytest.raises(ValueError, match="cannot be sent"):
        await server.get("/", headers={"Authorization": "Bearer a\r\nX-Evil: 1"})
    with pytest.raises(ValueError, match="cannot be sent"):
        await server.get("/", headers={"Authorization": "Bearer \0"})
    with pytest.raises(ValueError, match="does not start with '/'"):
        await server.get("http://example.org/")
    with pytest.raises(ValueError, match="not both"):
        await server.post("/", data="x", json={})
    with pytest.raises(TypeError, match="cannot be sent"):
        await server.get("/", headers={"Authorization": None})
    assert not server.exchanges
    assert (await server.get("/")).ok


async def test_an_address_with_two_slashes_still_asks_this_server(serving):
    """`//example.org/` is a path here, no other host."""
    server = await serving(app_of(hello))
    assert (await server.get("//example.org/")).status == 404
    assert (await server.get("/@example.org/")).status == 404


async def test_redirects_are_shown_and_not_followed(serving):
    """A 302 is an answer to look at."""

    async def away(request):
        raise web.HTTPFound("http://192.0.2.1/")

    exchange = await (await serving(app_of(away))).get("/")
    assert (exchange.status, exchange.headers["Location"], exchange.error) == (
        302,
        "http://192.0.2.1/",
        None,
    )


async def test_an_answer_without_end_is_cut(serving):
    """Of a stream without a length one MiB is kept, within the limit."""

    async def pour(request):
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    server = await serving(app_of(pour), limit=5)
    exchange = await server.get("/")
    assert exchange.status == 200
    assert len(exchange.body) <= 1 << 20
    assert (await server.get("/nowhere")).status == 404


# --- handlers that go wrong -----------------------------------------------------------------------------------


def function(body):
    """A handler from source, so that each row of the table can show its whole code."""
    scope = {
        "web": web,
        "asyncio": asyncio,
        "sys": sys,
        "time": time,
        "Gone": type("Gone", (BaseException,), {}),
    }
    linecache.cache["<cell>"] = (
        len(body),
        None,
        body.splitlines(keepends=True),
        "<cell>",
    )  # as IPython does for a cell
    exec(compile(body, "<cell>", "exec"), scope)
    return scope["handler"]


WRONG = {  # handler: status, words of the problem
    "raises": (
        "async def handler(request):\n    return {}['token']",
        500,
        ["KeyError: 'token'", "in handler, line 2"],
    ),
    "a BaseException": (
        "async def handler(request):\n    raise Gone('away')",
        None,
        ["Gone: away", "BaseException", "dropped"],
    ),
    "sys.exit": (
        "async def handler(request):\n    sys.exit(1)",
        500,
        ["SystemExit", "must not end the program"],
    ),
    "KeyboardInterrupt": (
        "async def handler(request):\n    raise KeyboardInterrupt",
        500,
        ["KeyboardInterrupt", "must not end the program"],
    ),
    "CancelledError": (
        "async def handler(request):\n    raise asyncio.CancelledError",
        None,
        ["closed without an answer"],
    ),
    "returns None": (
        "async def handler(request):\n    web.Response()",
        500,
        ["handler returned None", "`return` missing"],
    ),
    "returns a dict": (
        "async def handler(request):\n    return {'token': 'x'}",
        500,
        ["handler returned dict", "web.json_response"],
    ),
    "returns a str": ("async def handler(request):\n    return 'x'", 500, ["handler returned str"]),
    "returns a class": (
        "async def handler(request):\n    return web.Response",
        500,
        ["handler returned", "web.json_response"],
    ),
    "returns a coroutine": (
        "async def inner(): pass\nasync def handler(request):\n    return inner()",
        500,
        ["handler", "`await` missing"],
    ),
    "returns a future": (
        "async def handler(request):\n    return asyncio.get_running_loop().create_future()",
        500,
        ["handler", "`await` missing"],
    ),
    "plain def, no return": ("def handler(request):\n    pass", 500, ["handler", "plain `def`"]),
    "plain def, a dict": ("def handler(request):\n    return {}", 500, ["handler"]),
    "wrong arguments": (
        "async def handler():\n    return web.Response()",
        500,
        ["TypeError", "handler() takes 0 positional arguments"],
    ),
    "recursion": (
        "async def handler(request):\n    return await handler(request)",
        500,
        ["RecursionError"],
    ),
    "decode on a str": (
        "async def handler(request):\n    return 'token'.decode('utf-8')",
        500,
        ["AttributeError", "PyJWT 2 returns the token as a str"],
    ),
    "a header with a line break": (
        "async def handler(request):\n    return web.Response(headers={'X': 'a\\nb'})",
        None,
        [],
    ),
}


@pytest.mark.filterwarnings(
    "ignore:Bare functions are deprecated:DeprecationWarning"
)  # plain def is what some of these rows are about
@pytest.mark.parametrize(("source", "status", "words"), WRONG.values(), ids=WRONG)
async def test_a_handler_that_goes_wrong_is_explained_and_the_server_lives_on(
    serving, source, status, words
):
    """The answer aiohttp gives, a sentence a learner understands, and the next request is served."""
    app = app_of(function(source))
    app.router.add_get("/hello", hello)
    server = await serving(app)

    exchange = await server.get("/")

    assert (
        exchange.status == status
        or "line break" in source
        or exchange.status == 500
        and status is None
        and not words
    ), exchange
    for word in words:
        assert word in exchange.problem
    assert exchange.problem
    assert (await server.get("/hello")).text == "hello"


STUCK = {
    "never answers": ("async def handler(request):\n    await asyncio.Event().wait()", ["waits for something", "in handler, line 2", "Event"]),
    "sleeps on the loop": ("async def handler(request):\n    time.sleep(1.5)\n    return web.Response()", ["holds up the event loop", "in handler, line 2"]),
    "runs for ever": ("async def handler(request):\n    while True:\n        pass", ["holds up the event loop", "in handler, line"]),
    "runs for ever and catches everything": (
        "async def handler(request):\n    while True:\n        try:\n            while request.app['on'].is_set():\n                pass\n            return web.Response()\n"
        "        except BaseException:\n            pass",
        ["holds up the event loop", "in handler"],
    ),
    "swallows its cancellation": (
        "async def handler(request):\n    while request.app['on'].is_set():\n        try:\n            await asyncio.sleep(60)\n        except asyncio.CancelledError:\n            pass\n"
        "    return web.Response()",
        ["waits for something", "in handler"],
    ),
}  # fmt: skip


@pytest.mark.filterwarnings(
    "ignore::aiohttp.web.NotAppKeyWarning"
)  # the table's handlers are short on purpose
@pytest.mark.parametrize(("source", "words"), STUCK.values(), ids=STUCK)
async def test_a_handler_that_does_not_come_back_is_given_up(serving, source, words):
    """Within the limit, and a moment for finding out why, the cell has its answer; the server serves on at the same address."""
    app = app_of(function(source))
    app.router.add_get("/hello", hello)
    app["on"] = on = threading.Event()
    on.set()
    server = await serving(app, limit=SHORT)
    url = server.url

    exchange = await server.get("/")

    assert exchange.status is None
    for word in ["No answer within 0.3 s", *words]:
        assert word in exchange.problem
    server.limit = 5
    assert (await server.get("/hello")).text == "hello"
    assert server.url == url
    on.clear()


async def test_a_handler_that_asks_its_own_server_in_a_blocking_way_is_told(serving):
    """The classic deadlock: urllib inside a handler waits for the loop it stands on."""
    address = []

    async def ask_myself(request):
        return web.Response(body=urllib.request.urlopen(address[0] + "/hello", timeout=2).read())  # noqa: ASYNC210 - the mistake on show

    app = app_of(ask_myself)
    app.router.add_get("/hello", hello)
    server = await serving(app, limit=SHORT)
    address.append(server.url)

    exchange = await server.get("/")

    assert "holds up the event loop" in exchange.problem
    assert "in ask_myself" in exchange.problem
    server.limit = 5
    assert (await server.get("/hello")).text == "hello"


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

    assert "holds up the event loop" in exchange.problem
    assert server._loop.thread is not old
    assert (await server.get("/hello")).text == "hello"
    block.set()
    await asyncio.to_thread(old.join, 10)
    assert not old.is_alive()


# --- middlewares that go wrong --------------------------------------------------------------------------------


async def test_a_middleware_with_a_misnamed_parameter_is_told_the_name():
    """aiohttp 3.14 passes `handler` by keyword."""

    @web.middleware
    async def auth(request, next_handler):
        return await next_handler(request)

    async with await serve(app_of(hello, auth), name="misnamed") as server:
        exchange = await server.get("/")
    assert exchange.status == 500
    assert "must be named `handler`" in exchange.problem


@pytest.mark.filterwarnings(
    "ignore:old-style middleware:DeprecationWarning"
)  # that is how aiohttp takes it
async def test_an_undecorated_middleware_is_told_what_it_lacks(serving):
    """Without @web.middleware aiohttp calls it as a factory; the learner sees that, not a riddle."""

    async def auth(request, handler):
        if CASE == "reads a header":
            request.headers.get("Authorization")
        return CASE if CASE == "returns" else await handler(request)

    for CASE in ("reads a header", "calls the handler", "returns"):  # noqa: B007 - read by the middleware above
        exchange = await (await serving(app_of(hello, auth))).get("/")
        assert exchange.status == 500
        assert "auth lacks @web.middleware" in exchange.problem


async def test_a_middleware_that_forgets_to_return_is_named(serving):
    """Whose `return` is missing: the middleware's, not the handler's."""

    @web.middleware
    async def forgets(request, handler):
        await handler(request)

    @web.middleware
    async def returns(request, handler):
        return await handler(request)

    exchange = await (await serving(app_of(hello, returns, forgets))).get("/")
    assert "forgets returned None" in exchange.problem


async def test_a_middleware_that_forgets_to_await_is_named(serving):
    """`return handler(request)` hands back a coroutine; no "never awaited" warning leaks out."""

    @web.middleware
    async def hasty(request, handler):
        return handler(request)

    exchange = await (await serving(app_of(hello, hasty))).get("/")
    assert "hasty returned something that was never awaited" in exchange.problem


async def test_the_steps_of_a_request_are_recorded_in_order(serving):
    """In through each middleware to the handler, and out again with the status each one saw."""

    @web.middleware
    async def outer(request, handler):
        await handler(request)
        return web.Response(status=418)

    @web.middleware
    async def inner(request, handler):
        return await handler(request)

    exchange = await (await serving(app_of(hello, outer, inner))).get("/")
    assert [(step.name, step.way, step.outcome) for step in exchange.steps] == [
        ("outer", "in", ""), ("inner", "in", ""), ("hello", "in", ""), ("hello", "out", "200"), ("inner", "out", "200"), ("outer", "out", "418"),
    ]  # fmt: skip
    assert [step.place for step in exchange.steps] == [0, 1, 2, 2, 1, 0]


# --- hot swap -------------------------------------------------------------------------------------------------


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


async def test_an_application_started_elsewhere_is_refused_with_a_way_out():
    """An application that runs in another runner cannot be watched any more."""
    app = saying("elsewhere")
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        with pytest.raises(RuntimeError, match="Make a new one"):
            await serve(app, name="elsewhere")
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("wrong", [None, hello, web.Application, "app", 8080])
async def test_what_is_no_application_is_refused(wrong):
    """A handler, a class, a port: the message says what serve takes."""
    with pytest.raises(TypeError, match=r"serve\(\) takes a web.Application"):
        await serve(wrong)


# --- the end --------------------------------------------------------------------------------------------------


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


async def settles_at(count):
    """Wait, bounded, until no more than `count` threads live; threads end on their own, a moment after they are told."""
    for _ in range(500):
        if threading.active_count() <= count:
            return True
        await asyncio.sleep(0.01)
    return False


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


async def test_only_the_loopback_listens(serving):
    """No other address of this machine reaches the server."""
    server = await serving(saying("x"))
    assert server._socket.getsockname()[0] == "127.0.0.1"
    for family, _, _, _, address in socket.getaddrinfo(
        socket.gethostname(), server.port, type=socket.SOCK_STREAM
    ):
        if address[0] in ("127.0.0.1",):
            continue
        with socket.socket(family, socket.SOCK_STREAM) as other, pytest.raises(OSError):  # noqa: PT011 - refused or unreachable
            other.settimeout(2)
            other.connect(address)


# --- others who ask -------------------------------------------------------------------------------------------


async def test_a_client_of_another_kind_is_recorded_too(serving):
    """A terminal's or browser's request is in server.exchanges, with the handler's exception where it raised."""

    async def breaks(request):
        raise LookupError("no such user")

    app = saying("fine")
    app.router.add_get("/breaks", breaks)
    server = await serving(app)

    assert await asyncio.to_thread(ask, server.url) == (200, b"fine")
    status, _ = await asyncio.to_thread(ask, server.url, "/breaks?x=1")

    fine, broken = server.exchanges
    assert (fine.method, fine.path, fine.status, fine.text, fine.error) == (
        "GET",
        "/",
        200,
        "fine",
        None,
    )
    assert (broken.path, broken.status, status) == ("/breaks?x=1", 500, 500)
    assert isinstance(broken.error, LookupError)
    assert "no such user" in broken.problem


async def test_a_cell_that_blocks_is_answered(serving):
    """The server has a thread of its own: a blocking client in the kernel's thread deadlocks nothing."""
    server = await serving(saying("here"))
    assert ask(server.url) == (200, b"here")


async def test_many_at_once_each_get_their_own_record(serving):
    """Fifty concurrent requests: each exchange has its own body, error and steps."""

    async def odd_ones_raise(request):
        number = int(request.query["n"])
        await asyncio.sleep(0)
        if number % 2:
            raise ValueError(f"odd {number}")
        return web.Response(text=str(number))

    server = await serving(app_of(odd_ones_raise))
    exchanges = await asyncio.gather(
        *(server.get("/", params={"n": number}) for number in range(50))
    )

    for number, exchange in enumerate(exchanges):
        if number % 2:
            assert str(exchange.error) == f"odd {number}"
        else:
            assert (exchange.text, exchange.error) == (str(number), None)
        assert len(exchange.steps) == 2


async def test_only_the_last_exchanges_are_kept(serving):
    """200 are kept, so that an evening's kernel does not grow."""
    server = await serving(saying("x"))
    for _ in range(5):
        await asyncio.gather(*(server.get("/") for _ in range(50)))
    assert len(server.exchanges) == 200
    assert not server._records
    assert not server._own_ports


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
    assert "holds up the event loop" in done.stdout
    assert done.stderr == ""


async def test_a_server_used_from_another_loop_answers(serving):
    """A script may call asyncio.run for each request; the server does not mind whose loop asks."""
    server = await serving(saying("x"))
    exchange = await asyncio.to_thread(lambda: asyncio.run(server.get("/")))
    assert isinstance(exchange, Exchange)
    assert exchange.text == "x"


async def test_a_loop_thread_survives_what_ends_a_loop():
    """SystemExit out of a callback stops run_forever; the thread takes it up again."""
    thread = LoopThread()
    thread.loop.call_soon_threadsafe(sys.exit, 1)
    assert await thread.answers()
    thread.abandon()
    await asyncio.to_thread(thread.thread.join, 5)
    assert thread.loop.is_closed()


def test_a_server_is_not_made_by_hand():
    """`serve` makes servers; a bare one is not running and asks for nothing."""
    server = Server("bare")
    try:
        assert not server.running
        assert repr(server) == "Server, stopped"
    finally:
        asyncio.run(server.stop())


async def test_a_log_line_of_a_handler_is_kept_with_its_exchange(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """It would otherwise turn up under some other cell; a line from outside any request goes where it always went."""

    async def worried(request: web.Request) -> web.Response:
        logging.getLogger("shop").warning("%s things are left", 3)
        return web.Response()

    app = web.Application()
    app.router.add_get("/", worried)
    handlers, logging.root.handlers = (
        logging.root.handlers,
        [],
    )  # pytest listens to the log, a notebook does not
    try:
        async with await serve(app, name="log") as server:
            exchange = await server.get("/")
            logging.getLogger("shop").warning("nobody asked")
    finally:
        logging.root.handlers = handlers
    assert exchange.log == ["WARNING shop: 3 things are left"]
    assert "nobody asked" in capfd.readouterr().err
