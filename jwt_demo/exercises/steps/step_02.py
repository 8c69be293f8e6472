"""02-issue-token and the quizzes of 02_login."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt

from ...tokens.claims import in_words
from ..matchers import aware, raised, returned
from ..model import Call, Case, Exercise, From, Mistake, Quiz, Trial, Want, Wrong, but_with

YEAR = 365 * 86400


def claims_of(trial: Trial) -> dict[str, Any]:
    """The claims of the token that came back, read without trusting it; {} where it is no token."""
    try:
        return jwt.decode(trial.value, options={"verify_signature": False})
    except (jwt.PyJWTError, TypeError):
        return {}


def verified(trial: Trial) -> bool:
    try:
        jwt.PyJWS().decode(trial.value, trial.bench.key, algorithms=["HS256"])
    except (jwt.PyJWTError, TypeError):
        return False
    return True


def lifetime(trial: Trial) -> float:
    """Seconds from the case's `now` to `exp`; 0 where there is no `exp` that is a number."""
    exp = claims_of(trial).get("exp")
    return exp - moment(trial).timestamp() if isinstance(exp, (int, float)) else 0


def moment(trial: Trial) -> datetime:
    return trial.case.send.kwargs["now"].make(trial.bench)  # type: ignore[union-attr]


def claim(name: str) -> Any:
    def shown(trial: Trial) -> str:
        found = claims_of(trial).get(name)
        if found is None:
            return f"a token without {name}"
        if name == "exp" and isinstance(found, (int, float)):
            return f"exp is {in_words(lifetime(trial), now=0)}"
        return f"{name} is {found!r}"

    return shown


def subject_is(wanted: str) -> Want:
    means = "`sub` says whom the token is about: the user's id, as a string (RFC 7519 §4.1.2). A number there is encoded in silence, and refused when it is decoded."
    return Want(
        f"sub is {wanted!r}",
        lambda trial: claims_of(trial).get("sub") == wanted,
        claim("sub"),
        means,
    )


def an_hour_ago(bench: Any) -> datetime:
    return bench.now - timedelta(hours=1)


def new_years_eve(bench: Any) -> datetime:
    return datetime(2030, 12, 31, 23, 58, tzinfo=timezone.utc)


TOKEN = Want(
    "a token: text with two dots",
    lambda trial: isinstance(trial.value, str) and trial.value.count(".") == 2,
    means="`jwt.encode` gives the token as a str, and that is what to return.",
)
SIGNED = Want(
    "signed with the key that was given",
    verified,
    lambda trial: "a token that this key does not verify",
    "Sign with `key`; a server that signs with another one refuses its own tokens.",
)
ENDS = Want(
    "exp within a day of `now`",
    lambda trial: 0 < lifetime(trial) <= 86400,
    claim("exp"),
    "A token that lives for long is a password that can't be changed. Minutes are enough: `now + timedelta(minutes=5)` (RFC 7519 §4.1.4).",
)
SECRETS = Want(
    "nothing secret among the claims",
    lambda trial: (
        not any("password" in name for name in claims_of(trial))
        and trial.bench.user.password_hash not in claims_of(trial).values()
    ),
    lambda trial: "the password's hash in a claim",
    "Encoded is not encrypted: whoever holds the token reads its claims. Nothing secret goes in, and a password's hash is one.",
)
CLOCK = "Counted from the `now` that was given, `exp` is wrong: your code asks the clock itself. Take `now`, and a token of any moment can be made, and tested."
ISSUE_SOLUTION = """
def issue_token(user, key, *, now):
    claims = {"sub": str(user.id), "iat": now, "exp": now + timedelta(minutes=5)}
    return jwt.encode(claims, key, algorithm="HS256")
"""
but = functools.partial(but_with, ISSUE_SOLUTION)
CLAIMS = '{"sub": str(user.id), "iat": now, "exp": now + timedelta(minutes=5)}'

ISSUE_TOKEN = Exercise(
    name="02-issue-token",
    function="issue_token",
    idea="A token says whom it is about and when it ends, and nothing that is secret.",
    stub="""
def issue_token(user, key, *, now):
    # `sub`: the user's id, as a string; `exp`: a few minutes after `now`, which is an aware datetime
    ...
""",
    given="from datetime import datetime, timedelta, timezone\n\nimport jwt\n",
    solution=ISSUE_SOLUTION,
    also_right=(
        """
def issue_token(user, key, *, now):
    seconds = int(now.timestamp())
    return jwt.encode(dict(exp=seconds + 600, sub=f"{user.id}", email=user.email), key)
""",
    ),
    wrong=(
        Wrong("a number as sub", but("str(user.id)", "user.id"), "refused when it is decoded"),
        Wrong(
            "user_id, as in the article",
            but('"sub": str(user.id)', '"user_id": user.id'),
            "as a string (RFC 7519 §4.1.2)",
        ),
        Wrong("the e-mail as sub of everybody", but("str(user.id)", '"1"'), "about another user"),
        Wrong("no exp", but(', "exp": now + timedelta(minutes=5)', ""), "for ever"),
        Wrong(
            "exp in milliseconds",
            but("now + timedelta(minutes=5)", "int(now.timestamp() * 1000) + 300_000"),
            "counts seconds",
        ),
        Wrong(
            "exp as text",
            but("now + timedelta(minutes=5)", "(now + timedelta(minutes=5)).isoformat()"),
            "a number of seconds",
        ),
        Wrong("only the lifetime", but("now + timedelta(minutes=5)", "300"), "in January 1970"),
        Wrong(
            "a naive datetime",
            but("now + timedelta(minutes=5)", "datetime.now() + timedelta(minutes=5)"),
            "without a zone",
        ),
        Wrong(
            "utcnow, as in the article",
            but(
                "now + timedelta(minutes=5)",
                "datetime.utcfromtimestamp(now.timestamp()) + timedelta(minutes=5)",
            ),
            "without a zone",
        ),
        Wrong(
            "its own clock",
            but("now + timedelta(minutes=5)", "datetime.now(timezone.utc) + timedelta(minutes=5)"),
            "asks the clock itself",
        ),
        Wrong("seconds without a unit", but("timedelta(minutes=5)", "300"), "A number has no unit"),
        Wrong("ends at once", but("now + timedelta(minutes=5)", "now"), "ends at the moment"),
        Wrong(
            "claims as keywords",
            but("jwt.encode(claims, key,", "jwt.encode(**claims, key=key,"),
            "as one dict",
        ),
        Wrong("the e-mail", but("str(user.id)", "user.email"), "the user's id"),
        Wrong(
            "a year",
            but("timedelta(minutes=5)", "timedelta(days=365)"),
            "a password that can't be changed",
        ),
        Wrong(
            "the password's hash",
            but('"iat": now', '"password": user.password_hash'),
            "not encrypted",
        ),
        Wrong("the article's key", but("(claims, key,", '(claims, "secret",'), "Sign with `key`"),
        Wrong(
            "decode after encode",
            but('algorithm="HS256")', 'algorithm="HS256").decode("utf-8")'),
            "nothing is left to decode",
        ),
        Wrong(
            "a list of algorithms",
            but('algorithm="HS256"', 'algorithms=["HS256"]'),
            "one `algorithm`",
        ),
        Wrong("the user itself as sub", but("str(user.id)", "user"), "JSON knows nothing of"),
        Wrong("return forgotten", but("return ", ""), "Is a `return` missing?"),
        Wrong(
            "the claims, unsigned",
            but('return jwt.encode(claims, key, algorithm="HS256")', "return claims"),
            "not signed yet",
        ),
    ),
    hints=(
        "Two claims are enough: whom the token is about, and when it ends. The names of both are three letters long.",
        "RFC 7519 §4.1.2 wants `sub` to be a string: `str(user.id)`. `exp` is a moment: PyJWT takes an aware datetime, so `now + timedelta(minutes=5)`.",
        'The claims are a dict, `{"sub": ..., "exp": ...}`; then `return jwt.encode(claims, key, algorithm="HS256")`.',
    ),
    cases=(
        Case(
            "issue_token(user, key, now=now)",
            Call(
                From(lambda bench: bench.user),
                From(lambda bench: bench.key),
                now=From(lambda bench: bench.now),
            ),
            (TOKEN, SIGNED, subject_is("1"), aware(), ENDS, SECRETS),
            "This is the token of the user with id 1.",
        ),
        Case(
            "issue_token(admin, key, now=now)",
            Call(
                From(lambda bench: bench.admin),
                From(lambda bench: bench.key),
                now=From(lambda bench: bench.now),
            ),
            (subject_is("2"),),
            "",
            mistakes=(
                Mistake(
                    lambda trial: claims_of(trial).get("sub") == "1",
                    "The token is about another user than the one who was given: `sub` must come from `user.id`.",
                ),
            ),
        ),
        Case(
            "issue_token(user, key, now=an hour ago)",
            Call(
                From(lambda bench: bench.user), From(lambda bench: bench.key), now=From(an_hour_ago)
            ),
            (ENDS,),
            "",
            mistakes=(Mistake(lambda trial: lifetime(trial) > 0, CLOCK),),
        ),
        Case(
            "issue_token(user, key, now=the last minutes of 2030)",
            Call(
                From(lambda bench: bench.user),
                From(lambda bench: bench.key),
                now=From(new_years_eve),
            ),
            (ENDS,),
            "",
            mistakes=(Mistake(lambda trial: lifetime(trial) < 0, CLOCK),),
        ),
    ),
    mistakes=(
        Mistake(
            lambda trial: (
                isinstance(trial.error, TypeError)
                and "'datetime.datetime' and 'int'" in str(trial.error)
            ),
            "A number has no unit, so Python adds none to a moment: `now + timedelta(minutes=5)`.",
        ),
        Mistake(
            lambda trial: isinstance(trial.error, TypeError) and "'payload'" in str(trial.error),
            "`jwt.encode` takes the claims as one dict: `jwt.encode({...}, key, algorithm=...)`.",
        ),
        Mistake(
            lambda trial: isinstance(claims_of(trial).get("exp"), int) and lifetime(trial) == 0,
            "The token ends at the moment it is made. Add a few minutes: `now + timedelta(minutes=5)`.",
        ),
        Mistake(
            lambda trial: isinstance(trial.error, TypeError) and "algorithms" in str(trial.error),
            "`jwt.encode` signs with one `algorithm`; the list of `algorithms` belongs to `jwt.decode`.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, TypeError) and "not JSON serializable" in str(trial.error)
            ),
            "The claims become JSON, and one of them is an object that JSON knows nothing of. A claim is text, a number, a list or a dict.",
        ),
        Mistake(
            returned(lambda value: isinstance(value, dict)),
            "These are the claims, not signed yet. `jwt.encode(claims, key, algorithm=...)` makes the token.",
        ),
        Mistake(
            lambda trial: lifetime(trial) > 1000 * YEAR,
            "`exp` counts seconds since 1970 (RFC 7519 §2). In milliseconds it lies tens of thousands of years ahead, and the token never ends.",
        ),
        Mistake(
            lambda trial: isinstance(claims_of(trial).get("exp"), str),
            "`exp` is a NumericDate: a number of seconds since 1970, no text (RFC 7519 §2). Give PyJWT the datetime itself.",
        ),
        Mistake(
            lambda trial: 0 < (claims_of(trial).get("exp") or 0) < YEAR,
            "`exp` is the moment when the token ends, not how long it lives: this one ended in January 1970. Add the lifetime to `now`.",
        ),
        Mistake(
            lambda trial: verified(trial) and "exp" not in claims_of(trial),
            "Without `exp` the token is good for ever, for whoever finds it. Give it an end: `now + timedelta(minutes=5)`.",
        ),
        Mistake(
            raised(jwt.InvalidKeyError),
            "PyJWT refuses this key. Sign with the `key` that was given.",
        ),
    ),
    learnt="With `now` as an argument, a token from an hour ago is one call away, and nothing has to wait for it to expire.",
)

EXERCISES = (ISSUE_TOKEN,)
QUIZZES = (
    Quiz(
        "encoded",
        "Somebody reads a token on its way. They do not have the key. What can they do?",
        {
            "a": "nothing: the token is encrypted",
            "b": "read every claim in it, and change none unnoticed",
            "c": "read the claims and change them",
        },
        right="b",
        because="base64url is an alphabet, not a lock: anyone can read the claims. The signature only notices changes. So no secret goes into a token.",
        reasons={
            "a": "Nothing is encrypted here: the first two parts are JSON in another alphabet, and the next cell reads them without any key.",
            "c": "They can read the claims, and write other ones. The signature no longer fits those, and without the key no new one can be made.",
        },
    ),
    Quiz(
        "decode-2016",
        "The article ends its handler with `jwt_token.decode('utf-8')`. Today's PyJWT gives back a str. What does the client see?",
        {
            "a": "200 and a token: Python converts it",
            "b": "400: the request was wrong",
            "c": "500: the handler raised",
        },
        right="c",
        because="A str has no `decode`, so the handler raises AttributeError. The client did nothing wrong, and 500 says so: our fault.",
        reasons={
            "a": "Python converts nothing by itself here: a str has no method `decode`.",
            "b": "400 says that the client made a mistake. Nobody chose that status: the handler never came as far as answering.",
        },
    ),
)
