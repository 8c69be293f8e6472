"""Wrong answers to the exercises of step 3 that make another text of what came: of the header, or of `sub`."""

from __future__ import annotations

import functools

from jwt_demo.exercises.steps.step_03 import TOKEN_SOLUTION
from jwt_demo.exercises.steps.step_03_find_user import FIND_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

token = functools.partial(but_with, TOKEN_SOLUTION)
STRIPS = 'token.strip(" ")'


def words(condition: str, taken: str) -> str:
    """An answer that splits the header at its spaces."""
    return f"""
def token_from_header(authorization):
    parts = (authorization or "").split(" ")
    if {condition} and parts[0].lower() == "bearer":
        return {taken}
    return None
"""


def of_subject(text: str) -> str:
    """An answer that looks up something made of `sub`."""
    return f"""
async def find_user(users, claims):
    subject = claims.get("sub")
    if not isinstance(subject, str):
        return None
    return await users.by_id({text})
"""


def by_id(argument: str) -> str:
    return but_with(FIND_SOLUTION, 'claims.get("sub")', argument)


CAUGHT = """
async def find_user(users, claims):
    try:
        return await users.by_id(claims.get("sub"))
    except {}:
        return None
"""
SPACES = "more than one space"
ANOTHER_TEXT = "and your function returned one"
ANOTHER_CLAIM = "This claim is not `sub`"

RIGHT: dict[str, tuple[str, ...]] = {
    "03-token-from-header": (
        """
import re

def token_from_header(authorization):
    found = re.fullmatch(r"bearer +([A-Za-z0-9._~+/-]+=*)", authorization or "", re.IGNORECASE)
    return found[1] if found else None
""",
    ),
    "03-find-user": (
        """
async def find_user(users, claims):
    match claims:
        case {"sub": str(subject)}:
            return await users.by_id(subject)
""",
    ),
}
WRONG = {
    "03-token-from-header": (
        Wrong("two words exactly", words("len(parts) == 2", "parts[1]"), SPACES),
        Wrong("the second word", words("len(parts) > 1", "parts[1]"), SPACES),
        Wrong(
            "the last word",
            words("len(parts) > 1", "parts[-1]"),
            "took a part of what follows",
        ),
        Wrong(
            "the first word behind the spaces",
            token(STRIPS, '(token.split() or [""])[0]'),
            "took a part of what follows",
        ),
        Wrong(
            "a colon behind the scheme",
            token("scheme.lower()", 'scheme.rstrip(":").lower()'),
            "`Bearer:` is not `Bearer`",
        ),
        Wrong(
            "= behind the scheme",
            token("scheme.lower()", 'scheme.rstrip("=").lower()'),
            "`Bearer=` is not `Bearer`",
        ),
        Wrong(
            "quotes around the scheme",
            token("scheme.lower()", "scheme.strip('\\\"').lower()"),
            "is not `Bearer`",
        ),
        Wrong(
            "a colon for the space",
            token('(authorization or "")', '(authorization or "").replace(":", " ", 1)'),
            "not `Bearer`",
        ),
        Wrong(
            "= at its end removed",
            token(STRIPS, 'token.strip(" ").rstrip("=")'),
            "A bearer token may contain all these characters",
        ),
        Wrong(
            "+ is a space",
            token(STRIPS, 'token.strip(" ").replace("+", " ")'),
            "A bearer token may contain all these characters",
        ),
        Wrong(
            "quotes removed", token(STRIPS, "token.strip(' \"')"), "exactly as the client sent it"
        ),
        Wrong(
            "% decoded",
            "from urllib.parse import unquote\n" + token(STRIPS, 'unquote(token.strip(" "))'),
            "exactly as the client sent it",
        ),
        Wrong(
            "the second of two credentials",
            """
def token_from_header(authorization):
    for part in (authorization or "").split(","):
        scheme, _, token = part.strip().partition(" ")
        if scheme.lower() == "bearer":
            return token.strip()
    return None
""",
            "`Bearer,` is not `Bearer`",
        ),
        Wrong(
            "Bearer removed at every start",
            token(
                "    return token.strip",
                '    while token[:7].lower() == "bearer ":\n        token = token[7:]\n    return token.strip',
            ),
            "your function returned a part of it",
        ),
        Wrong(
            "the token of an earlier call",
            """
found = []

def token_from_header(authorization):
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() == "bearer":
        found.append(token.strip(" "))
    return found[-1] if found else None
""",
            "What came back is the token of an earlier call",
        ),
    ),
    "03-find-user": (
        Wrong("behind a bar", of_subject('subject.rpartition("|")[2]'), ANOTHER_TEXT),
        Wrong("before a bar", of_subject('subject.partition("|")[0]'), ANOTHER_TEXT),
        Wrong("a prefix removed", of_subject('subject.removeprefix("user:")'), ANOTHER_TEXT),
        Wrong("before an @", of_subject('subject.partition("@")[0]'), ANOTHER_TEXT),
        Wrong("the first word", of_subject('(subject.split() or [""])[0]'), "another subject"),
        Wrong("the end stripped", of_subject("subject.rstrip()"), ANOTHER_TEXT),
        Wrong(
            "digits alone", of_subject('"".join(filter(str.isdigit, subject))'), "another subject"
        ),
        Wrong(
            "NFKC",
            "import unicodedata\n" + of_subject('unicodedata.normalize("NFKC", subject)'),
            ANOTHER_TEXT,
        ),
        Wrong("the claim id", by_id('claims.get("sub", claims.get("id"))'), ANOTHER_CLAIM),
        Wrong(
            "the claim username", by_id('claims.get("sub", claims.get("username"))'), ANOTHER_CLAIM
        ),
        Wrong(
            "any claim",
            by_id('claims.get("sub", next(iter(claims.values()), None))'),
            "look up that one alone",
        ),
        Wrong(
            "a number made whole",
            """
async def find_user(users, claims):
    subject = claims.get("sub")
    if isinstance(subject, float):
        subject = str(int(subject))
    return await users.by_id(subject)
""",
            "These claims name no user",
        ),
        Wrong(
            "an id in the subject",
            """
async def find_user(users, claims):
    subject = claims.get("sub")
    if isinstance(subject, dict):
        subject = subject.get("id")
    return await users.by_id(subject)
""",
            "These claims name no user",
        ),
        Wrong(
            "the only user there is",
            """
async def find_user(users, claims):
    if "sub" not in claims and len(users) == 1:
        return await users.by_id("1")
    return await users.by_id(claims.get("sub"))
""",
            "These claims name no user",
        ),
        *(
            Wrong(f"{kind} is nobody", CAUGHT.format(kind), "Let the exception of `by_id` pass")
            for kind in (
                "LookupError",
                "(KeyError, TypeError)",
                "AttributeError",
                "ValueError",
                "OSError",
                "RuntimeError",
            )
        ),
        Wrong(
            "found once, kept",
            """
_cache = {}

async def find_user(users, claims):
    subject = claims.get("sub")
    if not isinstance(subject, str):
        return None
    if subject not in _cache:
        _cache[subject] = await users.by_id(subject)
    return _cache[subject]
""",
            "the user of another storage",
        ),
        Wrong(
            "the first storage kept",
            """
_users = []

async def find_user(users, claims):
    _users.append(users)
    return await _users[0].by_id(claims.get("sub"))
""",
            "Keep nobody from one call to the next",
        ),
    ),
}
