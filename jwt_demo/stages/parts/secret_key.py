"""The key of a stage's server: from `JWT_SECRET`, or a random one that dies with the process."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping

SHORTEST_KEY = 32  # bytes: HS256 needs as many as its hash has (RFC 7518 §3.2)
HOW_TO_MAKE_ONE = """python -c 'import secrets; print(secrets.token_urlsafe(32))'"""


class ConfigurationError(Exception):
    """The server does not start; the message says what to change."""


def key_from(environment: Mapping[str, str]) -> str:
    """The key to sign and verify with.

    >>> key_from({"JWT_SECRET": "secret"})
    Traceback (most recent call last):
    jwt_demo.stages.parts.secret_key.ConfigurationError: JWT_SECRET has 6 bytes, HS256 needs at least 32. Make a key: ...
    """
    key = environment.get("JWT_SECRET")
    if key is None:
        print(
            "JWT_SECRET is not set: a random key was made, tokens end with this process, and no other process knows them.",
            file=sys.stderr,
        )
        return new_key()
    return long_enough(key, "JWT_SECRET")


def long_enough(key: str, name: str = "key") -> str:
    """The key itself, or a ConfigurationError: a shorter one can be guessed, one that is no text fails at the first login."""
    try:
        length = len(key.encode("utf-8"))
    except UnicodeEncodeError:
        raise ConfigurationError(
            f"{name} is not UTF-8 text. Make a key: {HOW_TO_MAKE_ONE}"
        ) from None
    if length < SHORTEST_KEY:
        raise ConfigurationError(
            f"{name} has {length} bytes, HS256 needs at least {SHORTEST_KEY}. Make a key: {HOW_TO_MAKE_ONE}"
        )
    return key


def new_key() -> str:
    """32 random bytes as text (43 characters)."""
    return secrets.token_urlsafe(SHORTEST_KEY)
