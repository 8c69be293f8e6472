"""Step 4: may they? A decorator lets a handler say that it needs a user, or a user with a scope.

`gunicorn jwt_demo.stages.decorator:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, overload

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from . import login
from .middleware import CLAIMS, PRINCIPAL, auth_middleware
from .parts.responses import challenge


@overload
def login_required(handler: Handler) -> Handler: ...
@overload
def login_required(*, scope: str) -> Callable[[Handler], Handler]: ...
def login_required(handler: Handler | None = None, *, scope: str | None = None) -> Any:
    if handler is None:
        return functools.partial(login_required, scope=scope)

    @functools.wraps(handler)
    async def wrapper(request: web.Request) -> web.StreamResponse:
        if request[PRINCIPAL] is None:
            return challenge(401, "Log in first")
        if scope is not None and scope not in granted(request):
            message = "A scope that is needed here is not granted"
            return challenge(403, message, error="insufficient_scope", scope=scope)
        return await handler(request)

    return wrapper


def granted(request: web.Request) -> frozenset[str]:
    """What the token was issued for and its user may still do; a right taken away yesterday is not in an old token today."""
    scope = request[CLAIMS].get("scope")
    in_token = scope.split(" ") if isinstance(scope, str) else []
    return frozenset(in_token).intersection(request[PRINCIPAL].scopes)


@login_required
async def get_user(request: web.Request) -> web.Response:
    return web.json_response({"user": str(request[PRINCIPAL])})


@login_required(scope="admin")
async def admin(request: web.Request) -> web.Response:
    return web.json_response({"admin": request[PRINCIPAL].email})


async def hello(request: web.Request) -> web.Response:
    user = request[PRINCIPAL]
    return web.json_response({"hello": user.email if user else "stranger"})


def make_app(*, auth: Middleware = auth_middleware, **settings: Any) -> web.Application:
    """The application of step 3 with every route saying what it needs; `auth` is the middleware that finds the user."""
    app = login.make_app(**settings)
    app.middlewares.append(auth)
    app.router.add_get("/", hello)
    app.router.add_get("/get-user", get_user)
    app.router.add_get("/admin", admin)
    return app


app = make_app()
