"""Right and wrong answers to the exercises of `step_02`."""

from __future__ import annotations

import functools

from jwt_demo.exercises.steps.step_02 import ISSUE_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

but = functools.partial(but_with, ISSUE_SOLUTION)

RIGHT = {
    "02-issue-token": (
        """
def issue_token(user, key, *, now):
    seconds = int(now.timestamp())
    return jwt.encode(dict(exp=seconds + 600, sub=f"{user.id}", email=user.email), key)
""",
    ),
}

WRONG = {
    "02-issue-token": (
        Wrong(
            "now without its zone",
            but("now + timedelta(minutes=5)", "now.replace(tzinfo=None) + timedelta(minutes=5)"),
            "`now` has a zone, and `now + timedelta(minutes=5)` keeps it",
        ),
        Wrong(
            "the claims as a text",
            """
def issue_token(user, key, *, now):
    return str({"sub": str(user.id), "iat": now, "exp": now + timedelta(minutes=5)})
""",
            "that is what to return",
        ),
        Wrong(
            "a year in the code",
            """
def issue_token(user, key, *, now):
    claims = {"sub": str(user.id), "iat": now, "exp": now + timedelta(minutes=5 if now.year < 2030 else -55)}
    return jwt.encode(claims, key, algorithm="HS256")
""",
            "Compute `exp` from `now`: `now + timedelta",
        ),
        Wrong(
            "a scheme in front",
            """
def issue_token(user, key, *, now):
    claims = {"sub": str(user.id), "iat": now, "exp": now + timedelta(minutes=5)}
    return "Bearer " + jwt.encode(claims, key, algorithm="HS256")
""",
            "Return the text of the token alone",
        ),
        Wrong(
            "a number as sub",
            but("str(user.id)", "user.id"),
            "`sub` is a string (RFC 7519 §4.1.2), and this one is a number",
        ),
        Wrong(
            "user_id, as in the article",
            but('"sub": str(user.id)', '"user_id": user.id'),
            "as a string (RFC 7519 §4.1.2)",
        ),
        Wrong(
            "the e-mail as sub of everybody",
            but("str(user.id)", '"1"'),
            "`sub` is the user's id as a string (RFC",
        ),
        Wrong("no exp", but(', "exp": now + timedelta(minutes=5)', ""), "the token never ends"),
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
        Wrong(
            "only the lifetime",
            but("now + timedelta(minutes=5)", "300"),
            "`exp` is the moment when the token ends, not",
        ),
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
            "Measured from the `now` that was given, `exp` is",
        ),
        Wrong(
            "seconds without a unit",
            but("timedelta(minutes=5)", "300"),
            "Python cannot add a number to a datetime, because",
        ),
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
            "A stolen token is valid until `exp` (RFC 7519",
        ),
        Wrong(
            "the password's hash",
            but('"iat": now', '"password": user.password_hash'),
            "not encrypted",
        ),
        Wrong(
            "the article's key",
            but("(claims, key,", '(claims, "secret",'),
            "Sign with the `key` that is given, with HS256.",
        ),
        Wrong(
            "decode after encode",
            but('algorithm="HS256")', 'algorithm="HS256").decode("utf-8")'),
            "nothing to decode",
        ),
        Wrong(
            "a list of algorithms",
            but('algorithm="HS256"', 'algorithms=["HS256"]'),
            "one `algorithm`",
        ),
        Wrong(
            "the user itself as sub",
            but("str(user.id)", "user"),
            "The claims become JSON, and one of them is",
        ),
        Wrong("return forgotten", but("return ", ""), "no `return` in it has a value"),
        Wrong(
            "the claims, unsigned",
            but('return jwt.encode(claims, key, algorithm="HS256")', "return claims"),
            "nothing in it is a token",
        ),
        Wrong(
            "valid from a minute later on",
            """
def issue_token(user, key, *, now):
    return jwt.encode({"sub": str(user.id), "nbf": now + timedelta(minutes=1), "exp": now + timedelta(minutes=5)}, key, algorithm="HS256")
""",
            "The token is rejected at the moment it is made",
        ),
        Wrong(
            "the token in a dict",
            """
def issue_token(user, key, *, now):
    return {"token": jwt.encode({"sub": str(user.id), "exp": now + timedelta(minutes=5)}, key, algorithm="HS256")}
""",
            "This is a dict with the token in it",
        ),
        Wrong(
            "issued two hours from now",
            """
def issue_token(user, key, *, now):
    return jwt.encode({"sub": str(user.id), "iat": now + timedelta(hours=2), "exp": now + timedelta(minutes=5)}, key, algorithm="HS256")
""",
            "The token is rejected at the moment it is made",
        ),
    ),
}

EQUIVALENT = {
    "02-issue-token": {
        "{'sub': str(user.id), 'iat': now, 'exp': *} → {'sub': str(user.id), 'exp': *}": "the task asks for `sub` and `exp` alone",
        "jwt.encode(claims, key, algorithm='HS256') → jwt.encode(claims, key)": "HS256 is PyJWT's default",
        "5 → *": "the task says a few minutes",
        "600 → *": "the task says a few minutes",
        "int(now.timestamp()) → now.timestamp()": "a NumericDate may have a fraction (RFC 7519 §2)",
        "dict(exp=seconds + 600, *": "the e-mail is a claim that nobody asked for",
    },
}
