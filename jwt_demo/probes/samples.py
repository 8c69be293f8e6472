"""Without the key: tokens that the server itself issued, which it has to reject by now, or at this service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from ..tokens.anatomy import Token, TokenError
from .answers import describe, sound, succeeded
from .loopback import CannotProbe
from .model import HOLE, Broken, NotRun
from .session import Session

OPTIONS = {
    "expired": "--expired-token-file",
    "other-audience": "--other-audience-token-file",
    "other-issuer": "--other-issuer-token-file",
}
LEEWAY = 65  # seconds; a minute of leeway is no fault


def checked(name: str, text: str) -> str:
    """A sample is what its option says, as far as the token tells; CannotProbe otherwise."""
    option = OPTIONS[name]
    try:
        claims = Token.parse(text).claims or {}
    except TokenError as error:
        raise CannotProbe(f"{option}: the file does not contain a token: {error.reason}") from None
    exp = claims.get("exp")
    if name == "expired" and not (isinstance(exp, int | float) and exp < time.time() - LEEWAY):
        raise CannotProbe(f"{option}: the exp of this token is not more than a minute ago")
    if name != "expired" and isinstance(exp, int | float) and exp < time.time():
        raise CannotProbe(f"{option}: this token has expired, so its rejection would prove nothing")
    return text


def instead_of(session: Session, name: str) -> Callable[[Session], Awaitable[str]]:
    """How a probe that signs is run without the key; NotRun where it can't be."""
    if name in session.samples:
        return lambda session: rejects(session, name, session.samples[name])
    if name == "expired" and session.wait:
        return wait_for_the_end
    raise NotRun(session.no_secret)


async def rejects(session: Session, name: str, text: str) -> str:
    claim = {"other-audience": "aud", "other-issuer": "iss"}.get(name)
    given = (Token.parse(text).claims or {}).get(claim) if claim else None
    if claim and given == session.good.claims.get(claim):
        raise NotRun(f"the token of {OPTIONS[name]} has the same {claim} as the good one")
    return f"{await session.refuses(text)}, a token of the server's own"


async def wait_for_the_end(session: Session) -> str:
    """Keep one good token until it has expired; a second one shows that the server still accepts good ones."""
    if session.token:
        raise NotRun(
            "only one token was given: after it expires there is no valid token to compare with"
        )
    token = session.good.token
    exp: Any = (token.claims or {}).get("exp")
    if not isinstance(exp, int | float):
        raise NotRun("the tokens here have no exp")
    left = exp - time.time()
    if left > session.wait:
        raise NotRun(f"the token lives for another {left:.0f} s, and --wait is {session.wait:g}")
    deadline = time.time() + session.wait
    await asyncio.sleep(max(left, 0) + 1)
    while True:
        request = session.request(token.text)
        answer = await session.send(request)
        sound(request, answer)
        if not succeeded(answer):
            return f"{describe(answer)}, waited for"
        late = time.time() - exp
        if late > LEEWAY:
            raise Broken(f"{answer.status}, accepted {late:.0f} s after it expired", HOLE)
        if time.time() + 5 > deadline:
            raise NotRun(
                f"still accepted {late:.0f} s after it expired, which a leeway may explain; a longer --wait decides"
            )
        await asyncio.sleep(5)
