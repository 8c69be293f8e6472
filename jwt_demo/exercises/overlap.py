"""Two requests at once: while one of them waits for the user storage, another is sent and gets its response."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any

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
