"""Step 3: who is asking? A middleware verifies the token and finds the user before any handler runs.

`gunicorn jwt_demo.stages.middleware:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker --reload`
"""

from __future__ import annotations

import time
from datetime import timedelta

import jwt
from aiohttp import web

from ..tokens.anatomy import Token, TokenError
from ..tokens.claims import is_numeric_date
from . import login
from .login import ALGORITHM, KEY, USERS
from .parts.responses import challenge

PRINCIPAL = web.RequestKey("PRINCIPAL", object)
CLAIMS = web.RequestKey("CLAIMS", dict)

LONGEST_LIFETIME = timedelta(days=1)

VERIFIER = jwt.PyJWT(options={"require": ["exp", "sub"], "enforce_minimum_key_length": True})


@web.middleware
async def auth_middleware(request, handler):
    request[PRINCIPAL], request[CLAIMS] = None, {}
    if credentials_in(request) > 1:
        return challenge(400, "More than one way to send a token was used", error="invalid_request")
    token = bearer_token(request.headers.get("Authorization", ""))
    if token is None:
        return await handler(request)

    try:
        Token.parse(
            token
        )  # strict: PyJWT also takes "=" at the end, and one token would have many texts
        claims = check_times(VERIFIER.decode(token, request.app[KEY], algorithms=[ALGORITHM]))
    except (jwt.InvalidTokenError, TokenError):
        return invalid_token()
    user = await request.app[USERS].by_id(claims["sub"])
    if user is None:
        return invalid_token()

    request[PRINCIPAL], request[CLAIMS] = user, claims
    return await handler(request)


def bearer_token(authorization):
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def check_times(claims):
    """What PyJWT leaves open: there "1700000000" and true are times as well, and milliseconds last for 50,000 years."""
    if not all(is_numeric_date(claims[name]) for name in ("exp", "nbf", "iat") if name in claims):
        raise jwt.DecodeError("A time is a number of seconds")
    if claims["exp"] > time.time() + LONGEST_LIFETIME.total_seconds():
        raise jwt.DecodeError("No token lives that long here")
    return claims


def credentials_in(request):
    """How many credentials a request carries (RFC 6750 §2: one at most); a token in the address is counted, never used."""
    return len(request.headers.getall("Authorization", [])) + len(
        request.query.getall("access_token", [])
    )


def invalid_token():
    return challenge(401, "This token is not valid here", error="invalid_token")


async def get_user(request):
    return web.json_response({"user": str(request[PRINCIPAL])})


def make_app(**settings) -> web.Application:
    """The application of step 2 with the middleware in front and one more route."""
    app = login.make_app(**settings)
    app.middlewares.append(auth_middleware)
    app.router.add_get("/get-user", get_user)
    return app


app = make_app()
