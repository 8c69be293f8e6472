"""What is read of the token that came back: how it was signed, and whether it grants more than its user has."""

from __future__ import annotations

import contextlib
from typing import Any

import jwt

from ...stages.parts.users import User
from ..model import Trial


def claims_of(trial: Trial) -> dict[str, Any]:
    """The claims of the token that came back, read without trusting it; {} where it is no token."""
    try:
        return jwt.decode(trial.value, options={"verify_signature": False})
    except (jwt.PyJWTError, TypeError):
        return {}


def verified(trial: Trial, key: str | None = None) -> bool:
    try:
        jwt.PyJWS().decode(trial.value, key or trial.bench.key, algorithms=["HS256"])
    except (jwt.PyJWTError, TypeError):
        return False
    return True


def how_signed(trial: Trial, key: str | None = None) -> str:
    """What is said of a token that the key does not verify with HS256."""
    known = key or trial.bench.key
    if key and verified(trial):
        return "a token signed with the key of an earlier call"
    for algorithm in ("HS384", "HS512"):
        with contextlib.suppress(jwt.PyJWTError, TypeError):
            jwt.PyJWS().decode(trial.value, known, algorithms=[algorithm])
            return f"a token signed with {algorithm}"
    return "a token that this key does not verify"


def rights_beyond(claims: dict[str, Any], user: User) -> list[str]:
    """The claims that give a user who is no administrator more than their scopes."""
    found = []
    for name, claim in claims.items():
        words = claim.split() if isinstance(claim, str) else claim
        listed = isinstance(words, list) and any(
            word not in user.scopes if name in SCOPES else word == "admin" for word in words
        )
        told = "admin" in name.lower() and claim not in (False, None, 0, "", "false", "False")
        if (listed or told) and not user.is_admin:
            found.append(name)
    return found


SCOPES = ("scope", "scopes", "scp")


def shown_rights(claims: dict[str, Any], user: User) -> str:
    name = rights_beyond(claims, user)[0]
    return f"{name} is {claims[name]!r}, and this user is no administrator"
