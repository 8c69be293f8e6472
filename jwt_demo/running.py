"""A real server inside the notebook: own thread, own event loop, 127.0.0.1, a port nobody else has.

A server on the kernel's own loop would stand still whenever a cell does; on a thread of its own it answers
while cells block, and a cell that blocks on it does not wait for itself.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import ctypes
import json as json_module
import logging
import socket
import sys
import threading
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from .exchange import Exchange, Exchanges
from .explaining import explain, stuck_at
from .recording import Record, keep_warnings, watch

_servers: dict[str, Server] = {}


async def serve(app: web.Application, *, name: str = "server", limit: float = 5.0) -> Server:
    """Start `app`, or put it in the place of the one that runs under this `name`, behind the same address.

    `limit` is how many seconds a request may take. A second server beside the first one wants another `name`.
    """
    if not isinstance(app, web.Application):
        raise TypeError(f"serve() takes a web.Application, this is {type(app).__name__}. Did you mean serve(web.Application(...))?")
    server = _servers.get(name)
    if server is None or not server.running:
        server = Server(name)
    server.limit = limit
    keep_warnings()
    await server._put(app)
    _servers[name] = server
    return server


def the_running_server() -> Server | None:
    """The server that runs under the usual name, else the one started last; None where none runs."""
    running = [server for server in _servers.values() if server.running]
    return next((server for server in running if server.name == "server"), running[-1] if running else None)


class Server:
    """A running application and the exchanges it had. Made by `serve`."""

    def __init__(self, name: str):
        self.name = name
        self.limit = 5.0
        self.exchanges = Exchanges(maxlen=200)
        self.app: web.Application | None = None
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._loop = LoopThread()
        self._runner: web.AppRunner | None = None
        self._records: dict[int, Record] = {}
        self._own_ports: set[int] = set()

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

    async def request(self, method: str, path: str, *, data: Any = None, json: Any = None, headers: Any = None, params: Any = None) -> Exchange:
        """Send a request and wait for its answer, `limit` seconds at most; the answer is an `Exchange`, whatever happened."""
        if not self.running:
            raise RuntimeError("This server was stopped. Run the cell with serve(...) again.")
        if not path.startswith("/"):
            raise ValueError(f"The path {path!r} does not start with '/'. Only this server is asked, so no address is needed.")
        body, content_type = encode_body(data, json)
        sent = [*(headers.items() if hasattr(headers, "items") else headers or ())]
        if content_type and "content-type" not in (name.lower() for name, _ in sent):
            sent.append(("Content-Type", content_type))
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
            exchange.problem = f"The connection was closed without an answer ({type(error).__name__})."
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
        connector = aiohttp.TCPConnector(force_close=True, socket_factory=lambda address: own)
        timeout = aiohttp.ClientTimeout(total=self.limit)
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type")
        ) as session:
            url = self.url + exchange.path
            async with session.request(exchange.method, url, data=exchange.request_body or None, headers=exchange.request_headers, allow_redirects=False) as response:
                exchange.request_headers = list(response.request_info.headers.items())
                exchange.status, exchange.reason, exchange.headers = response.status, response.reason or "", response.headers
                exchange.body = await response.content.read(MAX_BODY) if response.content_length is None else await response.read()

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
        app, self._runner = self.app, None
        self._loop.abandon()
        self._loop = LoopThread()
        assert app is not None
        await self._put(app)

    def _complete(self, exchange: Exchange, record: Record | None) -> None:
        if record is None:
            return
        exchange.steps, exchange.error, exchange.warnings = record.steps, record.error, record.warnings
        if exchange.status is None and exchange.problem.startswith("No answer"):
            return
        if record.error is not None:
            exchange.problem = explain(record.error, self.app)
        else:
            exchange.problem = record.problem or exchange.problem

    async def _put(self, app: web.Application) -> None:
        if self._runner is not None and self.app is app:
            return
        watch(app, self._begin, self._end)
        if not await self._loop.answers():
            await self._revive()
        await self._loop.run(self._swap(app))

    async def _swap(self, app: web.Application) -> None:
        """On the server's loop: the new application starts first; only when it stands does the old one go."""
        if app._loop is not asyncio.get_running_loop():
            app._loop = None  # type: ignore[assignment]  # it ran on a loop that is gone; aiohttp has no public word for this
        runner = web.AppRunner(app, access_log=None, logger=QUIET, shutdown_timeout=0.1)
        await runner.setup()
        old, self._runner, self.app = self._runner, runner, app
        if old is not None:
            await old.cleanup()
        await web.SockSite(runner, self._socket.dup()).start()

    def _begin(self, request: web.Request, record: Record) -> None:
        self._records[peer_port(request)] = record

    async def _end(self, request: web.Request, record: Record) -> None:
        """An exchange of a client that is not ours (a terminal, a browser) is written down from the server's side."""
        port = peer_port(request)
        if port in self._own_ports:
            return
        self._records.pop(port, None)
        body = await request.read() if request.content.at_eof() else b""
        exchange = Exchange(request.method, request.path_qs, list(request.headers.items()), body)
        if record.response is not None:
            exchange.status, exchange.reason, exchange.headers = record.response.status, record.response.reason or "", record.response.headers
            exchange.body = getattr(record.response, "body", None) or b""
        self._complete(exchange, record)
        self.exchanges.append(exchange)

    async def stop(self) -> None:
        """Stop serving and free the port; a second time does nothing."""
        _servers.pop(self.name, None) if _servers.get(self.name) is self else None
        runner, self._runner = self._runner, None
        if runner is not None and await self._loop.answers():
            await self._loop.run(runner.cleanup())
        self._socket.close()
        self._loop.abandon()

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    def __repr__(self) -> str:
        if not self.running or self.app is None:
            return "Server, stopped"
        routes = ", ".join(f"{route.method} {route.resource.canonical}" for route in self.app.router.routes() if route.resource and route.method != "HEAD")
        return f"Server at {self.url}: {routes or 'no routes'}"


class LoopThread:
    """An event loop on a daemon thread. It outlives exceptions that would end a loop."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda loop, context: None)  # what a handler raised is in its exchange
        self._abandoned = False
        self.thread = threading.Thread(target=self._live, name="jwt-demo server", daemon=True)
        self.thread.start()

    def _live(self) -> None:
        asyncio.set_event_loop(self.loop)
        while not self._abandoned:
            with contextlib.suppress(HandlerBlocked, SystemExit, KeyboardInterrupt):
                self.loop.run_forever()
        with contextlib.suppress(Exception):
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.run_until_complete(asyncio.sleep(0))
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    async def run(self, coroutine: Any) -> Any:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self.loop))

    async def answers(self, within: float = 0.5) -> bool:
        """Whether the loop turns: a callback sent to it comes back in time."""
        try:
            await asyncio.wait_for(self.run(asyncio.sleep(0)), within)
        except asyncio.TimeoutError:
            return False
        return True

    def frames(self) -> list[Any]:
        """The frames the thread is in, outermost first."""
        frame, frames = sys._current_frames().get(self.thread.ident or 0), []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        return frames[::-1]

    def interrupt(self) -> None:
        """Raise HandlerBlocked in the thread; Python code notices at once, a call into C when it returns."""
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread.ident or 0), ctypes.py_object(HandlerBlocked))

    def abandon(self) -> None:
        """Let the loop end as soon as it can, and wait for nothing."""
        self._abandoned = True
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.loop.stop)


class HandlerBlocked(Exception):
    """Raised inside a handler that held up the event loop beyond the limit."""


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
