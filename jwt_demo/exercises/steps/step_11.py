"""11: one response for every failure; quizzes on a user who is gone and a key that is shared."""

from __future__ import annotations

from typing import Any

import jwt

from ..matchers import same
from ..model import Case, Condition, Exercise, Mistake, Quiz, Trial, Want
from ..symbols import Symbol, Symbols, given, gives_back, random_text, shown

ANSWER = """
def answer_for(error):
    bare = 'Bearer realm="api"'
    if error is None:
        return 401, bare
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return 401, bare + ', error="invalid_token"'
    if isinstance(error, ConnectionError):
        return 503, None
    return 500, None
"""


class NotYours(jwt.InvalidTokenError):
    """An exception as somebody may add one to PyJWT's."""

    __module__ = "shop.errors"


class UserGone(LookupError):
    """An exception as somebody may add one to Python's."""


def error_of(kind: type[Exception]) -> Symbol:
    """An error with words that are drawn, so that they can be found again in what comes back."""
    words = Symbol(f"<the words of {kind.__name__}>", lambda bench: random_text())
    return Symbol(kind.__name__, lambda bench: kind(words.made(bench)))


def parts(trial: Trial) -> tuple[Any, Any]:
    """Status and challenge; (None, None) where something else came back."""
    value = trial.value
    if isinstance(value, tuple | list) and len(value) == 2:
        return value[0], value[1]
    return None, None


def is_answer(status: int, code: str | None) -> Condition:
    def holds(trial: Trial) -> bool:
        found, header = parts(trial)
        if not same(found, status) or not isinstance(header, str):
            return False
        from ...probes.www_authenticate import bearer_challenge  # probes are slow to import

        challenge = bearer_challenge([header])
        return challenge is not None and challenge.get("error") == code

    return holds


def tells(trial: Trial) -> bool:
    """The error's words stand in what came back, or a good part of them, or the name of its class."""
    said, error = str(parts(trial)[1]).lower(), trial.args[0]
    words = str(error.args[0]).lower() if error.args else ""
    return bool(words and words[:6] in said) or type(error).__name__.lower() in said


def has_status(*statuses: int) -> Condition:
    return lambda trial: parts(trial)[0] in statuses


def text_status(trial: Trial) -> bool:
    found, _ = parts(trial)
    return isinstance(found, str) and found.strip()[:3].isdigit()


def turned_round(trial: Trial) -> bool:
    found, header = parts(trial)
    return isinstance(header, int) and (found is None or isinstance(found, str))


def no_pair(trial: Trial) -> bool:
    return trial.error is None and parts(trial) == (None, None)


def as_before(trial: Trial) -> bool:
    """The response is the one that the first bad token got."""
    return same(trial.value, trial.earlier[1].value)


def rejection(kind: type[Exception], what: str, means: str = "") -> Case:
    """A bad token: 401 invalid_token, the same for each, and none of the library's words."""
    wants = [Want(WANTED, is_answer(401, "invalid_token"), shown)]
    if kind is not jwt.ExpiredSignatureError:
        wants.append(Want("the response that an expired token got", as_before, shown, DIFFERS))
    else:
        wants.append(Want(f"{WANTED} and none of the error's words", lambda t: not tells(t), shown))
    return Case(
        f"answer_for({kind.__name__}): {what}",
        given(error_of(kind)),
        tuple(wants),
        means or REJECTED,
        mistakes=(
            Mistake(tells, LEAKS),
            Mistake(
                has_status(422, 400, 403),
                "A client that knows the standard fetches a new token when it gets 401 with invalid_token. With another status it does not know what to do.",
            ),
        ),
    )


def answer(kind: type[Exception], what: str, status: int, means: str) -> Case:
    return Case(
        f"answer_for({kind.__name__}): {what}",
        given(error_of(kind)),
        (gives_back((status, None)),),
        means,
        mistakes=(Mistake(tells, LEAKS), *((NO_USERS_FAULT, NOT_AWAY) if status == 500 else ())),
    )


WANTED = "(401, 'Bearer …, error=\"invalid_token\"')"
LEAKS = "The response contains the error's own text, or its name. These are for your log. The client, who may be an attacker, gets only the error code."
DIFFERS = "This response differs from the one that an expired token got. All bad tokens must get the same response. Otherwise an attacker learns what is wrong with a token."
REJECTED = 'A bad token gets 401 with error="invalid_token" (RFC 6750 §3.1), whatever is wrong with it. All errors of PyJWT are subclasses of `jwt.PyJWTError`.'
GONE_USER = "The user does not exist any more, so the token is bad and gets the response of every bad token. Every LookupError means this, also one of a subclass."
ANY_PYJWT = "This is a subclass of `jwt.PyJWTError`, as all errors of PyJWT are. One `isinstance` covers them."
AWAY = "This is a ConnectionError, or one of a subclass. The token may be good, but nobody can check it now. 503 says: try later (step 7). There is no challenge: the client's credentials are not the problem."
OURS = "This is none of the errors that the task names, so the fault is in the server: 500, without a challenge."
NO_USERS_FAULT = Mistake(
    has_status(401),
    f"{OURS} With 401 nobody would find the fault: users would log in again and again, and no log would show an error.",
)
NOT_AWAY = Mistake(
    has_status(503), f"{OURS} 503 is for a ConnectionError alone, which this is not."
)

ANSWER_FOR = Exercise(
    name="11-answer-for",
    function="answer_for",
    idea="A client needs to know what to do next, and no more. So every bad token gets the same response.",
    stub="""
def answer_for(error):
    # return (status, challenge) for: no token (None), a bad token (any jwt.PyJWTError),
    # a user who is gone (LookupError), no connection to the list of revoked tokens
    # (ConnectionError), and any other error
    ...
""",
    given="import jwt\n",
    solution=ANSWER,
    bench=Symbols.make,
    hints=(
        "Ask for each case what the client should do next: log in, fetch a new token, try later, or nothing.",
        "`jwt.PyJWTError` is the base of all that PyJWT raises: `isinstance(error, jwt.PyJWTError)` is true for an expired token, a forged token and a token for another service.",
        "Four responses: `(401, 'Bearer realm=\"api\"')`, `(401, 'Bearer realm=\"api\", error=\"invalid_token\"')`, `(503, None)` and `(500, None)`.",
    ),
    cases=(
        Case(
            "answer_for(None): the request had no token",
            given(None),
            (Want("(401, 'Bearer …') without an error code", is_answer(401, None), shown),),
            "No token was sent, so none was wrong: 401 and a challenge that names the scheme only (RFC 6750 §3.1).",
        ),
        rejection(jwt.ExpiredSignatureError, "it has expired"),
        rejection(jwt.DecodeError, "it can't be read"),
        rejection(jwt.InvalidAudienceError, "it is for another service"),
        rejection(jwt.InvalidKeyError, "its algorithm does not fit the key", ANY_PYJWT),
        rejection(jwt.PyJWKError, "its key can't be used", ANY_PYJWT),
        rejection(NotYours, "a rejection that somebody added", ANY_PYJWT),
        *(
            rejection(kind, "its user is gone", GONE_USER)
            for kind in (KeyError, IndexError, LookupError, UserGone)
        ),
        *(
            answer(kind, "no connection to the list of revoked tokens", 503, AWAY)
            for kind in (ConnectionRefusedError, ConnectionResetError, ConnectionError)
        ),
        *(
            answer(kind, "anything else", 500, OURS)
            for kind in (ZeroDivisionError, ValueError, TypeError, AttributeError, RuntimeError)
        ),
        answer(FileNotFoundError, "a file is missing", 500, OURS),
        answer(Exception, "anything else", 500, OURS),
    ),
    mistakes=(
        Mistake(text_status, "Your function returned the status as a text. A status is a number, such as 401, without quotation marks."),
        Mistake(turned_round, "The two values are in the other order. Return the status first, and then the challenge."),
        Mistake(no_pair, "Return two things, a status and a challenge, such as `(401, \"Bearer\")`."),
    ),
    learnt="Four responses for four things that a client can do next. The reason goes to your log.",
)  # fmt: skip


GONE = Quiz(
    "gone",
    "A user logs in to the Flask service above. Then the account is deleted. The token is valid for ten more minutes. What does GET /get-user return?",
    {
        "a": "401: the user does not exist",
        "b": "500: the user can't be found",
        "c": "200, with the e-mail address of the user",
    },
    right="c",
    because="`jwt_required` checks only the token, and `get_jwt_identity` reads one of its claims. The service does not look up the user.",
    reasons={
        "a": "For that, the service would have to look up the user. You can set this with `user_lookup_loader`.",
        "b": "The service does not look up the user, so this cannot fail.",
    },
)

SHARED = Quiz(
    "shared-key",
    "Two services check tokens with the same HS256 key, and each requires its own audience. An attacker takes over one of them. What about the other?",
    {
        "a": "safe: a token for the first service does not name the second",
        "b": "not safe: anyone with the key can create tokens for any audience",
        "c": "safe as soon as the stolen tokens have expired",
    },
    right="b",
    because="With HS256 everybody who can verify can also sign. `aud` limits where a token is accepted, but an attacker with the key can create a token with another `aud`. A key pair prevents that (step 9).",
    reasons={
        "a": "That is true for tokens that were issued. But the key is on the first service, and it can create new tokens for the second.",
        "c": "The attacker also has the key, and can create new tokens with it.",
    },
)

EXERCISES = (ANSWER_FOR,)
QUIZZES = (GONE, SHARED)
