"""Step 9: a private key signs, a public key verifies, and anybody may fetch the public one.

`gunicorn jwt_demo.stages.keys:app --bind localhost:8080 --worker-class aiohttp.worker.GunicornWebWorker`
One worker: the keys are made at start and live in the process, so a second worker would have others.
"""

from __future__ import annotations

import secrets
import time
from typing import Protocol

import jwt
from aiohttp import web

from ..tokens.anatomy import Token, TokenError
from . import decorator
from .login import LIFETIME, USERS
from .middleware import Authenticated, Claims, authentication, check_times, invalid_token
from .parts.request_body import read_fields
from .parts.responses import challenge
from .parts.secret_key import new_key
from .parts.signing_keys import KeyRing, SigningKey
from .parts.users import User, Users

ISSUER, AUDIENCE = "http://localhost:8080", "jwt-demo"
TYPE = "at+jwt"
CACHED = 300  # seconds that others may keep the key set

KEYS = web.AppKey("KEYS", KeyRing)
NAMES: web.AppKey[dict[str, str]] = web.AppKey("NAMES", dict)  # issuer and audience

VERIFIER = jwt.PyJWT(
    options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"], "strict_aud": True}
)


class Keys(Protocol):
    """Where public keys are found by name: our own ring, or those of another service."""

    async def find(self, kid: str) -> jwt.PyJWK | None: ...


async def login(request: web.Request) -> web.Response:
    email, password = await read_fields(request, "email", "password")
    user = await request.app[USERS].authenticate(email, password)
    if user is None:
        return challenge(401, "Wrong e-mail or password")
    token = issue(user, request.app[KEYS].current, now=int(time.time()), **request.app[NAMES])
    return web.json_response({"token": token}, headers={"Cache-Control": "no-store"})


def issue(user: User, key: SigningKey, *, now: int, issuer: str, audience: str) -> str:
    claims: Claims = {
        "iss": issuer,
        "aud": audience,
        "sub": str(user.id),
        "scope": " ".join(sorted(user.scopes)),
    }
    claims |= {
        "iat": now,
        "exp": now + int(LIFETIME.total_seconds()),
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode(
        claims, key.private, algorithm=key.algorithm, headers={"typ": TYPE, "kid": key.kid}
    )


async def jwks(request: web.Request) -> web.Response:
    headers = {"Cache-Control": f"public, max-age={CACHED}", "Access-Control-Allow-Origin": "*"}
    return web.json_response(
        request.app[KEYS].public_set(), content_type="application/jwk-set+json", headers=headers
    )


async def authenticate(request: web.Request, token: str) -> Authenticated | web.Response:
    try:
        claims = await verified(token, request.app[KEYS], **request.app[NAMES])
    except (jwt.InvalidTokenError, TokenError):
        return invalid_token()
    user = await request.app[USERS].by_id(claims["sub"])
    return invalid_token() if user is None else Authenticated(user, claims)


async def verified(token: str, keys: Keys, *, issuer: str, audience: str) -> Claims:
    """The claims, if a key that `keys` finds signed them. The header only names a key; its algorithm is the key's own, not the header's."""
    header = Token.parse(token).header
    if header.get("typ") != TYPE or not isinstance(header.get("kid"), str):
        raise jwt.InvalidTokenError("Not an access token, or no id of a key")
    key = await keys.find(header["kid"])
    if key is None:
        raise jwt.InvalidTokenError("Nobody here knows this key")
    return check_times(
        VERIFIER.decode(
            token, key, algorithms=[key.algorithm_name], issuer=issuer, audience=audience
        )
    )


def make_app(
    *,
    keys: KeyRing | None = None,
    users: Users | None = None,
    issuer: str = ISSUER,
    audience: str = AUDIENCE,
) -> web.Application:
    """The application of step 4 with key pairs; without `keys` it makes one for ES256 when it starts. No secret is shared with anybody."""
    app = decorator.make_app(
        auth=authentication(authenticate), login=login, key=new_key(), users=users
    )  # a secret for nothing, so that none is asked for
    app[NAMES] = {"issuer": issuer, "audience": audience}
    if keys is not None:
        app[KEYS] = keys
    app.on_startup.append(prepare)
    app.router.add_get("/.well-known/jwks.json", jwks)
    return app


async def prepare(app: web.Application) -> None:
    if KEYS not in app:
        app[KEYS] = KeyRing("ES256")


app = make_app()
