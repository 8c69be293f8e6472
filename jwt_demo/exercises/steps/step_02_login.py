"""02-login: the handler that takes credentials and gives a token."""

from __future__ import annotations

import inspect
import json
from datetime import datetime

from ..fixtures import Bench
from ..harness import as_handler
from ..matchers import answered, body_says, refusal, status, unawaited
from ..messages import answer
from ..model import Case, Exercise, Mistake, Trial, Want
from .step_02_requests import OTHER_REQUESTS
from .step_02_wants import (
    ANOTHERS,
    AUTHENTICATE_NOT_AWAITED,
    MILLISECONDS,
    NO_EMAIL,
    NO_PASSWORD,
    NOTHING,
    ONE_USER,
    OTHER_USER,
    POST_NOT_AWAITED,
    REFUSED,
    UNKNOWN,
    WRONG,
    claims_in,
    lifetime_in,
    of_case,
    token_of,
)

GIVEN = """
from datetime import datetime, timedelta, timezone

import jwt
from aiohttp import web

from jwt_demo.stages.login import KEY, LIFETIME, USERS, claims_for
from jwt_demo.stages.parts.responses import challenge
"""


def moments_kept(trial: Trial) -> list[str]:
    """The parameters whose default is a moment of now, computed when the `def` ran."""
    try:
        parameters = inspect.signature(trial.candidate).parameters.values()
    except (TypeError, ValueError):
        return []
    now = trial.bench.now.timestamp()
    return [parameter.name for parameter in parameters if is_near(parameter.default, now)]


def is_near(value: object, now: float) -> bool:
    if isinstance(value, datetime):
        value = value.timestamp()
    return isinstance(value, (int, float)) and abs(value - now) < 86400


FIELDS = """\
    for name in ("email", "password"):
        if not fields.get(name):
            return web.json_response({"message": f"The field {name} is missing"}, status=400)

"""
LOGIN_SOLUTION = (
    """
async def login(request):
    fields = await request.post()
"""
    + FIELDS
    + """\
    user = await request.app[USERS].authenticate(fields["email"], fields["password"])
    if user is None:
        return challenge(401, "Wrong e-mail or password")

    claims = claims_for(user, now=datetime.now(timezone.utc))
    token = jwt.encode(claims, request.app[KEY], algorithm="HS256")
    return web.json_response({"token": token}, headers={"Cache-Control": "no-store"})
"""
)


ASKED = Want(
    "`authenticate` was asked for this e-mail too",
    lambda trial: "nobody@email.com" in trial.bench.users.authenticated,
    lambda trial: f"{answer(trial.exchange)}, without a call of `authenticate`",
    "The response is the same, and `authenticate` was not called with this e-mail. Without this call, "
    "the response to an unknown e-mail comes sooner, and a stranger learns which e-mails have an account. Call `authenticate` for every e-mail.",
)
SAME = Want(
    "the same response as for a wrong password",
    lambda trial: refusal(trial) == refusal(of_case(WRONG[0], trial)),
    None,
    "For a wrong password the response was different. From the difference a stranger learns which e-mails have an account.",
)
REPEATED = Mistake(
    lambda trial: trial.exchange is not None and trial.bench.admin_password in trial.exchange.text,
    "The response repeats the password that was sent. It may be right for another account, and responses stay in logs. Use one fixed sentence.",
)
A_TOKEN = Mistake(
    answered(200),
    "These credentials are wrong, and the response is 200. `authenticate` returns None for them: look at its result before anything else.",
)
GONE_ON = Mistake(
    lambda trial: (
        isinstance(trial.error, AttributeError)
        and any(
            f"'NoneType' object has no attribute '{name}'" in str(trial.error)
            for name in ("id", "email", "is_admin", "scopes")
        )
    ),
    "`authenticate` returned None, and your code used this None as a user. Return 401 first.",
)
BAD_REQUEST = Mistake(
    answered(400),
    "400 says that the request was malformed. The fields are there, and only the credentials are wrong: 401.",
)
FORBIDDEN = Mistake(
    answered(403),
    "403 says that the server knows the user and forbids this request. With wrong credentials no user is known: 401.",
)
NOT_FOUND = Mistake(
    answered(404),
    "404 says that something does not exist, and a response must not tell which e-mails have an account. Wrong credentials are 401, whichever of them is wrong.",
)
WRONG_ONES = (A_TOKEN, REPEATED, GONE_ON, BAD_REQUEST, FORBIDDEN, NOT_FOUND)


def lacks(name: str) -> tuple[Mistake, ...]:
    return (
        Mistake(
            lambda trial: (
                isinstance(trial.error, KeyError)
                and any(field in str(trial.error) for field in ("email", "password"))
            ),
            "A field that is missing raised KeyError, and the response was 500, which blames the server. Look with `.get(...)` first, and return 400.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, (TypeError, AttributeError))
                and ("NoneType" in str(trial.error) or "None" in str(trial.error))
            ),
            f"`{name}` is missing, and your code used None in its place. Look at the fields first, and return 400.",
        ),
        Mistake(
            answered(401),
            "401 says that credentials are wrong. Here a field is missing: 400, and the response names it.",
        ),
    )


LOGIN = Exercise(
    name="02-login",
    function="login",
    idea="Right credentials get a token, and wrong ones get a response that does not show whether the e-mail address exists.",
    stub="""
async def login(request):
    # 1. read email and password from `await request.post()`
    #    one is missing: 400, and the message names it
    # 2. `await request.app[USERS].authenticate(email, password)`
    #    returns the user, or None; for None, `return challenge(401, ...)`
    # 3. sign the user's claims with `request.app[KEY]`
    # 4. return {"token": ...} with `Cache-Control: no-store`
    ...
""",
    given=GIVEN,
    solution=LOGIN_SOLUTION,
    hints=(
        "Three things can go wrong before there is a user: no e-mail, no password, wrong credentials. "
        "Return a response for each of them first, and let the token come last.",
        "Read the form once with `await request.post()`; `.get(name)` gives None where a field is missing, `[name]` raises KeyError, which becomes a 500. "
        "An unknown e-mail and a wrong password are one case: `authenticate` returns None for both.",
        'For name in ("email", "password"): if it is missing, return `web.json_response({"message": f"The field {name} is missing"}, status=400)`. '
        'If the user is None, return `challenge(401, "Wrong e-mail or password")`. '
        'Then `jwt.encode(claims_for(user, now=datetime.now(timezone.utc)), request.app[KEY], algorithm="HS256")`, '
        'and `web.json_response({"token": token}, headers={"Cache-Control": "no-store"})`.',
    ),
    shape=(
        Want(
            "no moment that was computed when the `def` ran",
            lambda trial: not moments_kept(trial),
            lambda trial: f"the default of `{moments_kept(trial)[0]}`",
            "Python computes the default of a parameter once, when the `def` runs. A token that counts its minutes from then is expired already when the server has run for a few minutes. "
            "Call `datetime.now(timezone.utc)` in the function.",
        ),
    ),
    mount=as_handler("POST", "/login"),
    bench=Bench.make,
    kind="handler",
    cases=(
        Case(
            *ONE_USER,
            token_of("user", "<the user's id>"),
            'The client looks for its token under the name "token" in a JSON object.',
            mistakes=(
                Mistake(lambda trial: "post" in unawaited(trial), POST_NOT_AWAITED),
                Mistake(
                    lambda trial: isinstance(trial.error, json.JSONDecodeError),
                    "The body is a form, not JSON: read it with `await request.post()`.",
                ),
                Mistake(
                    lambda trial: "'Request' object has no attribute" in str(trial.error),
                    "aiohttp's request has no such attribute. A form is read with `await request.post()`.",
                ),
                Mistake(lambda trial: "authenticate" in unawaited(trial), AUTHENTICATE_NOT_AWAITED),
                Mistake(
                    lambda trial: answered(200)(trial) and 0 < lifetime_in(trial) < 60,
                    "The token ends less than a minute after the login, and its user would have to log in again: `claims_for` writes five minutes.",
                ),
                Mistake(
                    lambda trial: answered(200)(trial) and lifetime_in(trial) > 10 * 365 * 86400,
                    MILLISECONDS,
                ),
            ),
        ),
        Case(
            *OTHER_USER,
            token_of("admin", "<the administrator's id>"),
            "This is another user, with other credentials.",
            mistakes=(
                Mistake(
                    answered(401),
                    "These credentials are right too. This password has spaces in it, one of them at its end, and all of them belong to it.",
                ),
                Mistake(
                    lambda trial: claims_in(trial).get("sub") == trial.bench.sub,
                    "Another user logged in, and the token is about the first one: `sub` must come from the user that `authenticate` returned.",
                ),
            ),
        ),
        Case(*WRONG, REFUSED, "A wrong password is 401: the request is well formed, and the credentials in it are not accepted (RFC 9110 §15.5.2).", mistakes=WRONG_ONES),
        Case(*ANOTHERS, (*REFUSED, SAME), "This password is another user's: 401.", mistakes=WRONG_ONES),
        Case(*UNKNOWN, (*REFUSED, SAME, ASKED), "An unknown e-mail must get the same response as a wrong password: 401.", mistakes=WRONG_ONES),
        Case(
            *NO_PASSWORD,
            (status(400), body_says("password", "Name the field that is missing in the body, so that the author of the client finds the mistake.")),
            "Without a password the request is malformed: 400, and the response names the field.",
            mistakes=lacks("password"),
        ),
        Case(
            *NO_EMAIL,
            (
                status(400),
                body_says("email", "Name the field that is missing in the body; here it is `email`."),
                Want(
                    "another response than without a password",
                    lambda trial: refusal(trial) != refusal(of_case(NO_PASSWORD[0], trial)),
                    None,
                    "The response is the same as without a password, so it does not say which field is missing.",
                ),
            ),
            "Each of the fields can be missing: 400, and the response names the one that is.",
            mistakes=lacks("email"),
        ),
        Case(*NOTHING, (status(400),), "Both fields are missing: 400.", mistakes=lacks("email")),
        *OTHER_REQUESTS,
    ),
    learnt="A rejected login does not show which e-mails have an account, and no cache keeps the token of an accepted one.",
)  # fmt: skip

EXERCISES = (LOGIN,)
