"""What all three fixed APIs check beyond their libraries, in a request, in the claims and in a login; and their responses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from . import EMAIL, PASSWORD

CHALLENGE = 'Bearer realm="jwt-demo"'
RESPONSES = {  # what happened: status, words, challenge (RFC 6750 §3.1)
    "no token": (401, "Log in first", CHALLENGE),
    "bad token": (401, "This token is not valid here", f'{CHALLENGE}, error="invalid_token"'),
    "two tokens": (400, "A token was sent in two ways", f'{CHALLENGE}, error="invalid_request"'),
    "bad login": (401, "Wrong e-mail or password", CHALLENGE),
}
NO_STORE = {"Cache-Control": "no-store"}
LARGEST_BODY = 16 * 1024  # bytes
LONGEST_LIFETIME = 24 * 3600  # seconds
ONE_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class Rejected(Exception):
    """A request that is rejected, for one of the reasons in RESPONSES."""


def bearer_token(authorization: str, query: Mapping[str, Any]) -> str | None:
    """The one token of a request; None if there is none; Rejected if there are two, or if it is written in another way."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return None
    if "access_token" in query:
        raise Rejected("two tokens")
    if not ONE_TOKEN.fullmatch(token):
        raise Rejected("bad token")
    return token


def trustworthy(claims: Mapping[str, Any]) -> bool:
    """Whether types and lifetime are right. The libraries check only a part (RFC 7519 §4.1)."""
    named = all(isinstance(claims.get(name), str) and claims[name] for name in ("sub", "jti"))
    timed = all(is_time(claims.get(name)) for name in ("iat", "exp")) and is_time(
        claims.get("nbf", 0)
    )
    return named and timed and 0 < claims["exp"] - claims["iat"] <= LONGEST_LIFETIME


def is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**53


class People:
    """The article's user. An unknown e-mail costs a hash too, or the quick response would reveal it."""

    def __init__(self) -> None:
        self.hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self.emails = {"1": EMAIL}
        self.hashes = {EMAIL: self.hasher.hash(PASSWORD)}
        self.nobody = self.hasher.hash("nobody")

    def log_in(self, email: str, password: str) -> str | None:
        """The id of the user with this e-mail and password."""
        try:
            self.hasher.verify(
                self.hashes.get(email, self.nobody), password.encode("utf-8", "replace")
            )
        except VerifyMismatchError:
            return None
        return next((subject for subject, known in self.emails.items() if known == email), None)
