"""Attacks over HTTP on a server of this machine, and a judgement on each answer.

Each probe changes one thing of a good token that it logged in for. The good token is used before and after, so a server
can't hold by refusing everything. What a probe is stands in `model`; the probes themselves in the files named by kind.
A new one is a row in such a file, and a server with exactly that hole in the tests: a probe nobody saw catch something is not believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from .attacks import (
    algorithms,
    challenge,
    key_in_header,
    login,
    names,
    revocation,
    tampering,
    times,
    transport,
)
from .loopback import CannotProbe, loopback
from .model import NOT_RUN, Probe, Result
from .report import Report
from .runner import run_probes
from .session import Session

PROBES: tuple[Probe, ...] = (
    *login.PROBES,
    *challenge.PROBES,
    *tampering.PROBES,
    *algorithms.PROBES,
    *key_in_header.PROBES,
    *times.PROBES,
    *names.PROBES,
    *transport.PROBES,
    *revocation.PROBES,
)


async def probe(server: Any, *, only: Iterable[str] | None = None, **options: Any) -> Report:
    """Attack a server of this machine (an address, or what `serve` returned) and report.

    `secret` is the key its tokens are signed with; without it what needs no secret is run. `email`, `password`, `login_path`,
    `path` (protected), `scope_path` (needs a right the user lacks), `scheme` and `limit` (seconds for an answer) fit it to
    other servers; `only` names the probes to run. Raises CannotProbe when the address is not on the loopback, or nobody is there.
    """
    chosen, results = choose(only), {}
    try:
        await attack(server, chosen, results, **options)
    except (asyncio.CancelledError, KeyboardInterrupt):
        print(report_of(chosen, results))  # what is known so far
        raise
    return report_of(chosen, results)


async def attack(
    server: Any,
    probes: Iterable[Probe],
    results: dict[str, Result],
    tell: Callable[[int], Any] = lambda done: None,
    **options: Any,
) -> None:
    """Run these probes and put each result into `results` under its name as soon as it is known; `tell` hears how many there are."""
    session = Session(await loopback(getattr(server, "url", server)), **options)
    await run_probes(session, list(probes), results, tell)


def choose(only: Iterable[str] | None) -> list[Probe]:
    if only is None:
        return list(PROBES)
    names = [only] if isinstance(only, str) else list(only)
    unknown = set(names) - {probe.name for probe in PROBES}
    if unknown:
        raise CannotProbe(
            f"No probe is called {', '.join(sorted(unknown))}. There are: {', '.join(probe.name for probe in PROBES)}"
        )
    return [probe for probe in PROBES if probe.name in names]


def report_of(probes: Iterable[Probe], results: dict[str, Result]) -> Report:
    """In the order of the list, whatever was done first; what was not reached says so."""
    return Report(
        results.get(probe.name) or Result(probe, NOT_RUN, "interrupted before it was run")
        for probe in probes
    )


__all__ = ["PROBES", "CannotProbe", "Probe", "Report", "probe"]
