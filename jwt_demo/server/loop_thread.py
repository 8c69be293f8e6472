"""An event loop on a thread of its own, that outlives what would end a loop and can be left behind when it is stuck."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import threading
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, TypeVar

from .threads import frames_of, interrupt

T = TypeVar("T")


class LoopThread:
    """An event loop on a daemon thread. Exceptions that would end a loop do not end this one."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(
            lambda loop, context: None
        )  # what a handler raised is in its exchange
        self._abandoned = False
        self._last: Callable[[], Coroutine[Any, Any, Any]] | None = None
        self._ended: concurrent.futures.Future[None] = concurrent.futures.Future()
        self.thread = threading.Thread(target=self._live, name="jwt-demo server", daemon=True)
        self.thread.start()

    def _live(self) -> None:
        asyncio.set_event_loop(self.loop)
        while not self._abandoned:
            with contextlib.suppress(HandlerBlocked, SystemExit, KeyboardInterrupt):
                self.loop.run_forever()
        with contextlib.suppress(BaseException):
            self.loop.run_until_complete(self._tidy_up())
        self.loop.close()
        self._ended.set_result(None)

    async def _tidy_up(self) -> None:
        if self._last is not None:
            await asyncio.wait([asyncio.ensure_future(self._last())], timeout=2)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0)
        await self.loop.shutdown_asyncgens()

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The coroutine's result, from whichever loop this is awaited on; given up here, it is cancelled there."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, self.loop))

    async def answers(self, within: float = 1.0) -> bool:
        """Whether the loop turns: a callback sent to it comes back in time."""
        try:
            await asyncio.wait_for(self.run(asyncio.sleep(0)), within)
        except asyncio.TimeoutError:
            return False
        return True

    def frames(self) -> list[FrameType]:
        """The frames the thread is in, outermost first."""
        return frames_of(self.thread)

    def interrupt(self) -> None:
        """Raise HandlerBlocked in whatever the thread runs."""
        interrupt(self.thread, HandlerBlocked)

    def call(self, function: Callable[[], object]) -> None:
        """Have the loop call `function` soon."""
        self.loop.call_soon_threadsafe(function)

    def abandon(self, last: Callable[[], Coroutine[Any, Any, Any]] | None = None) -> None:
        """Let the loop end as soon as it can, after `last()`, and wait for nothing."""
        self._last, self._abandoned = last, True
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.loop.stop)

    async def ended(self, within: float = 1.0) -> bool:
        """Whether an abandoned loop's thread came to its end in time."""
        await asyncio.wait([asyncio.wrap_future(self._ended)], timeout=within)
        return self._ended.done()


class HandlerBlocked(Exception):
    """Raised inside a handler that blocked the event loop beyond the limit."""
