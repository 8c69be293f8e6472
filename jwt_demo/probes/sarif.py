"""The report as SARIF 2.1.0, which code hosts show beside a change: a rule for each probe, a result for each finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .. import __version__
from .model import CRASH, HOLE, HYGIENE, MUST, SEVERITIES, Result
from .pages import page_of
from .report import Report

LEVELS = {HOLE: "error", CRASH: "error", MUST: "warning", HYGIENE: "note"}
SCORES = {HOLE: "8.0", CRASH: "5.5", MUST: "3.5", HYGIENE: "1.0"}  # what code hosts sort by
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(report: Report, url: str, accepted: dict[str, str]) -> dict[str, Any]:
    """One run; `accepted` are the findings of the baseline with their reasons, which are marked as suppressed."""
    found = report.findings
    driver = {
        "name": "jwt-demo probe",
        "version": __version__,
        "rules": [rule(result) for result in found],
    }
    results = [entry(result, place, url, accepted) for place, result in enumerate(found)]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
        ],
    }


def rule(result: Result) -> dict[str, Any]:
    probe = result.probe
    severity = str(result.severity)
    described: dict[str, Any] = {
        "id": probe.name,
        "name": "".join(part.capitalize() for part in probe.name.split("-")),
        "shortDescription": {"text": probe.sent},
        "fullDescription": {"text": f"Expected: {probe.expected} ({probe.reference}). {probe.why}"},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"tags": ["security", severity], "security-severity": SCORES[severity]},
    }
    if page := page_of(probe.name, whole=True):
        described["helpUri"] = Path(page).as_uri()
        text = Path(page).read_text(encoding="utf-8")
        described["help"] = {"text": text, "markdown": text}
    return described


def entry(result: Result, place: int, url: str, accepted: dict[str, str]) -> dict[str, Any]:
    severity = str(result.severity)
    made: dict[str, Any] = {
        "ruleId": result.probe.name,
        "ruleIndex": place,
        "level": LEVELS[severity],
        "message": {"text": f"{severity} ({SEVERITIES[severity]}): {result.got}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": url}}}],
        "partialFingerprints": {"probe/v1": f"{result.probe.name}:{severity}"},
    }
    if result.probe.name in accepted:
        made["suppressions"] = [{"kind": "external", "justification": accepted[result.probe.name]}]
    return made
