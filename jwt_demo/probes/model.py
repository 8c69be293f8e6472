"""What a probe is, how it can end, and how bad that is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from .pages import page_of

HELD, BROKEN, NOT_RUN = "held", "broken", "not run"
HOLE, CRASH, MUST, HYGIENE = "hole", "crash", "must", "hygiene"
SEVERITIES = {  # the worst first
    HOLE: "an attacker gets access or information, or keeps access that should have ended",
    CRASH: "a 5xx status, no response in time, or a dropped connection",
    MUST: "the server breaks a rule that an RFC marks with MUST; this alone gives nobody access",
    HYGIENE: "the server does not follow good practice, or does not help the client",
}


@dataclass(frozen=True)
class Probe:
    """An attack as data. `run(session)` returns what it got; it raises Broken or NotRun with what it got instead.

    `control` is what has to work before and after it: the good "token", the good "login", or "" where the probe sees to it itself.
    `secret` says that its tokens are signed, `alone` that nothing else may be under way meanwhile. `severity` is how bad it is
    when the server accepts what it should reject; `logins` is how many times `run` logs in.
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
    severity: str = HOLE
    logins: int = 0


class Broken(Exception):
    """The server gave the wrong answer; the text says which.

    `severity` is that of the probe where none is given. `shaky`: it may be the effect of another probe at the same time.
    """

    def __init__(self, got: str, severity: str | None = None, *, shaky: bool = False):
        super().__init__(got)
        self.severity, self.shaky = severity, shaky


class NotRun(Exception):
    """The probe can't say anything about this server; the text says why."""


@dataclass(frozen=True)
class Result:
    """A probe, its verdict, and what it got (or, not run, the reason).

    `severity` is None unless it is broken. `same_as` names the broken probe that has the same cause.
    """

    probe: Probe
    verdict: str
    got: str
    seconds: float = field(default=0.0, compare=False)
    shaky: bool = field(default=False, compare=False, repr=False)
    severity: str | None = None
    same_as: str | None = None

    def __post_init__(self) -> None:
        if self.verdict == BROKEN and self.severity is None:
            object.__setattr__(self, "severity", self.probe.severity)

    def as_dict(self) -> dict[str, str | None]:
        probe = self.probe
        row: dict[str, str | None] = {
            "name": probe.name, "sent": probe.sent, "expected": probe.expected, "got": self.got,
            "verdict": self.verdict, "severity": self.severity, "reference": probe.reference, "why": probe.why,
        }  # fmt: skip
        if page := page_of(probe.name):
            row["page"] = page
        if self.same_as:
            row["same_as"] = self.same_as
        return row
