"""OWASP ASVS 5.0, chapter V9 (self-contained tokens), a row a requirement, each with the probes that are its evidence.

The requirements are told in our words; the standard has the binding ones. All seven are of level 1 or 2.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Requirement:
    """One requirement: its number, its level, what it asks for, and the names of the probes that show it."""

    number: str
    level: int
    asks: str
    evidence: tuple[str, ...]


REQUIREMENTS = (
    Requirement(
        "V9.1.1", 1, "The server verifies the signature or MAC of a token before it accepts the contents of the token.",
        ("signature-changed", "signature-cut", "signature-missing", "payload-changed", "header-changed", "foreign-key"),
    ),
    Requirement(
        "V9.1.2", 1, "The server's code has a list of allowed algorithms. `none` is not on this list, and a key of one kind cannot be used as another kind.",
        ("alg-none", "alg-none-spelled", "alg-odd", "alg-missing", "alg-other-hash", "foreign-algorithm", "public-key-as-secret"),
    ),
    Requirement(
        "V9.1.3", 1, "The server takes keys only from sources in its configuration, never from the token.",
        ("header-jwk", "header-x5c", "header-jku", "header-x5u", "kid-path", "kid-sql"),
    ),
    Requirement(
        "V9.2.1", 1, "The server accepts a token only while it is valid: from nbf, if present, until exp.",
        ("expired", "no-exp", "exp-milliseconds", "not-yet-valid", "odd-times", "year-long", "lookalike-exp", "never-good"),
    ),
    Requirement(
        "V9.2.2", 2, "The server accepts a token only for the purpose for which it was issued.",
        ("issues-kind", "other-kind", "no-kind", "token-in-token", "refresh-as-access"),
    ),
    Requirement(
        "V9.2.3", 2, "The server accepts a token only if it was issued for this service (aud).",
        ("other-audience", "no-audience", "odd-audience"),
    ),
    Requirement(
        "V9.2.4", 2, "If a server signs tokens for several audiences with one key, it writes the audience into each token.",
        ("issues-audience",),
    ),
)  # fmt: skip
