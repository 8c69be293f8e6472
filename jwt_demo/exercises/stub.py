"""Whether a learner's function is still the stub, or has no body yet: by its instructions, so that comments and docstrings don't count."""

from __future__ import annotations

import ast
import dis
import inspect
from types import CodeType, FunctionType
from typing import Any

from .model import Exercise

EMPTY = ("...", "pass", "return None", "raise NotImplementedError", "raise NotImplementedError()")


def is_untouched(candidate: Any, exercise: Exercise) -> bool:
    if not isinstance(candidate, FunctionType):
        return False
    found = essence(candidate.__code__)
    if found in NOTHING:
        return True
    stub = function_in(exercise.stub)
    return found == essence(stub) and signature(candidate) == signature_in(exercise.stub)


def signature(function: FunctionType) -> tuple[Any, ...]:
    """The names of a function's parameters, and how their defaults are written."""
    code = function.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    keywords = function.__kwdefaults__ or {}
    return (
        code.co_varnames[:count],
        [repr(value) for value in function.__defaults__ or ()],
        {name: repr(value) for name, value in keywords.items()},
    )


def signature_in(source: str) -> tuple[Any, ...]:
    """The same of the last function that a stub defines; its defaults are constants."""
    node = functions(source)[-1]
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    rest = [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
    keywords = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return (
        tuple(argument.arg for argument in (*named, *rest)),
        [ast.unparse(value) for value in node.args.defaults],
        {argument.arg: ast.unparse(value) for argument, value in keywords if value},
    )


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
    name = functions(source)[-1].name
    module = compile(source, "<stub>", "exec", dont_inherit=True)
    return [
        value for value in module.co_consts if isinstance(value, CodeType) and value.co_name == name
    ][-1]


def functions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]


NOTHING = [
    essence(function_in(f"{kind} f():\n    {body}"))
    for kind in ("def", "async def")
    for body in EMPTY
]
