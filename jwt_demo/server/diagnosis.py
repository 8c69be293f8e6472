"""From an exception in a reader's handler to a sentence they can act on, and to the lines that are theirs."""

from __future__ import annotations

import asyncio
import functools
import inspect
import linecache
import re
import sysconfig
import traceback
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from aiohttp import web

NOT_THEIRS = tuple(
    str(Path(sysconfig.get_path(name)).resolve()) for name in ("stdlib", "purelib", "platlib")
) + (str(Path(__file__).resolve().parents[1]),)


def explain(error: BaseException, app: web.Application | None = None) -> str:
    """What an exception out of a handler or middleware means; always names the exception."""
    text = str(error)
    if isinstance(error, KeyError):  # multidict without its C extension wraps the key in a sentence
        text = re.sub(r"""^["']Key not found: (.+)["']$""", r"\1", text)
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    where = whereabouts(error.__traceback__)
    return f"{said}{where}{hint(error, app)}"


def hint(error: BaseException, app: web.Application | None) -> str:
    text = str(error)
    if isinstance(error, TypeError) and "unexpected keyword argument 'handler'" in text:
        return " aiohttp calls a middleware as middleware(request, handler=...): its second parameter must be named `handler`."
    if isinstance(error, AttributeError) and "'str' object has no attribute 'decode'" in text:
        return " PyJWT 2 returns the token as a str, so there is nothing to decode."
    if isinstance(error, AssertionError) and last_module(error).endswith("web_urldispatcher.py"):
        return " The handler is a plain `def` and gave no response: write `async def`."
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return " A handler must not end the program; it returns a response."
    if not isinstance(error, Exception):
        return " It is a BaseException, so `except Exception` did not catch it, and no response was sent."
    for name in undecorated(app):
        return f" {name} lacks @web.middleware, so aiohttp took it for an old-style factory and called it with (app, handler)."
    return ""


def undecorated(app: web.Application | None) -> list[str]:
    """New-style middlewares that lack the decorator: their first parameter is not called `app`."""
    names = []
    for middleware in app.middlewares if app is not None else ():
        code = getattr(inspect.unwrap(middleware), "__code__", None)
        if (
            code
            and getattr(middleware, "__middleware_version__", 0) != 1
            and code.co_varnames[:1] != ("app",)
        ):
            names.append(getattr(middleware, "__name__", type(middleware).__name__))
    return names


def last_module(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return frames[-1].filename if frames else ""


def whereabouts(trace: TracebackType | None) -> str:
    """The innermost line of the reader's own code, as ' (line 3 of login: `...`)'; '' where there is none."""
    theirs = [(frame, line) for frame, line in traceback.walk_tb(trace) if is_theirs(frame)]
    return at(*theirs[-1]) if theirs else "."


def at(frame: FrameType, line: int) -> str:
    source = linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()
    name = frame.f_code.co_name
    return f", in {name}, line {line}" + (f": `{source}`." if source else ".")


def is_theirs(frame: FrameType) -> bool:
    """Whether a frame is the reader's code: a notebook cell or a file of theirs, no library. Stages count as theirs."""
    return is_their_file(frame.f_code.co_filename)


@functools.lru_cache(maxsize=4096)
def is_their_file(filename: str) -> bool:
    if filename.startswith("<frozen"):
        return False
    path = filename if filename.startswith("<") else str(Path(filename).resolve())
    if "jwt_demo" in Path(path).parts and "stages" in Path(path).parts:
        return True
    return not path.startswith(NOT_THEIRS)


def stuck_at(frames: list[FrameType]) -> str:
    """Where a handler that does not respond stands: the innermost of the reader's lines among `frames`, outermost first."""
    theirs = [frame for frame in frames if is_theirs(frame)]
    return at(theirs[-1], theirs[-1].f_lineno) if theirs else "."


def awaiting_frames(task: asyncio.Task[Any]) -> list[FrameType]:
    """The frames of a waiting task, outermost first, along the chain of its awaits."""
    frames: list[FrameType] = []
    waiting: object = task.get_coro()
    while isinstance(frame := getattr(waiting, "cr_frame", None), FrameType):
        frames.append(frame)
        waiting = getattr(waiting, "cr_await", None)
    return frames
