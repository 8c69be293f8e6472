"""Step 7: how does a token end before it expires? Short access tokens, refresh tokens that rotate, and a store that remembers.

`JWT_SECRET=… gunicorn jwt_demo.stages.logout:app --workers 2 --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker`
`JWT_DEMO_STORE` says where the state is: `sqlite:///file.sqlite` (the default), `redis://127.0.0.1:6379/0` or `memory:`.
"""

from __future__ import annotations

import logging
import os
import secrets
import time
from typing import Any

import jwt
from aiohttp import web
from aiohttp.typedefs import Handler

from . import decorator
from .decorator import login_required
from .login import ALGORITHM, KEY, LIFETIME, USERS
from .middleware import CLAIMS, PRINCIPAL, Claims, bearer_token, invalid_token
from .parts.log_limit import OncePerSecond
from .parts.request_body import read_fields
from .parts.responses import bad_request, challenge, try_later
from .parts.stored_users import StoredUsers
from .parts.stores import DEFAULT, Store, StoreUnavailable, open_store
from .parts.token_types import ACCESS, LONGEST, REFRESH, verified
from .parts.users import User, hash_password

STORE: web.AppKey[Store] = web.AppKey("STORE")
LOG = logging.getLogger("jwt_demo.stages.logout")
LOG.addFilter(OncePerSecond())


async def login(request: web.Request) -> web.Response:
    email, password = await read_fields(request, "email", "password")
    user = await request.app[USERS].authenticate(email, password)
    if user is None:
        return challenge(401, "Wrong e-mail or password")

    family, jti, ends = new_id(), new_id(), int(time.time() + LONGEST[REFRESH].total_seconds())
    await request.app[STORE].start_family(family, jti, until=ends)
    return token_pair(
        request,
        user,
        {"sub": str(user.id), "sid": family, "jti": jti, "epoch": user.epoch, "exp": ends},
    )


async def refresh(request: web.Request) -> web.Response:
    (token,) = await read_fields(request, "refresh_token")
    claims = verified(token, request.app[KEY], typ=REFRESH)
    if claims is None:
        return invalid_token()
    user = await request.app[USERS].by_id(claims["sub"])
    if user is None or user.epoch != claims["epoch"]:
        return invalid_token()

    jti = new_id()
    if not await request.app[STORE].rotate(claims["sid"], claims["jti"], jti):
        LOG.warning("A refresh token of user %s is not the current one", user.id)
        return invalid_token()
    return token_pair(request, user, {**claims, "jti": jti})


@login_required
async def logout(request: web.Request) -> web.Response:
    claims, store = request[CLAIMS], request.app[STORE]
    await store.end_family(claims["sid"])
    await store.deny(claims["jti"], until=claims["exp"])
    return web.Response(status=204)


@login_required
async def logout_everywhere(request: web.Request) -> web.Response:
    await request.app[STORE].change_account(request[CLAIMS]["sub"])
    return web.Response(status=204)


@login_required
async def change_password(request: web.Request) -> web.Response:
    password, new_password = await read_fields(request, "password", "new_password")
    if len(new_password) < 8:
        raise bad_request("The field new_password has fewer than 8 characters")
    if await request.app[USERS].authenticate(request[PRINCIPAL].email, password) is None:
        return challenge(403, "The field password is not the present password")

    await request.app[STORE].change_account(
        request[CLAIMS]["sub"], password_hash=await hash_password(new_password)
    )
    return web.Response(status=204)


@web.middleware
async def revocation_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    user = request[PRINCIPAL]
    if user is None:
        return await handler(request)

    token = bearer_token(request.headers["Authorization"])
    claims = verified(token, request.app[KEY], typ=ACCESS)
    if (
        claims is None
        or user.epoch != claims["epoch"]
        or await request.app[STORE].denied(claims["jti"], claims["sid"])
    ):
        return invalid_token()
    return await handler(request)


@web.middleware
async def store_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except StoreUnavailable as error:
        LOG.error("A request was rejected, the store is away: %s", error)
        raise try_later("Tokens cannot be checked now, try again later", seconds=5) from None


def token_pair(request: web.Request, user: User, claims: Claims) -> web.Response:
    """A refresh token with these claims, and an access token that does not expire later."""
    now = int(time.time())
    expires_in = min(int(LIFETIME.total_seconds()), claims["exp"] - now)
    access = {
        **claims,
        "jti": new_id(),
        "scope": " ".join(sorted(user.scopes)),
        "iat": now,
        "exp": now + expires_in,
    }
    token = jwt.encode(access, request.app[KEY], algorithm=ALGORITHM, headers={"typ": ACCESS})
    refresh_token = jwt.encode(
        {**claims, "iat": now}, request.app[KEY], algorithm=ALGORITHM, headers={"typ": REFRESH}
    )
    return web.json_response(
        {"token": token, "refresh_token": refresh_token, "expires_in": expires_in},
        headers={"Cache-Control": "no-store"},
    )


def new_id() -> str:
    return secrets.token_urlsafe(16)


def make_app(*, store: Store | str | None = None, **settings: Any) -> web.Application:
    """The application of step 4 with refresh and logout; without `store` it asks JWT_DEMO_STORE when it starts."""
    app = decorator.make_app(login=login, **settings)
    app.middlewares.insert(0, store_middleware)
    app.middlewares.append(revocation_middleware)
    app.on_startup.append(lambda app: prepare(app, store))
    app.on_cleanup.append(lambda app: app[STORE].close())
    app.router.add_post("/refresh", refresh)
    app.router.add_post("/logout", logout)
    app.router.add_post("/logout-everywhere", logout_everywhere)
    app.router.add_post("/password", change_password)
    return app


async def prepare(app: web.Application, store: Store | str | None) -> None:
    if STORE not in app:
        address = store or os.environ.get("JWT_DEMO_STORE", DEFAULT)
        store = open_store(address) if isinstance(address, str) else address
        await store.open()
        app[STORE] = store
        app[USERS] = StoredUsers(app[USERS], app[STORE])


app = make_app()
