"""How many passwords a stranger may try, and whether the user can still log in meanwhile. Run only where it is named.

No RFC demands a limit on logins, so what is wrong with one is `hygiene`: none within NIST's hundred, or one that a stranger can
use to keep the user out (OWASP ASVS 5.0 V6.1.1). A Retry-After that is no number and no date is a `must` (RFC 9110 §2.2), and a
limit that only accounts have that exist is a `hole`, as any other response that tells them apart.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from ..answers import describe
from ..http_client import Answer
from ..loopback import Address, from_elsewhere
from ..model import HOLE, HYGIENE, MUST, SEVERITIES, Broken, NotRun, Probe
from ..session import Session
from .login import stranger, unused

TRIES = 101  # NIST SP 800-63B §5.2.2: at most 100 failed attempts in a row on one account
Fault = tuple[str, str]  # what is wrong, and how bad that is


async def login_limit(session: Session) -> str:
    """The given account first: once the limit of this address is used up, nothing reaches the account's own."""
    if session.no_login:
        raise NotRun(session.no_login)
    if not session.tokens_in(await session.log_in()):
        raise NotRun("nobody can log in any longer")
    elsewhere, why_not = await second_place(session)
    earlier = session.attempts
    tries, answer = await until_limited(session)
    faults = [await never_limited(session)] if answer is None else limit_faults(tries, answer)
    if elsewhere is not None:
        faults += await locked_out(session, elsewhere)
    if answer is not None:
        try:
            faults += await known_only(session, tries, earlier)
        except NotRun:
            if not faults:
                raise
    if faults:
        worst = min((severity for _, severity in faults), key=list(SEVERITIES).index)
        raise Broken("; ".join(text for text, _ in faults), worst)
    limited = f"429 to wrong password number {tries}"
    if elsewhere is None:
        raise NotRun(f"{limited}; whether that locks the user out is not known: {why_not}")
    return f"{limited}, with Retry-After; the right one logs in from {elsewhere.source}"


async def second_place(session: Session) -> tuple[Address | None, str]:
    """Another address that the user can log in from as long as nobody has tried anything; or why there is none."""
    elsewhere = from_elsewhere(session.address)
    if elsewhere is None:
        return None, "this machine has no second address that reaches the server"
    answer = await attempt(session, elsewhere)
    if session.tokens_in(answer):
        return elsewhere, ""
    return None, f"from {elsewhere.source} nobody could log in before ({describe(answer)})"


async def until_limited(session: Session, email: str | None = None) -> tuple[int, Answer | None]:
    """Wrong passwords until the response changes, and which one that was; None where it never does."""
    usual = None
    for number in range(1, TRIES + 1):
        answer = await attempt(session, session.address, email=email, password=unused())
        if answer.status == 429:
            session.limited = "the login got 429"
            return number, answer
        if number > 1 and answer.trouble.startswith("no complete response"):
            raise NotRun(
                f"wrong password number {number} got no response within {session.limit:g} s, so no more were tried"
            )
        session.sound(session.login_request(), answer, f"wrong password number {number}")
        if session.tokens_in(answer):
            raise Broken(f"wrong password number {number}: {answer.status}, a token", HOLE)
        usual = usual or answer.status
        if answer.status != usual:
            return number, answer
    return TRIES, None


async def attempt(
    session: Session, address: Address, *, email: str | None = None, password: str | None = None
) -> Answer:
    """One login, also after a 429; with the given account and its password where nothing else is said."""
    session.attempts += 1
    fields = session.login.fields(email=email, password=password)
    return await session.send(session.login_request(fields), address)


async def never_limited(session: Session) -> Fault:
    said = f"no 429 to {TRIES} wrong passwords in a row on one account"
    answer = await attempt(session, session.address)
    if answer.status == 429:
        return f"{said}, only then", HYGIENE
    if session.tokens_in(answer):
        return said, HYGIENE
    return f"{said}, and then the right one gets no token ({describe(answer)})", HYGIENE


def limit_faults(tries: int, answer: Answer) -> list[Fault]:
    """What is wrong with the response that says there were too many."""
    if answer.status != 429:
        return [(f"{describe(answer)} to wrong password number {tries}, not 429", HYGIENE)]
    text = ", ".join(answer.header("Retry-After")).strip(" \t")
    if not text:
        return [("429 without Retry-After", HYGIENE)]
    if re.fullmatch("[0-9]+", text):
        return [] if text.strip("0") else [("429 with Retry-After: 0", HYGIENE)]
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        date = None
    if date is None or not text.endswith("GMT"):
        return [("429 with a Retry-After that is neither whole seconds nor an HTTP date", MUST)]
    past = date.replace(tzinfo=timezone.utc) <= datetime.now(timezone.utc)
    return [("429 with a Retry-After in the past", HYGIENE)] if past else []


async def locked_out(session: Session, elsewhere: Address) -> list[Fault]:
    """The user's own login from another address, after a stranger's wrong ones; another account there says what is counted."""
    answer = await attempt(session, elsewhere)
    if session.tokens_in(answer):
        return []
    if answer.status != 429:
        session.sound(session.login_request(), answer, f"from {elsewhere.source}")
    said = f"the right password from {elsewhere.source} then gets no token ({describe(answer)})"
    other = await attempt(session, elsewhere, email=stranger(), password=unused())
    if other.status == 429:
        return [
            (
                f"{said}, and any other account there: all addresses count as one, or something in front of the server hides them",
                HYGIENE,
            )
        ]
    return [(f"{said}: a stranger locks the user out", HYGIENE)]


async def known_only(session: Session, tries: int, earlier: int) -> list[Fault]:
    """Whether an account that does not exist is limited as well; it gets as many attempts as the one that does, or more."""
    number, answer = await until_limited(session, stranger())
    if answer is not None:
        return []
    if earlier + tries > number:
        raise NotRun("too many logins went before to compare two accounts; run it alone")
    return [
        (f"an unknown account is not limited after {number}, the known one is: that tells who has an account", HOLE)
    ]  # fmt: skip


PROBES = (
    Probe(
        "login-limit",
        f"up to {TRIES} wrong passwords for the given account, then the right password from another address (127.0.0.2), "
        f"then up to {TRIES} wrong passwords for an unknown account",
        "429 with Retry-After for both accounts, and a token for the right password from the other address",
        "OWASP ASVS 5.0 V6.3.1, RFC 6585 §4",
        "Without a limit, an attacker can find a password by trying. With a limit on the account alone, a stranger can lock the user out.",
        login_limit,
        control="",
        alone=True,
        severity=HYGIENE,
        logins=2 * TRIES + 4,
    ),
)
