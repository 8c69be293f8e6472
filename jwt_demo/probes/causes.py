"""One cause is one finding: which broken probes say the same thing as another one, with the same response."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .model import BROKEN, Result

# The left probes report the cause of the right one again when both got the same response.
FOLLOWS: dict[str, str] = {
    "no-token": "other-scheme bearer-alone not-a-token other-methods other-spellings token-in-address",
    "other-scheme": "bearer-alone not-a-token with-company",
    "signature-changed": "signature-cut signature-missing payload-changed header-changed foreign-key foreign-algorithm guessed-secret"
    " alg-none alg-none-spelled alg-odd header-odd header-jwk header-x5c header-jku header-x5u kid-path kid-sql public-key-as-secret"
    " zero-signature not-ascii long-token nested-header json-form",
    "payload-changed": "header-changed",
    "alg-none": "alg-none-spelled alg-odd alg-missing alg-other-hash foreign-algorithm header-jwk header-x5c header-jku header-x5u",
    "header-jku": "header-x5u",
    "respelled": "respelled-logout not-ascii",
    "expired": "no-exp exp-milliseconds odd-times times-in-quotes year-long lookalike-exp never-good",
    "no-exp": "lookalike-exp",
    "exp-milliseconds": "year-long",
    "odd-times": "times-in-quotes",
    "not-yet-valid": "never-good",
    "no-subject": "falsy-subject user-gone",
    "odd-subject": "falsy-subject user-gone",
    "falsy-subject": "user-gone",
    "other-audience": "no-audience odd-audience",
    "no-audience": "odd-audience",
    "other-issuer": "no-issuer odd-issuer",
    "no-issuer": "odd-issuer",
    "other-kind": "no-kind refresh-as-access",
    "after-logout": "respelled-logout logout-twice",
    "rotation": "refresh-reuse refresh-race",
    "refresh-reuse": "refresh-race",
    "token-in-address": "two-ways",
    "login": "good-token wrong-password unknown-email missing-field odd-fields lying-body oversize-body login-timing",
    "wrong-password": "unknown-email missing-field odd-fields lying-body oversize-body",
    "missing-field": "odd-fields lying-body",
    "odd-fields": "lying-body",
}


def with_causes(results: Iterable[Result]) -> list[Result]:
    """The same results; a broken one that repeats the cause of another one names it in `same_as`."""
    results = list(results)
    broken = {result.probe.name: result for result in results if result.verdict == BROKEN}
    cause: dict[str, str] = {}
    for first, others in FOLLOWS.items():
        for other in others.split():
            if first in broken and other in broken and same(broken[first], broken[other]):
                cause.setdefault(other, cause.get(first, first))
    if "no-token" in broken and accepted(broken["no-token"]):
        for name, result in broken.items():
            if name != "no-token" and result.probe.control == "token" and accepted(result):
                cause[name] = "no-token"
    return [replace(result, same_as=cause.get(result.probe.name)) for result in results]


def same(first: Result, other: Result) -> bool:
    """Whether two probes got the same response, whatever the token they sent was called."""
    if accepted(first) and accepted(other):
        return True
    return first.severity == other.severity and response(first) == response(other)


def response(result: Result) -> str:
    """What came back, without the label of what was sent.

    >>> from .model import HELD, Probe
    >>> async def run(session): ...
    >>> response(Result(Probe("x", "", "", "", "", run), HELD, "= at the end: 200, accepted"))
    '200, accepted'
    """
    return result.got.rpartition(": ")[2]


def accepted(result: Result) -> bool:
    return "accepted" in response(result)
