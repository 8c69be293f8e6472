"""Pictures as HTML for a notebook. No script, no form, no link, no event handler; every string goes through `escaping`.

Colours follow the notebook's theme, and a word or a mark says whatever a colour says.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from ..escaping import escaped, visible
from .blocks import (
    Diagram,
    Findings,
    Flow,
    Line,
    Listing,
    Note,
    Outcome,
    OutcomeTable,
    Picture,
    Segments,
    Statements,
    Table,
)
from .card import coloured, inline
from .flow_chart import flow_svg, flow_text
from .sequence_diagram import diagram_text, svg
from .syntax import Piece, pieces
from .text import SEVERITY, line_margin


def style_sheet(name: str) -> str:
    """A style sheet without its comments and indentation: each output carries one."""
    text = re.sub(
        r"/\*.*?\*/", "", (Path(__file__).parent / name).read_text("utf-8"), flags=re.DOTALL
    )
    return re.sub(r"\s*([{};,])\s*", r"\1", text).replace("}", "}\n").strip()


STYLE = f"<style>\n{style_sheet('outputs.css')}\n</style>"


def as_html(picture: Picture) -> str:
    """One element. Its classes keep MathJax from reading a claim as a formula."""
    blocks = "\n".join(HTML[type(block)](block) for block in picture.blocks)
    return f'<div class="jwt-demo tex2jax_ignore mathjax_ignore" role="group" aria-label="{escaped(picture.title)}">\n{STYLE}\n{blocks}\n</div>'


ANSWER = {"✓": "yes", "✗": "no", "○": "open"}


def segments_html(block: Segments) -> str:
    parts = "\n".join(
        f'<div class="jd-part jd-{label}"><b>{place} {label}</b> <code>{escaped(text)}</code> <small>{says}</small></div>'
        for place, (label, text, says) in enumerate(block.parts, start=1)
    )
    return f'<div class="jd-parts">\n{parts}\n</div>'


def statements_html(block: Statements) -> str:
    rows = "\n".join(
        f'<li class="jd-{ANSWER[row.mark]}"><b><span aria-hidden="true">{row.mark}</span> {row.name}: {ANSWER[row.mark]}</b> '
        f"<span>{inline(row.words)}</span></li>"
        for row in block.rows
    )
    return f'<ul class="jd-statements">\n{rows}\n</ul>'


def table_html(block: Table) -> str:
    rows = "\n".join(
        f'<tr><th scope="row"><code>{escaped(row.name)}</code></th><td><code>{escaped(row.value)}</code>'
        + (f"<br><span>{escaped(row.time)}</span>" if row.time else "")
        + f"</td><td>{inline(row.meaning)}</td><td><small>{escaped(row.reference)}</small></td></tr>"
        for row in block.rows
    )
    rest = (
        f'\n<tr><td colspan="4">{escaped(block.rest or "(empty)")}</td></tr>'
        if block.rest or not block.rows
        else ""
    )
    head = '<tr><th scope="col">name</th><th scope="col">value</th><th scope="col">meaning</th><th scope="col">reference</th></tr>'
    caption = f"<caption><b>{block.part}</b> <small>{block.caption}</small></caption>"
    part = "payload" if block.part == "claims" else block.part
    return f'<table class="jd-claims jd-{part}">\n{caption}\n<thead>{head}</thead>\n<tbody>\n{rows}{rest}\n</tbody>\n</table>'


def findings_html(block: Findings) -> str:
    rows = "\n".join(
        f'<li class="jd-{row.severity}"><b>{SEVERITY[row.severity]}</b> <span>{inline(row.message)} <small>{escaped(row.reference)}</small></span></li>'
        for row in block.rows
    )
    return f'<ul class="jd-findings">\n{rows}\n</ul>'


def listing_html(block: Listing) -> str:
    numbers = max(
        (len(str(line.number)) for line in block.lines if line.number is not None), default=0
    )
    colours = pieces([visible(line.text) for line in block.lines], block.language)
    lines = "\n".join(
        line_html(line, told, max(numbers, 3) if numbers else 0)
        for line, told in zip(block.lines, colours, strict=True)
    )
    label = f'<div class="jd-label">{escaped(block.label)}</div>\n' if block.label else ""
    return f"{label}<pre{NUMBERED if numbers else ''}>{lines}</pre>"


NUMBERED = ' class="jd-numbered"'


def line_html(line: Line, told: list[Piece], numbers: int) -> str:
    margin = f"<small>{escaped(line_margin(line, numbers))}</small>" if numbers else ""
    if line.role in CODE:
        text = coloured(told)
    elif line.role == "field":
        name, colon, value = line.text.partition(":")
        text = coloured([("function", name), ("", colon + value)])
    else:
        text = escaped(line.text)
    role = f" jd-{line.role}" if line.role else ""
    return f'<span class="jd-line{role}">{margin}{text}</span>'


CODE = ("", "json", "mark")  # roles of lines that are in a listing's language


def note_html(block: Note) -> str:
    return f'<p class="jd-callout jd-{block.severity}"><b>{escaped(block.label)}:</b> {inline(block.text)}</p>'


def diagram_html(block: Diagram) -> str:
    return with_words(svg(block), diagram_text(block))


def flow_html(block: Flow) -> str:
    return with_words(flow_svg(block), flow_text(block))


def with_words(drawing: str, text: str) -> str:
    """A drawing and its text twin."""
    lines = "<br>".join(map(escaped, text.splitlines()))
    return f"{drawing}\n<details><summary>The same in words</summary><pre>{lines}</pre></details>"


def outcomes_html(block: OutcomeTable) -> str:
    titles = [block.who, "sent", *(["expected"] if block.judged else []), "got"]
    head = "".join(
        f'<th scope="col">{escaped(title)}</th>'
        for title in [*titles, *(["verdict"] if block.judged else [])]
    )
    rows = "\n".join(outcome_row(row, judged=block.judged) for row in block.rows)
    summary = f'\n<p class="jd-label">{escaped(block.summary)}</p>' if block.summary else ""
    return f'<table class="jd-outcomes">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>{summary}'


def outcome_row(row: Outcome, *, judged: bool) -> str:
    detail = f"<br><small>{inline(row.detail)}</small>" if row.detail else ""
    cells = f'<th scope="row">{escaped(row.who)}</th><td><code>{escaped(row.sent)}</code></td>'
    if judged:
        cells += f"<td><code>{escaped(row.expected)}</code></td>"
    cells += f"<td><code>{escaped(row.got)}</code>{detail}</td>"
    if judged:
        cells += f'<td class="jd-{ANSWER[row.mark]}"><b><span aria-hidden="true">{row.mark}</span> {row.word}</b></td>'
    return f"<tr>{cells}</tr>"


HTML: dict[type, Any] = {
    Segments: segments_html, Statements: statements_html, Table: table_html,
    Findings: findings_html, Listing: listing_html, Note: note_html, Diagram: diagram_html,
    OutcomeTable: outcomes_html, Flow: flow_html,
}  # fmt: skip
