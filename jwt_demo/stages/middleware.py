"""Step 3: who is asking? A middleware verifies the token and finds the user before any handler runs.

`gunicorn jwt_demo.stages.middleware:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, NamedTuple

import jwt
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ..tokens.anatomy import Token, TokenError
from ..tokens.claims import is_numeric_date
from . import login
from .login import ALGORITHM, KEY, USERS
from .parts.responses import challenge

Claims = dict[str, Any]  # what JSON can hold

# A User, the Subject that `resource` makes of a token, or None: each handler knows which of them it needs.
PRINCIPAL: web.RequestKey[Any] = web.RequestKey("PRINCIPAL", object)
CLAIMS: web.RequestKey[Claims] = web.RequestKey("CLAIMS", dict)

LONGEST_LIFETIME = timedelta(days=1)

VERIFIER = jwt.PyJWT(options={"require": ["exp", "sub"], "enforce_minimum_key_length": True})


class Authenticated(NamedTuple):
    """Whose request it is, and what their token says."""

    principal: object
    claims: Claims


def bearer_token(authorization: str) -> str | None:
    scheme, _, token = authorization.partition(" ")
    return token.strip(" ") if scheme.lower() == "bearer" else None


def token_in_header(request: web.Request) -> str | None:
    return bearer_token(request.headers.get("Authorization", ""))


def credentials_in(request: web.Request) -> int:
    """How many credentials a request carries (RFC 6750 §2: one at most); a token in the address is counted, never used."""
    return len(request.headers.getall("Authorization", [])) + len(
        request.query.getall("access_token", [])
    )


def authentication(
    authenticate: Callable[[web.Request, str], Awaitable[Authenticated | web.Response]],
    *,
    count: Callable[[web.Request], int] = credentials_in,
    find: Callable[[web.Request], str | None] = token_in_header,
) -> Middleware:
    """The middleware that every stage puts before its handlers.

    `authenticate` gets the token that `find` found: whose it is, or the response that rejects it.
    """

    @web.middleware
    async def auth_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[PRINCIPAL], request[CLAIMS] = None, {}
        if count(request) > 1:
            message = "More than one way to send a token was used"
            return challenge(400, message, error="invalid_request")
        token = find(request)
        if token is None:
            return await handler(request)

        found = await authenticate(request, token)
        if isinstance(found, web.Response):
            return found
        request[PRINCIPAL], request[CLAIMS] = found
        return await handler(request)

    return auth_middleware


async def authenticate(request: web.Request, token: str) -> Authenticated | web.Response:
    """The user whose id a valid token of this server carries."""
    try:
        Token.parse(token)  # strict: PyJWT also accepts "=" at the end, so one token had many texts
        claims = check_times(VERIFIER.decode(token, request.app[KEY], algorithms=[ALGORITHM]))
    except (jwt.InvalidTokenError, TokenError):
        return invalid_token()
    user = await request.app[USERS].by_id(claims["sub"])
    return invalid_token() if user is None else Authenticated(user, claims)


auth_middleware = authentication(authenticate)


def check_times(claims: Claims) -> Claims:
    """What PyJWT leaves open: there "1700000000" and true are times as well, and milliseconds last for 50,000 years."""
    if not all(is_numeric_date(claims[name]) for name in ("exp", "nbf", "iat") if name in claims):
        raise jwt.DecodeError("A time is a number of seconds")
    if claims["exp"] > time.time() + LONGEST_LIFETIME.total_seconds():
        raise jwt.DecodeError("No token lives that long here")
    return claims


def invalid_token() -> web.Response:
    return challenge(401, "This token is not valid here", error="invalid_token")


async def get_user(request: web.Request) -> web.Response:
    return web.json_response({"user": str(request[PRINCIPAL])})


def make_app(**settings: Any) -> web.Application:
    """The application of step 2 with the middleware in front and one more route."""
    app = login.make_app(**settings)
    app.middlewares.append(auth_middleware)
    app.router.add_get("/get-user", get_user)
    return app


app = make_app()
