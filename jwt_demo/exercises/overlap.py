"""Requests that belong together: one that comes while another waits for the user storage, and several on one connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

from ..server.exchange import Exchange
from ..server.server import Server
from .checker import ask
from .model import Case, Request

LONGEST = 1.0  # seconds for code that lets one request in at a time: there the second has to wait for the first


class Meeting:
    """Holds each look-up of one name until the check lets it go; the check may run on another loop."""

    def __init__(self, name: str):
        self.name = name
        self.loop = asyncio.get_running_loop()
        self.held: asyncio.Queue[Future[None]] = asyncio.Queue()

    async def while_looking_up(self, name: Any) -> None:
        if name != self.name:
            return
        go: Future[None] = Future()
        self.loop.call_soon_threadsafe(self.held.put_nowait, go)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.wrap_future(go), LONGEST)


def at_once(
    first: Request, second: Request, looked_up: Callable[[Any], str]
) -> Callable[[Server, Any], Awaitable[Exchange]]:
    """What the first one got. At each of its look-ups the whole second one is sent; what that got is in `bench.meanwhile`."""

    async def send(server: Server, bench: Any) -> Exchange:
        meeting = bench.users.meeting = Meeting(looked_up(bench))
        bench.meanwhile = []
        asking = asyncio.ensure_future(ask(server, bench, Case("", first, (), "")))
        try:
            while not asking.done():
                held = asyncio.ensure_future(meeting.held.get())
                await asyncio.wait({asking, held}, return_when=asyncio.FIRST_COMPLETED)
                if not held.done():
                    held.cancel()
                    break
                bench.meanwhile.append(await ask(server, bench, Case("", second, (), "")))
                with contextlib.suppress(InvalidStateError):
                    held.result().set_result(None)
        finally:
            bench.users.meeting = None
        return await asking

    return send


def on_one_connection(*tokens: str) -> Callable[[Server, Any], Awaitable[Exchange]]:
    """GET /get-user with each of these tokens ("" for none) on a connection that stays open; what the ones before the last got is in `bench.meanwhile`."""

    async def send(server: Server, bench: Any) -> Exchange:
        got: list[Exchange] = []
        limit = aiohttp.ClientTimeout(total=server.limit)
        async with aiohttp.ClientSession(timeout=limit) as session:
            for token in tokens:
                headers = {"Authorization": f"Bearer {bench.token(token)}"} if token else {}
                exchange = Exchange("GET", "/get-user")
                try:
                    async with session.get(server.url + exchange.path, headers=headers) as response:
                        exchange.status, exchange.reason = response.status, response.reason or ""
                        exchange.headers = CIMultiDictProxy(response.headers.copy())
                        exchange.body = await response.read()
                except (aiohttp.ClientError, asyncio.TimeoutError):
                    # in memory a server has no port: each request has a connection of its own there
                    exchange = await server.get(exchange.path, headers=headers)
                got.append(exchange)
        *bench.meanwhile, last = got
        return last

    return send
