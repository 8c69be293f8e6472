"""Why a value is no text, a character no base64url, a segment no JSON object, where they say it themselves. Pure: words come out.

Each remark begins with ". " and names a cause that was looked for; where none was found it asks or is empty.
"""

from __future__ import annotations

import json
import re
import unicodedata
import zlib

from .lenient_base64 import octets_in


def on_octets(octets: bytes) -> str:
    """What octets are that are no UTF-8, where their beginning or another reading says it."""
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")) or octets[1:2] == b"\0":
        return ". It is UTF-16: encode the JSON as UTF-8"
    if octets.startswith((b"\x1f\x8b", b"\x78\x9c", b"\x78\x01", b"\x78\xda")):
        return ". It is compressed (zlib or gzip), which a signed token must not be"
    if inflated(octets):
        return (
            ". It is compressed (DEFLATE, as `zip` says in a JWE), which a signed token must not be"
        )
    if is_object(octets.decode("latin-1")):
        return ". Read as Latin-1 (one byte for each letter) it is JSON: was it encoded so, in place of UTF-8, or was a character changed in the copy?"
    return ". Was a character changed or lost in the copy, or is it encrypted?"


def inflated(octets: bytes) -> bool:
    try:
        return is_object(zlib.decompressobj(-15).decompress(octets, 100_000).decode("latin-1"))
    except zlib.error:
        return False


def on_bad_json(text: str, error: json.JSONDecodeError) -> str:
    """What a text is that is no JSON, or what stands at the position where reading ended.

    >>> try: json.loads("{'sub': '1'}")
    ... except json.JSONDecodeError as error: on_bad_json("{'sub': '1'}", error)
    '. JSON has double quotes: was it written with str() in place of json.dumps()?'
    """
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return on_other_text(text) or ". It ends too early: was it cut off?"
    here = text[error.pos :]
    if here.startswith("'"):
        return ". JSON has double quotes: was it written with str() in place of json.dumps()?"
    if found := re.match(r"(True|False|None)\b", here):
        return f". `{found[1]}` is Python: was it written with str() in place of json.dumps()?"
    if "\0" in text:
        return ". It is UTF-16: encode the JSON as UTF-8"
    if "{{" in text and "}}" in text:
        return ". A place of a template (`{{…}}`) was not filled in"
    if error.msg == "Extra data" and (other := on_other_text(text)):
        return other
    if error.msg == "Extra data" and text.lstrip().startswith("{"):
        return ". Something stands behind the object: a token has one alone"
    if found := re.match(r"undefined\b|NaN\b|Infinity\b", here):
        return f". `{found[0]}` is JavaScript, and no JSON"
    if here.startswith(("/*", "//", "#")):
        return ". A comment begins there, and JSON has none"
    if re.match(r"[\s,]*[}\]]", here) and text[: error.pos].rstrip().endswith((",", "{", "[")):
        return ". A comma stands before the end, and JSON has none there"
    if found := re.match(r"[A-Za-z_]\w*(?=\s*:)", here):
        return f". The name `{found[0][:40]}` stands without quotes: JSON has each name in double quotes"
    return on_other_text(text)


def on_other_text(text: str) -> str:
    """What a text is that does not even begin like JSON."""
    if text.lstrip().startswith("<"):
        return ". It is XML or HTML: a JWT has a JSON object there"
    if re.match(r"b['\"]", text):
        return ". It begins with `b'`, as Python prints bytes: encode the bytes, not their print"
    if re.fullmatch(r"(?:[0-9a-fA-F]{2}){8,}", text):
        return ". It is hexadecimal: encode the JSON's own bytes"
    if re.fullmatch(r"e[yw][\w-]+\.[\w-]*\.[\w-]*", text.strip()):
        return ". It is a token itself (nested, RFC 7519 §5.2): look at that one alone"
    if is_object(from_base64url(text)):
        return ". It is base64url once more: it was encoded twice"
    if re.fullmatch(r"[\w.-]+=[^&\s]*(?:&[\w.-]+=[^&\s]*)*", text):
        return ". It is data of a form (name=value): a JWT has a JSON object there"
    return ""


def on_string(value: object) -> str:
    """For JSON that is a string: whether the object stands inside it."""
    if isinstance(value, str) and is_object(value):
        return ". The string contains the object: was json.dumps() called twice?"
    return ""


def is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def from_base64url(text: str) -> str:
    """What base64 or base64url of UTF-8 decodes to; '' where it is none."""
    try:
        return (octets_in(text.strip()) or b"").decode("utf-8")
    except UnicodeDecodeError:
        return ""


def on_stray(character: str) -> str:
    """What a character is that no token has: the other alphabet of base64, JSON, or one that only looks right."""
    if character in "+/":
        return ". It is standard base64, which a token does not use"
    if character in '{["':
        return ". This is JSON, not encoded: each segment is base64url of it"
    if not character.isprintable():
        return ". It cannot be seen: remove it"
    name = unicodedata.name(character, "")
    if ord(character) < 128 or not name:
        return ""
    if unicodedata.category(character)[0] in "LNP":
        return f". It only looks like a letter of it ({name})"
    return f". It belongs to no token ({name}): remove it"


NOT_TEXT = {
    "NoneType": ": there was no token where it was looked for",
    "bytes": ': make it text with .decode("ascii")',
    "dict": ": take the member that contains the token out of it",
    "bytearray": ': make it text with .decode("ascii")',
    "list": ": take one token out of it",
    "tuple": ": take one token out of it",
    "set": ": take one token out of it",
    "coroutine": ": it is not awaited yet, `await` gives the text",
    "Token": ": it is a token that was read already, its text is in `.text`",
}
