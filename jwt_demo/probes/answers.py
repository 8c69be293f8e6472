"""Judging one response: what no response may be, what a rejection has to look like, and the words for both."""

from __future__ import annotations

import re

from .http_client import Answer, Request
from .issued import succeeded
from .model import CRASH, HYGIENE, Broken, NotRun
from .www_authenticate import bearer_challenge

WINDOW = 24  # characters of a token in a row that are no accident
WHOLE_TOKEN = re.compile(r"[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}", re.ASCII)


def refused(
    request: Request,
    answer: Answer,
    label: str = "",
    *,
    usual: Answer,
    allow: tuple[int, ...] = (401,),
    challenge: bool = True,
) -> str:
    """The words for a right rejection of `request`; Broken for anything else.

    A server that rejects everything with 400, or sends everybody to a page for the login, is told so once, by `not-a-token` or `no-token`, and
    not again by every probe.
    """
    where = f"{label}: " if label else ""
    if sent_away(usual) and sent_away(answer) == sent_away(usual):
        return f"{describe(answer)}, as it rejects everything"
    sound(request, answer, label)
    if succeeded(answer):
        raise Broken(f"{where}{answer.status}, accepted")
    status = usual.status if usual.status and 400 <= usual.status < 500 else 401
    if answer.status not in (*allow, status):
        raise Broken(f"{where}{describe(answer)}", HYGIENE)
    if (
        challenge
        and answer.status == 401
        and error_of(usual) == "invalid_token"
        and error_of(answer) != "invalid_token"
        and not (400 in allow and error_of(answer) == "invalid_request")
    ):
        raise Broken(f"{where}{describe(answer)}, without invalid_token", HYGIENE)
    return (
        describe(answer)
        if answer.status in allow
        else f"{describe(answer)}, as it rejects everything"
    )


def sound(request: Request, answer: Answer, label: str = "") -> None:
    """What no response may be, whatever its status: late, broken off, a crash, a redirect, an echo of the token."""
    where = f"{label}: " if label else ""
    if answer.trouble or answer.status is None:
        raise Broken(f"{where}{describe(answer)}", CRASH, shaky=True)
    if answer.status >= 500:
        raise Broken(f"{where}{answer.status}, it crashed", CRASH)
    if answer.status == 429:
        raise NotRun(f"{where}429: the server limits how often it can be tried")
    if 300 <= answer.status < 400:
        raise Broken(f"{where}{answer.status}, a redirect; it was not followed", HYGIENE)
    if echoes(request.token, answer):
        raise Broken(f"{where}{answer.status}, and the token is in the response", HYGIENE)


def sent_away(answer: Answer) -> str:
    """Where a redirect leads, without the query in which a login page gets the way back; '' where it is none."""
    if answer.status is None or not 300 <= answer.status < 400:
        return ""
    return "".join(answer.header("Location")[:1]).partition("?")[0] or str(answer.status)


def status_of(answer: Answer) -> int:
    """The status of a response that `sound` has passed."""
    assert answer.status is not None, "`sound` rejects a response without a status"
    return answer.status


def error_of(answer: Answer) -> str | None:
    """The error code of the Bearer challenge (RFC 6750 §3.1)."""
    return (bearer_challenge(answer.header("WWW-Authenticate")) or {}).get("error")


def describe(answer: Answer) -> str:
    """A response in a few words that are the same in each run."""
    if answer.trouble:
        return f"{answer.status}, {answer.trouble}" if answer.status else answer.trouble
    return f"{answer.status} {error_of(answer)}" if error_of(answer) else str(answer.status)


def describe_login(answer: Answer) -> str:
    return f"the login got {describe(answer)}{', without a token' if succeeded(answer) else ''}"


def echoes(token: str, answer: Answer) -> bool:
    """Whether a stretch of the token comes back, in the body or in a header; a new token with the same header is none."""
    if len(token) < 8:
        return False
    pieces = (
        [token]
        if len(token) <= WINDOW
        else [
            token[start : start + WINDOW]
            for start in range(0, len(token) - WINDOW + 1, WINDOW // 2)
        ]
    )
    haystack = "\n".join([*(value for _, value in answer.headers), answer.text])
    haystack = WHOLE_TOKEN.sub(lambda match: match[0] if match[0] in token else "", haystack)
    return any(piece in haystack for piece in pieces)


__all__ = [
    "describe",
    "describe_login",
    "echoes",
    "error_of",
    "refused",
    "sound",
    "status_of",
    "succeeded",
]
