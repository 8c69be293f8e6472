"""Checking a signature with a key, and making one; the key and the header say what is allowed.

>>> token = Token.parse("eyJhbGciOiJIUzI1NiJ9.e30.x6CcB1cNq0S5TXkQeGhx5ukAJd2BvRPp_1dT1sK1CVs")
>>> verify(token, read_keys("a key that did not sign it, of forty bytes"))
Verdict(verified=False, reason='HS256 over these bytes with this key gives another signature')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

from .anatomy import NotBase64url, Token, TokenError, encode_segment
from .keys import Key, KeyUnreadable, read_keys
from .policy import ALGORITHMS as SUPPORTED

__all__ = ["SUPPORTED", "Key", "KeyUnreadable", "Verdict", "read_keys", "sign", "verify"]


@dataclass(frozen=True)
class Verdict:
    """`verified` is None when nothing was checked; `reason` is a sentence without its full stop."""

    verified: bool | None
    reason: str


def verify(token: Token, keys: list[Key], error: TokenError | None = None) -> Verdict:
    """Whether one of the keys that may be used for it verifies the signature (RFC 7515 §5.2).

    `error` is what `Token.parse` said of the text; a loose spelling of base64url is not verified at all, or one token would have many texts.
    """
    if not keys:
        return Verdict(None, "not checked, no key was given")
    if isinstance(error, NotBase64url):
        return Verdict(False, f"not strict base64url: {error}")
    if refusal := on_header(token.header):
        return Verdict(False, refusal)

    alg, kid = token.header["alg"], token.header.get("kid")
    if len(keys) > 1 and kid is not None:
        keys = [key for key in keys if key.kid == kid]
        if len(keys) != 1:
            return Verdict(
                False,
                "no key of the set has this `kid`"
                if not keys
                else "two keys of the set have this `kid`",
            )
    objections = [key.objection(alg, "verify") for key in keys]
    usable = [key for key, objection in zip(keys, objections, strict=True) if not objection]
    if not usable:
        return Verdict(
            False, objections[0] if len(keys) == 1 else f"no key of the set may be used for {alg}"
        )
    try:
        if any(matches(token, alg, key) for key in usable):
            return Verdict(
                True,
                f"{alg}, with {usable[0].describe()}"
                if len(usable) == 1
                else f"{alg}, with a key of the set",
            )
    except jwt.InvalidKeyError as error:
        return Verdict(False, f"this key cannot be used: {error}")
    return Verdict(
        False,
        f"{alg} over these bytes with {'this key' if len(usable) == 1 else 'these keys'} {OTHERWISE[alg[:2] == 'HS']}",
    )


OTHERWISE = {True: "gives another signature", False: "does not confirm this signature"}


def on_header(header: dict[str, Any]) -> str:
    alg, crit = header.get("alg"), header.get("crit")
    if not isinstance(alg, str):
        return "the header names no algorithm"
    if alg.lower() == "none":
        return "nobody signed it (`alg` is none)"
    if alg not in SUPPORTED:
        return "its algorithm is not known here"
    if "crit" in header and not (
        isinstance(crit, list) and crit and all(isinstance(name, str) for name in crit)
    ):
        return "`crit` is not a list of names"
    if "crit" in header:
        return "`crit` names a parameter that is not understood here, so the token must be refused (RFC 7515 §4.1.11)"
    return ""


def matches(token: Token, alg: str, key: Key) -> bool:
    algorithm = jwt.algorithms.get_default_algorithms()[alg]
    return bool(token.signature) and algorithm.verify(
        token.signing_input, algorithm.prepare_key(key.public), token.signature
    )


def sign(signing_input: bytes, alg: str, key: Key) -> str:
    """A signature as base64url; ValueError when the key may not or cannot make it."""
    if alg not in SUPPORTED:
        raise ValueError(
            f"{alg} is no algorithm that signs here"
            if isinstance(alg, str)
            else "the header names no algorithm"
        )
    if objection := key.objection(alg, "sign"):
        raise ValueError(objection)
    if not key.signs:
        raise ValueError("a public key verifies; to sign, its private half is needed")
    algorithm = jwt.algorithms.get_default_algorithms()[alg]
    return encode_segment(algorithm.sign(signing_input, algorithm.prepare_key(key.material)))
