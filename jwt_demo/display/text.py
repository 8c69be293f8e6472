"""Pictures as plain text; every string goes through `escaping`.

The text is complete by itself. It is never wrapped: where its lines break must not depend on the time of day.
"""

from __future__ import annotations

from typing import Any

from ..escaping import visible
from .blocks import (
    Diagram,
    Findings,
    Flow,
    Line,
    Listing,
    Note,
    OutcomeTable,
    Picture,
    Segments,
    Statements,
    Table,
)
from .flow_chart import flow_text
from .sequence_diagram import diagram_text

SEVERITY = {"error": "✗ error", "warning": "! warning", "note": "i note"}


def as_text(picture: Picture) -> str:
    return "\n\n".join(filter(None, (TEXT[type(block)](block) for block in picture.blocks)))


def segments_text(block: Segments) -> str:
    width = max(len(text) for _, text, _ in block.parts)
    return "\n".join(
        f"{place} {label:<9}  {visible(text):<{min(width, 24)}}  {says}"
        for place, (label, text, says) in enumerate(block.parts, start=1)
    )


def statements_text(block: Statements) -> str:
    return "\n".join(f"{row.mark} {row.name:<18}  {visible(row.words)}" for row in block.rows)


def table_text(block: Table) -> str:
    rows = [(visible(row.name), visible(row.value), row) for row in block.rows]
    names = max((len(name) for name, _, _ in rows), default=0)
    values = max((len(value) for _, value, _ in rows if len(value) <= 28), default=0)
    lines = [f"{block.part} ({block.caption})"]
    for name, value, row in rows:
        meaning = f"{row.meaning} · {row.reference}"
        margin = " " * (names + 4)
        if len(value) <= values:
            lines.append(f"  {name:<{names}}  {value:<{values}}  {meaning}")
        else:
            lines += [f"  {name:<{names}}  {value}", f"{margin}{' ' * (values + 2)}{meaning}"]
        if row.time:
            lines.append(f"{margin}{' ' * (values + 2)}{visible(row.time)}")
    if not rows:
        lines.append("  (empty)")
    if block.rest:
        lines.append(f"  {block.rest}")
    return "\n".join(lines)


def findings_text(block: Findings) -> str:
    return "\n".join(
        f"{SEVERITY[row.severity]:<9}  {visible(row.message)} · {row.reference}"
        for row in block.rows
    )


def listing_text(block: Listing) -> str:
    numbers = max(
        (len(str(line.number)) for line in block.lines if line.number is not None), default=0
    )
    lines = [f"{line_margin(line, numbers)}{visible(line.text)}".rstrip() for line in block.lines]
    return "\n".join([visible(block.label), *lines] if block.label else lines)


def line_margin(line: Line, numbers: int) -> str:
    if not numbers:
        return ""
    return f"{'>' if line.role == 'mark' else ' '} {'' if line.number is None else line.number:>{numbers}}  "


def note_text(block: Note) -> str:
    return f"{visible(block.label)}: {visible(block.text)}"


def outcomes_text(block: OutcomeTable) -> str:
    titles = [block.who, "sent", "expected", "got"] if block.judged else [block.who, "sent", "got"]
    cells = [
        [row.who, row.sent, *([row.expected] if block.judged else []), row.got]
        for row in block.rows
    ]
    seen = [titles, *([visible(cell) for cell in row] for row in cells)]
    widths = [min(max(map(len, column)), WIDEST) for column in zip(*seen, strict=True)]
    lines = [in_columns(titles, widths)]
    for row, texts in zip(block.rows, seen[1:], strict=True):
        verdict = [f"{row.mark} {row.word}"] if block.judged else []
        lines.append(in_columns([*texts, *verdict], [*widths, 0]))
        if row.detail:
            lines.append(f"{' ' * (widths[0] + 2)}{visible(row.detail)}")
    return "\n".join([*lines, *(["", block.summary] if block.summary else [])])


def in_columns(texts: list[str], widths: list[int]) -> str:
    return "  ".join(
        f"{text:<{width}}" for text, width in zip(texts, widths, strict=False)
    ).rstrip()


WIDEST = 48  # columns of one cell that others are lined up behind

TEXT: dict[type, Any] = {
    Segments: segments_text, Statements: statements_text, Table: table_text,
    Findings: findings_text, Listing: listing_text, Note: note_text, Diagram: diagram_text,
    OutcomeTable: outcomes_text, Flow: flow_text,
}  # fmt: skip
