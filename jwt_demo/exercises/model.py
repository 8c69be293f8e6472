"""An exercise as data: its stub, its cases, its hints, its solution.

How a case is tried stands in `checker`, what is said of an outcome in `messages`; right and wrong answers for the tests
stand in `tests/exercises/answers`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from multidict import CIMultiDictProxy

from ..server.exchange import Exchange, no_headers


@dataclass(frozen=True)
class Exercise:
    """One idea to try out. `name` is step and slug, `function` what the stub defines."""

    name: str
    function: str
    idea: str  # in the words of the lesson, one sentence
    stub: str  # as it stands in the notebook's cell
    solution: str
    hints: tuple[str, str, str]  # a nudge, the concept, nearly the code
    cases: tuple[Case, ...]  # the easiest first
    learnt: str  # what a success says
    given: str = (
        ""  # what the notebook has defined by then, for those who run an answer outside of it
    )
    shape: tuple[Want, ...] = ()  # what must hold of the function itself, before anything is asked
    mount: Callable[[Any, Any], Any] | None = (
        None  # (candidate, bench) → web.Application; None: a plain function
    )
    kind: str = "function"  # what the candidate is; also handler, middleware, decorator, decorator factory, response, routes, verifier
    mistakes: tuple[Mistake, ...] = ()  # named ones that may come up in any case
    bench: Callable[[], Awaitable[Any]] | None = None  # None: fixtures.Bench
    may_change_arguments: bool = False  # whether the function is there to change what it is given
    needs: tuple[str, ...] = ()  # modules of the extra `frameworks`; without them it is skipped

    @property
    def step(self) -> str:
        return self.name[:2]

    @property
    def slug(self) -> str:
        return self.name[3:]

    @property
    def digest(self) -> str:
        """What is asked for, as a hash: a better sentence does not change it, another case does."""
        asked = [
            self.name,
            self.function,
            self.stub,
            [[case.sent, [want.text for want in case.wants]] for case in self.cases],
        ]
        return hashlib.sha256(json.dumps(asked).encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True)
class Case:
    """One thing that is tried: what is sent, what must come back, what it means when it does not."""

    sent: str  # as the reader sees it; never a token's bytes
    send: (
        Call | Request | Callable[[Any, Any], Awaitable[Exchange]]
    )  # a function gets (server, bench): for more than one request
    wants: tuple[Want, ...]
    means: str
    mistakes: tuple[Mistake, ...] = ()
    asked_before: bool = (
        False  # asked once before, on a clock of PyJWT that is behind: an expired token was good
    )
    elsewhere: bool = False  # sent to a second application, with a key and users of its own


@dataclass(frozen=True)
class Want:
    """Something that must hold of what came back."""

    text: str
    holds: Condition
    got: Description | None = None  # what to show instead of the whole answer
    means: str = ""  # where it says more than the case does
    of_error: bool = (
        False  # whether it is about what a function raised; without that none holds then
    )
    value: Callable[[Trial], Any] | None = None  # what must be returned, where it is one value


@dataclass(frozen=True)
class Mistake:
    """A mistake with a name: how to know it, and the sentence that helps. The first that is recognised is told."""

    when: Condition
    says: str


class Call:
    """Arguments for a plain function, made anew for each check. `From` takes one from the bench."""

    def __init__(self, *args: Any, **kwargs: Any):
        self.args, self.kwargs = args, kwargs


@dataclass(frozen=True)
class From:
    """An argument that only exists during a check: `From(lambda bench: bench.users)`."""

    make: Callable[[Any], Any]


@dataclass(frozen=True)
class Request:
    """A request; `token` names one of the bench's tokens ("good", "expired", …), sent as `Authorization: Bearer …`."""

    method: str
    path: str | From
    token: str = ""
    data: Any = None
    json: Any = None
    headers: dict[str, Any] = field(default_factory=dict)  # a value may be From(...)


@dataclass
class Trial:
    """A case that was asked: everything wants and mistakes look at."""

    candidate: Any
    bench: Any
    case: Case | None = None
    args: tuple[Any, ...] = ()  # what a plain function was given, after the call
    before: tuple[Any, ...] = ()  # the same, as it was before the call
    kwargs: dict[str, Any] = field(default_factory=dict)  # what it was given by name
    value: Any = None  # what a plain function returned
    exchange: Exchange | None = None
    error: BaseException | None = None  # what the learner's code raised
    stuck: str = ""  # where it stood when its time was over
    earlier: tuple[Trial, ...] = ()  # the cases before this one, all of which held
    ran: tuple[str, ...] = ()  # the paths whose handler ran for this request
    again: bool = False  # whether all cases held before, with other values

    @property
    def status(self) -> int | None:
        return self.exchange.status if self.exchange else None

    @property
    def headers(self) -> CIMultiDictProxy[str]:
        """Of the response; empty where none came, as `text` and `problem` are."""
        return self.exchange.headers if self.exchange else no_headers()

    @property
    def text(self) -> str:
        return self.exchange.text if self.exchange else ""

    @property
    def problem(self) -> str:
        return self.exchange.problem if self.exchange else ""

    @property
    def sent(self) -> str:
        return self.case.sent if self.case else ""

    @property
    def wanted(self) -> Want | None:
        """What the case wants first: it says what kind of case it is."""
        return self.case.wants[0] if self.case else None

    def is_about(self, text: str) -> bool:
        """Whether the first want of the case has this text."""
        return self.wanted is not None and self.wanted.text == text


Condition = Callable[[Trial], object]  # holds where it gives something true
Description = Callable[[Trial], str]


class Unfit(Exception):
    """Raised by a mount: what the learner gave can't be put into an application. `got` and the sentence that helps."""

    def __init__(self, got: str, means: str):
        super().__init__(means)
        self.got = got


@dataclass(frozen=True)
class Quiz:
    """A question to answer before the cell that answers it is run."""

    name: str
    question: str
    options: dict[str, str]
    right: str
    because: str  # what is true, and how one sees it
    reasons: dict[str, str]  # for each wrong option: what is wrong about this one
