"""What both decorators of step 4 must do, and the mistakes that come up with both."""

from __future__ import annotations

from ...escaping import plain
from ..matchers import answered, body_from, unawaited
from ..model import Mistake, Trial, Want

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


def served(trial: Trial) -> bool:
    """Whether the response is 200 and the handler ran for it."""
    return bool(answered(200)(trial) and trial.ran)


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
    "Logs and tracebacks show the name of what the decorator returns. `@functools.wraps(handler)` above the wrapper gives it the name of the handler.",
)
NOT_AWAITED = Mistake(
    lambda trial: (
        trial.error is None
        and not trial.ran
        and (trial.bench.handler_name in unawaited(trial) or "never awaited" in trial.problem)
    ),
    "The handler did not run: what its call gives was never awaited. Write `return await handler(request)`.",
)
NO_RESPONSE = Mistake(
    lambda trial: trial.error is None and not trial.ran and "returned None" in trial.problem,
    "The wrapper returned None in place of a response, and the handler did not run. Each way through the wrapper must return a response.",
)
NOT_RETURNED = Mistake(
    lambda trial: trial.error is None and bool(trial.ran) and "returned None" in trial.problem,
    "The handler ran, and the wrapper returned None in place of a response. Return what the handler returns: `return await handler(request)`.",
)
CALLED = Mistake(
    lambda trial: (
        isinstance(trial.error, TypeError) and f"{trial.bench.handler_name}()" in str(trial.error)
    ),
    "The handler takes one argument, the request: `return await handler(request)`.",
)
ATTRIBUTE = Mistake(
    lambda trial: (
        isinstance(trial.error, AttributeError)
        and "'Request' object has no attribute 'user'" in str(trial.error)
    ),
    "A request has no attribute `user`: the article's middleware set it. Here the middleware sets `request[PRINCIPAL]`.",
)
