"""Pictures in a terminal: the same blocks as in a notebook, coloured and fitted to the window; a pipe gets plain text.

Nothing is ever taken for rich's own markup, and what steers a terminal shows as its escape (see `escaping`).
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from ..escaping import visible
from .blocks import (
    NO,
    OPEN,
    YES,
    Diagram,
    Findings,
    Flow,
    Listing,
    Note,
    OutcomeTable,
    Picture,
    Segments,
    Statements,
    Table,
)
from .text import SEVERITY, TEXT, as_text, line_margin, outcomes_text

NARROW = 76  # columns below which a table no longer stands side by side
TONE = {
    YES: "green",
    NO: "red",
    OPEN: "yellow",
    "error": "red",
    "warning": "yellow",
    "note": "cyan",
}
PART = {"header": "magenta", "payload": "blue", "claims": "blue", "signature": "cyan"}
ROLE = {"head": "bold", "dim": "dim", "mark": "bold yellow", "header": "magenta", "payload": "blue"}


def put(picture: Picture, file: TextIO | None = None, *, console: Console | None = None) -> None:
    """Write a picture to `file` (standard output): as plain text unless it is a terminal, without colour where NO_COLOR is set."""
    file = file or sys.stdout
    with contextlib.suppress(AttributeError, ValueError):
        file.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # an old terminal lacks some of the marks
    console = console or Console(file=file, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        print(as_text(picture), file=file)
        return
    for place, block in enumerate(picture.blocks):
        if place:
            console.print()
        for piece in DRAW[type(block)](block, console.width):
            console.print(piece)


def draw_segments(block: Segments, width: int) -> Iterator[RenderableType]:
    grid = columns(12, None, None)
    for place, (label, text, says) in enumerate(block.parts, start=1):
        grid.add_row(
            Text(f"{place} {label}", f"bold {PART[label]}"), Text(visible(text)), Text(says, "dim")
        )
    yield grid


def draw_statements(block: Statements, width: int) -> Iterator[RenderableType]:
    grid = columns(21, None)
    for row in block.rows:
        grid.add_row(
            Text(f"{row.mark} {row.name}", f"bold {TONE[row.mark]}"), Text(visible(row.words))
        )
    yield grid


def draw_table(block: Table, width: int) -> Iterator[RenderableType]:
    yield Text.assemble((block.part, f"bold {PART[block.part]}"), (f"  {block.caption}", "dim"))
    grid = columns(None, None, None, None)
    for row in block.rows:
        name, value = Text(visible(row.name), "bold"), Text(visible(row.value))
        time = Text(visible(row.time), "italic") if row.time else None
        meaning, reference = Text(visible(row.meaning)), Text(row.reference, "dim")
        if width < NARROW:
            yield Padding(Text.assemble(name, " = ", value), (0, 0, 0, 2))
            for below in filter(None, (time, Text.assemble(meaning, " · ", reference))):
                yield Padding(below, (0, 0, 0, 6))
        else:
            grid.add_row(
                name, Text.assemble(value, "\n", time) if time else value, meaning, reference
            )
    if grid.row_count:
        yield grid
    if block.rest or not block.rows:
        yield Padding(Text(block.rest or "(empty)", "dim"), (0, 0, 0, 2))


def draw_findings(block: Findings, width: int) -> Iterator[RenderableType]:
    grid = columns(9, None)
    for row in block.rows:
        grid.add_row(
            Text(SEVERITY[row.severity], f"bold {TONE[row.severity]}"),
            Text.assemble(visible(row.message), (f" · {row.reference}", "dim")),
        )
    yield grid


def draw_listing(block: Listing, width: int) -> Iterator[RenderableType]:
    numbers = max(
        (len(str(line.number)) for line in block.lines if line.number is not None), default=0
    )
    if block.label:
        yield Text(visible(block.label), "dim")
    for line in block.lines:
        yield Text.assemble(
            (line_margin(line, numbers), "dim"), (visible(line.text), ROLE.get(line.role, ""))
        )


def draw_note(block: Note, width: int) -> Iterator[RenderableType]:
    yield Text.assemble(
        (f"{visible(block.label)}: ", f"bold {TONE[block.severity]}"), visible(block.text)
    )


def draw_words(block: Diagram | Flow, width: int) -> Iterator[RenderableType]:
    yield Text(TEXT[type(block)](block))


def draw_outcomes(block: OutcomeTable, width: int) -> Iterator[RenderableType]:
    for line, tone in outcome_lines(block):
        yield Text(line, tone)


def outcome_lines(block: OutcomeTable) -> list[tuple[str, str]]:
    """The lines of its text, each with the colour of its verdict."""
    tones = [
        TONE[row.mark] for row in block.rows if block.judged for _ in range(1 + bool(row.detail))
    ]
    lines = outcomes_text(block).splitlines()
    return list(zip(lines, ["bold", *tones, *[""] * len(lines)], strict=False))


def columns(*widths: int | None) -> Grid:
    grid = Grid.grid(padding=(0, 2, 0, 0))
    for width in widths:
        grid.add_column(width=width, overflow="fold")
    return grid


DRAW: dict[type, Callable[[Any, int], Iterator[RenderableType]]] = {
    Segments: draw_segments, Statements: draw_statements, Table: draw_table,
    Findings: draw_findings, Listing: draw_listing, Note: draw_note, Diagram: draw_words,
    OutcomeTable: draw_outcomes, Flow: draw_words,
}  # fmt: skip
