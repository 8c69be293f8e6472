"""A real server inside the notebook: own thread, own event loop, 127.0.0.1, a port nobody else has.

A server on the kernel's own loop would stand still whenever a cell does; on a thread of its own it responds
while cells block, and a cell that blocks on it does not wait for itself. In a browser tab, where there are no threads and
no sockets, it runs on the notebook's loop and listens in memory; the requests and responses are the same.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import time
import weakref
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDictProxy

from .client import new_exchange, send
from .diagnosis import awaiting_frames, explain, stuck_at
from .exchange import Exchange, Exchanges
from .listeners import Loop, Ping, new_listener
from .recorder import Record, keep_log, keep_warnings, watch

FREED = 0.25  # seconds in which an interrupted handler may end; then its thread is left behind

_servers: dict[str, Server] = {}


async def serve(
    app: web.Application,
    *,
    name: str = "server",
    limit: float = 5.0,
    transport: str | None = None,
    others: bool = False,
) -> Server:
    """Start `app`, or put it in the place of the one that runs under this `name`, behind the same address.

    `limit` is how many seconds a request may take. A second server beside the first one wants another `name`.
    On Linux it responds to this user's programs alone (and root's), unless `others` is true.
    `transport` is "tcp" (the default where there are threads and sockets) or "memory" (the default in a browser tab).
    """
    if not isinstance(app, web.Application):
        raise TypeError(
            f"serve() takes a web.Application, this is {type(app).__name__}. Did you mean serve(web.Application(...))?"
        )
    running = _servers.get(name)
    server = running if running is not None and running.running else Server(name, transport)
    server.limit = limit
    server._listener.others = others
    keep_warnings()
    keep_log()
    try:
        await server._put(app)
    except BaseException:
        if server is not running:
            await server.stop()
        raise
    _servers[name] = server
    return server


def the_running_server() -> Server | None:
    """The server that runs under the usual name, else the one started last; None where none runs."""
    running = [server for server in _servers.values() if server.running]
    return next(
        (server for server in running if server.name == "server"), running[-1] if running else None
    )


class Server:
    """A running application and the exchanges it had. Made by `serve`."""

    def __init__(self, name: str, transport: str | None = None):
        self.name = name
        self.limit = 5.0
        self.exchanges = Exchanges(maxlen=200)
        self.app: web.Application | None = None
        self._listener = new_listener(transport)
        self._runner: web.AppRunner | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._records: dict[int, Record] = {}
        # Transports on which a request has come, and those whose request is being handled.
        self._begun: weakref.WeakSet[asyncio.BaseTransport] = weakref.WeakSet()
        self._busy: weakref.WeakSet[asyncio.BaseTransport] = weakref.WeakSet()

    @property
    def _loop(self) -> Loop:
        return self._listener.loop

    @property
    def port(self) -> int:
        return self._listener.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._listener.is_open and self._runner is not None

    async def get(self, path: str, **options: Any) -> Exchange:
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Exchange:
        return await self.request("POST", path, **options)

    async def put(self, path: str, **options: Any) -> Exchange:
        return await self.request("PUT", path, **options)

    async def delete(self, path: str, **options: Any) -> Exchange:
        return await self.request("DELETE", path, **options)

    async def request(
        self,
        method: str,
        path: str,
        *,
        data: Any = None,
        json: Any = None,
        headers: Any = None,
        params: Any = None,
    ) -> Exchange:
        """Send a request and wait for its response, `limit` seconds at most; the result is an `Exchange`, whatever happened."""
        if not self.running:
            raise RuntimeError("This server was stopped. Run the cell with serve(...) again.")
        exchange = new_exchange(method, path, data=data, json=json, headers=headers, params=params)
        own = self._listener.client()
        port = own.port
        asked = exchange.request_headers
        started = time.perf_counter()
        pings: list[Ping] = []
        half_time = asyncio.get_running_loop().call_later(
            self.limit / 2, lambda: pings.append(Ping(self._loop))
        )
        try:
            with self._listener.clock(self.limit) as clock:
                await send(exchange, self.url, connector=own.connector(), limit=self.limit)
        except asyncio.TimeoutError:
            stuck = any(ping.is_missed_by(self._loop) for ping in pings)
            exchange.problem = "" if clock.where else await self._why_no_answer(port, stuck)
        except aiohttp.ClientError as error:
            exchange.problem = (
                f"The connection was closed without a response ({type(error).__name__})."
            )
        except (ValueError, TypeError) as error:
            raise type(error)(f"This request cannot be sent: {error}") from None
        finally:
            half_time.cancel()
            if clock.where:
                exchange.problem = held_up(self.limit, clock.where)
                exchange.status, exchange.reason, exchange.body = None, "", b""
                exchange.request_headers = asked  # what aiohttp added went with the response
            own.close()
            exchange.seconds = time.perf_counter() - started
        self._complete(exchange, self._records.pop(port, None))
        self.exchanges.append(exchange)
        return exchange

    async def _why_no_answer(self, port: int, stuck: bool) -> str:
        """Why the limit ran out: the loop itself stands still, or the handler waits; then set things going again.

        `stuck`: the loop has not turned since half of the limit, so there is no need to wait for it any longer.
        """
        record, loop = self._records.get(port), self._loop
        if not stuck and await loop.answers():
            if record is None or record.task is None:
                return f"No response within {self.limit:g} s."
            where = stuck_at(awaiting_frames(record.task))
            loop.call(record.task.cancel)
            return f"No response within {self.limit:g} s: the handler waits for something that does not come{where}"

        where = stuck_at(loop.frames())
        if loop is self._loop:  # another request may have replaced it meanwhile
            await self._revive()
        return held_up(self.limit, where)

    async def _revive(self) -> None:
        """Free the loop; where it can't be freed, leave its thread behind and go on with a new one behind the same socket."""
        loop = self._loop
        loop.interrupt()
        if await loop.answers(FREED) or loop is not self._loop:
            return
        app, runner = self.app, self._runner
        self._runner = self.app = None
        self._retiring.clear()
        self._busy.clear()
        old = runner.server if runner is not None else None
        self._listener.leave_loop((lambda: old.shutdown(0.1)) if old is not None else None)
        if app is not None:
            await self._put(app)

    def _complete(self, exchange: Exchange, record: Record | None) -> None:
        if record is None:
            return
        exchange.steps, exchange.error, exchange.warnings, exchange.log = (
            record.steps,
            record.error,
            record.warnings,
            record.log,
        )
        if exchange.status is None and exchange.problem.startswith("No response"):
            return
        if record.problem:
            exchange.problem = record.problem
        elif record.error is not None:
            exchange.problem = explain(record.error, self.app)

    async def _put(self, app: web.Application) -> None:
        if self._runner is not None and self.app is app:
            return
        watch(app, self._begin, self._end)
        if not await self._loop.answers():
            await self._revive()
        try:
            await asyncio.wait_for(self._loop.run(self._swap(app)), self.limit)
        except asyncio.TimeoutError:
            where = stuck_at(self._loop.frames())
            if not await self._loop.answers():
                await self._revive()
            raise TimeoutError(
                f"The application did not start within {self.limit:g} s: something in on_startup does not come to an end{where}"
            ) from None

    async def _swap(self, app: web.Application) -> None:
        """On the server's loop: the new application starts first; only when it stands does the old one go."""
        if app._loop is not asyncio.get_running_loop():
            app._loop = None  # it ran on a loop that is gone; aiohttp has no public word for this
        runner = web.AppRunner(app, access_log=None, logger=QUIET, shutdown_timeout=0.1)
        try:
            await runner.setup()
        except BaseException:
            with contextlib.suppress(Exception):
                await runner.cleanup()
            raise
        old, self._runner, self.app = self._runner, runner, app
        await self._listener.accept(self._protocol)
        if old is not None:
            retiring = asyncio.ensure_future(self._retire(old))
            self._retiring.add(retiring)
            retiring.add_done_callback(self._retiring.discard)
            await asyncio.wait([retiring], timeout=0.2)

    def _protocol(self) -> asyncio.BaseProtocol:
        """What a new connection talks to: the application that runs now."""
        if self._runner is None or self._runner.server is None:
            raise ConnectionAbortedError("this server is being stopped")
        return self._runner.server()

    async def _retire(self, old: web.AppRunner) -> None:
        """Let an application go when its last request has its response; a connection on which none has come yet gets half a second."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            waiting = True
            while waiting and loop.time() < started + self.limit:
                await asyncio.sleep(0.005)
                fresh_count = loop.time() < started + 0.5
                transports = [
                    connection.transport
                    for connection in (old.server.connections if old.server else ())
                    if connection.transport is not None
                ]
                waiting = any(
                    transport in self._busy or fresh_count and transport not in self._begun
                    for transport in transports
                )
        finally:
            with contextlib.suppress(Exception):
                await old.cleanup()

    def _begin(self, request: web.Request, record: Record) -> None:
        port = peer_port(request)
        record.port, record.is_own = port, port in self._listener.own_ports
        self._records[port] = record
        record.transport = request.transport
        if request.transport is not None:
            self._begun.add(request.transport)
            self._busy.add(request.transport)

    async def _end(self, request: web.Request, record: Record) -> None:
        """An exchange of a client that is not ours (a terminal, a browser) is written down from the server's side."""
        if record.transport is not None:
            self._busy.discard(record.transport)
        if record.is_own:
            return
        self._records.pop(record.port, None)
        body = b""
        with contextlib.suppress(web.RequestPayloadError):  # its body could not be decoded
            body = await request.read() if request.content.at_eof() else b""
        exchange = Exchange(request.method, request.path_qs, list(request.headers.items()), body)
        if record.response is not None:
            exchange.status, exchange.reason = record.response.status, record.response.reason or ""
            exchange.headers = CIMultiDictProxy(record.response.headers)
            exchange.body = getattr(record.response, "body", None) or b""
        elif record.problem or isinstance(record.error, Exception | SystemExit | KeyboardInterrupt):
            exchange.status, exchange.reason = (
                500,
                "Internal Server Error",
            )  # aiohttp will say so in a moment
        else:
            exchange.problem = "The connection was closed without a response."
        self._complete(exchange, record)
        self.exchanges.append(exchange)

    async def stop(self) -> None:
        """Stop serving and free the port; a second time does nothing."""
        if _servers.get(self.name) is self:
            del _servers[self.name]
        runner, self._runner = self._runner, None
        if runner is not None and await self._loop.answers():
            await self._loop.run(self._close(runner))
        self._listener.close()
        self._loop.abandon()
        await self._loop.ended()

    async def _close(self, runner: web.AppRunner) -> None:
        """On the server's loop: take no more connections, let everything go that was retiring, then the application itself."""
        self._listener.refuse()
        retiring = list(self._retiring)
        for task in retiring:
            task.cancel()
        await asyncio.gather(*retiring, return_exceptions=True)
        await runner.cleanup()

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def __repr__(self) -> str:
        if not self.running or self.app is None:
            return "Server, stopped"
        routes = ", ".join(
            f"{route.method} {route.resource.canonical}"
            for route in self.app.router.routes()
            if route.resource and route.method != "HEAD"
        )
        return f"Server at {self.url}: {routes or 'no routes'}"


def held_up(limit: float, where: str) -> str:
    return (
        f"No response within {limit:g} s: the handler blocks the event loop{where} While it is blocked, no client gets a response. "
        "If a call waits there (like time.sleep or the library requests), use an async version of it with `await`, "
        "or run it with asyncio.to_thread."
    )


QUIET = logging.getLogger("jwt_demo.quiet")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


def peer_port(request: web.Request) -> int:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return int(peer[1]) if peer else 0


@atexit.register
def _close_all() -> None:
    for server in _servers.values():
        server._loop.abandon()
        server._listener.close()
