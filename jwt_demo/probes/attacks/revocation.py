"""Ending a token early: logout, refresh, rotation. Each probe logs in for itself, for what it uses up."""

from __future__ import annotations

import asyncio
import json

from ..expectations import REFUSED
from ..http_client import Answer, Request
from ..model import Broken, NotRun, Probe
from ..session import JSON, Session, describe, describe_login, succeeded, tokens_in


async def refresh_as_access(session: Session) -> str:
    return await session.refuses((await pair(session))["refresh"])


async def access_as_refresh(session: Session) -> str:
    tokens = await pair(session)
    answer = await refresh(session, tokens["token"])
    return dead(session, answer, "the access token", tokens["token"], (400, 401))


async def after_logout(session: Session) -> str:
    token = await logged_out(session)
    return await session.refuses(token)


async def respelled_after_logout(session: Session) -> str:
    token = await logged_out(session)
    return ", ".join(
        dict.fromkeys(
            [
                await session.refuses(f"{token}=", "= at the end"),
                await session.refuses(f"{token}==", "== at the end"),
            ]
        )
    )


async def logout_twice(session: Session) -> str:
    token = await logged_out(session)
    return dead(session, await session.ask(token, method="POST", path="/logout"), "", token, (401,))


async def rotation(session: Session) -> str:
    """The new pair works; the old refresh token a second time ends the family, new pair and all (RFC 9700 §4.14.2)."""
    first = await pair(session)
    second = tokens_in(answer := await refresh(session, first["refresh"]))
    session.sound(session.request(), answer, "refresh")
    if "token" not in second:
        raise Broken(f"refresh: {describe(answer)}, no token")
    if second.get("refresh", first["refresh"]) == first["refresh"]:
        raise Broken("200, and the old refresh token stays good")
    if not succeeded(answer := await session.ask(second["token"])):
        raise Broken(f"the new token: {describe(answer)}")
    return "200, a new pair"


async def reuse(session: Session) -> str:
    first = await pair(session)
    second = tokens_in(await refresh(session, first["refresh"]))
    if "refresh" not in second:
        raise NotRun("refreshing gives no new refresh token here")
    dead(
        session,
        await refresh(session, first["refresh"]),
        "the used one",
        first["refresh"],
        (400, 401),
    )
    dead(
        session,
        await refresh(session, second["refresh"]),
        "its successor",
        second["refresh"],
        (400, 401),
    )
    await session.refuses(second["token"], "the access token of the same login")
    return "401, the whole family"


async def at_once(session: Session) -> str:
    """Five at the same time with one refresh token: one of them at most gets a pair."""
    tokens = await pair(session)
    answers = await asyncio.gather(*(refresh(session, tokens["refresh"]) for _ in range(5)))
    for answer in answers:
        session.sound(session.request(), answer)
    winners = sum(succeeded(answer) for answer in answers)
    if winners > 1:
        raise Broken(f"{winners} of 5 got a new pair")
    return "one of 5 at most"


async def fresh(session: Session) -> dict[str, str]:
    tokens = tokens_in(answer := await session.log_in())
    if not tokens:
        raise NotRun(f"no good token: {describe_login(answer)}")
    return tokens


async def pair(session: Session) -> dict[str, str]:
    tokens = await fresh(session)
    if "refresh" not in tokens:
        raise NotRun("the login gives no refresh token")
    return tokens


async def refresh(session: Session, token: str) -> Answer:
    answer = await session.send(
        Request(
            "POST",
            "/refresh",
            (("Content-Type", JSON),),
            json.dumps({"refresh_token": token}).encode("ascii"),
        )
    )
    if answer.status in (404, 405):
        raise NotRun(f"{answer.status}: nothing refreshes at POST /refresh")
    return answer


async def logged_out(session: Session) -> str:
    """A token that was good and was logged out."""
    token = (await fresh(session))["token"]
    answer = await session.ask(token, method="POST", path="/logout")
    if answer.status in (404, 405):
        raise NotRun(f"{answer.status}: nobody logs out at POST /logout")
    session.sound(session.request(token), answer, "logout")
    if not succeeded(answer):
        raise Broken(f"logout: {describe(answer)}")
    return token


def dead(session: Session, answer: Answer, label: str, token: str, allowed: tuple[int, ...]) -> str:
    where = f"{label}: " if label else ""
    session.sound(session.request(token), answer, label)
    if answer.status not in allowed:
        raise Broken(f"{where}{describe(answer)}{', accepted' if succeeded(answer) else ''}")
    return describe(answer)


PROBES = (
    Probe(
        "refresh-as-access", "the refresh token in place of the access token", REFUSED, "RFC 8725 §2.8, §3.12",
        "It lives for weeks and is meant for one address; everywhere else it is nothing.", refresh_as_access, control="login", alone=True,
    ),
    Probe(
        "access-as-refresh", "the access token in place of the refresh token", "401", "RFC 8725 §2.8, §3.12",
        "Whoever steals a token for five minutes must not keep it for weeks.", access_as_refresh, control="login", alone=True,
    ),
    Probe(
        "after-logout", "a token after its logout", REFUSED, "RFC 7009 §2.2",
        "Deleting it on the client ends nothing: whoever copied it still has it.", after_logout, control="login", alone=True,
    ),
    Probe(
        "respelled-logout", "the same token with = at its end", REFUSED, "RFC 7515 §2, RFC 4648 §3.5",
        "A denylist of texts does not know the other text of the same token; one of jti does.", respelled_after_logout, control="login", alone=True,
    ),
    Probe(
        "logout-twice", "a second logout with the same token", "401", "RFC 6750 §3.1",
        "A token that is over is over at every address.", logout_twice, control="login", alone=True,
    ),
    Probe(
        "rotation", "a refresh token", "200 with a new pair, and the new token works", "RFC 9700 §4.14.2",
        "A refresh token that is good once is missed when it is stolen.", rotation, control="login", alone=True,
    ),
    Probe(
        "refresh-reuse", "the same refresh token a second time", "401, and every token of that login is dead", "RFC 9700 §4.14.2",
        "Two have it, and nobody knows which of them is the thief: both log in again.", reuse, control="login", alone=True,
    ),
    Probe(
        "refresh-race", "one refresh token five times at once", "one new pair at most", "RFC 9700 §4.14.2",
        "Checked and then marked as used, with a moment between, it is good twice.", at_once, control="login", alone=True,
    ),
)  # fmt: skip
