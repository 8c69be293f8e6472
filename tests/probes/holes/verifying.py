"""Steps of a verifier that are wrong, each in the way somebody once got it wrong."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import sqlite3
import urllib.request
from collections.abc import Callable
from typing import Any

import jwt
from aiohttp import web
from cryptography import x509

from jwt_demo.stages import complete
from jwt_demo.stages.parts import settings
from jwt_demo.tokens.anatomy import DuplicateName, NotAnObject, Token, TokenError, encode_segment
from tests.probes.holes.base import Lab, crash, instead, token_of
from tests.probes.holes.steps import (
    Case,
    alg,
    form,
    key,
    refuse,
    signature,
    verifying,
)


def compares_the_end(case: Case) -> None:
    refuse(case.mac()[-24:] != case.signature[-24:] or len(case.signature) != 32)


def compares_as_far_as_it_goes(case: Case) -> None:
    refuse(not case.mac().startswith(case.signature) or len(case.signature) < 10)


def compares_the_beginning(case: Case) -> None:
    refuse(case.mac()[:16] != case.signature[:16] or len(case.signature) != 32)


def keeps_signature(case: Case) -> None:
    """Any letters make a signature here; what they decode to is not asked."""
    form(case)
    case.signature = case.text.rpartition(".")[2].encode("ascii")


def compares_in_any_case(case: Case) -> None:
    refuse(encode_segment(case.mac()).lower() != case.signature.decode("ascii").lower())


def compares_if_there(case: Case) -> None:
    refuse(case.signature and case.mac() != case.signature)


def remembering(*parts: int) -> Callable[[Case], None]:
    """A cache of what was verified, keyed by some of the three segments only."""
    seen = set()

    def step(case: Case) -> None:
        segments = case.text.split(".")
        known = tuple(segments[part] for part in parts)
        if known not in seen:
            signature(case)
            seen.add(known)

    return step


def lenient_form(case: Case) -> None:
    """Padding and spare bits do not matter to it."""
    try:
        form(Case(case.text, case.settings))
    except jwt.InvalidTokenError:
        refuse(
            not case.text.isascii()
            or case.text.count(".") != 2
            or len(case.text) > 4096
            or not case.text.endswith("=")
        )
        case.text = case.text.rstrip("=")
    form(case)


def json_form(case: Case) -> None:
    if case.text.startswith('{"protected"'):
        parts = json.loads(case.text)
        case.text = ".".join(parts[name] for name in ("protected", "payload", "signature"))
    form(case)


def unsigned(*spellings: str) -> dict[str, Callable[[Case], None]]:
    def choose(case: Case) -> None:
        if case.header.get("alg") not in spellings:
            alg(case)

    def check(case: Case) -> None:
        if case.header.get("alg") not in spellings:
            signature(case)

    return {"alg": choose, "signature": check}


def looks_alg_up(case: Case) -> None:
    refuse({"HS256": "sha256"}.get(case.header.get("alg")) is None)  # TypeError for a list


def assumes_alg(case: Case) -> None:
    refuse(case.header.get("alg", "HS256") != "HS256")


def assumes_none(case: Case) -> None:
    refuse(
        case.header.get("alg", "none") not in ("HS256", "none") or case.header.get("alg") == "none"
    )


def empty_if_none(case: Case) -> None:
    refuse(case.signature) if "alg" not in case.header else signature(case)


def unless_kid(case: Case) -> None:
    if "kid" not in case.header:
        signature(case)


def any_case(case: Case) -> None:
    refuse(str(case.header.get("alg")).upper() != "HS256")


def any_hash(case: Case) -> None:
    refuse(case.header.get("alg") not in ("HS256", "HS384", "HS512"))


def hash_of_header(case: Case) -> None:
    refuse(case.mac(case.header["alg"]) != case.signature)


def second_key(word: bytes) -> Callable[[Case], None]:
    def step(case: Case) -> None:
        refuse(case.signature not in (case.mac(), case.mac(key=word)))

    return step


def weak_secret(lab: Lab) -> web.Application:
    """A secret from a tutorial; the settings would refuse it, so they are made to look away."""
    lab.key = "your-256-bit-secret"
    lab.patch(settings, "check_key", lambda key: None)
    lab.patch(settings, "key_from", lambda environment: lab.key)

    def issue(user: Any, settings: Any, *, now: float) -> str:
        claims = {
            "iss": settings.issuer,
            "aud": settings.audience,
            "sub": str(user.id),
            "scope": "profile",
            "iat": int(now),
            "exp": int(now) + 300,
            "jti": "1",
        }
        header, payload = (
            encode_segment(json.dumps(part).encode())
            for part in ({"alg": "HS256", "typ": "at+jwt"}, claims)
        )
        case = Case(f"{header}.{payload}.", settings)
        return f"{case.text}{encode_segment(case.mac(key=lab.key.encode()))}"

    lab.patch(complete, "issue", issue)
    return verifying()(lab)


def key_of_jwk(case: Case) -> None:
    key(case)
    jwk = case.header.get("jwk")
    if isinstance(jwk, dict) and jwk.get("kty") == "oct":
        case.key = base64.urlsafe_b64decode(jwk["k"] + "==")


def es_or_hs(case: Case) -> None:
    refuse(case.header.get("alg") not in ("HS256", "ES256"))


def signature_by_x5c(case: Case) -> None:
    if case.header["alg"] == "HS256":
        return signature(case)
    refuse(not isinstance(case.header.get("x5c"), list))
    public = x509.load_der_x509_certificate(base64.b64decode(case.header["x5c"][0])).public_key()
    refuse(
        not jwt.get_algorithm_by_name("ES256").verify(case.signing_input, public, case.signature)
    )


def following(parameter: str, *, trusting: bool) -> Callable[[Lab], web.Application]:
    """Fetches what the header points to before anything is verified; `trusting` verifies with what it got."""

    async def answer(request: web.Request, handler: Any) -> web.StreamResponse:
        token = token_of(request)
        octets = await asyncio.to_thread(fetch, token.header[parameter])
        if trusting:
            public = public_key(octets)
            if jwt.get_algorithm_by_name("RS256").verify(
                token.signing_input, public, token.signature
            ):
                return web.json_response({"user": token.claims["sub"]})
        return await handler(request)

    return instead(
        lambda request: bool(
            (token := token_of(request)) and isinstance(token.header.get(parameter), str)
        ),
        answer,
    )


def asking_the_issuer(lab: Lab) -> web.Application:
    """Fetches the keys of whoever the token says has issued it."""

    async def answer(request: web.Request, handler: Any) -> web.StreamResponse:
        token = token_of(request)
        octets = await asyncio.to_thread(fetch, f"{token.claims['iss']}/.well-known/jwks.json")
        verifier = jwt.get_algorithm_by_name(token.header["alg"])
        if verifier.verify(token.signing_input, public_key(octets), token.signature):
            return web.json_response({"user": token.claims["sub"]})
        return await handler(request)

    def elsewhere(request: web.Request) -> bool:
        token = token_of(request)
        return str((token and token.claims or {}).get("iss", "")).startswith("http://127.0.0.1:")

    return instead(elsewhere, answer)(lab)


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.read()


def public_key(octets: bytes) -> Any:
    if octets.startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(octets).public_key()
    return jwt.PyJWK(json.loads(octets)["keys"][0]).key


def key_in_file(case: Case) -> None:
    key(case)
    if isinstance(case.header.get("kid"), str):
        try:
            with open(case.header["kid"], "rb") as file:
                case.key = file.read()
        except (OSError, ValueError):
            refuse()


def key_in_table(case: Case) -> None:
    key(case)
    if isinstance(case.header.get("kid"), str) and "\0" not in case.header["kid"]:
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            connection.execute("CREATE TABLE keys (id TEXT, key TEXT)")
            try:
                row = connection.execute(
                    f"SELECT key FROM keys WHERE id = '{case.header['kid']}'"
                ).fetchone()
            except sqlite3.Error:
                row = None
            refuse(row is None)
            case.key = row[0].encode("ascii")


def content_type_first(case: Case) -> None:
    form(case)
    case.header.get("cty", "").lower()  # AttributeError for an object, and nothing is verified yet


def reading(reads: type[TokenError], as_claims: Callable[[bytes], Any]) -> Callable[[Case], None]:
    """Reads a payload all the same where the strict reader has this one thing against it."""

    def step(case: Case) -> None:
        try:
            Token.parse(case.text)
        except reads as error:
            if error.token is not None and error.segment == "payload":
                case.header, case.payload, case.signature = (
                    error.token.header,
                    error.token.payload,
                    error.token.signature,
                )
                case.claims = as_claims(case.payload)
                return
        except TokenError:
            pass
        form(case)

    return step


any_shape = reading(NotAnObject, json.loads)
first_wins = reading(
    DuplicateName,
    lambda payload: json.loads(payload, object_pairs_hook=lambda pairs: dict(reversed(pairs))),
)


def falls_down(part: int) -> Callable[[Case], None]:
    """Goes down with the nesting until it crashes."""

    def step(case: Case) -> None:
        segments = case.text.split(".")
        if len(segments) == 3 and case.text.isascii():
            with contextlib.suppress(ValueError):
                if base64.urlsafe_b64decode(segments[part] + "==").count(b"[") > 1000:
                    crash()
        form(case)

    return step
