"""The one place through which text from a token, a request or a reader's code passes on its way to a screen.

The creator of a token chooses every character in it, and a notebook trusts the output of a cell that was just run.

>>> escaped("<img src=x onerror=alert(1)>")
'&lt;img src=x onerror=alert(1)&gt;'
>>> visible("red: \\x1b[31m, backwards: \\u202e")
'red: \\\\x1b[31m, backwards: \\\\u202e'
"""

from __future__ import annotations

import html
import re
import unicodedata

# Controls, formats (bidi, zero width), surrogates, private use, unassigned, line and paragraph separators.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def visible(text: str) -> str:
    """One line of printable characters: what steers a terminal or a reading direction shows as its escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        spelled(character) if unicodedata.category(character) in UNSEEN else character
        for character in text
    )


def spelled(character: str) -> str:
    code = ord(character)
    named = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}.get(character)
    return named or (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )


def escaped(text: str) -> str:
    """The same for HTML, fit for an element's text and for a quoted attribute."""
    return html.escape(visible(text), quote=True)


def escaped_lines(text: str) -> str:
    r"""The same for text of several lines, fit for a `<pre>`.

    >>> escaped_lines("if a < b:\n    \x1b")
    'if a &lt; b:\n    \\x1b'
    """
    return "\n".join(escaped(line) for line in text.splitlines())


def clean(text: str, keep: str = "") -> str:
    r"""Text for XML or for a spreadsheet: what cannot be printed is left out, except the characters in `keep`.

    >>> clean("a\x1b[31mb\u202ec\ud800")
    'a[31mbc'
    """
    return "".join(letter for letter in text if letter.isprintable() or letter in keep)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, and how many there were.

    >>> cut("a" * 1_000_000, 3)
    'aaa… (1,000,000 characters)'
    """
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text):,} characters)"


def shortened(text: str) -> str:
    """Tokens shortened beyond use, and long random strings named by their length, so that an output may be kept and shared.

    >>> shortened("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")
    'Bearer eyJhbGciOi…·eyJzdWIiO…·…'
    >>> shortened("session=" + "x" * 43)
    'session=…43 characters…'
    """
    return OPAQUE.sub(lambda match: f"…{len(match[0])} characters…", TOKEN.sub(beginnings, text))


def plain(text: str) -> str:
    """One short line that reads the same in each run: no token, no address of an object.

    >>> plain("<Token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl at 0x7f3c>")
    '<Token <token>>'
    """
    text = ADDRESS.sub("", TOKEN.sub("<token>", text))
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 3] + "…"


LONGEST_LINE = 160  # characters
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
# base64url of `{"`, `{ ` or a brace and a line break, and the parts that follow it
TOKEN = re.compile(r"(?<![\w-])e[yw][\w-]{6,}(?:\.[\w-]*){1,4}", re.ASCII)
OPAQUE = re.compile(r"(?<![\w-])(?=[\w-]*\d)[\w-]{30,}=*(?![\w-])|(?<![\w-])[\w-]{40,}=*", re.ASCII)


def beginnings(match: re.Match[str]) -> str:
    first, second, *rest = match[0].split(".")
    if not second and not rest:
        return match[0]
    return "·".join(
        [
            f"{first[:10]}…",
            f"{second[:9]}…" if second else "",
            *("…" if segment else "(empty)" for segment in rest),
        ]
    )
