"""The whole of it: the server a careful engineer would ship, read in one sitting.

One key and one algorithm; a token says who made it, for whom, of what kind and for how long, and all of that is asked for.
Left out on purpose: logout and refresh (stage `logout`), keys that several services share (stage `keys`), a limit on login
attempts, and TLS, which belongs in front of it.

`gunicorn jwt_demo.stages.complete:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import json
import os
import secrets
import time
from typing import Any

import jwt
from aiohttp import web

from ..tokens.anatomy import Token, TokenError
from ..tokens.claims import is_numeric_date
from .decorator import admin, get_user, hello
from .login import USERS
from .middleware import CLAIMS, PRINCIPAL, bearer_token, credentials_in, invalid_token
from .parts.request_body import read_fields
from .parts.responses import challenge
from .parts.settings import Settings, sqlite_path
from .parts.sqlite_users import SQLiteUsers
from .parts.users import User, Users, nobodys_hash

ALGORITHM = "HS256"
TYPE = "at+jwt"  # an access token and nothing else (RFC 9068 §2.1); an ID or refresh token of the same issuer is refused
REQUIRED = ("iss", "aud", "sub", "iat", "exp", "jti")
LONGEST_TOKEN = 4096  # characters; ours have about 400

SETTINGS = web.AppKey("SETTINGS", Settings)


async def login(request: web.Request) -> web.Response:
    email, password = await read_fields(request, "email", "password")
    user = await request.app[USERS].authenticate(email, password)
    if user is None:
        return challenge(401, "Wrong e-mail or password")
    settings = request.app[SETTINGS]
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


@web.middleware
async def auth_middleware(request: web.Request, handler: Any) -> web.StreamResponse:
    request[PRINCIPAL], request[CLAIMS] = None, {}
    if credentials_in(request) > 1:
        return challenge(400, "More than one way to send a token was used", error="invalid_request")
    token = bearer_token(request.headers.get("Authorization", ""))
    if token is None:
        return await handler(request)

    try:
        claims = verify(token, request.app[SETTINGS])
    except jwt.InvalidTokenError:
        return invalid_token()
    user = await request.app[USERS].by_id(claims["sub"])
    if user is None:
        return invalid_token()

    request[PRINCIPAL], request[CLAIMS] = user, claims
    return await handler(request)


def verify(token: str, settings: Settings) -> dict[str, Any]:
    """The claims of a token that is ours, whole, of the right kind and in time; jwt.InvalidTokenError for any other."""
    if len(token) > LONGEST_TOKEN:
        raise jwt.DecodeError("longer than any of ours")
    try:
        Token.parse(
            token
        )  # one spelling, UTF-8 and no other encoding, each name once: what PyJWT leaves open (RFC 8725 §3.7, RFC 7519 §4)
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

    claims = parts["payload"]
    if not all(is_numeric_date(claims[name]) for name in ("exp", "nbf", "iat") if name in claims):
        raise jwt.InvalidTokenError(
            "a time that is no number"
        )  # PyJWT reads "1700000000" and true as numbers
    if not 0 < claims["exp"] - claims["iat"] <= settings.lifetime:
        raise jwt.InvalidTokenError("made to live longer than we let any token live")
    return claims


VERIFIER = jwt.PyJWT(
    options={"require": list(REQUIRED), "enforce_minimum_key_length": True, "strict_aud": True}
)


@web.middleware
async def fixed_answers(request: web.Request, handler: Any) -> web.StreamResponse:
    """What the framework refuses (404, 405, 413 …) is refused in our words, and no answer is kept by anything on its way."""
    try:
        response = await handler(request)
    except web.HTTPException as refusal:
        response = in_our_words(refusal)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def in_our_words(refusal: web.HTTPException) -> web.Response:
    """A refusal as a response; what was JSON before stays as it is."""
    ours = refusal.content_type == "application/json"
    headers = {"Allow": refusal.headers["Allow"]} if "Allow" in refusal.headers else None
    text = refusal.text if ours else json.dumps({"message": refusal.reason})
    return web.Response(
        text=text, status=refusal.status, headers=headers, content_type="application/json"
    )


def make_app(
    *, settings: Settings | None = None, key: str | None = None, users: Users | None = None
) -> web.Application:
    """The application; what is not given here comes from the environment when it starts (see `Settings.from_environment`)."""
    # A header longer than these 64 KiB is answered by aiohttp alone, which repeats the first hundred bytes of it to
    # whoever sent it, and to its log. No public hook reaches that answer; below the limit, every answer is ours.
    limits = {"max_field_size": 64 * 1024, "max_line_size": 64 * 1024}
    app = web.Application(
        client_max_size=16 * 1024, handler_args=limits, middlewares=[fixed_answers, auth_middleware]
    )
    if settings is not None:
        app[SETTINGS] = settings
    if users is not None:
        app[USERS] = users

    async def prepare(app: web.Application) -> None:
        if SETTINGS not in app:
            app[SETTINGS] = Settings.from_environment(
                {**os.environ, "JWT_SECRET": key} if key else os.environ
            )
        if USERS not in app:
            app[USERS] = await open_store(app[SETTINGS].store)
        await nobodys_hash()  # now, or the first unknown e-mail would take longer than the next

    app.on_startup.append(prepare)
    app.router.add_post("/login", login)
    app.router.add_get("/", hello)
    app.router.add_get("/get-user", get_user)
    app.router.add_get("/admin", admin)
    return app


async def open_store(store: str) -> Users:
    """The users of a store, with the article's one among them."""
    users = SQLiteUsers(sqlite_path(store)) if sqlite_path(store) else Users()
    if await users.by_email("user@email.com") is None:
        await users.create("user@email.com", "password")
    return users


app = make_app()
