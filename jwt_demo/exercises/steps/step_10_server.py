"""The server of step 10, which believes what the reader's verifier believes, and the tokens that are sent to it."""

from __future__ import annotations

import functools
import hmac
import inspect
import json
from collections.abc import Callable
from typing import Any

import jwt
from aiohttp import web

from ...stages.middleware import bearer_token, invalid_token
from ...stages.parts.secret_key import new_key
from ...tokens.anatomy import Token, TokenError, encode_segment
from ...tokens.crypto_library import IS_HERE
from ..fixtures import Bench
from ..matchers import raised, same, status
from ..model import Case, Mistake, Request, Want
from .step_09_keys import rsa_key

if IS_HERE:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

GIVEN = """
import hmac

import jwt

from jwt_demo import Token


def hs256(key):
    return lambda signing_input: hmac.digest(key.encode(), signing_input, "sha256")


SIGNERS = {"hs256": hs256, "none": lambda key: lambda signing_input: b""}


def full_pem(body):
    return f"-----BEGIN PUBLIC KEY-----\\n{body}\\n-----END PUBLIC KEY-----\\n"
"""

# --- the server and its tokens ---------------------------------------------------------------------------------------


def guarded_by(verify: Any, bench: Any, key: str) -> web.Application:
    """An application that accepts a token when `verify(token, key)` gives its claims."""

    async def get_user(request: web.Request) -> web.Response:
        bench.sent = bearer_token(request.headers.get("Authorization", ""))
        bench.found = None
        try:
            found = verify(bench.sent, key)
            bench.found = await found if inspect.isawaitable(found) else found
        except (jwt.InvalidTokenError, TokenError):
            return invalid_token()
        if bench.found is None:
            return invalid_token()
        if not isinstance(bench.found, dict):
            return web.json_response({"no claims": type(bench.found).__name__})
        return web.json_response({"user": str(bench.found.get("sub"))})

    app = web.Application()
    app.router.add_get("/get-user", get_user)
    return app


def forge(header: Any, claims: Any, key: str | None = None, digest: str = "sha256") -> str:
    """A token that says anything; with `key` there is an HMAC behind it."""
    signing_input = ".".join(encode_segment(json.dumps(part).encode()) for part in (header, claims))
    signature = hmac.digest(key.encode(), signing_input.encode(), digest) if key else b""
    return f"{signing_input}.{encode_segment(signature)}"


class Forgery(Bench):
    """A bench with a key pair beside the key, and forged tokens by name."""

    def __init__(self) -> None:
        super().__init__()
        self.private = rsa_key()
        self.pem = (
            self.private.public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )
        self.body = "".join(self.pem.splitlines()[1:-1])
        self.exp = int(self.now.timestamp()) + 300
        self.sent = ""  # the last token
        self.found: Any = None  # what the reader's function gave for it

    def token(self, name: str) -> str:
        return FORGED[name](self) if name in FORGED else super().token(name)

    def claims(self, **more: Any) -> dict[str, Any]:
        return {"sub": self.sub, "exp": self.exp, "jti": new_key()[:16], **more}

    def admin_claims(self) -> dict[str, Any]:
        return self.claims(sub=self.admin_sub)

    def typed(self, kind: Any, key: str | None = None, **claims: Any) -> str:
        return forge({"alg": "HS256", "typ": kind}, self.claims(**claims), key or self.key)

    def signed(self, algorithm: str, key: Any = None, **claims: Any) -> str:
        """By the private half of the key pair, or by another key."""
        return jwt.encode(self.claims(**claims), key or self.private, algorithm=algorithm)


def tampered_rs256(bench: Any) -> str:
    good = FORGED["RS256"](bench).split(".")
    return ".".join((good[0], encode_segment(json.dumps(bench.admin_claims()).encode()), good[2]))


def with_signature(change: Callable[[bytes], bytes]) -> Callable[[Any], str]:
    """The good token with another signature, made of its own."""

    def make(bench: Any) -> str:
        token = Token.parse(bench.token("good"))
        return f"{token.signing_input.decode()}.{encode_segment(change(token.signature))}"

    return make


def inverted(octets: bytes) -> bytes:
    return bytes(octet ^ 0xFF for octet in octets)


FORGED: dict[str, Callable[[Any], str]] = {
    "alg none": lambda bench: forge({"alg": "none"}, bench.admin_claims()),
    "alg nOnE": lambda bench: forge({"alg": "nOnE"}, bench.admin_claims()),
    "stripped": lambda bench: forge({"alg": "HS256"}, bench.admin_claims()),
    "half a signature": with_signature(lambda octets: octets[:16]),
    "a longer signature": with_signature(lambda octets: octets + b"x"),
    "bytes in another order": with_signature(lambda octets: octets[::-1]),
    "first half right": with_signature(lambda octets: octets[:16] + inverted(octets[16:])),
    "second half right": with_signature(lambda octets: inverted(octets[:16]) + octets[16:]),
    "no alg": lambda bench: forge({"typ": "JWT"}, bench.admin_claims(), new_key()),
    "alg 5": lambda bench: forge({"alg": 5}, bench.admin_claims(), new_key()),
    "HS384": lambda bench: forge({"alg": "HS384"}, bench.claims(), bench.key, "sha384"),
    "HS512": lambda bench: forge({"alg": "HS512"}, bench.claims(), bench.key, "sha512"),
    **{
        name: functools.partial(Forgery.signed, algorithm=name)
        for name in ("RS256", "RS384", "RS512", "PS256")
    },
    "ES256": lambda bench: bench.signed("ES256", ec.generate_private_key(ec.SECP256R1())),
    "EdDSA": lambda bench: bench.signed("EdDSA", ed25519.Ed25519PrivateKey.generate()),
    "tampered RS256": tampered_rs256,
    "expired RS256": lambda bench: bench.signed("RS256", exp=bench.exp - 3600),
    "the full PEM as a secret": lambda bench: forge(
        {"alg": "HS256"},
        bench.admin_claims(),
        f"-----BEGIN PUBLIC KEY-----\n{bench.body}\n-----END PUBLIC KEY-----\n",
    ),
    "the PEM as a secret": lambda bench: forge({"alg": "HS256"}, bench.admin_claims(), bench.pem),
    "the body as a secret": lambda bench: forge({"alg": "HS256"}, bench.admin_claims(), bench.body),
    "the body as a secret, HS512": lambda bench: forge(
        {"alg": "HS512"}, bench.admin_claims(), bench.body, "sha512"
    ),
    "access": lambda bench: bench.typed("at+jwt"),
    "access, HS384": lambda bench: forge(
        {"alg": "HS384", "typ": "at+jwt"}, bench.claims(), bench.key, "sha384"
    ),
    "access, HS512": lambda bench: forge(
        {"alg": "HS512", "typ": "at+jwt"}, bench.claims(), bench.key, "sha512"
    ),
    "no typ": lambda bench: forge({"alg": "HS256"}, bench.claims(), bench.key),
    "no typ, but a claim": lambda bench: forge(
        {"alg": "HS256"}, bench.claims(typ="at+jwt"), bench.key
    ),
    "typ as a claim": lambda bench: bench.typed("rt+jwt", typ="at+jwt"),
    "access, another key": lambda bench: bench.typed("at+jwt", new_key(), sub=bench.admin_sub),
    "access, expired": lambda bench: bench.typed("at+jwt", exp=bench.exp - 3600),
}


def of_kind(kind: Any) -> str:
    """The name of a good token with this `typ` in its header."""
    name = f"typ {kind!r}"
    FORGED[name] = functools.partial(Forgery.typed, kind=kind)
    return name


# --- cases -----------------------------------------------------------------------------------------------------------


def accepts(
    sent: str, token: str, means: str, *mistakes: Mistake, wants: tuple[Want, ...] = ()
) -> Case:
    all_wants = (
        status(200),
        Want(
            "the claims of this token",
            lambda trial: same(trial.bench.found, Token.parse(trial.bench.sent).claims),
            lambda trial: kind_of(trial.bench.found),
            "Return the claims of the token, the whole dictionary and nothing else.",
        ),
        *wants,
    )
    return Case(sent, Request("GET", "/get-user", token=token), all_wants, means, mistakes)


def kind_of(found: Any) -> str:
    """What came back instead of the claims, without its values, which differ in each run."""
    if isinstance(found, dict):
        return f"a dictionary with the members {', '.join(map(str, found))}"
    return f"not claims but {type(found).__name__}"


def rejects(sent: str, token: str, means: str, *mistakes: Mistake) -> Case:
    return Case(
        sent,
        Request("GET", "/get-user", token=token),
        (status(401),),
        means,
        mistakes=(NO_CLAIMS, *mistakes),
    )


NO_CLAIMS = Mistake(
    lambda trial: (
        trial.error is None
        and trial.bench.found is not None
        and (not trial.bench.found or not isinstance(trial.bench.found, dict))
    ),
    "This token is to be rejected: return None, or let the exception of PyJWT or `Token.parse` pass. Your function returned something else.",
)


AGAIN = "The good token was accepted at first, and is not any more. Keep nothing from the tokens in between."
FROM_THE_TOKEN = Mistake(
    raised(jwt.InvalidKeyError),
    "PyJWT raised InvalidKeyError: key and algorithm do not fit. The forged token was not accepted, but the response was 500, which blames the server. "
    "Allow one algorithm, the one that this key is for: then the token is rejected before the key is used.",
)
