"""Running probes: together where they can't disturb each other, alone where they could; a verdict for each, come what may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from . import samples
from .answers import describe, describe_login, succeeded
from .model import BROKEN, CRASH, HELD, NOT_RUN, Broken, NotRun, Probe, Result
from .session import Session

TOGETHER = 4  # probes under way at once; the server is on the same machine, more would only queue
ENOUGH = 3  # so many that got no response confirmed alone in a row, and the others are believed
ONCE = ("login-timing", "login-limit")  # measures twice by itself; has used up what it measures

Settle = Callable[[Probe], Awaitable[None]]


def nobody_listens(done: int) -> None:
    """The default for a progress bar: there is none."""


async def run_probes(
    session: Session,
    probes: Sequence[Probe],
    results: dict[str, Result],
    tell: Callable[[int], Any] = nobody_listens,
    *,
    before: Callable[[Session], Any] = lambda session: None,
) -> None:
    """Fill `results` by name, so that after an interruption what is known so far is there; `tell` hears how many are done.

    `before` is called when the server has been looked at and nothing has been judged; what it raises ends the run.
    """

    async def settle(probe: Probe) -> None:
        results[probe.name] = await run_probe(session, probe)
        tell(len(results))

    await session.open()
    if asyncio.iscoroutine(waiting := before(session)):
        await waiting
    crew = [probe for probe in probes if probe.control == "token" and not probe.alone]
    gate = asyncio.Semaphore(TOGETHER)

    async def in_company(probe: Probe) -> None:
        async with gate:
            await settle(probe)

    await gather([in_company(probe) for probe in crew])
    in_a_row = 0
    for probe in crew:
        suspect = results[probe.name].shaky
        if suspect and in_a_row == ENOUGH:
            continue
        await confirm(session, probe, results)
        if suspect:
            in_a_row = in_a_row + 1 if results[probe.name].verdict == BROKEN else 0
    for probe in probes:
        if probe.name not in results:
            await settle(probe)
            await confirm(session, probe, results)


async def gather(coroutines: list[Coroutine[Any, Any, None]]) -> None:
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def confirm(session: Session, probe: Probe, results: dict[str, Result]) -> None:
    """What is broken is asked again, alone: only what is broken twice is called so."""
    first = results[probe.name]
    if first.verdict != BROKEN or probe.name in ONCE:
        return
    if session.limited and probe.control == "login":
        return
    again = await run_probe(session, probe)
    if again.verdict == HELD and first.severity == CRASH and not first.shaky:
        again = await run_probe(session, probe)  # a 5xx that comes and goes: the third time decides
        again = replace(first, got=f"{first.got}, at times") if again.verdict == BROKEN else again
    results[probe.name] = again if again.verdict != NOT_RUN else first


async def run_probe(session: Session, probe: Probe) -> Result:
    started = time.perf_counter()
    severity, shaky = None, False
    try:
        verdict, got = HELD, await attempt(session, probe)
    except Broken as broken:
        verdict, got, shaky = BROKEN, str(broken), broken.shaky
        severity = broken.severity or probe.severity
    except NotRun as reason:
        verdict, got = NOT_RUN, str(reason)
    return Result(probe, verdict, got, time.perf_counter() - started, shaky, severity)


async def attempt(session: Session, probe: Probe) -> str:
    """The good, the attack, the good again; so neither a server that accepts everything nor one that accepts nothing can hold.

    A login or a token that has just worked is not tried again when no other request was sent since: each login costs the server
    a password hash.
    """
    run: Callable[[Session], Awaitable[str]] = probe.run
    if session.token and (probe.logins or probe.control == "login"):
        raise NotRun(session.no_login)
    if probe.secret and session.no_secret and not session.no_good:
        run = samples.instead_of(session, probe.name)
    elif probe.secret and session.no_secret:
        raise NotRun(session.no_good)
    never_worked = {"token": session.no_good, "login": session.no_login, "": ""}[probe.control]
    if never_worked:
        await probe.run(
            session
        )  # what is wrong is wrong all the same; what is right proves nothing
        raise NotRun(never_worked)

    control = CONTROLS[probe.control]
    await control(session, "before the attack")
    got = await run(session)
    await control(session, "after the attack")
    return got


async def good_token_works(session: Session, when: str) -> None:
    """A token that died of something earlier is replaced before an attack, and missed after it, unless its time was over."""
    before = when.startswith("before")
    if before or session.good.expired:
        await session.renew()
    if session.worked == "token":
        return
    answer = await session.ask(session.good.text)
    if before and not succeeded(answer):
        await session.renew(at_once=True)
        answer = await session.ask(session.good.text)
    if succeeded(answer):
        session.remember("token")
        return
    if before or session.good.expired or answer.status == 429:
        raise NotRun(f"the good token is no longer accepted ({describe(answer)})")
    raise Broken(f"the good token got {describe(answer)} {when}", CRASH, shaky=True)


async def good_login_works(session: Session, when: str) -> None:
    if session.worked == "login":
        return
    answer = await session.log_in()
    if session.tokens_in(answer):
        return
    if when.startswith("before") or answer.status == 429:
        raise NotRun(f"nobody can log in any longer: {describe_login(answer)}")
    raise Broken(f"{when} {describe_login(answer)}", CRASH, shaky=True)


async def nothing(session: Session, when: str) -> None:
    pass


CONTROLS = {"token": good_token_works, "login": good_login_works, "": nothing}
