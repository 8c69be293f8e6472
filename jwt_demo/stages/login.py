"""Step 2: credentials in, token out.

`gunicorn jwt_demo.stages.login:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
from aiohttp import web
from aiohttp.typedefs import Handler

from .parts.application import new_application
from .parts.request_body import read_fields
from .parts.responses import challenge
from .parts.secret_key import key_from, long_enough
from .parts.users import User, Users

ALGORITHM = "HS256"
LIFETIME = timedelta(minutes=5)

KEY = web.AppKey("KEY", str)
USERS = web.AppKey("USERS", Users)


async def login(request: web.Request) -> web.Response:
    email, password = await read_fields(request, "email", "password")
    user = await request.app[USERS].authenticate(email, password)
    if user is None:
        return challenge(401, "Wrong e-mail or password")
    claims = claims_for(user, now=datetime.now(timezone.utc))
    token = jwt.encode(claims, request.app[KEY], algorithm=ALGORITHM)
    return web.json_response({"token": token}, headers={"Cache-Control": "no-store"})


def claims_for(user: User, *, now: datetime) -> dict[str, Any]:
    return {
        "sub": str(user.id),
        "scope": " ".join(sorted(user.scopes)),
        "iat": now,
        "exp": now + LIFETIME,
    }


def make_app(
    *, key: str | None = None, users: Users | None = None, login: Handler = login
) -> web.Application:
    """The application; without `key` it asks JWT_SECRET when it starts, without `users` it knows the article's one.

    A later step that hands out tokens its own way gives its own `login`.
    """
    app = new_application()
    if key is not None:
        app[KEY] = long_enough(key)
    if users is not None:
        app[USERS] = users
    app.on_startup.append(prepare)
    app.router.add_post("/login", login)
    return app


async def prepare(app: web.Application) -> None:
    if KEY not in app:
        app[KEY] = key_from(os.environ)
    if USERS not in app:
        app[USERS] = await demo_users()


async def demo_users() -> Users:
    """The user of the article."""
    users = Users()
    await users.create("user@email.com", "password")
    return users


app = make_app()
