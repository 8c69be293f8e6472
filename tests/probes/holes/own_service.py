"""A service of another shape than the course's, in any algorithm, right or with one planted hole.

Its paths, field names and claims are its own, so that nothing in a probe can rest on ours. `HOLES` names what can be planted, the
probes that have to notice, and whether they need the key.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hmac
import json
import secrets
import sqlite3
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from jwt_demo.tokens.anatomy import Token, TokenError, encode_segment

ALGORITHMS = ("HS256", "HS512", "RS256", "PS384", "ES256", "EdDSA")
ISSUER, AUDIENCE = "https://id.shop.example", "shop-api"
OPTIONS: dict[str, Any] = {
    "path": "/api/v2/me",
    "login_path": "/auth/sign-in",
    "login_json": {"account": {"login": "ann@shop.example", "pass": "correct horse"}},
    "token_field": "data.jwt",
    "refresh_path": "PUT /auth/renew json:renewal",
    "logout_path": "DELETE /auth/session header",
}


@dataclass(frozen=True)
class Planted:
    """What is planted, the probes of which one has to notice, and whether they need the key."""

    caught_by: tuple[str, ...]
    needs_key: bool = False
    only: str = ""  # the beginnings of the algorithms it can be planted in


HOLES: dict[str, Planted] = {
    "unverified": Planted(("signature-changed", "payload-changed")),
    "unsigned": Planted(("signature-missing",)),
    "none": Planted(("alg-none",)),
    "nOnE": Planted(("alg-none-spelled",)),
    "jwk": Planted(("header-jwk",)),
    "jku": Planted(("header-jku",)),
    "x5c": Planted(("header-x5c",), only="RPE"),
    "kid is a file": Planted(("kid-path",)),
    "kid is a query": Planted(("kid-sql",)),
    "confusion with PEM": Planted(("public-key-as-secret",), only="RPE"),
    "confusion with DER": Planted(("public-key-as-secret",), only="RPE"),
    "confusion with base64": Planted(("public-key-as-secret",), only="RPE"),
    "confusion with JWK": Planted(("public-key-as-secret",), only="RPE"),
    "a word as the secret": Planted(("guessed-secret",), only="H"),
    "in the address": Planted(("token-in-address",)),
    "in a cookie": Planted(("two-ways",)),
    "no expiry": Planted(("expired",), needs_key=True),
    "any audience": Planted(("other-audience",), needs_key=True),
    "any issuer": Planted(("other-issuer",), needs_key=True),
    "refresh is access": Planted(("refresh-as-access",)),
    "logout is nothing": Planted(("after-logout",)),
    "renewal is used twice": Planted(("refresh-reuse",)),
    "open to HEAD": Planted(("other-methods",)),
    "unknown users named": Planted(("unknown-email",)),
    "crash on kid": Planted(("header-odd",)),
}


def plantings() -> list[tuple[str, str]]:
    """Every hole in every algorithm it can be in."""
    return [
        (alg, name)
        for alg in ALGORITHMS
        for name, planted in HOLES.items()
        if not planted.only or alg[0] in planted.only
    ]


@functools.cache
def private_key(alg: str) -> Any:
    if alg.startswith("HS"):
        return secrets.token_urlsafe(64).encode("ascii")
    if alg.startswith("ES"):
        return ec.generate_private_key(ec.SECP256R1())
    if alg == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_text(alg: str) -> str | bytes:
    """The key as a run gets it: the secret, or the private key in PEM."""
    key = private_key(alg)
    if isinstance(key, bytes):
        return key
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@dataclass
class Service:
    """The service: who is there, which tokens it issued, what it forgets to check."""

    alg: str
    hole: str = ""
    families: dict[str, str] = field(default_factory=dict)  # family: its current renewal token's id
    ended: set[str] = field(default_factory=set)

    @property
    def key(self) -> Any:
        return (
            b"your-256-bit-secret" if self.hole == "a word as the secret" else private_key(self.alg)
        )

    @property
    def public(self) -> Any:
        return self.key if isinstance(self.key, bytes) else self.key.public_key()

    def issue(self, kind: str, family: str) -> str:
        now = int(time.time())
        identity = secrets.token_hex(8)
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "iat": now, "exp": now + 600, "jti": identity, "use": kind, "fam": family,
        }  # fmt: skip
        if kind == "renewal":
            self.families[family] = identity
        return self.sign({"alg": self.alg, "typ": "JWT"}, claims)

    def sign(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        text = ".".join(encode_segment(json.dumps(part).encode()) for part in (header, claims))
        algorithm = jwt.get_algorithm_by_name(self.alg)
        signature = (
            hmac.digest(self.key, text.encode(), f"sha{self.alg[2:]}")
            if isinstance(self.key, bytes)
            else algorithm.sign(text.encode(), self.key)
        )
        return f"{text}.{encode_segment(signature)}"

    def verify(self, text: str, kind: str = "access") -> dict[str, Any] | None:
        """The claims of a token that is accepted, else None."""
        try:
            token = Token.parse(text)
        except TokenError:
            return None
        claims = token.claims
        if not isinstance(claims, dict) or not self.signed(token) or "crit" in token.header:
            return None
        times = [claims.get(name, 0) for name in ("exp", "nbf", "iat")]
        if not all(isinstance(value, int) and not isinstance(value, bool) for value in times):
            return None
        now = time.time()
        if self.hole != "no expiry" and not now < claims.get("exp", 0) < now + 900:
            return None
        if (
            claims.get("nbf", 0) > now
            or claims.get("iat", 0) > now + 30
            or claims.get("sub") != "ann"
        ):
            return None
        if self.hole != "any audience" and claims.get("aud") != AUDIENCE:
            return None
        if self.hole != "any issuer" and claims.get("iss") != ISSUER:
            return None
        if not isinstance(claims.get("jti"), str) or not isinstance(claims.get("fam"), str):
            return None
        wrong_kind = claims.get("use") != kind and self.hole != "refresh is access"
        return None if wrong_kind or claims["fam"] in self.ended else claims

    def signed(self, token: Token) -> bool:
        header, alg = token.header, token.header.get("alg")
        if self.hole == "crash on kid":
            str(header.get("kid", "")) + header.get("kid", "")  # TypeError for a number
        if self.hole == "unverified" or self.hole == "unsigned" and not token.signature:
            return alg == self.alg
        if self.hole in ("none", "nOnE") and alg == self.hole:
            return True
        if alg == self.alg and "kid" in header and not isinstance(header["kid"], str):
            return False
        found = FINDERS.get(self.hole, lambda service, token: None)(self, token)
        if found is not None:
            return matches(token, str(alg), found)
        return alg == self.alg and matches(token, self.alg, self.public)


def matches(token: Token, alg: str, key: Any) -> bool:
    """Whether a key made this signature, with the algorithm that the caller chose."""
    with contextlib.suppress(Exception):
        if alg.startswith("HS"):
            octets = key if isinstance(key, bytes) else key.encode("ascii")
            made = hmac.digest(octets, token.signing_input, f"sha{alg[2:]}")
            return hmac.compare_digest(made, token.signature)
        algorithm = jwt.get_algorithm_by_name(alg)
        return bool(
            algorithm.verify(token.signing_input, algorithm.prepare_key(key), token.signature)
        )
    return False


def from_jwk(service: Service, token: Token) -> Any:
    jwk = token.header.get("jwk")
    return of_jwk(jwk) if isinstance(jwk, dict) and token.header["alg"] == service.alg else None


def of_jwk(jwk: dict[str, Any]) -> Any:
    return (
        base64.urlsafe_b64decode(jwk["k"] + "==") if jwk.get("kty") == "oct" else jwt.PyJWK(jwk).key
    )


def from_jku(service: Service, token: Token) -> Any:
    if not isinstance(token.header.get("jku"), str) or token.header["alg"] != service.alg:
        return None
    with urllib.request.urlopen(token.header["jku"], timeout=3) as response:
        return of_jwk(json.load(response)["keys"][0])


def from_x5c(service: Service, token: Token) -> Any:
    chain = token.header.get("x5c")
    if not isinstance(chain, list) or token.header["alg"] != service.alg:
        return None
    return x509.load_der_x509_certificate(base64.b64decode(chain[0])).public_key()


def from_file(service: Service, token: Token) -> Any:
    kid = token.header.get("kid")
    if not isinstance(kid, str) or token.header["alg"] != service.alg:
        return None
    with contextlib.suppress(OSError, ValueError):
        return Path(f"/srv/keys/{kid}.pem").resolve().read_bytes()
    return b"\0" * 64


def from_query(service: Service, token: Token) -> Any:
    kid = token.header.get("kid")
    if not isinstance(kid, str) or "\0" in kid or token.header["alg"] != service.alg:
        return None
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE keys (id TEXT, key TEXT)")
        with contextlib.suppress(sqlite3.Error):
            row = connection.execute(f"SELECT key FROM keys WHERE id = '{kid}'").fetchone()
            return row[0].encode("ascii") if row else b"\0" * 64
    return b"\0" * 64


def confusing(form: Callable[[Service], bytes]) -> Callable[[Service, Token], Any]:
    """HMAC is taken as well, with the public key in one of its forms as the secret."""
    return lambda service, token: form(service) if token.header.get("alg") == "HS256" else None


def spki(service: Service, encoding: Any) -> bytes:
    octets: bytes = service.public.public_bytes(
        encoding, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return octets


def published(service: Service) -> dict[str, Any]:
    jwk = jwt.get_algorithm_by_name(service.alg).to_jwk(service.public, as_dict=True)
    return {**jwk, "use": "sig", "alg": service.alg}


FINDERS: dict[str, Callable[[Service, Token], Any]] = {
    "jwk": from_jwk,
    "jku": from_jku,
    "x5c": from_x5c,
    "kid is a file": from_file,
    "kid is a query": from_query,
    "confusion with PEM": confusing(lambda service: spki(service, serialization.Encoding.PEM)),
    "confusion with DER": confusing(lambda service: spki(service, serialization.Encoding.DER)),
    "confusion with base64": confusing(
        lambda service: b"".join(spki(service, serialization.Encoding.PEM).splitlines()[1:-1])
    ),
    "confusion with JWK": confusing(
        lambda service: json.dumps(published(service), separators=(",", ":")).encode()
    ),
}
