"""Pictures drawn as plain text and as HTML for a notebook; every string goes through `escaping`.

The text is complete by itself. It is never wrapped: where its lines break must not depend on the time of day.

The HTML has no script, no form, no link and no event handler. Colours follow the notebook's theme, and a word or a
mark says whatever a colour says.
"""

from __future__ import annotations

from typing import Any

from ..escaping import escaped, visible
from .sequence_diagram import diagram_text, svg
from .token_view import Diagram, Findings, Line, Listing, Note, Picture, Segments, Statements, Table

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


TEXT: dict[type, Any] = {
    Segments: segments_text, Statements: statements_text, Table: table_text,
    Findings: findings_text, Listing: listing_text, Note: note_text, Diagram: diagram_text,
}  # fmt: skip


def as_html(picture: Picture) -> str:
    """One element. Its classes keep MathJax from reading a claim as a formula."""
    blocks = "\n".join(HTML[type(block)](block) for block in picture.blocks)
    return f'<div class="jwt-demo tex2jax_ignore mathjax_ignore" role="group" aria-label="{escaped(picture.title)}">\n{STYLE}\n{blocks}\n</div>'


def segments_html(block: Segments) -> str:
    parts = "\n".join(
        f'<div class="jd-part jd-{label}"><b>{place} {label}</b> <code>{escaped(text)}</code> <small>{says}</small></div>'
        for place, (label, text, says) in enumerate(block.parts, start=1)
    )
    return f'<div class="jd-parts">\n{parts}\n</div>'


def statements_html(block: Statements) -> str:
    word = {"✓": "yes", "✗": "no", "○": "open"}
    rows = "\n".join(
        f'<li class="jd-{word[row.mark]}"><b><span aria-hidden="true">{row.mark}</span> {row.name}: {word[row.mark]}</b> <span>{escaped(row.words)}</span></li>'
        for row in block.rows
    )
    return f'<ul class="jd-statements">\n{rows}\n</ul>'


def table_html(block: Table) -> str:
    rows = "\n".join(
        f'<tr><th scope="row"><code>{escaped(row.name)}</code></th><td><code>{escaped(row.value)}</code>'
        + (f"<br><span>{escaped(row.time)}</span>" if row.time else "")
        + f"</td><td>{escaped(row.meaning)}</td><td><small>{escaped(row.reference)}</small></td></tr>"
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
    return f'<table class="jd-{part}">\n{caption}\n<thead>{head}</thead>\n<tbody>\n{rows}{rest}\n</tbody>\n</table>'


def findings_html(block: Findings) -> str:
    rows = "\n".join(
        f'<li class="jd-{row.severity}"><b>{SEVERITY[row.severity]}</b> <span>{escaped(row.message)} <small>{escaped(row.reference)}</small></span></li>'
        for row in block.rows
    )
    return f'<ul class="jd-findings">\n{rows}\n</ul>'


def listing_html(block: Listing) -> str:
    numbers = max(
        (len(str(line.number)) for line in block.lines if line.number is not None), default=0
    )
    lines = "\n".join(line_html(line, numbers) for line in block.lines)
    label = f'<div class="jd-label">{escaped(block.label)}</div>\n' if block.label else ""
    return f"{label}<pre>{lines}</pre>"


def line_html(line: Line, numbers: int) -> str:
    margin = f"<small>{escaped(line_margin(line, numbers))}</small>" if numbers else ""
    text = escaped(line.text)
    return margin + (f'<span class="jd-{line.role}">{text}</span>' if line.role and text else text)


def note_html(block: Note) -> str:
    return f'<p class="jd-callout jd-{block.severity}"><b>{escaped(block.label)}:</b> {escaped(block.text)}</p>'


def diagram_html(block: Diagram) -> str:
    return f"{svg(block)}\n<details><summary>The same in words</summary><pre>{'<br>'.join(map(escaped, diagram_text(block).splitlines()))}</pre></details>"


HTML: dict[type, Any] = {
    Segments: segments_html, Statements: statements_html, Table: table_html,
    Findings: findings_html, Listing: listing_html, Note: note_html, Diagram: diagram_html,
}  # fmt: skip

# Light colours where nothing is known of the theme, dark ones where JupyterLab or VS Code say so.
STYLE = """<style>
.jwt-demo{--h:#a3004f;--p:#5b2fb0;--s:#00607a;--yes:#0a6b2e;--no:#b3140f;--open:#6b4e00;--dim:#5c5c5c;--line:#c8c8c8;--back:#f6f6f6;
color:var(--jp-content-font-color1,#1c1c1c);max-width:64rem;line-height:1.45}
[data-jp-theme-light="false"] .jwt-demo,.vscode-dark .jwt-demo{--h:#ff8ab8;--p:#c3a6ff;--s:#6fd3ee;--yes:#7bdc98;
--no:#ff9a91;--open:#f0c75e;--dim:#b4b4b4;--line:#555;--back:#1d1d1d}
.jwt-demo.jwt-demo.jwt-demo :is(code,pre){background:none;color:inherit;unicode-bidi:isolate;overflow-wrap:anywhere;font-size:.93em;padding:0}
.jwt-demo.jwt-demo small{color:var(--dim);font-size:.88em}
.jd-parts{display:flex;flex-wrap:wrap;gap:.4rem;margin:.2rem 0 .6rem}
.jd-part{flex:1 1 11rem;border:1px solid var(--line);border-top:4px solid;border-radius:4px;padding:.25rem .6rem}
.jd-part b,.jd-part code,.jd-part small{display:block}
.jwt-demo .jd-header{border-top-color:var(--h)}.jwt-demo .jd-payload{border-top-color:var(--p)}.jwt-demo .jd-signature{border-top-color:var(--s)}
.jd-header>b,.jd-header caption b,span.jd-header{color:var(--h)}
.jd-payload>b,.jd-payload caption b,span.jd-payload{color:var(--p)}.jd-signature>b{color:var(--s)}
.jwt-demo.jwt-demo ul{list-style:none;margin:.4rem 0;padding:0}
.jwt-demo.jwt-demo li{display:flex;flex-wrap:wrap;gap:0 .8rem;margin:.1rem 0}
.jwt-demo.jwt-demo li>b{flex:0 0 15em;white-space:nowrap}.jwt-demo.jwt-demo .jd-findings li>b{flex-basis:6em}
.jwt-demo li>span{flex:1 1 20rem;overflow-wrap:anywhere}
.jd-yes>b{color:var(--yes)}.jd-no>b,.jd-error>b{color:var(--no)}.jd-open>b,.jd-warning>b{color:var(--open)}
.jwt-demo.jwt-demo table{border-collapse:collapse;margin:.6rem 0;width:100%;table-layout:auto;font-size:inherit}
.jwt-demo.jwt-demo caption{text-align:left;padding:.2rem 0;caption-side:top}
.jwt-demo.jwt-demo :is(td,th){text-align:left;vertical-align:top;padding:.2rem .7rem .2rem 0;
border:0;border-bottom:1px solid var(--line);white-space:normal;max-width:26rem}
.jwt-demo.jwt-demo.jwt-demo tr{background:none}.jwt-demo.jwt-demo thead th{color:var(--dim);font-weight:normal}
.jwt-demo.jwt-demo tbody td+td+td{min-width:9rem}
.jwt-demo.jwt-demo.jwt-demo pre{border:1px solid var(--line);background:var(--back);border-radius:4px;padding:.5rem .7rem;margin:.3rem 0;white-space:pre-wrap}
.jd-label{color:var(--dim)}.jd-head{font-weight:bold}.jd-dim{color:var(--dim)}.jd-mark{font-weight:bold;border-left:3px solid var(--open);padding-left:.2rem}
.jwt-demo.jwt-demo .jd-callout{border-left:4px solid;border-color:var(--no);padding:.2rem .7rem;margin:.4rem 0;overflow-wrap:anywhere}
.jwt-demo.jwt-demo .jd-callout.jd-warning{border-color:var(--open)}.jwt-demo.jwt-demo :is(td,th):nth-child(1){width:13%}
.jwt-demo.jwt-demo :is(td,th):nth-child(2){width:36%}.jwt-demo.jwt-demo :is(td,th):nth-child(4){width:18%}
.jwt-demo svg{max-width:100%;height:auto;display:block}.jwt-demo svg text{fill:currentColor;font:13px var(--jp-code-font-family,monospace)}
.jwt-demo svg line{stroke:var(--dim)}.jwt-demo svg .jd-lane{font-weight:bold}.jwt-demo svg .jd-odd{fill:var(--no)}.jwt-demo summary{color:var(--dim)}
</style>"""
