"""In a browser tab: a cell that needs a package which is not there says so in one line, and the lesson goes on.

So does a later cell that uses a name of such a cell. A notebook needs no word of it.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any

from ..server.runtime import lacking, tab_without

READS, BINDS = ("LOAD_NAME", "LOAD_GLOBAL"), ("STORE_NAME", "STORE_GLOBAL")


class LeftOut:
    """What IPython asks for every cell, and may change, before it runs."""

    def __init__(self, names: Mapping[str, Any], packages: frozenset[str]):
        self.names = names  # those of the kernel
        self.packages = packages
        self.missing: dict[str, str] = {}  # a name that a cell would have bound: its package

    def visit(self, cell: ast.Module) -> ast.Module:
        try:
            code = compile(cell, "", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError):
            return cell  # IPython says what is wrong with it
        bound = {one.argval for one in dis.get_instructions(code) if one.opname in BINDS}
        package, why = self.wanted(instructions(code), bound)
        if package:
            self.missing |= dict.fromkeys(bound - self.names.keys(), package)
            return ast.parse(f"print({said(package, why)!r})")
        for name in bound:
            self.missing.pop(name, None)
        return cell

    def wanted(self, found: Iterator[tuple[str, str]], bound: set[str]) -> tuple[str, str]:
        """The package that a cell needs in vain, and the name for which it does; two empty texts for a cell that can run."""
        for kind, name in found:
            if kind == "IMPORT_NAME" and name.partition(".")[0] in self.packages:
                return name.partition(".")[0], ""
            if kind in READS and name in self.missing and name not in {*bound, *self.names}:
                return self.missing[name], name
        return "", ""


def said(package: str, name: str) -> str:
    """The line in place of the cell.

    >>> print(said("cryptography", "sealed"))
    A browser tab has no `cryptography`: this cell was not run, because it uses `sealed` of a cell that was not run. Its output is on the page of the lesson.
    """
    why = f", because it uses `{name}` of a cell that was not run" if name else ""
    return tab_without(
        f"`{package}`", f"this cell was not run{why}. Its output is on the page of the lesson"
    )


def instructions(code: CodeType) -> Iterator[tuple[str, str]]:
    """Each instruction's name with the name that it reads, binds or imports, inside functions too: there a local name is another thing."""
    for one in dis.get_instructions(code):
        yield one.opname, str(one.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from instructions(constant)


def leave_out_cells(shell: Any) -> None:
    """From now on, once for each kernel; on a machine nothing is left out."""
    here = shell.ast_transformers
    if (packages := lacking()) and not any(isinstance(one, LeftOut) for one in here):
        here.append(LeftOut(shell.user_ns, packages))
