"""Ctrl-C in a command that runs a coroutine: it cancels the coroutine, which then cleans up, on every Python alike."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, where the first Ctrl-C cancels `coroutine`, is raised as KeyboardInterrupt when it has ended, and a second one stops it at once.

    `asyncio.run` itself does so from Python 3.11 on. On 3.10 the interrupt is raised inside whichever task runs at that moment, and
    tasks that nobody waits for any more write tracebacks to the terminal.

    >>> async def logins():
    ...     return 42
    >>> run(logins())
    42
    """
    interrupts = 0

    async def cancelled_by_ctrl_c() -> T:
        if not raises_keyboard_interrupt():
            return await coroutine
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def on_ctrl_c(number: int, frame: FrameType | None) -> None:
            nonlocal interrupts
            interrupts += 1
            if interrupts > 1 or task is None:
                raise KeyboardInterrupt
            loop.call_soon_threadsafe(task.cancel)

        signal.signal(signal.SIGINT, on_ctrl_c)
        try:
            return await coroutine
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    try:
        return asyncio.run(cancelled_by_ctrl_c())
    except asyncio.CancelledError:
        if interrupts:
            raise KeyboardInterrupt from None
        raise


def raises_keyboard_interrupt() -> bool:
    """Whether Ctrl-C does here what it does by default: not where asyncio listens, where it is to be ignored, or in another thread."""
    return (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
