"""What came of the probes: one list that reads as text, shows as a table in a notebook, and goes out as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from ..escaping import escaped, visible
from .model import BROKEN, HELD, NOT_RUN, Result

SYMBOLS = {HELD: "✓", BROKEN: "✗", NOT_RUN: "○"}


class Report:
    """The results in the order of the probes; true when something held and nothing was broken. It shows itself.

    `.as_dict()` gives it as JSON has it; `report["alg-none"]` is the result of that probe.
    """

    def __init__(self, results: Iterable[Result]):
        self.results = list(results)

    def __bool__(self) -> bool:
        return bool(self.held) and not self.broken

    def as_dict(self) -> dict[str, Any]:
        return {"probes": [result.as_dict() for result in self.results], "summary": self.summary}

    @property
    def summary(self) -> dict[str, int]:
        """How many probes ended how."""
        counted = Counter(result.verdict for result in self.results)
        return {verdict: counted[verdict] for verdict in SYMBOLS}

    @property
    def held(self) -> list[Result]:
        return self._with(HELD)

    @property
    def broken(self) -> list[Result]:
        return self._with(BROKEN)

    @property
    def not_run(self) -> list[Result]:
        return self._with(NOT_RUN)

    @property
    def held_or_broken(self) -> list[Result]:
        return [result for result in self.results if result.verdict != NOT_RUN]

    def _with(self, verdict: str) -> list[Result]:
        return [result for result in self.results if result.verdict == verdict]

    def __getitem__(self, name: str) -> Result:
        """The result of the probe of this name."""
        for result in self.results:
            if result.probe.name == name:
                return result
        raise KeyError(name)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __repr__(self) -> str:
        return "\n".join([*lines(self), "", self.headline()])

    def _repr_pretty_(self, printer, cycle) -> None:
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        return html(self)

    def headline(self) -> str:
        """The whole in a line.

        >>> Report([]).headline()
        'No probe was run.'
        """
        parts = [
            f"{SYMBOLS[verdict]} {count} {verdict}"
            for verdict, count in self.summary.items()
            if count
        ]
        return " · ".join(parts) if parts else "No probe was run."


def lines(report: Report) -> Iterable[str]:
    """A line for each probe that was run, under a broken one what is right and why; then, by reason, what was not run."""
    width = max((len(result.probe.name) for result in report.results), default=0)
    for result in report.held_or_broken:
        probe = result.probe
        yield f"{SYMBOLS[result.verdict]} {result.verdict:7}  {probe.name:{width}}  {visible(result.got)}"
        if result.verdict == BROKEN:
            indent = " " * 11
            yield f"{indent}sent {probe.sent}; right is {probe.expected} ({probe.reference})"
            yield f"{indent}{probe.why}"
    for reason, names in by_reason(report.not_run).items():
        yield f"{SYMBOLS[NOT_RUN]} {NOT_RUN}  {visible(reason)}:"
        yield from textwrap.wrap(
            ", ".join(names),
            110,
            initial_indent=" " * 11,
            subsequent_indent=" " * 11,
            break_on_hyphens=False,
        )


def by_reason(results: Iterable[Result]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for result in results:
        names.setdefault(result.got, []).append(result.probe.name)
    return names


def html(report: Report) -> str:
    """The same as a table; verdicts as symbol and word, so that no colour has to be seen."""
    head = "".join(
        f'<th scope="col" style="text-align:left">{name}</th>'
        for name in ("Verdict", "Probe", "Sent", "Right answer", "Got", "Reference")
    )
    rows = [
        *map(row, report.held_or_broken),
        *(rest(reason, names) for reason, names in by_reason(report.not_run).items()),
    ]
    caption = f'<caption style="caption-side:top;text-align:left;font-weight:bold">{escaped(report.headline())}</caption>'
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def row(result: Result) -> str:
    probe, broken = result.probe, result.verdict == BROKEN
    weight = ";font-weight:bold" if broken else ""
    why = f"<div>{escaped(probe.why)}</div>" if broken else ""
    return (
        f'<tr style="text-align:left;vertical-align:top"><td style="text-align:left;white-space:nowrap{weight}">{SYMBOLS[result.verdict]} {result.verdict}</td>'
        f'<td style="text-align:left;white-space:nowrap"><code>{escaped(probe.name)}</code></td><td style="text-align:left">{escaped(probe.sent)}{why}</td>'
        f'<td style="text-align:left">{escaped(probe.expected)}</td><td style="text-align:left{weight}">{escaped(result.got)}</td>'
        f'<td style="text-align:left">{escaped(probe.reference)}</td></tr>'
    )


def rest(reason: str, names: list[str]) -> str:
    codes = ", ".join(f"<code>{escaped(name)}</code>" for name in names)
    verdict = f'<td style="text-align:left;white-space:nowrap">{SYMBOLS[NOT_RUN]} {NOT_RUN}</td>'
    return f'<tr style="vertical-align:top">{verdict}<td colspan="5" style="text-align:left">{escaped(reason)}: {codes}</td></tr>'
