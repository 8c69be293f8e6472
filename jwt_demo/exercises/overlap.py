"""Requests that belong together: one that comes while another waits for the user storage, and several on one connection."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy

from ..server.exchange import Exchange
from ..server.listeners import TcpListener
from ..server.runtime import HAS_THREADS
from ..server.server import Server
from .checker import ask
from .messages import answer
from .model import Case, Request, Want

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


def meanwhile(want: Want, text: str) -> Want:
    """What must hold of the response to the other request too."""
    return Want(
        text,
        lambda trial: all(
            want.holds(dataclasses.replace(trial, exchange=exchange))
            for exchange in trial.bench.meanwhile
        ),
        lambda trial: "; ".join(answer(exchange) for exchange in trial.bench.meanwhile),
    )


def on_one_connection(*tokens: str) -> Callable[[Server, Any], Awaitable[Exchange]]:
    """GET /get-user with each of these tokens ("" for none) on a connection that stays open; what the ones before the last got is in `bench.meanwhile`."""

    async def send(server: Server, bench: Any) -> Exchange:
        got: list[Exchange] = []
        async with aiohttp.ClientSession() as session:
            session._retry_connection = False  # a request is sent once, on the same connection
            for token in tokens:
                headers = {"Authorization": f"Bearer {bench.token(token)}"} if token else {}
                if has_port(server):
                    got.append(await received(server, session, headers))
                else:  # each request has a connection of its own there
                    got.append(await server.get("/get-user", headers=headers))
                if got[-1].status is None:
                    return got[-1]
        *bench.meanwhile, last = got
        return last

    return send


async def received(
    server: Server, session: aiohttp.ClientSession, headers: dict[str, str]
) -> Exchange:
    exchange = Exchange("GET", "/get-user")
    limit = aiohttp.ClientTimeout(total=server.limit)
    try:
        async with session.get(server.url + exchange.path, headers=headers, timeout=limit) as found:
            exchange.body = await found.read()
            exchange.status, exchange.reason = found.status, found.reason or ""
            exchange.headers = CIMultiDictProxy(found.headers.copy())
    except asyncio.TimeoutError:
        exchange.problem = f"No response within {server.limit:g} s."
    except aiohttp.ClientError as error:
        exchange.problem = f"The connection was closed without a response ({type(error).__name__})."
    return exchange


def has_port(server: Server) -> bool:
    """Whether any client of aiohttp reaches this server: over TCP, and in a browser tab; not one in memory beside real ports."""
    return isinstance(server._listener, TcpListener) or not HAS_THREADS
