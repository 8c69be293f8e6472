"""The handlers that a lesson builds are the ones its stage runs: compared by syntax tree, so that they cannot drift.

The middleware of lesson 3 stands in one piece there. The stages share it with a part that each of them gives: compared by responses.
"""

from __future__ import annotations

import ast
import time
from pathlib import Path

import jwt
import nbformat
import pytest
from aiohttp import web

from jwt_demo.stages import login, middleware
from jwt_demo.stages.parts.secret_key import new_key

ROOT = Path(__file__).resolve().parents[2]
LESSONS = {
    "02_login": ("login", {"login", "claims_for"}),
    "03_middleware": (
        "middleware",
        {
            "authenticate",
            "bearer_token",
            "check_times",
            "credentials_in",
            "invalid_token",
            "get_user",
        },
    ),
    "07_logout": (
        "logout",
        {"refresh", "logout", "logout_everywhere", "revocation_middleware"},
    ),
    "08_cookies_or_tokens": (
        "cookies",
        {"csrf_token", "csrf_middleware", "own_origin", "forbidden"},
    ),
    "09_keys": ("keys", {"issue", "jwks", "verified"}),
    "04_decorator": ("decorator", {"login_required", "granted", "hello", "get_user", "admin"}),
}


# A reader writes a function of the stage's name at the end of these lessons, so the lesson's own has another.
NAMES_IN_THE_STAGE = {
    "login_handler": "login",
    "token_middleware": "auth_middleware",
    "user_required": "login_required",
}


def functions(source: str) -> dict[str, str]:
    """Each function at the top of a source, as a dump of its tree without annotations and docstrings."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.arg):
                    inner.annotation = None
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    inner.returns = None
                    if ast.get_docstring(inner) is not None:
                        del inner.body[0]
                    inner.name = NAMES_IN_THE_STAGE.get(inner.name, inner.name)
                if isinstance(inner, ast.Name):
                    inner.id = NAMES_IN_THE_STAGE.get(inner.id, inner.id)
            found[node.name] = ast.dump(PlainAssignments().visit(node))
    return found


class PlainAssignments(ast.NodeTransformer):
    """`name: type = value` becomes `name = value`."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return node
        return ast.Assign(targets=[node.target], value=node.value)


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


async def test_the_middleware_of_lesson_3_responds_as_that_of_the_stages(
    serving, key, users
) -> None:
    """The same requests, good and bad, get the same status, challenge and body."""
    wanted = {
        "authenticate",
        "bearer_token",
        "check_times",
        "credentials_in",
        "invalid_token",
        "token_middleware",
    }
    tree = ast.parse(lesson_source("03_middleware"))
    tree.body = [node for node in tree.body if getattr(node, "name", "") in wanted]
    surroundings = dict(vars(middleware))
    exec(compile(tree, "03_middleware", "exec"), surroundings)  # the lesson is ours
    lesson = web.Application(middlewares=[surroundings["token_middleware"]])
    lesson[login.KEY], lesson[login.USERS] = key, users
    lesson.router.add_get("/get-user", middleware.get_user)
    servers = (
        await serving(lesson, name="lesson"),
        await serving(middleware.make_app(key=key, users=users), name="stage"),
    )
    for headers in requests_of_lesson_3(key):
        seen = []
        for server in servers:
            response = await server.get("/get-user", headers=headers)
            seen.append(
                (response.status, response.headers.get("WWW-Authenticate"), response.json())
            )
        assert seen[0] == seen[1], headers


def requests_of_lesson_3(key: str) -> list[list[tuple[str, str]]]:
    """Headers: nobody, other schemes, the good token, and the bad ones of the lesson."""
    now = int(time.time())
    good = {"sub": "1", "exp": now + 60}
    tokens = [jwt.encode(good, key), jwt.encode(good, new_key()), jwt.encode(good, None, "none")]
    for change in ({"sub": "99"}, {"exp": now - 60}, {"exp": now * 1000}, {"exp": str(now + 60)}):
        tokens.append(jwt.encode(good | change, key))
    tokens += [tokens[0] + "=", "not a token", "", "\u2003" + tokens[0]]
    values = [f"Bearer {token}" for token in tokens] + [f"bearer   {tokens[0]}", "Basic abc"]
    bearer = ("Authorization", f"Bearer {tokens[0]}")
    return [[], [bearer, bearer], *([("Authorization", value)] for value in values)]
