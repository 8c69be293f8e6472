"""04-require-scope: a right needs two answers, what the token was issued for and what its user may still do."""

from __future__ import annotations

import functools

from ..harness import as_decorator
from ..matchers import answered, body, challenged, raised, status
from ..model import Case, Exercise, Mistake, Request, Want, Wrong, but_with
from .step_04 import (
    ADMIN,
    ATTRIBUTE,
    CALLED,
    GIVEN,
    HANDED_THROUGH,
    LOGIN_SOLUTION,
    NO_CODE,
    NOT_AWAITED,
    NOT_RETURNED,
    STAYED_OUT,
    WHO,
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
    lambda trial: (
        trial.status == 401 and trial.case is not None and trial.case.wants[0].text == "status 403"
    ),
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
            "the third floor is missing",
            LOGIN_SOLUTION.replace("login_required(handler)", "require_scope(handler)"),
            "One function is missing between the two",
        ),
        Wrong(
            "the decorator not returned",
            scoped("\n    return decorate\n", ""),
            "must give a decorator",
        ),
        Wrong(
            "the wrapper not returned",
            scoped("\n        return wrapper\n", ""),
            "Is `return wrapper` missing?",
        ),
        Wrong(
            "a plain wrapper",
            scoped("async def wrapper", "def wrapper").replace("return await", "return"),
            "a handler is awaited",
        ),
        Wrong(
            "403 for strangers",
            scoped('challenge(401, "Log in first")', 'challenge(403, "Log in first")'),
            "who you are is not known",
        ),
        Wrong(
            "401 for a lack of rights", scoped("challenge(403", "challenge(401"), "the same token"
        ),
        Wrong(
            "404 for a lack of rights", scoped("challenge(403", "challenge(404"), "hides the page"
        ),
        Wrong(
            "strangers not looked for",
            scoped(
                '            if request[PRINCIPAL] is None:\n                return challenge(401, "Log in first")\n',
                "",
            ),
            "nobody is logged in",
        ),
        Wrong(
            "no error code", scoped(', error="insufficient_scope"', ""), "another token would do"
        ),
        Wrong("the scope is not named", scoped(", scope=scope)", ")"), "reaches further"),
        Wrong(
            "always admin", scoped("if scope not in", 'if "admin" not in'), "the scope it was given"
        ),
        Wrong(
            "a part of the text",
            scoped(
                "scope not in granted(request)", 'scope not in request[CLAIMS].get("scope", "")'
            ),
            "a part of another word",
        ),
        Wrong(
            "the token alone",
            scoped(
                "scope not in granted(request)",
                'scope not in request[CLAIMS].get("scope", "").split()',
            ),
            "taken away",
        ),
        Wrong(
            "the user alone",
            scoped("scope not in granted(request)", "scope not in request[PRINCIPAL].scopes"),
            "issued for less",
        ),
        Wrong(
            "no scope not expected",
            scoped(
                "scope not in granted(request)",
                'scope not in set(request[CLAIMS]["scope"].split()) & request[PRINCIPAL].scopes',
            ),
            "a token without `scope`",
        ),
        Wrong(
            "the wrong way round",
            scoped("scope not in granted", "scope in granted"),
            "the wrong way round",
        ),
        Wrong(
            "await forgotten",
            scoped("return await handler", "return handler"),
            "`return await handler(request)`",
        ),
        Wrong(
            "return forgotten",
            scoped("return await handler", "await handler"),
            "Is a `return` missing?",
        ),
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
            mistakes=(
                Mistake(
                    answered(401, 403),
                    "An administrator with the right token was sent away. Is the condition the wrong way round?",
                ),
            ),
        ),
        Case(
            "GET /admin  (no Authorization)",
            Request("GET", "/admin"),
            (status(401), challenged(None, NO_CODE), STAYED_OUT),
            "Nobody is logged in: 401, before any scope is looked at.",
            mistakes=(
                Mistake(
                    answered(403),
                    "403 says: I know who you are, and you may not. Here who you are is not known: 401.",
                ),
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
                Mistake(
                    answered(200),
                    "This token's scope is only `profile`, and the handler answered. Look for `scope` in `granted(request)`.",
                ),
            ),
        ),
        Case(
            'GET /profile, behind require_scope("profile")  Authorization: Bearer <good token, scope "profile">',
            Request("GET", "/profile", token="good"),
            (status(200), body({"user": WHO})),
            "The decorator must look for the scope it was given, whatever it is called.",
            mistakes=(
                Mistake(
                    answered(403),
                    "The decorator must look for the scope it was given, here `profile`, and not always for the same.",
                ),
            ),
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
        NOT_RETURNED,
        CALLED,
        ATTRIBUTE,
        AGAIN,
    ),
    learnt="401 and 403 are two questions, and a right needs both answers: what the token was issued for, and what its user may still do today.",
)

EXERCISES = (REQUIRE_SCOPE,)
