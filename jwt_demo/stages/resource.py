"""Step 9, the other side: a server that has no users and no secret, only the address of the issuer's keys.

`gunicorn jwt_demo.stages.resource:app --bind localhost:8081 --worker-class aiohttp.worker.GunicornWebWorker`
`JWT_JWKS_URL` says where the keys are: `http://localhost:8080/.well-known/jwks.json` (the default) is where step 9 has them.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

import jwt
from aiohttp import web

from ..tokens.anatomy import TokenError
from .decorator import login_required
from .keys import AUDIENCE, ISSUER, NAMES, verified
from .middleware import PRINCIPAL, Authenticated, authentication, invalid_token
from .parts.application import new_application
from .parts.jwks_client import KeysUnavailable, RemoteKeys
from .parts.log_limit import OncePerSecond
from .parts.responses import try_later

REMOTE_KEYS = web.AppKey("REMOTE_KEYS", RemoteKeys)
LOG = logging.getLogger("jwt_demo.stages.resource")
LOG.addFilter(OncePerSecond())


@dataclass(frozen=True)
class Subject:
    """Who the issuer says is asking; nothing else is known of them here."""

    id: str
    scopes: frozenset[str]


async def authenticate(request: web.Request, token: str) -> Authenticated | web.Response:
    try:
        claims = await verified(token, request.app[REMOTE_KEYS], **request.app[NAMES])
    except (jwt.InvalidTokenError, TokenError):
        return invalid_token()
    except KeysUnavailable as error:
        LOG.error("Tokens cannot be verified: %s", error)
        raise try_later("Tokens cannot be checked now, try again later", seconds=5) from None

    scope = claims.get("scope")
    scopes = frozenset(scope.split(" ") if isinstance(scope, str) else ()) - {""}
    return Authenticated(Subject(claims["sub"], scopes), claims)


@login_required
async def get_user(request: web.Request) -> web.Response:
    return web.json_response(
        {"user": request[PRINCIPAL].id, "scope": sorted(request[PRINCIPAL].scopes)}
    )


@login_required(scope="admin")
async def admin(request: web.Request) -> web.Response:
    return web.json_response({"admin": request[PRINCIPAL].id})


def make_app(
    *, keys: RemoteKeys | str | None = None, issuer: str = ISSUER, audience: str = AUDIENCE
) -> web.Application:
    """The application; `keys` is the address of a JWK Set, and without it JWT_JWKS_URL is asked when it starts."""
    app = new_application(middlewares=[authentication(authenticate)])
    app[NAMES] = {"issuer": issuer, "audience": audience}
    app.on_startup.append(lambda app: prepare(app, keys))
    app.router.add_get("/get-user", get_user)
    app.router.add_get("/admin", admin)
    return app


async def prepare(app: web.Application, keys: RemoteKeys | str | None) -> None:
    if REMOTE_KEYS not in app:
        address = keys or os.environ.get("JWT_JWKS_URL", f"{ISSUER}/.well-known/jwks.json")
        app[REMOTE_KEYS] = RemoteKeys(address) if isinstance(address, str) else address
    app[REMOTE_KEYS].renew()


app = make_app()
