"""What a picture is made of: blocks that each renderer draws in its own way, and that hold nothing but text and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..tokens.findings import Finding

YES, NO, OPEN = "✓", "✗", "○"


@dataclass(frozen=True)
class Segments:
    """The three parts side by side: label, text, what it is."""

    parts: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Statement:
    mark: str
    name: str
    words: str


@dataclass(frozen=True)
class Statements:
    rows: list[Statement]


@dataclass(frozen=True)
class Row:
    name: str
    value: str
    meaning: str
    reference: str
    time: str = ""


@dataclass(frozen=True)
class Table:
    """Name, value, meaning, reference; `part` is header or claims."""

    part: str
    caption: str
    rows: list[Row]
    rest: str = ""


@dataclass(frozen=True)
class Findings:
    rows: list[Finding]


@dataclass(frozen=True)
class Line:
    """One line of a listing; `role` is head, field, dim, body, json, mark, header, payload or ''. `number` stands in the margin."""

    text: str
    role: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Listing:
    """Lines under a label; those without a role, and JSON, are in `language` (python, json or '')."""

    label: str
    lines: list[Line]
    language: str = ""


@dataclass(frozen=True)
class Note:
    label: str
    text: str
    severity: str = "error"


@dataclass(frozen=True)
class Arrow:
    """From one lane to another (0 is the first); an arrow from a lane to itself is a note there. `odd`: no response came."""

    start: int
    end: int
    text: str
    odd: bool = False


@dataclass(frozen=True)
class Diagram:
    """Who spoke to whom, in order: in a server the client, the middlewares from outside in, the handler."""

    lanes: list[str]
    exchanges: list[list[Arrow]]
    rest: str = ""


@dataclass(frozen=True)
class Box:
    title: str
    text: str = ""


@dataclass(frozen=True)
class Link:
    """From the box with one title to that with another."""

    start: str
    end: str
    label: str = ""


@dataclass(frozen=True)
class Flow:
    """Boxes in columns from left to right, and what leads from one to another."""

    columns: list[list[Box]]
    links: list[Link]


@dataclass(frozen=True)
class Outcome:
    """Who sent what, what was expected, what came back; `as_expected` is None where nothing was expected."""

    who: str
    sent: str
    expected: str
    got: str
    detail: str = ""
    as_expected: bool | None = None
    result: Any = None  # what came back, as it came: an exchange, for example

    @property
    def mark(self) -> str:
        return OPEN if self.as_expected is None else YES if self.as_expected else NO

    @property
    def word(self) -> str:
        if self.as_expected is None:
            return "not judged"
        return "as expected" if self.as_expected else "not as expected"


@dataclass(frozen=True)
class OutcomeTable:
    """`who` is the title of the first column."""

    who: str
    rows: list[Outcome]

    @property
    def judged(self) -> bool:
        return any(row.as_expected is not None for row in self.rows)

    @property
    def summary(self) -> str:
        counted = [row.as_expected for row in self.rows if row.as_expected is not None]
        if not self.rows:
            return "(no cases)"
        return f"{sum(counted)} of {len(counted)} as expected" if counted else ""


@dataclass(frozen=True)
class Picture:
    """A title for screen readers, and blocks from top to bottom."""

    title: str
    blocks: list[Any]
