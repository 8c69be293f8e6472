"""03-auth-middleware: who is asking, found out before any handler runs."""

from __future__ import annotations

import inspect
import re

import jwt

from ..fixtures import Bench
from ..harness import UNAWAITED, as_middleware
from ..matchers import answered, body, body_from, json_of, raised, status
from ..model import Case, Exercise, Mistake, Request, Trial, Want
from .step_03_bad_tokens import BAD_TOKENS
from .step_03_requests import ADMIN, FAILING, NOBODY, OTHER_REQUESTS, USER, good_token_after

GIVEN = """
import jwt
from aiohttp import web

from jwt_demo import Token
from jwt_demo.stages.login import KEY, USERS
from jwt_demo.stages.middleware import PRINCIPAL, bearer_token, check_times
from jwt_demo.stages.parts.responses import challenge
from jwt_demo.tokens.anatomy import TokenError
"""
SOLUTION = """
@web.middleware
async def auth_middleware(request, handler):
    request[PRINCIPAL] = None
    token = bearer_token(request.headers.get("Authorization", ""))
    if token is None:
        return await handler(request)

    rejected = challenge(401, "This token is not valid here", error="invalid_token")
    try:
        Token.parse(token)
        claims = jwt.decode(token, request.app[KEY], algorithms=["HS256"], options={"require": ["exp", "sub"]})
        check_times(claims)
    except (jwt.InvalidTokenError, TokenError):
        return rejected
    user = await request.app[USERS].by_id(claims["sub"])
    if user is None:
        return rejected

    request[PRINCIPAL] = user
    return await handler(request)
"""


def is_new_style(trial: Trial) -> bool:
    return getattr(trial.candidate, "__middleware_version__", 0) == 1


def first_parameter(trial: Trial) -> str:
    try:
        return next(iter(inspect.signature(trial.candidate).parameters), "")
    except (TypeError, ValueError):
        return ""


def tokens_decoded(trial: Trial) -> list[str]:
    return [
        token.decode("ascii", "replace") if isinstance(token, bytes) else str(token)
        for token, _ in trial.bench.decodes
    ]


def is_list(trial: Trial) -> bool:
    return not any(isinstance(algorithms, str) for _, algorithms in trial.bench.decodes)


NARROW = (
    "This exception says that the token is bad, and your code did not catch it, so the response was 500. "
    "All of these exceptions have one parent: `except jwt.InvalidTokenError`."
)

AUTH_MIDDLEWARE = Exercise(
    name="03-auth-middleware",
    function="auth_middleware",
    idea="Before a handler runs, the middleware finds the user of a good token, sets no user for a request without a token, and rejects every bad token with 401.",
    stub="""
@web.middleware
async def auth_middleware(request, handler):
    # no bearer token: set `request[PRINCIPAL] = None`, `return await handler(request)`
    # a bad token: 401 with `WWW-Authenticate: Bearer error="invalid_token"`
    # a good token: set `request[PRINCIPAL]` to its user, then call the handler
    ...
""",
    given=GIVEN,
    solution=SOLUTION,
    hints=(
        "There are three cases. No token: call the handler, with no user. A token that is not accepted: 401. A good token: call the handler, with its user.",
        'Say what you rely on: `algorithms=["HS256"]`, a list, and `options={"require": ["exp", "sub"]}`. (`VERIFIER` of this step requires them already, `jwt.decode` does not.) PyJWT raises a `jwt.InvalidTokenError` for everything that it finds wrong with a token, `Token.parse` a `TokenError`. '
        "After decoding, one more thing can be wrong: its user does not exist.",
        'In this order: `request[PRINCIPAL] = None`; `token = bearer_token(request.headers.get("Authorization", ""))`; if it is None, `return await handler(request)`; '
        "in a `try` only what looks at the token, `Token.parse(token)`, `VERIFIER.decode(...)` and `check_times(claims)`, `except (jwt.InvalidTokenError, TokenError)` → 401; "
        '`user = await request.app[USERS].by_id(claims["sub"])`; if it is None, the same 401; `request[PRINCIPAL] = user`; `return await handler(request)`.',
    ),
    shape=(
        Want(
            "a middleware of the form (request, handler)",
            lambda trial: is_new_style(trial) or first_parameter(trial) != "app",
            lambda trial: "the old form, (app, handler)",
            "This is the old form, (app, handler), which aiohttp 4 no longer takes. Write `@web.middleware` above `async def auth_middleware(request, handler)`.",
        ),
        Want(
            "a middleware marked with @web.middleware",
            is_new_style,
            lambda trial: "one without the mark",
            "Without `@web.middleware` aiohttp takes it for the old form and calls it with (app, handler).",
        ),
    ),
    mount=as_middleware,
    kind="middleware",
    cases=(
        Case(
            "GET /get-user  Authorization: Bearer <good token>",
            Request("GET", "/get-user", token="good"),
            (
                status(200),
                USER,
                Want(
                    "algorithms as a list",
                    is_list,
                    lambda trial: "algorithms as one str",
                    'Give `algorithms` a list, `["HS256"]`. In a str PyJWT looks for a part of it, so "HS256" is found in "not-HS256" too.',
                ),
                Want(
                    "one call of the handler",
                    lambda trial: len(trial.ran) == 1,
                    lambda trial: f"{len(trial.ran)} calls of the handler",
                    "For one request the handler runs once: it may transfer money. Call it in one place, when it is known who asks.",
                ),
            ),
            "This token is good: its key is `request.app[KEY]`, its algorithm HS256, it has `exp` and `sub`, and its user exists.",
            mistakes=(
                Mistake(
                    lambda trial: any(
                        token.lower().startswith("bearer") for token in tokens_decoded(trial)
                    ),
                    "`Bearer ` was still in front of the token when it was decoded. `bearer_token` returns the token alone.",
                ),
                Mistake(
                    lambda trial: trial.status == 401 and not trial.bench.decodes,
                    "The response is 401, and PyJWT was not given this token. Is `Bearer ` still in front of it? `bearer_token` returns the token alone.",
                ),
                Mistake(
                    lambda trial: (
                        trial.status in (401, 500)
                        and any(algorithms is None for _, algorithms in trial.bench.decodes)
                    ),
                    'PyJWT was given no `algorithms`, and it does not take them from the token, whose header anybody can write: `algorithms=["HS256"]`.',
                ),
                Mistake(
                    lambda trial: UNAWAITED in trial.text,
                    "On the request there is a coroutine in place of the user. Put `await` before the call that made it, as in `await request.app[USERS].by_id(...)`.",
                ),
            ),
        ),
        Case(
            "GET /get-user  (no Authorization)",
            Request("GET", "/get-user"),
            (status(200), NOBODY),
            "Without a token the request goes on to the handler, with no user. Whether a handler needs a user is decided in the next step.",
            mistakes=(
                Mistake(
                    lambda trial: isinstance(trial.error, jwt.DecodeError),
                    "There was no token, and your code decoded all the same. Look first: `if token is None: return await handler(request)`.",
                ),
                Mistake(
                    lambda trial: (
                        isinstance(trial.error, KeyError)
                        and "authorization" in str(trial.error).lower()
                    ),
                    'A request without a token has no such header: `request.headers.get("Authorization", "")`.',
                ),
            ),
        ),
        Case(
            "GET /principal, whose handler looks at request[PRINCIPAL]  (no Authorization)",
            Request("GET", "/principal"),
            (status(200), body({"principal": "None"})),
            "Without a token, `request[PRINCIPAL]` must be None.",
            mistakes=(
                Mistake(
                    lambda trial: json_of(trial) == {"principal": "not set"},
                    "Without a token, nothing was set under PRINCIPAL, and a handler that reads `request[PRINCIPAL]` raises KeyError. Set it to None first.",
                ),
            ),
        ),
        Case(
            "GET /get-user  Authorization: Bearer <good token of the administrator>",
            Request("GET", "/get-user", token="admin"),
            (status(200), ADMIN),
            "This is another user's token.",
        ),
        Case(
            "GET /principal  Authorization: Bearer <good token>",
            Request("GET", "/principal", token="good"),
            (
                status(200),
                body_from(
                    'the JSON {"principal": "<the user>"}',
                    lambda bench: {"principal": str(bench.user)},
                ),
            ),
            "The user of the token must be in `request[PRINCIPAL]`, where decorators and handlers look.",
        ),
        Case(
            "GET /get-user  authorization: bearer <good token>, the scheme in small letters",
            Request(
                "GET",
                "/get-user",
                headers={"authorization": good_token_after("bearer")},
            ),
            (status(200), USER),
            "A scheme is the same in any case of letters (RFC 9110 §11.1). `bearer_token` knows that.",
            mistakes=(
                Mistake(
                    lambda trial: json_of(trial) == {"user": "None"},
                    "The handler ran with no user. Name of the header and scheme are the same in any case of letters (RFC 9110 §5.1, §11.1): `request.headers` and `bearer_token` know that.",
                ),
            ),
        ),
        *(
            Case(
                f"GET /get-user  Authorization: {scheme} …",
                Request(
                    "GET",
                    "/get-user",
                    headers={"Authorization": good_token_after(scheme)},
                ),
                (status(200), NOBODY),
                "Another scheme is no bearer token: the request goes on to the handler, with no user.",
                mistakes=(
                    Mistake(
                        raised(jwt.InvalidTokenError),
                        "This is another scheme than Bearer, and your code decoded what came with it. "
                        "`bearer_token` returns None here, and the request goes on to the handler.",
                    ),
                ),
            )
            for scheme in ("Basic", "Bearerish", "NotBearer")
        ),
        *BAD_TOKENS,
        Case(
            "GET /moved, whose handler raises HTTPGone  Authorization: Bearer <good token>",
            Request("GET", "/moved", token="good"),
            (status(410),),
            "The handler raises its response, 410, and that one must reach the client.",
            mistakes=(
                Mistake(
                    lambda trial: answered(401)(trial) and trial.ran,
                    "The handler raised its own response, 410, and your code caught it as if the token were bad. Keep the call of the handler out of the `try`.",
                ),
            ),
        ),
        *FAILING,
        *OTHER_REQUESTS,
    ),
    bench=Bench.make,
    mistakes=(
        Mistake(
            lambda trial: wanted_401(trial) and isinstance(trial.error, jwt.InvalidTokenError),
            NARROW,
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, TypeError)
                and not trial.ran
                and re.search(r"\b(get_user|cross)\(\) missing 1 required", str(trial.error))
            ),
            "The handler takes one argument, the request: `return await handler(request)`.",
        ),
        Mistake(
            lambda trial: wanted_401(trial) and answered(400)(trial),
            "400 says that the request is malformed. It is well formed, and its token is not accepted: 401 (RFC 6750 §3.1).",
        ),
        Mistake(
            lambda trial: wanted_401(trial) and answered(403)(trial),
            "403 says that the server knows the user and forbids this request. With a bad token no user is known: 401 (RFC 6750 §3.1).",
        ),
    ),
    learnt="Every bad token got the same response, whatever was wrong with it, and the good one is still accepted.",
)


def wanted_401(trial: Trial) -> bool:
    return trial.is_about("status 401")


EXERCISES = (AUTH_MIDDLEWARE,)
