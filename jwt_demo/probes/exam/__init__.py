"""The exam: a service of the reader's own, judged over HTTP by all probes and by attacks that no lesson shows.

`result = await exam(server, secret=KEY)` takes some seconds; `result.save("result.html")` writes a page to keep or to show.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import PROBES
from ..loopback import loopback
from ..model import HYGIENE, Broken, Probe
from ..runner import run_probes
from ..session import Session
from .asvs import REQUIREMENTS
from .attacks import ATTACKS
from .paper import Paper


async def exam(
    server: Any,
    *,
    secret: str | bytes,
    tell: Callable[[int], Any] = lambda done: None,
    **options: Any,
) -> Paper:
    """Judge a server on this machine; `options` are those of `probe`. CannotProbe when it is not on the loopback or nobody is there."""
    session = Session(await loopback(getattr(server, "url", server)), secret=secret, **options)
    results: dict[str, Any] = {}
    await run_probes(session, QUESTIONS, results, tell)
    return Paper(
        [results[probe.name] for probe in QUESTIONS], unseen=tuple(probe.name for probe in ATTACKS)
    )


async def names_its_audience(session: Session) -> str:
    """Looks at the token that the login gave: no attack, but it belongs to the checklist."""
    audience = session.good.claims.get("aud")
    if not audience:
        raise Broken("the tokens here have no aud", HYGIENE)
    return "aud is there"


async def names_its_kind(session: Session) -> str:
    """`typ` that says more than JWT, or a claim in its place: without it a token made for one purpose serves another."""
    good = session.good
    kind = str(good.header.get("typ", "JWT")).upper()
    if kind == "JWT" and not any(
        name in good.claims for name in ("token_use", "token_type", "type")
    ):
        raise Broken("typ is JWT or missing, and no claim names the kind of token", HYGIENE)
    return "the kind is there"


QUESTIONS: tuple[Probe, ...] = (
    *PROBES,
    *ATTACKS,
    Probe(
        "issues-audience",
        "nothing; the exam reads the token from the login",
        "the token contains aud",
        "OWASP ASVS 5.0 V9.2.4",
        "Every server that has the key can accept a token without aud.",
        names_its_audience,
    ),
    Probe(
        "issues-kind",
        "nothing; the exam reads the token from the login",
        "the header contains a typ such as at+jwt, or a claim names the kind",
        "RFC 8725 §3.11",
        "If a token does not say what it is for, a server can accept it for another purpose.",
        names_its_kind,
    ),
)

__all__ = ["ATTACKS", "QUESTIONS", "REQUIREMENTS", "Paper", "exam"]
