"""A reader who skips the bonus sections can run every other cell: none needs a name that only a bonus cell defines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from jwt_demo.grading.task import CAN_FORK
from minutes import parted
from rerun import NOTEBOOKS, read, tags
from tests.support.forked_notebooks import cells_run

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="processes cannot be forked here")


def bonus_cells(notebook: Any) -> set[str]:
    """Ids of the code under a heading that begins with "Bonus", or that ends with "bonus" after its minutes."""
    found, exercise = set(), False
    for part, cell in parted(notebook):
        if cell.cell_type == "markdown":
            for heading in re.findall(r"(?m)^#+ (.*)", cell.source):
                exercise = heading.endswith("· bonus")
        elif part == "bonus" or exercise:
            found.add(cell.id)
    return found


BONUS = {path: bonus_cells(read(path)) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
WITH_BONUS = [path for path, cells in BONUS.items() if cells]


def without(path: Path, left_out: set[str], folder: Path) -> Path:
    """A copy in which some cells are missing."""
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in left_out]
    (folder / path.name).write_text(json.dumps(notebook), "utf-8")
    return folder / path.name


def failed(path: Path, cells: list[dict[str, str]]) -> dict[str, str]:
    """By id, the errors that the lesson does not want."""
    wanted = {cell.id for cell in read(path).cells if "raises-exception" in tags(cell)}
    return {
        cell["id"]: cell["error"] for cell in cells if cell["error"] and cell["id"] not in wanted
    }


LACKING = "10, without a cell"


@pytest.fixture(scope="module")
def skipped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """By notebook, what fails where no bonus cell was run; and what fails in step 10 without a cell that is needed."""
    folder = tmp_path_factory.mktemp("skipped")
    copies = {without(path, BONUS[path], folder): path for path in WITH_BONUS}
    step_10 = next(path for path in WITH_BONUS if path.name.startswith("10"))
    lacking = without(step_10, {"10-refresh-attack"}, tmp_path_factory.mktemp("lacking"))
    ran = cells_run([*copies, lacking])
    assert any(ran[copy] for copy in copies)
    found = {path.name: failed(path, ran[copy]) for copy, path in copies.items()}
    return {**found, LACKING: failed(step_10, ran[lacking])}


@pytest.mark.parametrize("path", WITH_BONUS, ids=lambda path: path.stem)
def test_no_cell_needs_a_bonus_cell(path: Path, skipped: dict[str, dict[str, str]]) -> None:
    """Bonus may be skipped."""
    assert skipped[path.name] == {}


def test_a_cell_that_needs_what_was_left_out_is_found(skipped: dict[str, dict[str, str]]) -> None:
    """The refresh token of step 10 is made by one cell and sent by another."""
    assert skipped[LACKING]["10-access-proof"] == "NameError: name 'access' is not defined"
