"""What a probe is, and how it can end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

HELD, BROKEN, NOT_RUN = "held", "broken", "not run"


@dataclass(frozen=True)
class Probe:
    """An attack as data. `run(session)` returns what it got; it raises Broken or NotRun with what it got instead.

    `control` is what has to work before and after it: the good "token", the good "login", or "" where the probe sees to it itself.
    `secret` says that its tokens are signed, `alone` that nothing else may be under way meanwhile.
    """

    name: str
    sent: str
    expected: str
    reference: str
    why: str
    run: Callable[[Any], Awaitable[str]] = field(repr=False)
    control: str = "token"
    secret: bool = False
    alone: bool = False


class Broken(Exception):
    """The server gave the wrong answer; the text says which. `shaky`: it may be the doing of another probe meanwhile."""

    def __init__(self, got: str, *, shaky: bool = False):
        super().__init__(got)
        self.shaky = shaky


class NotRun(Exception):
    """The probe can't say anything about this server; the text says why."""


@dataclass(frozen=True)
class Result:
    """A probe, its verdict, and what it got (or, not run, the reason)."""

    probe: Probe
    verdict: str
    got: str
    seconds: float = field(default=0.0, compare=False)
    shaky: bool = field(default=False, compare=False, repr=False)

    def as_dict(self) -> dict[str, str]:
        probe = self.probe
        return {
            "name": probe.name, "sent": probe.sent, "expected": probe.expected, "got": self.got,
            "verdict": self.verdict, "reference": probe.reference, "why": probe.why,
        }  # fmt: skip
