"""JSON as a token must have it: each name once, no NaN, no number that a computer reads as infinity, not nested without end.

>>> STRICT.decode('{"sub": "1", "sub": "2"}')
Traceback (most recent call last):
jwt_demo.tokens.strict_json.Twice: sub
"""

from __future__ import annotations

import json
import math
from typing import Any


class Twice(Exception):
    """A name stands twice in one JSON object."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


def each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Twice(name)
            seen.add(name)
    return result


def refuse_constant(constant: str) -> Any:
    """NaN and Infinity: Python's json would read them, no JSON has them (RFC 8259 §6)."""
    raise ValueError(f"{constant} is no JSON")


def finite(digits: str) -> float:
    """A JSON number with a fraction or an exponent; one too large for a double would be read as infinity (RFC 7493 §2.2)."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is larger than a number can be")
    return number


def depth(value: Any) -> int:
    """How many objects and arrays stand within each other.

    >>> depth(1), depth({}), depth({"a": [1]})
    (0, 1, 2)
    """
    level, count = [value], 0
    while level := [inner for inner in level if isinstance(inner, dict | list)]:
        level = [
            item
            for inner in level
            for item in (inner.values() if isinstance(inner, dict) else inner)
        ]
        count += 1
    return count


STRICT = json.JSONDecoder(
    object_pairs_hook=each_name_once, parse_constant=refuse_constant, parse_float=finite
)
LENIENT = json.JSONDecoder(parse_constant=refuse_constant, parse_float=finite)
