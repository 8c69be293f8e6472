"""Showing things in a notebook or a terminal: a token, an exchange, a server, the source of something.

In a notebook `show` draws under the cell; elsewhere it prints the same as text.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
import time
from collections.abc import Sequence
from importlib.abc import InspectLoader
from pathlib import Path
from typing import Any, TypeGuard

from ..server.exchange import Exchange, Exchanges
from ..server.runtime import HAS_THREADS
from ..tokens.anatomy import Token
from ..tokens.policy import Policy
from .blocks import Line, Listing, Picture
from .figures import Figure
from .live import display_bundle
from .outcomes import Outcomes
from .short_traceback import shorten_tracebacks
from .token_view import token_picture


def show(
    thing: Any,
    key: Any = None,
    *,
    now: float | None = None,
    policy: Policy | None = None,
    signing_input: bool = False,
    reveal: bool = False,
    all: bool = False,
    tokens: bool = False,
) -> None:
    """Show a token (a Token or its text), an exchange, a server or its exchanges.

    Of a token: `key` checks its signature, `now` (seconds since 1970) is the time to judge it at, `policy` what to demand,
    `signing_input` lists what was signed, `reveal` unmasks. Of an exchange: `all` shows every header, `tokens` takes its tokens apart.

    >>> show("eyJhbGciOiJub25lIn0.e30")
    ✗ readable            token: 2 segments where 3 belong (header.payload.signature), 1 dot found. The signature is missing: was the end cut off?
    ○ signature verified  nothing to check
    ✗ accepted by policy  rejected: it cannot be read
    <BLANKLINE>
    ✗ error    token: 2 segments where 3 belong (header.payload.signature), 1 dot found. The signature is missing: was the end cut off? · RFC 7515 §7.1
    """
    put(
        picture_of(
            thing,
            key,
            now=now,
            policy=policy,
            signing_input=signing_input,
            reveal=reveal,
            all=all,
            tokens=tokens,
        )
    )


def picture_of(
    thing: Any,
    key: Any = None,
    *,
    now: float | None = None,
    policy: Policy | None = None,
    signing_input: bool = False,
    reveal: bool = False,
    all: bool = False,
    tokens: bool = False,
) -> Picture:
    """What `show` shows, before it is drawn; TypeError for something that has no picture."""
    moment = time.time() if now is None else now
    if isinstance(thing, Token | str):
        from ..tokens.signatures import read_keys

        return token_picture(
            thing,
            read_keys(key),
            now=moment,
            policy=policy,
            signing_input=signing_input,
            reveal=reveal,
        )
    from . import exchange_view

    if isinstance(thing, Exchange):
        picture = exchange_view.exchange_picture(thing, all=all, reveal=reveal)
        parts = (
            [
                picture_of(token, key, now=moment, policy=policy, reveal=reveal)
                for token in exchange_view.tokens_in(thing)
            ]
            if tokens
            else []
        )
        return Picture(
            picture.title, [*picture.blocks, *(block for part in parts for block in part.blocks)]
        )
    if hasattr(thing, "exchanges") and hasattr(thing, "running"):
        return exchange_view.server_picture(thing)
    if are_exchanges(thing):
        return exchange_view.exchanges_picture(thing)
    if isinstance(thing, Outcomes | Figure):
        return thing.picture()
    raise TypeError(
        f"show() takes a token, its text, an exchange or a server; this is {type(thing).__name__}."
    )


def are_exchanges(thing: object) -> TypeGuard[Sequence[Exchange]]:
    return isinstance(thing, Exchanges | list | tuple) and all(
        isinstance(one, Exchange) for one in thing
    )


def show_source(thing: Any, around: str | None = None) -> None:
    """Show the code of a function, class or module; `around` shows only the lines near that text. A module's name shows it without importing it.

    >>> from jwt_demo.stages.article import models
    >>> show_source(models.User.objects.filter, around="if value")
    jwt_demo/stages/article/models.py, Objects.filter, lines 36 to 41
    ...
    >>> show_source("jwt_demo.frameworks.drf_documented", around="REST_FRAMEWORK = ")
    jwt_demo/frameworks/drf_documented.py, lines 2 to 8
    ...
    """
    put(source_picture(thing, around))


def source_picture(thing: Any, around: str | None = None) -> Picture:
    try:
        lines, first = (
            module_lines(thing) if isinstance(thing, str) else inspect.getsourcelines(thing)
        )
    except (OSError, TypeError):
        raise TypeError(
            f"There is no source to show for this {type(thing).__name__}. Give a function, a class or a module."
        ) from None
    first = first or 1
    numbered = [
        Line(line.rstrip(), "mark" if around is not None and around in line else "", number)
        for number, line in enumerate(lines, start=first)
    ]
    while numbered and not numbered[-1].text:
        numbered.pop()
    if around is not None:
        hits = [place for place, line in enumerate(numbered) if line.role == "mark"]
        if not hits:
            raise ValueError(
                f"{around!r} stands nowhere in {getattr(thing, '__qualname__', getattr(thing, '__name__', 'it'))}."
            )
        numbered = numbered[max(hits[0] - AROUND, 0) : hits[-1] + AROUND + 1]
    margin = min(
        (len(line.text) - len(line.text.lstrip()) for line in numbered if line.text), default=0
    )
    numbered = [Line(line.text[margin:], line.role, line.number) for line in numbered]
    return Picture(
        "Source",
        [
            Listing(
                f"{place_of(thing)}, lines {numbered[0].number} to {numbered[-1].number}",
                numbered,
                "python",
            )
        ],
    )


AROUND = 3  # lines before and after


def module_lines(name: str) -> tuple[list[str], int]:
    """What it imports may not be installed, or not be wanted in this kernel."""
    spec = importlib.util.find_spec(name) if "." in name else None
    if spec is None or not isinstance(spec.loader, InspectLoader):
        raise OSError(name)
    return (spec.loader.get_source(name) or "").splitlines(), 1


def place_of(thing: Any) -> str:
    """Module file and name, never where on the disk."""
    if isinstance(thing, str):
        return thing.replace(".", "/") + ".py"
    module = inspect.getmodule(thing)
    parts = (getattr(module, "__name__", None) or "__main__").split(".")
    if parts[0] == "__main__":
        where = "this notebook"
    else:
        package = hasattr(module, "__path__")
        where = "/".join(parts) + (
            f"/{Path(module.__file__).name}" if package and module and module.__file__ else ".py"
        )
    name = "" if inspect.ismodule(thing) else getattr(inspect.unwrap(thing), "__qualname__", "")
    return f"{where}, {name}" if name else where


def put(picture: Picture) -> None:
    """Under the cell in a notebook, else on standard output."""
    shell = notebook_shell()
    if shell is None:
        from .text import as_text

        print(as_text(picture))
        return
    display_bundle(bundle(picture))


def bundle(picture: Picture) -> dict[str, str]:
    from .html import as_html
    from .text import as_text

    return {"text/plain": as_text(picture), "text/html": as_html(picture)}


def notebook_shell() -> Any:
    ipython = sys.modules.get("IPython")
    shell = (
        ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    )
    return shell if shell is not None and getattr(shell, "kernel", None) is not None else None


def register() -> None:
    """Let tokens, exchanges, servers and a server's exchanges show themselves when they end a cell."""
    ipython = sys.modules.get("IPython")
    shell = (
        ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    )
    if shell is None:
        return
    shorten_tracebacks(shell)
    if not HAS_THREADS:
        from .tab_cells import leave_out_cells

        leave_out_cells(shell)
    formatter = shell.display_formatter.mimebundle_formatter
    for module, name in (
        ("tokens.anatomy", "Token"),
        ("server.exchange", "Exchange"),
        ("server.exchange", "Exchanges"),
        ("server.server", "Server"),
    ):
        formatter.for_type_by_name(
            f"jwt_demo.{module}",
            name,
            lambda thing, include=None, exclude=None: bundle(picture_of(thing)),
        )
    # IPython has its own text for everything that is a deque, and prefers it.
    plain = shell.display_formatter.formatters["text/plain"]
    plain.for_type_by_name(
        "jwt_demo.server.exchange",
        "Exchanges",
        lambda thing, printer, cycle: printer.text(bundle(picture_of(thing))["text/plain"]),
    )
