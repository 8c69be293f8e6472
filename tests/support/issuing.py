"""Tokens of any kind by any key, an issuer that publishes what it is told to, and a clock that is told the time."""

from __future__ import annotations

import base64
import json
import time

import jwt
from aiohttp import web

from jwt_demo.stages.keys import AUDIENCE, ISSUER, issue
from jwt_demo.stages.parts.users import User
from jwt_demo.tokens.anatomy import Token

CREDENTIALS = {"email": "user@email.com", "password": "password"}
CHALLENGE = 'Bearer realm="jwt-demo", error="invalid_token", error_description="This token is not valid here"'
USER = User(1, "user@email.com")


def token_by(key, **changed):
    """A token as the issuer makes it, by this key; `changed` claims or header members, None leaves one out."""
    token = Token.parse(issue(USER, key, now=int(time.time()), issuer=ISSUER, audience=AUDIENCE))
    header, claims = dict(token.header), dict(token.claims)
    for name, value in changed.items():
        part = header if name in ("kid", "typ", "jku", "x5u", "jwk") else claims
        part.pop(name, None) if value is None else part.update({name: value})
    signing_input = ".".join(base64url(json.dumps(part).encode()) for part in (header, claims))
    signature = jwt.get_algorithm_by_name(key.algorithm).sign(signing_input.encode(), key.private)
    return f"{signing_input}.{base64url(signature)}"


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def status(server, token):
    return (await server.get("/get-user", headers=bearer(token))).status


class Publisher:
    """Publishes whatever JWK Set it is told to, and counts how often it was asked."""

    def __init__(self, *published):
        self.document = {"keys": [key.jwk for key in published]}
        self.answer = None
        self.asked = 0

    def app(self):
        app = web.Application()
        app.router.add_get("/jwks", self.jwks)
        app.router.add_get("/elsewhere", self.elsewhere)
        return app

    async def elsewhere(self, request):
        return web.json_response(self.document)

    async def jwks(self, request):
        self.asked += 1
        return await self.answer(self) if self.answer else web.json_response(self.document)


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now
