"""The cases of 03-auth-middleware about requests of other kinds: failures, other places for a token, methods, paths, two at once, another application."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...server.exchange import Exchange
from ...server.server import Server
from ...stages.parts.users import User
from ..fixtures import FAILURES, OUTAGES, with_article
from ..matchers import answered, body, body_from, challenged, json_of, server_error, status
from ..model import Case, From, Mistake, Request, Want
from ..overlap import at_once, meanwhile, on_one_connection
from .step_03_bad_tokens import CHALLENGE, DID_NOT_RUN, SAME
from .step_03_keys import BAD_KEYS


def as_user(name: str, text: str) -> Want:
    return body_from(
        f'the JSON {{"user": "{text}"}}',
        lambda bench: {"user": str(getattr(bench, name))},
        "The handler must find the token's user on the request.",
    )


NOBODY = body({"user": "None"})
USER, ADMIN = as_user("user", "<the user>"), as_user("admin", "<the administrator>")


def good_token_after(scheme: str) -> From:
    return From(lambda bench: f"{scheme} {bench.token('good')}")


def failing_handler(path: str, what: str, token: str) -> Case:
    return Case(
        f"GET {path}, whose handler raises {with_article(FAILURES[path].__name__)}  ({what})",
        Request("GET", path, token=token),
        (status(500),),
        "The mistake is the handler's: 500. The exception must pass the middleware.",
        mistakes=(
            Mistake(
                lambda trial: answered(401)(trial) and trial.ran,
                "The handler raised an exception, and your code caught it as if a token were bad. Keep the call of the handler out of the `try`.",
            ),
        ),
    )


def failing_storage(kind: str) -> Case:
    return Case(
        f"GET /get-user  Authorization: Bearer <good token>, and the user storage raises {with_article(kind)}",
        Request("GET", "/get-user", token=f"user lost, {kind}"),
        (server_error(),),
        "The user storage failed, which is a fault of the server: 500.",
        mistakes=(
            Mistake(
                answered(401),
                "For this user the storage raises an exception, and the response says that the token is bad. Nobody knows that: the fault is in the server. Let the exception of `by_id` pass.",
            ),
        ),
    )


ONCE_MORE = (
    Case(
        "GET /get-user  Authorization: Bearer <good token>, once more",
        Request("GET", "/get-user", token="good"),
        (status(200), USER),
        "After all the bad tokens, the good one must still be accepted.",
    ),
    Case(
        "GET /get-user  (no Authorization), once more",
        Request("GET", "/get-user"),
        (status(200), NOBODY),
        "After good tokens, a request without a token must still have no user.",
    ),
)
FAILING = (
    *(failing_handler(path, "good token", "good") for path in FAILURES),
    *(failing_handler(path, "no Authorization", "") for path in ("/fails", "/breaks")),
    *(failing_storage(kind.__name__) for kind in OUTAGES),
    *BAD_KEYS,
)


def not_in_header(where: str, request: Request, means: str) -> Case:
    """A good token in another place than the header `Authorization`."""
    return Case(
        f"{request.method} /get-user  (no Authorization), with a good token {where}",
        request,
        (status(200), NOBODY),
        f"The header `Authorization` is not there, so there is no bearer token. {means}",
    )


NAMES = ("token", "access_token", "jwt", "auth", "session", "Authorization", "bearer")


def every_name(bench: Any, between: str) -> str:
    return between.join(f"{name}={bench.token('good')}" for name in NAMES)


IN_OTHER_PLACES = (
    not_in_header(
        "in cookies",
        Request(
            "GET", "/get-user", headers={"Cookie": From(lambda bench: every_name(bench, "; "))}
        ),
        "A browser sends a cookie by itself, for other sites too, so a token is not read from there.",
    ),
    not_in_header(
        "in the address",
        Request("GET", From(lambda bench: "/get-user?" + every_name(bench, "&"))),
        "An address stays in logs and histories, so a token is not read from there.",
    ),
    not_in_header(
        "in other headers",
        Request(
            "GET",
            "/get-user",
            headers={
                name: From(lambda bench: f"Bearer {bench.token('good')}")
                for name in (
                    "X-Authorization",
                    "X-Access-Token",
                    "X-Auth-Token",
                    "Proxy-Authorization",
                    "X-Forwarded-Authorization",
                )
            },
        ),
        "Another header is not read.",
    ),
    not_in_header(
        "in a form",
        Request(
            "POST",
            "/get-user",
            data=From(lambda bench: {name: bench.token("good") for name in NAMES}),
        ),
        "The body is the handler's, and a token is not read from there.",
    ),
)

ANY_REQUEST = "The middleware stands before every handler: a bad token gets 401 whatever the {} is. Look at the token in every request."


def bad_by(method: str, path: str, what: str) -> Case:
    return Case(
        f"{method} {path}  Authorization: Bearer <tampered token>",
        Request(method, path, token="tampered"),
        (
            status(401),
            challenged("invalid_token", CHALLENGE),
            *((SAME,) if method != "HEAD" else ()),
            DID_NOT_RUN,
        ),
        "A token that is not accepted gets 401.",
        (
            Mistake(
                lambda trial: trial.error is None and (trial.status or 0) != 401,
                ANY_REQUEST.format(what),
            ),
        ),
    )


def good_by(method: str, path: str, what: str) -> Case:
    return Case(
        f"{method} {path}  Authorization: Bearer <good token>",
        Request(method, path, token="good"),
        (status(200), USER),
        f"The middleware stands before every handler: it finds the user whatever the {what} is.",
    )


METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
PATHS = (
    "/",
    "/login",
    "/login-history",
    "/register",
    "/public",
    "/health",
    "/favicon.ico",
    "/static/page.js",
    "/a/b/c",
)
ANY_METHOD_AND_PATH = (
    *(bad_by(method, "/get-user", "method") for method in METHODS),
    *(good_by(method, "/get-user", "method") for method in METHODS[:-1]),
    *(bad_by("GET", path, "path") for path in PATHS),
    good_by("GET", "/login-history", "path"),
    bad_by("POST", "/login", "path"),
)

# --- the claims decide whose request it is, and nothing else about the user -----------------------------------------

MORE_CLAIMS = Case(
    "GET /get-user  Authorization: Bearer <good token that says is_admin: true, and has an e-mail and an id of its own>",
    Request(
        "GET",
        "/get-user",
        headers={
            "Authorization": From(
                lambda bench: (
                    "Bearer "
                    + bench.sign(
                        is_admin=True,
                        admin=True,
                        scope="admin profile",
                        email=bench.admin.email,
                        id=bench.admin.id,
                    )
                )
            )
        },
    ),
    (status(200), USER),
    "This token is good: its other claims change nothing.",
    (
        Mistake(
            answered(200),
            "The user must be the one whom the storage has, unchanged. What a user may do can change after a token was issued: the claims name the user and no more.",
        ),
    ),
)


async def after_deletion(server: Server, bench: Any) -> Exchange:
    users = bench.users._by_id
    user = users.pop(bench.sub)
    try:
        return await server.get("/get-user", headers=carrying(bench.token("good")))
    finally:
        users[bench.sub] = user


async def after_change(server: Server, bench: Any) -> Exchange:
    bench.users.replace(changed(bench))
    try:
        return await server.get("/get-user", headers=carrying(bench.token("good")))
    finally:
        bench.users.replace(bench.user)


def changed(bench: Any) -> User:
    user: User = bench.user
    return dataclasses.replace(user, is_admin=True)


def carrying(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


KEPT = Mistake(
    lambda trial: answered(200)(trial) and json_of(trial)["user"].startswith(str(trial.bench.user)),
    "The same token was sent before, and the response is still the one of that time. Keep nothing from one request to the next: verify each token, and look up its user, each time.",
)
ANOTHER_KEY = Mistake(
    lambda trial: trial.error is None,
    "The first application got the right responses, and this one, with another key and other users, did not. "
    "Take both from `request.app`, the application that this request came to, and keep neither from one request to the next.",
)
MIXED_UP = Mistake(
    lambda trial: trial.error is None,
    "A second request came while the first one waited for the user storage, and a response is not the right one. "
    "Each request gets its own response: keep what belongs to one request in local variables, since all requests share a global.",
)


def two_at_once(sent: str, second: Request, want: Want, text: str) -> Case:
    return Case(
        f"GET /get-user  Authorization: Bearer <good token>, and before its response the same {sent}",
        at_once(Request("GET", "/get-user", token="good"), second, lambda bench: str(bench.sub)),
        (status(200), USER, meanwhile(want, text)),
        "Each request gets the response for its own token.",
        (MIXED_UP,),
    )


KEEPING_NOTHING = (
    Case(
        "GET /get-user  Authorization: Bearer <expired token>, which was accepted before it expired",
        Request("GET", "/get-user", token="expired"),
        (status(401), challenged("invalid_token", CHALLENGE), SAME, DID_NOT_RUN),
        "This token has expired since: 401.",
        (KEPT,),
        asked_before=True,
    ),
    Case(
        "GET /get-user  Authorization: Bearer <good token>, whose user was deleted a moment ago",
        after_deletion,
        (status(401), challenged("invalid_token", CHALLENGE), SAME, DID_NOT_RUN),
        "The user of this token does not exist any more: 401.",
        (KEPT,),
    ),
    Case(
        "GET /get-user  Authorization: Bearer <good token>, whose user was made an administrator a moment ago",
        after_change,
        (
            status(200),
            body_from(
                'the JSON {"user": "<the user>, an administrator now"}',
                lambda bench: {"user": str(changed(bench))},
            ),
        ),
        "The user must be the one whom the storage has now.",
        (KEPT,),
    ),
    Case(
        "GET /get-user on one connection, with the good token, with the administrator's, and without Authorization",
        on_one_connection("good", "admin", ""),
        (status(200), NOBODY, meanwhile(status(200), "status 200 for each of them")),
        "A connection may carry the requests of many users, behind a proxy for example: look at the token in each request.",
    ),
    two_at_once(
        "with the administrator's",
        Request("GET", "/get-user", token="admin"),
        ADMIN,
        "the administrator in the response to the second request",
    ),
    two_at_once(
        "without Authorization",
        Request("GET", "/get-user"),
        NOBODY,
        "nobody in the response to the second request",
    ),
    two_at_once(
        "with a tampered token",
        Request("GET", "/get-user", token="tampered"),
        status(401),
        "status 401 for the second request",
    ),
    Case(
        "GET /get-user  Authorization: Bearer <good token>, in another application",
        Request("GET", "/get-user", token="good"),
        (status(200), USER),
        "This token is good in this application: it was signed with its key, and its user exists there.",
        (ANOTHER_KEY,),
        elsewhere=True,
    ),
    Case(
        "GET /get-user  Authorization: Bearer <good token of the first application>, in another application",
        Request(
            "GET",
            "/get-user",
            headers={"Authorization": From(lambda bench: f"Bearer {bench.first.token('good')}")},
        ),
        (status(401), challenged("invalid_token", CHALLENGE), SAME, DID_NOT_RUN),
        "This token was signed with another application's key: 401.",
        (ANOTHER_KEY,),
        elsewhere=True,
    ),
)
OTHER_REQUESTS = (
    *IN_OTHER_PLACES,
    *ANY_METHOD_AND_PATH,
    MORE_CLAIMS,
    *KEEPING_NOTHING,
    *ONCE_MORE,
)
