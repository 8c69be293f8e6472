"""Texts that a token, a request or a handler may say, and that must be text on every surface."""

from __future__ import annotations

import io
import json
import re

from rich.console import Console

from jwt_demo.display import terminal
from jwt_demo.server.exchange import Exchange, Step
from jwt_demo.tokens.anatomy import encode_segment

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</code></td></table></div><h1>free</h1>",
    "</pre><b>free</b>", "</style><script>alert(1)</script>",
    '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", '<a href="javascript:alert(1)">x</a>', "javascript:alert(1)",
    "&lt;b&gt;", "<!--", "]]>",
    '<button data-commandlinker-command="terminal:create-new" data-commandlinker-args="{}">x</button>',
    "<form action=x><input></form>", "<svg onload=alert(1)>",
    "\x1b[31mred\x1b[0m", "\x1b]8;;http://x\x07link\x1b]8;;\x07", "\x1b[2J", "\x9b31m", "a\u202eb", "\u2066x\u2069", "\u200b",
    "nul\x00nul", "\r\nSet-Cookie: x=y", "\u2028",
    "$x^2$", "$$\\href{javascript:alert(1)}{x}$$", "\\(x\\)", "[bold red]x[/]", ":smile:",
    "\ud800", "\ufeff", "a\tb", "{{7*7}}", "%s %(x)s {0}", "A" * 1_000_000,
]  # fmt: skip
# What steers a terminal, a line or a reading direction, or cannot be seen; but for the line break, which is ours.
STEERING = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"


def hostile_token(text):
    """The text as value and as name of a claim, inside one, and in the header."""
    claims = {
        "sub": text,
        text: "value",
        "nested": {text: [text]},
        "exp": text,
        "iss": text,
        "email": text,
    }
    header = {"alg": text, "kid": text, text: text, "crit": [text]}
    return f"{encode_segment(json.dumps(header).encode())}.{encode_segment(json.dumps(claims).encode())}.{encode_segment(b'x' * 32)}"


def hostile_exchange(text):
    steps = [
        Step(0, text, "in"),
        Step(1, text, "in", handler=True),
        Step(1, text, "out", text),
        Step(0, text, "out", text),
    ]
    return Exchange(
        text, f"/{text}", [("X-Hostile", text), (text, text), ("Authorization", f"Bearer {text}")], text.encode("utf-8", "surrogatepass"),
        status=500, reason=text, headers={text: text}, body=json.dumps({"a": text, text: 1}).encode(), problem=text, warnings=[text], steps=steps,
    )  # fmt: skip


def in_terminal(picture, width=100):
    """What rich writes, with the colours it was asked for taken off."""
    file = io.StringIO()
    terminal.put(
        picture,
        console=Console(
            file=file,
            force_terminal=True,
            width=width,
            highlight=False,
            markup=False,
            emoji=False,
            color_system="standard",
        ),
    )
    return re.sub(r"\x1b\[[\d;]*m", "", file.getvalue())
