"""One secret, read in every form that people mix up: as text, decoded from base64 or hexadecimal, with a line break, in quotes.

>>> key = Key(b"c2VjcmV0", "secret", form="text", source=b"c2VjcmV0")
>>> [words for words, octets in other_readings(key) if octets == b"secret"]
['read as base64: use the form `base64` (--key-form base64)']
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import re
from collections.abc import Iterator
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote_to_bytes

from .key_material import Key
from .lenient_base64 import octets_in

USE = "read as {0}: use the form `{0}` (--key-form {0})"


def other_readings(key: Key) -> Iterator[tuple[str, bytes]]:
    """Each other reading in words that finish "the signature fits this key …", and its octets."""
    source = key.material if key.source is None else key.source
    tried = {key.material}
    for words, octets in readings(source):
        if octets and octets not in tried:
            tried.add(octets)
            yield words, octets


def readings(source: bytes) -> Iterator[tuple[str, bytes]]:
    bare = source.strip().strip(b"\"'")
    for form in ("base64", "base64url"):
        yield USE.format(form), from_base64(bare, form)
    yield USE.format("hex"), from_hex(bare)
    yield USE.format("text"), source
    yield "without the white space or quotes around it", bare
    if bare.startswith(b"base64:"):
        yield "without the prefix `base64:`, decoded", from_base64(bare[7:], "base64")
    yield from values_in(source)
    yield "with a line break at its end: the file it was read from has one", bare + b"\n"
    yield "with a line break (CR LF) at its end: the file it was read from has one", bare + b"\r\n"
    yield "in double quotes: they became part of the key", b'"' + bare + b'"'
    yield "in single quotes: they became part of the key", b"'" + bare + b"'"
    yield "as its text in base64: one side encoded it first", base64.b64encode(bare)
    yield "as its text in base64url: one side encoded it first", base64.urlsafe_b64encode(bare).rstrip(b"=")  # fmt: skip
    yield "as its text in hexadecimal: one side encoded it first", binascii.hexlify(bare)
    yield "as its text in hexadecimal, in capital letters", binascii.hexlify(bare).upper()
    yield "as its SHA-256: one side hashed it first", hashlib.sha256(bare).digest()
    yield "as its SHA-256 in hexadecimal: one side hashed it first", hashlib.sha256(bare).hexdigest().encode()  # fmt: skip
    yield "without its dashes", bare.replace(b"-", b"")
    yield "with a blank at its end", bare + b" "
    yield "without the mark at its end", bare.rstrip(b",;. ")
    yield "without the `=` at its end", bare.rstrip(b"=")
    yield "in lower case", bare.lower()
    yield "in upper case", bare.upper()
    unescaped = bare.replace(b"\\r", b"").replace(b"\\n", b"\n").replace(b"\\t", b"\t").replace(b"\\\\", b"\\")  # fmt: skip
    yield "with its backslash escapes replaced", unescaped
    yield "without the backslash escapes at its end", unescaped.strip()
    yield "percent-decoded: it was copied from a URL", unquote_to_bytes(bare)
    yield (
        "decoded from base64, without the line break at its end",
        from_base64(bare, "base64").strip(),
    )
    yield "decoded from base64 twice", from_base64(from_base64(bare, "base64").strip(), "base64")
    if buffer := re.fullmatch(rb"<Buffer ([0-9a-f ]+)>", bare):
        yield (
            "as bytes that Node printed: give the digits between `<Buffer` and `>` alone, with --key-form hex",
            from_hex(buffer[1]),
        )
    yield from spellings(source, bare)


def spellings(source: bytes, bare: bytes) -> Iterator[tuple[str, bytes]]:
    """The same characters in another encoding, and without what an editor or a web page added to them."""
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "encoded as UTF-8: its file is UTF-16", source.decode("utf-16", "replace").strip().encode()  # fmt: skip
        return
    try:
        text = bare.decode("utf-8")
    except UnicodeDecodeError:
        yield "encoded as UTF-8: its file is Latin-1 (Windows-1252)", bare.decode("latin-1").encode()  # fmt: skip
        return
    seen = UNSEEN.sub("", text).translate(BLANKS)
    yield "without characters that cannot be seen (BOM, zero-width, no-break space)", seen.strip().encode()  # fmt: skip
    yield "without the typographic quotes around it", seen.strip(TYPOGRAPHIC).encode()
    yield "with its HTML escapes replaced: it was copied from a page's source", unescape(text).encode()  # fmt: skip
    for form in ("NFC", "NFD"):
        yield f"with its accents in Unicode's form {form}", normalize(form, text).encode()
    with contextlib.suppress(UnicodeEncodeError):
        yield "encoded as Latin-1 in place of UTF-8", text.encode("latin-1")
    yield "encoded as UTF-16 in place of UTF-8", text.encode("utf-16-le", "surrogatepass")


UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
BLANKS = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
TYPOGRAPHIC = "\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e \t\r\n"


def values_in(source: bytes) -> Iterator[tuple[str, bytes]]:
    """The values of the settings in a text: an .env file, YAML, TOML, INI, properties, a line of Python."""
    for line in source.splitlines()[:50]:
        for found in (SETTING.match(line), COLUMNS.match(line)):
            if not found:
                continue
            words = f"without the name `{found[1].decode('ascii')[:40]}` in front of it: give the value alone"
            value = found[2].strip().rstrip(b";,").strip()
            for written in (value, re.sub(rb"\s+(?:#|//).*", b"", value)):
                bare = re.sub(rb"^[brfu](?=[\"'])", b"", written).strip(b"\"'")
                yield words, bare
                yield (
                    f"{words}, decoded from base64",
                    from_base64(re.sub(rb"^base64:", b"", bare), "base64"),
                )


SETTING = re.compile(
    rb"\s*(?:[\w$:<>-]+\s+){0,5}[\"']?(?:\$env:)?([A-Za-z_][\w.-]*)[\"']?\s*[:=]+\s*(.+)"
)
COLUMNS = re.compile(rb"\s*(?:(?:setx|ENV)\s+)?([A-Za-z_][\w.-]*)(?:\s+(?=[\"'])|\s{2,}|\t)(\S.*)")


def from_base64(text: bytes, form: str) -> bytes:
    """The octets, with or without padding; b'' where it is not this alphabet."""
    other = rb"[_-]" if form == "base64" else rb"[+/]"
    if re.search(other, text):
        return b""
    return octets_in(re.sub(rb"\s", b"", text).decode("ascii", "replace")) or b""


def from_hex(text: bytes) -> bytes:
    try:
        return binascii.unhexlify(re.sub(rb"^0[xX]|[\s:-]", b"", text))
    except binascii.Error:
        return b""
