"""12: the half of a service that issues tokens; quizzes on what a checklist proves."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt

from ...tokens.anatomy import Token, TokenError
from ...tokens.claims import is_numeric_date
from ..matchers import returned
from ..model import Case, Description, Exercise, From, Mistake, Quiz, Trial, Want
from ..shapes import result_of
from ..symbols import Symbol, Symbols, given

GIVEN = """
import secrets
from datetime import datetime, timedelta, timezone

import jwt

from jwt_demo import Token
from jwt_demo.tokens.anatomy import TokenError

ISSUER, AUDIENCE = "https://exam.example", "exam-api"
"""
ISSUER, AUDIENCE = "https://exam.example", "exam-api"

ISSUE = """
def issue_access_token(user, key, *, now):
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user.id),
        "scope": " ".join(sorted(user.scopes)),
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "jti": secrets.token_urlsafe(16),
    }
    return jwt.encode(claims, key, algorithm="HS256", headers={"typ": "at+jwt"})
"""


class Issuing(Symbols):
    """A bench that notes for whom the last token was to be issued."""

    def __init__(self) -> None:
        super().__init__()
        self.sub_of_user = ""
        self.seen: set[str] = set()  # the jti of the tokens before


def moment_in(hours: int, after: int = 0) -> Any:
    """A moment, as a clock shows it that is so many hours ahead of UTC; `after` counts seconds."""
    zone = timezone(timedelta(hours=hours))
    return lambda bench: datetime.fromtimestamp(bench.moment + after, zone)


USER = From(lambda bench: expecting(bench, bench.user))
ADMIN = From(lambda bench: expecting(bench, bench.admin))
ANOTHER = From(lambda bench: expecting(bench, replace(bench.user, id=secrets.randbelow(10**9))))
KEY = From(lambda bench: bench.key)
NOW = Symbol("now", moment_in(0))
AN_HOUR_LATER = Symbol("now + 3600", moment_in(0, 3600))
LATER = "It is an hour later than before. Count the times of each token from the `now` of its own call: keep no moment from an earlier one."
IN_TOKYO = Symbol("now, on a clock in Tokyo", moment_in(9))


def expecting(bench: Any, user: Any) -> Any:
    bench.sub_of_user = str(user.id)
    return user


# --- what came back --------------------------------------------------------------------------------------------------


def parsed(trial: Trial) -> Token | None:
    try:
        return Token.parse(trial.value)
    except TokenError:
        return None


def claim(trial: Trial, name: str) -> Any:
    token = parsed(trial)
    return (token.claims or {}).get(name) if token else None


def is_signed(trial: Trial) -> bool:
    try:
        jwt.PyJWS().decode_complete(trial.value, trial.bench.key, algorithms=["HS256"])
    except jwt.PyJWTError:
        return False
    return True


def lifetime(trial: Trial) -> float:
    exp, iat = claim(trial, "exp"), claim(trial, "iat")
    return exp - iat if is_numeric_date(exp) and is_numeric_date(iat) else -1


def starts_now(trial: Trial) -> bool:
    iat = claim(trial, "iat")
    return is_numeric_date(iat) and iat == trial.kwargs["now"].timestamp()


def has_scopes(trial: Trial) -> bool:
    scope = claim(trial, "scope")
    return isinstance(scope, str) and sorted(scope.split(" ")) == sorted(trial.before[0].scopes)


def is_good_at_once(trial: Trial) -> bool:
    nbf = claim(trial, "nbf")
    return nbf is None or (is_numeric_date(nbf) and nbf <= trial.kwargs["now"].timestamp())


def is_fresh(trial: Trial) -> bool:
    """Another jti than in the tokens before."""
    jti, seen = claim(trial, "jti"), trial.bench.seen
    fresh = jti not in seen
    seen.add(jti)
    return fresh


def stay_different(trial: Trial) -> bool:
    """No two of many tokens have one jti, as they would if it were drawn from a few thousand."""
    call = trial.case.send  # type: ignore[union-attr]  # the checker gives a case
    user, key, now = *trial.args, call.kwargs["now"].make(trial.bench)  # type: ignore[union-attr]  # the checker gives a case
    issued = [result_of(trial.candidate(user, key, now=now)) for _ in range(MANY)]
    if None in issued:  # coroutines that wait for something: they cannot be run to their end here
        return True
    made = [Token.parse(token).claims or {} for token in issued]
    return len({str(claims.get("jti")) for claims in made}) == MANY


MANY = 500  # tokens: two of these are equal nearly always where there are 10,000 ids


def keeps_secrets(trial: Trial) -> bool:
    """Neither the key nor the hash of the password, nor a good part of either, stands in the token."""
    token = parsed(trial)
    if token is None:
        return False
    said = f"{token.header} {token.claims}"
    secret = (trial.bench.key, trial.before[0].password_hash.rpartition("$")[2])
    return not any(
        text[start : start + 10] in said for text in secret for start in range(len(text) - 9)
    )


def typ(trial: Trial) -> Any:
    token = parsed(trial)
    return token.header.get("typ") if token else None


def kind_of(trial: Trial) -> str:
    kind = typ(trial)
    return kind.lower().removeprefix("application/") if isinstance(kind, str) else ""


# --- the exercise ----------------------------------------------------------------------------------------------------


def told(*names: str) -> Description:
    """These claims, as they are in the token."""

    def shown(trial: Trial) -> str:
        pairs = ", ".join(f"{name} = {claim(trial, name)!r}" for name in names)
        return str(trial.bench.in_words(pairs))

    return shown


def issued(
    what: str, *wants: Want, means: str, user: Any = USER, now: Any = NOW, whose: str = "user"
) -> Case:
    return Case(
        f"issue_access_token({whose}, key, now={now}): {what}",
        given_to(user, now),
        (IS_TOKEN, *wants),
        means,
        mistakes=(
            Mistake(returned(lambda value: isinstance(value, bytes)), "A token is text, and these are bytes: leave `jwt.encode`'s text as it is."),
            *(NUMBER[want.text] for want in wants if want.text in NUMBER),
        ),
    )  # fmt: skip


def given_to(user: From, now: Symbol) -> Any:
    call = given(None, None, now=now)
    call.args = (user, KEY)
    return call


IS_TOKEN = Want(
    "the text of a token",
    lambda trial: parsed(trial) is not None,
    lambda trial: f"an object of class {type(trial.value).__name__}",
    "A token is text with two dots; `jwt.encode` gives it.",
)
JTI = Want(
    "jti, a text that is not empty",
    lambda trial: isinstance(claim(trial, "jti"), str) and claim(trial, "jti"),
    lambda trial: f"jti of class {type(claim(trial, 'jti')).__name__}",
    "Each token has a `jti`, a text that is not empty (RFC 7519 §4.1.7).",
)
FRESH = Want(
    "another jti than before",
    is_fresh,
    lambda trial: "the same jti twice",
    "Each token has its own `jti`. A denylist contains the `jti`, and so it revokes only this token.",
)
MANY_IDS = Want(
    "500 different ones",
    stay_different,
    lambda trial: "the same jti twice",
    "Two of 500 tokens have the same `jti`, so a logout of one would revoke the other. Use a longer random text: `secrets.token_urlsafe(16)`.",
)
SUB = Want(
    "sub = the user's id, as a text",
    lambda trial: claim(trial, "sub") == trial.bench.sub_of_user,
    told("sub"),
    "`sub` is the id of the user who was given, as a text (RFC 7519 §4.1.2).",
)


def is_number(name: str) -> Mistake:
    return Mistake(
        lambda trial: isinstance(claim(trial, name), int | float),
        f"This `{name}` is a number, and it must be a text (RFC 7519 §4.1): PyJWT rejects a number when the token comes back.",
    )


NUMBER = {SUB.text: is_number("sub"), JTI.text: is_number("jti")}
SCOPE = Want(
    "scope = the names in user.scopes, with a space between two of them",
    has_scopes,
    told("scope"),
    "`scope` is a text: the names in `user.scopes` with a space between two of them (step 4). `/admin` reads it.",
)
IAT = Want(
    "iat = now",
    starts_now,
    told("iat"),
    "`iat` is the moment `now` that the function is given, a number of seconds (or a datetime, of which PyJWT makes one).",
)
EXP = Want("exp an hour after iat at the most", lambda trial: 0 < lifetime(trial) <= 3600, told("iat", "exp"), "A token is valid for an hour at most: `exp` is after `iat`, by 3600 seconds at most.")  # fmt: skip
NBF = Want(
    "good from now on",
    is_good_at_once,
    told("nbf"),
    "With this `nbf` the token is not valid yet when it is issued.",
)

ISSUE_ACCESS_TOKEN = Exercise(
    name="12-issue-access-token",
    function="issue_access_token",
    idea="An access token says who issued it, for which server, for which user, for how long, and what it is.",
    stub="""
def issue_access_token(user, key, *, now):
    # now: a datetime with a time zone, as in step 2
    # iss, aud, sub, scope, iat, exp, jti; typ `at+jwt` in the header; an hour at most
    ...
""",
    given=GIVEN,
    solution=ISSUE,
    bench=Issuing.make,
    hints=(
        "There are seven claims: who issued the token, for which server, for which user, with which scopes, from when, until when, and which token it is.",
        '`str(user.id)` is a text, `" ".join(sorted(user.scopes))` too, `now + timedelta(minutes=5)` a moment, `secrets.token_urlsafe(16)` an id. The kind goes into the header: `headers={"typ": "at+jwt"}`.',
        'All of it: `jwt.encode({"iss": ISSUER, "aud": AUDIENCE, "sub": str(user.id), "scope": " ".join(sorted(user.scopes)), '
        '"iat": now, "exp": now + timedelta(minutes=5), "jti": secrets.token_urlsafe(16)}, key, algorithm="HS256", headers={"typ": "at+jwt"})`',
    ),
    cases=(
        issued("a token", means="A token is text with two dots; `jwt.encode` gives it."),
        issued(
            "its signature",
            Want("HS256, with this key", is_signed, lambda trial: "another signature"),
            means="It is signed with HS256 and the key that the function is given.",
        ),
        issued("its sub", SUB, means="`sub` says whom the token is about."),
        issued("its scope", SCOPE, means="`scope` says what the token may be used for."),
        issued("its times", IAT, EXP, NBF, means="All times come from `now`."),
        issued(
            "its issuer and audience",
            Want("iss = ISSUER", lambda trial: claim(trial, "iss") == ISSUER, told("iss"), "`iss` says who issued the token: ISSUER, and nothing else."),
            Want("aud = AUDIENCE", lambda trial: claim(trial, "aud") in (AUDIENCE, [AUDIENCE]), told("aud"), "`aud` says for which server the token is: AUDIENCE alone. Otherwise every server with this key can accept it."),
            means="A token says who issued it and for which server.",
        ),
        issued(
            "its header",
            Want("typ = at+jwt", lambda trial: kind_of(trial) == "at+jwt", lambda trial: f"typ = {typ(trial)!r}"),
            means="`typ` in the header says what the token is for (RFC 9068 §2.1); without it the service would accept a token of another kind.",
        ),
        issued("its jti", JTI, FRESH, means="`jti` names this token."),
        issued("its jti, once more", JTI, FRESH, means="`jti` names this token."),
        issued("its jti, in 500 tokens", MANY_IDS, means="`jti` names this token."),
        issued(
            "what else is in it",
            Want("no secrets", keeps_secrets, lambda trial: "the key, or the hash of the password, or a part of one"),
            means="Everybody who has a token can read it. The token must contain neither the hash of the password nor the key.",
        ),
        issued("its sub", SUB, means="`sub` is the id of the user who was given.", user=ADMIN, whose="administrator"),
        issued("its scope", SCOPE, means="`scope` has the names in `user.scopes`, and an administrator has one more.", user=ADMIN, whose="administrator"),
        issued("its sub", SUB, means="`sub` is the id of the user who was given.", user=ANOTHER, whose="another user"),
        issued("its times", IAT, EXP, NBF, means="`now` is the same moment as before, in another time zone: the times in the token must be the same.", now=IN_TOKYO),
        issued("its times", replace(IAT, means=LATER), replace(EXP, means=LATER), means=LATER, now=AN_HOUR_LATER),
    ),
    learnt="A verifier can check only what the token says. A claim that the issuer left out cannot be checked later.",
)  # fmt: skip

EXERCISES = (ISSUE_ACCESS_TOKEN,)

QUIZZES = (
    Quiz(
        "passed",
        "A service passes all probes. What is proved?",
        {
            "a": "that the service is secure",
            "b": "that these attacks, sent this way, were rejected today",
            "c": "that the code of the service is right",
        },
        right="b",
        because="A test can show that there is a fault, but not that there is none. No probe looks at TLS, logs, the strength of passwords or the next release.",
        reasons={
            "a": "The probes know tokens and logins. They never see your database, your deployment or your colleagues.",
            "c": "The probes saw responses, not code. Two programs can send the same responses until one request arrives that nobody tested.",
        },
    ),
    Quiz(
        "other-key",
        "The exam gets the secret of your service. Why does it need this secret?",
        {
            "a": "to log in",
            "b": "to make tokens that are right except for one claim",
            "c": "to read the claims",
        },
        right="b",
        because="A token with a forged signature is rejected for its signature. Only a token with a valid signature shows whether the server checks a claim.",
        reasons={
            "a": "It logs in with e-mail and password, as every user does.",
            "c": "Claims can be read without any key: they are encoded, not encrypted.",
        },
    ),
)
