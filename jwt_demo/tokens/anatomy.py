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
import re
import string
from dataclasses import dataclass, field
from typing import Any

from . import forms, repair
from .registry import CLAIMS
from .segment_remarks import NOT_TEXT, on_bad_json, on_octets, on_stray, on_string
from .strict_json import LENIENT, STRICT, Twice, depth
from .token_in_text import COMPACT, begins_like_a_token, header_in, is_cut, signature_characters

MAX_LENGTH = 500_000  # characters; servers refuse far less (aiohttp: a header of 8,190 bytes)
MAX_DEPTH = 100  # of objects and arrays within each other


@dataclass(frozen=True)
class Token:
    """A token in compact form, taken apart: header.payload.signature (RFC 7515 §3.1, RFC 7519 §3).

    `header` and `claims` are what the token *says*; its creator could write anything there.
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
        jwt_demo.tokens.anatomy.NotCompact: token: 2 segments where 3 belong (header.payload.signature), 1 dot found. ...
        """
        if not isinstance(text, str) or len(text) > MAX_LENGTH or not COMPACT.fullmatch(text):
            check_text(text)
        try:
            return cls._from_segments(text)
        except TokenError as error:
            if error.token is None and error.segment != "token" and COMPACT.fullmatch(text):
                check_text(text)
            raise with_cut(error, text) from None

    @classmethod
    def _from_segments(cls, text: str) -> Token:
        segments = text.split(".")
        if len(segments) != 3:
            raise on_segments(text, len(segments))

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
        if ("alg" not in header or "b64" in header) and (other := forms.other_form(text)):
            raise OtherForm("token", other).keeping(token)
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


class TokenError(ValueError):
    """Why a text is no token: `segment` and `reason`; `token` holds what could be read all the same, or None.

    `code` is the name of the finding that reports it.
    """

    code = "not-a-token"

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

    code = "not-text"


class TooLong(TokenError):
    """Longer than `MAX_LENGTH` characters."""

    code = "too-long"


class Wrapped(TokenError):
    """Something is still around the token: `Bearer `, quotes, white space, a line break."""

    code = "wrapped"


class NotCompact(TokenError):
    """Not three segments."""

    code = "not-compact"


class OtherForm(TokenError):
    """Something that is known and no JWT in compact form: an SD-JWT, a PASETO, a signed cookie, an opaque token."""

    code = "other-form"


class Encrypted(TokenError):
    """Five segments and `enc` in the header: a JWE. `header` can be read, the rest cannot."""

    code = "encrypted"

    def __init__(self, segment: str, reason: str, header: dict[str, Any]):
        super().__init__(segment, reason)
        self.header = header


class NotBase64url(TokenError):
    """A segment has a character, a length or a spelling that base64url without padding has not."""

    code = "not-base64url"


class NotUTF8(TokenError):
    """Header or payload are not UTF-8 (RFC 8725 §3.7)."""

    code = "not-utf8"


class NotJSON(TokenError):
    """Header or payload are UTF-8, but not JSON."""

    code = "not-json"


class NotAnObject(TokenError):
    """Header or payload are JSON, but not an object (RFC 7519 §7.2)."""

    code = "not-an-object"


class DuplicateName(TokenError):
    """A name stands twice in one object, so two readers may see two tokens (RFC 7519 §4)."""

    code = "duplicate-name"


def check_text(text: object) -> None:
    """Raise for what is no text of three segments: what it is instead, or what lies around the token and how to take it off."""
    if not isinstance(text, str):
        remark = NOT_TEXT.get(type(text).__name__, ": give the text of the token")
        raise NotText("token", f"a str is needed, this is {type(text).__name__}{remark}")
    if len(text) > MAX_LENGTH:
        raise TooLong("token", f"{len(text):,} characters; more than {MAX_LENGTH:,} are not read")
    if not text.strip():
        raise NotCompact("token", "empty: there is nothing to read")
    if other := forms.other_form(text):
        before = text.partition("~")[0]
        raise OtherForm("token", other).keeping(readable(before) if before != text else None)
    layer = repair.first_peel(text)
    if layer is None or layer[0].only_spelling:
        return
    whole, left = repair.take_off(text)
    token = readable(left)
    if whole:
        cut = ". Its signature is too short: a part is missing" if is_cut(left) else ""
        raise Wrapped("token", f"{layer[0].reason}{cut}").keeping(token)
    try:
        Token._from_segments(left)
    except TokenError as error:
        if not begins_like_a_token(left):
            return  # then nothing says that a token is in it
        reason = f"{layer[0].reason}. What is left: {error.reason}"
        raise Wrapped("token", reason).keeping(error.token) from None


def readable(text: str) -> Token | None:
    """The token in a text that was repaired, also where it has flaws of its own; it is evidence, the text stays rejected."""
    try:
        return Token._from_segments(text)
    except TokenError as error:
        return error.token


def with_cut(error: TokenError, text: str) -> TokenError:
    """The same error; where the signature is shorter than its algorithm makes it, with that remark."""
    if error.segment != "signature" or not is_cut(text):
        return error
    alg = str((header_in(text) or {}).get("alg"))
    last, shortest = text.rpartition(".")[2], min(signature_characters(text))
    if re.fullmatch(WORDS_FOR_A_SIGNATURE, last, re.IGNORECASE):
        remark = f"words stand in its place, no signature: {alg} makes {shortest} characters"
        return NotBase64url("signature", remark).keeping(error.token)
    remark = f"{alg} makes a signature of {shortest} characters, this one has {len(last)}: was the end cut off?"
    return NotBase64url(
        "signature", f"{error.reason.removesuffix('. Was it cut off?')}. {remark}"
    ).keeping(error.token)


WORDS_FOR_A_SIGNATURE = (
    r"(?:[a-z0-9]+[_-]+)*(?:signature|secret|key|here|placeholder|xxx+)(?:[_-]+[a-z0-9]+)*"
)


def on_segments(text: str, count: int) -> TokenError:
    """Why a text of `count` segments is no JWT; with five and an `enc` it is an encrypted one."""
    header = header_in(text)
    if count == 5 and header is not None and "enc" in header:
        said = ", ".join(
            f"{name} {ascii(header[name])[:40]}"
            for name in ("alg", "enc", "kid", "cty")
            if name in header
        )
        return Encrypted(
            "token",
            f"5 segments: this is an encrypted token (JWE, RFC 7516), only its recipient can read it. Its header: {said}",
            header,
        )
    if count == 1 and header is not None:
        remark = (
            ". This is the header alone: payload and signature are missing"
            if "alg" in header
            else ". This may be the payload alone: header and signature are missing"
            if CLAIMS.keys() & header.keys()
            else ". It is JSON without a claim of a JWT, and no token"
        )
    elif count == 2 and header is not None and "alg" not in header:
        remark = ". The header is missing: was the beginning cut off?"
    elif count == 2 and header is not None:
        remark = ". The signature is missing: was the end cut off?"
    elif count > 3 and (text.startswith(".") or ".." in text):
        remark = ". Two dots stand side by side, or one stands in front: between two dots belongs a segment"
    elif count == 4:
        remark = ". Is there something behind the token, after a dot?"
    elif count == 5:
        remark = ". An encrypted token (JWE) has 5, but its header has `enc`, and this one has not"
    elif count > 5:
        remark = ". Is there something around the token? Give the token alone"
    elif count < 3 and not text.startswith(("ey", "ew", "e3")):
        remark = ". This does not look like a token at all: one begins with `ey`"
        if len(text) > 15 and not re.search(r"\s", text):
            remark += ". Perhaps it is an opaque token or a session id, with nothing to read in it"
    else:
        remark = ""
    dots = f"{count - 1} dot{'' if count == 2 else 's'}"
    return NotCompact(
        "token",
        f"{count} segment{'' if count == 1 else 's'} where 3 belong (header.payload.signature), {dots} found{remark}",
    )


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
        where = f"character {stray[0]!a} at position {stray.start()} is not base64url"
        raise NotBase64url(name, f"{where} (A-Z a-z 0-9 - _){on_stray(stray[0])}")
    if len(bare) % 4 == 1:
        raise NotBase64url(
            name,
            f"{len(bare)} character{'s' * (len(bare) != 1)}: base64url never has a length of 4n + 1, one is missing or too many. Was it cut off?",
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


EMPTY = "empty, where a JSON object belongs. Is the payload detached (RFC 7515 appendix F)? Then its base64url goes between the two dots"


def read_object(name: str, octets: bytes, flaws: list[TokenError]) -> dict[str, Any] | None:
    """The JSON object in a segment; None, and a flaw, where there is none."""
    if not octets:
        flaws.append(NotJSON(name, EMPTY if name == "payload" else "empty: nothing stands there"))
        return None
    try:
        text = octets.decode("utf-8")
        try:
            value = STRICT.decode(text)
        except Twice as twice:
            flaws.append(
                DuplicateName(
                    name,
                    f"{ascii(twice.name)[:80]} is there twice, and programs do not agree which of the two values to use",
                )
            )
            value = LENIENT.decode(text)
    except UnicodeDecodeError as error:
        where = f"byte 0x{octets[error.start]:02x} at position {error.start}"
        flaws.append(NotUTF8(name, f"not UTF-8: {where}{on_octets(octets)}"))
        return None
    except json.JSONDecodeError as error:
        said = (
            "begins with a byte order mark (BOM)"
            if text.startswith("\ufeff")
            else f"{error.msg} at position {error.pos}"
        )
        said += on_bad_json(text, error)
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
        flaws.append(
            NotAnObject(name, f"JSON, but {kind} where an object belongs{on_string(value)}")
        )
        return None
    return value
