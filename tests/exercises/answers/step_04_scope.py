"""Right and wrong answers to the exercises of `step_04_scope`."""

from __future__ import annotations

import functools

from jwt_demo.exercises.steps.step_04 import LOGIN_SOLUTION
from jwt_demo.exercises.steps.step_04_scope import SCOPE_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

scoped = functools.partial(but_with, SCOPE_SOLUTION)

RIGHT = {
    "04-require-scope": (
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
}

WRONG = {
    "04-require-scope": (
        Wrong(
            "the handler runs twice",
            scoped(
                "            return await handler(request)\n",
                "            await handler(request)\n            return await handler(request)\n",
            ),
            "For one request the handler runs once",
        ),
        Wrong(
            "a suffix",
            scoped(
                "scope not in granted(request)",
                "not any(each.endswith(scope) for each in granted(request))",
            ),
            "a scope is one whole word",
        ),
        Wrong(
            "the third floor is missing",
            LOGIN_SOLUTION.replace("login_required(handler)", "require_scope(handler)"),
            "what the decorator returns is the",
        ),
        Wrong(
            "the decorator not returned",
            scoped("\n    return decorate\n", ""),
            "must return a decorator",
        ),
        Wrong(
            "the wrapper not returned",
            scoped("\n        return wrapper\n", ""),
            "must return the function that takes the handler's place",
        ),
        Wrong(
            "a plain wrapper",
            scoped("async def wrapper", "def wrapper").replace("return await", "return"),
            "aiohttp awaits a handler",
        ),
        Wrong(
            "403 for strangers",
            scoped('challenge(401, "Log in first")', 'challenge(403, "Log in first")'),
            "403 says that the server knows the user and",
        ),
        Wrong(
            "401 for a lack of rights",
            scoped("challenge(403", "challenge(401"),
            "Here the user is known and lacks the scope: 403",
        ),
        Wrong(
            "404 for a lack of rights",
            scoped("challenge(403", "challenge(404"),
            "404 says that there is no such page. The",
        ),
        Wrong(
            "strangers not looked for",
            scoped(
                '            if request[PRINCIPAL] is None:\n                return challenge(401, "Log in first")\n',
                "",
            ),
            "Nobody is logged in, so `request[PRINCIPAL]` is None, and None",
        ),
        Wrong(
            "no error code",
            scoped(', error="insufficient_scope"', ""),
            'With a 403, send `error="insufficient_scope"` (RFC 6750 §3.1): it',
        ),
        Wrong(
            "the scope is not named",
            scoped(", scope=scope)", ")"),
            "Name the scope that is missing in the challenge,",
        ),
        Wrong(
            "always admin",
            scoped("if scope not in", 'if "admin" not in'),
            "The decorator was given `profile`, which token and user",
        ),
        Wrong(
            "a part of the text",
            scoped(
                "scope not in granted(request)", 'scope not in request[CLAIMS].get("scope", "")'
            ),
            "`profile` and `not-admin`, neither of them is `admin`",
        ),
        Wrong(
            "the token alone",
            scoped(
                "scope not in granted(request)",
                'scope not in request[CLAIMS].get("scope", "").split()',
            ),
            "its user is no administrator",
        ),
        Wrong(
            "claims, and no user",
            scoped(
                "if request[PRINCIPAL] is None:",
                "if request[PRINCIPAL] is None and not request[CLAIMS]:",
            ),
            "and None has no scopes",
        ),
        Wrong(
            "the user alone",
            scoped("scope not in granted(request)", "scope not in request[PRINCIPAL].scopes"),
            "this token was issued for less",
        ),
        Wrong(
            "no scope not expected",
            scoped(
                "scope not in granted(request)",
                'scope not in set(request[CLAIMS]["scope"].split()) & request[PRINCIPAL].scopes',
            ),
            "A token may have no `scope`, and `[...]` raises",
        ),
        Wrong(
            "the wrong way round",
            scoped("scope not in granted", "scope in granted"),
            "Token and user both have this scope, and the",
        ),
        Wrong(
            "await forgotten",
            scoped("return await handler", "return handler"),
            "`return await handler(request)`",
        ),
        Wrong(
            "return forgotten",
            scoped("return await handler", "await handler"),
            "the wrapper returned None in place of a response.",
        ),
        Wrong(
            "the header in place of the user",
            """
def require_scope(scope):
    def decorate(handler):
        @functools.wraps(handler)
        async def wrapper(request):
            if not request.headers.get("Authorization", "").lower().startswith("bearer "):
                return challenge(401, "Log in first")
            if scope not in granted(request):
                return challenge(403, "Not granted", error="insufficient_scope", scope=scope)
            return await handler(request)
        return wrapper
    return decorate
""",
            "The middleware found this user and set",
        ),
    ),
}

EQUIVALENT = {
    "04-require-scope": {
        "request[PRINCIPAL] is None → not request[PRINCIPAL]": "nothing that is false but None comes here",
        "scope not in granted(request) → *'values'*": "a set has no values()",
        "self.scope not in user.scopes.intersection(scopes) → *": "a set has no values()",
        "request[PRINCIPAL] → request.get(PRINCIPAL)": "what is asked for is always there at this point",
        "request[CLAIMS] → request.get(CLAIMS)": "what is asked for is always there at this point",
        "'WWW-Authenticate' → *": "a header's name, a scheme and a directive are the same in any case of letters",
        "'Bearer' → *": "a header's name, a scheme and a directive are the same in any case of letters",
    },
}
