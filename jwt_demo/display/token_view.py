"""What there is to say about a token, as blocks that are drawn as text, as HTML or in a terminal; none of them adds anything.

Three statements are kept apart: the token is readable, its signature is verified, a policy accepts it.
"""

from __future__ import annotations

import json
from typing import Any

from ..escaping import cut
from ..tokens.anatomy import Encrypted, Token, TokenError
from ..tokens.claims import name_of, time_words
from ..tokens.findings import Finding, on_reading
from ..tokens.kinds import kind_of
from ..tokens.policy import Policy
from ..tokens.registry import Registered
from ..tokens.signatures import Key, Verdict, all_findings, verify
from .blocks import (
    NO,
    OPEN,
    YES,
    Findings,
    Line,
    Listing,
    Note,
    Picture,
    Row,
    Segments,
    Statement,
    Statements,
    Table,
)

MOST_ROWS = 60  # claims shown of one token
LONGEST_VALUE = 240  # characters shown of one value
LONGEST_NAME = 60
LONGEST_SEGMENT = 4_000  # characters shown of an unmasked segment
MOST_FINDINGS = 30


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
    blocks: list[Any]
    if token is None:
        blocks = [Statements(unreadable(error)), Findings(list(on_reading(error)))]
        if isinstance(error, Encrypted):
            blocks.append(table("header", error.header, now, encrypted=True))
        return Picture("No token", blocks)

    verdict = verify(token, keys, error)
    blocks = [
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
        "accepted by policy": (NO, "rejected: it cannot be read"),
    }
    return [Statement(mark, name, words) for name, (mark, words) in reasons.items()]


def findings_on(
    token: Token, error: TokenError | None, keys: list[Key], now: float
) -> list[Finding]:
    return all_findings(token, error, keys, now)


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
    says = (
        "lets anyone with the key detect a change" if signature else "so nobody can detect a change"
    )
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
        Statement(YES, "readable", "three parts; the header and the claims are JSON objects")
        if error is None
        else Statement(NO, "readable", str(error))
    )
    mark = OPEN if verdict.verified is None else YES if verdict.verified else NO
    return [
        readable,
        Statement(mark, "signature verified", verdict.reason),
        accepted(token, error, verdict, policy, now),
    ]


def accepted(
    token: Token, error: TokenError | None, verdict: Verdict, policy: Policy, now: float
) -> Statement:
    kind = kind_of(token.header, token.claims)
    if kind is not None and not kind.is_access and policy.typ is None:
        words = f"not judged: this is {kind.name}, not an access token ({kind.reference})"
        return Statement(OPEN, "accepted by policy", words)
    reasons = policy.objections(token, now=now)
    if verdict.verified is False:
        reasons.insert(0, "its signature is not valid")
    if error is not None:
        reasons.insert(0, "it does not have the form of a token")
    if reasons:
        return Statement(NO, "accepted by policy", f"rejected: {'; '.join(reasons)}")
    if verdict.verified is None:
        return Statement(
            OPEN,
            "accepted by policy",
            "not checked, because the signature was not verified",
        )
    return Statement(YES, "accepted by policy", "all required claims are present and valid")


def table(part: str, members: dict[str, Any], now: float, *, encrypted: bool = False) -> Table:
    shown = list(members.items())[:MOST_ROWS]
    rows = [
        row(name, value, name_of(name, part, encrypted=encrypted), now) for name, value in shown
    ]
    rest = f"and {len(members) - MOST_ROWS:,} more, not shown" if len(members) > MOST_ROWS else ""
    return Table(
        part,
        "set by whoever created the token"
        if part == "header"
        else "readable by anyone who has the token",
        rows,
        rest,
    )


def row(name: str, value: Any, known: Registered, now: float) -> Row:
    return Row(
        cut(name, LONGEST_NAME),
        as_json(value),
        known.meaning,
        known.reference,
        time_words(name, value, now=now) if known.type == "time" else "",
    )


def as_json(value: Any) -> str:
    """A value as it stands in JSON, cut to a length that fits a page."""
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{json.dumps(value[:LONGEST_VALUE], ensure_ascii=False)[:-1]}… ({len(value):,} characters)"
    try:
        return cut(json.dumps(value, ensure_ascii=False), LONGEST_VALUE)
    except (RecursionError, ValueError):
        return "(nested too deeply to show)"


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
