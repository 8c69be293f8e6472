"""What the inspector returns, wherever its page is: in a notebook, behind a widget, or in a browser tab of its own.

>>> session = InspectorSession("eyJhbGciOiJIUzI1NiJ9.e30.AAAA", [], now=0)
>>> [one["mark"] for one in session.answer({"edited": "start"})["statements"]]
['✓', '○', '✗']
"""

from __future__ import annotations

import json
import time
from typing import Any

from ..tokens.anatomy import encode_segment
from ..tokens.crypto_library import IS_HERE
from ..tokens.keys import Key, fresh_key
from ..tokens.policy import Policy
from ..tokens.signatures import SUPPORTED
from .inspector_edits import retell

USABLE = [alg for alg in SUPPORTED if IS_HERE or alg.startswith("HS")]


class InspectorSession:
    """One token that is inspected, and the keys that were made for examples meanwhile."""

    def __init__(
        self,
        token: str = "",
        keys: list[Key] | None = None,
        *,
        path: str = "/get-user",
        now: float | None = None,
        policy: Policy | None = None,
    ):
        self.token, self.keys, self.path = token, keys or [], path
        self.policy = policy or Policy()
        self._now = now
        self._made: dict[str, Key] = {}  # for examples, by algorithm

    @property
    def moment(self) -> float:
        return time.time() if self._now is None else self._now

    def answer(self, message: dict[str, Any], *, own_keys: bool = True) -> dict[str, Any]:
        """What the page shows next; `message` says what was edited and holds the fields as they stand there."""
        alg = message.get("example")
        if message.get("edited") == "example" and alg in USABLE:
            self._made.setdefault(alg, fresh_key(alg))
            message = {**message, "edited": "sign", "token": example(alg, self.moment)}
        elif message.get("edited") in ("start", "example"):
            message = {**message, "token": self.token, "base": self.token, "path": self.path}
        made = self._made.get(alg) if isinstance(alg, str) else None
        keys, source = (self.keys, "given in Python") if made is None else ([made], "made here")
        if not own_keys:
            keys = []
        told = retell(message, keys, source, now=self.moment, policy=self.policy)
        return {**told, "number": message.get("number"), "path": message.get("path", self.path)}


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
