"""A report as a notebook shows it: a card for each finding, a table of what was held, and by reason what was not run."""

from __future__ import annotations

from collections.abc import Iterable

from ..display.card import card, code_list, inline, page, prose, rows, table
from ..escaping import escaped
from .model import BROKEN, HELD, NOT_RUN, SEVERITIES, Result
from .pages import page_of
from .report import SYMBOLS, Report, by_reason


def report_page(report: Report) -> str:
    return page(*report_parts(report), label="Report of the probes")


def report_parts(report: Report) -> Iterable[str]:
    """The same without the frame, for a page that has more than this."""
    yield card(f"{mark_of(report)} {report.counts()}")
    yield from findings(report)
    if report.held:
        titles = ("probe", "sent", "got", "reference", "verdict")
        yield table(titles, map(held_row, report.held))
    if report.not_run:
        yield not_run_list(report)


def mark_of(report: Report) -> str:
    return SYMBOLS[HELD if report else BROKEN if report.broken else NOT_RUN]


def findings(report: Report) -> Iterable[str]:
    """A card for each cause, the worst first, under a line that says what the severity means."""
    for severity, meaning in SEVERITIES.items():
        if some := report.of_severity(severity):
            yield f'<p class="jd-label"><b>{severity}</b>: {inline(meaning)}</p>'
            yield from (finding_card(result, report) for result in some)


def finding_card(result: Result, report: Report) -> str:
    probe = result.probe
    others = [each.probe.name for each in report.broken if each.same_as == probe.name]
    same = f"<p>The same cause: {code_list(others)}</p>" if others else ""
    fix = page_of(probe.name, whole=False)
    told = [
        ("sent", probe.sent),
        ("expected", f"{probe.expected} ({probe.reference})"),
        ("got", result.got),
    ]
    return card(
        f"{SYMBOLS[BROKEN]} {BROKEN}: {probe.name}",
        rows(told),
        prose(probe.why),
        same,
        prose(f"How to fix it: `{fix}`" if fix else ""),
        name=result.severity or "",
    )


def held_row(result: Result) -> tuple[str, ...]:
    """The cells of a row."""
    probe = result.probe
    return (
        f"<code>{escaped(probe.name)}</code>",
        inline(probe.sent),
        escaped(result.got),
        f"<small>{escaped(probe.reference)}</small>",
        f"{SYMBOLS[HELD]} {HELD}",
    )


def not_run_list(report: Report) -> str:
    items = "".join(
        f'<li class="jd-open"><b>{SYMBOLS[NOT_RUN]} {NOT_RUN}</b><span>{escaped(reason)}: {code_list(names)}</span></li>'
        for reason, names in by_reason(report.not_run).items()
    )
    return f'<ul class="jd-findings">{items}</ul>'
