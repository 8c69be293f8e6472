"""The live inspector: edit a token in a notebook cell and see, at each keystroke, what becomes of the three statements.

The browser holds the text, this side judges it. Everything goes in messages, which no notebook saves; a key given in
Python never leaves this side, one typed into the page is used and forgotten.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..tokens.anatomy import Token
from ..tokens.keys import Key, read_keys
from ..tokens.policy import Policy
from .inspector_session import USABLE, InspectorSession
from .key_set import CannotFetch, fetch_key_set, is_address
from .live import display_both
from .show import bundle
from .token_view import token_picture

HERE = Path(__file__).parent


def inspector(
    token: Token | str = "",
    key: Any = None,
    *,
    server: Any = None,
    path: str = "/get-user",
    now: float | None = None,
    policy: Policy | None = None,
) -> Inspector:
    """An inspector for `token`; `key` signs and verifies, `server` (the one that runs, if it is left out) is where tokens can be sent."""
    return Inspector(token, read_keys(key), server=server, path=path, now=now, policy=policy)


class Inspector(anywidget.AnyWidget):
    """Made by `inspector`. Without its page or its kernel it is the picture of the token it began with."""

    _esm = (HERE / "inspector.js").read_text("utf-8")
    _css = (HERE / "inspector.css").read_text("utf-8")
    algorithms = traitlets.List(USABLE).tag(sync=True)

    def __init__(
        self,
        token: Token | str,
        keys: list[Key],
        *,
        server: Any,
        path: str,
        now: float | None,
        policy: Policy | None,
    ):
        super().__init__()
        self._session = InspectorSession(str(token), keys, path=path, now=now, policy=policy)
        self._server = server
        self._key_sets: dict[str, str] = {}  # by address
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return "The inspector works while the kernel of this notebook is running."

    def _ipython_display_(self) -> None:
        """The picture first, for pages without a kernel."""
        session = self._session
        still = token_picture(
            session.token, session.keys, now=session.moment, policy=session.policy
        )
        display_both(bundle(still), self, repr(self))

    def _receive(self, _: Any, message: Any, __: Any = None) -> None:
        if not isinstance(message, dict):
            return
        if message.get("edited") == "send":
            self._later(self._send_on(message))
        elif is_address(message.get("key")):
            self._later(self._answer_with_key_set(message))
        else:
            self.send(self.answer(message))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_with_key_set(self, message: dict[str, Any]) -> None:
        """The key is the address of a JWK Set on this machine: fetched once, and again when the address is typed anew."""
        address = str(message["key"]).strip()
        if message.get("edited") == "key":
            self._key_sets.pop(address, None)
        try:
            if address not in self._key_sets:
                self._key_sets[address] = await fetch_key_set(address)
        except CannotFetch as error:
            told = self.answer({**message, "key": ""}, own_keys=False)
            self.send({**told, "key_says": f"Not fetched: {error}."})
            return
        told = self.answer({**message, "key": self._key_sets[address], "form": "auto"})
        self.send({**told, "key_says": f"{told['key_says']} Fetched from {address}."})

    def answer(self, message: dict[str, Any], *, own_keys: bool = True) -> dict[str, Any]:
        """What the page shows next."""
        return self._session.answer(message, own_keys=own_keys)

    async def _send_on(self, message: dict[str, Any]) -> None:
        self.send(
            {
                "number": message.get("number"),
                "exchange": await self.ask_server(
                    str(message.get("token", "")), str(message.get("path", ""))
                ),
            }
        )

    async def ask_server(self, token: str, path: str) -> str:
        """The exchange as text, or why there was none."""
        from ..server.server import the_running_server
        from .exchange_view import exchange_picture
        from .text import as_text

        server = self._server or the_running_server()
        if server is None or not server.running:
            return "No server runs. Start one with `server = await serve(app)`, then send again."
        if not (token.isascii() and token.isprintable()):
            return "Not sent: a header is one line of ASCII, and this text is not."
        try:
            exchange = await server.get(path, headers={"Authorization": f"Bearer {token}"})
        except (ValueError, TypeError, RuntimeError) as error:
            return f"Not sent: {error}"
        return as_text(exchange_picture(exchange))
