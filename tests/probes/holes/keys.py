"""Servers that sign with another algorithm: RS256 and ES256 with a JWK Set, HS512; right or wrong in one thing."""

from __future__ import annotations

import functools
import hmac
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from jwt_demo.stages import complete
from tests.probes.holes.base import Lab
from tests.probes.holes.steps import Case, refuse, verifying


@functools.cache
def private_key(alg: str) -> Any:
    return (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if alg == "RS256"
        else ec.generate_private_key(ec.SECP256R1())
    )


def private_pem(alg: str) -> str:
    form = serialization.PrivateFormat.PKCS8
    return (
        private_key(alg)
        .private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
        .decode("ascii")
    )


def public_pem(alg: str) -> bytes:
    return (
        private_key(alg)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def asymmetric(
    alg: str,
    /,
    *,
    published: Callable[[dict[str, Any]], dict[str, Any]] = lambda jwk: jwk,
    **swaps: Callable[[Case], None],
) -> Callable[[Lab], web.Application]:
    """`complete` with tokens signed by a private key, and its public key at /.well-known/jwks.json."""

    def choose(case: Case) -> None:
        refuse(case.header.get("alg") != alg)

    def check(case: Case) -> None:
        public = private_key(alg).public_key()
        refuse(
            not jwt.get_algorithm_by_name(alg).verify(case.signing_input, public, case.signature)
        )

    def build(lab: Lab) -> web.Application:
        app = verifying(**{"alg": choose, "signature": check, **swaps})(lab)
        sign_with(lab, alg, private_key(alg))

        async def jwks(request: web.Request) -> web.Response:
            jwk = json.loads(jwt.get_algorithm_by_name(alg).to_jwk(private_key(alg).public_key()))
            return web.json_response(
                {"keys": [published({**jwk, "alg": alg, "use": "sig"})]},
                headers={"Cache-Control": "public, max-age=300"},
            )

        app.router.add_get("/.well-known/jwks.json", jwks)
        app.middlewares[0] = cacheable(app.middlewares[0])
        return app

    return build


def hs512(**swaps: Callable[[Case], None]) -> Callable[[Lab], web.Application]:
    """`complete` with tokens of HS512, and a key that is long enough for it."""

    def choose(case: Case) -> None:
        refuse(case.header.get("alg") != "HS512")

    def check(case: Case) -> None:
        refuse(not hmac.compare_digest(case.mac("HS512"), case.signature))

    def build(lab: Lab) -> web.Application:
        lab.key = secrets.token_urlsafe(64)
        app = verifying(**{"alg": choose, "signature": check, **swaps})(lab)
        sign_with(lab, "HS512", lab.key)
        return app

    return build


def with_kid(build: Callable[[Lab], web.Application]) -> Callable[[Lab], web.Application]:
    """The same server, whose tokens name their key."""

    def named(lab: Lab) -> web.Application:
        app = build(lab)
        sign_with(lab, "HS256", lab.key, kid="1")
        return app

    return named


def sign_with(lab: Lab, alg: str, key: Any, **header: str) -> None:
    """The tokens of `complete`, signed otherwise."""
    right = complete.issue

    def issue(user: Any, settings: Any, *, now: float) -> str:
        claims = jwt.decode(
            right(user, settings, now=time.time()), options={"verify_signature": False}
        )
        return jwt.encode(claims, key, algorithm=alg, headers={"typ": "at+jwt", **header})

    lab.patch(complete, "issue", issue)


def cacheable(fixed: Any) -> Any:
    @web.middleware
    async def middleware(request: web.Request, handler: Any) -> web.StreamResponse:
        return await (
            handler(request)
            if request.path.startswith("/.well-known/")
            else fixed(request, handler)
        )

    return middleware


def confused(case: Case) -> None:
    """The header chooses, and the public key is what an HMAC is made with."""
    if case.header["alg"] == "HS256":
        refuse(case.mac(key=public_pem("RS256")) != case.signature)
    else:
        refuse(
            not jwt.get_algorithm_by_name("RS256").verify(
                case.signing_input, private_key("RS256").public_key(), case.signature
            )
        )


def rs_or_hs(case: Case) -> None:
    refuse(case.header.get("alg") not in ("RS256", "HS256"))


def psychic(case: Case) -> None:
    """r and s zero: 0 = 0 for every message."""
    if case.signature != bytes(64):
        refuse(
            not jwt.get_algorithm_by_name("ES256").verify(
                case.signing_input, private_key("ES256").public_key(), case.signature
            )
        )
