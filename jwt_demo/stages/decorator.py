"""Step 4: may they? A decorator lets a handler say that it needs a user, or a user with a scope.

`gunicorn jwt_demo.stages.decorator:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import functools

from aiohttp import web

from . import login
from .middleware import CLAIMS, PRINCIPAL, auth_middleware
from .parts.responses import challenge


def login_required(handler=None, *, scope=None):
    if handler is None:
        return functools.partial(login_required, scope=scope)

    @functools.wraps(handler)
    async def wrapper(request):
        if request[PRINCIPAL] is None:
            return challenge(401, "Log in first")
        if scope is not None and scope not in granted(request):
            return challenge(
                403, "This token does not reach that far", error="insufficient_scope", scope=scope
            )
        return await handler(request)

    return wrapper


def granted(request):
    """What the token was issued for and its user may still do; a right taken away yesterday is not in an old token today."""
    scope = request[CLAIMS].get("scope")
    return request[PRINCIPAL].scopes.intersection(scope.split() if isinstance(scope, str) else ())


@login_required
async def get_user(request):
    return web.json_response({"user": str(request[PRINCIPAL])})


@login_required(scope="admin")
async def admin(request):
    return web.json_response({"admin": request[PRINCIPAL].email})


async def hello(request):
    user = request[PRINCIPAL]
    return web.json_response({"hello": user.email if user else "stranger"})


def make_app(*, auth=auth_middleware, **settings) -> web.Application:
    """The application of step 3 with every route saying what it needs; `auth` is the middleware that finds the user."""
    app = login.make_app(**settings)
    app.middlewares.append(auth)
    app.router.add_get("/", hello)
    app.router.add_get("/get-user", get_user)
    app.router.add_get("/admin", admin)
    return app


app = make_app()
