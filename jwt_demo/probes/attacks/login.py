"""Credentials in, token out: what a login tells a stranger, in words, in status and in time."""

from __future__ import annotations

import json
import re
import secrets
import statistics
from collections.abc import Container
from typing import Any

from ..http_client import Answer
from ..model import Broken, NotRun, Probe
from ..session import Session, describe, describe_login, succeeded, tokens_in
from . import login_bodies

ROUNDS = 9  # logins of each kind that are timed, one after the other in turn
MUCH_SLOWER = 2.0  # times; a hash that is left out makes ten times and more
NOTICEABLE = 0.003  # seconds more that a stranger could measure


async def good_login(session: Session) -> str:
    answer = await session.log_in()
    if answer.trouble or not tokens_in(answer):
        raise Broken(describe_login(answer))
    if (
        not answer.header("Content-Type")[:1]
        or "json" not in answer.header("Content-Type")[0].lower()
    ):
        raise Broken(f"{answer.status}, but its Content-Type is not JSON")
    return f"{answer.status}, a token"


async def good_token(session: Session) -> str:
    login = await session.log_in()
    token = tokens_in(login).get("token")
    if token is None:
        raise NotRun(f"no good token: {describe_login(login)}")
    answer = await session.ask(token)
    request = session.request(token)
    session.sound(request, answer)
    if not succeeded(answer):
        raise Broken(describe(answer))
    return str(answer.status)


async def wrong_password(session: Session) -> str:
    return refused_login(session, await session.log_in(credentials(session, password=unused())))


async def unknown_email(session: Session) -> str:
    """The same status, headers and words for both; what differs between two answers of one kind (an id, a date) is left out."""
    known = [await session.log_in(credentials(session, password=unused())) for _ in range(2)]
    unknown = [
        await session.log_in(credentials(session, email=stranger(), password=unused()))
        for _ in range(2)
    ]
    for answer in (*known, *unknown):
        session.sound(session.login_request(), answer)
        if tokens_in(answer):
            raise Broken(f"{answer.status}, a token")
    if known[0].status != unknown[0].status:
        raise Broken(
            f"{unknown[0].status} for an unknown e-mail, {known[0].status} for a wrong password"
        )
    different = same_words(known) ^ same_words(unknown)
    if different:
        raise Broken(f"{unknown[0].status} for both, but in other words")
    return f"{unknown[0].status} for both, the same words"


async def timing(session: Session) -> str:
    """Attempts in turn, so that what slows the machine down for a while slows both kinds down; a suspicion is measured again."""
    for _ in range(2):
        known, unknown = await timed(session)
        quick, slow = sorted((known, unknown), key=statistics.median)
        if not all(
            much_longer(measure(slow), measure(quick)) for measure in (statistics.median, min)
        ):
            return "the same time for both"
    who = "an unknown e-mail" if quick is unknown else "a wrong password"
    raise Broken(f"{who} is answered in less than half the time")


async def timed(session: Session) -> tuple[list[float], list[float]]:
    known, unknown = [], []
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
    for name in session.names:
        fields = {key: value for key, value in credentials(session).items() if key != name}
        answer = await session.log_in(fields)
        expect(session, answer, (400, 422), f"without {name}")
        if name.lower() not in answer.text.lower():
            raise Broken(f"without {name}: {answer.status}, and the answer does not name the field")
    return str(answer.status)


async def odd_fields(session: Session) -> str:
    await answered(session, login_bodies.odd_fields(session), range(400, 500))
    return "4xx"


async def lying_body(session: Session) -> str:
    await answered(session, login_bodies.hard_to_read(session), (200, 400, 401, 413, 415, 422))
    return await answered(session, login_bodies.lies(session), (400, 413, 415, 422))


async def oversize(session: Session) -> str:
    answer = await session.log_in(credentials(session, password="x" * (2 << 20)))
    return expect(session, answer, (413, 400), "")


async def not_cached(session: Session) -> str:
    answer = await session.log_in()
    if not tokens_in(answer):
        raise NotRun(f"no good token: {describe_login(answer)}")
    directives = {
        part.strip().lower()
        for value in answer.header("Cache-Control")
        for part in value.split(",")
    }
    if "no-store" not in directives:
        raise Broken(f"{answer.status} without Cache-Control: no-store")
    return f"{answer.status}, no-store"


def credentials(session: Session, **changes: str) -> dict[str, Any]:
    values = {"email": session.email, "password": session.password, **changes}
    return dict(zip(session.names, (values["email"], values["password"]), strict=True))


def unused() -> str:
    return f"wrong-{secrets.token_hex(6)}"


def stranger() -> str:
    return f"nobody-{secrets.token_hex(6)}@email.com"


def refused_login(session: Session, answer: Answer) -> str:
    """401; or the 400 of an OAuth token endpoint, which says `invalid_grant` (RFC 6749 §5.2)."""
    oauth = isinstance(answer.json(), dict) and answer.json().get("error") == "invalid_grant"
    return expect(session, answer, (400, 401) if oauth else (401,), "")


async def answered(session: Session, requests: dict[str, Any], allowed: Container[int]) -> str:
    seen = [
        expect(session, await session.send(request), allowed, label)
        for label, request in requests.items()
    ]
    return ", ".join(dict.fromkeys(seen))


def expect(session: Session, answer: Answer, allowed: Container[int], label: str) -> str:
    session.sound(session.login_request(), answer, label)
    if answer.status not in allowed:
        raise Broken(f"{label}: {answer.status}" if label else str(answer.status))
    return str(answer.status)


def same_words(answers: list[Answer]) -> set[str]:
    """The words all of these answers share, of body and headers alike."""
    return set.intersection(*({f"{answer.status}", *words(answer)} for answer in answers))


def words(answer: Answer) -> set[str]:
    headers = {
        f"{name}: {value}"
        for name, value in answer.headers
        if name not in ("date", "content-length", "set-cookie", "etag")
    }
    body = answer.text if answer.json() is None else json.dumps(answer.json())
    return headers | set(
        re.findall(r"[A-Za-z]+", re.sub(r"(?:nobody|wrong)-[0-9a-f]+(?:@email\.com)?", "", body))
    )


def probe(
    name: str,
    sent: str,
    expected: str,
    reference: str,
    why: str,
    run: Any,
    *,
    control: str = "login",
    alone: bool = True,
) -> Probe:
    return Probe(name, sent, expected, reference, why, run, control=control, alone=alone)


PROBES = (
    probe(
        "login", "the right credentials", "200, JSON with a token", "RFC 6749 §5.1",
        "Whoever proves who they are gets a token; without one nothing else can be tried.", good_login, control="",
    ),
    probe(
        "good-token", "the token of that login", "200", "RFC 6750 §2.1",
        "A token that was just issued opens the door, or no refusal proves anything.", good_token, control="",
    ),
    probe(
        "login-cache", "the right credentials", "200 with Cache-Control: no-store", "RFC 6749 §5.1",
        "A cache that keeps the answer keeps the token, and gives it to the next one who asks.", not_cached, control="",
    ),
    probe(
        "wrong-password", "a known e-mail with a wrong password", "401", "RFC 9110 §15.5.2",
        "The credentials are the fault, not the form of the request.", wrong_password,
    ),
    probe(
        "unknown-email", "an unknown e-mail, and a wrong password for a known one", "the same answer to both", "OWASP ASVS 5.0 V6.3.8",
        "An answer that tells the two apart tells a stranger who has an account.", unknown_email,
    ),
    probe(
        "missing-field", "a login without one of its fields", "400 that names the field", "RFC 9110 §15.5.1",
        "Whoever writes a client sees what is missing, and a missing key is not a crash.", missing_field,
    ),
    probe(
        "odd-fields", "fields that are empty, lists, numbers, nested, no text", "4xx", "RFC 9110 §15.5.1",
        "A client chooses the types in its JSON; a server that trusts them crashes.", odd_fields,
    ),
    probe(
        "lying-body", "bodies that are not what their Content-Type says", "400", "RFC 9110 §15.5.1",
        "What a parser throws at such a body is the client's fault, and answered as one.", lying_body,
    ),
    probe(
        "oversize-body", "a password of 2 MiB", "413", "RFC 9110 §15.5.14",
        "To hash it costs more than to send it; the limit stands before the work.", oversize,
    ),
    probe(
        "login-timing", f"{ROUNDS} logins with an unknown e-mail and {ROUNDS} with a wrong password, in turn", "the same time for both",
        "OWASP ASVS 5.0 V6.3.8", "Where nobody is found and nothing is hashed, the quick answer says so.", timing,
    ),
)  # fmt: skip
