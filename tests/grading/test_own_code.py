"""`correct` in a class report means that this learner's cell ran and was judged: every try cell spoilt in each way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jwt_demo.exercises import registry
from jwt_demo.exercises.gateways import missing
from jwt_demo.grading.task import CAN_FORK
from rerun import NOTEBOOKS
from tests.support.forked_notebooks import judged
from tests.support.thorough import some_always

EXERCISES = registry.exercises()
BY_CELL = {f"{one.step}-try-{one.slug}": one for one in EXERCISES.values()}
PATHS = {one.step: next(NOTEBOOKS.glob(f"{one.step}_*.ipynb")) for one in EXERCISES.values()}

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="processes cannot be forked here")


def solved(cell, exercise):
    cell["source"] = exercise.solution.strip()


def broken(cell, exercise):
    cell["source"] = exercise.solution.strip().replace("):", ")", 1)


def raises(cell, exercise):
    cell["source"] = f"import nothing_such\n{exercise.solution.strip()}"


def renamed(cell, exercise):
    cell["source"] = exercise.solution.strip().replace(exercise.function, "my_own_solution")


def markdown(cell, exercise):
    cell["cell_type"], cell["source"] = "markdown", f"```\n{exercise.solution}\n```"


def not_run(cell, exercise):
    cell["cell_type"], cell["source"] = "raw", exercise.solution


def deleted(cell, exercise):
    cell["source"] = ""


WAYS = {  # and what is said of each exercise
    broken: "Your cell did not run: SyntaxError in line",
    raises: "Your cell did not run: ModuleNotFoundError in line 1",
    renamed: "does not define `{}`",
    markdown: "Nothing is called `{}` yet",
    not_run: "Nothing is called `{}` yet",
    deleted: "Nothing is called `{}` yet",
}


def handed_in(folder: Path, step: str, way) -> Path:
    """The notebook of a step with all its try cells changed."""
    notebook = json.loads(PATHS[step].read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["id"] in BY_CELL:
            way(cell, BY_CELL[cell["id"]])
        if cell["cell_type"] == "code":
            cell["outputs"] = []
        else:
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    folder.mkdir(exist_ok=True)
    path = folder / PATHS[step].name
    path.write_text(json.dumps(notebook), "utf-8")
    return path


@pytest.fixture(scope="module")
def results(tmp_path_factory, request):
    """What the judge says, by way and exercise; in the ways that this session asks for."""
    folder = tmp_path_factory.mktemp("class")
    asked = {
        item.callspec.params["way"]
        for item in request.session.items
        if item.path == request.path and "way" in item.callspec.params
    }
    ways = (solved, *(way for way in WAYS if way in asked))
    paths = {handed_in(folder / way.__name__, step, way): way for way in ways for step in PATHS}
    found = {way: {} for way in ways}
    for path, verdict in judged(list(paths)).items():
        found[paths[path]].update(verdict)
    return found


@pytest.mark.parametrize(
    "way",
    some_always(WAYS, lambda way: way not in (markdown, not_run)),  # no code, as in `deleted`
    ids=lambda way: way.__name__,
)
@pytest.mark.parametrize("name", EXERCISES)
def test_a_cell_that_did_not_run_is_not_attempted(results, way, name):
    """Whatever the lesson defined before it; and the row says why."""
    found = results[way][name]
    assert found["outcome"] == "not attempted"
    assert WAYS[way].format(EXERCISES[name].function) in found["message"]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_cell_that_ran_is_judged(results, name):
    """The same notebook with the solution in it."""
    if missing(EXERCISES[name].needs):
        pytest.skip("made for a framework that is not installed")
    assert results[solved][name]["outcome"] == "correct"
