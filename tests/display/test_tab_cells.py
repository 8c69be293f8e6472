"""Cells that need what a tab does not have, a package or a program: left out in one line, and nothing else is."""

from __future__ import annotations

import ast
import contextlib
import io
import sys
from typing import Any

import pytest

from jwt_demo.display.tab_cells import LeftOut
from jwt_demo.server.runtime import NotInTab

AWAITED = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


def lesson(*cells: str) -> list[str]:
    """Each cell in turn, in one kernel's names, where `cryptography` is not; what it printed."""
    names: dict[str, Any] = {"start": start}
    kernel, printed = LeftOut(names, frozenset({"cryptography"})), []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cryptography", None)
        for cell in cells:
            with contextlib.redirect_stdout(io.StringIO()) as output:
                try:
                    exec(compile(kernel.visit(ast.parse(cell)), "<cell>", "exec", AWAITED), names)
                except Exception as error:
                    line = kernel.ended(error)
                    if not line:
                        raise
                    print(line)
            printed.append(output.getvalue())
    return printed


def start() -> None:
    raise NotInTab("programs of a terminal", "`sleep` was not started")


NEEDS = "from cryptography.x import Y\nsealed, tag = Y(), 1"


def test_a_cell_that_imports_it_says_so_in_one_line() -> None:
    """With the package's name, and where its output is."""
    [line] = lesson(NEEDS)
    assert line.startswith("A browser tab has no `cryptography`: this cell was not run. ")
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    "cell", ["print(sealed)", "def f():\n    return sealed", "async def f():\n    await g(sealed)"]
)
def test_a_cell_that_uses_its_names_is_left_out_too_and_names_one(cell: str) -> None:
    """Also where a function uses it, and cells that use the names of that cell in turn."""
    lines = lesson(NEEDS, cell, "print(f)" if "f" in cell.split("(")[0] else "sealed")
    assert "because it uses `sealed`, which an earlier cell could not define" in lines[1]
    assert "was not run" in lines[2]


def test_a_cell_that_reads_a_name_before_it_binds_it_is_left_out() -> None:
    """Its own value comes too late."""
    assert "it uses `sealed`" in lesson(NEEDS, "print(sealed)\nsealed = 2")[1]


def test_a_cell_that_starts_what_a_tab_lacks_ends_in_one_line() -> None:
    """What it did before stays done; a later cell that uses what it would have made says so."""
    cells = ("port = 1\nprint('begun')\nrunning = start()", "print(port)", "print(running)")
    first, second, third = lesson(*cells)
    assert first.startswith("begun\nA browser tab has no programs of a terminal: this cell ended")
    assert second == "1\n"
    assert "because it uses `running`, which" in third


def test_a_function_that_imports_it_ends_the_cell_that_calls_it() -> None:
    """To define it is no reason to leave a cell out."""
    define, call = lesson("def f():\n    import cryptography.x\nprint('run')", "key = f()")
    assert define == "run\n"
    assert call.startswith("A browser tab has no `cryptography`: this cell ended early")
    assert call.count("\n") == 1


@pytest.mark.parametrize(
    "cell",
    [
        "print('run')",
        "def f(tag):\n    sealed = tag\n    return sealed\nprint('run')",
        "tag = 2\nprint('run')",
        "class A:\n    tag = 1\nprint('run', A.tag)",
        "import json as sealed\nprint('run')",
    ],
)
def test_any_other_cell_runs(cell: str) -> None:
    """A local name, an attribute or a name of its own is not the one that is missing."""
    assert lesson(NEEDS, cell)[1].startswith("run")


def test_a_name_that_a_later_cell_binds_is_missing_no_more() -> None:
    """The reader may write a replacement."""
    assert lesson(NEEDS, "sealed = 'mine'", "print(sealed)")[2] == "mine\n"


def test_a_name_bound_before_keeps_its_value() -> None:
    """Left out is the cell, not what stood there."""
    assert lesson("tag = 'old'", NEEDS, "print(tag)")[2] == "old\n"


def test_a_misspelled_package_and_wrong_syntax_are_for_python_to_name() -> None:
    """A reader's own errors stay errors."""
    with pytest.raises(ModuleNotFoundError):
        lesson("import cryptograph")
    with pytest.raises(SyntaxError):
        lesson("return 1")
