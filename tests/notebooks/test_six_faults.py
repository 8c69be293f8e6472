"""The practice service has the faults that its page tells of, and each can be fixed alone."""

from __future__ import annotations

import ast
import inspect
from typing import Any

import pytest

from rerun import NOTEBOOKS, code_cells, read

CELLS = code_cells(read(NOTEBOOKS / "13_six_faults.ipynb"))
FIXES = {
    "unknown-email": [
        ('"Wrong password" if known else "Unknown e-mail address"', '"Wrong e-mail or password"')
    ],
    "no-token": [
        (
            "return web.json_response({\"message\": message}, status=status)",
            "from jwt_demo.stages.parts.responses import challenge\n"
            "    return challenge(status, message)",
        )
    ],
    "too-little-scope": [
        (
            'if user is None or "admin" not in claims["scope"]:',
            'if user is not None and "admin" not in claims["scope"]:\n'
            "        from jwt_demo.stages.parts.responses import challenge\n"
            '        return challenge(403, "No", error="insufficient_scope", scope="admin")\n'
            "    if user is None:",
        )
    ],
    "expired": [('"verify_exp": False', '"verify_exp": True'), DECODE := ("jwt.DecodeError", "jwt.InvalidTokenError")],
    "user-gone": [(' or "deleted", claims', ", claims")],
    "foreign-algorithm": [DECODE],
}  # fmt: skip


async def broken(fixes: list[tuple[str, str]]) -> set[str]:
    """The probes that the service fails, with some of its lines changed."""
    names: dict[str, Any] = {}
    for cell in CELLS:
        source = cell.source
        for old, new in fixes:
            source = source.replace(old, new)
        code = compile(source, cell.id, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        found = eval(code, names)
        if inspect.isawaitable(found):
            await found
    await names["server"].stop()
    return {result.probe.name for result in names["report"].broken}


async def test_as_it_stands_it_fails_all_six() -> None:
    """And nothing is found besides."""
    assert await broken([]) == set(FIXES)


@pytest.mark.parametrize("fault", FIXES)
async def test_a_fault_that_is_fixed_is_gone(fault: str) -> None:
    """One fix takes away what it is about."""
    assert fault not in await broken(FIXES[fault])


async def test_all_fixes_together_pass_all_six() -> None:
    """The reader can finish."""
    assert await broken([fix for fixes in FIXES.values() for fix in fixes]) == set()
