"""03-token-from-header, 03-find-user and the quizzes of 03_middleware."""

from __future__ import annotations

import secrets
from typing import Any

from ..fixtures import Bench
from ..matchers import finds, gives, raised, returned, same, user_or
from ..model import Call, Case, Exercise, From, Mistake, Quiz, Want
from ..shapes import returns_no_value

NO_TOKEN = gives("None", lambda found: found is None)
NOTHING = gives("None or ''", lambda found: found is None or found == "")
SCHEME_ALONE = Mistake(
    returned(lambda found: isinstance(found, str) and found.lower() == "bearer"),
    "This is the scheme. Return what follows it, the token.",
)
LEFT_ON = Mistake(
    returned(lambda found: isinstance(found, str) and found.lower().startswith("bearer")),
    "The scheme is still in front of the token, and PyJWT rejects the two together. Return only what follows the scheme.",
)
LISTED = Mistake(
    returned(lambda found: isinstance(found, (list, tuple))),
    "These are all the parts. Return the token alone, the last of them.",
)
STRIPPED = Mistake(
    lambda trial: (
        isinstance(trial.value, str)
        and trial.value not in ("", trial.bench.text)
        and trial.bench.text.endswith(trial.value)
    ),
    "Letters of the token itself are missing at its start. Remove the scheme and the space, and no more. (`lstrip` takes a set of letters, `removeprefix` a word.)",
)
LOWERED = Mistake(
    lambda trial: isinstance(trial.value, str) and trial.value == trial.bench.text.lower(),
    "The token came back in lower case. In base64url small and capital letters are different, so this is another token. Compare the scheme in lower case, and leave the token as it is.",
)
RAW = "This header has no scheme, so it contains no bearer token (RFC 9110 §11.4): return None, as for no header at all."
OTHER_SCHEME = "This is another scheme, so there is no bearer token: return None."


class Header(Bench):
    """A bench with the text of a token; letters of `Bearer` stand at its start, signs of base64url at its end."""

    def __init__(self) -> None:
        super().__init__()
        parts = [secrets.token_urlsafe(12) for _ in range(3)]
        self.text = "eaBr" + ".".join(parts) + "-_"

    def names(self) -> dict[str, str]:
        return {self.text: "<token>", self.text.lower(): "<token in lower case>"}

    def random_texts(self) -> dict[str, str]:
        return {self.text: "<the token>"}


def header_with(sent: str, wants: Want, means: str, *mistakes: Mistake) -> Case:
    """`token_from_header(sent)`, with a token of the bench in place of `<token>`."""
    text = From(lambda bench: sent.replace("<token>", bench.text))
    return Case(f"token_from_header({sent!r})", Call(text), (wants,), means, mistakes)


THE_TOKEN = Want("'<token>'", lambda trial: same(trial.value, trial.bench.text))

TOKEN_SOLUTION = """
def token_from_header(authorization):
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return token.strip(" ")
"""


ANY_CASE = "The scheme is the same in any case of letters (RFC 9110 §11.1), and some clients write it in lower case."

TOKEN_FROM_HEADER = Exercise(
    name="03-token-from-header",
    function="token_from_header",
    idea="`Authorization` starts with a scheme. Only what follows the scheme `Bearer` is a bearer token.",
    stub="""
def token_from_header(authorization):
    # authorization: what request.headers.get("Authorization") gave, so it may be None
    ...
""",
    solution=TOKEN_SOLUTION,
    hints=(
        'Look at what may come: `"Bearer eyJ…"`, `"bearer eyJ…"`, `"Basic …"`, only a token, only `"Bearer"`, and None.',
        '`authorization.partition(" ")` always gives three parts, whatever is in the text, where `split(" ")[1]` raises. Compare the first one in lower case.',
        'With `scheme, _, token = (authorization or "").partition(" ")`: return `token.strip(" ")` if `scheme.lower() == "bearer"`, else None.',
    ),
    cases=(
        header_with("Bearer <token>", THE_TOKEN, "The token is what follows `Bearer `."),
        header_with("bearer <token>", THE_TOKEN, ANY_CASE),
        header_with("BEARER <token>", THE_TOKEN, ANY_CASE),
        header_with("<token>", NO_TOKEN, RAW),
        Case(
            "token_from_header(None)",
            Call(None),
            (NO_TOKEN,),
            "The request has no such header, so there is no token: return None.",
            mistakes=(
                Mistake(
                    raised(AttributeError, TypeError),
                    "Without this header the argument is None, which is no text. Look for None first.",
                ),
            ),
        ),
        header_with(
            "Basic dXNlcjpwYXNz",
            NO_TOKEN,
            "This is another scheme: a name and a password follow it, not a token. Return None.",
        ),
        *(
            header_with(f"{scheme} <token>", NO_TOKEN, OTHER_SCHEME)
            for scheme in ("Digest", "Token", "JWT", "DPoP")
        ),
        header_with(
            "Bearerish <token>",
            NO_TOKEN,
            "`Bearerish` starts with Bearer and is another scheme. The scheme is the whole word before the space: return None.",
        ),
        header_with("Bear <token>", NO_TOKEN, OTHER_SCHEME),
        header_with(
            "NotBearer <token>",
            NO_TOKEN,
            "`NotBearer` ends with Bearer and is another scheme: return None.",
        ),
        header_with(
            "Basic Bearer <token>",
            NO_TOKEN,
            "The scheme is the first word, and here it is Basic: return None.",
        ),
        header_with(
            "Bearer",
            NOTHING,
            "The scheme is there, the token is not: return None, or an empty text.",
        ),
        header_with("", NO_TOKEN, "An empty header contains no token: return None."),
    ),
    bench=Header.make,
    mistakes=(
        Mistake(
            raised(IndexError),
            "Your code takes a part that is not there, and IndexError in a middleware becomes a 500. `partition` always gives three parts.",
        ),
        Mistake(
            lambda trial: raised(ValueError)(trial) and "to unpack" not in str(trial.error),
            "The task asks for None where there is no bearer token, and your code raised. In a middleware that becomes a 500.",
        ),
        Mistake(
            raised(ValueError),
            "This header does not have the form that your code expects, and ValueError in a middleware becomes a 500. `partition` always gives three parts.",
        ),
        SCHEME_ALONE,
        LEFT_ON,
        LISTED,
        LOWERED,
        STRIPPED,
    ),
    learnt="Whatever a client sends in this header, your function returns a token or None, so no header leads to a 500.",
)


USER = finds("<the user>", "user")
ADMIN = finds("<the administrator>", "admin")
NOBODY = gives("None", lambda found: found is None, got=user_or)


def finds_user(sent: str, wanted: Want, means: str, *mistakes: Mistake, **claims: Any) -> Case:
    """`find_user(users, claims)`; a claim that is a function takes the bench."""

    def made(bench: Any) -> dict[str, Any]:
        return {name: value(bench) if callable(value) else value for name, value in claims.items()}

    call = Call(From(lambda bench: bench.users), From(made))
    return Case(f"find_user(users, {sent})", call, (wanted,), means, mistakes)


OUTAGE = Want(
    "the exception of the storage",
    lambda trial: trial.bench.outage in (trial.error, getattr(trial.error, "__cause__", None)),
    lambda trial: user_or(trial.value),
    "`by_id` raised, since the user storage does not answer. Whether such a user exists is not known, so let the exception pass: None would become a 401.",
    of_error=True,
)


FIND_SOLUTION = """
async def find_user(users, claims):
    return await users.by_id(claims.get("sub"))
"""

SOMEBODY = Mistake(
    lambda trial: trial.error is None and hasattr(trial.value, "email"),
    "These claims name no user, and your function returned one: the server would take this request for theirs.",
)
NO_USER = "These claims name no user, so the result is None."
NOT_FOUND = "The claim `sub` is the id of this user, as a string."

FIND_USER = Exercise(
    name="03-find-user",
    function="find_user",
    idea="A good signature says that nobody changed the claims. The server has to look up whether they name a user.",
    stub="""
async def find_user(users, claims):
    # claims: those of a verified token; `await users.by_id(subject)` gives the user with this id, or None
    ...
""",
    solution=FIND_SOLUTION,
    hints=(
        "What if the claim is not there at all? What if it is a number?",
        '`claims["sub"]` raises where there is none, `claims.get("sub")` gives None. `users.by_id` takes the claim as it is and gives None for everything that is not the id of a user.',
        'One line: `return await users.by_id(claims.get("sub"))`. Nothing has to be turned into a number or a text on the way.',
    ),
    cases=(
        finds_user(
            "{'sub': '<the user's id>'}",
            USER,
            NOT_FOUND,
            Mistake(
                lambda trial: (
                    trial.error is None
                    and trial.value is None
                    and not returns_no_value(trial.candidate)
                ),
                "None came back. The user's id is in the claim `sub`, and `by_id` takes it as it is, a string.",
            ),
            sub=lambda bench: bench.sub,
        ),
        finds_user(
            "{'iss': …, 'exp': …, 'sub': '<the administrator's id>'}",
            ADMIN,
            NOT_FOUND,
            iss="https://login.example",
            exp=1_900_000_000,
            sub=lambda bench: bench.admin_sub,
        ),
        finds_user(
            "{'sub': '<an id that nobody has>'}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            sub=lambda bench: str(bench.nobodys_id),
        ),
        finds_user(
            "{}",
            NOBODY,
            NO_USER,
            Mistake(
                raised(KeyError),
                'A token without `sub` can have a good signature too. `claims["sub"]` raises there, which becomes a 500; `claims.get("sub")` gives None.',
            ),
            SOMEBODY,
        ),
        Case(
            "find_user(users, {'sub': …}), and the user storage does not answer",
            Call(From(lambda bench: bench.users), From(lambda bench: {"sub": str(bench.lost_id)})),
            (OUTAGE,),
            "",
        ),
        finds_user("{'sub': '0'}", NOBODY, NO_USER, SOMEBODY, sub="0"),
        finds_user("{'sub': 0}", NOBODY, NO_USER, SOMEBODY, sub=0),
        finds_user("{'sub': ''}", NOBODY, NO_USER, SOMEBODY, sub=""),
        finds_user("{'sub': None}", NOBODY, NO_USER, SOMEBODY, sub=None),
        finds_user(
            "{'sub': '0<the user's id>'}",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: trial.error is None and hasattr(trial.value, "email"),
                "With a zero in front it is another text, and another subject. Look it up as it is, without `int()`.",
            ),
            sub=lambda bench: f"0{bench.sub}",
        ),
        finds_user(
            "{'sub': ' <the user's id>'}",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: trial.error is None and hasattr(trial.value, "email"),
                "With a space in front it is another text, and another subject. Look it up as it is.",
            ),
            sub=lambda bench: f" {bench.sub}",
        ),
        finds_user(
            "{'sub': <the user's id>}, a number",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: trial.error is None and hasattr(trial.value, "email"),
                "A number is no subject: `sub` is a string (RFC 7519 §4.1.2). Look the claim up as it is; our server did not issue this one.",
            ),
            sub=lambda bench: bench.user.id,
        ),
        finds_user(
            "{'sub': ['<the user's id>']}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            sub=lambda bench: [bench.sub],
        ),
        finds_user(
            "{'user_id': '<the user's id>'}",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: trial.error is None and hasattr(trial.value, "email"),
                "`user_id` is the article's own claim. The registered claim is `sub`: look up that one alone.",
            ),
            user_id=lambda bench: bench.sub,
        ),
        finds_user(
            "{'subject': '<the user's id>'}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            subject=lambda bench: bench.sub,
        ),
        finds_user(
            "{'SUB': '<the user's id>'}", NOBODY, NO_USER, SOMEBODY, SUB=lambda bench: bench.sub
        ),
        finds_user(
            "{'su': '<the user's id>'}", NOBODY, NO_USER, SOMEBODY, su=lambda bench: bench.sub
        ),
        finds_user(
            "{'email': '<the user's e-mail>'}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            email=lambda bench: bench.user.email,
        ),
    ),
    bench=Bench.make,
    mistakes=(
        Mistake(
            lambda trial: trial.error is None and (trial.value is True or trial.value is False),
            "Return the user, not whether there is one.",
        ),
        Mistake(
            lambda trial: isinstance(trial.error, LookupError) and trial.wanted is NOBODY,
            "No user has this id, and your code raised. Return None: the middleware then sends 401.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, (ValueError, TypeError)) and "int()" in str(trial.error)
            ),
            "A claim may have any value, and `int()` raises for most of it. Look the claim up as it is, a string.",
        ),
    ),
    learnt="A good signature says that the claims are unchanged. Your function checks that they name an existing user.",
)

EXERCISES = (TOKEN_FROM_HEADER, FIND_USER)
QUIZZES = (
    Quiz(
        "bearer-2016",
        "A client of today sends `Authorization: Bearer eyJ…` to the article's middleware, with a good token. What does it return?",
        {"a": "200: the token is good", "b": "400: Token is invalid", "c": "401: log in first"},
        right="b",
        because="The article decodes the whole header, including `Bearer `. That is not a token: PyJWT raises `DecodeError`, and the article returns 400 for it.",
        reasons={
            "a": "The token is good, but it is not what the middleware decodes. It uses the whole header as the token.",
            "c": "401 would be the better status. The article uses it only in `login_required`, which comes in step 4.",
        },
    ),
    Quiz(
        "user-zero",
        "A token with a good signature carries `user_id: 0`. Nobody has that id. What does the article's server return?",
        {"a": "401", "b": "200, as user 1", "c": "500"},
        right="b",
        because="Its lookup skips values that are false, nothing is left to compare, and the first user matches. The signature was checked correctly; the lookup is wrong.",
        reasons={
            "a": "For that, the lookup would have to find out that there is no user 0. It skips the 0 and compares nothing.",
            "c": "Nothing raises, so nobody notices. With a 500, the token would at least be rejected.",
        },
    ),
)
