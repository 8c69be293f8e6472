"""One request and its response as they went over the wire, with what happened inside the server between the two."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from multidict import CIMultiDict, CIMultiDictProxy


def no_headers() -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict())


@dataclass
class Step:
    """A request on its way in, or a response on its way out, crossing into `place` (0 is the outermost)."""

    place: int
    name: str
    way: str  # "in" or "out"
    outcome: str = ""  # on the way out: a status, or the name of an exception
    handler: bool = False  # whether `place` is the handler (or the router that found none)


@dataclass
class Exchange:
    """Request and response; `status` is None when no response came, and `problem` then says why in a sentence."""

    method: str
    path: str
    request_headers: list[tuple[str, str]] = field(default_factory=list)
    request_body: bytes = b""
    status: int | None = None
    reason: str = ""
    headers: CIMultiDictProxy[str] = field(
        default_factory=no_headers
    )  # of the response; names in any case
    body: bytes = b""
    error: BaseException | None = None  # what the handler raised, if it did
    problem: str = ""  # what went wrong, for a learner; empty when nothing did
    warnings: list[str] = field(default_factory=list)  # what a library warned of meanwhile
    log: list[str] = field(default_factory=list)  # from WARNING on, where nobody else listens
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 show as the replacement character."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; ValueError, with the status and what stands there instead, where it is not JSON.

        >>> Exchange("GET", "/", status=500, body=b"500: Internal Server Error").json()
        Traceback (most recent call last):
        ValueError: GET / got 500 and no JSON: '500: Internal Server Error'
        """
        try:
            return json.loads(self.body)
        except ValueError:
            answer = (
                f"with {self.status} and no JSON: {self.text[:80]!r}"
                if self.status
                else f"by nobody. {self.problem}"
            )
            raise ValueError(f"{self.method} {self.path} got {answer}") from None


class Exchanges(deque[Exchange]):
    """The exchanges a server had, oldest first; only so many are kept."""
