"""Tokens a server has to refuse, each one thing away from a good one. Made by PyJWT or by hand, never by the code under test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import jwt


def good_claims(**changes):
    """The claims of a good token at this moment; `name=...` (an Ellipsis) takes a claim out."""
    now = int(time.time())
    claims = {"sub": "1", "scope": "profile", "iat": now, "exp": now + 300, **changes}
    return {name: value for name, value in claims.items() if value is not ...}


def signed(key, header=None, **changes):
    return jwt.encode(good_claims(**changes), key, algorithm="HS256", headers=header)


def segment(value):
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def signed_by_hand(key, header=None, payload=None, digest=hashlib.sha256):
    """A right MAC over any header and any octets; what PyJWT would refuse to make."""
    signing_input = f"{segment({'alg': 'HS256', 'typ': 'JWT'} if header is None else header)}.{segment(good_claims() if payload is None else payload)}"
    return f"{signing_input}.{segment(hmac.new(key.encode(), signing_input.encode(), digest).digest())}"


def with_claims(token, **changes):
    """Other claims under the old signature."""
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{segment({**claims, **changes})}.{signature}"


def unsigned(alg):
    return f"{segment({'alg': alg, 'typ': 'JWT'})}.{segment(good_claims())}."


HOUR = 3600
INVALID = {  # name: token from the server's key
    "empty": lambda key: "",
    "noise": lambda key: "noise",
    "two segments": lambda key: signed(key).rpartition(".")[0],
    "four segments": lambda key: signed(key) + ".x",
    "five segments": lambda key: "a.b.c.d.e",
    "not base64url": lambda key: signed(key).replace(".", ".$", 1),
    "not ASCII": lambda key: signed(key) + "ä",
    "a blank inside": lambda key: signed(key).replace(".", ". ", 1),
    "two tokens": lambda key: signed(key) + " " + signed(key),
    "Bearer twice": lambda key: "Bearer " + signed(key),
    "quotes": lambda key: f'"{signed(key)}"',
    "ten kilobytes of noise": lambda key: "x" * 10_000,
    "ten kilobytes of dots": lambda key: "." * 10_000,
    "other claims, old signature": lambda key: with_claims(signed(key), sub="2"),
    "a letter of the signature changed": lambda key: (
        signed(key)[:-10] + ("A" if signed(key)[-10] != "A" else "B") + signed(key)[-9:]
    ),
    "signature cut off": lambda key: signed(key).rpartition(".")[0] + ".",
    "another key": lambda key: signed("another key of at least 32 bytes, all right"),
    "alg none": lambda key: unsigned("none"),
    "alg nOnE": lambda key: unsigned("nOnE"),
    "alg none, signature kept": lambda key: unsigned("none") + signed(key).rpartition(".")[2],
    "alg empty": lambda key: unsigned(""),
    "alg missing": lambda key: signed_by_hand(key, {"typ": "JWT"}),
    "alg a list": lambda key: signed_by_hand(key, {"alg": ["HS256"]}),
    "alg hs256": lambda key: signed_by_hand(key, {"alg": "hs256"}),
    "HS512 with the right key": lambda key: signed_by_hand(
        key, {"alg": "HS512"}, digest=hashlib.sha512
    ),
    "says RS256": lambda key: signed_by_hand(key, {"alg": "RS256"}),
    "crit nobody knows": lambda key: signed_by_hand(key, {"alg": "HS256", "crit": ["x"], "x": 1}),
    "b64 false": lambda key: signed_by_hand(key, {"alg": "HS256", "crit": ["b64"], "b64": False}),
    "its own key in the header": lambda key: signed_by_hand(
        "k" * 32, {"alg": "HS256", "jwk": {"kty": "oct", "k": segment(b"k" * 32)}}
    ),
    "kid a path": lambda key: signed_by_hand("k" * 32, {"alg": "HS256", "kid": "../../dev/null"}),
    "header an array": lambda key: signed_by_hand(key, []),
    "payload an array": lambda key: signed_by_hand(key, payload=[1]),
    "payload no JSON": lambda key: signed_by_hand(key, payload=b"hello"),
    "payload not UTF-8": lambda key: signed_by_hand(key, payload=b'{"sub":"\xff"}'),
    "payload null": lambda key: signed_by_hand(key, payload=b"null"),
    "payload nested without end": lambda key: signed_by_hand(
        key, payload=b'{"sub":' + b"[" * 3000 + b"]" * 3000 + b"}"
    ),
    "expired": lambda key: signed(key, exp=int(time.time()) - HOUR),
    "expired this second": lambda key: signed(key, exp=int(time.time())),
    "not yet valid": lambda key: signed(key, nbf=int(time.time()) + HOUR),
    "issued in the future": lambda key: signed(key, iat=int(time.time()) + HOUR),
    "no exp": lambda key: signed(key, exp=...),
    "no sub": lambda key: signed(key, sub=...),
    "exp a word": lambda key: signed_by_hand(key, payload=good_claims(exp="tomorrow")),
    "exp null": lambda key: signed_by_hand(key, payload=good_claims(exp=None)),
    "exp a list": lambda key: signed_by_hand(key, payload=good_claims(exp=[1])),
    "exp NaN": lambda key: signed_by_hand(key, payload=b'{"sub":"1","exp":NaN}'),
    "exp infinite": lambda key: signed_by_hand(key, payload=b'{"sub":"1","exp":Infinity}'),
    "exp 1e999": lambda key: signed_by_hand(key, payload=b'{"sub":"1","exp":1e999}'),
    "exp of 5,000 digits": lambda key: signed_by_hand(
        key, payload=b'{"sub":"1","exp":' + b"9" * 5000 + b"}"
    ),
    "nbf infinite": lambda key: signed_by_hand(
        key, payload=b'{"sub":"1","exp":4102444800,"nbf":1e999}'
    ),
    "iat infinite": lambda key: signed_by_hand(
        key, payload=b'{"sub":"1","exp":4102444800,"iat":1e999}'
    ),
    "sub a number": lambda key: signed_by_hand(key, payload=good_claims(sub=1)),
    "sub zero": lambda key: signed_by_hand(key, payload=good_claims(sub=0)),
    "sub null": lambda key: signed_by_hand(key, payload=good_claims(sub=None)),
    "sub true": lambda key: signed_by_hand(key, payload=good_claims(sub=True)),
    "sub a list": lambda key: signed_by_hand(key, payload=good_claims(sub=["1"])),
    "sub empty": lambda key: signed(key, sub=""),
    "sub 01": lambda key: signed(key, sub="01"),
    "sub with a blank": lambda key: signed(key, sub="1 "),
    "sub half a surrogate pair": lambda key: signed_by_hand(
        key, payload=b'{"sub":"\\ud800","exp":4102444800}'
    ),
    "user gone": lambda key: signed(key, sub="99"),
    "for another audience": lambda key: signed(key, aud="somebody else"),
}
