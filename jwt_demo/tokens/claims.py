"""What claims and header parameters mean, and how their times read to a person. No clock: `now` is a value.

>>> name_of("exp").meaning
'from this moment on the token is rejected'
>>> in_words(1_700_000_298, now=1_700_000_000)
'in 4 min 58 s'
"""

from __future__ import annotations

import re
import sys
from datetime import datetime, timezone
from typing import Any

from .registry import CLAIMS, HEADER_PARAMETERS, OF_ENCRYPTED, Registered

PRIVATE = Registered(
    "any", "a private name: its meaning is between issuer and audience", "RFC 7519 §4.3"
)
PUBLIC = Registered(
    "any",
    "a public name: it contains an address, so nobody else uses the same name",
    "RFC 7519 §4.2",
)
UNREGISTERED = Registered(
    "any", "not registered: its meaning is between the two sides", "RFC 7515 §4.3"
)
LARGEST = (
    sys.float_info.max
)  # JSON allows more digits; beyond this no reader can be expected to follow (RFC 7493 §2.2)


def name_of(name: str, part: str = "claims", *, encrypted: bool = False) -> Registered:
    """What a name means in a token's claims or in its header; the two have registries of their own.

    >>> name_of("alg", "header").reference, name_of("alg").meaning
    ('RFC 7515 §4.1.1', 'a private name: its meaning is between issuer and audience')
    """
    if part == "header" and encrypted and name in OF_ENCRYPTED:
        return OF_ENCRYPTED[name]
    if part == "header":
        return HEADER_PARAMETERS.get(name, UNREGISTERED)
    return CLAIMS.get(name) or (PUBLIC if PUBLIC_NAME.match(name) else PRIVATE)


PUBLIC_NAME = re.compile(
    r"(?:https?://|urn:|tag:)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|dev)/\S+"
)


def is_numeric_date(value: Any) -> bool:
    """Whether a value is a NumericDate: a finite JSON number of seconds since 1970 UTC (RFC 7519 §2).

    >>> is_numeric_date(1_700_000_000), is_numeric_date("1700000000"), is_numeric_date(True)
    (True, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST  # false for NaN too


def unit_of(value: float, now: float | None = None) -> str:
    """The unit that a time is probably written in: s as it must be, ms, us or ns; "duration" for a number too small for a time.

    Also what `ELSEWHERE` names ("2001" and "minutes" near `now` only), "date" for the digits of one, and
    "never" for the last second of the year 9999.

    A number of seconds under 10^9 is before September 2001, one over 10^11 after the year 5000.

    >>> [unit_of(one) for one in (1_700_000_000, 1_700_000_000_000, 1_700_000_000_000_000, 1.7e18, 3600)]
    ['s', 'ms', 'us', 'ns', 'duration']
    """
    if 6.2e17 < value < 7e17:
        return "ticks"
    if 1.2e17 < value < 1.5e17:
        return "filetime"
    if isinstance(value, int) and DATE_DIGITS.fullmatch(str(value)[:20]):
        return "date"
    if 253_402_200_000 < value <= 253_402_300_800:
        return "never"
    if now is not None and abs(value + FROM_2001 - now) < 366 * 86400:
        return "2001"
    if now is not None and value > 10**7 and abs(value * 60 - now) < 366 * 86400:
        return "minutes"
    for unit, factor in PER_SECOND.items():
        if unit != "s" and 10**8 * factor <= value < 10**11 * factor:
            return unit
    return "duration" if 0 < value < 10**9 else "s"


DATE_DIGITS = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])?(?:[0-5]\d){0,2}"
)
ELSEWHERE = {  # unit: its name, how many in a second, its zero in seconds since 1970
    "ticks": (".NET ticks (100 ns since the year 1)", 10**7, -62_135_596_800),
    "filetime": ("Windows' FILETIME (100 ns since 1601)", 10**7, -11_644_473_600),
    "2001": ("seconds since 2001 (Apple)", 1, 978_307_200),
    "minutes": ("minutes since 1970", 1 / 60, 0),
}
FROM_2001 = 978_307_200  # seconds from 1970 to 2001
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
UNIT_NAMES = {"ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


def on_unit(value: float, *, now: float) -> str:
    """What a time probably means that is not a number of seconds; '' for one that is.

    >>> on_unit(3600, now=0), on_unit(1_700_000_300_000, now=1_700_000_000)
    ('probably a duration (1 h) where a time belongs', 'probably milliseconds: that would be 2023-11-14 22:18:20 UTC, in 5 min')
    """
    unit = unit_of(value, now)
    if unit == "s":
        return ""
    if unit == "date":
        return "probably the digits of a date (YYYYMMDD), where seconds since 1970 belong"
    if unit == "never":
        return "the end of the year 9999: in effect it never comes"
    if unit in ELSEWHERE:
        what, per_second, from_1970 = ELSEWHERE[unit]
        seconds = value / per_second + from_1970
        return f"probably {what}; in seconds since 1970 it would be {utc(seconds)}, {in_words(seconds, now=now)}"
    if unit == "duration":
        return f"probably a duration ({duration(value)}) where a time belongs"
    seconds = value / PER_SECOND[unit]
    return (
        f"probably {UNIT_NAMES[unit]}: that would be {utc(seconds)}, {in_words(seconds, now=now)}"
    )


def time_words(name: str, value: Any, *, now: float) -> str:
    """A time of a token for a person: the date, how far it is from `now`, and what is odd about it.

    >>> time_words("exp", 1_700_000_000, now=1_700_000_060)
    '2023-11-14 22:13:20 UTC, expired 1 min ago'
    """
    if not is_numeric_date(value):
        return "not a time: a number of seconds since 1970 belongs here"
    if odd := on_unit(value, now=now):
        return odd
    here = local(value)
    has_offset = re.search(r" [+-]\d{4}$", here)  # a moment beyond the calendar has none
    elsewhere = f" ({here} here)" if has_offset and not here.endswith("+0000") else ""
    expired = "expired " if name == "exp" and value <= now else ""
    return f"{utc(value)}{elsewhere}, {expired}{in_words(value, now=now)}"


def utc(moment: float) -> str:
    """A NumericDate as a date in UTC; years beyond 9999 are named as such.

    >>> utc(1_700_000_000)
    '2023-11-14 22:13:20 UTC'
    """
    return as_date(moment, timezone.utc, "%Y-%m-%d %H:%M:%S UTC")


def local(moment: float, zone: Any = None) -> str:
    """The same moment on the reader's own clock (or in `zone`), with its offset."""
    return as_date(moment, zone, "%Y-%m-%d %H:%M:%S %z")


def as_date(moment: float, zone: Any, pattern: str) -> str:
    try:
        return datetime.fromtimestamp(moment, timezone.utc).astimezone(zone).strftime(pattern)
    except (OverflowError, ValueError, OSError):
        return "beyond the year 9999" if moment > 0 else "before the year 1"


def in_words(moment: float, *, now: float) -> str:
    """How far a moment is from `now`: 'in 4 min 58 s', '2 h ago'.

    >>> in_words(0, now=7200), in_words(7, now=7), in_words(1e12, now=0)
    ('2 h ago', 'now', 'in 31,688 years')
    """
    gap = round(moment - now)
    if gap == 0:
        return "now"
    return f"in {duration(gap)}" if gap > 0 else f"{duration(-gap)} ago"


UNITS = ((365 * 86400 + 20926, "years"), (86400, "days"), (3600, "h"), (60, "min"), (1, "s"))


def duration(seconds: float) -> str:
    """A length of time in its two largest units, years alone, up to a million of them.

    >>> duration(298), duration(7200), duration(90_000), duration(3 * 31_557_000)
    ('4 min 58 s', '2 h', '1 day 1 h', '3 years')
    """
    if seconds > 1_000_000 * UNITS[0][0]:
        return "more than a million years"
    rest, words = round(seconds), []
    for size, unit in UNITS:
        count, rest = divmod(rest, size)
        if count:
            words.append(f"{count:,} {unit[:-1] if count == 1 and len(unit) > 3 else unit}")
        if unit == "years" and count or len(words) == 2:
            break
        if words and not count:
            break
    return " ".join(words) or "0 s"
