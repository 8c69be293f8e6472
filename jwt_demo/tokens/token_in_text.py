"""Recognising a token by its look, as leniently as can be: what `repair` and `forms` ask of a text. Pure.

>>> the_one_inside("got eyJhbGciOiJIUzI1NiJ9.e30.c2ln from the server")
'eyJhbGciOiJIUzI1NiJ9.e30.c2ln'
"""

from __future__ import annotations

import json
import re
from typing import Any

from .lenient_base64 import octets_in

LONGEST = 60_000  # characters in which a token is looked for
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")
INSIDE = re.compile(
    r"(?<![A-Za-z0-9_.-])e[yw][A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(?!\.?[A-Za-z0-9_-])"
)
UNSEEN = re.compile(
    "\\x1b\\[[0-9;]*m|[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
SIGNATURE_BYTES = {
    "HS256": (32,), "HS384": (48,), "HS512": (64,), "ES256": (64,), "ES384": (96,), "ES512": (132,),
    "EdDSA": (64, 114), "Ed25519": (64,), "Ed448": (114,),
} | {f"{family}{bits}": (256, 384, 512) for family in ("RS", "PS") for bits in (256, 384, 512)}  # fmt: skip


def with_short_gaps(text: str) -> str:
    """The text with one blank or line break for each long stretch of white space."""
    return GAP.sub(lambda gap: "\n" if "\n" in gap[0] else " ", text)


GAP = re.compile(r"\s{9,}")


def is_token(text: str) -> bool:
    return COMPACT.fullmatch(text) is not None and header_in(text) is not None


def header_in(text: str) -> dict[str, Any] | None:
    """The JSON object in the first segment, read as leniently as can be; None where there is none."""
    octets = octets_in(text[:20_000].split(".", 1)[0])
    try:
        value = None if octets is None else json.loads(octets)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def has_length(text: str) -> bool:
    """Whether the signature has a length that its algorithm makes."""
    header = header_in(text) or {}
    last = text.rpartition(".")[2]
    lengths = SIGNATURE_BYTES.get(str(header.get("alg")), ())
    return len(last) * 3 // 4 in lengths


def is_cut(text: str) -> bool:
    """Whether the signature is shorter than its algorithm makes it."""
    return len(text.rpartition(".")[2]) < min(signature_characters(text), default=0)


def signature_characters(text: str) -> list[int]:
    """How many characters of base64url the header's algorithm makes; several for RSA, none for one that is not known.

    >>> signature_characters("eyJhbGciOiJIUzI1NiJ9.e30")
    [43]
    """
    alg = str((header_in(text) or {}).get("alg"))
    return [-(-length * 4 // 3) for length in SIGNATURE_BYTES.get(alg, ())]


def the_one_inside(text: str) -> str | None:
    """The token in a longer text, where there is exactly one."""
    found = dict.fromkeys(one for one in INSIDE.findall(text) if header_in(one) is not None)
    return next(iter(found)) if len(found) == 1 and next(iter(found)) != text else None


def begins_like_a_token(text: str) -> bool:
    return text.strip().startswith(("ey", "ew", "e3"))
