"""Tokens with a good signature and times that must not open anything. All of them need the secret."""

from __future__ import annotations

import time

from ...tokens.claims import is_numeric_date
from ..answers import succeeded
from ..expectations import needs, signed
from ..forge import MISSING, Good
from ..model import HYGIENE, MUST, Broken, NotRun
from ..session import Session

LATE = 120  # seconds; a leeway of half a minute, of a minute even, is no fault
HOUR = 3600

NOT_TIMES = {
    "text": '"abc"', "null": "null", "[]": "[]", "{}": "{}", "NaN": "NaN", "Infinity": "Infinity",
}  # fmt: skip


BEYOND = ("1e999", "-1e999")


def moved(good: Good, by: float) -> str:
    """The same token issued at another time: all its times move together."""
    return good.with_claims(
        **{
            name: shifted(good.claims[name], by)
            for name in ("iat", "nbf", "exp")
            if is_numeric_date(good.claims.get(name))
        }
    )


def shifted(value: float, by: float) -> float:
    """A whole number stays one: a server that reads whole numbers only would reject it for its form."""
    return value + round(by) if isinstance(value, int) else value + by


async def expired(session: Session) -> str:
    """A day ago, then two minutes ago: to accept the second alone is a long leeway, and no hole."""
    good = session.good
    needs(good, "exp")
    left = good.claims["exp"] - time.time()
    await session.refuses(moved(good, -left - 24 * HOUR), "expired a day ago")
    if "iat" in good.claims:
        yesterday = round(time.time()) - 24 * HOUR
        await session.refuses(
            good.with_claims(exp=yesterday, iat=MISSING), "expired a day ago, without iat"
        )
    request = session.request(moved(good, -left - LATE))
    answer = await session.send(request)
    if succeeded(answer):
        raise Broken(
            f"expired two minutes ago: {answer.status}, so the leeway is more than two minutes",
            HYGIENE,
        )
    return session.refused(request, answer, "expired two minutes ago")


def no_exp(good: Good) -> dict[str, str]:
    needs(good, "exp")
    return {"": good.with_claims(exp=MISSING)}


def milliseconds(good: Good) -> dict[str, str]:
    needs(good, "exp")
    return {
        "in milliseconds": good.with_claims(exp=int(good.claims["exp"]) * 1000),
        "of 400 digits": good.with_raw_claim("exp", "9" * 400),
    }


def not_yet(good: Good) -> dict[str, str]:
    return {"": good.with_claims(nbf=int(time.time()) + HOUR)}


async def issued_later(session: Session) -> str:
    """`iat` an hour ahead; `exp` moves along, or a lifetime below zero would be what is rejected. RFC 7519 leaves it to the server."""
    good, ahead = session.good, int(time.time()) + HOUR
    token = moved(good, HOUR) if "iat" in good.claims else good.with_claims(iat=ahead)
    request = session.request(token)
    answer = await session.send(request)
    session.sound(request, answer)
    if succeeded(answer):
        raise NotRun("the server does not check iat, and no RFC requires this check")
    return session.refused(request, answer)


async def odd_times(session: Session) -> str:
    """What is no number has to be rejected; a number beyond all clocks may be read, and must not crash. Nobody has to read iat."""
    good, seen = session.good, []
    for name in ("exp", "nbf", "iat"):
        for label, text in NOT_TIMES.items():
            token = good.with_raw_claim(name, text)
            seen.append(await session.rejects(token, f"{name} = {label}", severity_of(name)))
        for text in BEYOND:
            request = session.request(good.with_raw_claim(name, text))
            session.sound(request, await session.send(request), f"{name} = {text}")
    return ", ".join(dict.fromkeys(seen))


def severity_of(name: str) -> str:
    """exp and nbf MUST be processed (RFC 7519 §4.1.4, §4.1.5); what iat is good for is left to the server (§4.1.6)."""
    return HYGIENE if name == "iat" else MUST


async def almost_times(session: Session) -> str:
    """What a lenient reader takes for a time: the right number in quotes; true, which is 1 in some languages."""
    good, now, seen = session.good, int(time.time()), []
    right = {
        "exp": int(good.claims.get("exp", now + 300)),
        "nbf": now - 1,
        "iat": int(good.claims.get("iat", now)),
    }
    texts = [(name, "in quotes", f'"{value}"') for name, value in right.items()]
    for name, label, text in (*texts, ("nbf", "= true", "true"), ("iat", "= true", "true")):
        token = good.with_raw_claim(name, text)
        seen.append(await session.rejects(token, f"{name} {label}", severity_of(name)))
    return ", ".join(dict.fromkeys(seen))


PROBES = (
    signed(
        "expired", "with its times moved back, once so that it expired a day ago, and once so that it expired two minutes ago", "RFC 7519 §4.1.4",
        "A stolen token must stop working when it expires.", expired, runs=True,
    ),
    signed(
        "no-exp", "without exp", "RFC 6750 §5.3",
        "A token without exp never expires.", no_exp, HYGIENE,
    ),
    signed(
        "exp-milliseconds", "with exp in milliseconds, then with an exp of 400 digits", "RFC 7519 §2",
        "If the server reads milliseconds as seconds, exp is in about the year 58,000. A server that limits the lifetime rejects the token.",
        milliseconds, HYGIENE,
    ),
    signed(
        "not-yet-valid", "with an nbf an hour in the future", "RFC 7519 §4.1.5",
        "nbf (not before) says when a token becomes valid. The server must reject it before this time.", not_yet, MUST,
    ),
    signed(
        "issued-later", "with an iat an hour in the future", "RFC 7519 §4.1.6",
        "No server can have issued this token yet. Either a clock is wrong, or the token is.", issued_later, HYGIENE, runs=True,
    ),
    signed(
        "odd-times", "with times that are not numbers", "RFC 7519 §2",
        "A time is a number. PyJWT before 2.15 raised TypeError for other types, and the server returned 500.", odd_times, MUST, runs=True,
    ),
    signed(
        "times-in-quotes", "with times in quotes, or true instead of a time", "RFC 7519 §2",
        "A time is a number. If one program converts a text to a time and another does not, they disagree about the token.", almost_times,
        MUST, runs=True,
    ),
)  # fmt: skip
