"""Code that may never end: on a thread that can be looked at and interrupted, or, where there are no threads, with a clock."""

from __future__ import annotations

import asyncio
import contextvars
import ctypes
import inspect
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, NamedTuple

from .diagnosis import awaiting_frames, stuck_at
from .line_clock import LineClock
from .runtime import HAS_THREADS

ATTEMPTS = 3  # a bare `except:` in a loop catches the first interruption
PATIENCE = 0.5  # seconds for a thread to notice one


class Outcome(NamedTuple):
    """What became of a call: its value, what it raised, or where it was when its time was over ('' when it ended)."""

    value: Any
    error: BaseException | None
    stuck: str


class OutOfTime(BaseException):
    """Raised in a reader's function when its time is over; `except Exception` does not stop it."""


async def within(limit: float, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Outcome:
    """Call a function, await what it returns, and give up after `limit` seconds."""
    way = on_thread if HAS_THREADS else on_loop
    return await way(limit, lambda: function(*args, **kwargs))


async def on_loop(limit: float, function: Callable[[], Any]) -> Outcome:
    """On the loop of the caller, which stands still meanwhile. Code that catches every exception is not ended."""

    async def ended() -> Outcome:
        try:
            return Outcome(await value_of(function()), None, "")
        except BaseException as error:  # sys.exit() too, which would end the loop
            return Outcome(None, error, "")

    task = asyncio.ensure_future(ended())
    try:
        with LineClock(limit, OutOfTime) as clock:
            await asyncio.wait([task], timeout=limit)
        if clock.where:
            return Outcome(None, None, clock.where)
        return (
            task.result() if task.done() else Outcome(None, None, stuck_at(awaiting_frames(task)))
        )
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=PATIENCE)


async def on_thread(limit: float, function: Callable[[], Any]) -> Outcome:
    """On a thread of its own, which is interrupted when the time is over."""
    value: Any = None
    error: BaseException | None = None
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    context = contextvars.copy_context()  # what the function prints appears in the cell that asked

    def work() -> None:
        nonlocal value, error
        try:
            value = context.run(call, function)
        except (
            BaseException
        ) as raised:  # sys.exit() and OutOfTime too: a reader's code ends no kernel
            error = raised
        finally:
            loop.call_soon_threadsafe(done.set)

    thread = threading.Thread(target=work, name="jwt-demo call", daemon=True)
    thread.start()
    if await is_set(done, limit):
        return Outcome(value, error, "")
    where = stuck_at(frames_of(thread))
    for _ in range(ATTEMPTS):
        interrupt(thread, OutOfTime)
        if await is_set(done, PATIENCE):
            break
    return Outcome(None, None, where)


async def is_set(event: asyncio.Event, within: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), within)
    except asyncio.TimeoutError:
        return False
    return True


def call(function: Callable[[], Any]) -> Any:
    value = function()
    return asyncio.run(value_of(value)) if inspect.iscoroutine(value) else value


async def value_of(value: Any) -> Any:
    return await value if inspect.iscoroutine(value) else value


def frames_of(thread: threading.Thread) -> list[FrameType]:
    """The frames a thread is in, outermost first."""
    frame = sys._current_frames().get(thread.ident or 0)
    frames: list[FrameType] = []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames[::-1]


def interrupt(thread: threading.Thread, exception: type[BaseException]) -> None:
    """Raise `exception` in a thread; Python code notices at once, a call into C when it returns."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(exception)
    )
