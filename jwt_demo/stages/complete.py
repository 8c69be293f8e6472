"""The complete server: what a careful engineer would ship, in one file that takes a few minutes to read.

One key and one algorithm. A token says who issued it, for whom, of what kind and for how long, and the server checks all of that.
Login attempts are limited. No response and no log line repeats a token, also where aiohttp itself rejects a request (`parts.application`).
Left out on purpose: logout and refresh (stage `logout`), keys that several services share (stage `keys`), and TLS, which belongs in
front of it. What a proxy in front has to limit is in docs/servers.md.

`gunicorn jwt_demo.stages.complete:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import time
from typing import Any

import jwt
from aiohttp import web
from aiohttp.typedefs import Handler

from ..tokens.anatomy import Token, TokenError
from ..tokens.claims import is_numeric_date
from .decorator import admin, get_user, hello
from .login import USERS
from .middleware import Authenticated, authentication, invalid_token
from .parts.application import new_application
from .parts.client_address import client_address
from .parts.log_limit import OncePerSecond
from .parts.login_limit import LoginLimit
from .parts.redis_users import RedisUsers
from .parts.request_body import read_fields
from .parts.responses import challenge, try_later
from .parts.settings import Settings, sqlite_path
from .parts.sqlite_users import SQLiteUsers
from .parts.stores import StoreUnavailable, open_store
from .parts.users import User, Users, nobodys_hash

ALGORITHM = "HS256"
TYPE = "at+jwt"  # an access token and nothing else (RFC 9068 §2.1); an ID or refresh token of the same issuer is rejected
REQUIRED = ("iss", "aud", "sub", "iat", "exp", "jti")
LONGEST_TOKEN = 4096  # characters; ours have about 400

SETTINGS = web.AppKey("SETTINGS", Settings)
LOGIN_LIMIT = web.AppKey("LOGIN_LIMIT", LoginLimit)
LOG = logging.getLogger("jwt_demo.stages.complete")
LOG.addFilter(OncePerSecond())


async def login(request: web.Request) -> web.Response:
    email, password = await read_fields(request, "email", "password")
    settings, limit = request.app[SETTINGS], request.app[LOGIN_LIMIT]
    address = client_address(request, proxies=settings.proxies)
    await limit.take(email, address)
    user = await request.app[USERS].authenticate(email, password)
    if user is None:
        return challenge(401, "Wrong e-mail or password")

    await limit.give_back(email, address)
    token = issue(user, settings, now=time.time())
    return web.json_response(
        {"token": token, "token_type": "Bearer", "expires_in": settings.lifetime}
    )


def issue(user: User, settings: Settings, *, now: float) -> str:
    """An access token for `user`, good from `now` (seconds since 1970 UTC) for the lifetime of the settings."""
    claims = {
        "iss": settings.issuer,
        "aud": settings.audience,
        "sub": str(user.id),
        "scope": " ".join(sorted(user.scopes)),
        "iat": int(now),
        "exp": int(now) + settings.lifetime,
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode(claims, settings.key, algorithm=ALGORITHM, headers={"typ": TYPE})


async def authenticate(request: web.Request, token: str) -> Authenticated | web.Response:
    try:
        claims = verify(token, request.app[SETTINGS])
    except jwt.InvalidTokenError:
        return invalid_token()
    user = await request.app[USERS].by_id(claims["sub"])
    return invalid_token() if user is None else Authenticated(user, claims)


def verify(token: str, settings: Settings) -> dict[str, Any]:
    """The claims of a token that is ours, whole, of the right kind and in time; jwt.InvalidTokenError for any other."""
    if len(token) > LONGEST_TOKEN:
        raise jwt.DecodeError("longer than any of ours")
    try:
        # One spelling, UTF-8 and no other encoding, each name once: what PyJWT leaves open (RFC 8725 §3.7, RFC 7519 §4).
        Token.parse(token)
    except TokenError as error:
        raise jwt.DecodeError("not the compact form") from error
    parts = VERIFIER.decode_complete(
        token,
        settings.key,
        algorithms=[ALGORITHM],
        issuer=settings.issuer,
        audience=settings.audience,
        leeway=settings.leeway,
    )
    if str(parts["header"].get("typ", "")).lower().removeprefix("application/") != TYPE:
        raise jwt.InvalidTokenError("not an access token")

    claims: dict[str, Any] = parts["payload"]
    # PyJWT reads "1700000000" and true as numbers.
    if not all(is_numeric_date(claims[name]) for name in ("exp", "nbf", "iat") if name in claims):
        raise jwt.InvalidTokenError("a time that is not a number")
    if not 0 < claims["exp"] - claims["iat"] <= settings.lifetime:
        raise jwt.InvalidTokenError("made to live longer than we let any token live")
    return claims


VERIFIER = jwt.PyJWT(
    options={"require": list(REQUIRED), "enforce_minimum_key_length": True, "strict_aud": True}
)


@web.middleware
async def fixed_responses(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What aiohttp rejects (404, 405, 413 …) gets our words; nothing between server and client may keep a response."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = in_our_words(error)
    except StoreUnavailable as error:
        LOG.error("A request was rejected, the store is away: %s", error)
        response = in_our_words(try_later("The store is away, try again later", seconds=5))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def in_our_words(error: web.HTTPException) -> web.Response:
    """An aiohttp error as a response; what was JSON before stays as it is."""
    ours = error.content_type == "application/json"
    headers = {
        name: error.headers[name] for name in ("Allow", "Retry-After") if name in error.headers
    }
    text = error.text if ours else json.dumps({"message": error.reason})
    return web.Response(
        text=text, status=error.status, headers=headers, content_type="application/json"
    )


def make_app(
    *, settings: Settings | None = None, key: str | None = None, users: Users | None = None
) -> web.Application:
    """The application; what is not given here comes from the environment when it starts (see `Settings.from_environment`)."""
    app = new_application(middlewares=[fixed_responses, authentication(authenticate)])
    if settings is not None:
        app[SETTINGS] = settings
    if users is not None:
        app[USERS] = users

    async def prepare(app: web.Application) -> None:
        if SETTINGS not in app:
            app[SETTINGS] = Settings.from_environment(
                {**os.environ, "JWT_SECRET": key} if key is not None else os.environ
            )
        if LOGIN_LIMIT not in app:
            store = open_store(app[SETTINGS].store)
            await store.open()
            app[LOGIN_LIMIT] = LoginLimit(store)
        if USERS not in app:
            app[USERS] = await open_users(app[SETTINGS].store)
        await nobodys_hash()  # now, or the first unknown e-mail would take longer than the next

    async def close(app: web.Application) -> None:
        if LOGIN_LIMIT in app:
            await app[LOGIN_LIMIT].store.close()
        if USERS in app:
            await app[USERS].close()

    app.on_startup.append(prepare)
    app.on_cleanup.append(close)
    app.router.add_post("/login", login)
    app.router.add_get("/", hello)
    app.router.add_get("/get-user", get_user)
    app.router.add_get("/admin", admin)
    return app


async def open_users(store: str) -> Users:
    """The users of a store, with the article's one among them."""
    users = users_at(store)
    await users.open()
    try:
        if await users.by_email("user@email.com") is None:
            await users.create("user@email.com", "password")
    except ValueError:
        pass  # another worker created it a moment ago
    except StoreUnavailable as error:
        LOG.error("The server starts while its store is away: %s", error)
    return users


def users_at(store: str) -> Users:
    if sqlite_path(store):
        return SQLiteUsers(sqlite_path(store))
    return RedisUsers(store) if store.startswith(("redis:", "rediss:")) else Users()


app = make_app()
