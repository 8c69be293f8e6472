"""Putting a learner's handler, middleware or decorator into an application, with the keys their own code asks for."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from aiohttp import web

from ..stages import login
from ..stages.middleware import CLAIMS, PRINCIPAL, authenticate, authentication, token_in_header
from ..stages.parts.users import User, Users
from .model import Unfit
from .shapes import functions_in, is_view, name_of

HANDLER_LIMITS = {"max_field_size": 64 * 1024}


def as_handler(method: str, path: str) -> Callable[[Any, Any], web.Application]:
    """The candidate answers `method path`."""

    def mount(candidate: Any, bench: Any) -> web.Application:
        app = new_app(candidate, bench)
        app.router.add_route(method, path, awaited(candidate))
        return app

    return mount


def awaited(candidate: Any) -> Any:
    """As aiohttp takes it: an `async def` around whatever can be called and gives something to await."""
    if is_view(candidate) or inspect.iscoroutinefunction(candidate):
        return candidate

    async def handler(request: web.Request) -> Any:
        return await promised(candidate(request))

    handler.__name__ = name_of(candidate)
    return handler


async def promised(answer: Any) -> Any:
    if not inspect.isawaitable(answer):
        raise Unfit(
            f"{type(answer).__name__}, where something to await was wanted",
            "aiohttp awaits what it calls, and this gives its result at once. Write `async def`.",
        )
    return await answer


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
    """The AppKeys or RequestKeys among the names that the candidate's functions can see."""
    found: dict[int, Any] = {}
    for function in functions_in(candidate):
        for value in list(function.__globals__.values()):
            if isinstance(value, kind):
                found[id(value)] = value
    yield from found.values()


def ends(key: Any, word: str) -> bool:
    return getattr(key, "_name", "").upper().endswith(word)


def user_of(request: web.Request) -> Any:
    """The user whom a middleware left on the request, under whatever key; a coroutine left there is named as one."""
    left = [*request.values(), getattr(request, "user", None)]
    for value in left:
        if inspect.iscoroutine(value):
            value.close()
            return UNAWAITED
    return next((value for value in left if isinstance(value, User)), None)


def not_a_user(request: web.Request, keys: list[Any]) -> str | None:
    """What stands under the name of the principal and is no user, in words."""
    left = [request[key] for key in keys if request.get(key) is not None]
    return f"{type(left[0]).__name__} in place of a User" if left else None


UNAWAITED = "a coroutine that was never awaited"


def as_middleware(candidate: Any, bench: Any) -> web.Application:
    """The candidate stands before handlers that say who was found, or raise."""
    app = new_app(candidate, bench)
    app.middlewares.append(awaited_middleware(candidate))
    keys = [
        PRINCIPAL,
        *(key for key in keys_in(candidate, web.RequestKey) if ends(key, "PRINCIPAL")),
    ]

    async def get_user(request: web.Request) -> web.Response:
        bench.ran.append(request.path)
        found = user_of(request) or not_a_user(request, keys)
        stored = not isinstance(found, User) or found in bench.users._by_id.values()
        return web.json_response({"user": str(found) if stored else f"{found}, changed"})

    async def principal(request: web.Request) -> web.Response:
        """What a decorator would find under PRINCIPAL, or that there is nothing under that name."""
        there = [str(request[key]) for key in keys if key in request]
        others = [value for value in request.values() if value is None or isinstance(value, User)]
        there += [str(value) for value in others]  # under a key of the learner's own
        return web.json_response({"principal": there[0] if there else "not set"})

    async def moved(request: web.Request) -> web.Response:
        bench.ran.append(request.path)
        raise web.HTTPGone

    async def fails(request: web.Request) -> web.Response:
        bench.ran.append(request.path)
        raise bench.failures[request.path]

    app.router.add_route("*", "/principal", principal)
    app.router.add_get("/moved", moved)
    for path in bench.failures:
        app.router.add_get(path, fails)
    app.router.add_route("*", "/{path:.*}", get_user)
    return app


def awaited_middleware(candidate: Any) -> Any:
    """A marked middleware that is no `async def`, as aiohttp takes it; anything else as it is."""
    if (
        getattr(candidate, "__middleware_version__", 0) != 1
        or inspect.iscoroutinefunction(candidate)
        or inspect.iscoroutinefunction(getattr(candidate, "__call__", None))  # noqa: B004
    ):
        return candidate

    @web.middleware
    async def middleware(request: web.Request, handler: Any) -> Any:
        return await promised(candidate(request, handler=handler))

    middleware.__name__ = name_of(candidate)
    return middleware


def as_decorator(*wrapped: tuple[str, tuple[Any, ...]]) -> Callable[[Any, Any], web.Application]:
    """The candidate decorates a handler for each path; with arguments it is called with them first, and what it returns decorates.

    `as_decorator(("/get-user", ()))` asks `candidate(handler)`, `as_decorator(("/admin", ("admin",)))` asks `candidate("admin")(handler)`.
    """

    def mount(candidate: Any, bench: Any) -> web.Application:
        app = new_app(candidate, bench)
        auth_middleware = authentication(authenticate, find=token_in_header_or_cookie)
        app.middlewares.extend((auth_middleware, in_a_session(bench), under_keys_of(candidate)))
        made: dict[tuple[Any, ...], Any] = {}  # one decorator for all handlers with these arguments
        for path, arguments in wrapped:
            if arguments not in made:
                made[arguments] = decorator(candidate, arguments)
            bench.wrapper = wrap(made[arguments], new_handler(bench, path))
            app.router.add_route("*", path, awaited(bench.wrapper))
        return app

    return mount


def token_in_header_or_cookie(request: web.Request) -> str | None:
    """A decorator asks who was found, not how: in some applications a cookie brings the token."""
    return token_in_header(request) or request.cookies.get("token")


def in_a_session(bench: Any) -> Any:
    """What another middleware may leave on a request: a user without claims, or claims without a user."""

    @web.middleware
    async def middleware(request: web.Request, handler: Any) -> Any:
        kept = request.cookies.get("session")
        if kept == "user":
            request[PRINCIPAL] = bench.user
        elif kept == "claims":
            request[CLAIMS] = {"sub": bench.sub, "scope": "admin profile"}
        return await handler(request)

    return middleware


def decorator(candidate: Any, arguments: tuple[Any, ...]) -> Any:
    name = name_of(candidate)
    decorate = candidate
    if arguments:
        given = ", ".join(map(repr, arguments))
        decorate = candidate(*arguments)
        if not callable(decorate):
            raise Unfit(
                f"{name}({given}) is {type(decorate).__name__}",
                f"`{name}({given})` must return a decorator, which is a function that takes the handler.",
            )
        if inspect.iscoroutinefunction(decorate):
            raise Unfit(
                f"{name}({given}) is an async def",
                f"`{name}({given})` returns an `async def`. It must return a decorator, a plain function that takes the handler; "
                "what the decorator returns is the `async def`.",
            )
    return decorate


def wrap(decorate: Any, handler: Any) -> Any:
    wrapper = decorate(handler)
    if inspect.iscoroutine(wrapper):
        wrapper.close()
        raise Unfit(
            "a coroutine",
            "Python calls a decorator without `await`, so it is a plain `def`. What it returns is the `async def`.",
        )
    if not callable(wrapper):
        raise Unfit(
            f"in place of the handler there is {type(wrapper).__name__}",
            "A decorator must return the function that takes the handler's place (often called `wrapper`).",
        )
    if isinstance(wrapper, FunctionType) and not inspect.iscoroutinefunction(wrapper):
        raise Unfit(
            "the wrapper is a plain def",
            "The wrapper takes the handler's place, and aiohttp awaits a handler: `async def wrapper(request)`, and in it `return await handler(request)`.",
        )
    return wrapper


def new_handler(bench: Any, path: str) -> Any:
    """The handler of this path, whatever path a request comes by."""

    async def get_user(request: web.Request) -> web.Response:
        """Say who is logged in."""
        bench.ran.append(path)
        if request[PRINCIPAL] is not None:  # one handler may wait while another request comes
            await bench.users.by_id(str(request[PRINCIPAL].id))
        wanted = request.query.get("raise", "")
        if wanted:
            raise bench.failures.get(wanted) or web.HTTPGone
        return web.json_response({"user": str(request[PRINCIPAL])}, headers={"X-Handler": path})

    get_user.__name__ = get_user.__qualname__ = bench.handler_name
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
