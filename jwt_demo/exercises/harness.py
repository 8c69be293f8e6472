"""Putting a learner's handler, middleware or decorator into an application, with the keys their own code asks for."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

from aiohttp import web

from ..stages import login
from ..stages.middleware import CLAIMS, PRINCIPAL, auth_middleware
from ..stages.parts.users import User, Users
from .model import Unfit

HANDLER_LIMITS = {"max_field_size": 64 * 1024}


def as_handler(method: str, path: str) -> Callable[[Any, Any], web.Application]:
    """The candidate answers `method path`."""

    def mount(candidate: Any, bench: Any) -> web.Application:
        app = new_app(candidate, bench)
        app.router.add_route(method, path, candidate)
        return app

    return mount


def new_app(candidate: Any, bench: Any) -> web.Application:
    """An application whose key and users are found under the stages' AppKeys and under those of the learner's notebook."""
    app = web.Application(handler_args=HANDLER_LIMITS)
    app[login.KEY], app[login.USERS] = bench.key, bench.users
    for key in keys_in(candidate, web.AppKey):
        kind = getattr(key, "_t", None)
        if kind is Users or ends(key, "USERS"):
            app[key] = bench.users
        elif kind in (str, bytes) or ends(key, "KEY"):
            app[key] = bench.key.encode("ascii") if kind is bytes else bench.key
    return app


def keys_in(candidate: Any, kind: type) -> Iterator[Any]:
    """The AppKeys or RequestKeys among the names a function can see."""
    try:
        seen = (
            vars(sys.modules[candidate.__module__])
            if isinstance(candidate, type)
            else inspect.unwrap(candidate).__globals__
        )
    except (AttributeError, KeyError, ValueError):
        seen = {}
    yield from {
        id(value): value for value in list(seen.values()) if isinstance(value, kind)
    }.values()


def ends(key: Any, word: str) -> bool:
    return getattr(key, "_name", "").upper().endswith(word)


def user_of(request: web.Request) -> Any:
    """Whoever a middleware left on the request, under whatever key; a coroutine left there is named as one."""
    left = [*dict(request).values(), getattr(request, "user", None)]
    for value in left:
        if inspect.iscoroutine(value):
            value.close()
            return UNAWAITED
    return next((value for value in left if isinstance(value, User)), None)


UNAWAITED = "a coroutine that was never awaited"


def as_middleware(candidate: Any, bench: Any) -> web.Application:
    """The candidate stands before handlers that say who was found, one of which raises an answer of its own."""
    app = new_app(candidate, bench)
    app.middlewares.append(candidate)
    app.router.add_get("/get-user", get_user)
    app.router.add_get("/moved", moved)
    return app


async def get_user(request: web.Request) -> web.Response:
    return web.json_response({"user": str(user_of(request))})


async def moved(request: web.Request) -> web.Response:
    raise web.HTTPGone


def as_decorator(*wrapped: tuple[str, tuple[Any, ...]]) -> Callable[[Any, Any], web.Application]:
    """The candidate decorates a handler for each path; with arguments it is called with them first, and what it returns decorates.

    `as_decorator(("/get-user", ()))` asks `candidate(handler)`, `as_decorator(("/admin", ("admin",)))` asks `candidate("admin")(handler)`.
    """

    def mount(candidate: Any, bench: Any) -> web.Application:
        app = new_app(candidate, bench)
        app.middlewares.extend((auth_middleware, under_keys_of(candidate)))
        bench.ran = []  # the paths whose handler came to run
        for path, arguments in wrapped:
            bench.wrapper = wrap(candidate, arguments, whoever(bench))
            app.router.add_get(path, bench.wrapper)
        return app

    return mount


def wrap(candidate: Any, arguments: tuple[Any, ...], handler: Any) -> Any:
    name = getattr(candidate, "__name__", "your decorator")
    decorate = candidate
    if arguments:
        given = ", ".join(map(repr, arguments))
        decorate = candidate(*arguments)
        if not callable(decorate):
            raise Unfit(
                f"{name}({given}) is {type(decorate).__name__}",
                f"`{name}({given})` must give a decorator, a function that takes the handler. Is the `return` of it missing?",
            )
        if inspect.iscoroutinefunction(decorate):
            raise Unfit(
                f"{name}({given}) is an async def",
                f"`{name}({given})` takes {given} and gives a decorator; that one takes the handler. One function is missing between the two.",
            )
    wrapper = decorate(handler)
    if inspect.iscoroutine(wrapper):
        wrapper.close()
        raise Unfit(
            "a coroutine",
            "Decorating is no `await`: the decorator is a plain `def`. What it returns is the `async def`.",
        )
    if not callable(wrapper):
        raise Unfit(
            f"in place of the handler there is {type(wrapper).__name__}",
            "A decorator returns the function that takes the handler's place. Is `return wrapper` missing?",
        )
    if not inspect.iscoroutinefunction(wrapper):
        raise Unfit(
            "the wrapper is a plain def",
            "The wrapper takes the handler's place, and a handler is awaited: `async def wrapper(request)`, and in it `return await handler(request)`.",
        )
    return wrapper


def whoever(bench: Any) -> Any:
    async def get_user(request: web.Request) -> web.Response:
        """Say who is logged in."""
        bench.ran.append(request.path)
        return web.json_response({"user": str(request[PRINCIPAL])}, headers={"X-Handler": "ran"})

    return get_user


def under_keys_of(candidate: Any) -> Any:
    """The user and the claims, once more under the RequestKeys of the learner's notebook."""
    keys = list(keys_in(candidate, web.RequestKey))

    @web.middleware
    async def copy(request: web.Request, handler: Any) -> Any:
        for key in keys:
            is_claims = getattr(key, "_t", None) is dict or ends(key, "CLAIMS")
            request[key] = request[CLAIMS] if is_claims else request[PRINCIPAL]
        return await handler(request)

    return copy
