"""A time limit without a thread: at each line of a reader's code the clock is looked at, and code that is late is ended there.

For a browser tab, where nothing can look at a running function from outside. It sees lines of Python, and `time.sleep`, which
is another function while a clock runs. Any other call that blocks inside C is ended when it returns.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from types import FrameType
from typing import Any, ClassVar

from .diagnosis import at, is_theirs
from .runtime import HAS_THREADS

BEAT = 0.05  # seconds between two signs that the loop turns


class LineClock:
    """Raises `exception` in a reader's code that runs for `limit` seconds without a return to the event loop.

    `where` says in which line that was, '' when it did not happen. Several may run at once, in any order of their ends.
    """

    _running: ClassVar[list[LineClock]] = []
    _before: ClassVar[Any] = None  # what traced before the first of them began
    _sleep: ClassVar[Any] = time.sleep
    _thread: ClassVar[int] = 0  # that all of them are for

    def __init__(self, limit: float, exception: type[BaseException]):
        self.limit, self.exception = limit, exception
        self.where = ""
        self._turned = 0.0
        self._beat: asyncio.TimerHandle | None = None

    def __enter__(self) -> LineClock:
        self._beats()
        if not LineClock._running:
            LineClock._before = sys.gettrace()
            sys.settrace(on_call)
            LineClock._sleep = time.sleep
            time.sleep = sleep  # type: ignore[assignment]  # mypy wants SupportsIndex too
            LineClock._thread = threading.get_ident()
        LineClock._running.append(self)
        return self

    def __exit__(self, *raised: object) -> None:
        LineClock._running.remove(self)
        if not LineClock._running:
            sys.settrace(LineClock._before)
            time.sleep = LineClock._sleep
        if self._beat is not None:
            self._beat.cancel()

    def _beats(self) -> None:
        self._turned = time.monotonic()
        self._beat = asyncio.get_running_loop().call_later(BEAT, self._beats)

    def look(self, frame: FrameType) -> None:
        if time.monotonic() - self._turned > self.limit:
            self.where = at(frame, frame.f_lineno)
            raise self.exception

    @classmethod
    def look_at_all(cls, frame: FrameType) -> None:
        for clock in cls._running:
            clock.look(frame)


def on_call(frame: FrameType, event: str, argument: object) -> Any:
    return on_line if is_theirs(frame) else None


def on_line(frame: FrameType, event: str, argument: object) -> Any:
    LineClock.look_at_all(frame)
    return on_line


def sleep(seconds: float) -> None:
    """`time.sleep` for a reader's code while a clock runs: as long, and no longer than the clock allows."""
    frame = sys._getframe(1)
    if threading.get_ident() != LineClock._thread or not is_theirs(frame):
        LineClock._sleep(seconds)
        return
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        LineClock.look_at_all(frame)
        stand_still(min(left, BEAT))


def stand_still(seconds: float) -> None:
    """In a tab `time.sleep` may let the event loop turn, and a lesson shows what happens when it does not."""
    if HAS_THREADS:
        LineClock._sleep(seconds)
        return
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
