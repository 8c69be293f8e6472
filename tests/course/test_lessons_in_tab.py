"""The whole course as on the hosted site, in a process that is as a tab is: every cell runs, or says in one line what a tab lacks.

The hosted site itself needs Pyodide's distribution from the network; what its kernel adds is `cryptography` and Argon2, which this
process has. That they behave there as they do here is not shown.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from rerun import NOTEBOOKS, ROOT, sanitised
from tests.support.lessons_in_tab import cells_run
from website.cells import RUNS, SAYS, WANT_PROCESSES, counted, outcome, share, stored_cells, table

SERVICES = {"11-flask-service", "11-fastapi-service"}  # exercises that need a framework
JUDGED = """
import json
from tests.support import tab
tab.become_a_tab(hosted=True)
from jwt_demo.exercises import registry
from jwt_demo.exercises.checker import judge
from tests.exercises.trying import defined

async def main():
    return {name: (await judge(one, defined(one, one.solution))).as_dict() for name, one in registry.exercises().items()}

print(json.dumps(tab.loop.run_until_complete(main())))
"""


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict[str, str]]:
    """By lesson and cell."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    return {
        path.name[:2]: {
            cell["id"]: outcome(stored_cells(path)[cell["id"]], cell, sanitised) for cell in cells
        }
        for path, cells in cells_run(paths).items()
    }


def test_no_cell_fails_and_almost_all_run(outcomes) -> None:
    """Of all fourteen lessons; the table is in the output of `pytest -s`."""
    counts = {name: counted(cells.values()) for name, cells in outcomes.items()}
    print(f"\n{table(counts)}")
    every = {name: words for cells in outcomes.values() for name, words in cells.items()}
    assert {name: words for name, words in every.items() if words not in (RUNS, SAYS)} == {}
    assert len(outcomes) == 14
    assert share(counted(every.values())) >= 0.95


def test_only_what_needs_another_process_or_a_framework_says_so(outcomes) -> None:
    """Sources, questions, figures and the other exercises of step 11 run."""
    every = {name: words for cells in outcomes.values() for name, words in cells.items()}
    assert {name for name, words in every.items() if words == SAYS} == WANT_PROCESSES


def test_every_solution_is_judged_correct_but_those_that_need_a_framework() -> None:
    """Those are not judged, and say so."""
    done = subprocess.run(
        [sys.executable, "-c", JUDGED], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-3000:]
    results: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert {name for name, one in results.items() if not one["correct"]} == SERVICES
    for name in SERVICES:
        assert results[name]["outcome"] == "not attempted"
        assert "this exercise is not judged" in results[name]["message"]
