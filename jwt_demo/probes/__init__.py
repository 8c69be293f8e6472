"""Attacks over HTTP on a server of this machine, and a judgement on each response.

Each probe changes one thing of a good token that it logged in for. The good token is used before and after, so a server
can't hold by rejecting everything. What a probe is stands in `model`; the probes themselves in `attacks/`, by subject.
A new one is a row in such a file, and a server with exactly that hole in the tests: a probe nobody saw catch something is not believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from . import openapi, preflight
from .attacks import (
    algorithms,
    challenge,
    key_in_header,
    login,
    login_limit,
    names,
    revocation,
    tampering,
    times,
    transport,
)
from .causes import with_causes
from .http_client import Request, send
from .loopback import Address, CannotProbe, loopback
from .model import NOT_RUN, Probe, Result
from .report import Report
from .runner import nobody_listens, run_probes
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
ON_REQUEST: tuple[Probe, ...] = login_limit.PROBES  # run only where they are named
ALL_PROBES = (*PROBES, *ON_REQUEST)


async def probe(
    server: Any,
    *,
    only: Iterable[str] | None = None,
    skip: Iterable[str] | None = None,
    **options: Any,
) -> Report:
    """Attack a server of this machine (an address, or what `serve` returned) and report.

    `secret` is the key its tokens are signed with; without it what needs no secret is run. `email`, `password`, `login_path`,
    `path` (protected), `scope_path` (needs a right the user lacks), `scheme` and `limit` (seconds for a response) fit it to
    other servers, and so do the fields of `Session`; `openapi` is a file or an address. `only` and `skip` name probes; those
    of ON_REQUEST are run only so. Raises CannotProbe when the address is not on the loopback, nobody is there, or the login or the protected path is not found.
    """
    chosen = choose(only, skip)
    results: dict[str, Result] = {}
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
    tell: Callable[[int], Any] = nobody_listens,
    announce: Callable[[int], Any] = nobody_listens,
    **options: Any,
) -> Session:
    """Run these probes and put each result into `results` under its name as soon as it is known.

    `tell` hears how many there are, `announce` before them how many login attempts will follow.
    """
    chosen = list(probes)
    session = await reach(server, **options)

    async def before(session: Session) -> None:
        preflight.check(session)
        announce(preflight.logins_ahead(session, chosen))

    await run_probes(session, chosen, results, tell, before=before)
    return session


async def reach(server: Any, **options: Any) -> Session:
    """A session that knows where to log in: from the options, else from an OpenAPI document, given or found at /openapi.json."""
    source = options.pop("openapi", None)
    address = await loopback(getattr(server, "url", server), options.get("ca_file"))
    limit = float(options.get("limit", Session.limit))
    if source:
        document = await openapi.load(source, limit=limit, ca_file=options.get("ca_file"))
    elif {"path", "login_path", "login_json", "token"} & set(options):
        document = {}
    elif await nothing_at(address, Session.login_path, limit) or await nothing_at(
        address, Session.path, limit
    ):
        document = await openapi.found(address, limit=limit)
    else:
        document = {}
    if document:
        user, password = options.get("email", Session.email), options.get("password", "password")
        options = {**openapi.options(document, user, password), **options}
    return Session(address, **options)


async def nothing_at(address: Address, path: str, limit: float) -> bool:
    return (await send(address, Request("GET", path), limit=limit)).status == 404


def choose(only: Iterable[str] | None = None, skip: Iterable[str] | None = None) -> list[Probe]:
    """The probes of these names, in the order of the list; CannotProbe for a name that there is not."""
    wanted = names_of(only) if only is not None else [probe.name for probe in PROBES]
    unwanted = names_of(skip) if skip is not None else []
    unknown = {*wanted, *unwanted} - {probe.name for probe in ALL_PROBES}
    if unknown:
        raise CannotProbe(
            f"No probe is called {', '.join(sorted(unknown))}. There are: {', '.join(probe.name for probe in ALL_PROBES)}"
        )
    if only is not None and (both := set(wanted) & set(unwanted)):
        raise CannotProbe(f"--only and --skip both name {', '.join(sorted(both))}")
    return [probe for probe in ALL_PROBES if probe.name in wanted and probe.name not in unwanted]


def names_of(names: Iterable[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def report_of(probes: Iterable[Probe], results: dict[str, Result]) -> Report:
    """In the order of the list, whatever was done first; what was not reached says so."""
    return Report(
        with_causes(
            results.get(probe.name) or Result(probe, NOT_RUN, "interrupted before it was run")
            for probe in probes
        )
    )


__all__ = ["ALL_PROBES", "ON_REQUEST", "PROBES", "CannotProbe", "Probe", "Report", "probe"]
