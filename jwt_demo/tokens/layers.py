"""What may lie around a token, or have happened to it, and how each comes off: text in, text or None out.

>>> with_missing_dots("eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmE")
'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJlc2lnbmE'
"""

from __future__ import annotations

import binascii
import itertools
import quopri
import re
import unicodedata
from collections.abc import Callable
from html import unescape
from urllib.parse import unquote

from .lenient_base64 import octets_in
from .token_in_text import (
    COMPACT,
    INSIDE,
    SIGNATURE_BYTES,
    UNSEEN,
    has_length,
    header_in,
    is_token,
    signature_characters,
    the_one_inside,
)

SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
DOTS = re.compile("[\u2024\u2026\u3002\uff0e\uff61\u00b7\u2022]")


def prefix(pattern: str) -> Callable[[str], str | None]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: compiled.sub("", text, count=1) if compiled.match(text) else None


def without_unseen(text: str) -> str:
    return SPACES.sub(" ", UNSEEN.sub("", text))


def joined(text: str) -> str | None:
    """Without the white space, line ends of a shell and quote marks of an e-mail inside; only where that makes the token whole."""
    if not re.search(r"\s", text.strip()):
        return None
    bare = unwrapped(text)
    without_hyphens = unwrapped(re.sub(r"-\s*\n\s*", "", text))
    if is_token(without_hyphens) and has_length(without_hyphens) and not has_length(bare):
        return without_hyphens  # a PDF or a book ends its lines with them
    if not is_token(bare):
        return None
    inside = INSIDE.findall(text)
    if inside and has_length(inside[0]) and not has_length(bare):
        return None  # a whole token, and words after it
    return bare if has_length(bare) or re.search(r"[\r\n]", text.strip()) else None


def unwrapped(text: str) -> str:
    """One line of many, without what a shell, an e-mail or a terminal's frame wrote at their ends."""
    lines = re.sub(r"(?m)^\s*[>|\u2502]+\s?|\s*\u2502\s*$", "", text)
    return re.sub(r"=?\r?\n|[\s\\^]+|(?m:^\s*>+)|[\"'+]", "", lines)


def stripped(text: str) -> str | None:
    bare = text.strip()
    return None if re.search(r"\s", bare) else bare


def among_words(text: str) -> str | None:
    """The one token in a longer text, where white space, quotes or the like stand around it."""
    token = the_one_inside(text)
    if token is None:
        return None
    before, _, after = text.partition(token)
    apart = "\"'`=<>()[]{},;:|&#*\\"
    if before and not (
        before[-1].isspace() or before[-1] in apart or unicodedata.category(before[-1])[0] == "S"
    ):
        return None
    if not after or after[0].isspace() or after[0] in apart and after[0] != "=":
        return token
    return token if after[0] in ".!?" and after[1:2] in ("", " ", "\n") else None


def base64_among_words(text: str) -> str | None:
    """The one token in base64 in a longer text: alone, or as the password of Basic authentication."""
    found = set()
    for word in BASE64_WORD.findall(text):
        inner = ascii_text(octets_in(word))
        if inner and (token := inner.strip() if is_token(inner.strip()) else the_one_inside(inner)):
            found.add(token)
    return found.pop() if len(found) == 1 else None


BASE64_WORD = re.compile(r"(?<![^\s\"':=>])[A-Za-z0-9+/]{40,}={0,2}(?![^\s\"',}\]<])")


def numbers_of_bytes(text: str) -> str | None:
    """The text whose bytes are written as a list of numbers."""
    if not re.fullmatch(r"\s*[\[({<]?\s*\d{2,3}(?:[,\s]+\d{2,3}){20,}[,\s]*[\])}>]?\s*", text):
        return None
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    return "".join(map(chr, numbers)) if all(32 < number < 127 for number in numbers) else None


def without_line_numbers(text: str) -> str | None:
    """The lines without the numbers that an editor or `cat -n` wrote before them; only where they count up."""
    lines = [LINE_NUMBER.match(line) for line in text.strip().splitlines()]
    numbers = [int(line[1]) for line in lines if line]
    if len(lines) < 2 or numbers != list(
        range(numbers[0] if numbers else 0, len(lines) + (numbers[0] if numbers else 0))
    ):
        return None
    return "\n".join(line[2] for line in lines if line)


LINE_NUMBER = re.compile(r"\s*(\d{1,4})\s*[:.)|]?[ \t]+(\S.*)$")


def unescaped_source(text: str) -> str | None:
    """With the characters that a program's source writes as `\\x2e` or `\\u002e`."""
    bare = re.sub(r"\\(?:x|u00)([2-7][0-9A-Fa-f])", lambda found: chr(int(found[1], 16)), text)
    return bare if bare != text else None


def without_tags(text: str) -> str | None:
    """Without HTML tags, where they stand inside the token."""
    bare = re.sub(r"</?[A-Za-z][^<>]{0,300}>", "", text)
    if bare == text or the_one_inside(text):
        return None
    return bare if is_token(bare.strip()) or the_one_inside(bare) else None


def percent_decoded(text: str) -> str | None:
    return unquote(text) if re.search(r"%[0-9A-Fa-f]{2}", text) else None


def without_backslashes(text: str) -> str | None:
    bare = re.sub(r"\\(?=[_.-])", "", text)
    return bare if bare != text and (is_token(bare) or the_one_inside(bare)) else None


def unescaped(text: str) -> str | None:
    if "&#" in text or "&quot;" in text or "&amp;" in text:
        return unescape(text)
    return None


def base64url(text: str) -> str | None:
    """The same segments in the alphabet of a token and without padding."""
    if re.fullmatch(r"[A-Za-z0-9+/_=-]+\.[A-Za-z0-9+/_=-]*\.[A-Za-z0-9+/_=-]*", text) is None:
        return None
    changed = ".".join(
        part.rstrip("=").replace("+", "-").replace("/", "_") for part in text.split(".")
    )
    known = str((header_in(changed) or {}).get("alg")) in SIGNATURE_BYTES
    return changed if is_token(changed) and (has_length(changed) or not known) else None


def from_base64(text: str) -> str | None:
    """What it encodes: a token, the header's value, or base64 of these once more."""
    bare = re.sub(r"\s", "", text)
    starts = r"(?:ZX|QmVhcmVy|Wlh|UW1WaGNtVnk|V2xo)[\w+/-]{20,}"
    return ascii_text(octets_in(bare)) if re.match(starts, bare) else None


def after_prefix(text: str) -> str | None:
    """What stands in base64 behind `base64-` (Supabase) or `data:…;base64,`."""
    found = re.match(r"(?:[\w.-]+=)?(?:base64-|data:[\w/+.;=-]*;base64,)([\w+/=-]{20,})\s*$", text)
    inner = ascii_text(octets_in(found[1])) if found else None
    return (
        inner
        if inner and (is_token(inner) or the_one_inside(inner) or '"access_token"' in inner)
        else None
    )


def in_json(text: str) -> str | None:
    """The one token in a JSON text, also where a line break stands inside it."""
    return the_one_inside(text) or the_one_inside(re.sub(r"\s*[\r\n]+\s*", "", text))


def quoted_printable(text: str) -> str | None:
    """Out of an e-mail's source: `=3D` for `=`, lines that end in `=`."""
    if the_one_inside(text) or not re.search(r"=3D|[^\s=]=\r?\n", text):
        return None
    decoded = ascii_text(quopri.decodestring(text.encode("ascii", "replace")))
    return decoded if decoded and (is_token(decoded.strip()) or the_one_inside(decoded)) else None


def pluses_back(text: str) -> str | None:
    """Standard base64 in which a form made a blank of each `+`."""
    bare = text.strip()
    return (
        base64url(bare.replace(" ", "+")) if " " in bare and not re.search(r"[-_]", bare) else None
    )


def dashes_back(text: str) -> str | None:
    """A token in which each `-` became a blank; only where its signature gets its length by it."""
    bare = text.strip()
    whole = bare.replace(" ", "-")
    if " " not in bare or not is_token(whole) or not has_length(whole):
        return None
    return None if has_length(bare.replace(" ", "")) else whole


def out_of_express(text: str) -> str | None:
    """Out of a signed cookie of Express: `s:`, the value, a dot and the cookie's own signature."""
    found = re.fullmatch(r"s(?::|%3A)(e[yw][\w-]+\.[\w-]*\.[\w-]*)\.[\w+/%=-]{27,}", text)
    return found[1] if found and is_token(found[1]) else None


def prompt_off(text: str) -> str | None:
    """Without a shell's prompt behind it; the signature's length says where the token ends."""
    found = re.fullmatch(r"(e[yw][\w-]+\.[\w-]*\.)([\w-]+)([^\n]{1,80}?[$#%>]\s*)", text)
    if not found:
        return None
    for size in signature_characters(found[1]):
        if len(found[2]) >= size:
            return found[1] + found[2][:size]
    return None


def from_hex(text: str) -> str | None:
    bare = re.sub(r"^0x|[\s:]", "", text)
    if not re.fullmatch(r"65(?:79|77)(?:[0-9A-Fa-f]{2}){20,}", bare):
        return None
    return ascii_text(binascii.unhexlify(bare))


def ascii_text(octets: bytes | None) -> str | None:
    try:
        return None if octets is None else octets.decode("ascii")
    except UnicodeDecodeError:
        return None


def with_dots(text: str) -> str | None:
    """Three segments that something else than a dot stands between."""
    parts = re.split(r"[\s,;|/:]+", text.strip())
    whole = ".".join(parts)
    return (
        whole
        if len(parts) == 3 and is_token(whole) and parts[1].startswith(("ey", "ew", "e3"))
        else None
    )


def with_missing_dots(text: str) -> str | None:
    """Three segments between which one or two dots are missing, or `_` or `-` stand in their place.

    The header ends where its JSON does, the signature has the length that its algorithm makes.
    """
    if not re.fullmatch(r"e[yw][\w-]+(?:\.[\w-]+)?", text):
        return None
    for start in [found.start() for found in re.finditer(r"e[yw3]", text)][1:20]:
        for end in (start, start - 1):
            header = text[:end].rstrip(".")
            if "alg" in (header_in(header) or {}):
                return with_signature_apart(header, text[start:])
    return None


def with_signature_apart(header: str, rest: str) -> str | None:
    for size in signature_characters(header):
        signature = rest[-size:]
        for payload in (rest[:-size], rest[:-size][:-1]):
            if "." not in payload + signature and header_in(payload) is not None:
                return f"{header}.{payload}.{signature}"
    return None


def first_letters_back(text: str) -> str | None:
    """With the letters that every token begins with, where some of them are lost."""
    if not COMPACT.fullmatch(text) or header_in(text) is not None:
        return None
    for lost in ("e", "ey", "eyJ", *(f"eyJ{first}" for first in "h0r")):
        if "alg" in (header_in(lost + text) or {}):
            return lost + text
    return None


def front_off(text: str) -> str | None:
    """Without characters that stand right before its first letter; only where a whole token is left."""
    if not re.fullmatch(r"[\w.-]+", text) or "alg" in (header_in(text) or {}):
        return None
    for found in itertools.islice(re.finditer(r"ey[JI]", text), 3):
        bare = text[found.start() :]
        if 0 < found.start() <= 20 and is_token(bare) and has_length(bare):
            return bare
    return None


def dots_off(text: str) -> str | None:
    """Without a dot in front of it, and with one dot where two stand."""
    bare = re.sub(r"\.\.", ".", text.lstrip("."))
    return (
        bare if bare != text and "..." not in text and is_token(bare) and has_length(bare) else None
    )


def end_off(text: str) -> str | None:
    """Without what a shell, a log or a URL wrote behind it; only where a whole token is left."""
    bare = END.sub("", text)
    return bare if bare != text and is_token(bare) and has_length(bare) else None


END = re.compile(r"(?:\\[nrt]|[/#%|&$^\\])+$")


def last_dot_off(text: str) -> str | None:
    return text.rstrip(".") if text.count(".") > 2 and is_token(text.rstrip(".")) else None


def where(pattern: str, apply: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """`apply`, for texts that begin with the pattern alone."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda text: apply(text) if compiled.match(text) else None
