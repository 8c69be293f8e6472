"""The vocabulary of cases: what may be wanted of an answer, and how mistakes are recognised in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ..escaping import plain
from .messages import answer, coroutines_in, is_utf8, value
from .model import Mistake, Trial, Want

# --- of a plain function -------------------------------------------------------------------------------------------


def returns(wanted: Any, means: str = "") -> Want:
    """A value that is the same as `wanted`."""
    return Want(value(wanted), lambda trial: same(trial.value, wanted), means=means)


def same(found: Any, wanted: Any) -> bool:
    """Equal values of kinds that a caller can't tell apart: a list for a tuple, a subclass; but True is not 1, and b"a" not "a".

    >>> same([1, (2,)], (1, [2])), same(True, 1), same(None, False), same("a", b"a")
    (True, False, False, False)
    """
    if wanted is None or isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    if isinstance(wanted, dict):
        return (
            isinstance(found, Mapping)
            and set(found) == set(wanted)
            and all(same(found[name], wanted[name]) for name in wanted)
        )
    if isinstance(wanted, (list, tuple)):
        return (
            isinstance(found, (list, tuple))
            and len(found) == len(wanted)
            and all(map(same, found, wanted))
        )
    for kinds in ((str,), (bytes, bytearray), (int, float), (set, frozenset)):
        if isinstance(wanted, kinds):
            both_nan = wanted != wanted and found != found
            return isinstance(found, kinds) and bool(found == wanted or both_nan)
    return type(found) is type(wanted) and bool(found == wanted)


def gives(
    text: str,
    holds: Callable[[Any], object],
    means: str = "",
    got: Callable[[Any], str] | None = None,
) -> Want:
    """Something about the value, in words."""
    return Want(
        text,
        lambda trial: holds(trial.value),
        (lambda trial: got(trial.value)) if got else None,
        means,
    )


def user_or(found: Any) -> str:
    """A user as users read, anything else as a value."""
    return str(found) if hasattr(found, "email") else value(found)


def finds(text: str, name: str) -> Want:
    """The value is the very user who has this name on the bench."""
    return Want(
        text,
        lambda trial: trial.value is getattr(trial.bench, name),
        lambda trial: user_or(trial.value),
    )


# --- of an answer over HTTP ----------------------------------------------------------------------------------------


def status(wanted: int, means: str = "") -> Want:
    return Want(f"status {wanted}", lambda trial: trial.status == wanted, means=means)


def server_error(means: str = "") -> Want:
    """A status that blames the server, whichever."""
    return Want("a status from 500 on", lambda trial: (trial.status or 0) >= 500, means=means)


def header(name: str, wanted: str, means: str = "") -> Want:
    """The header contains `wanted`, in any case of letters."""

    def shown(trial: Trial) -> str:
        found = trial.headers.get(name)
        return f"{name}: {plain(found)}" if found else f"no {name} header"

    return Want(
        f"{name}: {wanted}",
        lambda trial: wanted.lower() in trial.headers.get(name, "").lower(),
        shown,
        means,
    )


def media_type(wanted: str, means: str = "") -> Want:
    """The Content-Type, whatever parameters stand behind it."""

    def found(trial: Trial) -> str:
        told = trial.headers.get("Content-Type", "")
        return told.partition(";")[0].strip().lower()

    return Want(
        f"Content-Type: {wanted}",
        lambda trial: found(trial) == wanted,
        lambda trial: f"Content-Type: {plain(found(trial))}" if found(trial) else "no Content-Type",
        means,
    )


def body(wanted: Any, means: str = "") -> Want:
    """The body is this JSON value."""
    return Want(
        f"the JSON {json.dumps(wanted)}", lambda trial: same(json_of(trial), wanted), means=means
    )


def body_from(text: str, make: Callable[[Any], object], means: str = "") -> Want:
    """The body is the JSON value that `make` gives for the bench; `text` says it in words."""
    return Want(text, lambda trial: same(json_of(trial), make(trial.bench)), means=means)


def body_has(text: str, holds: Callable[[Any], object], means: str = "") -> Want:
    """Something about the JSON of the body, in words; None where it is not JSON."""
    return Want(text, lambda trial: holds(json_of(trial)), means=means)


def body_says(wanted: str, means: str = "") -> Want:
    """The body contains a word."""
    return Want(f"a response that says {wanted!r}", lambda trial: wanted in trial.text, means=means)


def challenged(error: str | None, means: str = "") -> Want:
    """`WWW-Authenticate: Bearer`, with this error code or without any (RFC 6750 §3)."""

    def holds(trial: Trial) -> bool:
        found = trial.headers.get("WWW-Authenticate", "")
        code = re.search(r'error="?([a-z_]+)', found)
        scheme = re.match(r"bearer(?=[\s,]|$)", found, re.IGNORECASE)
        return scheme is not None and (code.group(1) if code else None) == error

    def shown(trial: Trial) -> str:
        found = trial.headers.get("WWW-Authenticate")
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


def refusal(trial: Trial) -> tuple[Any, ...]:
    """What a client sees of a rejection: status, body and each header that says something about the request."""
    told = sorted(
        (name.lower(), text)
        for name, text in trial.headers.items()
        if name.lower() not in ("date", "x-request-id")
    )
    return trial.status, trial.text, *told


def json_of(trial: Trial) -> Any:
    """The JSON of the body; None for what is no JSON, as no other alphabet than UTF-8 is (RFC 8259 §8.1)."""
    try:
        return json.loads(trial.exchange.body.decode("utf-8")) if trial.exchange else None
    except ValueError:
        return None


# --- of the function itself ----------------------------------------------------------------------------------------


def aware(means: str = "") -> Want:
    """No datetime without a zone was given to PyJWT, which takes it for UTC, whatever clock it came from."""
    return Want(
        "datetimes with a zone",
        lambda trial: not naive(trial),
        lambda trial: "a naive datetime",
        means or NAIVE,
    )


def naive(trial: Trial) -> bool:
    payloads = [payload for payload in trial.bench.payloads if isinstance(payload, dict)]
    return any(
        isinstance(claim, datetime) and claim.tzinfo is None
        for payload in payloads
        for claim in payload.values()
    )


NAIVE = (
    "PyJWT was given a datetime without a zone. PyJWT takes it for UTC, whatever clock it came from, and local time is hours wrong outside of UTC. "
    "Use a datetime that has a zone, such as `datetime.now(timezone.utc)`."
)


# --- mistakes ------------------------------------------------------------------------------------------------------


TWICE = Mistake(
    lambda trial: isinstance(json_of(trial), str) and holds_json(json_of(trial)),
    "The body is JSON inside of JSON: a string that contains the encoded value. "
    "Encode the value once. (`web.json_response` does it itself, with `json.dumps`.)",
)
PYTHONS = Mistake(
    lambda trial: trial.text.startswith("{'"),
    "The body is written as Python writes a dict, with single quotes. `json.dumps` writes JSON.",
)


def holds_json(text: str) -> bool:
    """Whether a text is a JSON object or list; "0" may be a number that was made a text by other means."""
    try:
        return isinstance(json.loads(text), (dict, list))
    except ValueError:
        return False


NOT_UTF8 = Mistake(
    lambda trial: trial.exchange is not None and not is_utf8(trial.exchange.body),
    "These bytes are not UTF-8, and JSON is always sent as UTF-8 (RFC 8259 §8.1).",
)


def raised(*kinds: type[BaseException]) -> Callable[[Trial], bool]:
    return lambda trial: isinstance(trial.error, kinds)


def error_says(text: str) -> Callable[[Trial], bool]:
    return lambda trial: trial.error is not None and text in str(trial.error)


def answered(*statuses: int) -> Callable[[Trial], bool]:
    return lambda trial: trial.error is None and trial.status in statuses


def returned(holds: Callable[[Any], object]) -> Callable[[Trial], bool]:
    return lambda trial: trial.error is None and not trial.stuck and bool(holds(trial.value))


PAIR_TURNED_ROUND = Mistake(
    returned(
        lambda value: (
            [type(part) for part in value] == [dict, bool]
            if isinstance(value, tuple | list)
            else False
        )
    ),
    "The two values are in the other order. Return the result first, and then the dict.",
)


def unawaited(trial: Trial) -> set[str]:
    """Names of the functions whose coroutine was made and never awaited, where that is how the learner's code went wrong."""
    told = re.findall(
        r"coroutine '(?:[\w<>]+\.)*(\w+)' was never awaited",
        " ".join(trial.exchange.warnings if trial.exchange else ()),
    )
    return {*told, *(found.__name__ for found in coroutines_in(trial.error))}
