"""A learner's notebook as the judge reads it: its cells, and the judge's own checks behind the learner's.

Stored outputs are not looked at. This module parses a learner's bytes, so it is used in the process of that notebook alone.
"""

from __future__ import annotations

import ast
import functools
import json
from pathlib import Path
from typing import Any

import nbformat

from ..course.working_copy import notebooks
from ..exercises.registry import exercises, find_exercise

LARGEST_NOTEBOOK = 32 << 20  # bytes
LONGEST_SOURCE = 100_000  # characters of a cell in which the judge looks for anything


class Unreadable(Exception):
    """No notebook that could be run; the message says why."""


def read(path: Path) -> Any:
    """The notebook's cells, without outputs; Unreadable says what it is instead."""
    try:
        if path.stat().st_size > LARGEST_NOTEBOOK:
            raise Unreadable(f"larger than {LARGEST_NOTEBOOK >> 20} MiB")
        found: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types
        for cell in found.cells:
            cell.source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
            if cell.cell_type == "code":
                cell.outputs = []
    except Unreadable:
        raise
    except OSError as error:
        raise Unreadable(error.strerror or type(error).__name__) from None
    except Exception:  # whatever nbformat makes of bytes that are no notebook
        raise Unreadable("not a notebook that can be read") from None
    return found


def checks_of(notebook: Any, step: str) -> list[tuple[int, str, str]]:
    """Where to put which check: behind the learner's own, else behind the cell of the exercise, else at the end.

    A list of place, name of the candidate, exercise.
    """
    places: dict[str, tuple[int, str]] = {}
    ids = [cell.get("id", "") for cell in notebook.cells]
    for exercise in exercises().values():
        if exercise.step == step:
            tried = f"{exercise.step}-try-{exercise.slug}"
            place = ids.index(tried) + 1 if tried in ids else len(ids)
            places[exercise.name] = (place, exercise.function)
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            for candidate, name in checked_in(cell.source):
                if name in places:
                    places[name] = (place + 1, candidate)
    return [(place, candidate, name) for name, (place, candidate) in places.items()]


def checked_in(source: str) -> list[tuple[str, str]]:
    """The names that a cell gives to `check`, each with its exercise.

    >>> checked_in("await check(login); await check(mine, exercise='01-lookup'); check(3)")
    [('login', '02-login'), ('mine', '01-lookup')]
    """
    if "check" not in source or len(source) > LONGEST_SOURCE:
        return []
    try:
        calls = [
            node
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "check"
        ]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for call in calls:
        given = next(
            (keyword.value for keyword in call.keywords if keyword.arg == "exercise"),
            call.args[1] if len(call.args) > 1 else None,
        )
        if not call.args or not isinstance(call.args[0], ast.Name):
            continue
        candidate = call.args[0].id
        named = given.value if isinstance(given, ast.Constant) else None
        if not isinstance(named, str | None):
            continue
        exercise = find_exercise(type(candidate, (), {}), named)
        if not isinstance(exercise, str):
            found.append((candidate, exercise.name))
    return found


@functools.cache
def original_sources(step: str) -> dict[str, str]:
    """The code cells of a lesson by their ids, as it is handed out."""
    (path,) = notebooks().glob(f"{step}_*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}
