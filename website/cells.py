"""What each cell of a lesson does in a tab: it runs and shows what is stored, or says in one line what a tab lacks, or fails."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

RUNS, SAYS = "runs", "says what a tab lacks"  # any other outcome is a failure, in words
NOTES = re.compile(  # a line in which a cell says what is done in a tab instead
    r"^\(?A browser tab has no (HTTPie|[\w-]+ command):[^\n]*\n?"
    r"|^ *Your progress is (saved|kept)[^\n]*\n?",  # where, which a stored notebook cannot know
    re.MULTILINE,
)
ONE_LINE = re.compile(r" *A browser tab has no [^\n]*: this (cell|exercise) (was|ended|is) [^\n]*")
OTHER_THERE = {  # cells that say something else in a tab, and why
    "00-ready": "the tab is diagnosed, not the machine",
    "01-user-new": "without Argon2, passwords are hashed with PBKDF2, under its own name",
}
WANT_PROCESSES = {  # cells that need the three services of step 11, which are processes, or a framework
    "11-serve", "11-login", "11-ask", "11-probe", "11-stranger", "11-table", "11-crashes", "11-names",
    "11-travel", "11-flask-422", "11-flask-422-words", "11-drf-audience", "11-fastapi-claims", "11-stop",
    "11-proof", "11-not-run", "11-travel-fixed", "11-server", "11-tidy",
    "11-check-flask-service", "11-check-fastapi-service",
}  # fmt: skip


def stored_cells(path: Path) -> dict[str, Any]:
    """The cells of a notebook by their ids."""
    return {cell["id"]: cell for cell in json.loads(path.read_text("utf-8"))["cells"]}


def outcome(stored: Mapping[str, Any], cell: Mapping[str, Any], clean: Callable[[str], str]) -> str:
    """RUNS, SAYS, or what is wrong with a run of a cell; `clean` takes out what differs from run to run."""
    raised = [one for one in cell["outputs"] if one["output_type"] == "error"]
    if not cell["execution_count"]:
        return "did not run"
    before, after = said(stored, clean), said(cell, clean)
    if not raised and after and ONE_LINE.fullmatch(after[-1]):
        return SAYS
    expected = "raises-exception" in cell["metadata"].get("tags", [])
    if raised and not expected:
        return f"raised {raised[0]['ename']}: {raised[0]['evalue'][:300]}"
    if expected and not raised:
        return "did not raise"
    if before == after or cell["id"] in OTHER_THERE:
        return RUNS
    return f"stored {before!r:.400}, in the tab {after!r:.400}"


def said(cell: Mapping[str, Any], clean: Callable[[str], str]) -> list[str]:
    """The lines that a cell shows as text; a widget adds an empty output."""
    parts = []
    for output in cell["outputs"]:
        shown = output.get("data", {}).get("text/plain")
        parts.append("".join(output.get("text") or shown or output.get("evalue") or ""))
    lines = clean(NOTES.sub("", "\n".join(parts))).splitlines()
    return [line for line in lines if line.strip()]


def counted(outcomes: Iterable[str]) -> Counter[str]:
    return Counter(one if one in (RUNS, SAYS) else "fails" for one in outcomes)


def table(lessons: Mapping[str, Counter[str]]) -> str:
    """A row for each lesson and one for all, with the share that runs."""
    whole = sum(lessons.values(), Counter())
    rows = [
        f"{name:7} {count.total():6} {count[RUNS]:5} {count[SAYS]:4} {count['fails']:5}"
        for name, count in {**lessons, "all": whole}.items()
    ]
    last = f"{100 * share(whole):.1f} % of the cells run"
    return "\n".join(["lesson   cells   run  say  fail", *rows, last])


def share(count: Counter[str]) -> float:
    """The part of the cells that run."""
    return count[RUNS] / count.total()
