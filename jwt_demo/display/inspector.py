"""The live inspector: edit a token in a notebook cell and see, at each keystroke, what becomes of the three statements.

The browser holds the text, this side judges it. Everything goes in messages, which no notebook saves; a key given in
Python never leaves this side, one typed into the page is used and forgotten.
"""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import anywidget

from ..tokens.anatomy import Token, encode_segment
from ..tokens.keys import Key, fresh_key, read_keys
from ..tokens.policy import Policy
from ..tokens.signatures import SUPPORTED
from .inspector_edits import retell
from .show import bundle
from .token_view import token_picture

STATIC = Path(__file__).parent


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

    _esm = (STATIC / "inspector.js").read_text("utf-8")
    _css = (STATIC / "inspector.css").read_text("utf-8")

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
        self._token, self._keys, self._server, self._path, self._now, self._policy = (
            str(token),
            keys,
            server,
            path,
            now,
            policy or Policy(),
        )
        self._made: dict[str, Key] = {}  # for examples, by algorithm
        self._tasks: set[asyncio.Task[None]] = set()
        self.on_msg(self._receive)

    def __repr__(self) -> str:
        return "Inspector (live while its notebook's kernel runs)"

    def _ipython_display_(self) -> None:
        """The picture first, for pages without a kernel; a rule in it hides whichever of the two is not wanted."""
        from IPython.display import display

        still = bundle(
            token_picture(self._token, self._keys, now=self._moment(), policy=self._policy)
        )
        still["text/html"] = f'<div class="jd-still">{STILL}{still["text/html"]}</div>'
        display(still, raw=True)
        display({**self._repr_mimebundle_()[0], "text/plain": repr(self)}, raw=True)

    def _moment(self) -> float:
        return time.time() if self._now is None else self._now

    def _receive(self, _: Any, message: Any, __: Any = None) -> None:
        if isinstance(message, dict) and message.get("edited") == "send":
            task = asyncio.get_running_loop().create_task(self._send_on(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif isinstance(message, dict):
            self.send(self.answer(message))

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """What the page shows next; `message` says what was edited and holds the fields as they stand there."""
        alg = message.get("example")
        if message.get("edited") == "example" and alg in SUPPORTED:
            self._made.setdefault(alg, fresh_key(alg))
            message = {**message, "edited": "sign", "token": example(alg, self._moment())}
        elif message.get("edited") in ("start", "example"):
            message = {**message, "token": self._token, "base": self._token, "path": self._path}
        made = self._made.get(alg) if isinstance(alg, str) else None
        keys, source = (self._keys, "given in Python") if made is None else ([made], "made here")
        told = retell(message, keys, source, now=self._moment(), policy=self._policy)
        return {**told, "number": message.get("number"), "path": message.get("path", self._path)}

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
            return "Not sent: a header takes one line of ASCII, and this text is none."
        try:
            exchange = await server.get(path, headers={"Authorization": f"Bearer {token}"})
        except (ValueError, TypeError, RuntimeError) as error:
            return f"Not sent: {error}"
        return as_text(exchange_picture(exchange))


def example(alg: str, now: float) -> str:
    """A token that says `alg` and is good for five minutes, not signed yet."""
    header, claims = (
        {"alg": alg, "typ": "JWT"},
        {"sub": "1", "iat": int(now), "exp": int(now) + 300},
    )
    return ".".join(
        [
            *(
                encode_segment(json.dumps(part, separators=(",", ":")).encode("ascii"))
                for part in (header, claims)
            ),
            "",
        ]
    )


# Beside a live inspector its picture is not needed; without one, what stands in its place says nothing to a reader.
STILL = """<style>.jp-OutputArea-child:has(.jd-still):has(+ .jp-OutputArea-child .jd-inspector){display:none}
.jp-OutputArea-child:has(.jd-still) + .jp-OutputArea-child:not(:has(.jd-inspector)){display:none}</style>"""
