"""Tokens with a good signature and times that must not open anything. All of them need the secret."""

from __future__ import annotations

import time

from ...tokens.claims import is_numeric_date
from ..expectations import needs, signed
from ..forge import MISSING, Good

LATE = 120  # seconds; a leeway of half a minute, of a minute even, is no fault
HOUR = 3600

NOT_TIMES = {
    "text": '"abc"', "null": "null", "[]": "[]", "{}": "{}", "NaN": "NaN", "Infinity": "Infinity", "1e999": "1e999", "-1e999": "-1e999",
}  # fmt: skip


def moved(good: Good, by: float) -> str:
    """The same token issued at another time: all its times move together."""
    return good.with_claims(
        **{
            name: good.claims[name] + by
            for name in ("iat", "nbf", "exp")
            if is_numeric_date(good.claims.get(name))
        }
    )


def expired(good: Good) -> dict[str, str]:
    needs(good, "exp")
    left = good.claims["exp"] - time.time()
    return {"by two minutes": moved(good, -left - LATE), "by a day": moved(good, -left - 24 * HOUR)}


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


def issued_later(good: Good) -> dict[str, str]:
    """`iat` an hour ahead; `exp` moves along, or a lifetime below zero would be what is refused."""
    ahead = int(time.time()) + HOUR
    return {"": moved(good, HOUR) if "iat" in good.claims else good.with_claims(iat=ahead)}


def odd_times(good: Good) -> dict[str, str]:
    return {
        f"{name} = {label}": good.with_raw_claim(name, text)
        for name in ("exp", "nbf", "iat")
        for label, text in NOT_TIMES.items()
    }


def almost_times(good: Good) -> dict[str, str]:
    """What a lenient reader takes for a time: the right number in quotes; true, which is 1 in some languages."""
    now = int(time.time())
    right = {
        "exp": int(good.claims.get("exp", now + 300)),
        "nbf": now - 1,
        "iat": int(good.claims.get("iat", now)),
    }
    tokens = {
        f"{name} in quotes": good.with_raw_claim(name, f'"{value}"')
        for name, value in right.items()
    }
    return tokens | {f"{name} = true": good.with_raw_claim(name, "true") for name in ("nbf", "iat")}


PROBES = (
    signed(
        "expired", "as if issued earlier, its end two minutes ago", "RFC 7519 §4.1.4",
        "A token that was stolen is good until it ends, and not longer.", expired,
    ),
    signed(
        "no-exp", "without exp", "RFC 6750 §5.3",
        "A token without an end is good for ever.", no_exp,
    ),
    signed(
        "exp-milliseconds", "with exp in milliseconds", "RFC 7519 §2",
        "Read as seconds that is the year 58,000; a cap on the lifetime notices.", milliseconds,
    ),
    signed(
        "not-yet-valid", "with an nbf an hour ahead", "RFC 7519 §4.1.5",
        "nbf says from when on; before that the answer is no.", not_yet,
    ),
    signed(
        "issued-later", "as if issued in an hour", "RFC 7519 §4.1.6",
        "Nobody issued a token in the future; a clock is wrong, or the token is.", issued_later,
    ),
    signed(
        "odd-times", "with times that are no numbers", "RFC 7519 §2",
        "PyJWT before 2.15 raised TypeError here, and the server answered 500.", odd_times,
    ),
    signed(
        "times-in-quotes", "with times in quotes, or true", "RFC 7519 §2",
        "A time is a number; two readers that disagree see two tokens.", almost_times,
    ),
)  # fmt: skip
