"""04-require-scope: a right depends on what the token was issued for, and on what its user may still do."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from ...server.exchange import Exchange
from ...server.server import Server
from ..fixtures import Bench, distinct_numbers, new_user
from ..harness import as_decorator
from ..matchers import answered, body_from, challenged, status
from ..model import Case, Exercise, From, Mistake, Request, Trial, Want
from .step_04 import by_cookie, in_session
from .step_04_requests import (
    CAUGHT,
    EVERY_METHOD,
    METHODS,
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
    NO_CODE,
    NO_RESPONSE,
    NOT_AWAITED,
    NOT_RETURNED,
    RAN_ONCE,
    WHO,
    served,
)

SCOPE_SOLUTION = """
def require_scope(scope):
    def decorate(handler):
        @functools.wraps(handler)
        async def wrapper(request):
            if request[PRINCIPAL] is None:
                return challenge(401, "Log in first")
            if scope not in granted(request):
                return challenge(403, "A scope that is needed here is not granted", error="insufficient_scope", scope=scope)
            return await handler(request)

        return wrapper

    return decorate
"""


class Scopes(Bench):
    """A bench with a second administrator, whom nothing was allowed before."""

    def __init__(self) -> None:
        super().__init__()
        (number,) = distinct_numbers(1)
        while str(number) in {*self.users._by_id, *self.users.outages, str(self.nobodys_id)}:
            (number,) = distinct_numbers(1)
        self.deputy, _ = new_user(number, is_admin=True)
        self.users.hold(self.deputy)

    def names(self) -> dict[str, str]:
        return {
            **super().names(),
            str(self.deputy): "<another administrator>",
            self.deputy.email: "<another administrator's e-mail>",
            str(self.deputy.id): "<another administrator's id>",
        }


def of_deputy(scope: str | None) -> Request:
    token = From(lambda bench: f"Bearer {bench.sign(sub=str(bench.deputy.id), scope=scope)}")
    return Request("GET", "/admin", headers={"Authorization": token})


async def after_demotion(server: Server, bench: Any) -> Exchange:
    bench.users.replace(dataclasses.replace(bench.admin, is_admin=False))
    try:
        return await server.get(
            "/admin", headers={"Authorization": f"Bearer {bench.token('admin')}"}
        )
    finally:
        bench.users.replace(bench.admin)


KEPT = Mistake(
    lambda trial: served(trial) if trial.is_about("status 403") else answered(403)(trial),
    "This user came before, with another token or another right, and got this status then. "
    "Keep nothing from one request to the next: ask `granted(request)` each time.",
)


def names_scope(scope: str) -> Want:
    return Want(
        f'the scope that is missing, scope="{scope}"',
        lambda trial: re.search(
            rf'\bscope="{scope}"\s*(,|$)', trial.headers.get("WWW-Authenticate", "")
        ),
        None,
        f'Name the scope that is missing in the challenge, `scope="{scope}"` (RFC 6750 §3), so that the client can ask for a token with it.',
    )


def another_scope(trial: Trial) -> bool:
    """Whether the challenge of /admin names the scope of another handler."""
    named = re.search(r'\bscope="([^"]*)"', trial.headers.get("WWW-Authenticate", ""))
    return named is not None and named[1] in ("profile", *OTHERS.values())


def forbidden(sent: str, request: Request, scope: str, means: str, *mistakes: Mistake) -> Case:
    return Case(sent, request, (*FORBIDDEN, names_scope(scope), DID_NOT_RUN), means, mistakes)


NOBODY_THERE = Mistake(
    lambda trial: (
        isinstance(trial.error, AttributeError)
        and any(
            f"'NoneType' object has no attribute '{name}'" in str(trial.error)
            for name in ("scopes", "is_admin", "id", "email")
        )
    ),
    "Nobody is logged in, so `request[PRINCIPAL]` is None, and None has no scopes. Look for that first, and return 401.",
)
NO_RIGHT = "This user is known and the scope is not granted: 403."


FORBIDDEN = (
    status(403),
    challenged(
        "insufficient_scope",
        'With a 403, send `error="insufficient_scope"` (RFC 6750 §3.1): it tells the client that this token does not allow the request.',
    ),
)
AGAIN = Mistake(
    lambda trial: trial.status == 401 and trial.is_about("status 403"),
    "401 says that the server knows no user. Here the user is known and lacks the scope: 403.",
)

OTHERS = {"/pro": "pro", "/file": "file", "/profile-write": "profile:write", "/upper": "Profile"}

REQUIRE_SCOPE = Exercise(
    name="04-require-scope",
    function="require_scope",
    idea="401 means that the server knows no user. 403 means that it knows the user, but the user lacks a permission.",
    stub="""
def require_scope(scope):
    # used as @require_scope("admin"); `granted(request)` is the set of scopes
    # no user: challenge(401, message)
    # not granted: challenge(403, message, error="insufficient_scope", scope=scope)
    ...
""",
    given=GIVEN,
    solution=SCOPE_SOLUTION,
    hints=(
        "Two questions, in this order: is a user logged in, and is the scope granted? Each has a status of its own.",
        '`require_scope("admin")` is called before the handler is known: it returns a decorator, which returns the wrapper. Three functions, one inside the other.',
        'Innermost: `if request[PRINCIPAL] is None: return challenge(401, ...)`; `if scope not in granted(request): return challenge(403, ..., error="insufficient_scope", scope=scope)`; '
        "`return await handler(request)`. Around it `def decorate(handler)`, which returns the wrapper, and `require_scope` returns `decorate`.",
    ),
    mount=as_decorator(
        ("/admin", ("admin",)),
        ("/admin-too", ("admin",)),
        ("/profile", ("profile",)),
        *((path, (scope,)) for path, scope in OTHERS.items()),
    ),
    kind="decorator factory",
    cases=(
        Case(
            'GET /admin, behind require_scope("admin")  Authorization: Bearer <good token of the administrator, scope "admin profile">',
            Request("GET", "/admin", token="admin"),
            (status(200), ADMIN, HANDED_THROUGH, RAN_ONCE),
            "Token and user both have this scope, so the handler returns its response.",
            mistakes=(
                Mistake(
                    lambda trial: trial.status == 403 and another_scope(trial),
                    "The challenge names a scope that another handler was decorated with. Each call of `require_scope` must keep its own scope, in its parameter and not in something that all calls share.",
                ),
                Mistake(
                    answered(401, 403),
                    "Token and user both have this scope, and the response rejects the request. Compare `scope` with `granted(request)`.",
                ),
            ),
        ),
        *(
            Case(
                f"GET /admin  ({what})",
                request,
                (status(401), challenged(None, NO_CODE), DID_NOT_RUN),
                "Nobody is logged in: 401, before any scope is looked at.",
                mistakes=(
                    Mistake(
                        answered(403),
                        "403 says that the server knows the user and forbids this request. Here no user is known: 401.",
                    ),
                    NOBODY_THERE,
                ),
            )
            for what, request in (
                ("no Authorization", Request("GET", "/admin")),
                (
                    "Authorization: Basic …",
                    Request("GET", "/admin", headers={"Authorization": "Basic dXNlcjpwYXNz"}),
                ),
                (
                    "Authorization: Bearerish …",
                    Request("GET", "/admin", headers={"Authorization": "Bearerish dXNlcjpwYXNz"}),
                ),
            )
        ),
        forbidden(
            'GET /admin  Authorization: Bearer <good token of the user, scope "profile">',
            Request("GET", "/admin", token="good"),
            "admin",
            NO_RIGHT,
            Mistake(
                answered(404),
                "404 says that there is no such page. The user is known and lacks the scope: 403.",
            ),
            Mistake(
                served,
                "This token's scope is `profile` alone, and the handler ran. Look for `scope` in `granted(request)`.",
            ),
        ),
        Case(
            'GET /profile, behind require_scope("profile")  Authorization: Bearer <good token of the user, scope "profile">',
            Request("GET", "/profile", token="good"),
            (status(200), WHO, HANDED_THROUGH),
            "Token and user both have the scope that this decorator was given, `profile`.",
            mistakes=(
                Mistake(
                    answered(403),
                    "The decorator was given `profile`, which token and user both have, and the response is 403. Compare with the scope that the decorator was given.",
                ),
            ),
        ),
        by_cookie("/admin", "admin", ADMIN),
        forbidden(
            'GET /admin  Authorization: Bearer <good token of another administrator, scope "profile">',
            of_deputy("profile"),
            "admin",
            NO_RIGHT,
            Mistake(
                served,
                "The user is an administrator, and this token was issued for less, so that it can do less harm when it is stolen. Ask both, the token and the user.",
            ),
        ),
        forbidden(
            'GET /admin  Authorization: Bearer <good token of another administrator, scope "profile not-admin">',
            of_deputy("profile not-admin"),
            "admin",
            NO_RIGHT,
            Mistake(
                served,
                "The scopes of this token are `profile` and `not-admin`, neither of them is `admin`, and the handler ran. "
                "A scope is a whole word: split the token's text at its spaces (RFC 8693 §4.2), as `granted(request)` does.",
            ),
        ),
        forbidden(
            'GET /admin  Authorization: Bearer <good token of the user, scope "admin profile">',
            Request("GET", "/admin", token="user, scope admin"),
            "admin",
            NO_RIGHT,
            Mistake(
                served,
                "The token has the scope `admin`, and its user is no administrator: a user can lose a permission after a token was issued. Ask both, the token and the user.",
            ),
        ),
        forbidden(
            "GET /admin  Authorization: Bearer <good token of another administrator, without scope>",
            of_deputy(None),
            "admin",
            "A token without `scope` grants nothing: 403.",
            Mistake(
                lambda trial: isinstance(trial.error, KeyError) and "scope" in str(trial.error),
                'A token may have no `scope`, and `[...]` raises KeyError there: a 500. `.get("scope", "")`, or `granted(request)`.',
            ),
        ),
        Case(
            *in_session("/admin", "claims"),
            (status(401), challenged(None, NO_CODE), DID_NOT_RUN),
            "There are claims and no user: `request[PRINCIPAL]` is None, so 401.",
            (NOBODY_THERE,),
        ),
        forbidden(
            *in_session("/admin", "user"),
            "admin",
            "This user is known and has no token, so `request[CLAIMS]` is empty and no scope is granted: 403.",
        ),
        *(
            forbidden(
                f'GET {path}, behind require_scope("{scope}")  Authorization: Bearer <good token of the administrator, scope "admin profile">',
                Request("GET", path, token="admin"),
                scope,
                "Another scope is asked for than the token has: a scope is one whole word, and capital and small letters are different in it (RFC 6749 §3.3).",
            )
            for path, scope in OTHERS.items()
        ),
        Case(
            'GET /profile?raise=yes, whose handler raises HTTPGone  Authorization: Bearer <good token of the user, scope "profile">',
            Request("GET", "/profile?raise=yes", token="good"),
            (status(410),),
            "The handler raises its response, 410, and that one must reach the client.",
            (CAUGHT,),
        ),
        forbidden(
            'GET /admin  Authorization: Bearer <good token of the administrator, scope "profile">, who was allowed before with another token',
            Request("GET", "/admin", token="admin, scope profile"),
            "admin",
            NO_RIGHT,
            KEPT,
        ),
        Case(
            'GET /admin  Authorization: Bearer <good token of another administrator, scope "admin profile">, who was rejected before with another token',
            of_deputy("admin profile"),
            (
                status(200),
                body_from(
                    'the JSON {"user": "<another administrator>"}',
                    lambda bench: {"user": str(bench.deputy)},
                ),
                RAN_ONCE,
            ),
            "Token and user both have this scope.",
            (KEPT,),
        ),
        Case(
            "GET /admin  Authorization: Bearer <good token of the administrator>, who lost this right a moment ago",
            after_demotion,
            (*FORBIDDEN, names_scope("admin"), DID_NOT_RUN),
            NO_RIGHT,
            (KEPT,),
        ),
        *handler_fails("/admin"),
        *with_each_method("/admin"),
        *(
            Case(
                f'{method} /admin  Authorization: Bearer <good token of the user, scope "profile">',
                Request(method, "/admin", token="good"),
                (*FORBIDDEN, names_scope("admin"), DID_NOT_RUN),
                NO_RIGHT,
                (EVERY_METHOD,),
            )
            for method in METHODS
        ),
        *another_handler("/admin-too", first="/admin"),
        *two_at_once("/admin", "/profile"),
        *in_another_application("/admin"),
    ),
    bench=Scopes.make,
    mistakes=(
        ANOTHER_RAN,
        NOT_AWAITED,
        NOT_RETURNED,
        NO_RESPONSE,
        CALLED,
        ATTRIBUTE,
        AGAIN,
    ),
    learnt="A permission depends on two things: what the token was issued for, and what its user may do today.",
)

EXERCISES = (REQUIRE_SCOPE,)
