"""Putting a learner's handler, middleware or decorator into an application, with the keys their own code asks for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from aiohttp import web

from ..stages import login
from ..users import User, Users

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
    seen = getattr(inspect.unwrap(candidate), "__globals__", {}) if callable(candidate) else {}
    yield from {id(value): value for value in list(seen.values()) if isinstance(value, kind)}.values()


def ends(key: Any, word: str) -> bool:
    return getattr(key, "_name", "").upper().endswith(word)


def user_of(request: web.Request) -> User | None:
    """Whoever a middleware left on the request, under whatever key."""
    left = [*dict(request).values(), getattr(request, "user", None)]
    return next((value for value in left if isinstance(value, User)), None)
