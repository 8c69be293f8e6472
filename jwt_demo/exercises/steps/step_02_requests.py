"""The cases of 02-login about requests of other kinds: credentials in other places, failures of the storage, two at once, another application."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ...server.exchange import Exchange
from ...server.server import Server
from ..fixtures import OUTAGES, with_article
from ..matchers import answered, same, server_error, status
from ..model import Case, From, Mistake, Request, Trial, Want
from ..overlap import at_once, meanwhile
from .step_02_wants import ONE_USER, OTHER_USER, claims_in, posts, token_of


def storage_fails(kind: str) -> Case:
    return Case(
        *posts(
            f"email and password, and the user storage raises {with_article(kind)}",
            email=lambda bench: f"{bench.lost[kind]}@lost.example",
            password=lambda bench: bench.password,
        ),
        (server_error(),),
        "The user storage failed, which is a fault of the server: 500.",
        mistakes=(
            Mistake(
                answered(401),
                "For this e-mail the user storage raises an exception, and the response says that the credentials are wrong. Nobody knows that: the fault is in the server. Let the exception of `authenticate` pass.",
            ),
            Mistake(
                answered(400),
                "For this e-mail the user storage raises an exception, and the response says that the request was malformed. It was not: the fault is in the server. Let the exception of `authenticate` pass.",
            ),
        ),
    )


NOT_IN_FORM = Mistake(
    lambda trial: trial.error is None and trial.status != 400,
    "A field is missing in the form, so the response is 400, whatever stands in another place. The task asks for `await request.post()` alone: an address stays in logs and histories, "
    "and a browser sends a cookie by itself.",
)


def query(bench: Any) -> str:
    return f"/login?email={bench.user.email}&password={bench.password}"


def not_in_form(sent: str, request: Request) -> Case:
    return Case(
        f"POST /login  {sent}",
        request,
        (status(400),),
        "What is missing in the form is missing: 400.",
        (NOT_IN_FORM,),
    )


IN_OTHER_PLACES = (
    not_in_form(
        "(an empty form), with e-mail and password in the address",
        Request("POST", From(query), data={}),
    ),
    not_in_form(
        "email=<the user's e-mail>, with the password in the address",
        Request("POST", From(query), data=From(lambda bench: {"email": bench.user.email})),
    ),
    not_in_form(
        "password=<the user's password>, with the e-mail in the address",
        Request("POST", From(query), data=From(lambda bench: {"password": bench.password})),
    ),
    not_in_form(
        "(an empty form), with e-mail and password in cookies",
        Request(
            "POST",
            "/login",
            data={},
            headers={
                "Cookie": From(lambda bench: f"email={bench.user.email}; password={bench.password}")
            },
        ),
    ),
)
MORE_FIELDS = Case(
    *posts(
        "email=<the user's e-mail>  password=<the user's password>  scope=admin profile  is_admin=true  sub=<the administrator's id>",
        email=lambda bench: bench.user.email,
        password=lambda bench: bench.password,
        scope=lambda bench: "admin profile",
        is_admin=lambda bench: "true",
        sub=lambda bench: bench.admin_sub,
    ),
    token_of("user", "<the user's id>"),
    "Fields that nobody asked for change nothing.",
)


async def after_failures(server: Server, bench: Any) -> Exchange:
    """Right credentials, after a dozen wrong ones."""
    form = {"email": bench.user.email, "password": "guessed"}
    for _ in range(12):
        await server.post("/login", data=form)
    return await server.post("/login", data={**form, "password": bench.password})


def moments(trial: Trial) -> Iterator[tuple[str, datetime]]:
    """The claims of all tokens so far that were given to PyJWT as datetimes with fractions of a second."""
    for payload in trial.bench.payloads:
        if isinstance(payload, dict):
            for name, claim in payload.items():
                if isinstance(claim, datetime) and claim.microsecond:
                    yield name, claim


def clock_stands(trial: Trial) -> bool:
    """Whether the last token has a moment, exact to the microsecond, that the first one had."""
    told = [moment for name, moment in moments(trial) if name == "exp"]
    return len(told) > 1 and told[0] == told[-1]


MOVES = Want(
    "an exp that counts from this login",
    lambda trial: not clock_stands(trial),
    lambda trial: "the exp of the first login, to the microsecond",
    "The first token of this check had the same `exp`. Your code keeps the moment from which it counts: after a few minutes, each new token is already expired. "
    "Call `datetime.now(timezone.utc)` in each login.",
)
ANOTHER_APPLICATION = Mistake(
    lambda trial: trial.error is None,
    "The first application got the right responses, and this one, with another key and other users, did not. "
    "Take both from `request.app`, the application that this request came to, and keep nothing from one request to the next.",
)
MIXED_UP = Mistake(
    lambda trial: trial.error is None,
    "A second login came while the first one waited for the user storage, and a response is not the right one. "
    "Each login gets its own response: keep what belongs to one request in local variables, since all requests share a global.",
)


def subject(who: str, text: str) -> Want:
    return Want(
        f"sub is {text}",
        lambda trial: same(claims_in(trial).get("sub"), str(getattr(trial.bench, who).id)),
        lambda trial: f"sub is {claims_in(trial).get('sub')!r}",
    )


def two_at_once(who: str, second: Request, want: Want, text: str) -> Case:
    return Case(
        f"{ONE_USER[0]}, and before its response {who}",
        at_once(ONE_USER[1], second, lambda bench: str(bench.user.email)),
        (status(200), subject("user", "<the user's id>"), meanwhile(want, text)),
        "Each login gets its own response.",
        (MIXED_UP,),
    )


GUESSED = posts("", email=lambda bench: bench.admin.email, password=lambda bench: "guessed")
OTHER_REQUESTS = (
    Case(
        f"{ONE_USER[0]}, once more, after twelve wrong passwords",
        after_failures,
        (*token_of("user", "<the user's id>"), MOVES),
        "After the wrong credentials, the right ones must still get a token.",
    ),
    *(storage_fails(kind.__name__) for kind in OUTAGES),
    *IN_OTHER_PLACES,
    MORE_FIELDS,
    two_at_once(
        "the administrator logs in",
        OTHER_USER[1],
        subject("admin", "<the administrator's id>"),
        "the administrator's id in the second token",
    ),
    two_at_once(
        "the administrator with a wrong password",
        GUESSED[1],
        status(401),
        "status 401 for the second login",
    ),
    Case(
        f"{ONE_USER[0]}, in another application",
        ONE_USER[1],
        token_of("user", "<the user's id>"),
        "",
        (ANOTHER_APPLICATION,),
        elsewhere=True,
    ),
    Case(
        f"{OTHER_USER[0]}, in another application, where they have another id",
        OTHER_USER[1],
        token_of("admin", "<the administrator's id>"),
        "",
        (ANOTHER_APPLICATION,),
        elsewhere=True,
    ),
)
