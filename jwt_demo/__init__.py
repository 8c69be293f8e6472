"""A course on JSON Web Tokens with a real aiohttp server inside each notebook. Start with `jwt-demo lab`.

To read the code, begin with `stages`, the server after each step (`stages.login`, `stages.middleware`, `stages.decorator`, …),
then `tokens`, what a token is, and `server`, which runs a stage inside a notebook. The rest stands on these three:
`display` shows tokens and exchanges, `exercises` judges the reader's code, `probes` attacks a service, `frameworks` has the
same service on Flask, Django and FastAPI, `course` and `grading` look after readers' copies, `cli` is the command line.
"""

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
    "figure": "display.figures",
    "outcomes": "display.outcomes",
    "outcome_table": "display.outcomes",
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


if "IPython" in sys.modules:  # in a notebook a token or an exchange at the end of a cell is drawn
    from .display.show import register

    register()
