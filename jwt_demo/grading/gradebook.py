"""A report as CSV: for a spreadsheet, and as the gradebooks of Moodle and Canvas import it."""

from __future__ import annotations

import csv
import io
import re

from ..escaping import clean
from .report import Report, exercise_names, outcome


def in_csv(report: Report) -> str:
    """A word for each exercise; what was not judged has no number, and a name that looks like a formula gets a quote in front."""
    names = exercise_names(report)
    head = ["learner", "id", *names, "correct", "of", "points", "of points", "problems"]
    lines = [head]
    for row in report["learners"]:
        problems = "; ".join(f"{file}: {problem}" for file, problem in row["problems"].items())
        words = [outcome(row, name) for name in names]
        numbers = [row["correct"], row["of"], row["points"], row["points_of"]]
        told = ["" if number is None else f"{number:g}" for number in numbers]
        lines.append([harmless(row["learner"]), row["number"], *words, *told, harmless(problems)])
    return csv_text(lines)


def in_gradebook(report: Report, platform: str, ids: dict[str, str]) -> str:
    """CSV that Moodle or Canvas imports; `ids` are theirs by learner's name, else the number in the file's name."""
    total = max((row["points_of"] for row in report["learners"]), default=0)
    if platform == "canvas":
        lines = [["Student", "ID", "SIS Login ID", "Section", "JSON Web Tokens"]]
        lines.append(["    Points Possible", "", "", "", f"{total:g}"])
    else:
        lines = [["Identifier", "Full name", "Grade", "Maximum Grade", "Feedback comments"]]
    for row in report["learners"]:
        name, grade = row["learner"], "" if row["points"] is None else f"{row['points']:g}"
        known = ids.get(name) or row["number"]
        if platform == "canvas":
            lines.append([harmless(name), known, "", "", grade])
        else:
            identifier = f"Participant {known}" if known.isdecimal() else known
            feedback = ", ".join(
                f"{exercise}: {result['outcome']}" for exercise, result in row["exercises"].items()
            )
            lines.append([identifier, harmless(name), grade, f"{total:g}", feedback])
    return csv_text(lines)


def csv_text(lines: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def harmless(text: str) -> str:
    """For a cell of a spreadsheet.

    >>> harmless("=1+1"), harmless("ada")
    ("'=1+1", 'ada')
    """
    text = clean(text)
    return f"'{text}" if re.match(r"\s*[=+\-@]", text) else text
