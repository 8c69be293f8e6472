"""What there is to say about a token, as blocks that are drawn as text, as HTML or in a terminal; none of them adds anything.

Three statements are kept apart: the token is readable, its signature is verified, a policy accepts it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ..escaping import cut
from ..tokens.anatomy import Token, TokenError
from ..tokens.claims import PRIVATE, in_words, is_numeric_date, local, name_of, utc
from ..tokens.findings import Finding, findings, on_reading
from ..tokens.policy import Policy
from ..tokens.signatures import Key, Verdict, verify

MOST_ROWS = 60  # claims shown of one token
LONGEST_VALUE = 240  # characters shown of one value
LONGEST_NAME = 60
LONGEST_SEGMENT = 4_000  # characters shown of an unmasked segment
MOST_FINDINGS = 30
YES, NO, OPEN = "✓", "✗", "○"


@dataclass(frozen=True)
class Segments:
    """The three parts side by side: label, text, what it is."""

    parts: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Statement:
    mark: str
    name: str
    words: str


@dataclass(frozen=True)
class Statements:
    rows: list[Statement]


@dataclass(frozen=True)
class Row:
    name: str
    value: str
    meaning: str
    reference: str
    time: str = ""


@dataclass(frozen=True)
class Table:
    """Name, value, meaning, reference; `part` is header or claims."""

    part: str
    caption: str
    rows: list[Row]
    rest: str = ""


@dataclass(frozen=True)
class Findings:
    rows: list[Finding]


@dataclass(frozen=True)
class Line:
    """One line of a listing; `role` is head, dim, body, mark, header, payload or ''. `number` stands in the margin."""

    text: str
    role: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Listing:
    label: str
    lines: list[Line]


@dataclass(frozen=True)
class Note:
    label: str
    text: str
    severity: str = "error"


@dataclass(frozen=True)
class Arrow:
    """From one lane to another (0 is the client); an arrow back says how it came out, `odd` where that was no answer."""

    start: int
    end: int
    text: str
    odd: bool = False


@dataclass(frozen=True)
class Diagram:
    """Who spoke to whom, in order: the client, the middlewares from outside in, the handler."""

    lanes: list[str]
    exchanges: list[list[Arrow]]
    rest: str = ""


@dataclass(frozen=True)
class Picture:
    """A title for screen readers, and blocks from top to bottom."""

    title: str
    blocks: list[Any]


def token_picture(
    text: Token | str,
    keys: list[Key],
    *,
    now: float,
    policy: Policy | None = None,
    signing_input: bool = False,
    reveal: bool = False,
) -> Picture:
    """The picture of a token at `now`, or of a text that is none."""
    token, error = read(text)
    if token is None:
        return Picture(
            "No token", [Statements(unreadable(error)), Findings(list(on_reading(error)))]
        )

    verdict = verify(token, keys, error)
    blocks: list[Any] = [
        Segments(segments(token, reveal=reveal)),
        Statements(statements(token, error, verdict, policy or Policy(), now)),
        table("header", token.header, now),
        table("claims", token.claims, now)
        if token.claims is not None
        else Note("payload", f"no claims in it: {cut(repr(token.payload), LONGEST_VALUE)}"),
    ]
    if found := findings_on(token, error, keys, now):
        blocks.append(Findings(first(found)))
    if signing_input:
        blocks.append(Listing("what was signed, byte for byte", signed_lines(token)))
    return Picture("Token", blocks)


def read(text: Token | str) -> tuple[Token | None, TokenError | None]:
    """A token and what is wrong with its text; either may be None, not both."""
    if isinstance(text, Token):
        text = text.text
    try:
        return Token.parse(text), None
    except TokenError as error:
        return error.token, error


def unreadable(error: TokenError | None) -> list[Statement]:
    reasons = {
        "readable": (NO, str(error)),
        "signature verified": (OPEN, "nothing to check"),
        "accepted by policy": (NO, "refused: it cannot be read"),
    }
    return [Statement(mark, name, words) for name, (mark, words) in reasons.items()]


def findings_on(
    token: Token, error: TokenError | None, keys: list[Key], now: float
) -> list[Finding]:
    lengths = [key.size for key in keys if key.size is not None]
    return findings(
        token,
        now=now,
        error=error,
        key_length=lengths[0] if len(keys) == len(lengths) == 1 else None,
    )


def first(found: list[Finding]) -> list[Finding]:
    """As many as one reads, and how many there are besides."""
    rest = len(found) - MOST_FINDINGS
    return (
        found
        if rest <= 0
        else [
            *found[:MOST_FINDINGS],
            Finding(
                "more", "note", f"and {rest:,} more like these", "jwt-demo inspect --json has all"
            ),
        ]
    )


def segments(token: Token, *, reveal: bool) -> list[tuple[str, str, str]]:
    header, payload, signature = token.text.split(".")
    masked = f"masked, {len(token.signature)} bytes" if signature else "empty: there is none"
    says = "shows whoever has the key any change" if signature else "so nothing shows a change"
    return [
        (
            "header",
            cut(header, LONGEST_SEGMENT) if reveal else beginning(header, 10),
            "says how it is signed",
        ),
        (
            "payload",
            cut(payload, LONGEST_SEGMENT) if reveal else beginning(payload, 9),
            "says what is claimed",
        ),
        ("signature", cut(signature, LONGEST_SEGMENT) if reveal and signature else masked, says),
    ]


def beginning(segment: str, length: int) -> str:
    return segment if len(segment) <= length else f"{segment[:length]}…"


def statements(
    token: Token, error: TokenError | None, verdict: Verdict, policy: Policy, now: float
) -> list[Statement]:
    readable = (
        Statement(YES, "readable", "three segments, header and claims are JSON objects")
        if error is None
        else Statement(NO, "readable", str(error))
    )
    mark = {True: YES, False: NO, None: OPEN}[verdict.verified]
    return [
        readable,
        Statement(mark, "signature verified", verdict.reason),
        accepted(token, error, verdict, policy, now),
    ]


def accepted(
    token: Token, error: TokenError | None, verdict: Verdict, policy: Policy, now: float
) -> Statement:
    reasons = policy.objections(token, now=now)
    if verdict.verified is False:
        reasons.insert(0, "its signature does not verify")
    if error is not None:
        reasons.insert(0, "it is not written as a token must be")
    if reasons:
        return Statement(NO, "accepted by policy", f"refused: {'; '.join(reasons)}")
    if verdict.verified is None:
        return Statement(
            OPEN,
            "accepted by policy",
            "not decided: what it says counts for nothing until its signature is verified",
        )
    return Statement(YES, "accepted by policy", "every demand is met")


def table(part: str, members: dict[str, Any], now: float) -> Table:
    rows = [row(part, name, value, now) for name, value in list(members.items())[:MOST_ROWS]]
    rest = f"and {len(members) - MOST_ROWS:,} more, not shown" if len(members) > MOST_ROWS else ""
    return Table(
        part,
        "who made the token says so"
        if part == "header"
        else "whoever holds the token can read this",
        rows,
        rest,
    )


def row(part: str, name: str, value: Any, now: float) -> Row:
    meaning = name_of(name)
    if part == "header" and meaning is PRIVATE:
        return Row(
            cut(name, LONGEST_NAME),
            as_json(value),
            "not registered: its meaning is between the two sides",
            "RFC 7515 §4.3",
        )
    return Row(
        cut(name, LONGEST_NAME),
        as_json(value),
        meaning.meaning,
        meaning.reference,
        time_of(name, value, now) if meaning.is_time else "",
    )


def as_json(value: Any) -> str:
    """A value as it stands in JSON, cut to a length that fits a page."""
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{json.dumps(value[:LONGEST_VALUE], ensure_ascii=False)[:-1]}… ({len(value):,} characters)"
    try:
        return cut(json.dumps(value, ensure_ascii=False), LONGEST_VALUE)
    except (RecursionError, ValueError):
        return "(nested too deeply to show)"


def time_of(name: str, value: Any, now: float) -> str:
    """'2023-11-14 22:18:18 UTC, in 4 min 58 s'; the reader's own clock where it differs from UTC."""
    if not is_numeric_date(value):
        return "not a time: a number of seconds since 1970 belongs here"
    here = local(value)
    elsewhere = f" ({here} here)" if here[-5:] not in ("+0000", "1") and here[-5:-4] in "+-" else ""
    expired = "expired " if name == "exp" and value <= now else ""
    return f"{utc(value)}{elsewhere}, {expired}{in_words(value, now=now)}"


def signed_lines(token: Token, width: int = 64) -> list[Line]:
    """Header, dot and payload on lines of their own with the offset of their first byte; the end is cut where it is long."""
    header, payload = token.signing_input.decode("ascii").split(".")
    lines: list[Line] = []
    for role, text, start in (
        ("header", header, 0),
        ("dot", ".", len(header)),
        ("payload", payload, len(header) + 1),
    ):
        lines += [
            Line(text[at : at + width], role, start + at) for at in range(0, len(text), width)
        ]
    shown = lines[:MOST_ROWS]
    if len(lines) > MOST_ROWS:
        shown.append(Line(f"… {len(token.signing_input):,} bytes in all", "dim"))
    return shown
