"""Private keys to sign with and the public halves to show, made at start, never written to disk; several at once, so that one can follow another.

>>> ring = KeyRing("ES256")
>>> first = ring.current.kid
>>> second = ring.announce()             # published, signs nothing yet: everybody can fetch it
>>> ring.promote(second)                 # signs from now on; what the first one signed stays good
>>> [jwk["kid"] for jwk in ring.public_set()["keys"]] == [first, second]
True
>>> ring.withdraw(first)                 # what the first one signed ends
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt

from ...tokens.crypto_library import IS_HERE, WITHOUT

if IS_HERE:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

# One key, one algorithm (RFC 8725 §3.1): which one is decided here, when the key is made. EdDSA is Ed25519 in this course (RFC 8037).
MAKERS: dict[str, Callable[[], tuple[Any, Any]]] = {
    "RS256": lambda: (rsa.generate_private_key(public_exponent=65537, key_size=2048), RSAAlgorithm),
    "ES256": lambda: (ec.generate_private_key(ec.SECP256R1()), ECAlgorithm),
    "EdDSA": lambda: (ed25519.Ed25519PrivateKey.generate(), OKPAlgorithm),
}


@dataclass(frozen=True)
class SigningKey:
    """A private key with its only algorithm, and the JWK of its public half (RFC 7517). The private half never shows in a repr."""

    algorithm: str
    private: Any = field(repr=False)
    jwk: dict[str, str]

    @property
    def kid(self) -> str:
        return self.jwk["kid"]


class KeyRing:
    """The keys of one server process: all are published and verify, one signs. A second process has other keys."""

    def __init__(self, algorithm: str = "ES256"):
        self.current = new_signing_key(algorithm)
        self._keys: tuple[SigningKey, ...] = (self.current,)

    def announce(self, algorithm: str | None = None) -> str:
        """Make a key and publish it; returns its kid. Let every cache learn of it before `promote`."""
        key = new_signing_key(algorithm or self.current.algorithm)
        self._keys = (*self._keys, key)
        return key.kid

    def promote(self, kid: str) -> None:
        """Sign with this key from now on; KeyError if there is none. Withdraw the old one when its last token has expired."""
        self.current = self._named(kid)

    def withdraw(self, kid: str) -> None:
        """Publish and verify with this key no longer; KeyError if there is none, ValueError while it signs."""
        gone = self._named(kid)
        if gone is self.current:
            raise ValueError("This key signs. Announce and promote another one first.")
        self._keys = tuple(key for key in self._keys if key is not gone)

    def public_set(self) -> dict[str, list[dict[str, str]]]:
        """The JWK Set: public members only."""
        return {"keys": [key.jwk for key in self._keys]}

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The public key of this name, bound to its algorithm, or None."""
        return next((jwt.PyJWK(key.jwk) for key in self._keys if key.kid == kid), None)

    def _named(self, kid: str) -> SigningKey:
        for key in self._keys:
            if key.kid == kid:
                return key
        raise KeyError(f"No key has the kid {kid!r}")


def new_signing_key(algorithm: str) -> SigningKey:
    """A fresh key; ValueError for an algorithm this course has no key for."""
    if algorithm not in MAKERS:
        raise ValueError(f"No key for {algorithm!r}: choose one of {', '.join(MAKERS)}")
    if not IS_HERE:
        raise ValueError(f"A key for {algorithm} {WITHOUT}")
    private, jwa = MAKERS[algorithm]()
    public = {
        name: value
        for name, value in jwa.to_jwk(private.public_key(), as_dict=True).items()
        if name != "key_ops"
    }
    return SigningKey(
        algorithm, private, public | {"kid": thumbprint(public), "use": "sig", "alg": algorithm}
    )


def thumbprint(jwk: dict[str, str]) -> str:
    """A name that follows from the public key itself, so two keys never share it (RFC 7638).

    >>> thumbprint({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})  # RFC 8037 A.3
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    """
    required = {
        "RSA": ("e", "kty", "n"),
        "EC": ("crv", "kty", "x", "y"),
        "OKP": ("crv", "kty", "x"),
    }[jwk["kty"]]
    canonical = json.dumps({name: jwk[name] for name in required}, separators=(",", ":"))
    return (
        base64.urlsafe_b64encode(hashlib.sha256(canonical.encode("ascii")).digest())
        .rstrip(b"=")
        .decode("ascii")
    )
