"""Whether one key made one signature: PyJWT's algorithms, asked directly.

What may be asked (the key's kind, the header's demands) is decided in `signatures`.
"""

from __future__ import annotations

from typing import Any

import jwt

from .anatomy import Token
from .key_material import EDWARDS, Key


def matches(token: Token, alg: str, key: Key, signature: bytes | None = None) -> bool:
    algorithm = algorithm_of(alg)
    signature = token.signature if signature is None else signature
    return bool(signature) and bool(
        algorithm.verify(token.signing_input, algorithm.prepare_key(key.public), signature)
    )


def safely_matches(token: Token, alg: str, key: Key, signature: bytes | None = None) -> bool:
    try:
        return matches(token, alg, key, signature)
    except (jwt.PyJWTError, ValueError, TypeError):
        return False


def algorithm_of(alg: str) -> Any:
    """PyJWT's algorithm; Ed25519 and Ed448 are what it calls EdDSA (RFC 9864 §2.2)."""
    return jwt.algorithms.get_default_algorithms()["EdDSA" if alg in EDWARDS else alg]
