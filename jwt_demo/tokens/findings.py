"""What is odd or unsafe about a token, in plain words, each with the section it comes from. No clock, no key.

>>> token = Token.parse("eyJhbGciOiJub25lIn0.eyJzdWIiOjF9.")
>>> [finding.code for finding in findings(token, now=0)]
['alg-none', 'no-exp', 'sub-not-string']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from .anatomy import Token, TokenError
from .claims import duration, in_words, is_numeric_date

# In bytes: an HMAC key as long as the hash (RFC 7518 §3.2), an RSA modulus of 2048 bits (§3.3, §3.5).
SHORTEST_KEY = {"HS256": 32, "HS384": 48, "HS512": 64} | {
    f"{family}{bits}": 256 for family in ("RS", "PS") for bits in (256, 384, 512)
}
SHORT = {
    "H": ("guessed", "RFC 7518 §3.2"),
    "R": ("factored", "RFC 7518 §3.3"),
    "P": ("factored", "RFC 7518 §3.5"),
}
LONGEST_LIFETIME = (
    366 * 86400
)  # seconds; an access token of more than a year is a mistake or a secret
MILLISECONDS = 100_000_000_000  # as seconds: the year 5138; as milliseconds: 1973


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing: `code` is for programs, `severity` is error, warning or note."""

    code: str
    severity: str
    message: str
    reference: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def findings(
    token: Token, *, now: float, error: TokenError | None = None, key_length: int | None = None
) -> list[Finding]:
    """All findings on a token at `now` (seconds since 1970 UTC); `error` is what `Token.parse` said, `key_length` is in bytes."""
    return [
        *on_reading(error),
        *on_header(token.header, key_length),
        *on_times(token.claims or {}, now, has_claims=token.claims is not None),
        *on_names(token.claims or {}),
        *on_secrets(token.claims or {}),
    ]


def on_reading(error: TokenError | None) -> Iterator[Finding]:
    if error is not None:
        code = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()
        yield Finding(code, "error", str(error), READING.get(code, "RFC 7519 §7.2"))


READING = {
    "wrapped": "RFC 6750 §2.1", "not-base64url": "RFC 7515 §2", "not-compact": "RFC 7515 §7.1", "encrypted": "RFC 7516 §9",
    "duplicate-name": "RFC 7519 §4", "not-utf8": "RFC 8725 §3.7",
}  # fmt: skip


def on_header(header: dict[str, Any], key_length: int | None) -> Iterator[Finding]:
    alg = header.get("alg")
    if not isinstance(alg, str):
        yield Finding(
            "no-alg", "error", "the header names no algorithm, and it must", "RFC 7515 §4.1.1"
        )
    elif alg.lower() == "none":
        yield Finding(
            "alg-none",
            "error",
            f"`alg` is {alg}: nobody signed this, anybody can have written it",
            "RFC 8725 §2.1",
        )
    elif key_length is not None and key_length < SHORTEST_KEY.get(alg, 0):
        danger, reference = SHORT[alg[0]]
        yield Finding(
            "key-too-short",
            "error",
            f"the key has {key_length} bytes, {alg} needs at least {SHORTEST_KEY[alg]}: it can be {danger}",
            reference,
        )
    for name in ("jwk", "jku", "x5u", "x5c"):
        if name in header:
            yield Finding(
                "key-in-header",
                "warning",
                f"`{name}` brings its own key: a verifier that believes it believes anybody",
                "RFC 8725 §3.10",
            )
    if "crit" in header:
        yield Finding(
            "crit",
            "note",
            "`crit` lists parameters that a verifier must know or refuse the token",
            "RFC 7515 §4.1.11",
        )


def on_times(claims: dict[str, Any], now: float, *, has_claims: bool) -> Iterator[Finding]:
    if has_claims and "exp" not in claims:
        yield Finding("no-exp", "warning", "no `exp`: this token is good for ever", "RFC 6750 §5.3")
    for name in ("exp", "nbf", "iat"):
        if name in claims and not is_numeric_date(claims[name]):
            yield Finding(
                f"{name}-not-a-date", "error", f"`{name}` is not a number of seconds", "RFC 7519 §2"
            )
    exp, nbf, iat = (
        claims.get(name) if is_numeric_date(claims.get(name)) else None
        for name in ("exp", "nbf", "iat")
    )
    if exp is not None and exp >= MILLISECONDS:
        yield Finding(
            "exp-in-milliseconds",
            "error",
            f"`exp` looks like milliseconds; read as seconds it ends {in_words(exp, now=now)}",
            "RFC 7519 §2",
        )
    elif exp is not None and exp <= now:
        yield Finding("expired", "error", f"expired {in_words(exp, now=now)}", "RFC 7519 §4.1.4")
    elif exp is not None and exp - (iat if iat is not None else now) > LONGEST_LIFETIME:
        yield Finding(
            "long-lifetime",
            "warning",
            f"lives {duration(exp - (iat if iat is not None else now))}: stolen once, good for as long",
            "RFC 6750 §5.3",
        )
    if nbf is not None and nbf > now:
        yield Finding(
            "not-yet-valid",
            "error",
            f"not valid yet, it starts {in_words(nbf, now=now)}",
            "RFC 7519 §4.1.5",
        )
    if iat is not None and iat > now:
        yield Finding(
            "issued-in-the-future",
            "warning",
            f"issued {in_words(iat, now=now)}: one of two clocks is wrong",
            "RFC 7519 §4.1.6",
        )


def on_names(claims: dict[str, Any]) -> Iterator[Finding]:
    for name in ("sub", "jti"):
        if name in claims and not isinstance(claims[name], str):
            section = "RFC 7519 §4.1.2" if name == "sub" else "RFC 7519 §4.1.7"
            yield Finding(
                f"{name}-not-string", "error", f"`{name}` is not a string, and must be one", section
            )


def on_secrets(claims: dict[str, Any]) -> Iterator[Finding]:
    """By name and by shape; a claim is readable by everyone who holds the token."""
    for name, value in claims.items():
        if SECRET_NAME.search(name):
            yield Finding(
                "secret-in-claims",
                "error",
                f"{ascii(name)[1:-1][:40]} looks like a secret, and claims are readable by anyone",
                "RFC 7519 §12",
            )
        elif PERSONAL_NAME.search(name) or isinstance(value, str) and EMAIL.fullmatch(value[:320]):
            yield Finding(
                "personal-data",
                "note",
                f"{ascii(name)[1:-1][:40]} looks like personal data, and claims are readable by anyone",
                "RFC 7519 §12",
            )


SECRET_NAME = re.compile(
    r"passw|secret|api_?key|private_?key|credit_?card|\bpin\b|\bcvv\b", re.IGNORECASE
)
PERSONAL_NAME = re.compile(
    r"e-?mail|phone|birth|address|\bssn\b|iban|given_name|family_name", re.IGNORECASE
)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}\.[^@\s]+")
