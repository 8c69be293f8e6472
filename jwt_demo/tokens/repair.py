"""Finding the token inside a text: what was pasted in, the token, and what was removed. Pure: text in, words out.

>>> repair('Authorization: Bearer "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmE"')
Repair(token='eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmE', removed=('`Authorization:`', '`Bearer `', 'quotes'))
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from .layers import (
    DOTS,
    after_prefix,
    among_words,
    base64_among_words,
    base64url,
    dashes_back,
    dots_off,
    end_off,
    first_letters_back,
    from_base64,
    from_hex,
    front_off,
    in_json,
    joined,
    last_dot_off,
    numbers_of_bytes,
    out_of_express,
    percent_decoded,
    pluses_back,
    prefix,
    prompt_off,
    quoted_printable,
    stripped,
    unescaped,
    unescaped_source,
    where,
    with_dots,
    with_missing_dots,
    without_backslashes,
    without_line_numbers,
    without_tags,
    without_unseen,
)
from .token_in_text import LONGEST, is_cut, is_token, the_one_inside, with_short_gaps


@dataclass(frozen=True)
class Repair:
    """The token that was found in a text, and what was removed or changed to get it."""

    token: str
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Peel:
    """One layer that may lie around a token: what it is, the sentence about it, and how it comes off."""

    what: str
    reason: str
    apply: Callable[[str], str | None]
    only_spelling: bool = False  # reported by segment, as a flaw of base64url


def repair(text: str) -> Repair | None:
    """The token inside a text and what was removed, or None where there is none, or more than one."""
    removed: list[str] = []
    whole, token = take_off(text, removed)
    return Repair(token, tuple(removed)) if whole and not (removed and is_cut(token)) else None


def take_off(text: str, removed: list[str] | None = None) -> tuple[bool, str]:
    """Layer after layer: whether a token is left, and what is left."""
    for _ in range(10):
        if is_token(text):
            return True, text
        if not (step := first_peel(text)):
            break
        text = step[1]
        if removed is not None:
            removed.append(step[0].what)
    return False, text


def first_peel(text: str) -> tuple[Peel, str] | None:
    """The outermost layer and the text without it."""
    if len(text) > LONGEST:
        return None
    shorter = with_short_gaps(
        text
    )  # or patterns with `\s*` in them would take the square of its length
    for peel in PEELS:
        inner = peel.apply(shorter)
        if inner and inner not in (text, shorter):
            return peel, inner
    return None


def without_quotes(text: str) -> str | None:
    """What stands between quotes, brackets or the marks of a text with formatting."""
    bare = text.strip()
    inner = re.sub(r"^[brfu](?=[\"'])", "", bare).strip(QUOTES + " \t\r\n")
    if inner == bare or bare.endswith("***") and not bare.startswith("*"):
        return None
    step = first_peel(inner)
    if step and step[0].what in ("text around it", "a URL"):
        return None  # the first and the last mark of a longer text, not a pair around the token
    return inner


QUOTES = "\"'`<>()[]{}*~,;:!?\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f"
ANY_WORD = r"[^\s=:]"
FIRST_LETTERS = r"[\"']?e[yw][\w-]{6,}|token="
HEADER_NAME = "`Authorization:` was left on: that is the header's name, the token comes after it and its scheme"
SCHEME = (
    "`{0} ` was left on: it is the scheme of the Authorization header, the token comes after it"
)
AROUND = "the token stands inside {0}: give the token alone"
PEELS = (
    Peel("characters that cannot be seen", "characters that cannot be seen (zero-width, BOM, no-break space, colours of a terminal) were copied with it: remove them", without_unseen),
    Peel("a curl command", AROUND.format("a command (curl or the like)"), where(r"\s*[$>]?\s*(?:curl|wget|http|https|xh)\s", the_one_inside)),
    Peel("`Authorization:`", HEADER_NAME, prefix(r"""\s*["'{]*\s*(?:proxy-)?authorization["']?\s*[:=]\s*(?=\S)""")),
    Peel("a cookie", AROUND.format("a cookie"), where(r"\s*(?:set-)?cookie\s*:|[^\s;={]+=[^;\s]+;", the_one_inside)),
    Peel("a header's name", AROUND.format("a header line"), prefix(r"\s*x-[\w-]+\s*:\s*(?=\S)")),
    *(
        Peel(f"`{scheme} `", SCHEME.format(scheme), prefix(rf"\s*{scheme}(?:\s|%20|\+{'|:' if scheme == 'Bearer' else ''})+(?={ANY_WORD if scheme == 'Bearer' else FIRST_LETTERS})"))
        for scheme in ("Bearer", "JWT", "DPoP", "Token")
    ),
    Peel("`Bearer`", SCHEME.format("Bearer"), prefix(r"\s*bearer[_-]?(?=e[yw][A-Za-z0-9_-]{8})")),
    Peel("the numbers of its bytes", "these are the numbers of its bytes: bytes([…]).decode() makes it text", numbers_of_bytes),
    Peel("HTML tags", "HTML tags stand between its parts: copy it from the page, not from its source", without_tags),
    Peel("JSON around it", AROUND.format("JSON"), where(r"\s*[{\[]\s*[\"{\[]|\s*\"[\w.-]+\"\s*:", in_json)),
    Peel("line numbers", "numbers of lines were copied with it: remove them", without_line_numbers),
    Peel("a name in front", AROUND.format("an assignment (a name and `=` or `:`)"), prefix(r"(?:(?:export|set|const|let|var|env)\s+|\$|--?)?[\w.-]+\s*(?:=|:)\s*(?:[>|][+-]?\s*\n\s*)?(?=[\"'e]|ZX)")),
    Peel("line breaks", "a line break in the middle: the token is one line", where(r"[^\r\n]*\S\s*[\r\n]", joined)),
    Peel("quotes", "quotes, brackets or punctuation were left on: the token is what stands between them", without_quotes),
    Peel("white space", "white space in the middle: the token is one word", joined),
    Peel("white space", "white space at an end: strip it", stripped),
    Peel("a URL", AROUND.format("a URL (tokens in URLs end up in logs and histories)"), where(r"[<(\[]?[a-z][a-z0-9+.-]*://|/|[\w.-]+/\S*\?|[?#&](?:[\w.-]+=|e[yw])", lambda text: the_one_inside(unquote(text)))),
    Peel("a cookie of Express", "it stands in a signed cookie of Express (`s:` and a signature of its own): give the token alone", out_of_express),
    Peel("quoted-printable", "it is quoted-printable (`=3D`, lines that end in `=`), as an e-mail's source has it: copy it from the message", quoted_printable),
    Peel("blanks for `-`", "blanks stand inside it where `-` was: copy it again from where it was issued", dashes_back),
    Peel("blanks for `+`", "blanks stand where `+` was (a form or a URL changes it), and the alphabet is standard base64: a token uses base64url", pluses_back),
    Peel("percent-encoding", "it is percent-encoded (`%2E`, `%3D` …): decode it first", percent_decoded),
    Peel("backslashes", "it has backslashes before `_`, `-` or `.`, as Markdown writes them: copy it from the page, not from its source", without_backslashes),
    Peel("HTML escapes", "it has HTML escapes (`&#46;` …): copy it from the page, not from its source", unescaped),
    Peel("escapes of a program", "it has escapes (`\\x2e`, `\\u002e` …), as a program's source writes them: print the value and copy that", unescaped_source),
    Peel("other dots", "its dots are other characters that look like dots: type `.`", lambda text: DOTS.sub(".", text)),
    Peel("what stood behind it", "characters that belong to no token stand behind it: remove them", end_off),
    Peel("a dot at the end", "a dot at the end (of a sentence?) was copied with it: remove it", last_dot_off),
    Peel("what stood between its parts", "its three parts are not joined by dots: put a `.` between them", with_dots),
    Peel("base64 around it", "it is base64 of a whole token (as in a Kubernetes secret): decode it", from_base64),
    Peel("base64 around it", "a prefix and base64 stand around it (a cookie of Supabase, a data URL): decode what follows the prefix", after_prefix),
    Peel("hexadecimal around it", "it is hexadecimal: decode it once", from_hex),
    Peel("padding and the standard base64 alphabet", "it uses standard base64 (`+`, `/`, `=`): a token uses base64url (`-`, `_`, no padding)", base64url, only_spelling=True),
    Peel("lost first letters", "its first letters are missing: a token begins with `ey`", first_letters_back),
    Peel("a dot too many", "a dot stands in front of it, or two side by side: between two dots belongs a segment", dots_off),
    Peel("characters in front of it", "characters stand right before its first letters, `ey`: remove them", front_off),
    Peel("missing dots", "a dot between its parts is missing: header.payload.signature", with_missing_dots),
    Peel("what stood behind it", "a shell's prompt stands behind it: remove it", prompt_off),
    Peel("text around it", AROUND.format("other text"), among_words),
    Peel("Basic authentication", "the token stands inside Basic authentication, as the password (base64 of `user:token`): give the token alone, decoded", where(r"\s*(?:authorization\s*:\s*)?basic\s", base64_among_words)),
    Peel("text around it", "the token stands inside other text, as base64 (as in a Kubernetes secret or a configuration of Docker): give it alone, decoded once", base64_among_words),
)  # fmt: skip
