"""A reader may skip bonus sections, all or some: no cell needs a name that only a skipped cell defines."""

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


def bonus_sections(notebook: Any) -> dict[str, set[str]]:
    """By heading that begins with "Bonus", or ends with "bonus" after its minutes, the ids of the code under it."""
    found: dict[str, set[str]] = {}
    section, exercise = "", ""
    for part, cell in parted(notebook):
        if cell.cell_type == "markdown":
            for heading in re.findall(r"(?m)^#+ (.*)", cell.source):
                section = heading if heading.startswith("Bonus") else section
                exercise = heading if heading.endswith("· bonus") else ""
        elif part == "bonus" or exercise:
            found.setdefault(section if part == "bonus" else exercise, set()).add(cell.id)
    return found


SECTIONS = {path: bonus_sections(read(path)) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
BONUS = {path: set().union(*sections.values()) for path, sections in SECTIONS.items()}
WITH_BONUS = [path for path, cells in BONUS.items() if cells]
SEVERAL = [
    (path, heading)
    for path, sections in SECTIONS.items()
    for heading in sections
    if len(sections) > 1
]


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


@pytest.fixture(scope="module")
def one_alone(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Path, str], dict[str, str]]:
    """By notebook and bonus section, what fails where this is the only one that was run."""
    copies = {
        (path, heading): without(
            path, BONUS[path] - SECTIONS[path][heading], tmp_path_factory.mktemp("alone")
        )
        for path, heading in SEVERAL
    }
    ran = cells_run(list(copies.values()))
    return {(path, heading): failed(path, ran[copy]) for (path, heading), copy in copies.items()}


@pytest.mark.parametrize(
    ("path", "heading"), SEVERAL, ids=[f"{path.stem[:2]} {heading}" for path, heading in SEVERAL]
)
def test_a_bonus_section_needs_no_other(
    path: Path, heading: str, one_alone: dict[tuple[Path, str], dict[str, str]]
) -> None:
    """One of them is run, and the others are skipped."""
    assert one_alone[path, heading] == {}
