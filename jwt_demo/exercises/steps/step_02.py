"""02-issue-token and the quizzes of 02_login."""

from __future__ import annotations

import dataclasses
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt

from ...tokens.claims import in_words
from ..fixtures import Bench
from ..matchers import aware, raised, returned, same
from ..model import Call, Case, Description, Exercise, From, Mistake, Quiz, Trial, Want
from .step_02_rights import claims_of, how_signed, rights_beyond, shown_rights, verified

YEAR = 365 * 86400


def lifetime(trial: Trial) -> float:
    """Seconds from the case's `now` to `exp`; 0 where there is no `exp` that is a number."""
    exp = claims_of(trial).get("exp")
    return exp - moment(trial).timestamp() if isinstance(exp, (int, float)) else 0


def moment(trial: Trial) -> datetime:
    assert trial.case is not None
    assert isinstance(trial.case.send, Call)
    given: datetime = trial.case.send.kwargs["now"].make(trial.bench)
    return given


def claim(name: str) -> Description:
    def shown(trial: Trial) -> str:
        found = claims_of(trial).get(name)
        if found is None:
            return f"a token without {name}"
        if name == "exp" and isinstance(found, (int, float)):
            return f"exp is {in_words(lifetime(trial), now=0)}"
        if name == "exp":  # a moment in another form would read differently in each run
            return f"exp is a {type(found).__name__}"
        return f"{name} is {found!r}"

    return shown


def subject_is(name: str, text: str) -> Want:
    """`sub` is the id of this user of the bench."""
    means = "`sub` is the user's id as a string (RFC 7519 §4.1.2)."
    return Want(
        f"sub is {text}, as a string",
        lambda trial: same(claims_of(trial).get("sub"), str(getattr(trial.bench, name).id)),
        claim("sub"),
        means,
    )


class Keys(Bench):
    """A bench with a second key."""

    def __init__(self) -> None:
        super().__init__()
        self.other_key = secrets.token_urlsafe(32)


def issues(
    sent: str,
    who: str,
    moment: Callable[[Bench], datetime],
    wants: tuple[Want, ...],
    means: str,
    *mistakes: Mistake,
) -> Case:
    call = Call(
        From(lambda bench: getattr(bench, who)), From(lambda bench: bench.key), now=From(moment)
    )
    return Case(f"issue_token({who}, key, {sent})", call, wants, means, mistakes)


def now(bench: Bench) -> datetime:
    return bench.now


def in_new_york(bench: Bench) -> datetime:
    return bench.now.astimezone(timezone(timedelta(hours=-5)))


def an_hour_ago(bench: Bench) -> datetime:
    return bench.now - timedelta(hours=1)


def new_years_eve(bench: Bench) -> datetime:
    return datetime(2030, 12, 31, 23, 58, tzinfo=timezone.utc)


def is_token(value: Any) -> bool:
    return isinstance(value, str) and value.count(".") == 2


TOKEN = Want(
    "a token: text with two dots",
    lambda trial: is_token(trial.value),
    means="`jwt.encode` gives the token as a str, and that is what to return.",
)


SIGNED = Want(
    "signed with the key that was given, HS256",
    verified,
    how_signed,
    "Sign with the `key` that is given, with HS256. A server verifies with its own key, and rejects every token of another one.",
)
ENDS = Want(
    "exp a few minutes after `now`: a minute at least, an hour at the most",
    lambda trial: 60 <= lifetime(trial) <= 3600,
    claim("exp"),
    "A stolen token is valid until `exp` (RFC 7519 §4.1.4), and the task asks for a few minutes: `now + timedelta(minutes=5)`.",
)


def starts_later(trial: Trial) -> bool:
    """Whether the token is not valid yet at the case's `now`: PyJWT rejects an `iat` that is ahead as well."""
    starts = [claims_of(trial).get(name, 0) for name in ("nbf", "iat")]
    return any(
        not isinstance(start, (int, float)) or start > moment(trial).timestamp() for start in starts
    )


VALID = Want(
    "valid from `now` on",
    lambda trial: not starts_later(trial),
    lambda trial: "a token whose nbf or iat is no moment up to `now`",
    "The token is rejected at the moment it is made. The task asks for neither `nbf` nor `iat`. If you add one, set it to `now`.",
)
ENDS_THEN = dataclasses.replace(ENDS, means="")  # where the case says more


NO_MORE_RIGHTS = Want(
    "no right that the user does not have",
    lambda trial: not rights_beyond(claims_of(trial), trial.bench.user),
    lambda trial: shown_rights(claims_of(trial), trial.bench.user),
    "The token grants more than its user may do. The task asks for no such claim. If you add one, take it from the user: `user.scopes`, `user.is_admin`.",
)


def everything_in(value: Any) -> list[Any]:
    """A claim, and what it holds."""
    if isinstance(value, dict):
        return [value, *(inner for part in value.items() for inner in everything_in(part))]
    if isinstance(value, (list, tuple)):
        return [value, *(inner for part in value for inner in everything_in(part))]
    return [value]


def secrets_in(trial: Trial) -> list[str]:
    """The password's hash, or the key, anywhere in claims or header."""
    token = str(trial.value)
    parts = [*everything_in(claims_of(trial)), *everything_in(jwt.get_unverified_header(token))]
    hidden = {
        trial.bench.user.password_hash: "the hash of the password",
        trial.bench.key: "the key",
    }
    return [name for secret, name in hidden.items() if any(secret in str(part) for part in parts)]


SECRETS = Want(
    "nothing secret in the token",
    lambda trial: not secrets_in(trial),
    lambda trial: f"a token that contains {secrets_in(trial)[0]}",
    "A token is encoded, not encrypted: everybody who has it can read its claims. Leave out everything secret, and the hash of a password is secret.",
)
ENDS_WRONG = "Measured from the `now` that was given, `exp` is wrong. Compute `exp` from `now`: `now + timedelta(minutes=5)`."
OTHER_USER = Mistake(
    lambda trial: claims_of(trial).get("sub") == trial.bench.sub,
    "The token is about the user of the first call, not about the user of this one. Take `sub` from the `user` of this call, and keep nothing from an earlier call.",
)
CLOCK = Mistake(
    lambda trial: (
        0 < claims_of(trial).get("exp", 0) - datetime.now(timezone.utc).timestamp() <= 3600
    ),
    "Measured from the `now` that was given, `exp` is wrong; measured from the clock of this machine, it is right. Compute `exp` from `now`.",
)
ISSUE_SOLUTION = """
def issue_token(user, key, *, now):
    claims = {"sub": str(user.id), "iat": now, "exp": now + timedelta(minutes=5)}
    return jwt.encode(claims, key, algorithm="HS256")
"""

CLAIMS = '{"sub": str(user.id), "iat": now, "exp": now + timedelta(minutes=5)}'

ISSUE_TOKEN = Exercise(
    name="02-issue-token",
    function="issue_token",
    idea="A token says which user it is about and when it expires, and contains nothing secret.",
    bench=Keys.make,
    stub="""
def issue_token(user, key, *, now):
    # `now`: the time of issue, a datetime with a time zone
    # `sub`: the user's id, as a string
    # `exp`: a few minutes after `now`
    ...
""",
    given="from datetime import datetime, timedelta, timezone\n\nimport jwt\n",
    solution=ISSUE_SOLUTION,
    hints=(
        "Two claims are enough: the user that the token is about, and when it ends. Both names have three letters.",
        "RFC 7519 §4.1.2 wants `sub` to be a string: `str(user.id)`. `exp` is a moment: PyJWT takes an aware datetime, so `now + timedelta(minutes=5)`.",
        'The claims are a dict, `{"sub": ..., "exp": ...}`; then `return jwt.encode(claims, key, algorithm="HS256")`.',
    ),
    cases=(
        issues(
            "now=now",
            "user",
            now,
            (
                TOKEN,
                SIGNED,
                subject_is("user", "<the user's id>"),
                aware(
                    "PyJWT was given a datetime without a zone, and PyJWT takes it for UTC. `now` has a zone, and `now + timedelta(minutes=5)` keeps it."
                ),
                ENDS,
                VALID,
                NO_MORE_RIGHTS,
                SECRETS,
            ),
            "The token must be about <the user>.",
        ),
        issues(
            "now=the last minutes of 2030",
            "admin",
            new_years_eve,
            (TOKEN, SIGNED, subject_is("admin", "<the administrator's id>"), ENDS_THEN),
            ENDS_WRONG,
            OTHER_USER,
            CLOCK,
        ),
        issues(
            "now=now",
            "admin",
            now,
            (TOKEN, SIGNED, subject_is("admin", "<the administrator's id>"), ENDS),
            "The token must be about <the administrator>.",
            Mistake(
                lambda trial: is_token(trial.value) and trial.value == trial.earlier[-1].value,
                "This is the token of the call before, which had another `now`. Keep no token from one call to the next: sign a new one each time.",
            ),
            OTHER_USER,
        ),
        issues("now=an hour ago", "user", an_hour_ago, (SIGNED, ENDS_THEN), ENDS_WRONG, CLOCK),
        issues(
            "now=now in New York (UTC-5)",
            "user",
            in_new_york,
            (SIGNED, ENDS_THEN),
            "This `now` is the same moment in another zone, so `exp` must be the same moment too.",
        ),
        Case(
            "issue_token(user, another key, now=now)",
            Call(
                From(lambda bench: bench.user), From(lambda bench: bench.other_key), now=From(now)
            ),
            (
                Want(
                    "signed with the key that was given, HS256",
                    lambda trial: verified(trial, trial.bench.other_key),
                    lambda trial: how_signed(trial, trial.bench.other_key),
                    SIGNED.means,
                ),
            ),
            "",
        ),
    ),
    mistakes=(
        Mistake(
            lambda trial: 0 < lifetime(trial) < 60,
            "The token ends less than a minute after `now`, and the task asks for a few minutes: `timedelta(minutes=5)`. Without a name, the arguments of `timedelta` are days and seconds.",
        ),
        Mistake(
            returned(
                lambda value: (
                    isinstance(value, str)
                    and len(value.split()) > 1
                    and any(re.fullmatch(r"[\w-]+(\.[\w-]+){2}", part) for part in value.split())
                )
            ),
            "Your function returned more than the token. Return the text of the token alone: the client writes the scheme in front of it.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, TypeError)
                and "for +: 'datetime.datetime' and 'int'" in str(trial.error)
            ),
            "Python cannot add a number to a datetime, because a number has no unit: `now + timedelta(minutes=5)`.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, TypeError)
                and "encode() missing" in str(trial.error)
                and "'payload'" in str(trial.error)
            ),
            "`jwt.encode` takes the claims as one dict: `jwt.encode({...}, key, algorithm=...)`.",
        ),
        Mistake(
            lambda trial: isinstance(claims_of(trial).get("exp"), int) and lifetime(trial) == 0,
            "The token ends at the moment `now`, when it is made. Add a few minutes: `now + timedelta(minutes=5)`.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, TypeError)
                and "encode() got an unexpected keyword argument 'algorithms'" in str(trial.error)
            ),
            "`jwt.encode` signs with one `algorithm`; the list of `algorithms` belongs to `jwt.decode`.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, TypeError) and "not JSON serializable" in str(trial.error)
            ),
            "The claims become JSON, and one of them is an object that JSON cannot express. A claim is a text, a number, a list or a dict.",
        ),
        Mistake(
            lambda trial: isinstance(claims_of(trial).get("sub"), int),
            "`sub` is a string (RFC 7519 §4.1.2), and this one is a number: `str(user.id)`. PyJWT encodes a number without an error, and rejects the token later, when it is decoded.",
        ),
        Mistake(
            returned(
                lambda value: (
                    isinstance(value, dict) and any(is_token(part) for part in value.values())
                )
            ),
            "This is a dict with the token in it. Return the token itself, a str.",
        ),
        Mistake(
            returned(lambda value: isinstance(value, dict)),
            "This is a dict, and nothing in it is a token. `jwt.encode(claims, key, algorithm=...)` makes the token.",
        ),
        Mistake(
            lambda trial: lifetime(trial) > 1000 * YEAR,
            "`exp` counts seconds since 1970 (RFC 7519 §2). This one is more than a thousand years ahead, as milliseconds would be: the token never ends.",
        ),
        Mistake(
            lambda trial: isinstance(claims_of(trial).get("exp"), str),
            "`exp` is a NumericDate: a number of seconds since 1970, not a text (RFC 7519 §2). Give PyJWT the datetime itself.",
        ),
        Mistake(
            lambda trial: 0 < (claims_of(trial).get("exp") or 0) < YEAR,
            "`exp` is the moment when the token ends, not its lifetime: this one ended in 1970. Add the lifetime to `now`.",
        ),
        Mistake(
            lambda trial: verified(trial) and "exp" not in claims_of(trial),
            "Without `exp` the token never ends, and anyone who finds it can use it. Add `exp`: `now + timedelta(minutes=5)`.",
        ),
        Mistake(
            raised(jwt.InvalidKeyError),
            "PyJWT rejects this key. Sign with the `key` that was given.",
        ),
    ),
    learnt="With `now` as an argument, a token from an hour ago needs one call, and nobody has to wait until it expires.",
)

EXERCISES = (ISSUE_TOKEN,)
QUIZZES = (
    Quiz(
        "encoded",
        "A proxy reads a token on its way to the server. The proxy does not have the key. What can it do?",
        {
            "a": "nothing: the token is encrypted",
            "b": "read every claim, but change none without being detected",
            "c": "read the claims and change them",
        },
        right="b",
        because="base64url is an encoding, not encryption: anyone can read the claims. The signature only lets the server detect changes. Put no secret into a token.",
        reasons={
            "a": "Nothing is encrypted here: the first two parts are JSON in base64url, and anyone can decode them without a key.",
            "c": "It can read the claims and write other ones. But the signature does not fit these, and without the key the proxy cannot make a new one.",
        },
    ),
    Quiz(
        "decode-2016",
        "The article's login handler ends with `jwt_token.decode('utf-8')`. It receives the right e-mail address and password, and today's PyJWT signs the token. What does the client see?",
        {
            "a": "200 and a token",
            "b": "400: Wrong credentials",
            "c": "500: the handler raised",
        },
        right="c",
        because="Today's PyJWT returns a str, and a str has no `decode`, so the handler raises AttributeError. The client did nothing wrong: 500 says that the fault is the server's.",
        reasons={
            "a": "PyJWT 1 returned bytes, and this was true. Today's PyJWT returns a str, which has no method `decode`.",
            "b": "The credentials are right, so the handler goes on to its last line.",
        },
    ),
)
