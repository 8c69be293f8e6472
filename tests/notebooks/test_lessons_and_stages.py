"""The handlers that a lesson builds are the ones its stage runs: compared by syntax tree, so that they cannot drift."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSONS = {
    "02_login": ("login", {"login", "claims_for"}),
    "03_middleware": (
        "middleware",
        {
            "auth_middleware",
            "bearer_token",
            "check_times",
            "credentials_in",
            "invalid_token",
            "get_user",
        },
    ),
    "07_logout": (
        "logout",
        {
            "login",
            "token_pair",
            "new_id",
            "refresh",
            "logout",
            "logout_everywhere",
            "revocation_middleware",
        },
    ),
    "08_cookies_or_tokens": (
        "cookies",
        {"csrf_token", "csrf_middleware", "own_origin", "forbidden"},
    ),
    "09_keys": ("keys", {"issue", "jwks", "verified"}),
    "04_decorator": ("decorator", {"login_required", "granted", "hello", "get_user", "admin"}),
}


def functions(source: str) -> dict[str, str]:
    """Each function at the top of a source, as a dump of its tree without annotations."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.arg):
                    inner.annotation = None
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    inner.returns = None
            found[node.name] = ast.dump(node)
    return found


def lesson_source(name: str) -> str:
    """All code cells of a notebook but the ones the reader fills in."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    return "\n".join(
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and "-try-" not in cell.id
    )


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_handlers_of_a_lesson_are_those_of_its_stage(lesson: str) -> None:
    """What the reader reads in the notebook is what gunicorn runs."""
    stage, names = LESSONS[lesson]
    shown = functions(lesson_source(lesson))
    run = functions((ROOT / "jwt_demo" / "stages" / f"{stage}.py").read_text("utf-8"))
    assert names <= set(shown), "the lesson does not show them all"
    assert {name: shown[name] for name in names} == {name: run[name] for name in names}
