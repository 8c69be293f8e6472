"""The door of step 10: a server that believes what the reader's verifier believes, and the tokens that are sent to it."""

from __future__ import annotations

import functools
import hmac
import inspect
import json
from collections.abc import Callable
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ...stages.middleware import bearer_token, invalid_token
from ...stages.parts.secret_key import new_key
from ...tokens.anatomy import TokenError, encode_segment
from ..checker import Bench
from ..matchers import raised, status
from ..model import Case, Mistake, Request, Trial, Want

GIVEN = """
import hmac

import jwt

from jwt_demo import Token


def hs256(key):
    return lambda signing_input: hmac.digest(key.encode(), signing_input, "sha256")


SIGNERS = {"hs256": hs256, "none": lambda key: lambda signing_input: b""}


def armoured(body):
    return f"-----BEGIN PUBLIC KEY-----\\n{body}\\n-----END PUBLIC KEY-----\\n"
"""

# --- the door and its tokens -----------------------------------------------------------------------------------------


def guarded_by(verify: Any, *arguments: Any) -> web.Application:
    """An application whose only question is: who does `verify(token, ...)` say you are?"""

    async def get_user(request: web.Request) -> web.Response:
        try:
            claims = verify(bearer_token(request.headers.get("Authorization", "")), *arguments)
            claims = await claims if inspect.isawaitable(claims) else claims
        except (jwt.InvalidTokenError, TokenError):
            claims = None
        if not claims:
            return invalid_token()
        return web.json_response(
            {
                "user": claims.get("sub")
                if isinstance(claims, dict)
                else f"no claims but {type(claims).__name__}"
            }
        )

    app = web.Application()
    app.router.add_get("/get-user", get_user)
    return app


def forge(header: Any, claims: Any, key: str | None = None, digest: str = "sha256") -> str:
    """A token that says anything; with `key` there is an HMAC behind it."""
    signing_input = ".".join(encode_segment(json.dumps(part).encode()) for part in (header, claims))
    signature = hmac.digest(key.encode(), signing_input.encode(), digest) if key else b""
    return f"{signing_input}.{encode_segment(signature)}"


@functools.cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


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

    def token(self, name: str) -> str:
        return FORGED[name](self) if name in FORGED else super().token(name)

    def claims(self, **more: Any) -> dict[str, Any]:
        return {"sub": "1", "exp": self.exp, **more}

    def typed(self, kind: Any, key: str | None = None, **claims: Any) -> str:
        return forge({"alg": "HS256", "typ": kind}, self.claims(**claims), key or self.key)


def tampered_rs256(bench: Any) -> str:
    good = FORGED["RS256"](bench).split(".")
    return ".".join((good[0], encode_segment(json.dumps(bench.claims(sub="2")).encode()), good[2]))


FORGED: dict[str, Callable[[Any], str]] = {
    "alg none": lambda bench: forge({"alg": "none"}, bench.claims(sub="2")),
    "alg nOnE": lambda bench: forge({"alg": "nOnE"}, bench.claims(sub="2")),
    "stripped": lambda bench: forge({"alg": "HS256"}, bench.claims(sub="2")),
    "no alg": lambda bench: forge({"typ": "JWT"}, bench.claims(sub="2"), new_key()),
    "alg 5": lambda bench: forge({"alg": 5}, bench.claims(sub="2"), new_key()),
    "HS512": lambda bench: forge({"alg": "HS512"}, bench.claims(), bench.key, "sha512"),
    "RS256": lambda bench: jwt.encode(bench.claims(), bench.private, algorithm="RS256"),
    "tampered RS256": tampered_rs256,
    "the PEM as a secret": lambda bench: forge({"alg": "HS256"}, bench.claims(sub="2"), bench.pem),
    "the body as a secret": lambda bench: forge(
        {"alg": "HS256"}, bench.claims(sub="2"), bench.body
    ),
    "the body as a secret, HS512": lambda bench: forge(
        {"alg": "HS512"}, bench.claims(sub="2"), bench.body, "sha512"
    ),
    "access": lambda bench: bench.typed("at+jwt"),
    "access, long form": lambda bench: bench.typed("application/at+jwt"),
    "access, upper case": lambda bench: bench.typed("AT+JWT"),
    "refresh": lambda bench: bench.typed("rt+jwt"),
    "plain": lambda bench: bench.typed("JWT"),
    "no typ": lambda bench: forge({"alg": "HS256"}, bench.claims(), bench.key),
    "typ 5": lambda bench: bench.typed(5),
    "typ as a claim": lambda bench: bench.typed("rt+jwt", typ="at+jwt"),
    "access, another key": lambda bench: bench.typed("at+jwt", new_key(), sub="2"),
    "access, expired": lambda bench: bench.typed("at+jwt", exp=bench.exp - 3600),
}


def user(trial: Trial) -> Any:
    return trial.exchange.json().get("user") if trial.exchange and trial.exchange.ok else None


def let_in(sent: str, token: str, means: str, *mistakes: Mistake) -> Case:
    wants = (
        status(200),
        Want(
            "the claims of user 1",
            lambda trial: user(trial) == "1",
            None,
            "Give back the token's claims, the dictionary itself.",
        ),
    )
    return Case(sent, Request("GET", "/get-user", token=token), wants, means, mistakes=mistakes)


def keep_out(sent: str, token: str, means: str, *mistakes: Mistake) -> Case:
    return Case(
        sent, Request("GET", "/get-user", token=token), (status(401),), means, mistakes=mistakes
    )


AGAIN = "The good token got in at first, and does not any more: the function remembers something between two tokens."
FROM_THE_TOKEN = Mistake(
    raised(jwt.InvalidKeyError),
    "PyJWT raised InvalidKeyError: key and algorithm do not fit, because the token chose the algorithm. It stopped the forgery and the server "
    "answered 500, our fault. Name one algorithm yourself, and the token is refused for what it is.",
)
