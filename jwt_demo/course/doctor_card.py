"""A diagnosis as a notebook shows it: a line for each answer, and under one that is no the command that fixes it."""

from __future__ import annotations

from ..display.card import card, code_list, inline, page, prose
from .doctor import Diagnosis, Line

WORDS = {"✓": ("yes", "yes"), "✗": ("no", "no"), "○": ("open", "later")}


def diagnosis_page(diagnosis: Diagnosis) -> str:
    lines = f'<ul class="jd-findings">{"".join(map(item, diagnosis.found()))}</ul>'
    title, _, rest = diagnosis.verdict().partition(". ")
    mark = "✓" if diagnosis else "✗"
    return page(card(f"{mark} {title.rstrip('.')}", prose(rest), lines), label="Diagnosis")


def item(line: Line) -> str:
    tone, word = WORDS[line.mark]
    fix = f"<br>{code_list([line.fix])}" if line.fix else ""
    return (
        f'<li class="jd-{tone}"><b><span aria-hidden="true">{line.mark}</span> {word}</b>'
        f"<span>{inline(line.text)}{fix}</span></li>"
    )
