"""What a token is: three base64url segments, two of them JSON, one a signature.

Reading is all that happens here. Nothing is verified, so nothing that a `Token` says may be trusted.

>>> token = Token.parse("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")
>>> token.header, token.claims
({'alg': 'HS256'}, {'sub': '1'})
>>> token.signing_input
b'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0'
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import string
from dataclasses import dataclass, field
from typing import Any

MAX_LENGTH = 500_000  # characters; servers refuse far less (aiohttp: a header of 8,190 bytes)
MAX_DEPTH = 100  # of objects and arrays within each other


@dataclass(frozen=True)
class Token:
    """A token in compact form, taken apart: header.payload.signature (RFC 7515 §3.1, RFC 7519 §3).

    `header` and `claims` are what the token *says*; whoever made it could write anything there.
    `claims` is None where the payload is no JSON object; `payload` has its octets in any case.
    """

    text: str = field(repr=False)
    header: dict[str, Any] = field(compare=False)
    claims: dict[str, Any] | None = field(compare=False)
    payload: bytes = field(repr=False, compare=False)
    signature: bytes = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Token:
        """Take a token apart, or raise a `TokenError` that says which segment is wrong and why.

        >>> Token.parse("eyJhbGciOiJIUzI1NiJ9.e30")
        Traceback (most recent call last):
        jwt_demo.tokens.anatomy.NotCompact: token: 2 segments where 3 belong (header.payload.signature), 1 dot found
        """
        if not isinstance(text, str) or len(text) > MAX_LENGTH or not COMPACT.fullmatch(text):
            check_wrapping(text)
        segments = text.split(".")
        if len(segments) == 5:
            raise Encrypted(
                "token",
                "5 segments: this is an encrypted token (JWE, RFC 7516), only its recipient can read it",
            )
        if len(segments) != 3:
            dots = f"{len(segments) - 1} dot{'s' * (len(segments) != 2)}"
            raise NotCompact(
                "token",
                f"{len(segments)} segment{'s' * (len(segments) != 1)} where 3 belong (header.payload.signature), {dots} found",
            )

        flaws: list[TokenError] = []
        header_octets, payload, signature = (
            decode_segment(name, segment, flaws)
            for name, segment in zip(SEGMENTS, segments, strict=True)
        )
        header = read_object("header", header_octets, flaws)
        if header is None:
            raise flaws[-1]
        claims = read_object("payload", payload, flaws)
        token = cls(text, header, claims, payload, signature)
        if flaws:
            raise flaws[0].keeping(token)
        return token

    @property
    def signing_input(self) -> bytes:
        """What the signature was computed over: header and payload as sent, with the dot (RFC 7515 §5.1)."""
        return self.text.rpartition(".")[0].encode("ascii")

    def __str__(self) -> str:
        return self.text


SEGMENTS = ("header", "payload", "signature")
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*")


class TokenError(ValueError):
    """Why a text is no token: `segment` and `reason`; `token` holds what could be read all the same, or None."""

    def __init__(self, segment: str, reason: str):
        super().__init__(f"{segment}: {reason}")
        self.segment = segment
        self.reason = reason
        self.token: Token | None = None

    def keeping(self, token: Token | None) -> TokenError:
        self.token = token
        return self


class NotText(TokenError):
    """Something other than a string, None for example."""


class TooLong(TokenError):
    """Longer than `MAX_LENGTH` characters."""


class Wrapped(TokenError):
    """Something is still around the token: `Bearer `, quotes, white space, a line break."""


class NotCompact(TokenError):
    """Not three segments."""


class Encrypted(TokenError):
    """Five segments: a JWE."""


class NotBase64url(TokenError):
    """A segment has a character, a length or a spelling that base64url without padding has not."""


class NotUTF8(TokenError):
    """Header or payload are not UTF-8 (RFC 8725 §3.7)."""


class NotJSON(TokenError):
    """Header or payload are UTF-8, but not JSON."""


class NotAnObject(TokenError):
    """Header or payload are JSON, but not an object (RFC 7519 §7.2)."""


class DuplicateName(TokenError):
    """A name stands twice in one object, so two readers may see two tokens (RFC 7519 §4)."""


def check_wrapping(text: str) -> None:
    """Refuse what is commonly left around a token, and say how to take it off."""
    if not isinstance(text, str):
        raise NotText("token", f"a str is needed, this is {type(text).__name__}")
    if len(text) > MAX_LENGTH:
        raise TooLong("token", f"{len(text):,} characters; more than {MAX_LENGTH:,} are not read")
    if not text.strip():
        raise NotCompact("token", "empty: there is nothing to read")
    for pattern, reason in WRAPPINGS:
        if pattern.search(text):
            raise Wrapped("token", reason).keeping(unwrap(text))


WRAPPINGS = (
    (
        re.compile(r"^\s*authorization\s*:", re.IGNORECASE),
        "`Authorization:` was left on: that is the header's name, the token comes after `Bearer `",
    ),
    (
        re.compile(r"^\s*bearer\s", re.IGNORECASE),
        "`Bearer ` was left on: it is the scheme of the Authorization header, the token comes after it",
    ),
    (
        re.compile(r"""^\s*["'`]|["'`]\s*$"""),
        "quotes were left on: the token is what stands between them",
    ),
    (re.compile(r"[\r\n](?=.)", re.DOTALL), "a line break in the middle: the token is one line"),
    (re.compile(r"^\s|\s$"), "white space at an end: strip it"),
)


def unwrap(text: str) -> Token | None:
    """The token inside, if taking the wrapping off leaves one; it is evidence, the text itself stays refused."""
    inner = re.sub(
        r"\s+",
        "",
        re.sub(r"^\W*(authorization\s*:\s*)?(bearer\s+)?", "", text, flags=re.IGNORECASE),
    ).strip("\"'`")
    try:
        return None if inner == text else Token.parse(inner)
    except TokenError as error:
        return error.token


def decode_segment(name: str, segment: str, flaws: list[TokenError]) -> bytes:
    """Base64url without padding, one spelling for each octet string (RFC 7515 §2, RFC 4648 §3.5).

    Padding and non-zero spare bits can still be read; they go to `flaws`. Anything else is raised.
    """
    bare = segment.rstrip("=")
    if bare != segment:
        flaws.append(
            NotBase64url(
                name, "`=` padding at the end: base64url in a token has none (RFC 7515 §2)"
            )
        )
    if stray := STRAY.search(bare):
        raise NotBase64url(
            name,
            f"character {stray[0]!a} at position {stray.start()} is not base64url (A-Z a-z 0-9 - _)",
        )
    if len(bare) % 4 == 1:
        raise NotBase64url(
            name,
            f"{len(bare)} characters: base64url never has a length of 4n + 1, one is missing or too many",
        )
    if bare and bare[-1] not in LAST[len(bare) % 4]:
        flaws.append(
            NotBase64url(
                name,
                "the last character has spare bits set: another spelling of the same bytes (RFC 4648 §3.5)",
            )
        )
    return binascii.a2b_base64(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4))


STRAY = re.compile(r"[^A-Za-z0-9_-]")
# Two characters are 12 bits for one byte, three are 18 bits for two: the 4 or 2 bits left over in the last one must be zero.
ALPHABET = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
LAST = {0: ALPHABET, 2: ALPHABET[::16], 3: ALPHABET[::4]}


def encode_segment(octets: bytes) -> str:
    """
    >>> encode_segment(b'{"alg":"HS256"}')
    'eyJhbGciOiJIUzI1NiJ9'
    """
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def read_object(name: str, octets: bytes, flaws: list[TokenError]) -> dict[str, Any] | None:
    """The JSON object in a segment; None, and a flaw, where there is none."""
    if not octets:
        flaws.append(NotJSON(name, "empty, where a JSON object belongs"))
        return None
    try:
        text = octets.decode("utf-8")
        try:
            value = STRICT.decode(text)
        except Twice as twice:
            flaws.append(
                DuplicateName(
                    name,
                    f"{ascii(twice.name)[:80]} stands twice; readers differ on which one counts",
                )
            )
            value = LENIENT.decode(text)
    except UnicodeDecodeError as error:
        flaws.append(
            NotUTF8(name, f"not UTF-8: byte 0x{octets[error.start]:02x} at position {error.start}")
        )
        return None
    except json.JSONDecodeError as error:
        said = (
            "begins with a byte order mark (BOM)"
            if text.startswith("\ufeff")
            else f"{error.msg} at position {error.pos}"
        )
        flaws.append(NotJSON(name, f"not JSON: {said}"))
        return None
    except RecursionError:
        flaws.append(NotJSON(name, f"not read: nested more than {MAX_DEPTH} deep"))
        return None
    except ValueError as error:
        flaws.append(NotJSON(name, f"not JSON: {str(error)[:80]}"))
        return None
    if octets.count(b"[") + octets.count(b"{") > MAX_DEPTH and depth(value) > MAX_DEPTH:
        flaws.append(NotJSON(name, f"not read: nested more than {MAX_DEPTH} deep"))
        return None
    if not isinstance(value, dict):
        kind = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}.get(
            type(value), "a number"
        )
        flaws.append(NotAnObject(name, f"JSON, but {kind} where an object belongs"))
        return None
    return value


class Twice(Exception):
    """A name stands twice in one JSON object."""

    def __init__(self, name: str):
        super().__init__(name)
        self.name = name


def each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise Twice(name)
            seen.add(name)
    return result


def refuse_constant(constant: str) -> Any:
    """NaN and Infinity: Python's json would read them, no JSON has them (RFC 8259 §6)."""
    raise ValueError(f"{constant} is no JSON")


def finite(digits: str) -> float:
    """A JSON number with a fraction or an exponent; one too large for a double would be read as infinity (RFC 7493 §2.2)."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is larger than a number can be")
    return number


def depth(value: Any) -> int:
    """How many objects and arrays stand within each other.

    >>> depth(1), depth({}), depth({"a": [1]})
    (0, 1, 2)
    """
    level, count = [value], 0
    while level := [inner for inner in level if isinstance(inner, dict | list)]:
        level = [
            item
            for inner in level
            for item in (inner.values() if isinstance(inner, dict) else inner)
        ]
        count += 1
    return count


STRICT = json.JSONDecoder(
    object_pairs_hook=each_name_once, parse_constant=refuse_constant, parse_float=finite
)
LENIENT = json.JSONDecoder(parse_constant=refuse_constant, parse_float=finite)
