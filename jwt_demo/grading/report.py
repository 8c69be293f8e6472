"""What came of a class: a row for each learner, as JSON has it and as a table; reports of parts of a class put together again."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..escaping import clean
from .handed_in import Learner
from .verdict import ALL_SYMBOLS, NOT_JUDGED, NOT_RUN, without_result

Report = dict[str, Any]


def report_on(learners: list[Learner], points: dict[str, float] | None = None) -> Report:
    """The report as `--json` prints it: a row for each learner, and how often each outcome came."""
    return summed_up([row_of(learner, points or {}) for learner in learners])


def row_of(learner: Learner, points: dict[str, float]) -> dict[str, Any]:
    """One learner. `correct` and `points` are null where not everything was judged: nobody's grade is a guess."""
    results = dict(sorted(learner.results.items()))
    worth = {name: points.get(name, 1.0) for name in results}
    solved = [name for name, result in results.items() if result["correct"]]
    judged = all(result["outcome"] not in (NOT_JUDGED, NOT_RUN) for result in results.values())
    return {
        "learner": clean(learner.name),
        "number": clean(learner.number),
        "place": learner.place,
        "exercises": results,
        "problems": {clean(name): clean(text) for name, text in learner.problems.items()},
        "how": {clean(name): how for name, how in learner.how.items()},
        "correct": len(solved) if judged and results else None,
        "of": len(results),
        "points": sum(worth[name] for name in solved) if judged and results else None,
        "points_of": sum(worth.values()),
    }


def summed_up(rows: list[dict[str, Any]]) -> Report:
    """The rows in the order of the class, with the count of each outcome."""
    rows = sorted(rows, key=lambda row: row["place"])
    outcomes = Counter(result["outcome"] for row in rows for result in row["exercises"].values())
    return {"learners": rows, "summary": {state: outcomes[state] for state in ALL_SYMBOLS}}


def merged(reports: list[Report]) -> Report:
    """Reports of shards of one class, as one; ValueError where two speak of the same learner or one is no report."""
    if not all(isinstance(report, dict) and are_rows(report.get("learners")) for report in reports):
        raise ValueError("not a report that `jwt-demo check --json` wrote")
    rows = [row for report in reports for row in report["learners"]]
    if len({row["place"] for row in rows}) < len(rows):
        raise ValueError("two of these reports have the same learner")
    return summed_up(rows)


def are_rows(rows: Any) -> bool:
    """Whether these are rows as `row_of` makes them."""
    return isinstance(rows, list) and all(
        isinstance(row, dict)
        and row_of(Learner(""), {}).keys() <= row.keys()
        and isinstance(row["learner"], str)
        and isinstance(row["place"], int)
        and isinstance(row["problems"], dict)
        and isinstance(row["exercises"], dict)
        and all(
            isinstance(result, dict)
            and without_result("", NOT_RUN, "").keys() <= result.keys()
            and result["outcome"] in ALL_SYMBOLS
            for result in row["exercises"].values()
        )
        for row in rows
    )


def is_all_correct(report: Report) -> bool:
    """Whether everybody has a verdict on everything, and every verdict is "correct"."""
    return all(row["of"] > 0 and row["correct"] == row["of"] for row in report["learners"])


def exercise_names(report: Report) -> list[str]:
    return sorted({name for row in report["learners"] for name in row["exercises"]})


def outcome(row: dict[str, Any], name: str) -> str:
    return str(row["exercises"].get(name, {}).get("outcome", ""))


def show(report: Report) -> None:
    """Learners down, exercises across; a symbol where there are many of them, a word beside it where there is room."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    names = exercise_names(report)
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="")
    table.add_column("learner", overflow="fold")
    room = console.width - max(len(row["learner"]) for row in report["learners"]) - 14
    wide = sum(max(len(name), 17) + 2 for name in names) <= room
    columns = names if wide else sorted({name[:2] for name in names})
    for column in columns:
        table.add_column(column, no_wrap=True)
    table.add_column("correct", justify="right", no_wrap=True)
    for row in report["learners"]:
        solved = "?" if row["correct"] is None else row["correct"]
        cells = [told(row, names, column) for column in columns]
        table.add_row(*map(Text, (row["learner"], *cells, f"{solved} of {row['of']}")))
    console.print(table)
    if not wide:
        legend = "   ".join(f"{symbol} {word}" for word, symbol in ALL_SYMBOLS.items())
        console.print(Text(f"\n{legend}"))
        for step in columns:
            inside = ", ".join(name[3:] for name in names if name[:2] == step)
            console.print(Text(f"{step}: {inside}"))
    for row in report["learners"]:
        for file, problem in row["problems"].items():
            said = problem if file == row["learner"] else f"{file}: {problem}"
            console.print(Text(f"{row['learner']}, {said}"))


def told(row: dict[str, Any], names: list[str], column: str) -> str:
    if column in names:
        state = outcome(row, column)
        return f"{ALL_SYMBOLS[state]} {state}" if state else ""
    inside = [name for name in names if name[:2] == column]
    return " ".join(ALL_SYMBOLS.get(outcome(row, name), " ") for name in inside)
