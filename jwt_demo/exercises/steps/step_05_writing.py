"""05: a token made by hand."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from typing import Any

import jwt

from ...escaping import plain
from ...tokens.anatomy import encode_segment
from ..matchers import raised, same
from ..messages import is_utf8
from ..model import Case, Condition, Description, Exercise, Mistake, Trial, Want
from ..shapes import result_of
from ..symbols import Moment, Symbol, Symbols, given, text
from .step_05 import GIVEN, MARKS

# --- what came back --------------------------------------------------------------------------------------------------


def segments(trial: Trial) -> list[str]:
    return trial.value.split(".") if isinstance(trial.value, str) else []


def octets_in(segment: str) -> bytes:
    """What a segment says, in base64 of any kind; b'' where it can't be read."""
    bare = segment.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return b""


def says(number: int) -> Condition:
    """Whether this segment is the JSON of what was given, in UTF-8."""

    def holds(trial: Trial) -> bool:
        octets = octets_in(segments(trial)[number])
        return same(json.loads(octets.decode("utf-8")), trial.before[number])

    return holds


def as_read(number: int) -> Description:
    """What a segment says, as far as it can be read."""

    def shown(trial: Trial) -> str:
        octets = octets_in(segments(trial)[number])
        return plain(trial.bench.in_words(octets.decode("utf-8", "backslashreplace"))) or "nothing"

    return shown


def is_verified(trial: Trial) -> bool:
    header, claims, key = trial.before
    try:
        parts = jwt.PyJWS().decode_complete(trial.value, key, algorithms=["HS256"])
        return same(parts["header"], header) and same(json.loads(parts["payload"]), claims)
    except (jwt.PyJWTError, ValueError, TypeError):
        return False


# --- how it went wrong -----------------------------------------------------------------------------------------------


def signs(trial: Trial, *inputs: bytes) -> bool:
    """Whether the signature is the HMAC over one of these."""
    signature, key = octets_in(segments(trial)[-1]), trial.before[2]
    return signature in [hmac.digest(key, one, "sha256") for one in inputs]


def wrong_input(trial: Trial) -> bool:
    if len(segments(trial)) != 3:
        return False
    head, claims = (segment.encode("utf-8", "replace") for segment in segments(trial)[:2])
    plain = [octets_in(segment) for segment in segments(trial)[:2]]
    return signs(
        trial, claims, head, head + claims, *plain, b"".join(plain), b".".join(plain), head + b"." + claims + b"."
    )  # fmt: skip


def no_mac(trial: Trial) -> bool:
    """A hash where an HMAC belongs, with or without the key in front or behind."""
    if len(segments(trial)) != 3:
        return False
    signed, key = trial.value.rpartition(".")[0].encode("utf-8", "replace"), trial.before[2]
    return octets_in(segments(trial)[-1]) in [
        hashlib.sha256(one).digest() for one in (signed, key + signed, signed + key)
    ]


def other_hash(trial: Trial) -> bool:
    if len(segments(trial)) != 3:
        return False
    signed = trial.value.rpartition(".")[0].encode("utf-8", "replace")
    return octets_in(segments(trial)[-1]) in [
        hmac.digest(trial.before[2], signed, name) for name in ("sha1", "sha384", "sha512")
    ]


def other_key(trial: Trial) -> bool:
    """Whether it is signed with the key after something was done to it."""
    key = trial.before[2]
    read = [
        key.decode(name, way)
        for name in ("utf-8", "ascii", "latin-1")
        for way in ("ignore", "replace")
    ]
    texts = [
        *read,
        str(key),
        repr(key)[2:-1],
        key.hex(),
        base64.b64encode(key).decode(),
        base64.urlsafe_b64encode(key).decode(),
    ]
    keys = [
        *(text.encode("utf-8") for text in texts),
        *(text.rstrip("=").encode("utf-8") for text in texts),
    ]
    keys += [
        hashlib.sha256(key).digest(),
        key.strip(),
        b"",
        *(key[:length] for length in (16, 32)),
    ]
    head, claims, signature = segments(trial)
    signed = f"{head}.{claims}".encode()
    return octets_in(signature) in [
        hmac.digest(one, signed, "sha256") for one in keys if one != key
    ]


def is_lower(trial: Trial) -> bool:
    """The first segment is the header that was given, in small letters."""
    spellings = (
        json.dumps(trial.before[0], separators=marks) for marks in ((", ", ": "), (",", ":"))
    )
    return segments(trial)[0] in [encode_segment(text.encode()).lower() for text in spellings]


def decodes(what: Callable[[Trial, bytes], object]) -> Condition:
    """Bytes were to become text, and this is true of them."""
    return lambda trial: (
        isinstance(trial.error, UnicodeDecodeError) and what(trial, bytes(trial.error.object))
    )


def is_hex(trial: Trial) -> bool:
    last = segments(trial)[-1] if segments(trial) else ""
    return bool(
        re.fullmatch(r"[0-9a-f]{64}", last) or re.fullmatch(rb"[0-9a-f]{64}", octets_in(last))
    )


def not_json(trial: Trial) -> bool:
    """Python's way to write a dictionary, with single quotes, in a segment."""
    return any(octets_in(segment).startswith(b"{'") for segment in segments(trial)[:2])


def not_utf8(trial: Trial) -> bool:
    """A segment is the JSON of what was given, in another alphabet."""
    return any(
        is_json_in(name, octets_in(segment), given)
        for segment, given in zip(segments(trial)[:2], trial.before, strict=False)
        for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252")
    )


def is_json_in(alphabet: str, octets: bytes, given: Any) -> bool:
    """Letters that the alphabet does not have may be left out, or have `?` in their place."""
    text = json.dumps(given, ensure_ascii=False)
    written = [text.encode(alphabet, lost).decode(alphabet) for lost in ("replace", "ignore")]
    try:
        found = json.loads(octets.decode(alphabet))
    except ValueError:
        return False
    return not is_utf8(octets) and any(same(found, json.loads(each)) for each in written)


def told(*words: str) -> Condition:
    return lambda trial: (
        raised(TypeError)(trial) and any(word in str(trial.error) for word in words)
    )


# --- the exercise ----------------------------------------------------------------------------------------------------

PLAIN = {"alg": "HS256", "typ": "JWT"}
SUB, KID, NAME = text("SUB"), text("KID"), text("NAME")
KEY = Symbol("KEY", lambda bench: secrets.token_bytes(33 + secrets.randbelow(20)))
ANOTHER = Symbol("ANOTHER KEY", lambda bench: secrets.token_bytes(48))
LONG = Symbol("A LONG KEY", lambda bench: secrets.token_bytes(70 + secrets.randbelow(60)))
LETTERS = {"sub": SUB, "name": "Zo\u00eb \u0141\u00f3\u017c", "city": "\u53f0\u5317 \U0001f600"}
OTHER_VALUES = {"sub": SUB, "admin": False, "device": None, "roles": [], "count": 0, "at": {"x": [1, 2.5, ""]}}  # fmt: skip

BY_HAND_SOLUTION = """
def token_by_hand(header, claims, key):
    segments = [b64url(json.dumps(part).encode()) for part in (header, claims)]
    signing_input = ".".join(segments)
    signature = hmac.new(key, signing_input.encode(), hashlib.sha256).digest()
    return signing_input + "." + b64url(signature)
"""


def written(header: dict[str, Any], claims: dict[str, Any], key: Symbol, means: str) -> Case:
    return Case(
        f"token_by_hand({header!r}, {claims!r}, {key!r})",
        given(header, claims, key),
        (
            Want("a text", lambda trial: isinstance(trial.value, str), lambda trial: f"an object of class {type(trial.value).__name__}", TEXT),
            Want("three segments with dots between", lambda trial: len(segments(trial)) == 3, lambda trial: f"{len(segments(trial))} of them", DOTS),
            Want("base64url without padding", lambda trial: "=" not in trial.value, lambda trial: "a token with `=` in it", PADDED),
            Want("the header that was given", says(0), as_read(0), "The first segment is the header that was given, as JSON in base64url."),
            Want("the claims that were given", says(1), as_read(1), "The second segment is the claims that were given, as JSON in base64url."),
            Want("a token that PyJWT verifies with the key", is_verified, lambda trial: "one that it rejects", means),
        ),
        means,
    )  # fmt: skip


def with_any_key(case: Case) -> Case:
    """The case, and the alphabet with many keys: three signatures of four have a letter in which base64 and base64url differ."""
    *others, verified = case.wants
    return dataclasses.replace(case, wants=(*others, IN_BASE64URL, verified))


def no_plain_base64(trial: Trial) -> bool:
    header, claims, _ = trial.before
    keys = [secrets.token_bytes(40) for _ in range(40)]
    made = [trial.value, *(result_of(trial.candidate(header, claims, key)) for key in keys)]
    return not any(letter in str(token) for token in made for letter in "+/")


ALPHABET = (
    "`+` and `/` are base64; base64url has `-` and `_` in their place: `base64.urlsafe_b64encode`."
)
TEXT = "A token is text, a str."
DOTS = "header, payload, signature: three segments, two dots."
PADDED = "`=` is left at the end of a segment; base64url in a token has no padding (RFC 7515 §2)."

IN_BASE64URL = Want("base64url in each segment", no_plain_base64, lambda trial: "a token with `+` or `/` in it", ALPHABET)  # fmt: skip

BY_HAND = Exercise(
    name="05-by-hand",
    function="token_by_hand",
    idea="A token is a header and a payload, both JSON in base64url, and an HMAC of the text `header.payload`.",
    stub="""
def token_by_hand(header, claims, key):
    ...
""",
    given=GIVEN,
    solution=BY_HAND_SOLUTION,
    bench=Symbols.make,
    hints=(
        "Header and claims go the same way: JSON, bytes, base64url. Join the two with a dot. What is missing is computed from this text and the key.",
        "HMAC takes bytes and gives bytes: `hmac.new(key, signing_input.encode(), hashlib.sha256).digest()`. They become base64url like the other segments.",
        "First `segments = [b64url(json.dumps(part).encode()) for part in (header, claims)]`. Then `signing_input = \".\".join(segments)`, "
        "and the HMAC over `signing_input.encode()` is the third segment.",
    ),
    cases=(
        with_any_key(written(PLAIN, {"sub": SUB}, KEY, "The signature is an HMAC with SHA-256 over the two segments as they stand in the token.")),
        written({"alg": "HS256", "kid": KID}, {"sub": SUB, "exp": Moment(300)}, KEY, "A header may say more than `alg`, and need not say `typ`."),
        written(PLAIN, {**MARKS, "name": NAME}, KEY, "Some bytes become `-` or `_` in base64url, where base64 has `+` and `/`."),
        written(PLAIN, {**MARKS, "name": NAME}, ANOTHER, "The key is an argument, and bytes of any kind may be in it."),
        written(PLAIN, {"sub": SUB}, LONG, "A key may have any length: HMAC takes all of it."),
        written(PLAIN, LETTERS, KEY, "Claims may have letters of any language in them."),
        written({**PLAIN, "kid": "\u017c-1"}, OTHER_VALUES, KEY, "Claims may be any JSON: false, null, numbers, lists, objects."),
    ),
    mistakes=(
        Mistake(told("digestmod"), "`hmac.new` must be told which hash it is to use: `hmac.new(key, signing_input.encode(), hashlib.sha256)`."),
        Mistake(
            told("bytes-like", "must be encoded", "expected bytes", "a bytes"),
            "HMAC and base64 work on bytes, `json.dumps` gives text: `.encode()` makes bytes of it.",
        ),
        Mistake(decodes(lambda trial, octets: octets == trial.before[2]), "The key is any bytes, and your code decoded it as text. HMAC takes it as it is, in bytes."),
        Mistake(
            decodes(lambda trial, octets: octets != trial.before[2]),
            "These bytes are not text, and your code decoded them as text. Bytes become text in base64url: `b64url(octets)`.",
        ),
        Mistake(lambda trial: isinstance(trial.value, bytes), "A token is text: decode the bytes from ASCII."),
        Mistake(
            is_lower,
            "There is no capital letter in it. In base64url small and capital letters are different: leave them as they are.",
        ),
        Mistake(lambda trial: isinstance(trial.value, str) and "=" in trial.value, PADDED),
        Mistake(
            lambda trial: isinstance(trial.value, str) and ("+" in trial.value or "/" in trial.value),
            ALPHABET,
        ),
        Mistake(
            lambda trial: len(segments(trial)) not in (0, 3),
            "A token has two dots: header, payload and signature, with a dot between each (RFC 7515 §7.1).",
        ),
        Mistake(lambda trial: trial.bench.payloads, "Your code called `jwt.encode`, and this exercise is without PyJWT: it writes a header of its own. Make the three segments yourself."),
        Mistake(is_hex, "The signature is in hexadecimal. Take the 32 bytes of `.digest()`, and write them in base64url."),
        Mistake(not_json, "This is Python's way to write a dictionary. A token contains JSON: `json.dumps`."),
        Mistake(not_utf8, "The JSON in a segment is UTF-8 (RFC 7515 §2), and these bytes are not: `.encode()` without an argument gives UTF-8."),
        Mistake(wrong_input, "What is signed is both segments and the dot between them, as they stand in the token (RFC 7515 §5.1)."),
        Mistake(
            no_mac,
            "This is a hash and no HMAC. A hash with the key beside the text can be extended without knowing the key. Use `hmac.new` (RFC 7518 §3.2).",
        ),
        Mistake(other_key, "The segments are right, and the HMAC was made with another key than the one that was given. Use all bytes of `key` as they are."),
        Mistake(other_hash, "This is an HMAC with another hash. HS256 is HMAC with SHA-256: `hashlib.sha256` (RFC 7518 §3.2)."),
    ),
    learnt="A token is a header and a payload in JSON, and an HMAC of the text `header.payload`. All three parts are in base64url.",
)  # fmt: skip

EXERCISES = (BY_HAND,)
