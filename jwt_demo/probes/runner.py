"""Running probes: together where they can't disturb each other, alone where they could; a verdict for each, come what may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from .model import BROKEN, HELD, NOT_RUN, Broken, NotRun, Probe, Result
from .session import Session, describe, describe_login, succeeded, tokens_in

TOGETHER = 4  # probes under way at once; the server is on the same machine, more would only queue
ENOUGH = 3  # so many suspects confirmed alone in a row, and the others are believed


async def run_probes(
    session: Session,
    probes: Sequence[Probe],
    results: dict[str, Result],
    tell: Callable[[int], Any] = lambda done: None,
) -> None:
    """Fill `results` by name, so that whoever is interrupted has what is known so far; `tell` hears how many are done."""

    async def settle(probe: Probe) -> None:
        results[probe.name] = await run_probe(session, probe)
        tell(len(results))

    await session.open()
    crew = [probe for probe in probes if probe.control == "token" and not probe.alone]
    gate = asyncio.Semaphore(TOGETHER)

    async def in_company(probe: Probe) -> None:
        async with gate:
            await settle(probe)

    await gather([in_company(probe) for probe in crew])
    await confirm([probe for probe in crew if results[probe.name].shaky], settle, results)
    for probe in probes:
        if probe.name not in results:
            await settle(probe)


async def gather(coroutines: list[Any]) -> None:
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def confirm(
    suspects: list[Probe], settle: Callable[[Probe], Any], results: dict[str, Result]
) -> None:
    """What went wrong in company may be the doing of a neighbour: once more, alone."""
    in_a_row = 0
    for probe in suspects:
        await settle(probe)
        in_a_row = in_a_row + 1 if results[probe.name].verdict == BROKEN else 0
        if in_a_row == ENOUGH:
            return


async def run_probe(session: Session, probe: Probe) -> Result:
    started = time.perf_counter()
    try:
        verdict, got, shaky = HELD, await attempt(session, probe), False
    except Broken as broken:
        verdict, got, shaky = BROKEN, str(broken), broken.shaky
    except NotRun as reason:
        verdict, got, shaky = NOT_RUN, str(reason), False
    return Result(probe, verdict, got, time.perf_counter() - started, shaky)


async def attempt(session: Session, probe: Probe) -> str:
    """The good, the attack, the good again; so neither a server that lets all in nor one that lets none in can hold."""
    if probe.secret and session.no_secret:
        raise NotRun(session.no_good or session.no_secret)
    never_worked = {"token": session.no_good, "login": session.no_login, "": ""}[probe.control]
    if never_worked:
        await probe.run(
            session
        )  # what is wrong is wrong all the same; what is right proves nothing
        raise NotRun(never_worked)

    control = CONTROLS[probe.control]
    await control(session, "before the attack")
    got = await probe.run(session)
    await control(session, "after the attack")
    return got


async def good_token_works(session: Session, when: str) -> None:
    """A token that died of something earlier is replaced before an attack, and missed after it."""
    before = when.startswith("before")
    if before:
        await session.renew()
    answer = await session.ask(session.good.text)
    if before and not succeeded(answer):
        await session.renew(at_once=True)
        answer = await session.ask(session.good.text)
    if succeeded(answer):
        return
    if before:
        raise NotRun(f"the good token is no longer accepted ({describe(answer)})")
    raise Broken(f"the good token was answered {describe(answer)} {when}", shaky=True)


async def good_login_works(session: Session, when: str) -> None:
    answer = await session.log_in()
    if tokens_in(answer):
        return
    if when.startswith("before"):
        raise NotRun(f"nobody can log in any longer: {describe_login(answer)}")
    raise Broken(f"{when} {describe_login(answer)}", shaky=True)


async def nothing(session: Session, when: str) -> None:
    pass


CONTROLS = {"token": good_token_works, "login": good_login_works, "": nothing}
