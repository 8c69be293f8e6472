"""What happens inside the server is recorded with the exchange it belongs to."""

import asyncio
import logging
import warnings

import pytest
from aiohttp import web

from jwt_demo.server.server import serve
from tests.server.apps import app_of, ask, hello, saying


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


@pytest.mark.filterwarnings("default")
async def test_a_warning_is_shown_again_when_its_cell_is_run_again(serving) -> None:
    """Python shows a warning of one line once in a process; a reader who runs a cell twice sees it twice."""

    async def warns(request: web.Request) -> web.Response:
        warnings.warn("an old way", stacklevel=1)
        return web.Response()

    for _ in range(2):
        exchange = await (await serving(app_of(warns))).get("/")
        assert exchange.warnings == ["UserWarning: an old way"]


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
