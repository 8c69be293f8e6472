"""04-login-required and the quizzes of 04_decorator; what 04-require-scope has in common with it."""

from __future__ import annotations

from ...escaping import plain
from ..fixtures import Bench
from ..harness import as_decorator
from ..matchers import answered, body_from, challenged, status
from ..model import Case, Exercise, From, Mistake, Quiz, Request, Trial, Want

GIVEN = """
import functools

from aiohttp import web

from jwt_demo.stages.parts.responses import challenge
from jwt_demo.stages.decorator import granted
from jwt_demo.stages.middleware import CLAIMS, PRINCIPAL
"""


def did_not_run(trial: Trial) -> bool:
    return not trial.ran


def own_path(trial: Trial) -> str:
    """The path of the request, by which its handler is named."""
    return trial.exchange.path.partition("?")[0] if trial.exchange else ""


WHO = body_from('the JSON {"user": "<the user>"}', lambda bench: {"user": str(bench.user)})
ADMIN = body_from(
    'the JSON {"user": "<the administrator>"}', lambda bench: {"user": str(bench.admin)}
)
DID_NOT_RUN = Want(
    "a handler that did not run",
    did_not_run,
    lambda trial: "the handler ran before the rejection",
    "Check first, then call the handler. What a handler has done stays done, even if its response is never sent.",
)
RAN_ONCE = Want(
    "one call of the handler",
    lambda trial: len(trial.ran) == 1,
    lambda trial: f"{len(trial.ran)} calls of the handler",
    "For one request the handler runs once: it may transfer money. Call it in one place, after the check.",
)
HANDED_THROUGH = Want(
    "the handler's response, with its header X-Handler",
    lambda trial: trial.headers.get("X-Handler") == own_path(trial),
    lambda trial: (
        f"X-Handler: {plain(trial.headers['X-Handler'])}"
        if "X-Handler" in trial.headers
        else "no X-Handler header"
    ),
    "Return the handler's response as it is, with its headers.",
)
ANOTHER_RAN = Mistake(
    lambda trial: (
        trial.error is None
        and trial.ran not in ((), (own_path(trial),))
        and own_path(trial) not in trial.ran
    ),
    "Several handlers are decorated in this application, and for this path another one of them ran. "
    "Each call of the decorator must keep its own handler, in its parameter and not in something that all calls share.",
)
NO_CODE = "Send `WWW-Authenticate: Bearer`, which names the scheme to use. No token was sent, so there is no error code (RFC 6750 §3.1)."
KEPT = Want(
    "the handler's own name",
    lambda trial: trial.bench.wrapper.__name__ == trial.bench.handler_name,
    lambda trial: f"a handler called {getattr(trial.bench.wrapper, '__name__', '?')}",
    "In logs and tracebacks, every decorated handler now has the wrapper's name. `@functools.wraps(handler)` above the wrapper keeps the handler's.",
)
NOT_AWAITED = Mistake(
    lambda trial: trial.error is None and "never awaited" in trial.problem,
    "The handler was called and never awaited: `return await handler(request)`.",
)
NOT_RETURNED = Mistake(
    lambda trial: trial.error is None and "returned None" in trial.problem,
    "The wrapper returned None in place of a response. Return what the handler returns: `return await handler(request)`.",
)
CALLED = Mistake(
    lambda trial: (
        isinstance(trial.error, TypeError) and f"{trial.bench.handler_name}()" in str(trial.error)
    ),
    "The handler takes the request: `return await handler(request)`.",
)
ATTRIBUTE = Mistake(
    lambda trial: isinstance(trial.error, AttributeError) and "'user'" in str(trial.error),
    "A request has no attribute `user`: the article's middleware set it. Here the middleware sets `request[PRINCIPAL]`.",
)


def no_user(sent: str, request: Request, *mistakes: Mistake) -> Case:
    return Case(
        sent,
        request,
        (status(401), challenged(None, NO_CODE), DID_NOT_RUN),
        "Nobody is logged in: 401.",
        (
            *mistakes,
            Mistake(
                lambda trial: answered(200)(trial) and did_not_run(trial),
                "Nobody is logged in, and the response says 200, although the handler did not run: 401.",
            ),
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
                "400 says that the request is malformed. It is well formed, and no user came with it: 401.",
            ),
            Mistake(
                answered(301, 302, 303, 307),
                "This is a redirect, for people with a browser. A program that sends tokens understands 401.",
            ),
        ),
    )


LOOKED_AT_HEADER = "The request has an `Authorization` header with another scheme, and the middleware found no user. Look at `request[PRINCIPAL]`, not at the header."


def by_cookie(path: str, token: str, want: Want) -> Case:
    """The middleware of this application finds a token in a cookie too."""
    cookie = From(lambda bench: f"token={bench.token(token)}")
    return Case(
        f"GET {path}  Cookie: token=<good token>, where the middleware looks into the cookie too",
        Request("GET", path, headers={"Cookie": cookie}),
        (status(200), want),
        "The middleware found this user, and `request[PRINCIPAL]` is set. Only that counts, not where the token was.",
    )


BY_COOKIE = by_cookie("/get-user", "good", WHO)
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
    mount=as_decorator(("/get-user", ())),
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
            Mistake(answered(200), LOOKED_AT_HEADER),
        ),
        no_user(
            "GET /get-user  Authorization: Bearerish …",
            Request("GET", "/get-user", headers={"Authorization": "Bearerish dXNlcjpwYXNz"}),
            Mistake(answered(200), LOOKED_AT_HEADER),
        ),
        BY_COOKIE,
        Case(
            "GET /get-user  Authorization: Bearer <good token of the administrator, without scope>",
            Request("GET", "/get-user", token="no scope"),
            (status(200), ADMIN),
            "This token has no scope, and its user is logged in: no right is asked for here.",
        ),
        Case(
            "GET /get-user  Authorization: Bearer <good token of the administrator>",
            Request("GET", "/get-user", token="admin"),
            (status(200), ADMIN, HANDED_THROUGH),
            "Another user is logged in as well.",
        ),
        Case(
            "GET /get-user?raise=yes, whose handler raises HTTPGone  Authorization: Bearer <good token>",
            Request("GET", "/get-user?raise=yes", token="good"),
            (status(410),),
            "The handler raises its response, 410. The wrapper must not catch it.",
        ),
    ),
    bench=Bench.make,
    mistakes=(NOT_AWAITED, NOT_RETURNED, CALLED, ATTRIBUTE),
    learnt="A 401 with a challenge and no error code tells the client to send a token. An error code would say that a token was rejected.",
)

EXERCISES = (LOGIN_REQUIRED,)
QUIZZES = (
    Quiz(
        "which-status",
        "The token is good and the user is known, but is not an administrator. The handler is for administrators only. Which status?",
        {"a": "400", "b": "401", "c": "403"},
        right="c",
        because='The user is known and lacks the permission. 403 with `error="insufficient_scope"` says that a token with another scope would be accepted, and that a new login would not help.',
        reasons={
            "a": "400 says that the request was malformed. Nothing is wrong with its form.",
            "b": "401 asks who you are. The client would log in again, and get the same permissions and the same 401.",
        },
    ),
    Quiz(
        "no-token-no-code",
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
