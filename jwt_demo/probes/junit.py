"""The report as JUnit XML: a test case for each probe; findings above the limit fail, those that were not run are skipped."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, tostring

from .model import BROKEN, NOT_RUN, Result
from .pages import page_of
from .report import Report

UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2


def junit(report: Report, failing: set[str], accepted: dict[str, str]) -> str:
    """`failing` are the names of the probes that fail the run, `accepted` those of the baseline with their reasons."""
    suite = Element("testsuite", name="jwt-demo probe", tests=str(len(report.results)), errors="0")
    suite.set("failures", str(len(failing)))
    suite.set("skipped", str(len(report.not_run)))
    for result in report:
        case = SubElement(suite, "testcase", classname="jwt_demo.probe", name=result.probe.name)
        case.set("time", f"{result.seconds:.3f}")
        if result.probe.name in failing:
            failure = SubElement(
                case, "failure", type=str(result.severity), message=legible(result.got)
            )
            failure.text = legible(explained(result))
        elif result.verdict == NOT_RUN:
            SubElement(case, "skipped", message=legible(result.got))
        elif result.verdict == BROKEN:
            reason = accepted.get(result.probe.name)
            note = f"accepted: {reason}" if reason else "below the limit"
            SubElement(case, "system-out").text = legible(
                f"{result.severity}: {result.got} ({note})"
            )
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suite, encoding="unicode") + "\n"


def explained(result: Result) -> str:
    probe = result.probe
    page = page_of(probe.name, whole=True)
    return (
        f"{result.severity}: {result.got}\nsent: {probe.sent}\nexpected: {probe.expected} ({probe.reference})\n{probe.why}"
        + (f"\nhow to fix it: {page}" if page else "")
    )


def legible(text: str) -> str:
    """What XML can carry; the rest as its escape."""
    return UNWRITABLE.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
