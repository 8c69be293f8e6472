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
        "V9.1.1", 1, "A signature or MAC is checked before anything in the token is believed.",
        ("signature-changed", "signature-cut", "signature-missing", "payload-changed", "header-changed", "foreign-key"),
    ),
    Requirement(
        "V9.1.2", 1, "A list in the server's code says which algorithms there are; none is not on it, and two kinds of key can't be confused.",
        ("alg-none", "alg-none-spelled", "alg-odd", "alg-missing", "alg-other-hash", "foreign-algorithm", "public-key-as-secret"),
    ),
    Requirement(
        "V9.1.3", 1, "Keys come from where the server was told to look, never from the token.",
        ("header-jwk", "header-x5c", "header-jku", "header-x5u", "kid-path", "kid-sql"),
    ),
    Requirement(
        "V9.2.1", 1, "A token is taken only within its time.",
        ("expired", "no-exp", "exp-milliseconds", "not-yet-valid", "odd-times", "year-long", "lookalike-exp", "never-good"),
    ),
    Requirement(
        "V9.2.2", 2, "A token is taken only for the purpose it was made for.",
        ("issues-kind", "other-kind", "no-kind", "token-in-token", "refresh-as-access"),
    ),
    Requirement(
        "V9.2.3", 2, "A token is taken only by the service it was made for.",
        ("other-audience", "no-audience", "odd-audience"),
    ),
    Requirement(
        "V9.2.4", 2, "Who signs for several audiences with one key names the audience in each token.",
        ("issues-audience",),
    ),
)  # fmt: skip
