"""Step 8: a token in a header or in a cookie. Script can steal what it can read; what the browser sends by itself, another site can make it send.

`gunicorn jwt_demo.stages.cookies:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timezone
from typing import Any

import jwt
from aiohttp import web
from aiohttp.typedefs import Handler

from ..tokens.anatomy import Token, TokenError
from . import decorator, middleware
from .decorator import login_required
from .login import ALGORITHM, KEY, LIFETIME, USERS, claims_for
from .middleware import (
    CLAIMS,
    PRINCIPAL,
    VERIFIER,
    Authenticated,
    Claims,
    authentication,
    check_times,
    invalid_token,
    token_in_header,
)
from .parts.cookie_header import cookie_values
from .parts.message_board import add_board
from .parts.request_body import read_fields
from .parts.responses import challenge

# `__Host-`: browsers take a cookie of this name only over a safe connection, for this host alone, for all its paths (RFC 6265bis §4.1.3.2).
COOKIE, CSRF_COOKIE = "__Host-token", "__Host-csrf"
CSRF_HEADER = "X-CSRF-Token"
LASTS = int(LIFETIME.total_seconds())
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

BY_COOKIE = web.RequestKey("BY_COOKIE", bool)
ORIGIN = web.AppKey("ORIGIN", str)
TRANSFERS: web.AppKey[list[dict[str, str]]] = web.AppKey("TRANSFERS", list)
MOST_TRANSFERS = 1000  # kept; this is a demonstration, and no bank


async def start_session(request: web.Request) -> web.Response:
    email, password = await read_fields(request, "email", "password")
    user = await request.app[USERS].authenticate(email, password)
    if user is None:
        return challenge(401, "Wrong e-mail or password")

    claims = claims_for(user, now=datetime.now(timezone.utc)) | {"jti": secrets.token_urlsafe(16)}
    token = jwt.encode(claims, request.app[KEY], algorithm=ALGORITHM)
    response = web.json_response({"user": str(user)}, headers={"Cache-Control": "no-store"})
    set_cookie(response, COOKIE, token, httponly=True)
    set_cookie(response, CSRF_COOKIE, csrf_token(request.app[KEY], claims), httponly=False)
    return response


async def end_session(request: web.Request) -> web.Response:
    response = web.Response(status=204)
    forget_cookies(response)
    return response


def set_cookie(
    response: web.Response, name: str, value: str, *, httponly: bool, max_age: int = LASTS
) -> None:
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=True, httponly=httponly, samesite="Lax"
    )


def forget_cookies(response: web.Response) -> None:
    set_cookie(response, COOKIE, "", httponly=True, max_age=0)
    set_cookie(response, CSRF_COOKIE, "", httponly=False, max_age=0)


def csrf_token(key: str, claims: Claims) -> str:
    """A second proof, bound to one session: script of our own pages can read it and send it back, a page of another host cannot read it."""
    return hmac.new(
        key.encode(), b"csrf " + claims["jti"].encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()


async def authenticate(request: web.Request, token: str) -> Authenticated | web.Response:
    """As in step 3; a cookie that is rejected is deleted, or the browser would send it again with the next login."""
    by_cookie = request[BY_COOKIE]
    claims = verified(token, request.app[KEY])
    user = await request.app[USERS].by_id(claims["sub"]) if claims else None
    if claims is None or user is None or (by_cookie and "jti" not in claims):
        response = invalid_token()
        if by_cookie:
            forget_cookies(response)
        return response
    return Authenticated(user, claims)


def token_in_request(request: web.Request) -> str | None:
    in_header, in_cookies = token_in_header(request), cookie_values(request, COOKIE)
    request[BY_COOKIE] = in_header is None and bool(in_cookies)
    return in_cookies[0] if request[BY_COOKIE] else in_header


def credentials_in(request: web.Request) -> int:
    return middleware.credentials_in(request) + len(cookie_values(request, COOKIE))


auth_middleware = authentication(authenticate, count=credentials_in, find=token_in_request)


def verified(token: str, key: str) -> Claims | None:
    try:
        Token.parse(token)
        return check_times(VERIFIER.decode(token, key, algorithms=[ALGORITHM]))
    except (jwt.InvalidTokenError, TokenError):
        return None


@web.middleware
async def csrf_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method in SAFE_METHODS:
        return await handler(request)

    origin = request.headers.get("Origin")
    if origin != own_origin(request) and (origin is not None or request[BY_COOKIE]):
        return forbidden("The Origin of this request is not this server")
    if request[BY_COOKIE]:
        proof = csrf_token(request.app[KEY], request[CLAIMS])
        sent = request.headers.get(CSRF_HEADER, "").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(sent, proof.encode()):
            return forbidden(f"Send {CSRF_COOKIE} in the header {CSRF_HEADER} too")
    return await handler(request)


def own_origin(request: web.Request) -> str:
    return request.app.get(ORIGIN) or f"{request.scheme}://{request.host}"


def forbidden(message: str) -> web.Response:
    return web.json_response({"message": message}, status=403)


@login_required
async def transfer(request: web.Request) -> web.Response:
    to, amount = await read_fields(request, "to", "amount")
    del request.app[TRANSFERS][: -MOST_TRANSFERS + 1]
    request.app[TRANSFERS].append({"from": request[PRINCIPAL].email, "to": to, "amount": amount})
    return web.json_response(request.app[TRANSFERS][-1], status=201)


def make_app(*, origin: str | None = None, **settings: Any) -> web.Application:
    """The application of step 4 that takes its token from a header or a cookie; behind a proxy, `origin` says what browsers call it."""
    app = decorator.make_app(auth=auth_middleware, **settings)
    app.middlewares.append(csrf_middleware)
    if origin:
        app[ORIGIN] = origin
    app[TRANSFERS] = []
    app.router.add_post("/session", start_session)
    app.router.add_delete("/session", end_session)
    app.router.add_post("/transfer", transfer)
    add_board(app, escaped=True)
    return app


app = make_app()
