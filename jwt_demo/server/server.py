"""A real server inside the notebook: own thread, own event loop, 127.0.0.1, a port nobody else has.

A server on the kernel's own loop would stand still whenever a cell does; on a thread of its own it answers
while cells block, and a cell that blocks on it does not wait for itself.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json as json_module
import logging
import socket
import time
import weakref
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from .diagnosis import explain, stuck_at
from .exchange import Exchange, Exchanges
from .loop_thread import LoopThread
from .recorder import Record, keep_log, keep_warnings, watch

_servers: dict[str, Server] = {}


async def serve(app: web.Application, *, name: str = "server", limit: float = 5.0) -> Server:
    """Start `app`, or put it in the place of the one that runs under this `name`, behind the same address.

    `limit` is how many seconds a request may take. A second server beside the first one wants another `name`.
    """
    if not isinstance(app, web.Application):
        raise TypeError(
            f"serve() takes a web.Application, this is {type(app).__name__}. Did you mean serve(web.Application(...))?"
        )
    running = _servers.get(name)
    server = running if running is not None and running.running else Server(name)
    server.limit = limit
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

    def __init__(self, name: str):
        self.name = name
        self.limit = 5.0
        self.exchanges = Exchanges(maxlen=200)
        self.app: web.Application | None = None
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._loop = LoopThread()
        self._door: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._records: dict[int, Record] = {}
        self._own_ports: set[int] = set()
        self._begun: weakref.WeakSet[Any] = (
            weakref.WeakSet()
        )  # transports on which a request has come
        self._busy: weakref.WeakSet[Any] = (
            weakref.WeakSet()
        )  # transports whose request is being handled

    @property
    def port(self) -> int:
        return self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._socket.fileno() != -1 and self._runner is not None

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
        """Send a request and wait for its answer, `limit` seconds at most; the answer is an `Exchange`, whatever happened."""
        if not self.running:
            raise RuntimeError("This server was stopped. Run the cell with serve(...) again.")
        if not path.startswith("/"):
            raise ValueError(
                f"The path {path!r} does not start with '/'. Only this server is asked, so no address is needed."
            )
        body, content_type = encode_body(data, json)
        sent = [*(headers.items() if hasattr(headers, "items") else headers or ())]
        if content_type and "content-type" not in (name.lower() for name, _ in sent):
            sent.append(("Content-Type", content_type))
        for name, value in sent:
            check_header(name, value)
        exchange = Exchange(method, path + (f"?{urlencode(params)}" if params else ""), sent, body)

        own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        own.bind(("127.0.0.1", 0))
        port = own.getsockname()[1]
        self._own_ports.add(port)
        started = time.perf_counter()
        try:
            await self._send(exchange, own)
        except asyncio.TimeoutError:
            exchange.problem = await self._why_no_answer(port)
        except aiohttp.ClientError as error:
            exchange.problem = (
                f"The connection was closed without an answer ({type(error).__name__})."
            )
        except (ValueError, TypeError) as error:
            raise type(error)(f"This request cannot be sent: {error}") from None
        finally:
            own.close()
            self._own_ports.discard(port)
            exchange.seconds = time.perf_counter() - started
        self._complete(exchange, self._records.pop(port, None))
        self.exchanges.append(exchange)
        return exchange

    async def _send(self, exchange: Exchange, own: socket.socket) -> None:
        own.setblocking(False)
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True, socket_factory=lambda address: own),
            timeout=aiohttp.ClientTimeout(total=self.limit),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=(
                "Accept",
                "Accept-Encoding",
                "User-Agent",
                "Content-Type",
            ),  # only what the reader sends is sent
        )
        session._retry_connection = (
            False  # as aiohttp's own test client has it: what is sent twice would be counted twice
        )
        request = {
            "data": exchange.request_body or None,
            "headers": exchange.request_headers,
            "allow_redirects": False,
        }
        async with (
            session,
            session.request(exchange.method, self.url + exchange.path, **request) as response,
        ):
            exchange.request_headers = list(response.request_info.headers.items())
            exchange.status, exchange.reason, exchange.headers = (
                response.status,
                response.reason or "",
                response.headers,
            )
            exchange.body = (
                await response.content.read(MAX_BODY)
                if response.content_length is None
                else await response.read()
            )

    async def _why_no_answer(self, port: int) -> str:
        """Why the limit ran out: the loop itself stands still, or the handler waits; then set things going again."""
        record = self._records.get(port)
        if await self._loop.answers():
            if record is None or record.task is None:
                return f"No answer within {self.limit:g} s."
            where = stuck_at(awaiting_frames(record.task))
            self._loop.loop.call_soon_threadsafe(record.task.cancel)
            return f"No answer within {self.limit:g} s: the handler waits for something that does not come{where}"

        where = stuck_at(self._loop.frames())
        await self._revive()
        return (
            f"No answer within {self.limit:g} s: the handler holds up the event loop, so that nobody at all was served{where} "
            "Something there blocks (time.sleep, requests, an endless loop); `await` its async form, or move it to asyncio.to_thread."
        )

    async def _revive(self) -> None:
        """Free the loop; where it can't be freed, leave its thread behind and go on with a new one behind the same socket."""
        self._loop.interrupt()
        if await self._loop.answers():
            return
        app, runner, door = self.app, self._runner, self._door
        self._runner = self._door = self.app = None
        self._retiring.clear()
        self._busy.clear()
        if door is not None:
            for listening in door.sockets:
                listening._sock.close()  # type: ignore[attr-defined]  # should the old loop turn again, it must not take a connection
        self._loop.abandon(
            last=(lambda: runner.server.shutdown(0.1))
            if runner is not None and runner.server is not None
            else None
        )
        self._loop = LoopThread()
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
        if exchange.status is None and exchange.problem.startswith("No answer"):
            return
        if record.problem or record.error is not None:
            exchange.problem = record.problem or explain(record.error, self.app)

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
            app._loop = None  # type: ignore[assignment]  # it ran on a loop that is gone; aiohttp has no public word for this
        runner = web.AppRunner(app, access_log=None, logger=QUIET, shutdown_timeout=0.1)
        try:
            await runner.setup()
        except BaseException:
            with contextlib.suppress(Exception):
                await runner.cleanup()
            raise
        old, self._runner, self.app = self._runner, runner, app
        if self._door is None:
            self._door = await asyncio.get_running_loop().create_server(
                lambda: self._runner.server(), sock=self._socket.dup()
            )
        if old is not None:
            retiring = asyncio.ensure_future(self._retire(old))
            self._retiring.add(retiring)
            retiring.add_done_callback(self._retiring.discard)
            await asyncio.wait([retiring], timeout=0.2)

    async def _retire(self, old: web.AppRunner) -> None:
        """Let an application go when its last request is answered; a connection on which none has come yet gets half a second."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            waiting = True
            while waiting and loop.time() < started + self.limit:
                await asyncio.sleep(0.005)
                fresh_count = loop.time() < started + 0.5
                transports = [
                    connection.transport
                    for connection in old.server.connections
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
        record.port, record.is_own = port, port in self._own_ports
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
        body = await request.read() if request.content.at_eof() else b""
        exchange = Exchange(request.method, request.path_qs, list(request.headers.items()), body)
        if record.response is not None:
            exchange.status, exchange.reason, exchange.headers = (
                record.response.status,
                record.response.reason or "",
                record.response.headers,
            )
            exchange.body = getattr(record.response, "body", None) or b""
        elif record.problem or isinstance(record.error, Exception | SystemExit | KeyboardInterrupt):
            exchange.status, exchange.reason = (
                500,
                "Internal Server Error",
            )  # aiohttp will say so in a moment
        else:
            exchange.problem = "The connection was closed without an answer."
        self._complete(exchange, record)
        self.exchanges.append(exchange)

    async def stop(self) -> None:
        """Stop serving and free the port; a second time does nothing."""
        if _servers.get(self.name) is self:
            del _servers[self.name]
        runner, self._runner = self._runner, None
        if runner is not None and await self._loop.answers():
            await self._loop.run(self._close(runner))
        self._socket.close()
        self._loop.abandon()
        await self._loop.ended()

    async def _close(self, runner: web.AppRunner) -> None:
        """On the server's loop: take no more connections, let everything go that was retiring, then the application itself."""
        self._door.close()
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


MAX_BODY = 1 << 20  # bytes kept of an answer that does not say how long it is
QUIET = logging.getLogger("jwt_demo.quiet")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


def peer_port(request: web.Request) -> int:
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return peer[1] if peer else 0


def awaiting_frames(task: asyncio.Task[Any]) -> list[Any]:
    """The frames of a waiting task, outermost first, along the chain of its awaits."""
    frames, coroutine = [], task.get_coro()
    while coroutine is not None and getattr(coroutine, "cr_frame", None) is not None:
        frames.append(coroutine.cr_frame)
        coroutine = coroutine.cr_await
    return frames


def check_header(name: str, value: Any) -> None:
    """Refuse what would break off the request half-way: TypeError for no text, ValueError for a line break (RFC 9110 §5.5)."""
    if not isinstance(value, str):
        raise TypeError(
            f"This request cannot be sent: the header {name} is {type(value).__name__}, and must be text."
        )
    if any(character in "\r\n\0" for character in f"{name}{value}"):
        raise ValueError(
            f"This request cannot be sent: the header {name} holds a line break, and a header is one line."
        )


def encode_body(data: Any, json: Any) -> tuple[bytes, str]:
    """The bytes of a request's body and their Content-Type: a dict in `data` is a form, `json` is JSON, text and bytes go as they are."""
    if data is not None and json is not None:
        raise ValueError("Give data= (a form) or json=, not both.")
    if json is not None:
        return json_module.dumps(json).encode("utf-8"), "application/json"
    if data is None:
        return b"", ""
    if isinstance(data, bytes):
        return data, ""
    if isinstance(data, str):
        return data.encode("utf-8"), ""
    return urlencode(data).encode("ascii"), "application/x-www-form-urlencoded"


@atexit.register
def _close_all() -> None:
    for server in _servers.values():
        server._loop.abandon()
        server._socket.close()
