"""Ending a token early: logout, refresh, rotation. Each probe logs in for itself, for what it uses up."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from ..answers import describe, describe_login, succeeded
from ..endpoints import Endpoint
from ..expectations import REFUSED
from ..http_client import Answer, Request
from ..model import CRASH, HYGIENE, MUST, Broken, NotRun, Probe
from ..session import Session


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
    answer = await leave(session, {"token": token})
    return dead(session, answer, "", token, (400, 401, 403), HYGIENE)


async def rotation(session: Session) -> str:
    """The new pair works; the old refresh token a second time ends the family, new pair and all (RFC 9700 §4.14.2)."""
    first = await pair(session)
    answer = await refresh(session, first["refresh"])
    second = refreshed(session, answer)
    session.sound(session.request(), answer, "refresh")
    if "token" not in second:
        raise Broken(f"refresh: {describe(answer)}, no token", HYGIENE)
    if second.get("refresh", first["refresh"]) == first["refresh"]:
        raise Broken("200, and the old refresh token stays valid", HYGIENE)
    session.sound(session.request(second["token"]), answer := await session.ask(second["token"]))
    if not succeeded(answer):
        raise Broken(f"the new token: {describe(answer)}", CRASH)
    return "200, a new pair"


async def reuse(session: Session) -> str:
    first = await pair(session)
    second = refreshed(session, await refresh(session, first["refresh"]))
    if second.get("refresh", first["refresh"]) == first["refresh"]:
        raise NotRun("refreshing gives no new refresh token here, see rotation")
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
        MUST,
    )
    try:
        await session.refuses(second["token"], "the access token of the same login")
    except Broken as broken:
        raise Broken(str(broken), broken.severity or HYGIENE) from None
    return "401, and every token of the login is revoked"


async def at_once(session: Session) -> str:
    """Five at the same time with one refresh token: one of them at most gets a pair."""
    tokens = await pair(session)
    once = refreshed(session, await refresh(session, tokens["refresh"]))
    if once.get("refresh", tokens["refresh"]) == tokens["refresh"]:
        raise NotRun("refreshing gives no new refresh token here, see rotation")
    tokens = await pair(session)
    answers = await asyncio.gather(*(refresh(session, tokens["refresh"]) for _ in range(5)))
    for answer in answers:
        session.sound(session.request(), answer)
    winners = sum(succeeded(answer) for answer in answers)
    if winners > 1:
        raise Broken(f"{winners} of 5 requests got a new pair")
    return "one new pair at most, for 5 requests"


async def fresh(session: Session) -> dict[str, str]:
    tokens = session.tokens_in(answer := await session.log_in())
    if not tokens:
        raise NotRun(f"no good token: {describe_login(answer)}")
    return tokens


async def pair(session: Session) -> dict[str, str]:
    tokens = await fresh(session)
    if "refresh" not in tokens:
        raise NotRun("the login gives no refresh token")
    if not session.refresh_found:
        await find_refresh(session, tokens["refresh"])
        return await pair(session)
    return tokens


async def refresh(session: Session, token: str) -> Answer:
    """Refresh with this token, where the server looks for it: as it was told, else in the body, else in the header."""
    answer = await session.send(request_to(session, session.refreshing, token))
    if answer.status in (404, 405):
        raise NotRun(
            f"{answer.status}: there is no refresh at {session.refreshing.method} {session.refreshing.path}; give another path with --refresh-path"
        )
    return answer


async def find_refresh(session: Session, token: str) -> None:
    """Which way of sending a refresh token this server takes, tried once with a good one."""
    told, session.refresh_found = session.refreshing, True
    if told.place != "json" or told.name != "refresh_token":
        return
    for way in (
        told,
        replace(told, place="header", name=""),
        replace(told, name="refresh"),
        replace(told, name="refreshToken"),
        replace(told, place="form"),
        *(replace(told, place="cookie", name=name) for name in session.cookies_of_login()),
    ):
        answer = await session.send(request_to(session, way, token))
        if refreshed(session, answer) or answer.status in (404, 405):
            session.refreshing = way
            return


def request_to(session: Session, endpoint: Endpoint, token: str) -> Request:
    return endpoint.request(token, session.carrying(token))


def refreshed(session: Session, answer: Answer) -> dict[str, str]:
    return session.tokens_in(answer)


async def leave(session: Session, tokens: dict[str, str]) -> Answer:
    """Log out, with the access token in the header and, where it was told to, another one in the body."""
    endpoint = session.leaving
    text = tokens["token"]
    if "refresh" in endpoint.name and "refresh" in tokens:
        text = tokens["refresh"]
    request = request_to(session, endpoint, text)
    if endpoint.place != "header":
        request = replace(request, headers=(*request.headers, *session.carrying(tokens["token"])))
    return await session.send(request)


async def logged_out(session: Session) -> str:
    """A token that was good and was logged out."""
    tokens = await fresh(session)
    answer = await leave(session, tokens)
    if answer.status in (404, 405):
        raise NotRun(
            f"{answer.status}: there is no logout at {session.leaving.method} {session.leaving.path}; give another path with --logout-path"
        )
    session.sound(session.request(tokens["token"]), answer, "logout")
    if not succeeded(answer):
        raise Broken(f"logout: {describe(answer)}", HYGIENE)
    elsewhere = await session.send(Request(session.leaving.method, "/no/such/path"))
    if succeeded(elsewhere):
        raise NotRun("every address gets a response here, so it is not known that this is a logout")
    return tokens["token"]


def dead(
    session: Session,
    answer: Answer,
    label: str,
    token: str,
    allowed: tuple[int, ...],
    severity: str | None = None,
) -> str:
    where = f"{label}: " if label else ""
    session.sound(session.request(token), answer, label)
    if succeeded(answer):
        raise Broken(f"{where}{describe(answer)}, accepted", severity)
    if answer.status not in (*allowed, session.usual.status):
        raise Broken(f"{where}{describe(answer)}", HYGIENE)
    return describe(answer)


PROBES = (
    Probe(
        "refresh-as-access", "the refresh token in place of the access token", REFUSED, "RFC 8725 §2.8, §3.12",
        "A refresh token is valid for weeks. Only the address for refreshing may accept it.", refresh_as_access, "login", alone=True,
        logins=1,
    ),
    Probe(
        "access-as-refresh", "the access token in place of the refresh token", "401", "RFC 8725 §2.8, §3.12",
        "An attacker who stole an access token of five minutes must not get new tokens with it for weeks.", access_as_refresh, "login",
        alone=True, logins=1,
    ),
    Probe(
        "after-logout", "a token after the logout of this token", REFUSED, "RFC 7009 §2.2",
        "Deleting the token on the client does not revoke it. An attacker who copied it can still use it.", after_logout, "login",
        alone=True, logins=1,
    ),
    Probe(
        "respelled-logout", "the token of the logout, with = added at its end", REFUSED, "RFC 7515 §2, RFC 4648 §3.5",
        "A denylist that stores the text of a token does not find its other spelling. A denylist that stores jti does.",
        respelled_after_logout, "login", alone=True, logins=1,
    ),
    Probe(
        "logout-twice", "a second logout with the same token", "401", "RFC 6750 §3.1",
        "The server must reject a revoked token at every address, the logout too.", logout_twice, control="login", alone=True, logins=1,
    ),
    Probe(
        "rotation", "a refresh token, to get new tokens", "200 with a new pair of tokens, and the new token works", "RFC 9700 §4.14.2",
        "If each refresh token works only once, the server can detect that somebody uses a stolen one.", rotation, "login", alone=True,
        logins=1,
    ),
    Probe(
        "refresh-reuse", "the same refresh token a second time", "401, and every token of that login is revoked", "RFC 9700 §4.14.2",
        "Two clients have this token, and the server does not know which one is the attacker. Both must log in again.", reuse, "login",
        alone=True, logins=1,
    ),
    Probe(
        "refresh-race", "the same refresh token in five requests at the same time", "one new pair of tokens at most", "RFC 9700 §4.14.2",
        "If the server first checks the token and later marks it as used, a second request can pass the check in between.", at_once,
        "login", alone=True, logins=2,
    ),
)  # fmt: skip
