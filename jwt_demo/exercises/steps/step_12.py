"""12: the two halves of a service that passes, issuing and verifying; quizzes on what a checklist proves."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import jwt

from ...tokens.anatomy import Token, TokenError
from ..matchers import gives, raised, returned, returns
from ..model import Call, Case, Exercise, From, Mistake, Quiz, Trial, Want, Wrong, but_with

GIVEN = """
import secrets
from datetime import datetime, timedelta, timezone

import jwt

from jwt_demo import Token
from jwt_demo.tokens.anatomy import TokenError

ISSUER, AUDIENCE = "https://exam.example", "exam-api"
"""
ISSUER, AUDIENCE = "https://exam.example", "exam-api"
NOW = datetime(2030, 1, 1, 12, tzinfo=timezone.utc)
SECONDS = int(NOW.timestamp())

# --- issuing ---------------------------------------------------------------------------------------------------------

ISSUE = """
def issue_access_token(user, key, *, now):
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user.id),
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode(claims, key, algorithm="HS256", headers={"typ": "at+jwt"})
"""


def parsed(value: Any) -> Token | None:
    try:
        return Token.parse(value)
    except TokenError:
        return None


def claim(value: Any, name: str) -> Any:
    token = parsed(value)
    return (token.claims or {}).get(name) if token else None


def lifetime(value: Any) -> float:
    exp, iat = claim(value, "exp"), claim(value, "iat")
    return exp - iat if isinstance(exp, int | float) and isinstance(iat, int | float) else -1


def fresh_jti(trial: Trial) -> bool:
    """Another one than in the cases before."""
    return claim(trial.value, "jti") not in {
        claim(earlier.value, "jti") for earlier in trial.earlier
    }


def call() -> Call:
    return Call(From(lambda bench: bench.user), From(lambda bench: bench.key), now=NOW)


def issued(what: str, wants: tuple[Want, ...], means: str, *mistakes: Mistake) -> Case:
    return Case(
        f"issue_access_token(user 1, a key, now=noon of 1 January 2030): {what}",
        call(),
        wants,
        means,
        mistakes=mistakes,
    )


ISSUE_ACCESS_TOKEN = Exercise(
    name="12-issue-access-token",
    function="issue_access_token",
    idea="An access token says who made it, for whom, about whom, for how long, and what it is.",
    stub="""
def issue_access_token(user, key, *, now):
    # iss, aud, sub, iat, exp, jti; typ `at+jwt` in the header; an hour at the most
    ...
""",
    given=GIVEN,
    solution=ISSUE,
    also_right=(
        """
def issue_access_token(user, key, *, now):
    start = int(now.timestamp())
    claims = dict(iss=ISSUER, aud=[AUDIENCE], sub=f"{user.id}", iat=start, exp=start + 3600, jti=secrets.token_hex(16), scope="profile")
    return jwt.encode(claims, key, headers={"typ": "application/at+jwt"})
""",
    ),
    wrong=(
        Wrong("no type", but_with(ISSUE, ', headers={"typ": "at+jwt"}', ""), "what it is for"),
        Wrong("sub is a number", but_with(ISSUE, "str(user.id)", "user.id"), "is a string"),
        Wrong(
            "one jti for all", but_with(ISSUE, "secrets.token_urlsafe(16)", '"1"'), "id of its own"
        ),
        Wrong("a year", but_with(ISSUE, "minutes=5", "days=365"), "an hour"),
        Wrong(
            "no audience",
            but_with(ISSUE, '        "aud": AUDIENCE,\n', ""),
            "wherever its key is known",
        ),
        Wrong("no issuer", but_with(ISSUE, '        "iss": ISSUER,\n', ""), "who made it"),
        Wrong(
            "its own clock",
            but_with(ISSUE, '"iat": now', '"iat": datetime.now(timezone.utc)'),
            "`now` that it is given",
        ),
    ),
    hints=(
        "Read the claims of `complete` in `show_source(complete.issue)`: each of them answers one question.",
        "Six claims and one header: iss, aud, sub as text, iat and exp from `now`, a random jti; `headers={'typ': 'at+jwt'}`.",
        'jwt.encode({"iss": ISSUER, "aud": AUDIENCE, "sub": str(user.id), "iat": now, "exp": now + …, "jti": secrets.token_urlsafe(16)}, key, headers=…)',
    ),
    cases=(
        issued(
            "a token",
            (gives("the text of a token", lambda value: parsed(value) is not None),),
            "A token is text with two dots; `jwt.encode` gives it.",
        ),
        issued(
            "its sub",
            (gives('sub = "1"', lambda value: claim(value, "sub") == "1"),),
            "`sub` is a string (RFC 7519 §4.1.2): PyJWT encodes a number without a word and refuses it when it comes back.",
        ),
        issued(
            "its times",
            (
                gives(
                    "iat = now",
                    lambda value: claim(value, "iat") == SECONDS,
                    "`iat` comes from the `now` that it is given, not from a clock of its own.",
                ),
                gives(
                    "exp an hour after iat at the most",
                    lambda value: 0 < lifetime(value) <= 3600,
                    "A stolen token is good until `exp`; an hour is long.",
                ),
            ),
            "Both times come from `now`.",
        ),
        issued(
            "its issuer and audience",
            (
                gives(
                    "iss = ISSUER",
                    lambda value: claim(value, "iss") == ISSUER,
                    "Without `iss` nobody can tell who made it.",
                ),
                gives(
                    "aud = AUDIENCE",
                    lambda value: claim(value, "aud") in (AUDIENCE, [AUDIENCE]),
                    "Without `aud` it is good wherever its key is known.",
                ),
            ),
            "A token names who made it and for whom.",
        ),
        issued(
            "its header",
            (
                gives(
                    "typ = at+jwt",
                    lambda value: (
                        str(parsed(value).header.get("typ")).lower().removeprefix("application/")
                        == "at+jwt"
                    ),
                ),
            ),  # type: ignore[union-attr]
            "`typ` says what it is for (RFC 9068 §2.1); without it a token of another kind passes for one.",
        ),
        Case(
            "issue_access_token once more: its jti",
            call(),
            (
                Want(
                    "another jti than before",
                    fresh_jti,
                    lambda trial: "the same jti twice, or none",
                ),
            ),
            "`jti` is an id of its own for each token: a denylist holds it, and ends this token and no other.",
        ),
    ),
    learnt="Each claim is a question that a verifier can ask. One that is missing is a question nobody can ask later.",
)

# --- verifying -------------------------------------------------------------------------------------------------------

VERIFY = """
def claims_of(token, key):
    try:
        Token.parse(token)
        parts = jwt.decode_complete(
            token, key, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE, options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]}
        )
    except (jwt.InvalidTokenError, TokenError):
        return None
    if parts["header"].get("typ") != "at+jwt":
        return None
    return parts["payload"]
"""


def made(
    *,
    without: tuple[str, ...] = (),
    typ: str | None = "at+jwt",
    alg: str = "HS256",
    other_key: bool = False,
    more: str = "",
    **changes: Any,
) -> From:
    """A token made for one case: the good one with one thing changed."""

    def make(bench: Any) -> str:
        now = datetime.now(timezone.utc)
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "1",
            "iat": now,
            "exp": now + timedelta(minutes=5),
            "jti": "an id",
            **changes,
        }
        claims = {name: value for name, value in claims.items() if name not in without}
        key = "k" * 64 if other_key else bench.key
        return (
            jwt.encode(claims, None if alg == "none" else key, algorithm=alg, headers={"typ": typ})
            + more
        )

    return From(make)


KEY = From(lambda bench: bench.key)
PAST = datetime(2020, 1, 1, tzinfo=timezone.utc)


def refused(what: str, token: Any, means: str, *mistakes: Mistake) -> Case:
    return Case(
        f"claims_of({what}, key)",
        Call(token, KEY),
        (returns(None),),
        means,
        mistakes=(RAISES, *mistakes),
    )


RAISES = Mistake(
    raised(jwt.PyJWTError, TokenError),
    "A bad token is no accident: catch what PyJWT and Token.parse raise, and return None.",
)

CLAIMS_OF = Exercise(
    name="12-claims-of",
    function="claims_of",
    idea="A verifier asks every question that the issuer answered, and takes no answer for a no.",
    stub="""
def claims_of(token, key):
    # the claims of a token that is ours, whole, for us, of the right kind and in time; None for any other
    ...
""",
    given=GIVEN,
    solution=VERIFY,
    also_right=(
        """
VERIFIER = jwt.PyJWT(options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"], "enforce_minimum_key_length": True})


def claims_of(token, key):
    try:
        parsed = Token.parse(token)
        claims = VERIFIER.decode(token, key, ["HS256"], issuer=[ISSUER], audience=[AUDIENCE])
    except Exception:
        return None
    return claims if parsed.header.get("typ") == "at+jwt" else None
""",
    ),
    wrong=(
        Wrong("no audience asked", but_with(VERIFY, ', audience=AUDIENCE, options={', ', options={"verify_aud": False, '), "another service"),
        Wrong("no issuer asked", but_with(VERIFY, "issuer=ISSUER, ", ""), "another issuer"),
        Wrong("nothing required", but_with(VERIFY, ', options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]}', ""), "for ever"),
        Wrong("no kind asked", but_with(VERIFY, 'parts["header"].get("typ") != "at+jwt"', "False"), "another purpose"),
        Wrong("one exception only", but_with(VERIFY, "except (jwt.InvalidTokenError, TokenError)", "except jwt.ExpiredSignatureError"), "return None"),
        Wrong("signature not checked", but_with(VERIFY, 'options={', 'options={"verify_signature": False, '), "believes anybody"),
        Wrong("not strict", but_with(VERIFY, "        Token.parse(token)\n", ""), "two texts"),
    ),
    hints=(
        "Write down what a good token says; for each of it, ask for it. What is not asked for is not checked.",
        "PyJWT takes `algorithms`, `issuer`, `audience` and `options={'require': […]}`; it does not look at `typ`, and it takes a `=` at the end.",
        "Token.parse(token); jwt.decode_complete(…) for header and payload; typ from the header; one `except` for both families, and None.",
    ),
    cases=(
        Case(
            "claims_of(a good token, key)",
            Call(made(), KEY),
            (gives('claims with sub = "1"', lambda value: isinstance(value, dict) and value.get("sub") == "1"),),
            "The good token must get in; a verifier that refuses everything is safe and useless.",
        ),
        refused("one signed with another key", made(other_key=True), "It believes anybody: the signature was not checked with the key."),
        refused("one without a signature, alg none", made(alg="none"), "`alg` none is nobody's signature; the list in `algorithms` is yours."),
        refused("one that expired", made(exp=PAST, iat=PAST - timedelta(minutes=5)), "Its time is over."),
        refused("one without exp", made(without=("exp",)), "Without `exp` it lives for ever: PyJWT checks what is there and requires only what you say."),
        refused("one for another service", made(aud="another-api"), "It was made for another service, which could send it here and be this user: ask for your own `audience`."),
        refused("one of another issuer", made(iss="https://other.example"), "It is of another issuer with the same key: ask for `issuer`."),
        refused("one without jti", made(without=("jti",)), "It can't be logged out: a denylist needs its `jti`. Require it."),
        refused("an ID token, typ JWT", made(typ="JWT"), "It was made for another purpose: look at `typ` in the header, PyJWT does not."),
        refused(
            "a good one with = at its end", made(more="="), "One token has two texts now: PyJWT takes the padding, `Token.parse` does not.",
        ),
        refused("no token at all", "not a token", "A client sends what it likes.", Mistake(returned(lambda value: value is False), "None, not False: nobody's claims.")),
    ),
    learnt="Every question asked, none answered by silence. That is chapter V9 in one function.",
)  # fmt: skip

EXERCISES = (ISSUE_ACCESS_TOKEN, CLAIMS_OF)

QUIZZES = (
    Quiz(
        "passed",
        "A service passes all probes. What is proved?",
        {
            "a": "that it is secure",
            "b": "that these attacks, sent this way, were refused today",
            "c": "that its code is right",
        },
        right="b",
        because="A test shows the presence of a fault, never that there is none. What the probes do not ask, they do not know: TLS, logs, the strength of passwords, the next release.",
        reasons={
            "a": "The probes know tokens and logins. They never saw your database, your deployment or your colleagues.",
            "c": "They saw answers, not code. Two kinds of code can answer alike until the one request that nobody sent.",
        },
    ),
    Quiz(
        "other-key",
        "The exam wants the secret of your service. Why does it need it?",
        {
            "a": "to log in",
            "b": "to make tokens that are right in everything but one claim",
            "c": "to read the claims",
        },
        right="b",
        because="A forged signature is refused for the signature, whatever else is wrong. Only a token signed rightly shows whether a claim is looked at.",
        reasons={
            "a": "It logs in with e-mail and password, as anybody does.",
            "c": "Claims can be read without any key: they are encoded, not encrypted.",
        },
    ),
)
