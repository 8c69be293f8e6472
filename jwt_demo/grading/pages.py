"""A page for each learner, with what was sent, wanted and got, and one for the class: HTML without scripts."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from ..escaping import escaped
from .report import Report, exercise_names, outcome
from .verdict import ALL_SYMBOLS, NOT_HANDED_IN

STYLE = """\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
section { border-top: 1px solid #8888; margin-top: 1rem; } h2 { font-size: 1.1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dd { margin: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: .9em/1.4 ui-monospace, monospace; }
"""


def write_pages(report: Report, folder: Path) -> None:
    """Write `index.html` for the class and a page for each learner into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [file_of(row) for row in report["learners"]]
    for row, file in zip(report["learners"], files, strict=True):
        (folder / file).write_text(learner_page(row), "utf-8")
    (folder / "index.html").write_text(class_page(report, files), "utf-8")


def file_of(row: dict[str, Any]) -> str:
    """A name of a file from a learner's name and their place, so that no two are the same."""
    letters = re.sub(r"[^\w-]+", "-", row["learner"]).strip("-")[:60]
    return f"{row['place'] + 1:03}-{letters or 'learner'}.html"


def learner_page(row: dict[str, Any]) -> str:
    judged = "not everything was judged" if row["correct"] is None else f"{row['correct']}"
    parts = [f"<p>Correct: {judged} of {row['of']}.</p>"]
    parts += [
        f"<p>{escaped(file)}: {escaped(problem)}</p>" for file, problem in row["problems"].items()
    ]
    for name, result in row["exercises"].items():
        symbol = ALL_SYMBOLS[result["outcome"]]
        told = [(part, result[part]) for part in ("sent", "wanted", "got") if result[part]]
        told += [("in", line) for line in result["where"]]
        rows = "".join(f"<dt>{part}</dt><dd><pre>{escaped(text)}</pre></dd>" for part, text in told)
        message = escaped(result["message"])
        parts.append(
            f"<section><h2>{symbol} {escaped(name)}: {escaped(result['outcome'])}</h2>"
            f"<p>{message}</p><dl>{rows}</dl></section>"
        )
    return page(row["learner"], "".join(parts))


def class_page(report: Report, files: list[str]) -> str:
    """Who has what, which exercise most got wrong, which message came most often."""
    names = exercise_names(report)
    rows = report["learners"]
    missed = Counter(
        name
        for row in rows
        for name in names
        if outcome(row, name) not in ("correct", "", NOT_HANDED_IN)
    )
    said = Counter(
        (name, result["message"])
        for row in rows
        for name, result in row["exercises"].items()
        if result["outcome"] in ("incorrect", "your code raised")
    )
    hardest = "".join(
        f"<tr><td>{escaped(name)}</td><td>{count} of {len(rows)}</td></tr>"
        for name, count in missed.most_common(10)
    )
    messages = "".join(
        f"<tr><td>{count} x</td><td>{escaped(name)}</td><td>{escaped(message)}</td></tr>"
        for (name, message), count in said.most_common(10)
    )
    head = "".join(f"<th>{escaped(name)}</th>" for name in names)
    body = "".join(
        f'<tr><th><a href="{file}">{escaped(row["learner"])}</a></th>'
        f"<td>{'?' if row['correct'] is None else row['correct']} of {row['of']}</td>"
        + "".join(f"<td>{cell(row, name)}</td>" for name in names)
        + "</tr>"
        for row, file in zip(rows, files, strict=True)
    )
    legend = " · ".join(f"{symbol} {word}" for word, symbol in ALL_SYMBOLS.items())
    return page(
        "The class",
        f"<h2>Not correct most often</h2><table>{hardest}</table>"
        f"<h2>Messages that came most often</h2><table>{messages}</table>"
        f"<h2>Everybody</h2><p>{legend}</p>"
        f"<div style='overflow-x:auto'><table><tr><th>learner</th><th>correct</th>{head}</tr>{body}</table></div>",
    )


def cell(row: dict[str, Any], name: str) -> str:
    state = outcome(row, name)
    return f'<span title="{escaped(state)}">{ALL_SYMBOLS[state]}</span>' if state else ""


def page(title: str, content: str) -> str:
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escaped(title)}</title>'
        f"<style>{STYLE}</style><body><h1>{escaped(title)}</h1>{content}</body></html>\n"
    )
