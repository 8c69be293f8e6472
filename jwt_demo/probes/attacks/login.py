"""Credentials in, token out: what a login tells a stranger, in words, in status and in time."""

from __future__ import annotations

import json
import re
import secrets
import statistics
from collections.abc import Container
from html import unescape
from typing import Any
from urllib.parse import unquote

from ..answers import describe, describe_login, succeeded
from ..http_client import Answer, Request
from ..model import CRASH, HOLE, HYGIENE, MUST, Broken, NotRun, Probe
from ..session import Session
from . import login_bodies

ROUNDS = 9  # logins of each kind that are timed, one after the other in turn
MUCH_SLOWER = 2.0  # times; a hash that is left out makes ten times and more
CLOCKS = ("date", "expires", "last-modified", "age", "retry-after", "content-length", "set-cookie", "etag")  # fmt: skip
NOTICEABLE = 0.003  # seconds more that a stranger could measure


async def good_login(session: Session) -> str:
    answer = await session.log_in()
    if answer.trouble or (answer.status or 500) >= 500:
        raise Broken(describe_login(answer), CRASH)
    if not session.tokens_in(answer):
        raise Broken(describe_login(answer), HYGIENE)
    if session.token_header or session.token_cookie:
        return f"{answer.status}, a token"
    if (
        not answer.header("Content-Type")[:1]
        or "json" not in answer.header("Content-Type")[0].lower()
    ):
        raise Broken(f"{answer.status}, but its Content-Type is not JSON", HYGIENE)
    return f"{answer.status}, a token"


async def good_token(session: Session) -> str:
    login = await session.log_in()
    token = session.tokens_in(login).get("token")
    if token is None:
        raise NotRun(f"no good token: {describe_login(login)}")
    answer = await session.ask(token)
    request = session.request(token)
    session.sound(request, answer)
    if not succeeded(answer):
        raise Broken(describe(answer), CRASH)
    return str(answer.status)


async def wrong_password(session: Session) -> str:
    return refused_login(session, await session.log_in(credentials(session, password=unused())))


async def unknown_email(session: Session) -> str:
    """The same status, headers and words for both; what differs between two responses of one kind (an id, a date) and the address sent is left out."""
    known = [await session.log_in(credentials(session, password=unused())) for _ in range(2)]
    unknown = [
        await session.log_in(credentials(session, email=stranger(), password=unused()))
        for _ in range(2)
    ]
    for answer in (*known, *unknown):
        session.sound(session.login_request(), answer)
        if session.tokens_in(answer):
            raise Broken(f"{answer.status}, a token, accepted", HOLE)
    if known[0].status != unknown[0].status:
        raise Broken(
            f"{unknown[0].status} for an unknown e-mail address, {known[0].status} for a wrong password",
            HOLE,
        )
    repeated = sent_address(session.login.email)
    different = same_words(known, repeated) ^ same_words(unknown, repeated)
    if different:
        raise Broken(f"{unknown[0].status} for both, but the two responses differ", HOLE)
    return f"{unknown[0].status} for both, with the same text"


async def timing(session: Session) -> str:
    """Attempts in turn, so that what slows the machine down for a while slows both kinds down; a suspicion is measured again."""
    for _ in range(2):
        known, unknown = await timed(session)
        quick, slow = sorted((known, unknown), key=statistics.median)
        if not all(
            much_longer(measure(slow), measure(quick)) for measure in (statistics.median, min)
        ):
            return "the same time for both"
    who = "an unknown e-mail address" if quick is unknown else "a wrong password"
    raise Broken(f"the response to {who} comes in less than half the time", HOLE)


async def timed(session: Session) -> tuple[list[float], list[float]]:
    known: list[float] = []
    unknown: list[float] = []
    for place in range(ROUNDS + 1):
        pair = [(known, {}), (unknown, {"email": stranger()})]
        for times, changes in pair if place % 2 else reversed(pair):
            answer = await session.log_in(credentials(session, password=unused(), **changes))
            session.sound(session.login_request(), answer)
            times.append(answer.seconds)
    return known[1:], unknown[1:]  # the first pair warms up


def much_longer(slow: float, quick: float) -> bool:
    return slow > MUCH_SLOWER * quick and slow - quick > NOTICEABLE


async def missing_field(session: Session) -> str:
    for name in session.login.names:
        answer = await session.log_in(session.login.without(name))
        expect(session, answer, (400, 422), f"without {name}")
        if name.lower() not in answer.text.lower():
            raise Broken(
                f"without {name}: {answer.status}, and the response does not name the field",
                HYGIENE,
            )
    return str(answer.status)


async def odd_fields(session: Session) -> str:
    await answered(session, login_bodies.odd_fields(session), range(400, 500))
    return "4xx"


async def lying_body(session: Session) -> str:
    """The credentials in it are right, so a server that reads it all the same accepts nobody."""
    try:
        for label, request in login_bodies.hard_to_read(session).items():
            answer = await session.try_login(request)
            if not session.tokens_in(answer):
                expect(session, answer, (*range(200, 300), 400, 401, 403, 413, 415, 422), label)
        return await answered(session, login_bodies.lies(session), (400, 401, 413, 415, 422))
    except Broken as broken:
        raise Broken(str(broken), CRASH if broken.severity == CRASH else HYGIENE) from None


async def oversize(session: Session) -> str:
    answer = await session.log_in(credentials(session, password="x" * (2 << 20)))
    return expect(session, answer, (413, 400), "")


async def not_cached(session: Session) -> str:
    answer = await session.log_in()
    if not session.tokens_in(answer):
        raise NotRun(f"no good token: {describe_login(answer)}")
    directives = {
        part.strip().lower()
        for value in answer.header("Cache-Control")
        for part in value.split(",")
    }
    if "no-store" not in directives:
        severity = MUST if is_oauth(answer) else HYGIENE
        raise Broken(f"{answer.status} without Cache-Control: no-store", severity)
    return f"{answer.status}, no-store"


def is_oauth(answer: Answer) -> bool:
    """Whether a login responds like the token endpoint of RFC 6749 §5.1, whose rules apply then."""
    body = answer.json()
    return isinstance(body, dict) and {"access_token", "token_type"} <= set(body)


def credentials(session: Session, **changes: str) -> dict[str, Any]:
    return session.login.fields(**changes)


def unused() -> str:
    return f"wrong-{secrets.token_hex(6)}"


def stranger() -> str:
    return f"nobody-{secrets.token_hex(6)}@email.com"


def refused_login(session: Session, answer: Answer) -> str:
    """401; or the 400 of an OAuth token endpoint, which says `invalid_grant` (RFC 6749 §5.2)."""
    body = answer.json()
    oauth = isinstance(body, dict) and body.get("error") == "invalid_grant"
    oauth = oauth or is_oauth(session.first_login)
    return expect(session, answer, (400, 401) if oauth else (401,), "")


async def answered(session: Session, requests: dict[str, Request], allowed: Container[int]) -> str:
    seen = [
        expect(session, await session.try_login(request), allowed, label)
        for label, request in requests.items()
    ]
    return ", ".join(dict.fromkeys(seen))


def expect(session: Session, answer: Answer, allowed: Container[int], label: str) -> str:
    session.sound(session.login_request(), answer, label)
    if answer.status not in allowed:
        where = f"{label}: " if label else ""
        if session.tokens_in(answer):
            raise Broken(f"{where}{answer.status}, a token, accepted", HOLE)
        raise Broken(f"{where}{answer.status}", HYGIENE)
    return str(answer.status)


def sent_address(email: str) -> re.Pattern[str]:
    """The user's e-mail address, or what is before its `@`, and each that `stranger` makes. To get back what was sent tells nobody anything.

    >>> sent_address("user@email.com").sub("…", "Wrong password for User@email.com, not nobody-0a@email.com")
    'Wrong password for …, not …'
    """
    names = [re.escape(name) for name in (email, email.partition("@")[0]) if name]
    ours = rf"(?<!\w)(?:{'|'.join(names)})(?!\w)|" if names else ""
    return re.compile(rf"{ours}nobody-[0-9a-f]+(?:@email\.com)?", re.IGNORECASE)


def same_words(answers: list[Answer], repeated: re.Pattern[str]) -> set[str]:
    """The words that all of these responses share, of body and headers alike."""
    return set.intersection(*({f"{answer.status}", *words(answer, repeated)} for answer in answers))


def words(answer: Answer, repeated: re.Pattern[str]) -> set[str]:
    """Of the body and of the headers, numbers left out: a header with a clock or a counter differs by itself."""

    def marked(text: str) -> str:
        """Whether an address is repeated counts, and which one does not."""
        return repeated.sub("ADDRESS", unquote(unescape(text)))

    headers = {
        re.sub(r"\d+", "0", f"{name}: {marked(value)}")
        for name, value in answer.headers
        if name not in CLOCKS and not name.startswith(("x-ratelimit", "ratelimit"))
    }
    body = answer.text if answer.json() is None else json.dumps(answer.json(), ensure_ascii=False)
    return headers | set(re.findall(r"[A-Za-z]+", re.sub(r"wrong-[0-9a-f]+", "", marked(body))))


def probe(
    name: str,
    sent: str,
    expected: str,
    reference: str,
    why: str,
    run: Any,
    *,
    logins: int = 1,
    control: str = "login",
    alone: bool = True,
) -> Probe:
    return Probe(
        name, sent, expected, reference, why, run, control=control, alone=alone, logins=logins
    )


PROBES = (
    probe(
        "login", "the right credentials", "200, JSON with a token", "RFC 6749 §5.1",
        "A user with the right credentials must get a token. Without a token, most other probes cannot run.", good_login, control="",
    ),
    probe(
        "good-token", "the token from that login", "200", "RFC 6750 §2.1",
        "The server must accept a token that it has just issued. Otherwise a rejection of another token proves nothing.", good_token, control="",
    ),
    probe(
        "login-cache", "the right credentials", "200 with Cache-Control: no-store", "RFC 6749 §5.1",
        "A cache that stores the response also stores the token, and may send it to another client.", not_cached, control="",
    ),
    probe(
        "wrong-password", "a known e-mail address with a wrong password", "401", "RFC 9110 §15.5.2",
        "The request has the right form, and the credentials are wrong. The status for wrong credentials is 401, not 400.", wrong_password,
    ),
    probe(
        "unknown-email", "a wrong password for a known e-mail address, and an unknown e-mail address", "the same response to both",
        "OWASP ASVS 5.0 V6.3.8",
        "If the two responses differ, a stranger can find out which e-mail addresses have an account.", unknown_email, logins=4,
    ),
    probe(
        "missing-field", "login requests that each lack one field", "400, and the response names the field", "RFC 9110 §15.5.1",
        "The developer of a client must see which field is missing. A missing field must not crash the server.", missing_field, logins=2,
    ),
    probe(
        "odd-fields", "login requests with fields that are empty, null, numbers, lists, objects or invalid text", "4xx", "RFC 9110 §15.5.1",
        "The client chooses the JSON type of each field. A server that does not check the types crashes.", odd_fields, logins=18,
    ),
    probe(
        "lying-body", "login requests with a body that does not match its Content-Type, or is cut off", "400", "RFC 9110 §15.5.1",
        "The client sent the broken body, so the response must be a 4xx status and not 500.", lying_body, logins=19,
    ),
    probe(
        "oversize-body", "a login request with a password of 2 MiB", "413", "RFC 9110 §15.5.14",
        "Hashing a long password costs the server more than sending it costs the client. The server must check the size first.", oversize,
    ),
    probe(
        "login-timing", f"{ROUNDS} logins with an unknown e-mail address and {ROUNDS} with a wrong password, alternating", "the same time for both",
        "OWASP ASVS 5.0 V6.3.8",
        "If the server hashes no password for an unknown user, its response comes sooner. The time then shows who has an account.", timing,
        logins=4 * (ROUNDS + 1),
    ),
)  # fmt: skip
