"""A JWK Set from somebody else, read with suspicion: which keys in it may verify which algorithm, and why the others may not.

>>> ring_of_two = {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "1"}]}
>>> read_key_set(ring_of_two)
Traceback (most recent call last):
jwt_demo.stages.parts.jwks.KeySetError: The key '1' contains a secret (kty oct): anyone who can read the set can sign with it
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import jwt

FITS = {
    "RS256": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "EdDSA": ("OKP", "Ed25519"),
}  # algorithm → kty, crv (RFC 7518 §6, RFC 8037 §2)
SECRET_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "oth", "k")  # RFC 7518 §6.2.2, §6.3.2, §6.4.1
FEWEST_BITS, MOST_BITS = 2048, 8192  # RSA: RFC 7518 §3.3; larger ones only cost time
MOST_KEYS = 50


class KeySetError(Exception):
    """The set as a whole cannot be trusted; the message says what is wrong with it."""


@dataclass
class KeySet:
    """The keys that may verify, by kid, and for each one left out the reason."""

    keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def read_key_set(document: Any) -> KeySet:
    """The usable keys of a JWK Set (RFC 7517 §5). KeySetError where a secret was published.

    Keys of one name are told apart by what they are for (§4.5: distinct is a SHOULD); where two of them may verify, neither does.
    """
    jwks = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(jwks, list) or not all(isinstance(jwk, dict) for jwk in jwks):
        raise KeySetError('This is no JWK Set: an object with a list "keys" of objects is one')
    if len(jwks) > MOST_KEYS:
        raise KeySetError(f"The set has {len(jwks)} keys; more than {MOST_KEYS} are not looked at")

    found = KeySet()
    ambiguous: set[str] = set()
    for place, jwk in enumerate(jwks, start=1):
        kid = jwk.get("kid")
        named = isinstance(kid, str) and kid != ""
        if jwk.get("kty") == "oct" or any(member in jwk for member in SECRET_MEMBERS):
            raise KeySetError(
                f"The key {kid if named else f'number {place}'!r} contains a secret (kty {jwk.get('kty')}): anyone who can read the set can sign with it"
            )

        reason = why_not(jwk) if named else "it has no kid, so no token can name it"
        if not reason and (kid in found.keys or kid in ambiguous):
            reason = AMBIGUOUS
            ambiguous.add(kid)
            if found.keys.pop(kid, None) is not None:
                leave_out(found, kid, place - 1, AMBIGUOUS)
        if reason:
            leave_out(found, kid if named else "", place, reason)
        else:
            found.keys[kid] = jwt.PyJWK(jwk)
    return found


AMBIGUOUS = "two keys that may verify have this kid: nobody can say which one a token means"


def leave_out(found: KeySet, kid: str, place: int, reason: str) -> None:
    """By its kid where that is free, else with its place in the set."""
    name = kid or f"number {place}"
    while name in found.left_out:
        name = f"{kid or 'a key'}, number {place}"
        place += 1
    found.left_out[name] = reason


def why_not(jwk: dict[str, Any]) -> str:
    """Why this key may not verify a token; empty when it may."""
    if jwk.get("use", "sig") != "sig":
        return "its use is not sig"
    if "key_ops" in jwk and not (isinstance(jwk["key_ops"], list) and "verify" in jwk["key_ops"]):
        return "its key_ops do not contain verify"
    if not isinstance(jwk.get("alg"), str) or jwk["alg"] not in FITS:
        return f"its alg is not one of {', '.join(FITS)}: one key has one algorithm, and its alg must name it"
    kty, curve = FITS[jwk["alg"]]
    if jwk.get("kty") != kty or (curve and jwk.get("crv") != curve):
        return f"its alg {jwk['alg']} wants kty {kty}" + (f" with crv {curve}" if curve else "")
    try:
        key = jwt.PyJWK(jwk).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return "its numbers are no key"
    if kty == "RSA" and not FEWEST_BITS <= key.key_size <= MOST_BITS:
        return f"it has {key.key_size} bits, RS256 needs {FEWEST_BITS} to {MOST_BITS}"
    if kty == "RSA" and key.public_numbers().e < 65537:
        return "its public exponent is smaller than 65537"
    return ""
