"""HMAC secrets that stand in documentation, tutorials and templates (`weak_secrets.txt`), and a search for one that made a signature.

A secret on the list is known to everybody: anyone who has one token finds it on their own machine, without a request.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hmac
from collections.abc import Iterable, Iterator
from pathlib import Path

from .forge import HASHES

CHUNK = 20_000  # words between two looks at the progress bar

FILE = Path(__file__).with_name("weak_secrets.txt")


@functools.cache
def words() -> tuple[str, ...]:
    """The built-in list: nothing, a NUL, and the lines of the file."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return ("", "\0", " ", *(line for line in lines if not line.startswith("# ")))


def candidates(word: str) -> Iterator[bytes]:
    """The secrets that a word can stand for: its letters, and the bytes it is the base64 of (jjwt and others decode a secret, padded or not).

    >>> [len(each) for each in candidates("secret")], [len(each) for each in candidates("no base64")]
    ([6, 4], [9])
    """
    octets = word.encode("utf-8", "surrogateescape")
    yield octets
    if len(octets) > 3 and len(octets) % 4 != 1:
        try:
            yield base64.b64decode(
                octets + b"=" * (-len(octets) % 4),
                altchars=b"-_" if b"-" in octets or b"_" in octets else None,
                validate=True,
            )
        except (binascii.Error, ValueError):
            return


def common(alg: str) -> list[str]:
    """The built-in list in the order it is tried; `alg` is the algorithm of the token."""
    bits = alg[2:]
    return list(
        dict.fromkeys([*words(), f"your-{bits}-bit-secret", *(f"{word}\n" for word in words())])
    )


def search(alg: str, signing_input: bytes, signature: bytes, some: Iterable[str]) -> bytes | None:
    """The first secret among these words that makes this signature."""
    digest, compare = hmac.digest, hmac.compare_digest
    name = HASHES[alg]().name
    for word in some:
        for secret in candidates(word):
            if compare(digest(secret, signing_input, name), signature):
                return secret
    return None


def chunks(path: Path) -> Iterator[list[str]]:
    """The lines of a word list, some thousand at a time; bytes that are no UTF-8 stay as they are."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        some: list[str] = []
        for line in file:
            some.append(line.rstrip("\r\n"))
            if len(some) == CHUNK:
                yield some
                some = []
        if some:
            yield some
