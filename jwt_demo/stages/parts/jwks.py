"""A JWK Set from somebody else, read with suspicion: which keys in it may verify which algorithm, and why the others may not.

>>> ring_of_two = {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "1"}]}
>>> read_key_set(ring_of_two)
Traceback (most recent call last):
jwt_demo.stages.parts.jwks.KeySetError: The key '1' holds a secret (kty oct): whoever can read the set can sign with it
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
    """The usable keys of a JWK Set (RFC 7517 §5). KeySetError where a name means two keys, or a secret was published."""
    jwks = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(jwks, list) or not all(isinstance(jwk, dict) for jwk in jwks):
        raise KeySetError('This is no JWK Set: an object with a list "keys" of objects is one')
    if len(jwks) > MOST_KEYS:
        raise KeySetError(f"The set has {len(jwks)} keys; more than {MOST_KEYS} are not looked at")

    found = KeySet()
    for place, jwk in enumerate(jwks):
        kid = jwk.get("kid")
        named = isinstance(kid, str) and kid != ""
        name = kid if named else f"number {place + 1}"
        if name in found.keys or name in found.left_out:
            raise KeySetError(
                f"Two keys have the kid {name!r}: nobody can say which one a token means"
            )
        if jwk.get("kty") == "oct" or any(member in jwk for member in SECRET_MEMBERS):
            raise KeySetError(
                f"The key {name!r} holds a secret (kty {jwk.get('kty')}): whoever can read the set can sign with it"
            )

        reason = why_not(jwk) if named else "it has no kid, so no token can name it"
        if reason:
            found.left_out[name] = reason
        else:
            found.keys[name] = jwt.PyJWK(jwk)
    return found


def why_not(jwk: dict[str, Any]) -> str:
    """Why this key may not verify a token; empty when it may."""
    if jwk.get("use", "sig") != "sig":
        return "its use is not sig"
    if "key_ops" in jwk and not (isinstance(jwk["key_ops"], list) and "verify" in jwk["key_ops"]):
        return "verify is not among its key_ops"
    if not isinstance(jwk.get("alg"), str) or jwk["alg"] not in FITS:
        return f"its alg is not one of {', '.join(FITS)}: one key has one algorithm, and says which"
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
