"""A course on JSON Web Tokens with a real aiohttp server inside each notebook. Start with `jwt-demo lab`."""

from __future__ import annotations

import importlib
import sys
from typing import Any

__version__ = "1.0.0"

# Where each public name lives; it is imported when first used, so `import jwt_demo` costs next to nothing.
PUBLIC = {
    "Token": "tokens.anatomy",
    "TokenError": "tokens.anatomy",
    "User": "stages.parts.users",
    "Users": "stages.parts.users",
    "serve": "server.server",
    "show": "display.show",
    "show_source": "display.show",
    "inspector": "display.inspector",
    "check": "exercises",
    "hint": "exercises",
    "solution": "exercises",
    "quiz": "exercises",
    "progress": "exercises",
    "probe": "probes",
}
__all__ = sorted(PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module 'jwt_demo' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f".{PUBLIC[name]}", __name__), name)
    return value


def __dir__() -> list[str]:
    return [*globals(), *PUBLIC]


if (
    "IPython" in sys.modules
):  # in a notebook tokens and exchanges show as pictures when they end a cell
    from .display.show import register

    register()
