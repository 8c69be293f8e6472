"""The frame of everything that judges or tells: a mark and a word in colour, a name, sentences, code, what can be opened."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..escaping import escaped, visible
from .syntax import pieces

TONES = {"✓": "yes", "✗": "no", "!": "no", "○": "open", "·": "open", "↻": "open"}


def card(title: str, *parts: str, name: str = "") -> str:
    """One card; a mark that the title begins with gives it its colour.

    >>> "jd-card jd-no" in card("✗ incorrect", prose("Return `401`."), name="02-login")
    True
    """
    tone = TONES.get(title[:1], "told")
    label = f'<small class="jd-name">{escaped(name)}</small>' if name else ""
    head = f'<div class="jd-title"><b>{escaped(title)}</b>{label}</div>'
    return f'<div class="jd-card jd-{tone}">{head}{"".join(parts)}</div>'


def page(*parts: str, label: str) -> str:
    """An output: a style sheet and one or more cards. Its classes keep MathJax from reading text as a formula."""
    from .html import STYLE

    return (
        f'<div class="jwt-demo tex2jax_ignore mathjax_ignore" role="group" aria-label="{escaped(label)}">\n'
        f"{STYLE}\n{''.join(parts)}\n</div>"
    )


def prose(text: str) -> str:
    """A sentence as a paragraph; nothing where there is none."""
    return f"<p>{inline(text)}</p>" if text else ""


def inline(text: str) -> str:
    """A sentence with its `code` marked; everything else is text.

    >>> inline("Return `<b>`.")
    'Return <code>&lt;b&gt;</code>.'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", escaped(text))


def rows(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and what belongs to them."""
    cells = "".join(
        f"<span>{escaped(name)}</span><code>{escaped(text)}</code>" for name, text in pairs
    )
    return f'<div class="jd-rows">{cells}</div>' if cells else ""


def code_list(names: Iterable[str]) -> str:
    """Names one after the other, each as code."""
    return ", ".join(f"<code>{escaped(name)}</code>" for name in names)


def table(titles: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of verdicts; where it is narrow, each row is a paragraph.

    The first cell names its row, the last one is a mark and a word; the others, and the name, are HTML.
    """
    head = "".join(f'<th scope="col">{escaped(title)}</th>' for title in titles)
    body = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}'
        f'<td class="jd-{TONES[verdict[:1]]}"><b>{escaped(verdict)}</b></td></tr>'
        for name, *cells, verdict in rows
    )
    return f'<table class="jd-outcomes"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def code(text: str, language: str = "python") -> str:
    """Code in the colours of the page."""
    lines = [visible(line) for line in text.strip("\n").splitlines()]
    return f"<pre>{chr(10).join(map(coloured, pieces(lines, language)))}</pre>" if lines else ""


def coloured(line: list[tuple[str, str]]) -> str:
    return "".join(
        f'<span class="jd-{kind}">{escaped(text)}</span>' if kind else escaped(text)
        for kind, text in line
    )


def fold(summary: str, content: str) -> str:
    """Something that opens on a click, without script."""
    return f"<details><summary>{escaped(summary)}</summary>{content}</details>"
