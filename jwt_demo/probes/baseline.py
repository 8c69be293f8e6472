"""Findings that a team has accepted, each with a reason: a file that is read, compared and, when asked, written.

The file is TOML, a table for each probe: `[two-headers]`, `severity = "hygiene"`, `reason = "the proxy in front rejects it"`.
An accepted finding that has become worse, or one without a reason, is not accepted. One that is no longer found is stale, and named.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .loopback import CannotProbe
from .model import BROKEN, NOT_RUN, SEVERITIES
from .report import Report
from .toml_file import read_toml


@dataclass(frozen=True)
class Accepted:
    """One accepted finding."""

    name: str
    severity: str
    reason: str


class Baseline:
    """The accepted findings, by the name of their probe."""

    def __init__(self, entries: dict[str, Accepted] | None = None):
        self.entries = entries or {}

    @classmethod
    def read(cls, path: Path, known: set[str]) -> Baseline:
        """CannotProbe where the file is no baseline, in one line."""
        entries = {}
        for name, table in read_toml(path, "--baseline").items():
            if name not in known:
                raise CannotProbe(f"--baseline: no probe is called {name!r}")
            entries[name] = entry(name, table)
        return cls(entries)

    def accepted(self, report: Report) -> dict[str, str]:
        """The broken probes that are accepted, with the reason."""
        return {
            result.probe.name: self.entries[result.probe.name].reason
            for result in report.broken
            if result.probe.name in self.entries
            and not worse(str(result.severity), self.entries[result.probe.name].severity)
        }

    def stale(self, report: Report) -> list[str]:
        """Accepted findings that were looked for and are no longer there."""
        verdicts = {result.probe.name: result.verdict for result in report}
        return [
            name for name in self.entries if verdicts.get(name, NOT_RUN) not in (BROKEN, NOT_RUN)
        ]


def entry(name: str, table: Any) -> Accepted:
    severity = table.get("severity") if isinstance(table, dict) else None
    reason = table.get("reason") if isinstance(table, dict) else None
    if severity not in SEVERITIES:
        raise CannotProbe(f"--baseline: [{name}] needs a severity, one of {', '.join(SEVERITIES)}")
    if not isinstance(reason, str) or not reason.strip():
        raise CannotProbe(f"--baseline: [{name}] needs a reason, in a sentence")
    return Accepted(name, severity, reason)


def worse(found: str, accepted: str) -> bool:
    order = list(SEVERITIES)
    return order.index(found) < order.index(accepted)


def template(report: Report) -> str:
    """The text of a baseline for what is broken now; each reason is to be written by a person."""
    parts = [
        "# Findings that were accepted. Each needs a reason: write one, or fix the server and delete the table.\n"
    ]
    for result in report.findings:
        parts.append(
            f'\n[{result.probe.name}]\nseverity = "{result.severity}"\nfound = {json.dumps(result.got, ensure_ascii=False)}\nreason = ""\n'
        )
    return "".join(parts)
