"""Checking a signature with a key, and making one; the key and the header say what is allowed.

>>> token = Token.parse("eyJhbGciOiJIUzI1NiJ9.e30.x6CcB1cNq0S5TXkQeGhx5ukAJd2BvRPp_1dT1sK1CVs")
>>> verify(token, read_keys("a key that did not sign it, of forty bytes"))  # doctest: +ELLIPSIS
Verdict(verified=False, reason='HS256 over these bytes with this key gives another signature. ...')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jwt

from .algorithms import SUPPORTED, not_verified
from .anatomy import NotBase64url, Token, TokenError, encode_segment
from .crypto_library import IS_HERE, WITHOUT
from .findings import Finding, finding, findings
from .key_material import fits
from .keys import Key, KeyUnreadable, read_keys
from .matching import algorithm_of, matches, safely_matches
from .signature_hints import confused_with, hint_on, other_form_that_fits, raw_key_that_fits

__all__ = [
    "SUPPORTED",
    "Key",
    "KeyUnreadable",
    "Verdict",
    "all_findings",
    "read_keys",
    "sign",
    "verify",
]


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

    alg = token.header["alg"]
    if not IS_HERE and alg[:2] != "HS":
        return Verdict(None, f"not checked: {alg} {WITHOUT}")
    usable = [key for key in keys if not key.objection(alg, "verify")]
    if not usable:
        return Verdict(False, no_usable_key(token, alg, keys))
    named = any(key.kid is not None for key in keys)  # a file of PEMs, say, names none
    if len(keys) > 1 and named and (kid := token.header.get("kid")) is not None:
        usable = [key for key in usable if key.kid == kid]
        if not usable:
            return Verdict(False, no_such_kid(token, alg, kid, keys))
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
    which = "this key" if len(usable) == 1 else "these keys"
    result = "gives another signature" if alg[:2] == "HS" else "does not confirm this signature"
    hint = hint_on(token, alg, usable) or (
        "Another key signed it, or this one in another way, or the token was changed"
    )
    return Verdict(False, f"{alg} over these bytes with {which} {result}. {hint}")


KEYS_FOR = {
    "HS": "a secret",
    "RS": "an RSA key",
    "PS": "an RSA key",
    "ES": "an EC key",
    "Ed": "an Ed25519 or Ed448 key",
}


def no_usable_key(token: Token, alg: str, keys: list[Key]) -> str:
    """Why none of the keys may verify this algorithm, and what would."""
    if fitting := raw_key_that_fits(token, alg, keys):
        return fitting
    if len(keys) > 1:
        kinds = ", ".join(dict.fromkeys(key.alg or key.kind for key in keys))
        return f"no key of the set may be used for {alg}: it has keys for {kinds[:80]}"
    objection = keys[0].objection(alg, "verify")
    if fits(alg, keys[0].kind):
        return objection
    if keys[0].kind == "secret" and keys[0].form in ("text", "bytes"):
        found = (
            f"no form of a public key was recognised in this text, {alg} needs {KEYS_FOR[alg[:2]]}"
        )
        return f"{found}: give the issuer's public key (PEM, JWK or JWK Set)"
    if keys[0].kind == "secret":
        return f"{objection}: give the issuer's public key (PEM, JWK or JWK Set)"
    if alg.startswith("HS") and (confused := confused_with(token, alg, keys[0])):
        return confused
    if alg.startswith("HS"):
        return f"{objection}. Only who knows the issuer's secret can check it"
    return objection


def no_such_kid(token: Token, alg: str, kid: Any, keys: list[Key]) -> str:
    """The token names a key that the set has not, or has for something else."""
    words = "no key of the set has this `kid`"
    if any(key.kid == kid for key in keys):
        other = next(key for key in keys if key.kid == kid)
        return (
            f"the key of the set with this `kid` may not be used: {other.objection(alg, 'verify')}"
        )
    named = [ascii(key.kid)[:40] for key in keys if key.kid is not None]
    left_out = [one for one in getattr(keys, "left_out", ()) if repr(kid)[:60] in one]
    if left_out:
        return f"{words} and can be read; left out is {left_out[0]}"
    for key in keys:
        if not key.objection(alg, "verify") and safely_matches(token, alg, key):
            which = f"the one with kid {ascii(key.kid)[:40]}" if key.kid else "one without a kid"
            return f"{words}. The signature fits {which}: the token's `kid` is wrong, or the set's"
    shown = ", ".join(named[:5]) + (", …" if len(named) > 5 else "")
    return f"{words} (it has {shown}). Was the key replaced? Fetch the set again"


def on_header(header: dict[str, Any]) -> str:
    alg, crit = header.get("alg"), header.get("crit")
    if words := not_verified(alg):
        return words
    if "crit" in header and not (
        isinstance(crit, list) and crit and all(isinstance(name, str) for name in crit)
    ):
        return "`crit` is not a list of names"
    if "crit" in header:
        return "`crit` names a parameter that is not understood here, so the token must be rejected (RFC 7515 §4.1.11)"
    return ""


def sign(signing_input: bytes, alg: str, key: Key) -> str:
    """A signature as base64url; ValueError when the key may not or cannot make it."""
    if alg not in SUPPORTED:
        raise ValueError(
            f"{alg} is no algorithm that signs here"
            if isinstance(alg, str)
            else "the header names no algorithm"
        )
    if not IS_HERE and alg[:2] != "HS":
        raise ValueError(f"{alg} {WITHOUT}")
    if objection := key.objection(alg, "sign"):
        raise ValueError(objection)
    if not key.signs:
        raise ValueError("a public key verifies; to sign, its private half is needed")
    algorithm = algorithm_of(alg)
    return encode_segment(algorithm.sign(signing_input, algorithm.prepare_key(key.material)))


def all_findings(
    token: Token, error: TokenError | None, keys: list[Key], now: float
) -> list[Finding]:
    """Findings on the token, on its key, and on both together."""
    alg = token.header.get("alg")
    sizes = [
        key.size
        for key in keys
        if key.size is not None and isinstance(alg, str) and fits(alg, key.kind)
    ]
    found = findings(
        token, now=now, error=error, key_length=sizes[0] if len(keys) == len(sizes) == 1 else None
    )
    if isinstance(alg, str) and alg.startswith("HS") and alg in SUPPORTED and error is None:
        for key in keys:
            fitting = key.kind == "secret" and not safely_matches(token, alg, key)
            if fitting and (form := other_form_that_fits(token, alg, key)):
                found.append(finding("key-in-another-form", f"the signature fits this key {form}"))
    found += [finding("key-left-out", one) for one in getattr(keys, "left_out", ())]
    return found
