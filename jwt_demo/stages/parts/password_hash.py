"""How passwords are hashed: with Argon2id. In a browser tab that has no Argon2 with PBKDF2, and every hash says so.

>>> hasher = Pbkdf2Hasher(rounds=1)
>>> kept = hasher.hash("password")
>>> kept.startswith("$pbkdf2-sha256$i=1$"), hasher.verify(kept, "password")
(True, True)
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import sys
from importlib.util import find_spec
from typing import Protocol

HAS_ARGON2 = sys.platform != "emscripten" or find_spec("argon2") is not None  # required elsewhere

if HAS_ARGON2:
    import argon2


class Hasher(Protocol):
    """Makes hashes and compares passwords with them."""

    def hash(self, password: str) -> str: ...
    def verify(self, hash: str, password: str) -> bool:
        """True, or one of MISMATCH and DAMAGED is raised."""
        ...


class WrongPassword(Exception):
    """The hash is of another password."""


class DamagedHash(ValueError):
    """This text is no hash of this kind."""


class Pbkdf2Hasher:
    """PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2), for a page in which there is no Argon2.

    It costs time and no memory, so a guess is far cheaper than with Argon2id, and `rounds` is small because a tab
    computes slowly. The users of a tab are in its memory and end with it; no server may use this.
    """

    def __init__(self, *, rounds: int = 10_000):
        self.rounds = rounds

    def hash(self, password: str) -> str:
        salt = secrets.token_bytes(16)
        digest = pbkdf2(password.encode("utf-8"), salt, self.rounds)
        return f"$pbkdf2-sha256$i={self.rounds}${encoded(salt)}${encoded(digest)}"

    def verify(self, hash: str, password: str) -> bool:
        try:
            before, name, cost, salt, digest = hash.split("$")
            rounds, octets, known = int(cost.removeprefix("i=")), decoded(salt), decoded(digest)
        except (ValueError, binascii.Error):
            raise DamagedHash("no hash of PBKDF2") from None
        if (before, name) != ("", "pbkdf2-sha256") or not 1 <= rounds <= 10_000_000 or not known:
            raise DamagedHash("no hash of PBKDF2")
        if not hmac.compare_digest(pbkdf2(password.encode("utf-8"), octets, rounds), known):
            raise WrongPassword("another password")
        return True


def pbkdf2(password: bytes, salt: bytes, rounds: int) -> bytes:
    """32 bytes, as `hashlib.pbkdf2_hmac("sha256", password, salt, rounds)` has them; a tab has no such function."""
    block = hmac.digest(password, salt + (1).to_bytes(4, "big"), "sha256")
    total = int.from_bytes(block, "big")
    for _ in range(rounds - 1):
        block = hmac.digest(password, block, "sha256")
        total ^= int.from_bytes(block, "big")
    return total.to_bytes(32, "big")


def encoded(octets: bytes) -> str:
    return base64.b64encode(octets).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


MISMATCH: tuple[type[Exception], ...]
DAMAGED: tuple[type[Exception], ...]
if HAS_ARGON2:
    MISMATCH = (argon2.exceptions.VerifyMismatchError,)
    DAMAGED = (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError)
else:
    MISMATCH, DAMAGED = (WrongPassword,), (DamagedHash,)


def new_hasher() -> Hasher:
    """OWASP Password Storage: Argon2id with 7 MiB, five passes, one lane, for which it says a guess costs as much as with 19 MiB and two.

    The allocator keeps that memory for the next login, in every kernel and every worker.
    """
    if HAS_ARGON2:
        return argon2.PasswordHasher(time_cost=5, memory_cost=7 * 1024, parallelism=1)
    return Pbkdf2Hasher()


def quick_hasher() -> Hasher:
    """For users who live for a check and no longer: as little work as there can be."""
    if HAS_ARGON2:
        return argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Pbkdf2Hasher(rounds=1)
