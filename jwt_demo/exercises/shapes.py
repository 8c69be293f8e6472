"""What a learner may give to `check`: a function, lambda, partial, method, class or object that can be called, and what lies inside it."""

from __future__ import annotations

import dis
import functools
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from aiohttp import web

COURSE = str(Path(__file__).resolve().parents[1])


def name_of(candidate: Any) -> str:
    """A name for something that can be called: its own, or that of what it wraps.

    >>> name_of(len), name_of(functools.partial(len)), name_of(Path("x"))
    ('len', 'len', 'PosixPath')
    """
    if isinstance(candidate, functools.partial):
        return name_of(candidate.func)
    return str(getattr(candidate, "__name__", type(candidate).__name__))


def functions_in(candidate: Any) -> Iterator[FunctionType]:
    """The functions that a candidate consists of: behind decorators, partials and methods, in classes, in closures."""
    seen: set[int] = set()
    waiting = [candidate]
    while waiting and len(seen) < MOST:
        thing = waiting.pop(0)
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, FunctionType):
            yield thing
            waiting += [thing.__dict__.get("__wrapped__"), *contents_of(thing)]
        elif isinstance(thing, functools.partial):
            waiting += [thing.func, *thing.args, *thing.keywords.values()]
        elif inspect.ismethod(thing):
            waiting += [thing.__func__, thing.__self__]
        elif isinstance(thing, (staticmethod, classmethod)):
            waiting.append(thing.__func__)
        elif isinstance(thing, property):
            waiting.append(thing.fget)
        elif isinstance(thing, type):
            if thing.__module__ not in sys.stdlib_module_names:
                waiting += list(vars(thing).values())
        elif callable(thing) and not inspect.isbuiltin(thing):
            waiting += [type(thing), *getattr(thing, "__dict__", {}).values()]


MOST = 200  # things that are looked into


def contents_of(function: FunctionType) -> list[Any]:
    """What the closure of a function holds that can be called."""
    found = []
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:  # not filled yet
            continue
    return [thing for thing in found if callable(thing)]


def is_the_courses_own(candidate: Any) -> bool:
    """Whether all of it is code of this package: a stage's handler, given to `check` as if it were the learner's."""
    if getattr(candidate, "__module__", "") == "__main__":
        return False
    functions = list(functions_in(candidate))
    return bool(functions) and all(
        str(Path(function.__code__.co_filename)).startswith(COURSE) for function in functions
    )


def is_view(candidate: Any) -> bool:
    return isinstance(candidate, type) and issubclass(candidate, web.View)


def returns_no_value(candidate: Any) -> bool:
    """Whether no `return` in a plain function carries a value.

    >>> returns_no_value(lambda: 1), returns_no_value(lambda: None), returns_no_value(lambda x: x if x else None)
    (False, True, False)
    """
    code = getattr(candidate, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    before = None
    for step in dis.get_instructions(code):
        if step.opname == "RETURN_CONST" and step.argval is not None:
            return False
        if (
            step.opname == "RETURN_VALUE" and step.is_jump_target
        ):  # of several values, as in `a if b else None`
            return False
        if step.opname == "RETURN_VALUE" and not (
            before is not None and before.opname == "LOAD_CONST" and before.argval is None
        ):
            return False
        before = step
    return True


CLOCKS = frozenset(
    {"now", "utcnow", "today", "time_ns", "monotonic", "monotonic_ns", "perf_counter"}
)  # methods that read a clock, whatever they are called on


def reads_the_clock(candidate: Any) -> bool:
    """Whether a line of it reads the clock of this machine; `fromtimestamp` and the like read none.

    >>> reads_the_clock(lambda: time.time()), reads_the_clock(lambda now: datetime.fromtimestamp(now))
    (True, False)
    """
    return any(
        asks_a_clock(code, function.__globals__)
        for function in functions_in(candidate)
        for code in codes_in(function.__code__)
    )


def codes_in(code: CodeType) -> Iterator[CodeType]:
    """The code of a function, and of the functions inside of it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)


def asks_a_clock(code: CodeType, names: dict[str, Any]) -> bool:
    before = ""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            if step.argval in CLOCKS or (step.argval, before) == ("time", "time"):
                return True
        elif step.opname == "LOAD_GLOBAL":
            known = names.get(step.argval)
            named = getattr(known, "__name__", "")
            if getattr(known, "__module__", "") == "time" and named in {"time", *CLOCKS}:
                return True
        before = str(step.argval)
    return False


def result_of(made: Any) -> Any:
    """A value, or that of a coroutine; None for a coroutine that waits for something."""
    if not inspect.iscoroutine(made):
        return made
    try:
        made.send(None)
    except StopIteration as done:
        return done.value
    made.close()
    return None
