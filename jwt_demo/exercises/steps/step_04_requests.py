"""The cases that both decorators of step 4 share: other methods, handlers that fail, several handlers, two requests at once, another application."""

from __future__ import annotations

from ..fixtures import FAILURES, with_article
from ..matchers import answered, challenged, status
from ..model import Case, Mistake, Request
from ..overlap import at_once, meanwhile
from .step_04_wants import ADMIN, DID_NOT_RUN, HANDED_THROUGH, NO_CODE, RAN_ONCE, WHO

METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
EVERY_METHOD = Mistake(
    lambda trial: trial.error is None,
    "With GET, the same request got the right response, and with this method it did not. The decorator does the same whatever the method of the request is.",
)
CAUGHT = Mistake(
    lambda trial: answered(401, 403)(trial) and trial.ran,
    "The handler raised an exception, and your code caught it as if something was wrong with the request. Keep the call of the handler out of every `try`.",
)
ANOTHER_APPLICATION = Mistake(
    lambda trial: trial.error is None,
    "The first application got the right responses, and this one, which has users of its own, did not. The response may depend on this request alone: keep nothing from one to the next.",
)
MIXED_UP = Mistake(
    lambda trial: trial.error is None,
    "A second request came while the handler of the first one waited, and a response is not the right one. "
    "Each request gets its own response: keep what belongs to one request in local variables, since all requests share the rest.",
)


def with_each_method(path: str) -> tuple[Case, ...]:
    """Nobody logged in: 401 for each method; somebody: the handler's response."""
    return (
        *(
            Case(
                f"{method} {path}  (no Authorization)",
                Request(method, path),
                (status(401), challenged(None, NO_CODE), DID_NOT_RUN),
                "Nobody is logged in: 401.",
                (EVERY_METHOD,),
            )
            for method in METHODS
        ),
        Case(
            f"POST {path}  Authorization: Bearer <good token of the administrator>",
            Request("POST", path, token="admin"),
            (status(200), ADMIN, HANDED_THROUGH, RAN_ONCE),
            "This user is logged in, so the handler returns its response.",
            (EVERY_METHOD,),
        ),
    )


def handler_fails(path: str) -> tuple[Case, ...]:
    return tuple(
        Case(
            f"GET {path}, whose handler raises {with_article(kind.__name__)}  Authorization: Bearer <good token of the administrator>",
            Request("GET", f"{path}?raise={failure}", token="admin"),
            (status(500),),
            "The mistake is the handler's: 500. The exception must pass the wrapper.",
            (CAUGHT,),
        )
        for failure, kind in FAILURES.items()
    )


def another_handler(path: str, *, first: str) -> tuple[Case, ...]:
    """A second decorated handler, and the first one once more."""
    return tuple(
        Case(
            f"GET {each}, {what}  Authorization: Bearer <good token of the administrator>",
            Request("GET", each, token="admin"),
            (status(200), ADMIN, HANDED_THROUGH, RAN_ONCE),
            "Each decorated handler returns its own response.",
        )
        for each, what in (
            (path, "another decorated handler"),
            (first, "once more"),
        )
    )


def two_at_once(path: str, other: str) -> tuple[Case, ...]:
    """A request of the administrator, and before its response one of somebody else for another path."""
    sent = f"GET {path}  Authorization: Bearer <good token of the administrator>, and before its response"
    first = Request("GET", path, token="admin")
    return (
        Case(
            f"{sent} GET {other} with the user's",
            at_once(first, Request("GET", other, token="good"), lambda bench: str(bench.admin.id)),
            (
                status(200),
                ADMIN,
                HANDED_THROUGH,
                meanwhile(WHO, "the user in the response to the second request"),
                meanwhile(
                    HANDED_THROUGH, "the header X-Handler in the response to the second request"
                ),
            ),
            "Each request gets its own response.",
            (MIXED_UP,),
        ),
        Case(
            f"{sent} the same without Authorization",
            at_once(first, Request("GET", path), lambda bench: str(bench.admin.id)),
            (
                status(200),
                ADMIN,
                HANDED_THROUGH,
                meanwhile(status(401), "status 401 for the second request"),
            ),
            "Each request gets its own response.",
            (MIXED_UP,),
        ),
    )


def in_another_application(path: str) -> tuple[Case, ...]:
    return (
        Case(
            f"GET {path}  (no Authorization), in another application",
            Request("GET", path),
            (status(401), challenged(None, NO_CODE), DID_NOT_RUN),
            "Nobody is logged in: 401.",
            (ANOTHER_APPLICATION,),
            elsewhere=True,
        ),
        Case(
            f"GET {path}  Authorization: Bearer <good token of the administrator>, in another application",
            Request("GET", path, token="admin"),
            (status(200), ADMIN, HANDED_THROUGH, RAN_ONCE),
            "This user is logged in, so the handler returns its response.",
            (ANOTHER_APPLICATION,),
            elsewhere=True,
        ),
    )
