"""03-token-from-header and the quizzes of 03_middleware."""

from __future__ import annotations

import secrets

from ..fixtures import Bench
from ..matchers import gives, raised, returned, same
from ..model import Call, Case, Exercise, From, Mistake, Quiz, Trial, Want

NO_TOKEN = gives("None", lambda found: found is None)
NOTHING = gives("None or ''", lambda found: found is None or found == "")


def wants_token(trial: Trial) -> bool:
    """Whether the header has a token, and something came back for it."""
    return trial.error is None and trial.wanted not in (NO_TOKEN, NOTHING)


SCHEME_ALONE = Mistake(
    returned(lambda found: isinstance(found, str) and found.lower() == "bearer"),
    "This is the scheme. Return only what follows it.",
)
LEFT_ON = Mistake(
    lambda trial: (
        wants_token(trial)
        and isinstance(trial.value, str)
        and trial.value.lower().startswith("bearer")
        and trial.bench.text in trial.value
    ),
    "The scheme is still in front of the token, and PyJWT rejects the two together. Return only what follows the scheme.",
)
LISTED = Mistake(
    returned(lambda found: isinstance(found, (list, tuple))),
    "This is a list or a tuple. Return the token alone, a text, or None where there is none.",
)
STRIPPED = Mistake(
    lambda trial: (
        wants_token(trial)
        and isinstance(trial.value, str)
        and trial.value not in ("", trial.bench.text)
        and trial.bench.text.endswith(trial.value)
    ),
    "Letters of the token itself are missing at its start. Remove the scheme and the spaces, and no more. (For example, `lstrip` takes a set of letters, and `removeprefix` a word.)",
)
LOWERED = Mistake(
    lambda trial: (
        wants_token(trial)
        and isinstance(trial.value, str)
        and trial.value == trial.bench.text.lower()
    ),
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
        self.other = ".".join(secrets.token_urlsafe(12) for _ in range(3))

    def names(self) -> dict[str, str]:
        return {
            self.text: "<token>",
            self.text.lower(): "<token in lower case>",
            self.other: "<another token>",
        }

    def random_texts(self) -> dict[str, str]:
        return {self.text: "<the token>"}


KEPT_TOKEN = Mistake(
    lambda trial: (
        isinstance(trial.value, str)
        and trial.bench.text in trial.value
        and trial.bench.text not in str(trial.args)
    ),
    "What came back is the token of an earlier call, and this header does not contain it. Keep nothing from one call to the next.",
)
UNCHANGED = "Return the text after `Bearer` exactly as the client sent it: whether it is a token is decided where it is decoded."


def as_it_is(behind: str, means: str = UNCHANGED, *mistakes: Mistake) -> Case:
    """`Bearer `, the token and more: the whole text, or None from a function that looks for what no token has."""
    return header_with(
        f"Bearer <token>{behind}",
        Want(
            f"{'<token>' + behind!r}, or None",
            lambda trial: trial.value is None or same(trial.value, trial.bench.text + behind),
        ),
        means,
        *mistakes,
    )


def header_with(sent: str, wants: Want, means: str, *mistakes: Mistake) -> Case:
    """`token_from_header(sent)`, with a token of the bench in place of `<token>`."""
    text = From(
        lambda bench: sent.replace("<token>", bench.text).replace("<another token>", bench.other)
    )
    return Case(f"token_from_header({sent!r})", Call(text), (wants,), means, mistakes)


TOKEN_OR_NONE = Want(
    "'<token>', or None",
    lambda trial: trial.value is None or same(trial.value, trial.bench.text),
)
THE_TOKEN = Want("'<token>'", lambda trial: same(trial.value, trial.bench.text))

TOKEN_SOLUTION = """
def token_from_header(authorization):
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    return token.strip(" ")
"""


SPACES = "Between scheme and token there may be more than one space (RFC 9110 §11.4), and none of them belongs to the token."
BEHIND = "A space behind the token does not belong to it. The task asks for the text after `Bearer`, without the spaces around it."
PART = Mistake(
    lambda trial: (
        isinstance(trial.value, str) and trial.value.strip(" ,") in ("<more>", trial.bench.text)
    ),
    "Your function took a part of what follows `Bearer`: another text than the client sent. Return all of it, or None.",
)
ANY_CASE = "The scheme is the same in any case of letters (RFC 9110 §11.1), and some clients write it in lower case."

TOKEN_FROM_HEADER = Exercise(
    name="03-token-from-header",
    function="token_from_header",
    idea="`Authorization` starts with a scheme. Only what follows the scheme `Bearer` is a bearer token.",
    stub="""
def token_from_header(authorization):
    # authorization: the value of the header, or None if there is none
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
        header_with("<another token>", NO_TOKEN, RAW),
        Case(
            "token_from_header(None)",
            Call(None),
            (NO_TOKEN,),
            "The request has no such header, so there is no token: return None.",
            mistakes=(
                Mistake(
                    lambda trial: (
                        raised(AttributeError, TypeError)(trial) and "None" in str(trial.error)
                    ),
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
        *(
            header_with(
                f"{scheme} <token>",
                NO_TOKEN,
                f"The scheme is the whole word before the space, and `{scheme}` is not `Bearer` (RFC 9110 §11.4): return None.",
            )
            for scheme in ("Bearer:", "Bearer=", "Bearer,", "Bearer;", "Bearer-Token", '"Bearer"')
        ),
        *(
            header_with(
                f"Bearer{separator}<token>",
                NO_TOKEN,
                f"Between scheme and token there is a space (RFC 9110 §11.4), and here there is `{separator}`: return None.",
            )
            for separator in (":", "=", ",", "_")
        ),
        header_with(
            "Basic dXNlcjpwYXNz, Bearer <token>",
            NO_TOKEN,
            "The scheme is the first word, and here it is Basic: return None.",
        ),
        header_with(
            "Basic dXNlcjpwYXNz,Bearer <token>",
            NO_TOKEN,
            "The scheme is the first word, and here it is Basic: return None.",
        ),
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
        header_with("bEaReR <token>", THE_TOKEN, ANY_CASE),
        header_with("Bearer  <token>", THE_TOKEN, SPACES),
        header_with("Bearer   <token>", THE_TOKEN, SPACES),
        header_with(
            "Bearer <token>~+/==",
            Want("'<token>~+/=='", lambda trial: same(trial.value, f"{trial.bench.text}~+/==")),
            "A bearer token may contain all these characters (RFC 6750 §2.1). Return the text as it is; whether it is a token is decided where it is decoded.",
        ),
        as_it_is("%2E"),
        as_it_is(
            " <more>",
            "The text after `Bearer` has a space in it, so it is no token. Return all of it, which no server accepts, or None: a part of it is another text.",
            PART,
        ),
        *(
            header_with(f"Bearer{before}<token>{behind}", TOKEN_OR_NONE, BEHIND)
            for before, behind in ((" ", " "), ("  ", "  "))
        ),
        as_it_is(
            ", Bearer <more>",
            "More than one token was sent. Return all of the text, which no server accepts, or None: a part of it is another text.",
            PART,
        ),
        header_with(
            "Bearer Bearer <token>",
            Want(
                "'Bearer <token>', or None",
                lambda trial: (
                    trial.value is None or same(trial.value, f"Bearer {trial.bench.text}")
                ),
            ),
            "The scheme stands at the start once, and what follows it is no token. Return all of it, which no server accepts, or None.",
            Mistake(
                lambda trial: trial.value == trial.bench.text,
                "What follows the scheme is `Bearer <token>`, and your function returned a part of it. Return all of it, or None.",
            ),
        ),
        header_with(
            'Bearer "<token>"',
            Want(
                "'\"<token>\"', with the quotes, or None",
                lambda trial: trial.value is None or same(trial.value, f'"{trial.bench.text}"'),
            ),
            UNCHANGED,
        ),
    ),
    bench=Header.make,
    mistakes=(
        KEPT_TOKEN,
        Mistake(
            raised(IndexError),
            "Your code reads an item that is not there, and IndexError in a middleware becomes a 500. `partition` always gives three parts.",
        ),
        Mistake(
            lambda trial: (
                raised(ValueError)(trial)
                and "to unpack" not in str(trial.error)
                and trial.wanted in (NO_TOKEN, NOTHING)
            ),
            "The task asks for None where there is no bearer token, and your code raised. In a middleware that becomes a 500.",
        ),
        Mistake(
            lambda trial: raised(ValueError)(trial) and "to unpack" in str(trial.error),
            "Your code unpacks another number of parts than it has here, and ValueError in a middleware becomes a 500. `partition` always gives three parts.",
        ),
        SCHEME_ALONE,
        LEFT_ON,
        LISTED,
        LOWERED,
        STRIPPED,
    ),
    learnt="For each of these headers your function returned a text or None, and it raised for none of them: in a middleware, an exception here becomes a 500.",
)

EXERCISES = (TOKEN_FROM_HEADER,)
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
