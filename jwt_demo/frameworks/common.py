"""What all three mended APIs ask of a token beyond their libraries, and the words they refuse with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CHALLENGE = 'Bearer realm="jwt-demo"'
INVALID = "This token is not valid here"
LOGIN_FAILED = "Wrong e-mail or password"
NO_STORE = {"Cache-Control": "no-store"}
LONGEST_LIFETIME = 24 * 3600  # seconds


def trustworthy(header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """Times are numbers, the lifetime is bounded, the subject is text: what the libraries leave open (RFC 7519 §4.1)."""
    times = [claims.get(name) for name in ("iat", "exp")]
    if not all(isinstance(time, int | float) and not isinstance(time, bool) for time in times):
        return False
    if not isinstance(claims.get("nbf", 0), int | float) or isinstance(claims.get("nbf"), bool):
        return False
    issued, expires = times
    return 0 < expires - issued <= LONGEST_LIFETIME and isinstance(claims.get("sub"), str) and "crit" not in header


def too_many_credentials(authorization: str, query: Mapping[str, Any]) -> bool:
    """Whether a request brings a token twice (RFC 6750 §2); WSGI joins repeated headers with a comma."""
    return authorization.lower().count("bearer ") > 1 or (bool(authorization) and "access_token" in query)
