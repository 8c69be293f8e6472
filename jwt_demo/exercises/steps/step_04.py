"""04-login-required and the quizzes of 04_decorator; what 04-require-scope has in common with it."""

from __future__ import annotations

from ..fixtures import Bench
from ..harness import as_decorator
from ..matchers import answered, challenged, status
from ..model import Case, Exercise, From, Mistake, Quiz, Request, Want
from .step_04_requests import (
    CAUGHT,
    another_handler,
    handler_fails,
    in_another_application,
    two_at_once,
    with_each_method,
)
from .step_04_wants import (
    ADMIN,
    ANOTHER_RAN,
    ATTRIBUTE,
    CALLED,
    DID_NOT_RUN,
    GIVEN,
    HANDED_THROUGH,
    KEPT,
    NO_CODE,
    NO_RESPONSE,
    NOT_AWAITED,
    NOT_RETURNED,
    RAN_ONCE,
    WHO,
    did_not_run,
    served,
)


def no_user(sent: str, request: Request, *mistakes: Mistake) -> Case:
    return Case(
        sent,
        request,
        (status(401), challenged(None, NO_CODE), DID_NOT_RUN),
        "Nobody is logged in: 401.",
        (
            Mistake(
                lambda trial: answered(200)(trial) and did_not_run(trial),
                "Nobody is logged in, and the response says 200, although the handler did not run: 401.",
            ),
            *mistakes,
            Mistake(
                answered(200),
                "Nobody is logged in, and the handler ran. Look at `request[PRINCIPAL]` first.",
            ),
            Mistake(
                answered(403),
                "403 says that the server knows the user and forbids this request. Here no user is known: 401.",
            ),
            Mistake(
                answered(400),
                "400 says that the request is malformed. This request is well formed, and no user is logged in: 401.",
            ),
            Mistake(
                answered(301, 302, 303, 307),
                "This is a redirect, for people with a browser. A program that sends tokens understands 401.",
            ),
        ),
    )


ANOTHER_SCHEME = Mistake(
    served,
    "Without `Authorization` the same request got 401. The header has another scheme here, so the middleware found no user, and the handler ran. "
    "Decide by `request[PRINCIPAL]` alone: it is None in both cases.",
)


def by_cookie(path: str, token: str, want: Want) -> Case:
    """The middleware of this application finds a token in a cookie too."""
    cookie = From(lambda bench: f"token={bench.token(token)}")
    return Case(
        f"GET {path}  Cookie: token=<good token>, where the middleware looks into the cookie too",
        Request("GET", path, headers={"Cookie": cookie}),
        (status(200), want),
        "The middleware found this user and set `request[PRINCIPAL]`. Where the token was does not matter.",
    )


BY_COOKIE = by_cookie("/get-user", "good", WHO)


def in_session(path: str, kept: str) -> tuple[str, Request]:
    """A request without a token, for which the middleware keeps a user or claims."""
    left = {
        "user": "a session has the user, and request[CLAIMS] is {}",
        "claims": "a session has claims, and request[PRINCIPAL] is None",
    }[kept]
    return (
        f"GET {path}  (no Authorization), where {left}",
        Request("GET", path, headers={"Cookie": f"session={kept}"}),
    )


NO_CLAIMS = Case(
    *in_session("/get-user", "user"),
    (status(200), WHO),
    "`request[PRINCIPAL]` is a user, who is logged in without a token: there are no claims, and the handler returns its response.",
    (
        Mistake(
            answered(401, 403),
            "`request[PRINCIPAL]` is a user, and the response rejects the request. This user has no token, so `request[CLAIMS]` is empty: only `request[PRINCIPAL]` says whether there is a user.",
        ),
    ),
)
LOGIN_SOLUTION = """
def login_required(handler):
    @functools.wraps(handler)
    async def wrapper(request):
        if request[PRINCIPAL] is None:
            return challenge(401, "Log in first")
        return await handler(request)

    return wrapper
"""


LOGIN_REQUIRED = Exercise(
    name="04-login-required",
    function="login_required",
    idea="A handler can say that it needs a user. A request without a user gets 401, and the challenge names the scheme to use.",
    stub="""
def login_required(func):
    def wrapper(request):
        if not request[PRINCIPAL]:
            return web.json_response({"message": "Auth required"}, status=401)
        return func(request)
    return wrapper
""",
    given=GIVEN,
    solution=LOGIN_SOLUTION,
    hints=(
        "The article's wrapper lacks three things: one for aiohttp, one for the logs, one for the client.",
        "aiohttp awaits handlers: `async def wrapper(request)`. Logs want the handler's own name: `@functools.wraps(func)`. Clients want the header `WWW-Authenticate: Bearer` with a 401.",
        'In `async def wrapper(request)`: `if request[PRINCIPAL] is None: return web.json_response({...}, status=401, headers={"WWW-Authenticate": "Bearer"})` or `return challenge(401, "Log in first")`, then `return await func(request)`.',
    ),
    mount=as_decorator(("/get-user", ()), ("/other", ())),
    kind="decorator",
    cases=(
        Case(
            "GET /get-user  Authorization: Bearer <good token>",
            Request("GET", "/get-user", token="good"),
            (status(200), WHO, HANDED_THROUGH, RAN_ONCE, KEPT),
            "This user is logged in, so the handler returns its response.",
            mistakes=(
                Mistake(
                    answered(401, 403),
                    "This user is logged in, and the response rejects the request. Reject only where `request[PRINCIPAL]` is None.",
                ),
            ),
        ),
        no_user("GET /get-user  (no Authorization)", Request("GET", "/get-user")),
        no_user(
            "GET /get-user  Authorization: Basic …",
            Request("GET", "/get-user", headers={"Authorization": "Basic dXNlcjpwYXNz"}),
            ANOTHER_SCHEME,
        ),
        no_user(
            "GET /get-user  Authorization: Bearerish …",
            Request("GET", "/get-user", headers={"Authorization": "Bearerish dXNlcjpwYXNz"}),
            ANOTHER_SCHEME,
        ),
        BY_COOKIE,
        Case(
            "GET /get-user  Authorization: Bearer <good token of the administrator, without scope>",
            Request("GET", "/get-user", token="no scope"),
            (status(200), ADMIN),
            "This token has no scope, and its user is logged in: no right is asked for here.",
        ),
        NO_CLAIMS,
        no_user(
            *in_session("/get-user", "claims"),
            Mistake(
                served,
                "There are claims and no user: `request[PRINCIPAL]` is None, and the handler ran. Only `request[PRINCIPAL]` says whether there is a user.",
            ),
        ),
        Case(
            "GET /get-user  Authorization: Bearer <good token of the administrator>",
            Request("GET", "/get-user", token="admin"),
            (status(200), ADMIN, HANDED_THROUGH),
            "This is another user, who is logged in too: the handler returns its response.",
        ),
        Case(
            "GET /get-user?raise=yes, whose handler raises HTTPGone  Authorization: Bearer <good token>",
            Request("GET", "/get-user?raise=yes", token="good"),
            (status(410),),
            "The handler raises its response, 410, and that one must reach the client.",
            (CAUGHT,),
        ),
        *handler_fails("/get-user"),
        *with_each_method("/get-user"),
        *another_handler("/other", first="/get-user"),
        *two_at_once("/get-user", "/other"),
        *in_another_application("/get-user"),
    ),
    bench=Bench.make,
    mistakes=(ANOTHER_RAN, NOT_AWAITED, NOT_RETURNED, NO_RESPONSE, CALLED, ATTRIBUTE),
    learnt="A 401 with a challenge and no error code tells the client to send a token. An error code would say that a token was rejected.",
)

EXERCISES = (LOGIN_REQUIRED,)
QUIZZES = (
    Quiz(
        "which-status",
        "The token is good and the user is known, but is not an administrator. The handler is for administrators only. Which status?",
        {"a": "400", "b": "401", "c": "403"},
        right="c",
        because='The user is known and lacks the permission: 403, with `error="insufficient_scope"`. A new login would not help.',
        reasons={
            "a": "400 says that the request was malformed. Nothing is wrong with its form.",
            "b": "401 asks who you are. The client would log in again, and get the same permissions and the same 401.",
        },
    ),
    Quiz(
        "challenge-without-token",
        "A request has no token, and the handler needs a user. What is in `WWW-Authenticate`?",
        {
            "a": 'Bearer error="invalid_token"',
            "b": "Bearer, with no error code",
            "c": "nothing: the header is for browsers",
        },
        right="b",
        because="The challenge names the scheme to use. An error code is about a token that was sent, and none was (RFC 6750 §3.1).",
        reasons={
            "a": "`invalid_token` is about a token that was sent and rejected. None was sent.",
            "c": "A 401 must have it (RFC 9110 §15.5.2), and programs read it: it says that a bearer token is wanted.",
        },
    ),
)
