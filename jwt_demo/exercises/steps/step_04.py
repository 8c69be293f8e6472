"""04-login-required and the quizzes of 04_decorator; what 04-require-scope has in common with it."""

from __future__ import annotations

import functools

from ..harness import as_decorator
from ..matchers import answered, body, challenged, header, status
from ..model import Case, Exercise, Mistake, Quiz, Request, Trial, Want, Wrong, but_with

GIVEN = """
import functools

from aiohttp import web

from jwt_demo.stages.parts.responses import challenge
from jwt_demo.stages.decorator import granted
from jwt_demo.stages.middleware import CLAIMS, PRINCIPAL
"""


def did_not_run(trial: Trial) -> bool:
    return len(trial.bench.ran) == len(
        [earlier for earlier in trial.earlier if earlier.status == 200]
    )


WHO = "User id=1: <user@email.com, is_admin=False>"
ADMIN = "User id=2: <admin@email.com, is_admin=True>"
STAYED_OUT = Want(
    "a handler that did not run",
    did_not_run,
    lambda trial: "the handler ran, and its answer was thrown away",
    "Look first, then call: what the handler does is done by the time its answer is thrown away.",
)
HANDED_THROUGH = header(
    "X-Handler", "ran", "What the handler answers goes out as it is: return that very response."
)
NO_CODE = "A stranger gets `WWW-Authenticate: Bearer`, which says how to come in. Without a token nothing was wrong with one: no error code (RFC 6750 §3.1)."
KEPT = Want(
    "the handler's own name and docstring",
    lambda trial: (
        (trial.bench.wrapper.__name__, trial.bench.wrapper.__doc__)
        == ("get_user", "Say who is logged in.")
    ),
    lambda trial: f"a handler called {getattr(trial.bench.wrapper, '__name__', '?')}",
    "In tracebacks and logs every handler is now called the same. `@functools.wraps(handler)` above the wrapper keeps name and docstring.",
)
NOT_AWAITED = Mistake(
    lambda trial: (
        trial.error is None
        and "never awaited" in (trial.exchange.problem if trial.exchange else "")
    ),
    "The handler was called and never awaited: `return await handler(request)`.",
)
NOT_RETURNED = Mistake(
    lambda trial: (
        trial.error is None
        and "returned None" in (trial.exchange.problem if trial.exchange else "")
    ),
    "The wrapper returned None. Is a `return` missing? What the handler answers is the wrapper's answer: `return await handler(request)`.",
)
CALLED = Mistake(
    lambda trial: isinstance(trial.error, TypeError) and "get_user()" in str(trial.error),
    "The handler takes the request: `return await handler(request)`.",
)
ATTRIBUTE = Mistake(
    lambda trial: isinstance(trial.error, AttributeError) and "'user'" in str(trial.error),
    "The article kept the user in `request.user`. Here the middleware leaves it in `request[PRINCIPAL]`.",
)

LOGIN_SOLUTION = """
def login_required(handler):
    @functools.wraps(handler)
    async def wrapper(request):
        if request[PRINCIPAL] is None:
            return web.json_response({"message": "Log in first"}, status=401, headers={"WWW-Authenticate": "Bearer"})
        return await handler(request)

    return wrapper
"""
login = functools.partial(but_with, LOGIN_SOLUTION)

LOGIN_REQUIRED = Exercise(
    name="04-login-required",
    function="login_required",
    idea="A handler says that it needs a user; whoever is nobody gets 401 and is told how to come in.",
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
    also_right=(
        """
def login_required(handler):
    async def guarded(request):
        stranger = not request.get(PRINCIPAL)
        if stranger:
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Bearer realm="mine"'})
        response = await handler(request)
        return response

    return functools.update_wrapper(guarded, handler)
""",
    ),
    wrong=(
        Wrong(
            "a plain wrapper",
            login("    async def", "    def").replace("return await", "return"),
            "a handler is awaited",
        ),
        Wrong(
            "the decorator itself async",
            login("def login_required", "async def login_required"),
            "Decorating is no `await`",
        ),
        Wrong(
            "the wrapper not returned",
            login("\n    return wrapper\n", ""),
            "Is `return wrapper` missing?",
        ),
        Wrong(
            "the wrapper called",
            login("return wrapper", "return wrapper(None)"),
            "Decorating is no `await`",
        ),
        Wrong("no wraps", login("    @functools.wraps(handler)\n", ""), "functools.wraps"),
        Wrong(
            "await forgotten",
            login("return await handler", "return handler"),
            "`return await handler(request)`",
        ),
        Wrong(
            "return forgotten",
            login("return await handler", "await handler"),
            "Is a `return` missing?",
        ),
        Wrong(
            "the handler is called with nothing",
            login("handler(request)", "handler()"),
            "The handler takes the request",
        ),
        Wrong("403 for strangers", login("status=401", "status=403"), "who you are is not known"),
        Wrong("400 for strangers", login("status=401", "status=400"), "well formed"),
        Wrong(
            "sent to a login page",
            login(
                "return web.json_response({",
                "raise web.HTTPFound('/login')\n            return web.json_response({",
            ),
            "A browser's habit",
        ),
        Wrong(
            "no challenge", login(', headers={"WWW-Authenticate": "Bearer"}', ""), "how to come in"
        ),
        Wrong(
            "a challenge with an error code",
            login('"Bearer"}', "'Bearer error=\"invalid_token\"'}"),
            "no error code",
        ),
        Wrong(
            "the handler runs first",
            login(
                "        if request", "        answer = await handler(request)\n        if request"
            ).replace("return await handler(request)", "return answer"),
            "Look first, then call",
        ),
        Wrong("the wrong way round", login("is None", "is not None"), "the wrong way round"),
        Wrong(
            "request.user, as in the article",
            login("request[PRINCIPAL] is None", "not request.user"),
            "`request[PRINCIPAL]`",
        ),
        Wrong(
            "the handler's answer made anew",
            login(
                "return await handler(request)",
                "answer = await handler(request)\n        return web.Response(body=answer.body, content_type='application/json')",
            ),
            "that very response",
        ),
    ),
    hints=(
        "The article's wrapper lacks three things that a reader of your logs, a client's author and aiohttp each miss.",
        "aiohttp awaits handlers: `async def wrapper(request)`. Logs want the handler's own name: `@functools.wraps(func)`. Clients want the header `WWW-Authenticate: Bearer` with a 401.",
        'In `async def wrapper(request)`: `if request[PRINCIPAL] is None: return web.json_response({...}, status=401, headers={"WWW-Authenticate": "Bearer"})`, then `return await func(request)`.',
    ),
    mount=as_decorator(("/get-user", ())),
    kind="decorator",
    cases=(
        Case(
            "GET /get-user  Authorization: Bearer <good token>",
            Request("GET", "/get-user", token="good"),
            (status(200), body({"user": WHO}), HANDED_THROUGH, KEPT),
            "Whoever is logged in must get the handler's answer.",
            mistakes=(
                Mistake(
                    answered(401, 403),
                    "Somebody is logged in, and was sent away. Is the condition the wrong way round? Nobody is `request[PRINCIPAL] is None`.",
                ),
            ),
        ),
        Case(
            "GET /get-user  (no Authorization)",
            Request("GET", "/get-user"),
            (status(401), challenged(None, NO_CODE), STAYED_OUT),
            "Nobody is logged in: 401.",
            mistakes=(
                Mistake(
                    answered(200),
                    "Nobody was logged in, and the handler answered. Look at `request[PRINCIPAL]` first.",
                ),
                Mistake(
                    answered(403),
                    "403 says: I know who you are, and you may not. Here who you are is not known: 401.",
                ),
                Mistake(
                    answered(400),
                    "400 says that the request was malformed. It was well formed, there was only nobody behind it: 401.",
                ),
                Mistake(
                    answered(301, 302, 303, 307),
                    "A browser's habit: programs that send tokens want a status they understand, 401, and no page.",
                ),
            ),
        ),
        Case(
            "GET /get-user  Authorization: Bearer <good token of user 2>",
            Request("GET", "/get-user", token="admin"),
            (status(200), body({"user": ADMIN})),
            "Another user is logged in as well as the first.",
        ),
    ),
    mistakes=(NOT_AWAITED, NOT_RETURNED, CALLED, ATTRIBUTE),
    learnt="401 with a challenge and no code: the client learns that it must bring a token, and that nothing was wrong with one.",
)

EXERCISES = (LOGIN_REQUIRED,)
QUIZZES = (
    Quiz(
        "which-status",
        "A good token, a known user, and a handler that only administrators may use. The user is none. Which status?",
        {"a": "400", "b": "401", "c": "403"},
        right="c",
        because='Who it is, is known, and they may not. 403 with `error="insufficient_scope"` says that another token would do, and logging in again would not.',
        reasons={
            "a": "400 says that the request was malformed. Nothing is wrong with its form.",
            "b": "401 asks who you are. The client would log in again, get the same token, and be asked once more.",
        },
    ),
    Quiz(
        "no-token-no-code",
        "No token was sent at all, and the handler needs a user. What stands in `WWW-Authenticate`?",
        {
            "a": 'Bearer error="invalid_token"',
            "b": "Bearer, with no error code",
            "c": "nothing: the header is for browsers",
        },
        right="b",
        because="The challenge says how to come in. An error code is about a token that was sent, and none was (RFC 6750 §3.1).",
        reasons={
            "a": "`invalid_token` is about a token that was looked at and not accepted. None was sent.",
            "c": "A 401 has to have it (RFC 9110 §15.5.2), and programs read it: it says that a bearer token is wanted.",
        },
    ),
)
