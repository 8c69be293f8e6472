"""What the notebooks of the course have of the exercises: the cells that try, check and ask, and the names that they need."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from jwt_demo.exercises import registry

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
EXERCISES = list(registry.exercises().values())
by_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
by_notebook = pytest.mark.parametrize(
    "notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem
)


def cells(path):
    return json.loads(path.read_text("utf-8"))["cells"]


@by_exercise
def test_the_stub_in_the_notebook_is_the_registered_one(exercise):
    """Sign by sign, its comments too: the cell `NN-try-slug` and, right behind it, the cell that checks."""
    notebook = next(NOTEBOOKS.glob(f"{exercise.step}_*.ipynb"), None)
    if notebook is None:
        pytest.skip(f"step {exercise.step} has no notebook yet")
    found = cells(notebook)
    ids = [cell["id"] for cell in found]
    assert f"{exercise.step}-try-{exercise.slug}" in ids, (
        f"{notebook.name} has no cell for {exercise.name}"
    )
    place = ids.index(f"{exercise.step}-try-{exercise.slug}")
    assert "".join(found[place]["source"]).strip() == exercise.stub.strip()
    assert ids[place + 1] == f"{exercise.step}-check-{exercise.slug}"
    assert (
        "".join(found[place + 1]["source"])
        == f'await check({exercise.function}, "{exercise.name}")'
    )


@pytest.mark.parametrize("notebook", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_exercise_and_quiz_in_a_notebook_is_registered(notebook):
    """A cell that tries or asks something that nobody defined would only show an apology."""
    for cell in cells(notebook):
        step, _, slug = cell["id"].partition("-try-")
        if slug and cell["cell_type"] == "code":
            assert f"{step}-{slug}" in registry.exercises()
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "quiz(" in source:
            asked = [
                node
                for node in ast.walk(ast.parse(source))
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "quiz"
            ]
            for call in asked:
                assert call.args[0].value in registry.quizzes()


@pytest.mark.parametrize(
    "step", sorted({module.__name__.rpartition("step_")[2][:2] for module in registry.modules()})
)
def test_every_quiz_is_asked_in_its_notebook(step):
    """A question nobody is asked teaches nobody."""
    notebook = next(NOTEBOOKS.glob(f"{step}_*.ipynb"), None)
    if notebook is None:
        pytest.skip(f"step {step} has no notebook yet")
    source = "\n".join(
        "".join(cell["source"]) for cell in cells(notebook) if cell["cell_type"] == "code"
    )
    own = [
        question.name
        for module in registry.modules()
        if module.__name__.rpartition("step_")[2][:2] == step
        for question in getattr(module, "QUIZZES", ())
    ]
    assert [name for name in own if f'quiz("{name}")' not in source] == []


@by_notebook
def test_the_first_cell_brings_what_a_reader_calls(notebook):
    """After a restart the first cell is enough for every check, hint, solution and quiz below it."""
    code = [
        cell
        for cell in cells(notebook)
        if cell["cell_type"] == "code" and "-figure-" not in cell["id"]  # its code is folded
    ]
    asked = {name for cell in code for name in called_in(cell) if name in ASKED}
    if asked <= {"quiz"}:  # step 00 looks first whether the package can be imported at all
        return
    imported = names_bound(tree_of(code[0]))
    assert imported >= ASKED
    later = [cell["id"] for cell in code[1:] if names_bound(tree_of(cell)) & ASKED]
    assert later == []


ASKED = {"check", "hint", "progress", "quiz", "solution"}


@by_exercise
def test_no_other_cell_defines_what_the_reader_is_to_write(exercise):
    """Else the lesson's function would be judged in place of the reader's, and a stub would replace what the lesson needs."""
    own = f"{exercise.step}-try-{exercise.slug}"
    found = cells(next(NOTEBOOKS.glob(f"{exercise.step}_*.ipynb")))
    others = [cell for cell in found if cell["cell_type"] == "code" and cell["id"] != own]
    assert [cell["id"] for cell in others if exercise.function in names_bound(tree_of(cell))] == []


@by_exercise
def test_a_stub_defines_its_function_and_nothing_else(exercise):
    """So that running it replaces nothing."""
    assert names_bound(ast.parse(exercise.stub)) == {exercise.function}


def tree_of(cell):
    return ast.parse("".join(cell["source"]))


def called_in(cell):
    return {
        node.func.id
        for node in ast.walk(tree_of(cell))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def names_bound(tree):
    """The names that running a cell binds in the notebook."""
    found = set()
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(name.asname or name.name).split(".")[0] for name in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif not isinstance(
            node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
        ):
            found |= names_bound(node)
    return found
