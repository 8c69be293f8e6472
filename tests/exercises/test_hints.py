"""What a hint shows as code can be run where its reader stands, and the last hint holds the code of a right answer."""

from __future__ import annotations

import ast
import builtins
import re

import pytest

from jwt_demo.exercises import registry
from jwt_demo.exercises.checker import judge
from tests.exercises.answers.hinted import FOLLOWED
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

pytestmark = AS_IN_A_NOTEBOOK

EXERCISES = [exercise for exercise in registry.exercises().values() if exercise.step >= "05"]
by_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def code_in(text):
    """The pieces of a hint that are marked as code, and are Python."""
    for piece in re.findall("`([^`]+)`", text):
        try:
            yield piece, ast.parse(piece)
        except SyntaxError:
            continue


def names_in(tree, kind):
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, kind)
    }


def known_to(exercise):
    """The names that a reader has: the notebook's, Python's, those of the stub."""
    names = {"__name__": "__main__"}
    exec(exercise.given, names)
    stub = ast.parse(exercise.stub)
    told = {node.arg for node in ast.walk(stub) if isinstance(node, ast.arg)}
    return {*names, *dir(builtins), *told, *given_by(stub), exercise.function}


def given_by(tree):
    """The names that a piece of code gives a value, imports and parameters among them."""
    imported = {node.name for node in ast.walk(tree) if isinstance(node, ast.alias)}
    parameters = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    return names_in(tree, ast.Store) | imported | parameters


@by_exercise
def test_a_hint_uses_names_that_its_reader_has(exercise):
    """A name in a hint is one of the notebook's, of Python's or of the stub's, or is given a value by a hint."""
    trees = [tree for hint in exercise.hints for _, tree in code_in(hint)]
    known = known_to(exercise).union(*map(given_by, trees))
    for tree in trees:
        if isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Name):
            continue  # a single word: a claim, an option, a name
        assert names_in(tree, ast.Load) <= known


@by_exercise
async def test_who_follows_the_last_hint_is_right(exercise):
    """The code of the last hint stands in an answer as it is, and that answer is correct."""
    answer = FOLLOWED.get(exercise.name, exercise.solution)
    written = ast.unparse(ast.parse(answer))
    for piece, tree in code_in(exercise.hints[2]):
        if isinstance(tree.body[0], ast.Expr) and isinstance(
            tree.body[0].value, ast.Name | ast.Constant
        ):
            continue
        assert ast.unparse(tree) in written, piece
    result = await judge(exercise, defined(exercise, answer))
    assert result, result
