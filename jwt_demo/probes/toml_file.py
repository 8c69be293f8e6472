"""Reading a TOML file with one line for what is wrong, and writing the little TOML that settings need."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .loopback import CannotProbe

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]  # installed on 3.10 only

LARGEST = 1 << 20  # bytes


def read_toml(path: Path, option: str) -> dict[str, Any]:
    """The tables of a file; CannotProbe names the option where it can't be read."""
    try:
        with path.open("rb") as file:
            octets = file.read(LARGEST + 1)
    except OSError as error:
        raise CannotProbe(f"{option}: {path} cannot be read: {error.strerror}") from None
    if len(octets) > LARGEST:
        raise CannotProbe(f"{option}: {path} is larger than {LARGEST >> 20} MiB")
    try:
        values: dict[str, Any] = tomllib.loads(octets.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise CannotProbe(f"{option}: {path} is no text") from None
    except tomllib.TOMLDecodeError as error:
        raise CannotProbe(f"{option}: {path} is no TOML: {error}") from None
    except RecursionError:
        raise CannotProbe(f"{option}: {path} is nested too deep") from None
    return values


def to_toml(values: Mapping[str, Any]) -> str:
    """Texts, numbers and lists of texts, a line each.

    >>> print(to_toml({"path": "/me", "limit": 2.5, "skip": ["nested"]}), end="")
    path = "/me"
    limit = 2.5
    skip = ["nested"]
    """
    return "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items()
    )
