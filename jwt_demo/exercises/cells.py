"""What the cells of this notebook did: which one defined a name last, and which one should have and failed.

`check(login)` must judge what the learner's cell defined, and nothing that stood under this name before. So IPython tells us of each
cell before and after it runs. Outside of IPython there are no cells, and nothing of this is asked.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
import traceback
from collections import deque
from dataclasses import dataclass
from typing import Any

from ..server import diagnosis

LESSON = re.compile(r"\d\d-(?!try-|check-)")  # how the id of a lesson's own cell begins
TRY = re.compile(r"\d\d-try-")
ASKS = re.compile(r"\b(?:check|hint|solution)\(\s*([^\W\d]\w*)\s*[,)]")
DEFINES = re.compile(
    r"^\s*(?:async\s+def|def|class)\s+([^\W\d]\w*)|^([^\W\d]\w*)\s*=(?!=)", re.MULTILINE
)
SHOWN = {"check", "hint", "solution", "quiz", "progress"}


class Undefined:
    """Stands in for a name that `check`, `hint` or `solution` is given and no cell has defined, while that cell runs."""

    def __init__(self, name: str):
        self.__name__ = name


@dataclass(frozen=True)
class Run:
    """A cell that was run: its id where the front end has one, and how it ended."""

    cell: str
    source: str
    error: str  # such as "SyntaxError in line 1: invalid syntax"; "" when it ran to its end
    bound: frozenset[str]  # the names that it defined


class Cells:
    """The cells of one kernel."""

    def __init__(self, shell: Any):
        self.shell = shell
        self.defined: dict[str, Run] = {}  # by name: the run that defined it last
        self.failed: dict[str, Run] = {}  # by name: a later run that should have, and did not
        self.by_cell: dict[str, Run] = {}
        self.failures: deque[Run] = deque(maxlen=50)
        self.before: dict[str, Any] | None = None

    def begin(self, info: Any) -> None:
        names = self.shell.user_ns
        for name in ASKS.findall(info.raw_cell or ""):
            if name not in names and not hasattr(builtins, name):
                names[name] = Undefined(name)
        self.before = dict(names)

    def end(self, result: Any) -> None:
        names, before, self.before = self.shell.user_ns, self.before, None
        for name in [name for name, value in names.items() if isinstance(value, Undefined)]:
            del names[name]
        source, cell = result.info.raw_cell or "", getattr(result.info, "cell_id", None) or ""
        error = result.error_before_exec or result.error_in_exec
        meant = names_defined(source)
        if before is None:  # this is the cell that imported the course
            before = {name: value for name, value in names.items() if name not in meant}
        bound = {name for name in names if names[name] is not before.get(name, before)}
        run = Run(cell, source, in_a_line(error), frozenset(bound))
        self.note(run, meant)

    def note(self, run: Run, meant: set[str]) -> None:
        earlier = self.by_cell.get(run.cell) if run.cell else None
        if earlier is not None:
            meant = meant | {name for name in earlier.bound if self.defined.get(name) is earlier}
        if TRY.match(run.cell):
            meant = meant | wanted_of(run.cell)
        for name in run.bound:
            self.defined[name] = run
            self.failed.pop(name, None)
        for name in meant - run.bound:
            if run.error or earlier is not None or TRY.match(run.cell):
                self.failed[name] = run
        if run.cell:
            self.by_cell[run.cell] = run
        if run.error:
            self.failures.append(run)

    def why_not(self, candidate: Any, function: str) -> str:
        """Why a candidate is not what the learner's cell defined, as a sentence; "" when it may be judged."""
        if isinstance(candidate, Undefined):
            return self.why_undefined(candidate.__name__)
        names = [name for name, value in self.shell.user_ns.items() if value is candidate]
        for name in [function] if function in names else names:
            if name in self.failed:
                return self.why_failed(name, self.failed[name])
            run = self.defined.get(name)
            if run is not None and LESSON.match(run.cell):
                return f"`{name}` is what the lesson defined in an earlier cell. Write your own in the cell above, run it, then this one."
        return ""

    def why_undefined(self, name: str) -> str:
        word = re.compile(rf"\b{re.escape(name)}\b")
        failed = self.failed.get(name) or next(
            (
                run
                for run in reversed(self.failures)
                if word.search(run.source) and not ASKS.search(run.source)
            ),
            None,
        )
        if failed is not None:
            return self.why_failed(name, failed)
        return f"Nothing is called `{name}` yet. Write it in the cell above, run that cell, then this one."

    def why_failed(self, name: str, run: Run) -> str:
        if run.error:
            return f"Your cell did not run: {run.error}. Correct it, run it, then this one."
        others = sorted(other for other in run.bound if not other.startswith("_"))
        instead = f", it defines `{others[0]}`" if len(others) == 1 else ""
        return f"Your cell does not define `{name}`{instead}. Change that, run it, then this one."


def wanted_of(cell: str) -> set[str]:
    """What the exercise of a try cell asks for."""
    from .registry import exercises

    name = cell.replace("-try-", "-", 1)
    return {exercise.function for exercise in exercises().values() if exercise.name == name}


def names_defined(source: str) -> set[str]:
    """The names that a cell means to define at its top level, also where its syntax is wrong.

    >>> sorted(names_defined("a = 1\\ndef b():\\n    c = 2")), sorted(names_defined("def b(:\\n    pass"))
    (['a', 'b'], ['b'])
    """
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {name for pair in DEFINES.findall(source) for name in pair if name}
    found = set()
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(statement.name)
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
            found |= {
                node.id
                for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            found |= {(name.asname or name.name).split(".")[0] for name in statement.names}
    return found


def in_a_line(error: BaseException | None) -> str:
    """What ended a cell: the exception, the cell's line, its text."""
    if error is None:
        return ""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    number = error.lineno if isinstance(error, SyntaxError) else line_of(error)
    where = f" in line {number}" if number else ""
    said = f": {' '.join(text.split())[:120]}" if text else ""
    return f"{type(error).__name__}{where}{said}"


def line_of(error: BaseException) -> int | None:
    lines = [
        line for frame, line in traceback.walk_tb(error.__traceback__) if diagnosis.is_theirs(frame)
    ]
    return lines[0] if lines else None


class ShowEach(ast.NodeTransformer):
    """Every check, hint, solution, quiz or progress of a cell shows, where IPython shows the last expression alone."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        for place, statement in enumerate(node.body[:-1]):
            if isinstance(statement, ast.Expr) and shows(statement.value):
                display = ast.parse("__import__('IPython').display.display", mode="eval").body
                shown = ast.Expr(ast.Call(display, [statement.value], []))
                node.body[place] = ast.fix_missing_locations(ast.copy_location(shown, statement))
        return node


def shows(value: ast.expr) -> bool:
    call = value.value if isinstance(value, ast.Await) else value
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SHOWN


_cells: Cells | None = None


def watch_cells() -> Cells | None:
    """The cells of this kernel, from now on; None where there is no IPython."""
    global _cells
    if _cells is None and "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
        if shell is not None:
            _cells = Cells(shell)
            shell.events.register("pre_run_cell", _cells.begin)
            shell.events.register("post_run_cell", _cells.end)
            shell.ast_transformers.append(ShowEach())
    return _cells
