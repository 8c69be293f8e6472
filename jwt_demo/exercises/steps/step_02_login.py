"""02-login: the handler that takes credentials and gives a token."""

from __future__ import annotations

import json
from typing import Any

import jwt

from ...tokens.claims import in_words
from ..fixtures import Bench
from ..harness import as_handler
from ..matchers import (
    answered,
    aware,
    body_has,
    body_says,
    challenged,
    json_of,
    raised,
    refusal,
    same,
    server_error,
    status,
    unawaited,
)
from ..model import Case, Exercise, From, Mistake, Request, Trial, Want

GIVEN = """
from datetime import datetime, timedelta, timezone

import jwt
from aiohttp import web

from jwt_demo.stages.login import KEY, LIFETIME, USERS, claims_for
from jwt_demo.stages.parts.responses import challenge
"""


def claims_in(trial: Trial) -> dict[str, Any]:
    """The claims of the token in a response, or {} if there is no token that our key verifies."""
    token = token_in(trial)
    try:
        return jwt.decode(
            token,
            trial.bench.key,
            algorithms=["HS256"],
            options={"verify_sub": False, "verify_exp": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, TypeError):
        return {}


def token_in(trial: Trial) -> Any:
    found = json_of(trial)
    return found.get("token") if isinstance(found, dict) else None


def lifetime_in(trial: Trial) -> float:
    exp = claims_in(trial).get("exp", 0)
    return exp - trial.bench.now.timestamp() if isinstance(exp, (int, float)) else 0


def shown(trial: Trial, name: str) -> str:
    """A claim of the token that came back, times as a duration from now."""
    if name not in claims_in(trial):
        return f"a token without {name}"
    return (
        f"exp is {in_words(lifetime_in(trial), now=0)}"
        if name == "exp"
        else f"{name} is {claims_in(trial)[name]!r}"
    )


def of_case(name: str, trial: Trial) -> Trial:
    """The trial of an earlier case."""
    return next(earlier for earlier in trial.earlier if earlier.case and earlier.case.sent == name)


def secrets_in(trial: Trial) -> list[str]:
    """What nobody should send: the password, its hash or the key, in the claims or beside the token."""
    exchange, bench = trial.exchange, trial.bench
    assert exchange is not None
    shown = f"{claims_in(trial)} {exchange.text} {dict(exchange.headers)}"
    hidden = {
        bench.user.password_hash: "the hash of the password",
        bench.password: "the password",
        bench.key: "the key",
    }
    return [name for secret, name in hidden.items() if secret in shown]


def no_store(trial: Trial) -> bool:
    told = trial.headers.get("Cache-Control", "")
    return "no-store" in [directive.strip().lower() for directive in told.split(",")]


def posts(sent: str, **fields: Any) -> tuple[str, Request]:
    """A form with these fields; each value is made of the bench."""
    return f"POST /login  {sent}", Request(
        "POST",
        "/login",
        data=From(lambda bench: {name: make(bench) for name, make in fields.items()}),
    )


SIGNED = "Sign with `request.app[KEY]`, the key of the server, and HS256. A server verifies with its own key, and rejects tokens of any other."
SUBJECT = (
    "`sub` is the user's id as a string (RFC 7519 §4.1.2): `claims_for(user, now=...)` writes it."
)
ENDS = "A stolen token is valid until `exp` (RFC 7519 §4.1.4), so it ends soon: `claims_for` writes five minutes."
MILLISECONDS = "`exp` counts seconds since 1970 (RFC 7519 §2). This one is more than ten years ahead, as milliseconds would be: the token never ends."
POST_NOT_AWAITED = "`request.post()` gives a coroutine: write `await request.post()`."
AUTHENTICATE_NOT_AWAITED = "`authenticate` is a coroutine function: write `await request.app[USERS].authenticate(email, password)`."
ONE_USER = posts(
    "email=<the user's e-mail>  password=<the user's password>",
    email=lambda bench: bench.user.email,
    password=lambda bench: bench.password,
)
OTHER_USER = posts(
    "email=<the administrator's e-mail>  password=<the administrator's password>",
    email=lambda bench: bench.admin.email,
    password=lambda bench: bench.admin_password,
)
WRONG = posts(
    "email=<the user's e-mail>  password=guessed",
    email=lambda bench: bench.user.email,
    password=lambda bench: "guessed",
)
ANOTHERS = posts(
    "email=<the user's e-mail>  password=<the administrator's password>",
    email=lambda bench: bench.user.email,
    password=lambda bench: bench.admin_password,
)
UNKNOWN = posts(
    "email=nobody@email.com  password=<the user's password>",
    email=lambda bench: "nobody@email.com",
    password=lambda bench: bench.password,
)
LOST = posts(
    "email and password, and the user storage does not answer",
    email=lambda bench: f"{bench.lost['KeyError']}@lost.example",
    password=lambda bench: bench.password,
)
NO_PASSWORD = posts(
    "email=<the user's e-mail>  (no password)", email=lambda bench: bench.user.email
)
NO_EMAIL = posts(
    "password=<the user's password>  (no email)", password=lambda bench: bench.password
)
NOTHING = ("POST /login  (an empty form)", Request("POST", "/login", data={}))

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


def token_of(who: str, text: str) -> tuple[Want, ...]:
    """What holds of the response to the right credentials of this user of the bench."""
    return (
        status(200, "These e-mail and password are right, so the response is 200 with a token."),
        body_has(
            'JSON with "token", a string',
            lambda found: isinstance(found, dict) and isinstance(found.get("token"), str),
        ),
        Want(
            "a token signed with request.app[KEY], HS256",
            claims_in,
            lambda trial: "a token that this key does not verify",
            SIGNED,
        ),
        Want(
            f"sub is {text}, as a string",
            lambda trial: same(claims_in(trial).get("sub"), str(getattr(trial.bench, who).id)),
            lambda trial: shown(trial, "sub"),
            SUBJECT,
        ),
        aware(),
        Want(
            "a token that ends within a day: exp",
            lambda trial: 0 < lifetime_in(trial) <= 86400,
            lambda trial: shown(trial, "exp"),
            ENDS,
        ),
        Want(
            "nothing secret in the response",
            lambda trial: not secrets_in(trial),
            lambda trial: f"a response that contains {secrets_in(trial)[0]}",
            "Everybody who has the token can read its claims, and the client can read the rest. Leave out everything secret.",
        ),
        Want(
            "Cache-Control: no-store",
            no_store,
            lambda trial: (
                f"Cache-Control: {trial.headers.get('Cache-Control')}"
                if "Cache-Control" in trial.headers
                else "no Cache-Control header"
            ),
            "Without `Cache-Control: no-store` a cache between server and client may keep the token and send it to somebody else.",
        ),
    )


REFUSED = (
    status(401),
    body_has("no token", lambda found: not isinstance(found, dict) or "token" not in found),
    challenged(
        None,
        "A 401 must have a challenge, which names the scheme: `WWW-Authenticate: Bearer` (RFC 9110 §15.5.2). `challenge(401, …)` writes it.",
    ),
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
    lambda trial: isinstance(trial.error, AttributeError) and "NoneType" in str(trial.error),
    "`authenticate` returned None, and your code went on with it as with a user. Return 401 first.",
)
BAD_REQUEST = Mistake(
    answered(400),
    "400 says that the request was malformed, and it was not: the fields are there and the credentials are wrong, 401.",
)
FORBIDDEN = Mistake(
    answered(403),
    "403 says that the server knows the user and forbids this request. With wrong credentials no user is known: 401.",
)
NOT_FOUND = Mistake(
    answered(404),
    "404 says that something does not exist, and a stranger learns which e-mails have an account. Wrong credentials are 401, whichever of them is wrong.",
)
WRONG_ONES = (A_TOKEN, REPEATED, GONE_ON, BAD_REQUEST, FORBIDDEN, NOT_FOUND)


def lacks(name: str) -> tuple[Mistake, ...]:
    return (
        Mistake(
            raised(KeyError),
            f'A field that is missing raised KeyError, and the response was 500, which blames the server. Look with `.get("{name}")` first, and return 400.',
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, (TypeError, AttributeError))
                and ("NoneType" in str(trial.error) or "None" in str(trial.error))
            ),
            f"`{name}` is missing, and your code went on with None in its place. Look at the fields first, and return 400.",
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
        Case(*UNKNOWN, (*REFUSED, SAME), "An unknown e-mail must get the same response as a wrong password: 401.", mistakes=WRONG_ONES),
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
        Case(
            *LOST,
            (server_error(),),
            "The user storage failed, which is a fault of the server: 500.",
            mistakes=(
                Mistake(
                    answered(401),
                    "The user storage raised an exception, and the response says that the credentials are wrong. Nobody knows that: the fault is in the server. Catch nothing around `authenticate`.",
                ),
            ),
        ),
        Case(
            ONE_USER[0] + ", once more",
            ONE_USER[1],
            token_of("user", "<the user's id>"),
            "After the wrong credentials, the right ones must still get a token.",
        ),
    ),
    learnt="A rejected login does not show which e-mails have an account, and no cache keeps the token of an accepted one.",
)  # fmt: skip

EXERCISES = (LOGIN,)
