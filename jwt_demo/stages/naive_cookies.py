"""Step 8 as many tutorials leave it, to be attacked: the token where script reads it, a cookie that is believed alone. Do not copy."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import jwt
from aiohttp import web
from aiohttp.typedefs import Handler

from . import decorator, middleware
from .cookies import TRANSFERS, transfer
from .login import ALGORITHM, KEY, USERS, claims_for
from .parts.message_board import add_board
from .parts.request_body import read_fields
from .parts.responses import challenge

COOKIE = "token"


async def start_session(request: web.Request) -> web.Response:
    email, password = await read_fields(request, "email", "password")
    user = await request.app[USERS].authenticate(email, password)
    if user is None:
        return challenge(401, "Wrong e-mail or password")
    token = jwt.encode(
        claims_for(user, now=datetime.now(timezone.utc)), request.app[KEY], algorithm=ALGORITHM
    )
    response = web.json_response({"user": str(user)})
    response.set_cookie(COOKIE, token)
    return response


@web.middleware
async def auth_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    if COOKIE in request.cookies and "Authorization" not in request.headers:
        request = request.clone(
            headers={**request.headers, "Authorization": f"Bearer {request.cookies[COOKIE]}"}
        )
    return await middleware.auth_middleware(request, handler)


def make_app(**settings: Any) -> web.Application:
    """The same routes as `cookies`, with nothing in an attacker's way."""
    app = decorator.make_app(auth=auth_middleware, **settings)
    app[TRANSFERS] = []
    app.router.add_post("/session", start_session)
    app.router.add_post("/transfer", transfer)
    add_board(app, escaped=False)
    return app


app = make_app()
