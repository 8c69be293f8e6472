"""Two kinds of token with one key, told apart by `typ` in the header (RFC 8725 §3.11): an access token for requests, a refresh token only for the next pair."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import jwt

from ...tokens.anatomy import Token, TokenError
from ..login import ALGORITHM, LIFETIME

ACCESS, REFRESH = "at+jwt", "rt+jwt"  # the first is RFC 9068's, the second has no RFC
LONGEST = {
    ACCESS: LIFETIME,
    REFRESH: timedelta(days=14),
}  # after a fortnight everybody logs in again

VERIFIER = jwt.PyJWT(
    options={"require": ["exp", "sub", "jti", "sid", "epoch"], "enforce_minimum_key_length": True}
)


def verified(token: str | None, key: str, *, typ: str) -> dict[str, Any] | None:
    """The claims of a token that this server issued as this `typ`, or None.

    >>> verified("no token", "k" * 32, typ=ACCESS) is None
    True
    """
    if token is None:
        return None
    try:
        Token.parse(token)  # strict, as in step 3: one token has one text
        decoded = VERIFIER.decode_complete(token, key, algorithms=[ALGORITHM])
    except (jwt.InvalidTokenError, TokenError):
        return None

    header: dict[str, Any] = decoded["header"]
    claims: dict[str, Any] = decoded["payload"]
    if header.get("typ") != typ:
        return None
    if not all(
        isinstance(claims[name], str) and claims[name].isascii() for name in ("jti", "sid", "epoch")
    ):
        return None
    if (
        not isinstance(claims["exp"], int)
        or claims["exp"] > time.time() + LONGEST[typ].total_seconds()
    ):
        return None
    return claims
