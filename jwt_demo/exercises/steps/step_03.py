"""03-token-from-header, 03-find-user and the quizzes of 03_middleware."""

from __future__ import annotations

import functools
from typing import Any

from ..matchers import gives, raised, returned, returns
from ..messages import value
from ..model import Call, Case, Exercise, From, Mistake, Quiz, Want, Wrong, but_with

NO_TOKEN = gives("None", lambda found: found is None)
NOTHING = gives("None or ''", lambda found: found is None or found == "")
LEFT_ON = Mistake(
    returned(lambda found: isinstance(found, str) and found.lower().startswith("bearer")),
    "`Bearer ` is still on it. PyJWT would take it for a part of the header, and refuse every token with `Invalid header padding`.",
)
LISTED = Mistake(
    returned(lambda found: isinstance(found, (list, tuple))),
    "These are the pieces. The token itself is wanted, the last of them.",
)
STRIPPED = Mistake(
    returned(
        lambda found: isinstance(found, str) and found in "eab.cde.fgh" and found != "eab.cde.fgh"
    ),
    "`strip` and `lstrip` take a set of letters, not a word: every B, e, a and r went, also those of the token. `removeprefix` takes a word.",
)
RAW = "Without a scheme nobody said what this is (RFC 9110 §11.4): the answer is None, as for no header at all."
TOKEN_SOLUTION = """
def token_from_header(authorization):
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return token.strip()
"""
of_token = functools.partial(but_with, TOKEN_SOLUTION)

TOKEN_FROM_HEADER = Exercise(
    name="03-token-from-header",
    function="token_from_header",
    idea="The header says with a scheme what it carries; a bearer token has `Bearer ` in front, and anything else is none.",
    stub="""
def token_from_header(authorization):
    # authorization: what request.headers.get("Authorization") gave, so it may be None
    ...
""",
    solution=TOKEN_SOLUTION,
    also_right=(
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
    wrong=(
        Wrong(
            "Bearer left on",
            of_token("return token.strip()", "return authorization"),
            "`Bearer ` is still on it",
        ),
        Wrong(
            "split(' ')[1]",
            """
def token_from_header(authorization):
    return authorization.split(" ")[1]
""",
            "no second piece",
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
            "no such header",
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
            "Without a scheme",
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
            of_token("return token.strip()", "return scheme, token"),
            "These are the pieces",
        ),
        Wrong(
            "return forgotten",
            of_token("return token.strip()", "token.strip()"),
            "Is a `return` missing?",
        ),
    ),
    hints=(
        'Look at what may come: `"Bearer eyJ…"`, `"bearer eyJ…"`, `"Basic …"`, only a token, only `"Bearer"`, and None.',
        '`authorization.partition(" ")` always gives three pieces, whatever is in it, where `split(" ")[1]` raises. Compare the first one in lower case.',
        'With `scheme, _, token = (authorization or "").partition(" ")`: return `token.strip()` if `scheme.lower() == "bearer"`, else None.',
    ),
    cases=(
        Case(
            'token_from_header("Bearer eab.cde.fgh")',
            Call("Bearer eab.cde.fgh"),
            (returns("eab.cde.fgh"),),
            "What stands behind `Bearer ` is the token.",
            mistakes=(LEFT_ON, LISTED, STRIPPED),
        ),
        Case(
            'token_from_header("bearer eab.cde.fgh")',
            Call("bearer eab.cde.fgh"),
            (returns("eab.cde.fgh"),),
            "A scheme is the same in any case of letters (RFC 9110 §11.1), and some clients write it small.",
            mistakes=(
                Mistake(
                    returned(lambda found: found is None or isinstance(found, str)),
                    "A scheme is the same in any case of letters (RFC 9110 §11.1), and some clients write it small.",
                ),
            ),
        ),
        Case('token_from_header("eab.cde.fgh")', Call("eab.cde.fgh"), (NO_TOKEN,), RAW),
        Case(
            "token_from_header(None)",
            Call(None),
            (NO_TOKEN,),
            "There is no such header, so there is no token: None.",
            mistakes=(
                Mistake(
                    raised(AttributeError, TypeError),
                    "Where there is no such header, `headers.get` gives None, and None has no text in it. Look at it first.",
                ),
            ),
        ),
        Case(
            'token_from_header("Basic dXNlcjpwYXNz")',
            Call("Basic dXNlcjpwYXNz"),
            (NO_TOKEN,),
            "This is another scheme: what follows is a user's name and password, not a token.",
        ),
        Case(
            'token_from_header("Bearerish eab.cde.fgh")',
            Call("Bearerish eab.cde.fgh"),
            (NO_TOKEN,),
            "`Bearerish` begins with Bearer and is another scheme. The word ends where the space is.",
        ),
        Case(
            'token_from_header("Bearer")',
            Call("Bearer"),
            (NOTHING,),
            "The scheme is there, the token is not.",
        ),
        Case('token_from_header("")', Call(""), (NO_TOKEN,), "An empty header carries nothing."),
    ),
    mistakes=(
        Mistake(
            raised(IndexError),
            "`split` found no space, so there is no second piece: IndexError, and in a middleware a 500. `partition` always gives three pieces.",
        ),
        Mistake(
            raised(ValueError),
            "The pieces are not as many as you took for granted, and in a middleware this is a 500. `partition` always gives three.",
        ),
    ),
    learnt="Whatever a stranger puts into the header, your function has an answer; so no request ends in a 500 before the token was even looked at.",
)


def user_or(found: Any) -> str:
    return str(found) if hasattr(found, "email") else value(found)


def finds(text: str, name: str) -> Want:
    return Want(
        text,
        lambda trial: trial.value is getattr(trial.bench, name),
        lambda trial: user_or(trial.value),
    )


NOBODY = gives("None", lambda found: found is None, got=user_or)


def claims(**found: Any) -> Call:
    return Call(From(lambda bench: bench.users), found)


FIND_SOLUTION = """
async def find_user(users, claims):
    return await users.by_id(claims.get("sub"))
"""
of_user = functools.partial(but_with, FIND_SOLUTION)
NOT_THE_SUBJECT = "These claims name nobody, and somebody was found: whoever holds this token is let in as another one."

FIND_USER = Exercise(
    name="03-find-user",
    function="find_user",
    idea="A good signature says that nobody changed the claims; whether they name a user is for you to find out.",
    stub="""
async def find_user(users, claims):
    # claims: those of a verified token; `await users.by_id(subject)` gives the user with this id, or None
    ...
""",
    solution=FIND_SOLUTION,
    also_right=(
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
    wrong=(
        Wrong(
            "sub taken for granted",
            of_user('claims.get("sub")', 'claims["sub"]'),
            "A token without `sub`",
        ),
        Wrong(
            "user_id, as in the article",
            of_user('claims.get("sub")', 'claims.get("user_id")'),
            "under `sub`",
        ),
        Wrong(
            "made a number",
            of_user('claims.get("sub")', 'int(claims["sub"])'),
            "as it is, a string",
        ),
        Wrong("made text", of_user('claims.get("sub")', 'str(claims.get("sub"))'), "The number 1"),
        Wrong(
            "through a number",
            of_user('claims.get("sub")', 'str(int(claims.get("sub", 0) or 0))'),
            "Another text is another subject",
        ),
        Wrong(
            "items of the store",
            of_user('await users.by_id(claims.get("sub"))', 'users[claims["sub"]]'),
            "attributes and no items",
        ),
        Wrong(
            "attributes of claims",
            of_user('claims.get("sub")', "claims.sub"),
            "items and no attributes",
        ),
        Wrong(
            "a default",
            of_user('claims.get("sub")', 'claims.get("sub", "1")'),
            "let in as another one",
        ),
        Wrong(
            "or the first one",
            of_user('claims.get("sub"))', 'claims.get("sub")) or await users.by_id("1")'),
            "let in as another one",
        ),
        Wrong(
            "await forgotten",
            of_user("return await users.by_id", "user = users.by_id").replace(
                '("sub"))', '("sub"))\n    return user'
            ),
            "Is an `await` missing?",
        ),
        Wrong(
            "whether there is one",
            of_user(
                'return await users.by_id(claims.get("sub"))',
                'return await users.by_id(claims.get("sub")) is not None',
            ),
            "The user is wanted",
        ),
        Wrong("return forgotten", of_user("return await", "await"), "Is a `return` missing?"),
        Wrong(
            "raises for nobody",
            of_user("return await users", "found = await users")
            + '    if found is None:\n        raise LookupError("no such user")\n    return found\n',
            "return None",
        ),
    ),
    hints=(
        "What if the claim is not there at all? What if it is a number?",
        '`claims["sub"]` raises where there is none, `claims.get("sub")` gives None. `users.by_id` takes the claim as it is and gives None for whatever is no id of a user.',
        'One line: `return await users.by_id(claims.get("sub"))`. Nothing has to be turned into a number or a text on the way.',
    ),
    cases=(
        Case(
            "find_user(users, {'sub': '1'})",
            claims(sub="1"),
            (finds("the user with id 1", "user"),),
            "This user exists, and was not found.",
            mistakes=(
                Mistake(
                    lambda trial: trial.error is None and trial.value is None,
                    "None came back. The subject stands under `sub`, a string, and is looked up as it is, a string. Is a `return` missing?",
                ),
            ),
        ),
        Case(
            "find_user(users, {'sub': '2'})",
            claims(sub="2"),
            (finds("the user with id 2", "admin"),),
            "This user exists, and was not found.",
        ),
        Case("find_user(users, {'sub': '99'})", claims(sub="99"), (NOBODY,), NOT_THE_SUBJECT),
        Case(
            "find_user(users, {})",
            claims(),
            (NOBODY,),
            NOT_THE_SUBJECT,
            mistakes=(
                Mistake(
                    raised(KeyError),
                    'A token without `sub` can have a good signature too. `claims["sub"]` raises there, a 500; `claims.get("sub")` gives None.',
                ),
            ),
        ),
        Case("find_user(users, {'sub': '0'})", claims(sub="0"), (NOBODY,), NOT_THE_SUBJECT),
        Case("find_user(users, {'sub': 0})", claims(sub=0), (NOBODY,), NOT_THE_SUBJECT),
        Case("find_user(users, {'sub': None})", claims(sub=None), (NOBODY,), NOT_THE_SUBJECT),
        Case(
            "find_user(users, {'sub': '01'})",
            claims(sub="01"),
            (NOBODY,),
            "'01' is not '1'. Another text is another subject; whoever makes a number of both makes one user of two.",
        ),
        Case(
            "find_user(users, {'sub': 1})",
            claims(sub=1),
            (NOBODY,),
            "The number 1 is no subject: `sub` is a string (RFC 7519 §4.1.2). Take the claim as it is; what has to be mended first was not issued by us.",
        ),
        Case(
            "find_user(users, {'user_id': 1})",
            claims(user_id=1),
            (NOBODY,),
            "`user_id` is the article's own claim. The registered one is `sub`, and one name for it is enough.",
        ),
    ),
    mistakes=(
        Mistake(
            lambda trial: trial.error is None and (trial.value is True or trial.value is False),
            "The user is wanted, not whether there is one.",
        ),
        Mistake(
            raised(LookupError),
            "Nobody found is an ordinary answer here: return None, and the middleware says 401.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, (ValueError, TypeError)) and "int()" in str(trial.error)
            ),
            "What stands in a claim is up to whoever made the token, and a conversion raises on half of it. Look the claim up as it is, a string.",
        ),
    ),
    learnt="The signature kept its promise, and you kept yours: claims that name nobody are nobody.",
)

EXERCISES = (TOKEN_FROM_HEADER, FIND_USER)
QUIZZES = (
    Quiz(
        "bearer-2016",
        "A client of today sends `Authorization: Bearer eyJ…` to the article's middleware, with a good token. What does it answer?",
        {"a": "200: the token is good", "b": "400: Token is invalid", "c": "401: log in first"},
        right="b",
        because="The article decodes the whole header, `Bearer ` and all. That is no token, `DecodeError` is caught, and its answer to that is 400.",
        reasons={
            "a": "The token is good, but it is not what the middleware decodes. It takes the whole header for the token.",
            "c": "401 would be the better status. The article knows it only from `login_required`, which is not there yet.",
        },
    ),
    Quiz(
        "user-zero",
        "A token with a good signature carries `user_id: 0`. Nobody has that id. What does the article's server answer?",
        {"a": "401", "b": "200, as user 1", "c": "500"},
        right="b",
        because="Its lookup skips values that are false, nothing is left to compare, and the first user matches. JWT kept its promise; the lookup did not.",
        reasons={
            "a": "Somebody would have to notice that there is no user 0. The lookup skips the 0 and compares nothing.",
            "c": "Nothing raises. That is what makes it worse than a 500.",
        },
    ),
)
