"""Right and wrong answers to the exercises of `step_03`."""

from __future__ import annotations

import functools

from jwt_demo.exercises.steps.step_03 import TOKEN_SOLUTION
from jwt_demo.exercises.steps.step_03_find_user import FIND_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

of_token = functools.partial(but_with, TOKEN_SOLUTION)

of_user = functools.partial(but_with, FIND_SOLUTION)

RIGHT = {
    "03-token-from-header": (
        """
import re


def token_from_header(authorization):
    found = re.fullmatch("bearer +([^ ]+)", authorization or "", re.IGNORECASE)
    return found and found[1]
""",
        """
def token_from_header(authorization):
    if authorization is None:
        return None
    parts = authorization.split()
    if len(parts) == 2 and parts[0].casefold() == "bearer":
        return parts[1]
""",
    ),
    "03-find-user": (
        """
async def find_user(users, claims):
    if "sub" not in claims or not isinstance(claims["sub"], str):
        return None
    found = await users.by_id(claims["sub"])
    return found
""",
        """
def find_user(users, claims):
    return users.by_id(claims.get("sub"))
""",
    ),
}

WRONG = {
    "03-token-from-header": (
        Wrong(
            "spaces behind the token kept",
            of_token('token.strip(" ")', 'token.lstrip(" ")'),
            "A space behind the token does not belong to it",
        ),
        Wrong(
            "signs of base64url stripped",
            """
def token_from_header(authorization):
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip("_-. ") if scheme.lower() == "bearer" else None
""",
            "what follows `Bearer `",
        ),
        Wrong(
            "raises",
            """
def token_from_header(authorization):
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        raise ValueError("not a bearer token")
    return token
""",
            "asks for None",
        ),
        Wrong(
            "the scheme alone",
            """
def token_from_header(authorization):
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    return scheme if scheme.lower() == "bearer" else None
""",
            "This is the scheme",
        ),
        Wrong(
            "Bearer left on",
            of_token('return token.strip(" ")', "return authorization"),
            "The scheme is still in front of the token",
        ),
        Wrong(
            "split(' ')[1]",
            """
def token_from_header(authorization):
    return authorization.split(" ")[1]
""",
            "Your code reads an item that is not there",
        ),
        Wrong(
            "split behind a guard, the scheme not looked at",
            """
def token_from_header(authorization):
    parts = (authorization or "").split(" ")
    return parts[1] if len(parts) == 2 else None
""",
            "another scheme",
        ),
        Wrong(
            "None not expected",
            of_token('(authorization or "")', "authorization"),
            "Without this header the argument is None",
        ),
        Wrong(
            "lstrip",
            """
def token_from_header(authorization):
    return authorization.lstrip("Bearer ")
""",
            "a set of letters",
        ),
        Wrong(
            "replace",
            """
def token_from_header(authorization):
    return (authorization or "").replace("Bearer ", "").replace("bearer ", "") or None
""",
            "The scheme is still in front of the token",
        ),
        Wrong(
            "case of letters",
            of_token('scheme.lower() != "bearer"', 'scheme != "Bearer"'),
            "in any case of letters",
        ),
        Wrong(
            "startswith without the space",
            """
def token_from_header(authorization):
    if authorization and authorization.lower().startswith("bearer"):
        return authorization[7:].strip()
""",
            "`Bearerish`",
        ),
        Wrong(
            "the pieces",
            of_token('return token.strip(" ")', "return scheme, token"),
            "This is a list or a tuple. Return the token alone,",
        ),
        Wrong(
            "return forgotten",
            of_token('return token.strip(" ")', 'token.strip(" ")'),
            "no `return` in it has a value",
        ),
        Wrong(
            "schemes of other frameworks",
            """
def token_from_header(authorization):
    if not authorization: return None
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "token", "jwt") else None
""",
            "This is another scheme, so there is no bearer token",
        ),
        Wrong(
            "an empty text for no token",
            """
def token_from_header(authorization):
    if not authorization: return ""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
""",
            "This header has no scheme",
        ),
    ),
    "03-find-user": (
        Wrong(
            "users remembered by their claim",
            """
found = {}

async def find_user(users, claims):
    subject = claims.get("sub")
    if subject not in found:
        found[subject] = await users.by_id(subject)
    return found[subject]
""",
            "This is the user of another storage",
        ),
        Wrong(
            "a dict of one call by the claim",
            """
async def find_user(users, claims):
    subject = claims.get("sub")
    return {subject: await users.by_id(subject)}[subject]
""",
            "a dict or a list cannot be a key of a dict",
        ),
        Wrong(
            "an outage is nobody",
            """
async def find_user(users, claims):
    try:
        return await users.by_id(claims["sub"])
    except Exception:
        return None
""",
            "Let the exception of `by_id` pass",
        ),
        Wrong(
            "sub taken for granted",
            of_user('claims.get("sub")', 'claims["sub"]'),
            "A token without `sub`",
        ),
        Wrong(
            "user_id, as in the article",
            of_user('claims.get("sub")', 'claims.get("user_id")'),
            "None came back. The user's id is in the",
        ),
        Wrong(
            "made a number",
            of_user('claims.get("sub")', 'int(claims["sub"])'),
            "`by_id` takes it unchanged, as a string",
        ),
        Wrong(
            "made text",
            of_user('claims.get("sub")', 'str(claims.get("sub"))'),
            "A number is no subject: `sub` is a string",
        ),
        Wrong(
            "through a number",
            of_user('claims.get("sub")', 'str(int(claims.get("sub", 0) or 0))'),
            "With a zero in front it is another text,",
        ),
        Wrong(
            "items of the store",
            of_user('await users.by_id(claims.get("sub"))', 'users[claims["sub"]]'),
            "An attribute or a method is read with a dot",
        ),
        Wrong(
            "attributes of claims",
            of_user('claims.get("sub")', "claims.sub"),
            "A dict has no such attribute",
        ),
        Wrong(
            "a default",
            of_user('claims.get("sub")', 'claims.get("sub", "1")'),
            "These claims name no user, and your function returned",
        ),
        Wrong(
            "or the first one",
            of_user('claims.get("sub"))', 'claims.get("sub")) or await users.by_id("1")'),
            "These claims name no user, and your function returned",
        ),
        Wrong(
            "await forgotten",
            of_user("return await users.by_id", "user = users.by_id").replace(
                '("sub"))', '("sub"))\n    return user'
            ),
            "never awaited",
        ),
        Wrong(
            "whether there is one",
            of_user(
                'return await users.by_id(claims.get("sub"))',
                'return await users.by_id(claims.get("sub")) is not None',
            ),
            "Return the user, not whether there is one.",
        ),
        Wrong(
            "return forgotten",
            of_user("return await", "await"),
            "Your function returned None: no `return` in it has",
        ),
        Wrong(
            "raises for nobody",
            of_user("return await users", "found = await users")
            + '    if found is None:\n        raise LookupError("no such user")\n    return found\n',
            "Return None",
        ),
    ),
}

EQUIVALENT = {
    "03-token-from-header": {
        "scheme.lower() != 'bearer' → not str(scheme.lower()).lower() == *": "it is in lower case already",
        "scheme.lower() != 'bearer' → not str(scheme.lower()) == *": "it is a text already",
        "scheme.lower() != 'bearer' → not (scheme.lower() is None or *": "it is never None",
        "authorization is None → not authorization": "an empty header contains no token either",
        "len(parts) == 2 → *2*": "there are fewer than twelve parts",
        "parts[0].casefold() == 'bearer' → str(parts[0].casefold()).lower() == *": "it is in lower case already",
        "parts[0].casefold() == 'bearer' → str(parts[0].casefold()) == *": "it is a text already",
        "parts[0].casefold() == 'bearer' → * or parts[0].casefold() == 'bearer'": "a part that `split` gives is never empty",
    },
    "03-find-user": {
        "'sub' not in claims or not isinstance(claims['sub'], str) → 'sub' not in claims": "`by_id` returns None for what is no text",
        "claims['sub'] → *": "what is asked for is always there at this point",
    },
}
