"""Whether a learner's function is still the stub, or has no body yet: by its instructions, so that comments and docstrings don't count."""

from __future__ import annotations

import ast
import dis
import inspect
from types import CodeType
from typing import Any

from .model import Exercise

EMPTY = ("...", "pass", "return None", "raise NotImplementedError", "raise NotImplementedError()")


def is_untouched(candidate: Any, exercise: Exercise) -> bool:
    try:
        code = inspect.unwrap(candidate).__code__
    except (
        AttributeError,
        ValueError,
    ):  # a class, an object that can be called, a wrapper around itself
        return False
    found = essence(code)
    return found in NOTHING or found == essence(function_in(exercise.stub))


def is_empty(source: str) -> bool:
    """Whether the last function of a piece of source has no body yet.

    >>> is_empty("def f(x):\\n    ..."), is_empty("def f(x):\\n    return x")
    (True, False)
    """
    return essence(function_in(source)) in NOTHING


def essence(code: CodeType) -> tuple[Any, ...]:
    """What a function does, without its name, docstring, line numbers and file."""
    return tuple(
        (step.opname, essence(step.argval) if isinstance(step.argval, CodeType) else step.argval)
        for step in dis.get_instructions(code)
    )


def function_in(source: str) -> CodeType:
    """The code of the last function a piece of source defines."""
    names = [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    module = compile(source, "<stub>", "exec", dont_inherit=True)
    return [
        value
        for value in module.co_consts
        if isinstance(value, CodeType) and value.co_name == names[-1]
    ][-1]


NOTHING = [
    essence(function_in(f"{kind} f():\n    {body}"))
    for kind in ("def", "async def")
    for body in EMPTY
]
