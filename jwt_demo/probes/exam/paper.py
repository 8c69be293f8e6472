"""The marked paper: a line for each requirement with its evidence, what was not held, and a page to keep."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ...display.card import card, code_list, inline, page, prose, table
from ...escaping import escaped
from ..model import BROKEN, HELD, Result
from ..report import SYMBOLS, Report
from ..report_card import findings, report_parts
from .asvs import REQUIREMENTS, Requirement

OPEN = "open"  # none of the evidence could be run
SIGNS = {**SYMBOLS, OPEN: "○"}


class Paper:
    """What came of the exam; true when it is passed: every requirement held, and nothing else broke."""

    def __init__(self, results: Sequence[Result], *, unseen: Sequence[str]):
        self.report = Report(results)
        self.unseen = tuple(unseen)
        self.rows = [(requirement, *self._judge(requirement)) for requirement in REQUIREMENTS]

    def _judge(self, requirement: Requirement) -> tuple[str, list[Result]]:
        """The verdict on one requirement, and the probes it rests on; what could not be run is no evidence."""
        evidence = [
            result
            for result in self.report.held_or_broken
            if result.probe.name in requirement.evidence
        ]
        if not evidence:
            return OPEN, []
        broken = [result for result in evidence if result.verdict == BROKEN]
        return (BROKEN, broken) if broken else (HELD, evidence)

    def __bool__(self) -> bool:
        return bool(self.report) and all(verdict == HELD for _, verdict, _ in self.rows)

    def headline(self) -> str:
        held = sum(verdict == HELD for _, verdict, _ in self.rows)
        new = [result for result in self.report.held_or_broken if result.probe.name in self.unseen]
        stood = sum(result.verdict == HELD for result in new)
        word = "✓ passed" if self else "✗ not passed yet"
        return f"{word} · {held} of {len(self.rows)} requirements · {self.report.headline()} · {stood} of {len(new)} new attacks held"

    def __repr__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterable[str]:
        yield self.headline()
        yield ""
        for requirement, verdict, evidence in self.rows:
            yield f"{SIGNS[verdict]} {verdict:6} {requirement.number}  {requirement.asks}"
            yield f"         {', '.join(result.probe.name for result in evidence) or 'no attack could be run'}"
        for result in self.report.broken:
            yield ""
            yield f"✗ {result.probe.name}: {result.got}"
            yield f"  sent: {result.probe.sent}"
            yield f"  expected: {result.probe.expected} ({result.probe.reference})"
            yield f"  {result.probe.why}"

    def _repr_html_(self) -> str:
        return page(*self._parts(), label="Result of the exam")

    def _parts(self) -> Iterable[str]:
        title, _, rest = self.headline().partition(" · ")
        yield card(title, prose(rest))
        yield table(("ASVS 5.0", "requirement", "evidence", "verdict"), map(self._row, self.rows))
        yield from findings(self.report)

    def _row(self, row: tuple[Requirement, str, list[Result]]) -> tuple[str, ...]:
        requirement, judged, evidence = row
        names = code_list(result.probe.name for result in evidence)
        return (
            f"{requirement.number}<br><small>level {requirement.level}</small>",
            inline(requirement.asks),
            names or "no attack could be run",
            f"{SIGNS[judged]} {judged}",
        )

    def as_dict(self) -> dict[str, Any]:
        """For a program that collects results: `passed`, `requirements`, and the probes as `probe --json` has them."""
        requirements = [
            {
                "number": requirement.number,
                "verdict": verdict,
                "evidence": [result.probe.name for result in evidence],
            }
            for requirement, verdict, evidence in self.rows
        ]
        return {"passed": bool(self), "requirements": requirements, **self.report.as_dict()}

    def save(
        self,
        path: str | os.PathLike[str] = "exam.html",
        *,
        name: str = "",
        now: datetime | None = None,
    ) -> Path:
        """Write the result as a page of its own, without script and without anything from outside; `name` is whose it is."""
        target = Path(path)
        moment = (now or datetime.now(timezone.utc)).strftime("%Y-%m-%d %H:%M UTC")
        whose = f"{escaped(name)}, " if name else ""
        parts = (*self._parts(), "<h2>Every probe</h2>", *report_parts(self.report))
        result = page(*parts, label="Result of the exam")
        text = PAGE.format(whose=whose, moment=moment, result=result)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=target.parent, suffix=".part", delete=False
        ) as file:
            file.write(text)
        Path(file.name).replace(target)
        return target


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>JWT exam</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
</style>
</head>
<body>
<h1>JWT exam</h1>
<p>{whose}{moment}</p>
{result}
</body>
</html>
"""
