"""Which cells of a notebook its exercises need, found by the names that cells define and read.

A cell that the learner changed is always needed, and so is, backwards, what defines the names that a needed cell reads.
A slice is a way to be fast, never the last word: what does not end in "correct" is run again, with every cell but those of
the lesson that only start other programs and talk to them.
"""

from __future__ import annotations

import ast
import dis
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import CodeType

from .notebook import LONGEST_SOURCE

TOP_LEVEL_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
STARTS_PROGRAMS = "jwt_demo.server.processes"
# By these a cell reaches names that are not written in it: the session, its modules, IPython's own syntax.
REACHES_ALL = re.compile(
    r"\b(?:globals|locals|vars|eval|exec|get_ipython|importlib|modules|import \*|In|Out"
    r"|__(?:import|builtins|globals|main|dict)__)(?!\w)"
    r"|^[ \t]*[%!/,;]|=[ \t]*[%!]|\?[ \t]*$|^[ \t]*>>>",
    re.MULTILINE,
)
EARLIER_OUTPUT = re.compile(r"_+|_\d+|_i+\d*")


class Extent(Enum):
    """How much of a notebook is run; its value is what a report says."""

    SLICED = "sliced"
    IN_PROCESS = "without other programs"
    FULL = "full"


def cells_to_run(
    sources: Mapping[int, str],
    changed: set[int],
    candidates: list[tuple[int, str]],
    extent: Extent,
) -> dict[int, str]:
    """What to run at which place, of the code cells in `sources`: a cell, or its imports alone.

    `changed` are cells that differ from the lesson's; `candidates` are places of checks with the name that is judged.

    >>> cells = {0: "import jwt\\nx = 1", 1: "key = jwt.b", 2: "print(x)", 3: "def f(): return key"}
    >>> cells_to_run(cells, {3}, [(4, "f")], Extent.SLICED)
    {0: 'import jwt', 1: 'key = jwt.b', 3: 'def f(): return key'}
    """
    if extent is Extent.FULL:
        return dict(sources)
    needed, imports = needed_cells(sources, changed, candidates)
    if extent is Extent.IN_PROCESS:
        everything = any(reaches_all(sources[place]) for place in changed)
        imports = set() if everything else apart(sources, needed)
        needed = set(sources) - imports
    run = {place: sources[place] for place in needed}
    run |= {place: imports_of(sources[place]) for place in imports}
    return {place: source for place, source in sorted(run.items()) if source}


def reaches_all(source: str) -> bool:
    """Whether a cell may read names that are not written in it.

    >>> reaches_all("print(_)"), reaches_all("for _ in x: pass"), reaches_all("%time f()"), reaches_all("x.modules")
    (True, False, True, True)
    """
    names = names_in(source)
    return bool(REACHES_ALL.search(source)) or any(
        EARLIER_OUTPUT.fullmatch(name) for name in names.read - names.bound
    )


def apart(sources: Mapping[int, str], needed: set[int]) -> set[int]:
    """The cells of the lesson that start other programs, and those that read what these define; none that is needed.

    >>> cells = {0: "from jwt_demo.server.processes import start", 1: "one = await start('x')", 2: "two = one", 3: "x = 1"}
    >>> sorted(apart(cells, set())), sorted(apart(cells, {1}))
    ([1, 2], [])
    """
    found: set[int] = set()
    outside: set[str] = set()  # names that stand for another program, or come from one
    for place in sorted(sources):
        names = names_in(sources[place])
        programs = names.programs
        if place not in needed and names.read & (outside | programs):
            found.add(place)
            outside |= (names.bound | names.changed) - names.imported
        else:
            outside -= names.bound
        outside |= programs
    return found


@dataclass(frozen=True)
class Names:
    """The global names of a cell: bound in it, changed in place, read in any scope."""

    bound: frozenset[str] = frozenset()
    imported: frozenset[str] = (
        frozenset()
    )  # of those bound: by an import statement and nothing else
    programs: frozenset[str] = frozenset()  # of those imported: what starts other programs
    changed: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()


def needed_cells(
    sources: Mapping[int, str], changed: Iterable[int], candidates: Iterable[tuple[int, str]]
) -> tuple[set[int], set[int]]:
    """The places of the cells that the exercises need, and of those of which they need the imports."""
    names = {place: names_in(source) for place, source in sources.items()}
    kept, imports = set(changed) & set(sources), set()
    wanted = [(name, place) for place, name in candidates]
    wanted += [(name, place) for place in kept for name in names[place].read]
    seen: set[tuple[str, int]] = set()
    while wanted:
        name, before = wanted.pop()
        if (name, before) in seen:
            continue
        seen.add((name, before))
        for place in sorted((place for place in sources if place < before), reverse=True):
            if name in names[place].imported:
                imports.add(place)
                break
            if name not in names[place].bound and name not in names[place].changed:
                continue
            if place not in kept:
                kept.add(place)
                wanted += [(other, place) for other in names[place].read]
            if name in names[place].bound:
                break
    return kept, imports - kept


def imports_of(source: str) -> str:
    """The import statements of a cell that is plain Python."""
    return "\n".join(ast.unparse(each) for each in ast.parse(source).body if is_import(each))


def names_in(source: str) -> Names:
    """The names of a cell; none where it is no plain Python (a magic, a broken line)."""
    if len(source) > LONGEST_SOURCE:
        return Names()
    flags = ast.PyCF_ONLY_AST | TOP_LEVEL_AWAIT
    try:
        tree = compile(source, "<cell>", "exec", flags, dont_inherit=True)
        code = compile(source, "<cell>", "exec", TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Names()
    binding, importing = Binding(), Binding()
    for statement in tree.body:
        (importing if is_import(statement) else binding).visit(statement)
    return Names(
        bound=frozenset(binding.bound | importing.bound),
        imported=frozenset(importing.bound - binding.bound),
        programs=frozenset(importing.programs),
        changed=frozenset(binding.changed),
        read=frozenset(names_read(code)),
    )


def is_import(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


class Binding(ast.NodeVisitor):
    """Collects what the statements of a module bind, and what they change without binding it."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.changed: set[str] = set()
        self.programs: set[str] = set()

    def visit_FunctionDef(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> None:
        self.bound.add(node.name)  # what stands in it has names of its own

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.bound |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.visit_Import(node)
        if node.module == STARTS_PROGRAMS:
            self.programs |= {alias.asname or alias.name for alias in node.names}

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.changed |= root_of(node)
        self.generic_visit(node)

    visit_Subscript = visit_Attribute

    def visit_Expr(self, node: ast.Expr) -> None:
        """`app.add_routes(...)` changes `app`, as far as anybody can tell from outside."""
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            self.changed |= root_of(value.func)
        self.generic_visit(node)


def root_of(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def names_read(code: CodeType) -> set[str]:
    found = {
        str(instruction.argval)
        for instruction in dis.get_instructions(code)
        if instruction.opname in ("LOAD_NAME", "LOAD_GLOBAL")
    }
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= names_read(constant)
    return found
