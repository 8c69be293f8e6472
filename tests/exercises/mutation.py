"""Right answers with one thing wrong, made by rule: what a check must notice.

>>> [mutant.what for mutant in mutants("def f(a):\\n    return a < 3")][:3]
['return a < 3 → return None', 'a < 3 → a <= 3', 'a < 3 → a == 3']
"""

from __future__ import annotations

import ast
import contextlib
import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.exercises.changes import changes, parsed


@dataclass(frozen=True)
class Mutant:
    """A right answer with one change."""

    kind: str
    what: str  # old → new
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a right answer, each once."""
    tree = ast.parse(source)
    above = {
        child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
    }  # an operator stands in many places, but no rule changes one alone
    seen, named = {ast.unparse(tree)}, set()
    for node in list(ast.walk(tree)):
        for kind, change in changes(node):
            old = ast.unparse(node)
            new = change(copy.deepcopy(node))
            with replaced(above[node], node, new):
                text = ast.unparse(tree)
            if text in seen:
                continue
            seen.add(text)
            what = f"{line(old)} → {line(written(new))}"
            while what in named:
                what += "'"
            named.add(what)
            yield Mutant(kind, what, text)
    yield from whole_function(source)


def line(text: str) -> str:
    """One line, cut in the middle; the same on every Python (3.10 puts targets into parentheses)."""
    text = re.sub(r"\((\w+(?:, \w+)+|\w+,)\) (?=(=|in) )", r"\1 ", " ".join(text.split()))
    return text if len(text) <= 90 else f"{text[:50]}…{text[-35:]}"


def written(new: Any) -> str:
    if new is None:
        return "(nothing)"
    return "; ".join(map(ast.unparse, new)) if isinstance(new, list) else ast.unparse(new)


@contextlib.contextmanager
def replaced(parent: ast.AST, target: ast.AST, new: Any) -> Iterator[None]:
    """Something in the place of one node, for a while; a body that would be empty gets a `pass`."""
    fields = list(ast.iter_fields(parent))
    for name, value in fields:
        if isinstance(value, list) and target in value:
            place = value.index(target)
            middle = new if isinstance(new, list) else [] if new is None else [new]
            nodes = [*value[:place], *middle, *value[place + 1 :]]
            setattr(parent, name, [ast.Pass()] if name == "body" and not nodes else nodes)
        elif value is target:
            setattr(parent, name, new)
    try:
        yield
    finally:
        for name, value in fields:
            setattr(parent, name, value)


# --- the whole function -----------------------------------------------------------------------------------------------


def whole_function(source: str) -> Iterator[Mutant]:
    yield from leaks(source)
    yield from longer_tries(source)


def leaks(source: str) -> Iterator[Mutant]:
    """A sentence that repeats what was caught, or a local value."""
    sentences = [
        place
        for place, node in enumerate(ast.walk(ast.parse(source)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    ]
    for place, name in itertools.product(sentences, ("error", "token", "user")):
        tree = ast.parse(source)
        node = list(ast.walk(tree))[place]
        above = parent_of(node, tree)
        if isinstance(above, ast.JoinedStr):
            continue
        text = ast.unparse(node)
        new = parsed(f"{text} + ' ' + str({name})")
        if name == "error":
            for handler in ast.walk(tree):
                if isinstance(handler, ast.ExceptHandler):
                    handler.name = "error"
            inside = [
                inner
                for handler in ast.walk(tree)
                if isinstance(handler, ast.ExceptHandler)
                for inner in ast.walk(handler)
            ]
            if node not in inside:
                continue
        elif name not in {inner.id for inner in ast.walk(tree) if isinstance(inner, ast.Name)}:
            continue
        with replaced(above, node, new):
            mutated = ast.unparse(tree)
        yield Mutant("the rejection leaks", f"{line(text)} says {name}", mutated)


def parent_of(node: ast.AST, tree: ast.AST) -> ast.AST:
    return next(above for above in ast.walk(tree) if node in ast.iter_child_nodes(above))


def longer_tries(source: str) -> Iterator[Mutant]:
    """What stands behind a `try`, in the `try`."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for number, statement in enumerate(body if isinstance(body, list) else []):
            if isinstance(statement, ast.Try) and body[number + 1 :]:
                changed = copy.deepcopy(body)
                changed[number].body += changed[number + 1 :]
                node.body, kept = changed[: number + 1], body  # type: ignore[attr-defined]
                yield Mutant(
                    "too much in the try", "all that follows, in the try", ast.unparse(tree)
                )
                node.body = kept  # type: ignore[attr-defined]
