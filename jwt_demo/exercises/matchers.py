"""The vocabulary of cases: what may be wanted of an answer, and how mistakes are recognised in it."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from .messages import answer, coroutines_in, plain, value
from .model import Trial, Want

# --- of a plain function -------------------------------------------------------------------------------------------


def returns(wanted: Any, means: str = "") -> Want:
    """The value itself: equal and of the same type, so that True is not 1."""
    return Want(
        value(wanted),
        lambda trial: type(trial.value) is type(wanted) and trial.value == wanted,
        means=means,
    )


def gives(
    text: str, holds: Callable[[Any], Any], means: str = "", got: Callable[[Any], str] | None = None
) -> Want:
    """Something about the value, in words."""
    return Want(
        text,
        lambda trial: holds(trial.value),
        (lambda trial: got(trial.value)) if got else None,
        means,
    )


# --- of an answer over HTTP ----------------------------------------------------------------------------------------


def status(wanted: int, means: str = "") -> Want:
    return Want(f"status {wanted}", lambda trial: trial.status == wanted, means=means)


def header(name: str, wanted: str, means: str = "") -> Want:
    """The header contains `wanted`, in any case of letters."""

    def shown(trial: Trial) -> str:
        found = trial.exchange.headers.get(name) if trial.exchange else None
        return f"{name}: {plain(found)}" if found else f"no {name} header"

    return Want(
        f"{name}: {wanted}",
        lambda trial: wanted.lower() in trial.exchange.headers.get(name, "").lower(),
        shown,
        means,
    )


def body(wanted: Any, means: str = "") -> Want:
    """The body is this JSON value."""
    return Want(
        f"the JSON {json.dumps(wanted)}", lambda trial: json_of(trial) == wanted, means=means
    )


def body_has(text: str, holds: Callable[[Any], Any], means: str = "") -> Want:
    """Something about the JSON of the body, in words; None where it is not JSON."""
    return Want(text, lambda trial: holds(json_of(trial)), means=means)


def body_says(wanted: str, means: str = "") -> Want:
    """The body contains a word."""
    return Want(
        f"an answer that says {wanted!r}", lambda trial: wanted in trial.exchange.text, means=means
    )


def challenged(error: str | None, means: str = "") -> Want:
    """`WWW-Authenticate: Bearer`, with this error code or without any (RFC 6750 §3)."""

    def holds(trial: Trial) -> bool:
        found = trial.exchange.headers.get("WWW-Authenticate", "")
        code = re.search(r'error="?([a-z_]+)', found)
        return found.lower().startswith("bearer") and (code.group(1) if code else None) == error

    def shown(trial: Trial) -> str:
        found = trial.exchange.headers.get("WWW-Authenticate") if trial.exchange else None
        return (
            f"WWW-Authenticate: {plain(found)}"
            if found
            else f"{answer(trial.exchange)}, no WWW-Authenticate header"
        )

    text = (
        f'WWW-Authenticate: Bearer … error="{error}"'
        if error
        else "WWW-Authenticate: Bearer, without an error code"
    )
    return Want(text, holds, shown, means)


def json_of(trial: Trial) -> Any:
    try:
        return trial.exchange.json() if trial.exchange else None
    except ValueError:
        return None


# --- of the function itself ----------------------------------------------------------------------------------------


def is_async(means: str) -> Want:
    """The learner's function is an `async def` or a class of views; aiohttp takes nothing else, not even an object whose call is one."""
    return Want(
        "an async def",
        lambda trial: inspect.iscoroutinefunction(trial.candidate) or is_view(trial.candidate),
        lambda trial: "a plain def",
        means,
    )


def is_view(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, web.View)


def aware() -> Want:
    """No datetime without a zone was given to PyJWT, which takes it for UTC, whatever clock it came from."""
    return Want(
        "datetimes with a zone",
        lambda trial: not naive(trial),
        lambda trial: "a naive datetime",
        NAIVE,
    )


def naive(trial: Trial) -> bool:
    payloads = [payload for payload in trial.bench.payloads if isinstance(payload, dict)]
    return any(
        isinstance(claim, datetime) and claim.tzinfo is None
        for payload in payloads
        for claim in payload.values()
    )


NAIVE = (
    "A datetime without a zone: in New York this token would be dead on arrival, in Tokyo it would live nine hours more. "
    "Count from one that knows its zone, as `datetime.now(timezone.utc)` does."
)


# --- mistakes ------------------------------------------------------------------------------------------------------


def raised(*kinds: type[BaseException]) -> Callable[[Trial], bool]:
    return lambda trial: isinstance(trial.error, kinds)


def answered(*statuses: int) -> Callable[[Trial], bool]:
    return lambda trial: trial.error is None and trial.status in statuses


def returned(holds: Callable[[Any], Any]) -> Callable[[Trial], bool]:
    return lambda trial: trial.error is None and not trial.stuck and bool(holds(trial.value))


def unawaited(trial: Trial) -> set[str]:
    """Names of the functions whose coroutine was made and never awaited, where that is how the learner's code went wrong."""
    told = re.findall(
        r"coroutine '(?:[\w<>]+\.)*(\w+)' was never awaited",
        " ".join(trial.exchange.warnings if trial.exchange else ()),
    )
    return {*told, *(found.__name__ for found in coroutines_in(trial.error))}
