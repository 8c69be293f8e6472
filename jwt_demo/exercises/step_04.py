"""Exercises and quizzes of 04_decorator: who must be logged in, and who may do more than that."""

from __future__ import annotations

import functools
from typing import Any

from .model import Case, Exercise, Mistake, Quiz, Request, Trial, Want, Wrong, but_with
from .mounting import as_decorator
from .wants import answered, body, challenged, header, raised, status

GIVEN = """
import functools

from aiohttp import web

from jwt_demo.stages.answers import challenge
from jwt_demo.stages.decorator import granted
from jwt_demo.stages.middleware import CLAIMS, PRINCIPAL
"""


def refused_with(wanted: int) -> Any:
    return lambda trial: trial.case is not None and trial.case.wants[0].text == f"status {wanted}" and trial.status not in (None, wanted)


def did_not_run(trial: Trial) -> bool:
    return len(trial.bench.ran) == len([earlier for earlier in trial.earlier if earlier.status == 200])


WHO = "User id=1: <user@email.com, is_admin=False>"
ADMIN = "User id=2: <admin@email.com, is_admin=True>"
STAYED_OUT = Want(
    "a handler that did not run",
    did_not_run,
    lambda trial: "the handler ran, and its answer was thrown away",
    "Look first, then call: what the handler does is done by the time its answer is thrown away.",
)
HANDED_THROUGH = header("X-Handler", "ran", "What the handler answers goes out as it is: return that very response.")
NO_CODE = "A stranger gets `WWW-Authenticate: Bearer`, which says how to come in. Without a token nothing was wrong with one: no error code (RFC 6750 §3.1)."
KEPT = Want(
    "the handler's own name and docstring",
    lambda trial: (trial.bench.wrapper.__name__, trial.bench.wrapper.__doc__) == ("get_user", "Say who is logged in."),
    lambda trial: f"a handler called {getattr(trial.bench.wrapper, '__name__', '?')}",
    "In tracebacks and logs every handler is now called the same. `@functools.wraps(handler)` above the wrapper keeps name and docstring.",
)
NOT_AWAITED = Mistake(
    lambda trial: trial.error is None and "never awaited" in (trial.exchange.problem if trial.exchange else ""),
    "The handler was called and never awaited: `return await handler(request)`.",
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
        Wrong("a plain wrapper", login("    async def", "    def").replace("return await", "return"), "a handler is awaited"),
        Wrong("the decorator itself async", login("def login_required", "async def login_required"), "Decorating is no `await`"),
        Wrong("the wrapper not returned", login("\n    return wrapper\n", ""), "Is `return wrapper` missing?"),
        Wrong("the wrapper called", login("return wrapper", "return wrapper(None)"), "Decorating is no `await`"),
        Wrong("no wraps", login("    @functools.wraps(handler)\n", ""), "functools.wraps"),
        Wrong("await forgotten", login("return await handler", "return handler"), "`return await handler(request)`"),
        Wrong("return forgotten", login("return await handler", "await handler"), "Is a `return` missing?"),
        Wrong("403 for strangers", login("status=401", "status=403"), "who you are is not known"),
        Wrong("400 for strangers", login("status=401", "status=400"), "well formed"),
        Wrong(
            "sent to a login page",
            login("return web.json_response({", "raise web.HTTPFound('/login')\n            return web.json_response({"),
            "A browser's habit",
        ),
        Wrong("no challenge", login(', headers={"WWW-Authenticate": "Bearer"}', ""), "how to come in"),
        Wrong("a challenge with an error code", login('"Bearer"}', "'Bearer error=\"invalid_token\"'}"), "no error code"),
        Wrong(
            "the handler runs first",
            login("        if request", "        answer = await handler(request)\n        if request").replace(
                "return await handler(request)", "return answer"
            ),
            "Look first, then call",
        ),
        Wrong("the wrong way round", login("is None", "is not None"), "the wrong way round"),
        Wrong("request.user, as in the article", login("request[PRINCIPAL] is None", "not request.user"), "`request[PRINCIPAL]`"),
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
                Mistake(answered(200), "Nobody was logged in, and the handler answered. Look at `request[PRINCIPAL]` first."),
                Mistake(answered(403), "403 says: I know who you are, and you may not. Here who you are is not known: 401."),
                Mistake(answered(400), "400 says that the request was malformed. It was well formed, there was only nobody behind it: 401."),
                Mistake(answered(301, 302, 303, 307), "A browser's habit: programs that send tokens want a status they understand, 401, and no page."),
            ),
        ),
        Case(
            "GET /get-user  Authorization: Bearer <good token of user 2>",
            Request("GET", "/get-user", token="admin"),
            (status(200), body({"user": ADMIN})),
            "Another user is logged in as well as the first.",
        ),
    ),
    mistakes=(NOT_AWAITED, ATTRIBUTE),
    learnt="401 with a challenge and no code: the client learns that it must bring a token, and that nothing was wrong with one.",
)

SCOPE_SOLUTION = """
def require_scope(scope):
    def decorate(handler):
        @functools.wraps(handler)
        async def wrapper(request):
            if request[PRINCIPAL] is None:
                return challenge(401, "Log in first")
            if scope not in granted(request):
                return challenge(403, "This token does not reach that far", error="insufficient_scope", scope=scope)
            return await handler(request)

        return wrapper

    return decorate
"""
scoped = functools.partial(but_with, SCOPE_SOLUTION)
NAMED_SCOPE = Want(
    'the scope that is missing, scope="admin"',
    lambda trial: 'scope="admin"' in trial.exchange.headers.get("WWW-Authenticate", ""),
    None,
    'The client can ask for a token that reaches further, if it is told how far: `scope="admin"` in the challenge (RFC 6750 §3).',
)
FORBIDDEN = (
    status(403),
    challenged(
        "insufficient_scope",
        '403 with `error="insufficient_scope"` tells a client that another token would do, and logging in again would not (RFC 6750 §3.1).',
    ),
)
AGAIN = Mistake(
    lambda trial: refused_with(403)(trial) and trial.status == 401,
    "401 sends the client to log in again, and it would come back with the same token. Who it is, is known; it may not: 403.",
)

REQUIRE_SCOPE = Exercise(
    name="04-require-scope",
    function="require_scope",
    idea="401 asks who you are, 403 knows it and says no.",
    stub="""
def require_scope(scope):
    # @require_scope("admin") above a handler; `granted(request)` is the set of scopes that token and user have
    # nobody: challenge(401, message); not granted: challenge(403, message, error="insufficient_scope", scope=scope)
    ...
""",
    given=GIVEN,
    solution=SCOPE_SOLUTION,
    also_right=(
        """
class require_scope:
    def __init__(self, scope):
        self.scope = scope

    def __call__(self, handler):
        async def guarded(request):
            self.judge(request[PRINCIPAL], request[CLAIMS].get("scope", "").split(" "))
            return await handler(request)

        return guarded

    def judge(self, user, scopes):
        if not user:
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        if self.scope not in user.scopes.intersection(scopes):
            raise web.HTTPForbidden(headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{self.scope}"'})
""",
    ),
    wrong=(
        Wrong(
            "the third floor is missing", LOGIN_SOLUTION.replace("login_required(handler)", "require_scope(handler)"), "One function is missing between the two"
        ),
        Wrong("the decorator not returned", scoped("\n    return decorate\n", ""), "must give a decorator"),
        Wrong("the wrapper not returned", scoped("\n        return wrapper\n", ""), "Is `return wrapper` missing?"),
        Wrong("a plain wrapper", scoped("async def wrapper", "def wrapper").replace("return await", "return"), "a handler is awaited"),
        Wrong("403 for strangers", scoped('challenge(401, "Log in first")', 'challenge(403, "Log in first")'), "who you are is not known"),
        Wrong("401 for a lack of rights", scoped("challenge(403", "challenge(401"), "the same token"),
        Wrong("404 for a lack of rights", scoped("challenge(403", "challenge(404"), "hides the page"),
        Wrong(
            "strangers not looked for",
            scoped('            if request[PRINCIPAL] is None:\n                return challenge(401, "Log in first")\n', ""),
            "nobody is logged in",
        ),
        Wrong("no error code", scoped(', error="insufficient_scope"', ""), "another token would do"),
        Wrong("the scope is not named", scoped(", scope=scope)", ")"), "reaches further"),
        Wrong("always admin", scoped("if scope not in", 'if "admin" not in'), "the scope it was given"),
        Wrong("a part of the text", scoped("scope not in granted(request)", 'scope not in request[CLAIMS].get("scope", "")'), "a part of another word"),
        Wrong("the token alone", scoped("scope not in granted(request)", 'scope not in request[CLAIMS].get("scope", "").split()'), "taken away"),
        Wrong("the user alone", scoped("scope not in granted(request)", "scope not in request[PRINCIPAL].scopes"), "issued for less"),
        Wrong(
            "no scope not expected",
            scoped("scope not in granted(request)", 'scope not in set(request[CLAIMS]["scope"].split()) & request[PRINCIPAL].scopes'),
            "a token without `scope`",
        ),
        Wrong("the wrong way round", scoped("scope not in granted", "scope in granted"), "the wrong way round"),
        Wrong("await forgotten", scoped("return await handler", "return handler"), "`return await handler(request)`"),
        Wrong("return forgotten", scoped("return await handler", "await handler"), "Is a `return` missing?"),
    ),
    hints=(
        "Two questions, in this order: is anybody there? May they? Each has a status of its own.",
        '`require_scope("admin")` is called before the handler is known: it returns a decorator, which returns the wrapper. Three functions, one inside the other.',
        'Innermost: `if request[PRINCIPAL] is None: return challenge(401, ...)`; `if scope not in granted(request): return challenge(403, ..., error="insufficient_scope", scope=scope)`; '
        "`return await handler(request)`. Around it `def decorate(handler)`, which returns the wrapper, and `require_scope` returns `decorate`.",
    ),
    mount=as_decorator(("/admin", ("admin",)), ("/profile", ("profile",))),
    kind="decorator factory",
    cases=(
        Case(
            'GET /admin, behind require_scope("admin")  Authorization: Bearer <good token, scope "admin profile">',
            Request("GET", "/admin", token="admin"),
            (status(200), body({"user": ADMIN}), HANDED_THROUGH),
            "An administrator with a token for it must get the handler's answer.",
            mistakes=(Mistake(answered(401, 403), "An administrator with the right token was sent away. Is the condition the wrong way round?"),),
        ),
        Case(
            "GET /admin  (no Authorization)",
            Request("GET", "/admin"),
            (status(401), challenged(None, NO_CODE), STAYED_OUT),
            "Nobody is logged in: 401, before any scope is looked at.",
            mistakes=(
                Mistake(answered(403), "403 says: I know who you are, and you may not. Here who you are is not known: 401."),
                Mistake(
                    lambda trial: trial.error is not None,
                    "Where nobody is logged in, there is no user to ask for scopes. Look at `request[PRINCIPAL]` first, and answer 401.",
                ),
            ),
        ),
        Case(
            'GET /admin  Authorization: Bearer <good token, scope "profile">',
            Request("GET", "/admin", token="good"),
            (*FORBIDDEN, NAMED_SCOPE, STAYED_OUT),
            "This user is known and may not: 403.",
            mistakes=(
                Mistake(
                    answered(404),
                    "404 hides the page from somebody who has a token. Then nobody can tell a missing right from a wrong address; here say it, 403.",
                ),
                Mistake(answered(200), "This token's scope is only `profile`, and the handler answered. Look for `scope` in `granted(request)`."),
            ),
        ),
        Case(
            'GET /profile, behind require_scope("profile")  Authorization: Bearer <good token, scope "profile">',
            Request("GET", "/profile", token="good"),
            (status(200), body({"user": WHO})),
            "The decorator must look for the scope it was given, whatever it is called.",
            mistakes=(Mistake(answered(403), "The decorator must look for the scope it was given, here `profile`, and not always for the same."),),
        ),
        Case(
            'GET /admin  Authorization: Bearer <good token, scope "profile not-admin">',
            Request("GET", "/admin", token="not-admin"),
            FORBIDDEN,
            "`not-admin` is another scope, and admin is only a part of another word in it. Split the text at its spaces first (RFC 8693 §4.2).",
            mistakes=(
                Mistake(
                    answered(200),
                    "`not-admin` is another scope, and `admin` is only a part of another word in it. Split the text at its spaces first (RFC 8693 §4.2).",
                ),
            ),
        ),
        Case(
            'GET /admin  Authorization: Bearer <good token of user 1, scope "admin profile">',
            Request("GET", "/admin", token="user, scope admin"),
            FORBIDDEN,
            "",
            mistakes=(
                Mistake(
                    answered(200),
                    "The token still says admin, its user is none any more: the right was taken away after it was issued. Ask both, the token and the user.",
                ),
            ),
        ),
        Case(
            'GET /admin  Authorization: Bearer <good token of user 2, scope "profile">',
            Request("GET", "/admin", token="admin, scope profile"),
            FORBIDDEN,
            "",
            mistakes=(
                Mistake(
                    answered(200),
                    "The user is an administrator, but this token was issued for less, so that it can do less harm when it is lost. Ask both, the token and the user.",
                ),
            ),
        ),
        Case(
            "GET /admin  Authorization: Bearer <good token without scope>",
            Request("GET", "/admin", token="no scope"),
            FORBIDDEN,
            "A token without a scope reaches nowhere: 403.",
            mistakes=(
                Mistake(
                    raised(KeyError),
                    'There is such a thing as a token without `scope`, and `[...]` raises there: a 500. `.get("scope", "")`, or `granted(request)`.',
                ),
            ),
        ),
    ),
    mistakes=(
        NOT_AWAITED,
        ATTRIBUTE,
        AGAIN,
    ),
    learnt="401 and 403 are two questions, and a right needs both answers: what the token was issued for, and what its user may still do today.",
)

EXERCISES = (LOGIN_REQUIRED, REQUIRE_SCOPE)
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
        {"a": 'Bearer error="invalid_token"', "b": "Bearer, with no error code", "c": "nothing: the header is for browsers"},
        right="b",
        because="The challenge says how to come in. An error code is about a token that was sent, and none was (RFC 6750 §3.1).",
        reasons={
            "a": "`invalid_token` is about a token that was looked at and not accepted. None was sent.",
            "c": "A 401 has to have it (RFC 9110 §15.5.2), and programs read it: it says that a bearer token is wanted.",
        },
    ),
)
