"""What came of the probes: one list that reads as text, shows as a table in a notebook, and goes out as JSON."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..escaping import visible
from .model import BROKEN, HELD, NOT_RUN, SEVERITIES, Result
from .pages import page_of

SYMBOLS = {HELD: "✓", BROKEN: "✗", NOT_RUN: "○"}
INDENT = " " * 11


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

    @property
    def findings(self) -> list[Result]:
        """The broken ones, each cause once, the worst first."""
        return [result for result in by_severity(self.broken) if not result.same_as]

    def of_severity(self, *severities: str) -> list[Result]:
        """The findings that are as bad as this."""
        return [result for result in self.findings if result.severity in severities]

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
        return self.text()

    def text(self, *, whole_paths: bool = False) -> str:
        """The report as text; `whole_paths` for a terminal, where a path can be clicked."""
        return "\n".join([*lines(self, whole_paths=whole_paths), "", self.headline()])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        from .report_card import report_page

        return report_page(self)

    def headline(self) -> str:
        """The whole in a line.

        >>> Report([]).headline()
        'No probe was run.'
        """
        return self.counts(SYMBOLS)

    def counts(self, marks: Mapping[str, str] | None = None) -> str:
        """How many probes ended how, in words; each with the mark of its verdict, where marks are given."""
        parts = [
            f"{marks[verdict] + ' ' if marks else ''}{count} {verdict}"
            f"{self.by_severity_in_words() if verdict == BROKEN else ''}"
            for verdict, count in self.summary.items()
            if count
        ]
        return " · ".join(parts) if parts else "No probe was run."

    def by_severity_in_words(self) -> str:
        """The findings by severity; a cause that several probes report counts once, and then the causes are counted before."""
        findings = self.findings
        counted = Counter(result.severity for result in findings)
        kinds = ", ".join(
            f"{counted[severity]} {severity}" for severity in SEVERITIES if counted[severity]
        )
        causes = f", {len(findings)} causes" if len(findings) < len(self.broken) else ""
        return f"{causes} ({kinds})"


def by_severity(results: Iterable[Result]) -> list[Result]:
    """The worst first; the order of the probes within one severity."""
    order = list(SEVERITIES)
    return sorted(results, key=lambda result: order.index(result.severity or order[-1]))


def lines(report: Report, *, whole_paths: bool = False) -> Iterable[str]:
    """The broken ones by severity, each with what was sent and expected, why, and its page; then what held; then, by reason, what was not run."""
    width = max((len(result.probe.name) for result in report.results), default=0)
    last = None
    for result in report.findings:
        probe = result.probe
        if result.severity != last:
            last = result.severity
            yield f"{last}: {SEVERITIES[str(last)]}"
        yield f"{SYMBOLS[BROKEN]} {BROKEN:7}  {probe.name:{width}}  {visible(result.got)}"
        yield f"{INDENT}sent: {probe.sent}"
        yield f"{INDENT}expected: {probe.expected} ({probe.reference})"
        yield f"{INDENT}{probe.why}"
        if others := [each.probe.name for each in report.broken if each.same_as == probe.name]:
            yield from folded(f"the same cause: {', '.join(others)}")
        if page := page_of(probe.name, whole=whole_paths):
            yield f"{INDENT}how to fix it: {page}"
    if report.broken and report.held:
        yield ""
    for result in report.held:
        yield f"{SYMBOLS[HELD]} {HELD:7}  {result.probe.name:{width}}  {visible(result.got)}"
    for reason, names in by_reason(report.not_run).items():
        yield f"{SYMBOLS[NOT_RUN]} {NOT_RUN}  {visible(reason)}:"
        yield from folded(", ".join(names))


def folded(text: str) -> list[str]:
    return textwrap.wrap(
        text, 110, initial_indent=INDENT, subsequent_indent=INDENT, break_on_hyphens=False
    )


def by_reason(results: Iterable[Result]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for result in results:
        names.setdefault(result.got, []).append(result.probe.name)
    return names
