"""Building a server that is right in everything but one thing: `complete` (or `logout`) with one piece swapped for a wrong one."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from jwt_demo.stages import complete, logout
from jwt_demo.stages.parts.users import Users
from jwt_demo.tokens.anatomy import Token, TokenError
from jwt_demo.tokens.claims import is_numeric_date


@dataclass
class Lab:
    """What a server is built from; `patch(module, name, value)` lasts for one test."""

    key: str
    users: Users
    patch: Callable[[Any, str, Any], None]

    def complete(self) -> web.Application:
        return complete.make_app(key=self.key, users=self.users)

    def logout(self) -> web.Application:
        return logout.make_app(key=self.key, users=self.users, store="memory:")


@contextlib.asynccontextmanager
async def running(app: web.Application) -> AsyncIterator[str]:
    """The address of an application that runs on the loop of the test."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def instead(
    when: Callable[[web.Request], Any], answer: Callable[..., Any], base: str = "complete"
) -> Callable[[Lab], web.Application]:
    """A server that gives another answer, and only there where `when(request)` says so."""

    @web.middleware
    async def hole(request: web.Request, handler: Any) -> web.StreamResponse:
        return await answer(request, handler) if when(request) else await handler(request)

    def build(lab: Lab) -> web.Application:
        app = getattr(lab, base)()
        app.middlewares.insert(0, hole)
        return app

    return build


def patched(
    module: Any, name: str, value: Any, base: str = "complete"
) -> Callable[[Lab], web.Application]:
    def build(lab: Lab) -> web.Application:
        lab.patch(module, name, value)
        return getattr(lab, base)()

    return build


def answers(status: int, body: Any = None, **headers: str) -> Callable[..., Any]:
    async def answer(request: web.Request, handler: Any) -> web.Response:
        return web.json_response(
            body or {"message": "fixed"},
            status=status,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    return answer


def afterwards(change: Callable[[web.Response], Any]) -> Callable[..., Any]:
    """The right answer, changed on its way out."""

    async def answer(request: web.Request, handler: Any) -> web.Response:
        response = await handler(request)
        return change(response) or response

    return answer


def crash(*arguments: Any) -> Any:
    raise RuntimeError("a hole in a test")


async def crashes(request: web.Request, handler: Any) -> web.Response:
    return crash()


def authorization(request: web.Request) -> str:
    return request.headers.get("Authorization", "")


def token_of(request: web.Request) -> Token | None:
    try:
        return Token.parse(authorization(request)[7:])
    except TokenError:
        return None


def at(path: str, method: str = "GET") -> Callable[[web.Request], bool]:
    return lambda request: request.path == path and request.method == method


def bare(request: web.Request) -> bool:
    return (
        request.path == "/get-user"
        and request.method == "GET"
        and "Authorization" not in request.headers
        and not request.query
    )


def basic(request: web.Request) -> bool:
    return (
        authorization(request).startswith("Basic")
        and len(request.headers.getall("Authorization")) == 1
    )


def malformed(request: web.Request) -> bool:
    """A text that is no token, of those that `not-a-token` sends."""
    return authorization(request) in ("Bearer abc", "Bearer a.b.c")


def expired(request: web.Request) -> bool:
    token = token_of(request)
    exp = token.claims.get("exp") if token and token.claims else None
    return (
        is_numeric_date(exp)
        and isinstance(exp, int | float)
        and 1_000_000_000 < exp < time.time() - 60
    )


def logged_in(request: web.Request) -> bool:
    return at("/login", "POST")(request)
