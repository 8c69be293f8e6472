"""In a browser tab: a cell that needs what is not there, a package or a program, says so in one line, and the lesson goes on.

So does a later cell that uses a name of such a cell. A notebook needs no word of it. A cell that imports such a package at its
top does not run at all; where only the running cell can tell (`NotInTab`, an import in a function), it ends with that line.
"""

from __future__ import annotations

import ast
import dis
import functools
import sys
from collections.abc import Iterator, Mapping
from types import CodeType
from typing import Any

from ..server.runtime import NotInTab, lacking, tab_without

READS, BINDS = ("LOAD_NAME", "LOAD_GLOBAL"), ("STORE_NAME", "STORE_GLOBAL")


class LeftOut:
    """What IPython asks for every cell, and may change, before it runs."""

    def __init__(self, names: Mapping[str, Any], packages: frozenset[str]):
        self.names = names  # those of the kernel
        self.packages = packages
        self.missing: dict[str, str] = {}  # a name that a cell would have bound: what it lacked
        self.bound: set[str] = set()  # what the cell binds that runs now,
        self.rebound: dict[str, str] = {}  # and what of that was missing before

    def visit(self, cell: ast.Module) -> ast.Module:
        try:
            code = compile(cell, "", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError):
            return cell  # IPython says what is wrong with it
        self.bound = {one.argval for one in dis.get_instructions(code) if one.opname in BINDS}
        what, why = self.wanted(code)
        if what:
            self.leave_out(what)
            return ast.parse(f"print({said('was not run', what, why)!r})")
        self.rebound = {name: self.missing.pop(name) for name in self.bound & self.missing.keys()}
        return cell

    def wanted(self, code: CodeType) -> tuple[str, str]:
        """What a cell needs in vain, and the name for which it does; two empty texts for a cell that can run."""
        for one in dis.get_instructions(code):
            if one.opname == "IMPORT_NAME" and (package := self.lacked(one.argval)):
                return package, ""
        for name in read(code):
            if name in self.missing and name not in {*self.bound, *self.names}:
                return self.missing[name], name
        return "", ""

    def lacked(self, module: str) -> str:
        """The package of a module, as a cell names it, or '' if it is there."""
        package = module.partition(".")[0]
        return f"`{package}`" if package in self.packages else ""

    def leave_out(self, what: str) -> None:
        """The names that the cell has not bound are missing from now on."""
        self.missing |= dict.fromkeys(self.bound - self.names.keys(), what)

    def ended(self, error: BaseException | None) -> str:
        """The line in place of the traceback of a cell that ended with this exception; '' for any other exception."""
        what = why = ""
        if isinstance(error, NotInTab):
            what = error.what
        elif isinstance(error, ModuleNotFoundError):
            what = self.lacked(error.name or "")
        elif isinstance(error, NameError):  # read before the cell itself binds it
            why = error.name or ""
            what = self.rebound.get(why, "")
        if not what:
            return ""
        self.leave_out(what)
        return said("ended early", what, why)


def said(how: str, what: str, name: str) -> str:
    """The line in place of the cell, or of its traceback.

    >>> print(said("was not run", "`cryptography`", "sealed"))
    A browser tab has no `cryptography`: this cell was not run, because it uses `sealed`, which an earlier cell could not define. Its output ...
    """
    why = f", because it uses `{name}`, which an earlier cell could not define" if name else ""
    return tab_without(what, f"this cell {how}{why}. Its output is on the page of the lesson")


def read(code: CodeType) -> Iterator[str]:
    """The names that code reads, inside functions too: there a local name is another thing."""
    yield from (one.argval for one in dis.get_instructions(code) if one.opname in READS)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from read(constant)


def leave_out_cells(shell: Any) -> None:
    """From now on, once for each kernel; asked for in a tab alone."""
    here = shell.ast_transformers
    if not any(isinstance(one, LeftOut) for one in here):
        here.append(cells := LeftOut(shell.user_ns, lacking()))
        end_in_one_line(shell, cells)


def end_in_one_line(shell: Any, cells: LeftOut) -> None:
    """A cell that ends with what a tab lacks shows a line, and no traceback."""
    whole = shell.showtraceback

    @functools.wraps(whole)
    def showtraceback(*arguments: Any, running_compiled_code: bool = False, **options: Any) -> None:
        line = cells.ended(sys.exc_info()[1]) if running_compiled_code else ""
        if line:
            print(line)
        else:
            whole(*arguments, running_compiled_code=running_compiled_code, **options)

    shell.showtraceback = showtraceback
