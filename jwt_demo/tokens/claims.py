"""What claims and header parameters mean, and how their times read to a person. No clock: `now` is a value.

>>> NAMES["exp"].meaning
'from this moment on the token is refused'
>>> in_words(1_700_000_298, now=1_700_000_000)
'in 4 min 58 s'
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any


@dataclass(frozen=True)
class Name:
    """A registered name: what it means in a sentence, and the section that says so."""

    meaning: str
    reference: str
    is_time: bool = False


NAMES = {
    # header parameters
    "alg": Name("how the signature is made", "RFC 7515 §4.1.1"),
    "typ": Name("what kind of token this is", "RFC 7519 §5.1"),
    "cty": Name("what the payload is, when it is not claims", "RFC 7519 §5.2"),
    "kid": Name(
        "which key signed it: an id to look up, never a path or a query", "RFC 7515 §4.1.4"
    ),
    "jku": Name("an address of keys; whoever made the token wrote it", "RFC 7515 §4.1.2"),
    "jwk": Name("a key; whoever made the token wrote it", "RFC 7515 §4.1.3"),
    "x5u": Name("an address of a certificate; whoever made the token wrote it", "RFC 7515 §4.1.5"),
    "x5c": Name("a certificate; whoever made the token wrote it", "RFC 7515 §4.1.6"),
    "x5t": Name("the fingerprint of a certificate (SHA-1)", "RFC 7515 §4.1.7"),
    "x5t#S256": Name("the fingerprint of a certificate (SHA-256)", "RFC 7515 §4.1.8"),
    "crit": Name("parameters that must be understood, or the token refused", "RFC 7515 §4.1.11"),
    "b64": Name("whether the payload is base64url", "RFC 7797 §3"),
    "enc": Name("how the content is encrypted", "RFC 7516 §4.1.2"),
    "zip": Name("how the content is compressed", "RFC 7516 §4.1.3"),
    # claims
    "iss": Name("who issued the token", "RFC 7519 §4.1.1"),
    "sub": Name("whom the token is about, as a string", "RFC 7519 §4.1.2"),
    "aud": Name("whom the token is for; others must refuse it", "RFC 7519 §4.1.3"),
    "exp": Name("from this moment on the token is refused", "RFC 7519 §4.1.4", is_time=True),
    "nbf": Name("before this moment the token is refused", "RFC 7519 §4.1.5", is_time=True),
    "iat": Name("when the token was issued", "RFC 7519 §4.1.6", is_time=True),
    "jti": Name("the token's own id, as a string", "RFC 7519 §4.1.7"),
    "scope": Name("what the token may be used for, names with spaces between", "RFC 8693 §4.2"),
    "client_id": Name("the program that asked for the token", "RFC 8693 §4.3"),
    "auth_time": Name(
        "when the user last proved who they are", "OpenID Connect Core §2", is_time=True
    ),
    "nonce": Name("ties an ID token to the request for it", "OpenID Connect Core §2"),
    "azp": Name("the party the ID token was issued to", "OpenID Connect Core §2"),
    "cnf": Name("a key the bearer must prove to hold", "RFC 7800 §3.1"),
    "act": Name("who acts for the subject", "RFC 8693 §4.1"),
}
LARGEST = (
    sys.float_info.max
)  # JSON allows more digits; beyond this no reader can be expected to follow (RFC 7493 §2.2)
PRIVATE = Name("a private name: its meaning is between issuer and audience", "RFC 7519 §4.3")


def name_of(name: str) -> Name:
    return NAMES.get(name, PRIVATE)


def is_numeric_date(value: Any) -> bool:
    """Whether a value is a NumericDate: a finite JSON number of seconds since 1970 UTC (RFC 7519 §2).

    >>> is_numeric_date(1_700_000_000), is_numeric_date("1700000000"), is_numeric_date(True)
    (True, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST  # false for NaN too


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
