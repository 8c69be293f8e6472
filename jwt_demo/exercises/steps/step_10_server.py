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
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256
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


def guarded_by(verify: Any, bench: Any, *keys: str) -> web.Application:
    """An application that accepts a token when `verify(token, key)` gives its claims; each path has a key of its own."""
    key_of = dict(zip((FIRST, SECOND), keys, strict=True))

    async def get_user(request: web.Request) -> web.Response:
        key = key_of[request.path]
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
    for path in key_of:
        app.router.add_get(path, get_user)
    return app


FIRST, SECOND = "/get-user", "/with-the-second-key"


def forge(header: Any, claims: Any, key: str | None = None, digest: str = "sha256") -> str:
    """A token that says anything; with `key` there is an HMAC behind it."""
    signing_input = ".".join(encode_segment(json.dumps(part).encode()) for part in (header, claims))
    signature = hmac.digest(key.encode(), signing_input.encode(), digest) if key else b""
    return f"{signing_input}.{encode_segment(signature)}"


class Forgery(Bench):
    """A bench with a key pair beside the key, and forged tokens by name."""

    def __init__(self) -> None:
        super().__init__()
        self.private, self.second_private = rsa_key(), rsa_key(2)
        self.pem = pem_of(self.private)
        self.body, self.second_body = body_of(self.pem), body_of(pem_of(self.second_private))
        self.second_key = new_key()
        self.kept: dict[str, str] = {}
        self.exp = int(self.now.timestamp()) + 300
        self.sent = ""  # the last token
        self.found: Any = None  # what the reader's function gave for it

    def token(self, name: str) -> str:
        return FORGED[name](self) if name in FORGED else super().token(name)

    def once(self, name: str) -> str:
        """The token of this name, the same one each time."""
        if name not in self.kept:
            self.kept[name] = self.token(name)
        return self.kept[name]

    def claims(self, **more: Any) -> dict[str, Any]:
        return {"sub": self.sub, "exp": self.exp, "jti": new_key()[:16], **more}

    def admin_claims(self) -> dict[str, Any]:
        return self.claims(sub=self.admin_sub)

    def typed(self, kind: Any, key: str | None = None, **claims: Any) -> str:
        return forge({"alg": "HS256", "typ": kind}, self.claims(**claims), key or self.key)

    def under(self, header: dict[str, Any]) -> str:
        """A token with this header and the right signature."""
        return forge(header, self.claims(), self.key)

    def signed(self, algorithm: str, key: Any = None, **claims: Any) -> str:
        """By the private half of the key pair, or by another key."""
        return jwt.encode(self.claims(**claims), key or self.private, algorithm=algorithm)


def signed_rs256(bench: Any, header: dict[str, Any]) -> str:
    """A token with the right signature under any header."""
    signing_input = forge(header, bench.claims()).rpartition(".")[0]
    signature = bench.private.sign(signing_input.encode(), PKCS1v15(), SHA256())
    return f"{signing_input}.{encode_segment(signature)}"


def pem_of(private: Any) -> str:
    public = private.public_key()
    pem: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def body_of(pem: str) -> str:
    return "".join(pem.splitlines()[1:-1])


def tampered_rs256(bench: Any) -> str:
    good = FORGED["RS256"](bench).split(".")
    return ".".join((good[0], encode_segment(json.dumps(bench.admin_claims()).encode()), good[2]))


def with_signature(change: Callable[[bytes], bytes]) -> Callable[[Any], str]:
    """The good token with another signature, made of its own."""

    def make(bench: Any) -> str:
        token = Token.parse(bench.token("good"))
        return f"{token.signing_input.decode()}.{encode_segment(change(token.signature))}"

    return make


def in_other_letters(bench: Any) -> str:
    """The good token with capital letters for small ones in its signature, and small for capital; the last holds spare bits."""
    token: str = bench.token("good")
    head, dot, signature = token.rpartition(".")
    return head + dot + signature[:-1].swapcase() + signature[-1]


def bytes_in_other_letters(bench: Any) -> str:
    """The bytes that are ASCII letters are changed, in a token that has some in its signature."""
    while True:
        token = forge({"alg": "HS256"}, bench.claims(), bench.key)
        octets = Token.parse(token).signature
        if octets != octets.swapcase():
            return f"{token.rpartition('.')[0]}.{encode_segment(octets.swapcase())}"


def inverted(octets: bytes) -> bytes:
    return bytes(octet ^ 0xFF for octet in octets)


FORGED: dict[str, Callable[[Any], str]] = {
    "alg none": lambda bench: forge({"alg": "none"}, bench.admin_claims()),
    "alg nOnE": lambda bench: forge({"alg": "nOnE"}, bench.admin_claims()),
    "stripped": lambda bench: forge({"alg": "HS256"}, bench.admin_claims()),
    "half a signature": with_signature(lambda octets: octets[:16]),
    "a longer signature": with_signature(lambda octets: octets + b"x"),
    "a zero byte in front": with_signature(lambda octets: b"\0" + octets),
    "a zero byte behind": with_signature(lambda octets: octets + b"\0"),
    "a space behind": with_signature(lambda octets: octets + b" "),
    "bytes in another order": with_signature(lambda octets: octets[::-1]),
    "first half right": with_signature(lambda octets: octets[:16] + inverted(octets[16:])),
    "second half right": with_signature(lambda octets: inverted(octets[:16]) + octets[16:]),
    "no alg": lambda bench: forge({"typ": "JWT"}, bench.admin_claims(), new_key()),
    "alg 5": lambda bench: forge({"alg": 5}, bench.admin_claims(), new_key()),
    "another key, new claims": lambda bench: bench.sign(new_key(), jti=new_key()[:16]),
    "second key": lambda bench: bench.sign(bench.second_key, sub=bench.admin_sub),
    "letters in the other case": in_other_letters,
    "bytes in the other case": bytes_in_other_letters,
    "no alg, right key": lambda bench: forge({"typ": "JWT"}, bench.claims(), bench.key),
    "alg 5, right key": lambda bench: forge({"alg": 5}, bench.claims(), bench.key),
    **{
        f"alg {alg}, right key": functools.partial(Forgery.under, header={"alg": alg})
        for alg in ("hs256", "Hs256")
    },
    "RS256 without alg": lambda bench: signed_rs256(bench, {"typ": "JWT"}),
    "RS256 with alg 5": lambda bench: signed_rs256(bench, {"alg": 5}),
    "RS256, kept": lambda bench: bench.once("RS256"),
    "RS256, second key": lambda bench: bench.signed(
        "RS256", bench.second_private, sub=bench.admin_sub
    ),
    "access, kept": lambda bench: bench.once("access"),
    "access, second key": lambda bench: bench.typed(
        "at+jwt", bench.second_key, sub=bench.admin_sub
    ),
    "access, no alg": lambda bench: forge({"typ": "at+jwt"}, bench.claims(), bench.key),
    "access, alg 5": lambda bench: forge({"alg": 5, "typ": "at+jwt"}, bench.claims(), bench.key),
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
    sent: str,
    token: str,
    means: str,
    *mistakes: Mistake,
    wants: tuple[Want, ...] = (),
    path: str = FIRST,
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
    return Case(sent, Request("GET", path, token=token), all_wants, means, mistakes)


def kind_of(found: Any) -> str:
    """What came back instead of the claims, without its values, which differ in each run."""
    if isinstance(found, dict):
        return f"a dictionary with the members {', '.join(map(str, found))}"
    return f"not claims but {type(found).__name__}"


def rejects(
    sent: str,
    token: str,
    means: str,
    *mistakes: Mistake,
    path: str = FIRST,
    asked_before: bool = False,
) -> Case:
    return Case(
        sent,
        Request("GET", path, token=token),
        (status(401),),
        means,
        (NO_CLAIMS, *mistakes),
        asked_before,
    )


def keeps_nothing(function: str, key: str, good: str, second: str) -> tuple[Case, Case]:
    """Two calls with a second key: who keeps the first key rejects its token, who keeps tokens accepts an old one."""
    return (
        accepts(
            f"{function}(a token of another user, signed with another key; {key}: that key)",
            second,
            f"This token fits the `{key}` that is given in this call. Use it: keep neither keys nor claims from earlier calls.",
            path=SECOND,
        ),
        rejects(
            f"{function}(the good token; {key}: another key)",
            good,
            f"You accepted this token before, with its own key. This call gives another `{key}`, and the signature does not fit it. Verify in each call: keep no tokens and no results.",
            path=SECOND,
        ),
    )


def expired_since(function: str, key: str, expired: str) -> Case:
    return rejects(
        f"{function}(a token, {key}) before it expires, and once more after that",
        expired,
        "In the second call the token has expired, and you accepted it. Other expired tokens you reject. Verify in each call: keep no tokens and no results.",
        asked_before=True,
    )


def survives(sent: str, token: str, *mistakes: Mistake) -> Case:
    """A token whose signature is right and whose header names no algorithm: who never asks the header may accept it."""
    wanted = Want(
        "status 401 (or 200, where the header is not asked), and no exception",
        lambda trial: trial.status in (200, 401),
    )
    return Case(
        sent,
        Request("GET", FIRST, token=token),
        (wanted,),
        "Reject this token without an exception.",
        mistakes,
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
