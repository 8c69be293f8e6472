"""03-auth-middleware: who is asking, found out before any handler runs."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import jwt

from ..harness import UNAWAITED, as_middleware
from ..matchers import answered, body, challenged, is_async, raised, status
from ..model import Case, Exercise, Mistake, Request, Trial, Want, Wrong, but_with

GIVEN = """
import jwt
from aiohttp import web

from jwt_demo.stages.login import KEY, USERS
from jwt_demo.stages.middleware import PRINCIPAL, bearer_token
"""
SOLUTION = """
@web.middleware
async def auth_middleware(request, handler):
    request[PRINCIPAL] = None
    token = bearer_token(request.headers.get("Authorization", ""))
    if token is None:
        return await handler(request)

    refused = web.json_response({"message": "This token is not valid here"}, status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    try:
        claims = jwt.decode(token, request.app[KEY], algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        return refused
    user = await request.app[USERS].by_id(claims["sub"])
    if user is None:
        return refused

    request[PRINCIPAL] = user
    return await handler(request)
"""
but = functools.partial(but_with, SOLUTION)
REFUSES_NOBODY = """    user = await request.app[USERS].by_id(claims["sub"])
    if user is None:
        return refused
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


def as_user(number: int) -> Want:
    wanted = {
        1: "User id=1: <user@email.com, is_admin=False>",
        2: "User id=2: <admin@email.com, is_admin=True>",
    }[number]
    return body({"user": wanted}, "The handler must find the token's user on the request.")


def refused(sent: str, token: str, means: str, *mistakes: Mistake) -> Case:
    return Case(
        f"GET /get-user  Authorization: Bearer <{sent}>",
        Request("GET", "/get-user", token=token),
        (status(401), challenged("invalid_token", CHALLENGE)),
        means,
        mistakes,
    )


CHALLENGE = 'A refused token is told so in a header that programs read: `WWW-Authenticate: Bearer error="invalid_token"` (RFC 6750 §3).'
GONE = "One family of exceptions is enough for all of them: `except jwt.InvalidTokenError`."
NARROW = f"The `except` is too narrow: PyJWT raised another member of the same family, and it became a 500. {GONE}"
LET_IN = "It was let in. "

AUTH_MIDDLEWARE = Exercise(
    name="03-auth-middleware",
    function="auth_middleware",
    idea="Before any handler runs: a good token brings its user, no token brings nobody, any other token is refused with 401.",
    stub="""
@web.middleware
async def auth_middleware(request, handler):
    # no bearer token: `request[PRINCIPAL] = None`, and `return await handler(request)`
    # a token that is not accepted, for whatever reason: 401, `WWW-Authenticate: Bearer error="invalid_token"`
    # else `request[PRINCIPAL]` is its user, and the handler answers
    ...
""",
    given=GIVEN,
    solution=SOLUTION,
    also_right=(
        """
class Refused(web.HTTPUnauthorized):
    def __init__(self):
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="mine", error="invalid_token", error_description="no"'})


async def whose(request):
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        claims = jwt.PyJWT().decode(token.encode(), request.app[KEY], algorithms=("HS256",), options=dict(require=["exp"]))
        found = await request.app[USERS].by_id(claims.get("sub"))
    except jwt.PyJWTError:
        raise Refused from None
    if not found:
        raise Refused
    return found


@web.middleware
async def auth_middleware(request, handler):
    request["user"] = await whose(request)
    return await handler(request)
""",
    ),
    wrong=(
        Wrong(
            "old style, as in the article",
            """
async def auth_middleware(app, handler):
    async def middleware(request):
        return await handler(request)
    return middleware
""",
            "old form",
        ),
        Wrong("no decorator", but("@web.middleware\n", ""), "`@web.middleware`"),
        Wrong("a plain def", but("async def", "def").replace("await ", ""), "`async def`"),
        Wrong(
            "second parameter not handler",
            but("request, handler):", "request, call_next):").replace(
                "handler(request)", "call_next(request)"
            ),
            "must be named `handler`",
        ),
        Wrong(
            "Bearer left on",
            but(
                'bearer_token(request.headers.get("Authorization", ""))',
                'request.headers.get("Authorization")',
            ),
            "`Bearer ` was still on",
        ),
        Wrong("algorithms left out", but(', algorithms=["HS256"]', ""), "which algorithms"),
        Wrong("algorithms as a string", but('["HS256"]', '"HS256"'), "a list"),
        Wrong(
            "except too narrow, as in the article",
            but(
                "except jwt.InvalidTokenError",
                "except (jwt.DecodeError, jwt.ExpiredSignatureError)",
            ),
            "too narrow",
        ),
        Wrong(
            "only DecodeError",
            but("except jwt.InvalidTokenError", "except jwt.DecodeError"),
            "too narrow",
        ),
        Wrong(
            "except too wide",
            but(
                "    request[PRINCIPAL] = user\n    return await handler(request)\n",
                "    request[PRINCIPAL] = user\n    try:\n        return await handler(request)\n    except Exception:\n        return refused\n",
            ),
            "too much in its `try`",
        ),
        Wrong(
            "signature not verified",
            but('options={"require": ["exp", "sub"]}', 'options={"verify_signature": False}'),
            "nobody checked the signature",
        ),
        Wrong(
            "exp not verified",
            but('options={"require": ["exp", "sub"]}', 'options={"verify_exp": False}'),
            "ended long ago",
        ),
        Wrong(
            "exp not required", but('"require": ["exp", "sub"]', '"require": ["sub"]'), "never ends"
        ),
        Wrong(
            "sub taken for granted",
            but('"require": ["exp", "sub"]', '"require": ["exp"]'),
            "without `sub`",
        ),
        Wrong(
            "user gone, let through",
            but(REFUSES_NOBODY, '    user = await request.app[USERS].by_id(claims["sub"])\n'),
            "is gone",
        ),
        Wrong(
            "sub not verified",
            but(', "sub"]}', '], "verify_sub": False}').replace(
                'by_id(claims["sub"])', 'by_id(str(claims.get("sub")))'
            ),
            "a string",
        ),
        Wrong(
            "audience not looked at",
            but('"require"', '"verify_aud": False, "require"'),
            "for another service",
        ),
        Wrong(
            "any HMAC allowed",
            but('["HS256"]', '["HS256", "HS384", "HS512"]'),
            "this server never signs with",
        ),
        Wrong("400, as in the article", but("status=401", "status=400"), "400 says"),
        Wrong("403", but("status=401", "status=403"), "403 says"),
        Wrong(
            "no challenge",
            but(""", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}""", ""),
            "a header that programs read",
        ),
        Wrong(
            "await forgotten before handler",
            but(
                "    request[PRINCIPAL] = user\n    return await handler",
                "    request[PRINCIPAL] = user\n    return handler",
            ),
            "Is an `await` missing?",
        ),
        Wrong(
            "await forgotten before by_id",
            but("await request.app[USERS]", "request.app[USERS]"),
            "`await request.app[USERS].by_id",
        ),
        Wrong(
            "the handler is called with nothing",
            but(
                "    request[PRINCIPAL] = user\n    return await handler(request)",
                "    request[PRINCIPAL] = user\n    return await handler()",
            ),
            "The handler takes the request",
        ),
        Wrong(
            "return forgotten",
            but(
                "    request[PRINCIPAL] = user\n    return await",
                "    request[PRINCIPAL] = user\n    await",
            ),
            "Is a `return` missing?",
        ),
        Wrong(
            "None is decoded",
            "@web.middleware\nasync def auth_middleware(request, handler):\n    token = bearer_token(request.headers.get('Authorization', ''))\n"
            "    claims = jwt.decode(token, request.app[KEY], algorithms=['HS256'])\n    request[PRINCIPAL] = await request.app[USERS].by_id(claims['sub'])\n"
            "    return await handler(request)",
            "None was decoded",
        ),
        Wrong(
            "an audience is asked for",
            but('options={"require"', 'audience="me", options={"require"'),
            "Look at what PyJWT raised",
        ),
        Wrong(
            "nobody is refused",
            but(
                "if token is None:\n        return await handler(request)",
                'if token is None:\n        return web.json_response({"message": "Log in"}, status=401)',
            ),
            "the decorator's affair",
        ),
        Wrong(
            "the user is not kept",
            but("request[PRINCIPAL] = user", "pass"),
            "find the token's user on the request",
        ),
        Wrong(
            "no header not expected",
            but(
                'bearer_token(request.headers.get("Authorization", ""))',
                'request.headers["Authorization"].removeprefix("Bearer ")',
            ),
            "has no such header",
        ),
    ),
    hints=(
        "Three ways lead through it. No token: the handler answers, for nobody. A token that is not accepted: 401. A good one: the handler answers, for its user.",
        'Ask for what you rely on: `algorithms=["HS256"]`, a list, and `options={"require": ["exp", "sub"]}`. Whatever is wrong with a token is a `jwt.InvalidTokenError`. '
        "After it is decoded one more thing can be amiss: its user is gone.",
        'In order: `token = bearer_token(request.headers.get("Authorization", ""))`; None: `return await handler(request)`; `try` only the `jwt.decode(...)`, `except jwt.InvalidTokenError` → 401; '
        '`user = await request.app[USERS].by_id(claims["sub"])`; None → the same 401; `request[PRINCIPAL] = user`; `return await handler(request)`.',
    ),
    shape=(
        is_async("A middleware is an `async def`: aiohttp awaits it, and it awaits the handler."),
        Want(
            "a middleware of the form (request, handler)",
            lambda trial: is_new_style(trial) or first_parameter(trial) != "app",
            lambda trial: "the old form, (app, handler)",
            "This is the old form, a factory that aiohttp 4 no longer takes. Write `@web.middleware` above `async def auth_middleware(request, handler)`.",
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
                as_user(1),
                Want(
                    "algorithms as a list",
                    is_list,
                    lambda trial: "algorithms as one str",
                    'Give `algorithms` a list, `["HS256"]`. In a str PyJWT looks for a part of it: today "HS256" is found in "not-HS256-really" too.',
                ),
            ),
            "A good token was refused. Look at what PyJWT raised: the key is `request.app[KEY]`, the algorithm HS256, and no more than `exp` and `sub` is asked of it.",
            mistakes=(
                Mistake(
                    lambda trial: any(
                        token.lower().startswith("bearer") for token in tokens_decoded(trial)
                    ),
                    "`Bearer ` was still on the token when it was decoded: `Invalid header padding`. `bearer_token` takes it off.",
                ),
                Mistake(
                    lambda trial: (
                        trial.status == 401
                        and any(algorithms is None for _, algorithms in trial.bench.decodes)
                    ),
                    'Say which algorithms you accept, `algorithms=["HS256"]`. PyJWT refuses to take that from the token, whose header anybody can write.',
                ),
                Mistake(
                    lambda trial: UNAWAITED in (trial.exchange.text if trial.exchange else ""),
                    "The user was never looked up: write `await request.app[USERS].by_id(...)`.",
                ),
            ),
        ),
        Case(
            "GET /get-user  (no Authorization)",
            Request("GET", "/get-user"),
            (status(200), body({"user": "None"})),
            "Without a token the request goes on, for nobody. Who must be logged in is the decorator's affair, in the next step.",
            mistakes=(
                Mistake(
                    lambda trial: isinstance(trial.error, jwt.DecodeError),
                    "There was no token, and None was decoded. Look first: `if token is None: return await handler(request)`.",
                ),
                Mistake(
                    raised(KeyError),
                    'A request without a token has no such header: `request.headers.get("Authorization", "")`.',
                ),
            ),
        ),
        Case(
            "GET /get-user  Authorization: Bearer <good token of user 2>",
            Request("GET", "/get-user", token="admin"),
            (status(200), as_user(2)),
            "This is another user's token.",
        ),
        Case(
            "GET /get-user  Authorization: Basic …",
            Request("GET", "/get-user", headers={"Authorization": "Basic dXNlcjpwYXNz"}),
            (status(200), body({"user": "None"})),
            "Another scheme is no bearer token: the request goes on, for nobody.",
        ),
        refused(
            "tampered token",
            "tampered",
            f"{LET_IN}Its claims were changed, and nobody checked the signature. Decode with the key and `algorithms`, and leave `verify_signature` alone.",
        ),
        refused(
            "not a token", "no token", "What is no token at all is refused like a bad one, 401."
        ),
        refused(
            "token signed with another key",
            "another key",
            f"{LET_IN}Another key signed it, and nobody checked the signature.",
        ),
        refused(
            "token without a signature",
            "unsigned",
            f"{LET_IN}It has no signature at all: `alg` is none. Accept `HS256` and nothing else.",
        ),
        refused(
            "token signed with HS512",
            "HS512",
            f"{LET_IN}It is signed with an algorithm that this server never signs with. One key, one algorithm (RFC 8725 §3.1).",
        ),
        refused(
            "expired token", "expired", f"{LET_IN}It ended long ago. Leave `verify_exp` alone."
        ),
        refused("token that is not valid yet", "not yet", f"{LET_IN}Its `nbf` lies in the future."),
        refused(
            "token for another audience",
            "audience",
            f"{LET_IN}It is for another service: its `aud` names somebody else. Leave `verify_aud` alone.",
        ),
        refused(
            "token with a number as sub",
            "number as sub",
            f"{LET_IN}`sub` is a string (RFC 7519 §4.1.2), and this one is a number. Leave `verify_sub` alone.",
        ),
        refused(
            "token without exp",
            "no exp",
            f'{LET_IN}It never ends. PyJWT looks at `exp` where there is one; that there must be one, you say: `options={{"require": ["exp", "sub"]}}`.',
        ),
        refused(
            "token without sub",
            "no sub",
            f"{LET_IN}It names nobody.",
            Mistake(
                raised(KeyError),
                'A token without `sub` can have a good signature, and `claims["sub"]` raises: a 500. Ask for it, `options={"require": ["exp", "sub"]}`.',
            ),
        ),
        refused(
            "token of a user who is gone",
            "user gone",
            "The token is good, its user is gone: `by_id` gave None, and the request went on for nobody. Answer 401.",
        ),
        refused(
            "token with sub '0'",
            "sub 0",
            "Nobody has the id '0', and the token was accepted all the same.",
        ),
        Case(
            "GET /moved  Authorization: Bearer <good token>",
            Request("GET", "/moved", token="good"),
            (status(410),),
            "The handler's own answer, raised as an exception, must come through.",
            mistakes=(
                Mistake(
                    answered(401),
                    "The handler raised its own answer, 410, and your `except` took it for a bad token: there is too much in its `try`. Only the decoding belongs there.",
                ),
            ),
        ),
        Case(
            "GET /get-user  Authorization: Bearer <good token>, once more",
            Request("GET", "/get-user", token="good"),
            (status(200), as_user(1)),
            "After all the bad ones the good token must still be good.",
        ),
    ),
    mistakes=(
        Mistake(lambda trial: isinstance(trial.error, jwt.InvalidTokenError), NARROW),
        Mistake(
            lambda trial: isinstance(trial.error, TypeError) and "cross()" in str(trial.error),
            "The handler takes the request: `return await handler(request)`.",
        ),
        Mistake(
            lambda trial: wanted_401(trial) and answered(400)(trial),
            "400 says that the request was malformed. It was well formed, its token is not accepted: 401 (RFC 6750 §3.1).",
        ),
        Mistake(
            lambda trial: wanted_401(trial) and answered(403)(trial),
            "403 says: I know you, and you may not. With a bad token nobody is known: 401 (RFC 6750 §3.1).",
        ),
    ),
    learnt="Every bad token got the same answer, whatever was wrong with it, and the good one is still good.",
)


def wanted_401(trial: Trial) -> Any:
    return trial.case is not None and trial.case.wants[0].text == "status 401"


EXERCISES = (AUTH_MIDDLEWARE,)
