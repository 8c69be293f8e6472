"""What this Python can do, and the one place that says what a browser tab lacks: threads, sockets, programs, some packages."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TypeVar

HAS_THREADS = sys.platform != "emscripten"
IMPORTED = (
    "cryptography",
    "django",
    "fastapi",
    "flask",
    "flask_jwt_extended",
)  # by lessons; compiled, or of no use in a tab

Result = TypeVar("Result")


class NotInTab(RuntimeError):
    """Something was asked for that a browser tab lacks; `what` names it. A cell that ends with it says so in one line."""

    def __init__(self, what: str, instead: str):
        super().__init__(tab_without(what, instead))
        self.what = what


async def off_loop(threads: ThreadPoolExecutor, work: Callable[[], Result]) -> Result:
    """What `work()` returns, done on one of `threads`; in a browser tab on the event loop, which stands still meanwhile."""
    if HAS_THREADS:
        return await asyncio.get_running_loop().run_in_executor(threads, work)
    await asyncio.sleep(0)  # what waited before goes first
    return work()


def lacking() -> frozenset[str]:
    """The packages that cells of the lessons import and a tab does not have. On a machine none is: there an import fails and says so."""
    if HAS_THREADS:
        return frozenset()
    return frozenset(name for name in IMPORTED if find_spec(name) is None)


def tab_without(what: str, instead: str) -> str:
    """The one line of a cell that cannot do in a tab what it does on a machine.

    >>> tab_without("gunicorn command", "its application runs in this notebook instead")
    'A browser tab has no gunicorn command: its application runs in this notebook instead.'
    """
    return f"A browser tab has no {what}: {instead}."
