"""The JSON types of registered names, in header and claims: what is wrong with a value, in words.

>>> wrong_types({"alg": "HS256", "kid": 7}, {"aud": ["shop", None], "sub": "1"})
[('header', 'kid', 'must be a string, this is a number'), ('claims', 'aud', 'must be a string or an array of strings, and contains null')]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .claims import is_numeric_date
from .registry import CLAIMS, HEADER_PARAMETERS

# A verifier refuses a wrong type of these; of other registered names it is a finding only.
STRICT_HEADER = ("typ", "cty", "kid", "jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256")
STRICT_CLAIMS = ("iss", "sub", "aud", "jti")


def wrong_types(
    header: dict[str, Any], claims: dict[str, Any] | None
) -> list[tuple[str, str, str]]:
    """Part, name and what is wrong, for each registered name whose value has another type than its definition says."""
    found = []
    for part, members, registry in (
        ("header", header, HEADER_PARAMETERS),
        ("claims", claims or {}, CLAIMS),
    ):
        for name, value in members.items():
            if name in registry and (flaw := flaw_in(registry[name].type, value)):
                found.append((part, name, flaw))
    return found


def flaw_in(type_: str, value: Any) -> str:
    """What is wrong with a value that must be of this type; '' when nothing is."""
    if CHECKS[type_](value):
        return ""
    if type_ in ("strings", "audience") and isinstance(value, list):
        if not value:
            return f"must be {NAMES[type_]}, this array is empty"
        odd = next(one for one in value if not isinstance(one, str))
        return f"must be {NAMES[type_]}, and contains {json_type(odd)}"
    return f"must be {NAMES[type_]}, this is {json_type(value)}"


def is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


CHECKS: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "strings": is_strings,
    "audience": lambda value: isinstance(value, str) or is_strings(value),
    "time": is_numeric_date,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "any": lambda value: True,
}
NAMES = {
    "string": "a string",
    "strings": "an array of strings",
    "audience": "a string or an array of strings",
    "time": "a number of seconds since 1970",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "an array",
}


def json_type(value: Any) -> str:
    """What JSON calls a value, with its article.

    >>> json_type([]), json_type(True), json_type(None)
    ('an array', 'true or false', 'null')
    """
    names = {dict: "an object", list: "an array", str: "a string", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")
