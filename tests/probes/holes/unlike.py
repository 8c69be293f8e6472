"""Services as unlike the course's as they come: the token in a cookie or a header of its own, claims of other names, other algorithms.

Each is right or has one hole; `HOLES` names the holes with the algorithm they are in, how tokens travel there, and who has to notice.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from jwt_demo.tokens.anatomy import Token, TokenError, encode_segment
from tests.probes.holes.own_service import matches, private_key, spki

ISSUER, HOST = "https://id.acme.example", "id.acme.example"
AUDIENCE = ["acme-web", "acme-app"]
KID = "2026-11"
COOKIE: dict[str, Any] = {"token_cookie": "sid", "logout_path": "GET /bye cookie:sid"}
HEADER: dict[str, Any] = {
    "token_field": "pass",
    "header": "X-Acme",
    "scheme": "Pass",
    "logout_path": "GET /bye header",
}
SHARED: dict[str, Any] = {
    "login_path": "/gate",
    "login_json": {"who": {"name": "bea"}, "pw": "open sesame"},
    "path": "/things/7",
    "refresh_path": "PATCH /gate/again json:renewal",
}


@dataclass(frozen=True)
class Hole:
    """What is forgotten, by a service of which algorithm, how tokens travel there; who notices, and whether only with the key."""

    says: str
    alg: str
    travels: dict[str, Any]
    caught_by: str
    needs_key: bool = False


HOLES = (
    Hole("sixteen bytes of the signature", "HS384", COOKIE, "signature-changed"),
    Hole("a signature in any case", "HS512", HEADER, "signature-changed"),
    Hole("two segments are enough", "ES384", COOKIE, "signature-missing"),
    Hole("no alg, no signature", "RS384", HEADER, "alg-odd"),
    Hole("an unknown kid is not checked", "PS512", COOKIE, "foreign-key"),
    Hole("no kid is not checked", "ES384", HEADER, "foreign-key"),
    Hole("jku begins like ours", "RS384", COOKIE, "header-jku"),
    Hole("jku ends like ours", "ES384", HEADER, "header-jku"),
    Hole("kid is a file", "RS384", COOKIE, "kid-path"),
    Hole("kid is a query", "ES384", COOKIE, "kid-sql"),
    Hole("the public key is a secret", "RS384", HEADER, "public-key-as-secret"),
    Hole("zeros", "ES384", COOKIE, "zero-signature"),
    Hole("the issuer is the secret", "HS384", HEADER, "guessed-secret"),
    Hole("a decoded word is the secret", "HS512", COOKIE, "guessed-secret"),
    Hole("audience by its beginning", "HS384", COOKIE, "other-audience", True),
    Hole("issuer by its end", "HS512", HEADER, "other-issuer", True),
    Hole("expiry only with iat", "RS384", COOKIE, "expired", True),
    Hole("the renewal opens", "PS512", HEADER, "refresh-as-access"),
    Hole("leaving clears the cookie", "HS384", COOKIE, "after-logout"),
    Hole("the renewal is used twice", "ES384", HEADER, "refresh-reuse"),
    Hole("open to PUT", "RS384", HEADER, "other-methods"),
    Hole("the cookie's name in the address", "HS512", COOKIE, "token-in-address"),
)
ODDITIES = (
    "five minutes of leeway",
    "404 for strangers",
    "a login page for strangers",
    "a new cookie each time",
    "429 after thirty requests",
    "padding",
    "one word for everything",
)


@dataclass
class Unlike:
    alg: str
    way: str = ""  # the hole or the oddity
    alive: set[str] = field(default_factory=set)  # the families of tokens that have not left
    current: dict[str, str] = field(default_factory=dict)  # family: its renewal token's number
    asked: int = 0

    @property
    def key(self) -> Any:
        words = {
            "the issuer is the secret": ISSUER.encode(),
            "a decoded word is the secret": base64.b64decode("changeit"),
        }
        if self.alg == "ES384":
            return EC_KEY
        return words.get(self.way) or private_key(self.alg)

    @property
    def public(self) -> Any:
        return self.key if isinstance(self.key, bytes) else self.key.public_key()

    def issue(self, kind: str, family: str) -> str:
        now, number = int(time.time()), secrets.token_hex(6)
        claims = {"iss": ISSUER, "aud": AUDIENCE, "uid": 7, "iat": now, "exp": now + 900, "no": number, "knd": kind, "fam": family}  # fmt: skip
        if kind == "renewal":
            self.alive.add(family)
            self.current[family] = number
        header = {"kid": KID, "alg": self.alg}
        text = ".".join(encode_segment(json.dumps(part).encode()) for part in (header, claims))
        if isinstance(self.key, bytes):
            signature = hmac.digest(self.key, text.encode(), f"sha{self.alg[2:]}")
        else:
            signature = jwt.get_algorithm_by_name(self.alg).sign(text.encode(), self.key)
        return f"{text}.{encode_segment(signature)}"

    def claims_of(self, text: str, kind: str = "pass") -> dict[str, Any] | None:
        if self.way == "padding":
            text = text.rstrip("=")
        if self.way == "two segments are enough" and text.count(".") == 1:
            text, bare = f"{text}.", True
        else:
            bare = False
        try:
            token = Token.parse(text)
        except TokenError:
            return None
        claims = token.claims or {}
        if not (bare or self.signed(token)) or not self.in_time(claims) or "crit" in token.header:
            return None
        if claims.get("uid") != 7 or isinstance(claims["uid"], bool) or not self.named(claims):
            return None
        right = claims.get("knd") == kind or self.way == "the renewal opens"
        return claims if right and claims.get("fam") in self.alive else None

    def in_time(self, claims: dict[str, Any]) -> bool:
        times = [claims.get(name, 0) for name in ("exp", "nbf", "iat")]
        if not all(type(value) is int for value in times):
            return False
        if self.way == "expiry only with iat" and "iat" not in claims:
            return True
        leeway = 300 if self.way == "five minutes of leeway" else 0
        now = time.time()
        return now < times[0] + leeway and times[0] < now + 1000 and max(times[1:]) <= now + 30

    def named(self, claims: dict[str, Any]) -> bool:
        iss, aud = claims.get("iss"), claims.get("aud")
        if not isinstance(iss, str) or not isinstance(aud, list):
            return False
        if not all(isinstance(name, str) for name in aud):
            return False
        right = iss.endswith(HOST) if self.way == "issuer by its end" else iss == ISSUER
        if self.way == "audience by its beginning":
            return right and any(name.startswith("acme-web") for name in aud)
        return right and "acme-web" in aud

    def signed(self, token: Token) -> bool:
        header, alg = token.header, token.header.get("alg")
        kid = header.get("kid")
        if kid is not None and not isinstance(kid, str):
            return False
        if self.way in WRONG and (wrong := WRONG[self.way](self, token)) is not None:
            return wrong
        return alg == self.alg and matches(token, self.alg, self.public)


EC_KEY = ec.generate_private_key(ec.SECP384R1())


def key_text(alg: str) -> Any:
    key = EC_KEY if alg == "ES384" else private_key(alg)
    if isinstance(key, bytes):
        return key
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def mac(service: Unlike, token: Token) -> bytes:
    return hmac.digest(service.key, token.signing_input, f"sha{service.alg[2:]}")


def sixteen(service: Unlike, token: Token) -> bool:
    right = mac(service, token)
    return token.signature[:16] == right[:16] and len(token.signature) == len(right)


def any_case(service: Unlike, token: Token) -> bool:
    given = token.text.rpartition(".")[2]
    return given.lower() == encode_segment(mac(service, token)).lower()


def unchecked(when: Callable[[Any], bool]) -> Callable[[Unlike, Token], bool | None]:
    """Nothing is verified where the kid is such a one; the algorithm is the right one all the same."""
    return lambda service, token: (
        token.header.get("alg") == service.alg if when(token.header.get("kid")) else None
    )


def fetching(ours: Callable[[str], bool]) -> Callable[[Unlike, Token], bool | None]:
    """Where the address is taken for ours, the key that stands there is used; here: whatever was signed is taken for it."""
    return lambda service, token: (
        True if isinstance(url := token.header.get("jku"), str) and ours(url) else None
    )


def from_file(service: Unlike, token: Token) -> bool | None:
    try:
        with open(f"/{token.header.get('kid')}.pub", "rb") as file:
            return token.header.get("alg") == service.alg and matches(
                token, service.alg, file.read()
            )
    except (OSError, ValueError):
        return None


def from_query(service: Unlike, token: Token) -> bool | None:
    """What a database would select, where the kid ends the text and begins a query."""
    _, union, rest = str(token.header.get("kid")).partition("\" UNION SELECT '")
    key = rest.partition("'")[0]
    return (
        matches(token, service.alg, key)
        if union and token.header.get("alg") == service.alg
        else None
    )


WRONG: dict[str, Callable[[Unlike, Token], bool | None]] = {
    "sixteen bytes of the signature": sixteen,
    "a signature in any case": any_case,
    "no alg, no signature": lambda service, token: (
        not token.signature if token.header.get("alg") is None else None
    ),
    "an unknown kid is not checked": unchecked(lambda kid: kid != KID),
    "no kid is not checked": unchecked(lambda kid: kid is None),
    "jku begins like ours": fetching(lambda url: url.partition("://")[2].startswith(HOST)),
    "jku ends like ours": fetching(lambda url: url.endswith(f"{HOST}/.well-known/jwks.json")),
    "kid is a file": from_file,
    "kid is a query": from_query,
    "the public key is a secret": lambda service, token: (
        matches(token, "HS384", spki(service, serialization.Encoding.DER))
        if token.header.get("alg") == "HS384"
        else None
    ),
    "zeros": lambda service, token: True if token.signature == bytes(96) else None,
}


def application(service: Unlike, travels: dict[str, Any]) -> web.Application:
    app, cookie = web.Application(), travels is COOKIE

    def no(status: int = 401) -> web.Response:
        if service.way == "404 for strangers":
            return web.Response(status=404)
        if service.way == "a login page for strangers":
            return web.Response(status=303, headers={"Location": "/gate"})
        words = "no" if service.way == "one word for everything" else {"why": "not you"}
        return web.json_response(words, status=403 if words == "no" else status)

    def pair(family: str) -> web.Response:
        token = service.issue("pass", family)
        body = {"renewal": service.issue("renewal", family), **({} if cookie else {"pass": token})}
        response = web.json_response(body, headers={"Cache-Control": "no-store"})
        if cookie:
            response.set_cookie("sid", token, httponly=True)
        return response

    async def gate(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.text())
            name, word = body["who"]["name"], body["pw"]
        except Exception:
            return web.json_response({"why": "who.name and pw are needed"}, status=400)
        return pair(secrets.token_hex(6)) if (name, word) == ("bea", "open sesame") else no()

    def token_in(request: web.Request) -> str:
        if service.way == "the cookie's name in the address" and "sid" in request.query:
            return request.query["sid"]
        if cookie:
            return request.cookies.get("sid", "")
        scheme, _, text = request.headers.get("X-Acme", "").partition(" ")
        return text if scheme.lower() == "pass" else ""

    async def things(request: web.Request) -> web.Response:
        service.asked += 1
        if service.way == "429 after thirty requests" and service.asked > 30:
            return web.Response(status=429)
        if service.way == "open to PUT" and request.method == "PUT":
            return web.json_response({})
        claims = service.claims_of(token_in(request))
        if claims is None:
            return no()
        response = web.json_response({"thing": 7})
        if service.way == "a new cookie each time":
            response.set_cookie("sid", service.issue("pass", claims["fam"]))
        return response

    async def again(request: web.Request) -> web.Response:
        try:
            claims = service.claims_of(json.loads(await request.text())["renewal"], "renewal")
        except Exception:
            claims = None
        if claims is None or claims["knd"] != "renewal":
            return no()
        if service.current[claims["fam"]] != claims["no"] and "twice" not in service.way:
            service.alive.discard(claims["fam"])
            return no()
        return pair(claims["fam"])

    async def bye(request: web.Request) -> web.Response:
        claims = service.claims_of(token_in(request))
        if claims is None:
            return no()
        if service.way != "leaving clears the cookie":
            service.alive.discard(claims["fam"])
        response = web.json_response({})
        response.del_cookie("sid")
        return response

    async def keys(request: web.Request) -> web.Response:
        algorithm = jwt.get_algorithm_by_name(service.alg)
        return web.json_response({"keys": [algorithm.to_jwk(service.public, as_dict=True)]})

    app.router.add_post("/gate", gate)
    app.router.add_route("*", "/things/7", things)
    app.router.add_patch("/gate/again", again)
    app.router.add_get("/bye", bye)
    if not isinstance(service.key, bytes):
        app.router.add_get("/keys", keys)
    return app
