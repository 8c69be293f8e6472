"""A handler that goes wrong is explained, and where its lines are; the server lives on."""

import threading
import urllib.error
import urllib.request

import pytest
from aiohttp import web

from jwt_demo.server.server import serve
from tests.server.apps import SHORT, app_of, function, hello

WRONG = {  # handler: status, words of the problem
    "raises": (
        "async def handler(request):\n    return {}['token']",
        500,
        ["KeyError: 'token'", "in handler, line 2"],
    ),
    "raises as multidict does without its C extension": (
        "async def handler(request):\n    raise KeyError(\"Key not found: 'name'\")",
        500,
        ["KeyError: 'name', in handler"],
    ),
    "a BaseException": (
        "async def handler(request):\n    raise Gone('away')",
        None,
        ["Gone: away", "BaseException", "no response was sent"],
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
        ["closed without a response"],
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
    "sleeps on the loop": ("async def handler(request):\n    time.sleep(1.5)\n    return web.Response()", ["blocks the event loop", "in handler, line 2"]),
    "runs for ever": ("async def handler(request):\n    while True:\n        pass", ["blocks the event loop", "in handler, line"]),
    "runs for ever and catches everything": (
        "async def handler(request):\n    while True:\n        try:\n            while request.app['on'].is_set():\n                pass\n            return web.Response()\n"
        "        except BaseException:\n            pass",
        ["blocks the event loop", "in handler"],
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
    for word in ["No response within 0.3 s", *words]:
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

    assert "blocks the event loop" in exchange.problem
    assert "in ask_myself" in exchange.problem
    server.limit = 5
    assert (await server.get("/hello")).text == "hello"


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
