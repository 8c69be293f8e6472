"""A report as JUnit XML: a suite for each learner, a case for each exercise."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

from ..escaping import clean
from ..exercises.result import INCORRECT, NOT_ATTEMPTED, RAISED
from .report import Report
from .verdict import NOT_HANDED_IN, NOT_JUDGED, NOT_RUN

IN_JUNIT = {
    INCORRECT: "failure",
    RAISED: "error",
    NOT_RUN: "error",
    NOT_JUDGED: "error",
    NOT_ATTEMPTED: "skipped",
    NOT_HANDED_IN: "skipped",
}


def in_junit(report: Report) -> str:
    """A suite for each learner, a case for each exercise: failure, error (raised or not run) or skipped (not attempted)."""
    root = ElementTree.Element("testsuites")
    for row in report["learners"]:
        results = row["exercises"]
        suite = ElementTree.SubElement(
            root, "testsuite", name=row["learner"], tests=str(max(len(results), 1))
        )
        kinds = Counter(IN_JUNIT.get(result["outcome"]) for result in results.values())
        for name, result in results.items():
            case = ElementTree.SubElement(suite, "testcase", classname=row["learner"], name=name)
            kind = IN_JUNIT.get(result["outcome"])
            if kind is not None:
                told = [
                    f"{part}: {result[part]}" for part in ("sent", "wanted", "got") if result[part]
                ]
                found = ElementTree.SubElement(case, kind, message=clean(result["message"]))
                found.text = clean("\n".join(told), keep="\n")
        if not results:  # nothing to judge was handed in: that is no success
            kinds["error"] += 1
            case = ElementTree.SubElement(
                suite, "testcase", classname=row["learner"], name="handed in"
            )
            problem = "; ".join(f"{file}: {text}" for file, text in row["problems"].items())
            ElementTree.SubElement(case, "error", message=problem)
        for attribute, kind in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            suite.set(attribute, str(kinds[kind]))
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"
