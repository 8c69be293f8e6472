"""Watching an application from between its middlewares: what came in, what went out, what was raised, by whom.

A boundary is a middleware of our own; one stands before, between and behind those of the application, which
stay as they are, whatever their shape. The handler's exception is kept, not swallowed: aiohttp responds as it would.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import logging
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypedDict, cast

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .exchange import Step


@dataclass
class Record:
    """What the server's side knows of one request."""

    steps: list[Step] = field(default_factory=list)
    error: BaseException | None = None
    problem: str = ""
    warnings: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    task: asyncio.Task[Any] | None = None
    response: web.StreamResponse | None = None
    transport: asyncio.BaseTransport | None = None
    port: int = 0  # of the client
    is_own: bool = False  # whether Server.request sent it


Begin = Callable[[web.Request, Record], None]
End = Callable[[web.Request, Record], Awaitable[None]]
OldStyle = Callable[[web.Application, Handler], Awaitable[Handler]]


class Hooks(TypedDict):
    """What is called before and after each request."""

    begin: Begin
    end: End


RECORD = web.RequestKey("RECORD", Record)
CURRENT: contextvars.ContextVar[Record | None] = contextvars.ContextVar("CURRENT", default=None)
MARK = "__jwt_demo_boundary__"


class HandlerExited(Exception):
    """A handler called `exit()`; left alone that would end the server's thread."""


def watch(app: web.Application, begin: Begin, end: End) -> None:
    """Put boundaries into an application that has not started; `begin(request, record)` and `end(...)` frame each request.

    An application that is watched already only gets the new `begin` and `end`.
    """
    watched = next((m for m in app.middlewares if hasattr(m, MARK)), None)
    if watched is not None:
        getattr(watched, MARK).update(begin=begin, end=end)
        return
    if app.frozen or app.pre_frozen:
        raise RuntimeError(
            "This application was started elsewhere before. Make a new one: run the cell that says web.Application(...) again."
        )

    hooks = Hooks(begin=begin, end=end)
    theirs = list(app.middlewares)
    names = [name_of(middleware) for middleware in theirs] + [""]
    app.middlewares.clear()
    app.middlewares.append(outermost(hooks, names[0]))
    for place, middleware in enumerate(theirs, start=1):
        is_new_style = getattr(middleware, "__middleware_version__", 0) == 1
        app.middlewares.append(middleware if is_new_style else kept_inside(middleware))
        app.middlewares.append(boundary(place, names[place]))


class KeptLines(logging.Handler):
    """The handler of last resort: a line that nobody else handles goes to the exchange it belongs to, not to stderr under some other cell."""

    def __init__(self, before: logging.Handler | None):
        super().__init__(logging.WARNING)
        self.before = before

    def emit(self, line: logging.LogRecord) -> None:
        record = CURRENT.get()
        if record is not None:
            record.log.append(f"{line.levelname} {line.name}: {line.getMessage()}")
        elif self.before is not None:
            self.before.handle(line)


def keep_log() -> None:
    if not isinstance(logging.lastResort, KeptLines):
        logging.lastResort = KeptLines(logging.lastResort)


def keep_warnings() -> None:
    """A warning raised while a request is handled goes to its record; on stderr it would show under some other cell, or nowhere.

    Python shows a warning of one line once. So that a cell that starts a server shows it again when it is run again, Python is made to forget
    what it has shown: `catch_warnings` does that, as any change of the filters.
    """
    with warnings.catch_warnings():
        pass
    shown_before = warnings.showwarning
    if getattr(shown_before, MARK, None):
        return

    def showwarning(message: Any, category: type[Warning], *place: Any, **options: Any) -> None:
        record = CURRENT.get()
        if record is None:
            shown_before(message, category, *place, **options)
        else:
            record.warnings.append(f"{category.__name__}: {message}")

    setattr(showwarning, MARK, True)
    warnings.showwarning = showwarning


def outermost(hooks: Hooks, name: str) -> Middleware:
    inner = boundary(0, name)

    @web.middleware
    async def watch_all(request: web.Request, handler: Handler) -> web.StreamResponse:
        record = request[RECORD] = Record(task=asyncio.current_task())
        CURRENT.set(record)
        hooks["begin"](request, record)
        try:
            record.response = await inner(request, handler)
            return record.response
        except web.HTTPException as answer:
            record.response = answer
            raise
        except (SystemExit, KeyboardInterrupt) as error:
            record.error = error
            raise HandlerExited from error
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            record.error = error
            if not isinstance(error, Exception):  # it ends the task of the connection as well
                request.task.add_done_callback(look_at_it)
            raise
        finally:
            await hooks["end"](request, record)

    setattr(watch_all, MARK, hooks)
    return watch_all


def look_at_it(task: asyncio.Task[None]) -> None:
    """What ended the task is in its record; asyncio would show it once more, on stderr, as never retrieved."""
    if not task.cancelled():
        task.exception()


def boundary(place: int, name: str) -> Middleware:
    """The line between middleware `place - 1` and what stands behind it; the last one leads to the handler itself."""

    @web.middleware
    async def cross(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not isinstance(request, web.BaseRequest):
            raise TypeError(
                f"the handler was called with an {type(request).__name__} where a request belongs"
            )
        steps = request[RECORD].steps
        here = name or handler_name(request)
        steps.append(Step(place, here, "in", handler=not name))
        try:
            answer = await handler(request)
        except web.HTTPException as raised:
            steps.append(Step(place, here, "out", str(raised.status)))
            raise
        except BaseException as error:
            steps.append(Step(place, here, "out", type(error).__name__))
            raise
        if not isinstance(answer, web.StreamResponse):
            request[RECORD].problem = request[RECORD].problem or no_response(here, answer)
            steps.append(Step(place, here, "out", "no response"))
            if inspect.iscoroutine(answer):
                answer.close()  # its problem is told; a warning about it would come too late and elsewhere
            return None
        steps.append(Step(place, here, "out", str(answer.status)))
        return answer

    return cross


def kept_inside(middleware: Middleware) -> Middleware:
    """An old-style middleware, which is a factory called as (app, handler) for every request; what that raises is raised where it is recorded."""

    factory = cast(OldStyle, middleware)  # aiohttp runs this style still, its types know the other

    @functools.wraps(factory)
    async def make(app: web.Application, handler: Handler) -> Handler:
        try:
            made = await factory(app, handler)
        except Exception as error:
            problem: Exception = error
        else:
            if callable(made):
                return made
            problem = TypeError(
                f"{name_of(factory)} gave back {type(made).__name__} where a handler belongs"
            )

        async def raise_problem(request: web.Request) -> web.StreamResponse:
            raise problem

        return raise_problem

    return cast(Middleware, make)


def no_response(name: str, answer: object) -> str:
    if answer is None:
        return f"{name} returned None, not a response. Is a `return` missing?"
    if inspect.isawaitable(answer):
        return f"{name} returned something that was never awaited. Is an `await` missing?"
    return f"{name} returned {type(answer).__name__}, not a response. aiohttp wants a web.Response, such as web.json_response(...)."


def handler_name(request: web.Request) -> str:
    if request.match_info.http_exception is not None:
        return "router"
    return name_of(request.match_info.handler)


def name_of(function: object) -> str:
    return getattr(function, "__name__", None) or type(function).__name__
