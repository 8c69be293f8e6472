"""What can be wrong with one node of a right answer: the rules by which `mutation` makes mutants."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

Change = tuple[str, Callable[[Any], Any]]  # a name, and what takes a node's place


def changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.stmt):
        yield from of_statement(node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from of_comparison(node)
    if isinstance(node, ast.BoolOp):
        yield from of_condition(node)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "a condition turned round", lambda node: node.operand
    if isinstance(node, ast.IfExp):
        yield "a guard dropped", lambda node: node.body
        yield "a guard dropped", lambda node: node.orelse
    if isinstance(node, ast.Await):
        yield "an await dropped", lambda node: node.value
    if isinstance(node, ast.Constant):
        yield from of_constant(node)
    if isinstance(node, ast.Call):
        yield from of_call(node)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        yield from of_sequence(node)
    if isinstance(node, ast.Dict):
        yield from of_dict(node)
    if isinstance(node, ast.BinOp):
        yield from of_arithmetic(node)
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield (
            "get for a subscript",
            lambda node: ast.Call(ast.Attribute(node.value, "get", ast.Load()), [node.slice], []),
        )
    if isinstance(node, ast.comprehension) and node.ifs:
        for number in range(len(node.ifs)):
            yield "a guard dropped", without_condition(number)
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        yield from of_handler(node)


def without_condition(number: int) -> Callable[[Any], Any]:
    def change(node: ast.comprehension) -> ast.comprehension:
        del node.ifs[number]
        return node

    return change


# --- statements -------------------------------------------------------------------------------------------------------


def of_statement(node: ast.stmt) -> Iterator[Change]:
    if isinstance(node, ast.If):
        yield "a guard dropped", lambda node: node.orelse or None
        yield "a guard dropped", lambda node: node.body
        yield "a condition turned round", turned
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "nothing returned", lambda node: ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Try):
        yield "an exception not caught", lambda node: node.body
    elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Delete)):
        yield "a statement dropped", lambda node: None
    elif isinstance(node, ast.For):
        yield "only the first", only_the_first
    elif isinstance(node, ast.With | ast.AsyncWith):
        yield "a statement dropped", lambda node: node.body


def turned(node: ast.If) -> ast.If:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node


def only_the_first(node: ast.For) -> ast.For:
    node.iter = parsed(f"list({ast.unparse(node.iter)})[:1]")
    return node


# --- expressions ------------------------------------------------------------------------------------------------------

NEIGHBOURS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Eq, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
LOOSE = {  # in place of equality
    "a prefix is enough": "str({left}).startswith(str({right}))",
    "a prefix is enough, the other way": "str({right}).startswith(str({left}))",
    "a suffix is enough": "str({left}).endswith(str({right}))",
    "a part is enough": "str({right}) in str({left})",
    "a part is enough, the other way": "str({left}) in str({right})",
    "in any case of letters": "str({left}).lower() == str({right}).lower()",
    "as text": "str({left}) == str({right})",
    "the same object": "{left} is {right}",
    "None or equal": "{left} is None or {left} == {right}",
    "missing or equal": "not {left} or {left} == {right}",
}
LOOSE_IN = {  # in place of `in`
    "a part is enough": "any(str({left}) in str(item) for item in {right})",
    "a part is enough, the other way": "any(str(item) in str({left}) for item in {right})",
    "a part of the text is enough": "str({left}) in str({right})",
    "in any case of letters": "str({left}).lower() in [str(item).lower() for item in {right}]",
    "among the values": "{left} in getattr({right}, 'values', {right}.__iter__)()",
}


def of_comparison(node: ast.Compare) -> Iterator[Change]:
    op = node.ops[0]
    for other in NEIGHBOURS.get(type(op), ()):
        yield "another comparison", with_operator(other)
    if isinstance(op, ORDERS):
        for amount in (1, -1, 86400, -86400):
            yield "a bound moved", moved(amount)
        yield "a guard dropped", lambda node: ast.Constant(True)
    if isinstance(op, (ast.Eq, ast.NotEq)):
        for kind, form in LOOSE.items():
            yield kind, rewritten(form, negated=isinstance(op, ast.NotEq))
    if isinstance(op, (ast.In, ast.NotIn)):
        for kind, form in LOOSE_IN.items():
            yield kind, rewritten(form, negated=isinstance(op, ast.NotIn))
    if isinstance(op, (ast.Is, ast.IsNot)):
        yield "false for None", rewritten("not {left}", negated=isinstance(op, ast.IsNot))


def with_operator(other: type[ast.cmpop]) -> Callable[[Any], Any]:
    def change(node: ast.Compare) -> ast.Compare:
        node.ops = [other()]
        return node

    return change


def moved(amount: int) -> Callable[[Any], Any]:
    def change(node: ast.Compare) -> ast.Compare:
        node.comparators = [ast.BinOp(node.comparators[0], ast.Add(), ast.Constant(amount))]
        return node

    return change


def rewritten(form: str, *, negated: bool) -> Callable[[Any], Any]:
    def change(node: ast.Compare) -> Any:
        left, right = f"({ast.unparse(node.left)})", f"({ast.unparse(node.comparators[0])})"
        text = form.format(left=left, right=right)
        return parsed(f"not ({text})" if negated else f"({text})")

    return change


def of_condition(node: ast.BoolOp) -> Iterator[Change]:
    for number in range(len(node.values)):
        yield "a guard dropped", without_operand(number)
    yield "and for or", other_junction


def without_operand(number: int) -> Callable[[Any], Any]:
    def change(node: ast.BoolOp) -> Any:
        rest = [value for place, value in enumerate(node.values) if place != number]
        return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)

    return change


def other_junction(node: ast.BoolOp) -> ast.BoolOp:
    return ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


STATUSES = (200, 400, 401, 403, 404)


def of_constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "the other truth", lambda node: ast.Constant(not value)
    elif isinstance(value, int):
        others: tuple[int, ...] = (value + 1, value - 1, value * 2, 0)
        if value in STATUSES:
            others = tuple(other for other in STATUSES if other != value)
        for other in others:
            yield "another number", lambda node, other=other: ast.Constant(other)
    elif isinstance(value, str) and value and " " not in value:
        others_: tuple[str, ...] = (value.upper(), value.lower(), value + "x", value[:-1], "")
        for text in others_:
            if text != value:
                yield "another text", lambda node, text=text: ast.Constant(text)
        if value.lower() in ("utf-8", "ascii", "utf8"):
            yield "another alphabet", lambda node: ast.Constant("latin-1")
    elif value is None:
        yield "false for None", lambda node: ast.Constant(False)
    elif isinstance(value, bytes) and value:
        yield "another text", lambda node: ast.Constant(value[:-1])


DROPPED = {"str", "list", "tuple", "dict", "set", "sorted", "int", "bytes", "bool"}


def of_call(node: ast.Call) -> Iterator[Change]:
    for number, keyword in enumerate(node.keywords):
        if keyword.arg is not None:
            yield "an option dropped", without_keyword(number)
    for number in range(1, len(node.args)):
        yield "an argument dropped", without_argument(number)
    function = node.func
    if isinstance(function, ast.Attribute):
        if not node.args and not node.keywords:
            yield "a call dropped", lambda node: node.func.value
        if function.attr == "encode" and not node.args:
            yield "another alphabet", with_arguments(ast.Constant("latin-1"))
        if function.attr == "decode" and not node.args:
            yield "another alphabet", with_arguments(ast.Constant("latin-1"))
        if function.attr == "get" and len(node.args) in (1, 2):
            yield (
                "a subscript for get",
                lambda node: ast.Subscript(node.func.value, node.args[0], ast.Load()),
            )
    if isinstance(function, ast.Name):
        if function.id in DROPPED and len(node.args) == 1:
            yield "a conversion dropped", lambda node: node.args[0]
        if function.id in ("all", "any"):
            other = {"all": "any", "any": "all"}[function.id]
            yield (
                "any for all",
                lambda node: ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords),
            )
    if "compare_digest" in ast.unparse(function) and len(node.args) == 2:
        for kind, form in {"a prefix is enough": "({a}).startswith({b})", "always": "True"}.items():
            yield (
                kind,
                lambda node, form=form: parsed(
                    form.format(a=ast.unparse(node.args[0]), b=ast.unparse(node.args[1]))
                ),
            )


def without_keyword(number: int) -> Callable[[Any], Any]:
    def change(node: ast.Call) -> ast.Call:
        del node.keywords[number]
        return node

    return change


def without_argument(number: int) -> Callable[[Any], Any]:
    def change(node: ast.Call) -> ast.Call:
        del node.args[number]
        return node

    return change


def with_arguments(*arguments: ast.expr) -> Callable[[Any], Any]:
    def change(node: ast.Call) -> ast.Call:
        node.args = list(arguments)
        return node

    return change


FAMILIES = (
    ("HS256", "HS384", "HS512"),
    ("RS256", "RS384", "RS512", "PS256"),
    ("ES256", "ES384"),
    ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "CONNECT"),
    ("at+jwt", "application/at+jwt", "jwt", "rt+jwt"),
)


def of_sequence(node: Any) -> Iterator[Change]:
    if len(node.elts) > 1 or isinstance(node, ast.List):
        for number in range(len(node.elts)):
            yield "one of them dropped", without_element(number)
    values = {element.value for element in node.elts if isinstance(element, ast.Constant)}
    for family in FAMILIES:
        for more in family:
            if values & set(family) and more not in values:
                yield "one more allowed", with_element(more)


def without_element(number: int) -> Callable[[Any], Any]:
    def change(node: Any) -> Any:
        del node.elts[number]
        return node if node.elts or not isinstance(node, ast.Set) else parsed("set()")

    return change


def with_element(value: str) -> Callable[[Any], Any]:
    def change(node: Any) -> Any:
        node.elts.append(ast.Constant(value))
        return node

    return change


def of_dict(node: ast.Dict) -> Iterator[Change]:
    for number, key in enumerate(node.keys):
        if key is not None:
            yield "a member dropped", without_member(number)


def without_member(number: int) -> Callable[[Any], Any]:
    def change(node: ast.Dict) -> ast.Dict:
        del node.keys[number], node.values[number]
        return node

    return change


def of_arithmetic(node: ast.BinOp) -> Iterator[Change]:
    yield "a term dropped", lambda node: node.left
    yield "a term dropped", lambda node: node.right
    if isinstance(node.op, ast.Add):
        yield "minus for plus", lambda node: ast.BinOp(node.left, ast.Sub(), node.right)
    if isinstance(node.op, ast.Sub):
        yield "plus for minus", lambda node: ast.BinOp(node.left, ast.Add(), node.right)


def of_handler(node: ast.ExceptHandler) -> Iterator[Change]:
    yield "everything caught", caught("Exception")
    yield "another exception caught", caught("KeyError")
    if isinstance(node.type, ast.Tuple):
        for number in range(len(node.type.elts)):
            yield "an exception not caught", not_caught(number)


def caught(name: str) -> Callable[[Any], Any]:
    def change(node: ast.ExceptHandler) -> ast.ExceptHandler:
        node.type = ast.Name(name, ast.Load())
        return node

    return change


def not_caught(number: int) -> Callable[[Any], Any]:
    def change(node: ast.ExceptHandler) -> ast.ExceptHandler:
        assert isinstance(node.type, ast.Tuple)
        del node.type.elts[number]
        return node

    return change


def parsed(text: str) -> Any:
    return ast.parse(text, mode="eval").body
