"""Step 8: a token in a header or in a cookie. What script may read can be stolen; what the browser sends by itself can be sent for someone else.

`gunicorn jwt_demo.stages.cookies:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timezone

import jwt
from aiohttp import web

from ..tokens.anatomy import Token, TokenError
from . import decorator, middleware
from .decorator import login_required
from .login import ALGORITHM, KEY, LIFETIME, USERS, claims_for
from .middleware import CLAIMS, PRINCIPAL, VERIFIER, bearer_token, check_times, invalid_token
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
TRANSFERS = web.AppKey("TRANSFERS", list)


async def start_session(request):
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


async def end_session(request):
    response = web.Response(status=204)
    forget_cookies(response)
    return response


def set_cookie(response, name, value, *, httponly, max_age=LASTS):
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=True, httponly=httponly, samesite="Lax"
    )


def forget_cookies(response):
    set_cookie(response, COOKIE, "", httponly=True, max_age=0)
    set_cookie(response, CSRF_COOKIE, "", httponly=False, max_age=0)


def csrf_token(key, claims):
    """A second proof, bound to one session: script of our own pages can read it and send it back, a page from elsewhere can do neither."""
    return hmac.new(
        key.encode(), b"csrf " + claims["jti"].encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()


@web.middleware
async def auth_middleware(request, handler):
    request[PRINCIPAL], request[CLAIMS], request[BY_COOKIE] = None, {}, False
    if credentials_in(request) > 1:
        return challenge(400, "More than one way to send a token was used", error="invalid_request")
    token = bearer_token(request.headers.get("Authorization", ""))
    if token is None and COOKIE in request.cookies:
        token, request[BY_COOKIE] = request.cookies[COOKIE], True
    if token is None:
        return await handler(request)

    claims = verified(token, request.app[KEY])
    user = await request.app[USERS].by_id(claims["sub"]) if claims else None
    if user is None or (request[BY_COOKIE] and "jti" not in claims):
        response = invalid_token()
        if request[BY_COOKIE]:
            forget_cookies(
                response
            )  # or the browser would send it again with the next login, and that would be refused as well
        return response

    request[PRINCIPAL], request[CLAIMS] = user, claims
    return await handler(request)


def credentials_in(request):
    cookies = "; ".join(request.headers.getall("Cookie", [])).split(";")
    return middleware.credentials_in(request) + sum(
        cookie.strip().startswith(f"{COOKIE}=") for cookie in cookies
    )


def verified(token, key):
    try:
        Token.parse(token)
        return check_times(VERIFIER.decode(token, key, algorithms=[ALGORITHM]))
    except (jwt.InvalidTokenError, TokenError):
        return None


@web.middleware
async def csrf_middleware(request, handler):
    if request.method in SAFE_METHODS:
        return await handler(request)

    origin = request.headers.get("Origin")
    if origin != own_origin(request) and (origin is not None or request[BY_COOKIE]):
        return forbidden("This request comes from another site")
    if request[BY_COOKIE]:
        proof = csrf_token(request.app[KEY], request[CLAIMS])
        if not hmac.compare_digest(
            request.headers.get(CSRF_HEADER, "").encode("utf-8", "surrogateescape"), proof.encode()
        ):
            return forbidden(
                f"The cookie came alone. Send what {CSRF_COOKIE} holds in the header {CSRF_HEADER} too"
            )
    return await handler(request)


def own_origin(request):
    return request.app.get(ORIGIN) or f"{request.scheme}://{request.host}"


def forbidden(message):
    return web.json_response({"message": message}, status=403)


@login_required
async def transfer(request):
    to, amount = await read_fields(request, "to", "amount")
    request.app[TRANSFERS].append({"from": request[PRINCIPAL].email, "to": to, "amount": amount})
    return web.json_response(request.app[TRANSFERS][-1], status=201)


def make_app(*, origin: str | None = None, **settings) -> web.Application:
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
