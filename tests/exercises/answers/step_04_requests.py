"""Wrong answers to the exercises of step 4 that go wrong for another request than one GET, or with several decorated handlers."""

from __future__ import annotations

import functools

from jwt_demo.exercises.steps.step_04 import LOGIN_SOLUTION
from jwt_demo.exercises.steps.step_04_scope import SCOPE_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

login = functools.partial(but_with, LOGIN_SOLUTION)
scoped = functools.partial(but_with, SCOPE_SOLUTION)

KINDS = ("LookupError", "AttributeError", "PermissionError", "TypeError", "ValueError")
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
CALLS = "return await handler(request)"
NOBODY = "if request[PRINCIPAL] is None:"
CAUGHT = "Keep the call of the handler out of every `try`"
ANY_METHOD = "whatever the method"
OWN_HANDLER = "must keep its own handler"
NOTHING = "Keep nothing from one request to the next"
LOCAL = "all requests share the rest"


def catching(source: str, kind: str, caught: str) -> str:
    """The answer with the call of the handler in a `try`."""
    line = next(line for line in source.splitlines() if CALLS in line)
    room = line[: len(line) - len(line.lstrip())]
    tried = f"{room}try:\n{room}    {CALLS}\n{room}except {kind}:\n{room}    {caught}"
    return but_with(source, line, tried)


WRONG = {
    "04-login-required": (
        *(
            Wrong(
                f"{kind} caught",
                catching(LOGIN_SOLUTION, kind, 'return challenge(401, "Log in")'),
                CAUGHT,
            )
            for kind in KINDS
        ),
        *(
            Wrong(
                f"{method} not protected",
                login(NOBODY, f'if request.method != "{method}" and request[PRINCIPAL] is None:'),
                ANY_METHOD,
            )
            for method in METHODS
        ),
        Wrong(
            "only GET protected",
            login(NOBODY, 'if request.method == "GET" and request[PRINCIPAL] is None:'),
            ANY_METHOD,
        ),
        Wrong(
            "the last handler",
            "handlers = []\n"
            + login(CALLS, "return await handlers[-1](request)").replace(
                "    @functools", "    handlers.append(handler)\n\n    @functools"
            ),
            OWN_HANDLER,
        ),
        Wrong(
            "the first handler",
            "handlers = []\n"
            + login(CALLS, "return await handlers[0](request)").replace(
                "    @functools", "    handlers.append(handler)\n\n    @functools"
            ),
            OWN_HANDLER,
        ),
        Wrong(
            "one response for all",
            'rejected = web.json_response({}, status=401, headers={"WWW-Authenticate": "Bearer"})\n'
            + login('challenge(401, "Log in first")', "rejected"),
            "can send a Response object once only",
        ),
        Wrong(
            "the handler's response kept",
            "kept = {}\n"
            + login(
                CALLS,
                "user = request[PRINCIPAL]\n        if user not in kept:\n            kept[user] = await handler(request)\n        return kept[user]",
            ),
            "can send a Response object once only",
        ),
        Wrong(
            "whoever came last",
            "last = {}\n"
            + login(
                CALLS,
                'last["request"] = request\n        await handler(request)\n        return await handler(last["request"])',
            ),
            "For one request the handler runs once",
        ),
        Wrong(
            "one at a time, others rejected",
            "busy = []\n"
            + login(
                CALLS,
                'if busy:\n            return challenge(401, "Later")\n        busy.append(1)\n        try:\n            return await handler(request)\n        finally:\n            busy.clear()',
            ),
            LOCAL,
        ),
    ),
    "04-require-scope": (
        *(
            Wrong(
                f"{kind} caught",
                catching(
                    SCOPE_SOLUTION,
                    kind,
                    'return challenge(403, "No", error="insufficient_scope", scope=scope)',
                ),
                CAUGHT,
            )
            for kind in KINDS
        ),
        *(
            Wrong(
                f"{method} not protected",
                scoped(
                    NOBODY,
                    f'if request.method == "{method}":\n                {CALLS}\n            {NOBODY}',
                ),
                ANY_METHOD,
            )
            for method in METHODS
        ),
        Wrong(
            "only GET needs the scope",
            scoped("if scope not in", 'if request.method == "GET" and scope not in'),
            ANY_METHOD,
        ),
        Wrong(
            "one decorator, the last handler",
            scoped("        @functools", "        state[0] = handler\n\n        @functools")
            .replace(CALLS, "return await state[0](request)")
            .replace("    def decorate", "    state = [None]\n\n    def decorate"),
            OWN_HANDLER,
        ),
        Wrong(
            "the last scope",
            "scopes = []\n"
            + scoped("    def decorate", "    scopes.append(scope)\n\n    def decorate")
            .replace("scope not in", "scopes[-1] not in")
            .replace("scope=scope", "scope=scopes[-1]"),
            "must keep its own scope",
        ),
        Wrong(
            "granted, kept for a user",
            "kept = {}\n"
            + scoped(
                "granted(request)", "kept.setdefault(request[PRINCIPAL].id, granted(request))"
            ),
            NOTHING,
        ),
        Wrong(
            "allowed once, allowed for ever",
            "allowed = set()\n"
            + scoped(
                "            if scope not in granted(request):",
                "            user = request[PRINCIPAL]\n            if scope in granted(request):\n                allowed.add((user.id, scope))\n            if (user.id, scope) not in allowed:",
            ),
            NOTHING,
        ),
        Wrong(
            "rejected once, rejected for ever",
            "rejected = set()\n"
            + scoped(
                "            if scope not in granted(request):",
                "            user = request[PRINCIPAL]\n            if scope not in granted(request):\n                rejected.add((user.id, scope))\n            if (user.id, scope) in rejected:",
            ),
            NOTHING,
        ),
    ),
}
