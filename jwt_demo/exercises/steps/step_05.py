"""05: a token made by hand and read by hand; quizzes on what signing does and does not do."""

from __future__ import annotations

import binascii
import functools
import hashlib
import hmac
import json
import re
from typing import Any

import jwt

from ...tokens.anatomy import encode_segment
from ..matchers import gives, raised, returned, returns
from ..model import Call, Case, Exercise, Mistake, Quiz, Trial, Wrong, but_with

GIVEN = """
import base64
import hashlib
import hmac
import json

import jwt

from jwt_demo import Token


def b64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def from_b64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
"""

# --- writing ---------------------------------------------------------------------------------------------------------

KEY = b"an example's key: thirty-two bytes or more"
ANOTHER_KEY = bytes(range(200, 250))
PLAIN = {"alg": "HS256", "typ": "JWT"}
NAMED = {"alg": "HS256", "kid": "2026-11"}
MARKS = {
    "sub": "1",
    "note": "~~~~ ???? >>>> ~?>~?>",
}  # their bits make `-` and `_` in base64url, `+` and `/` in base64


def segments(trial: Trial) -> list[str]:
    return trial.value.split(".") if isinstance(trial.value, str) else []


def signature_in(trial: Trial) -> bytes:
    """The last segment, however it is written; b'' where it can't be read."""
    last = segments(trial)[-1] if segments(trial) else ""
    try:
        return binascii.a2b_base64(
            last.rstrip("=").replace("-", "+").replace("_", "/")
            + "=" * (-len(last.rstrip("=")) % 4)
        )
    except (binascii.Error, ValueError):
        return b""


def signs(trial: Trial, *inputs: bytes) -> bool:
    """Whether the signature is the HMAC over one of these."""
    return any(
        hmac.compare_digest(
            hmac.new(key_of(trial), one, hashlib.sha256).digest(), signature_in(trial)
        )
        for one in inputs
    )


def key_of(trial: Trial) -> bytes:
    return trial.case.send.args[2]  # type: ignore[union-attr]


def wrong_input(trial: Trial) -> bool:
    if len(segments(trial)) != 3:
        return False
    head, claims, _ = (segment.encode("utf-8", "replace") for segment in segments(trial))
    header, wanted, _ = trial.case.send.args  # type: ignore[union-attr]
    written = [
        [json.dumps(part, separators=marks).encode() for marks in (None, (",", ":"))]
        for part in (header, wanted)
    ]
    return signs(
        trial,
        claims,
        head,
        head + claims,
        *written[1],
        *(first + b"." + second for first, second in zip(*written, strict=True)),
    )


def no_mac(trial: Trial) -> bool:
    """A hash where an HMAC belongs, with or without the key in front or behind."""
    if len(segments(trial)) != 3:
        return False
    signed = trial.value.rpartition(".")[0].encode("utf-8", "replace")
    return signature_in(trial) in [
        hashlib.sha256(one).digest()
        for one in (signed, key_of(trial) + signed, signed + key_of(trial))
    ]


def is_hex(trial: Trial) -> bool:
    last = segments(trial)[-1] if segments(trial) else ""
    return (
        re.fullmatch(r"[0-9a-f]{64}", last) is not None
        or re.fullmatch(rb"[0-9a-f]{64}", signature_in(trial)) is not None
    )


def not_json(trial: Trial) -> bool:
    """Python's way to write a dictionary, with single quotes, in a segment."""
    for segment in segments(trial)[:2]:
        try:
            if binascii.a2b_base64(segment + "==").startswith(b"{'"):
                return True
        except (binascii.Error, ValueError):
            continue
    return False


def verified(value: Any, key: bytes, header: dict[str, Any], claims: dict[str, Any]) -> bool:
    try:
        parts = jwt.PyJWS().decode_complete(value, key, algorithms=["HS256"])
        return parts["header"] == header and json.loads(parts["payload"]) == claims
    except (jwt.PyJWTError, ValueError, TypeError):
        return False


def of_this_header(value: Any, header: dict[str, Any]) -> bool:
    """Whether the first segment says what was asked for, in base64 of any kind."""
    try:
        return json.loads(binascii.a2b_base64(value.split(".")[0] + "==")) == header
    except (binascii.Error, ValueError):
        return False


def written(
    what: str, header: dict[str, Any], claims: dict[str, Any], key: bytes, means: str
) -> Case:
    return Case(
        f"token_by_hand({what})",
        Call(header, claims, key),
        (
            gives(
                "a text",
                lambda value: isinstance(value, str),
                "A token is text: decode the base64 from ASCII.",
            ),
            gives(
                "three segments with dots between",
                lambda value: value.count(".") == 2,
                "header, payload, signature: three segments, two dots.",
            ),
            gives(
                "base64url without padding", lambda value: "=" not in value
            ),  # PyJWT would overlook it
            gives(
                "the header that was given",
                lambda value: of_this_header(value, header),
                "The first segment is the header you were given, as JSON.",
            ),
            gives(
                "a token that PyJWT verifies",
                lambda value: verified(value, key, header, claims),
                means,
                got=lambda value: "one that it refuses",
            ),
        ),
        means,
    )


BY_HAND_SOLUTION = """
def token_by_hand(header, claims, key):
    segments = [b64url(json.dumps(part).encode()) for part in (header, claims)]
    signing_input = ".".join(segments)
    signature = hmac.new(key, signing_input.encode(), hashlib.sha256).digest()
    return signing_input + "." + b64url(signature)
"""
by_hand = functools.partial(but_with, BY_HAND_SOLUTION)

BY_HAND = Exercise(
    name="05-by-hand",
    function="token_by_hand",
    idea="A token is two pieces of JSON in base64url, and an HMAC over them as they stand.",
    stub="""
def token_by_hand(header, claims, key):
    ...
""",
    given=GIVEN,
    solution=BY_HAND_SOLUTION,
    also_right=(
        """
def token_by_hand(header, claims, key):
    def segment(octets):
        return base64.b64encode(octets, altchars=b"-_").replace(b"=", b"")

    def written(part):
        return json.dumps(part, separators=(",", ":"), sort_keys=True).encode("utf-8")

    signed = segment(written(header)) + b"." + segment(written(claims))
    return b".".join([signed, segment(hmac.digest(key, signed, "sha256"))]).decode()
""",
    ),
    wrong=(
        Wrong(
            "the padding stays on",
            """
def token_by_hand(header, claims, key):
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()) for part in (header, claims))
    return (signed + b"." + base64.urlsafe_b64encode(hmac.new(key, signed, hashlib.sha256).digest())).decode()
""",
            "`=`",
        ),
        Wrong(
            "base64 instead of base64url",
            """
def token_by_hand(header, claims, key):
    segment = lambda octets: base64.b64encode(octets).rstrip(b"=")
    signed = b".".join(segment(json.dumps(part).encode()) for part in (header, claims))
    return (signed + b"." + segment(hmac.new(key, signed, hashlib.sha256).digest())).decode()
""",
            "`-` and `_`",
        ),
        Wrong(
            "the signature in hexadecimal",
            by_hand("b64url(signature)", "signature.hex()"),
            "hexadecimal",
        ),
        Wrong(
            "the hexadecimal digits in base64url",
            by_hand("b64url(signature)", "b64url(signature.hex().encode())"),
            "hexadecimal",
        ),
        Wrong(
            "only the claims are signed",
            by_hand("signing_input.encode()", "segments[1].encode()"),
            "both segments and the dot",
        ),
        Wrong(
            "the dot is not signed",
            by_hand("signing_input.encode()", '"".join(segments).encode()'),
            "both segments and the dot",
        ),
        Wrong(
            "the JSON is signed",
            by_hand("signing_input.encode()", "json.dumps(claims).encode()"),
            "both segments and the dot",
        ),
        Wrong(
            "a hash without a MAC",
            by_hand(
                "hmac.new(key, signing_input.encode(), hashlib.sha256)",
                "hashlib.sha256(key + signing_input.encode())",
            ),
            "`hmac.new(key, …)`",
        ),
        Wrong(
            "Python's spelling instead of JSON",
            by_hand("json.dumps(part)", "str(part)"),
            "`json.dumps`",
        ),
        Wrong(
            "bytes come back",
            by_hand(
                'signing_input + "." + b64url(signature)',
                '(signing_input + "." + b64url(signature)).encode()',
            ),
            "A token is text",
        ),
        Wrong(
            "a header of one's own",
            by_hand(
                "for part in (header, claims)",
                'for part in ({"alg": "HS256", "typ": "JWT"}, claims)',
            ),
            "The first segment is the header you were given",
        ),
        Wrong("text where bytes belong", by_hand(".encode(), hashlib", ", hashlib"), "`.encode()`"),
    ),
    hints=(
        "Header and claims go the same way: JSON, bytes, base64url. Join the two with a dot. What is missing depends on these bytes and the key.",
        "HMAC takes bytes and gives bytes: `hmac.new(key, signing_input, hashlib.sha256).digest()`. They become base64url like the other segments.",
        "`segments = [b64url(json.dumps(part).encode()) for part in (header, claims)]`, joined with a dot; the HMAC is over that, `.encode()`.",
    ),
    cases=(
        written(
            "a header, {'sub': '1'}, a key",
            PLAIN,
            {"sub": "1"},
            KEY,
            "The signature is an HMAC over header and payload as they stand in the token.",
        ),
        written(
            "a header with a kid, claims, a key",
            NAMED,
            {"sub": "2", "exp": 1300819380},
            KEY,
            "A header may say more than `alg` and `typ`.",
        ),
        written(
            "a header, claims with ~, ? and >, a key",
            PLAIN,
            MARKS,
            KEY,
            "Some bytes need the two letters that base64url has of its own.",
        ),
        written(
            "the same, another key",
            PLAIN,
            MARKS,
            ANOTHER_KEY,
            "The key is an argument; bytes of any kind may be in it.",
        ),
    ),
    mistakes=(
        Mistake(
            raised(TypeError),
            "HMAC and base64 work on bytes, `json.dumps` gives text: `.encode()` turns the one into the other.",
        ),
        Mistake(
            lambda trial: isinstance(trial.value, str) and "=" in trial.value,
            "`=` is left at the end of a segment; base64url in a token has no padding (RFC 7515 §2).",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.value, str) and ("+" in trial.value or "/" in trial.value)
            ),
            "`+` and `/` are base64; base64url has `-` and `_` in their place: `base64.urlsafe_b64encode`.",
        ),
        Mistake(
            is_hex,
            "The signature is in hexadecimal, letters for people. Take the 32 bytes of `.digest()`, and write them in base64url.",
        ),
        Mistake(
            wrong_input,
            "What is signed is both segments and the dot between them, as they stand in the token (RFC 7515 §5.1).",
        ),
        Mistake(
            no_mac,
            "A hash with the key beside the text can be extended without knowing the key; HMAC can't. Use `hmac.new(key, …)` (RFC 7518 §3.2).",
        ),
        Mistake(
            not_json,
            "This is Python's way to write a dictionary. A token holds JSON: `json.dumps`.",
        ),
    ),
    learnt="Two pieces of JSON, an HMAC over their bytes, base64url for the journey: that is all a token is made of.",
)

# --- reading ---------------------------------------------------------------------------------------------------------


def token_of(
    claims: dict[str, Any], signature: bytes = b"whoever reads only does not look here"
) -> str:
    return ".".join(
        [
            encode_segment(b'{"alg":"HS256"}'),
            encode_segment(json.dumps(claims, separators=(",", ":")).encode()),
            encode_segment(signature),
        ]
    )


def read(what: str, claims: dict[str, Any], means: str, **signature: bytes) -> Case:
    return Case(
        f"claims_unverified({what})", Call(token_of(claims, **signature)), (returns(claims),), means
    )


PADDING = 'The length of a segment is no multiple of four, and Python\'s base64 insists on that: put the `=` back, `"=" * (-len(segment) % 4)`.'
URLSAFE = "`-` and `_` are letters of base64url, and `base64.b64decode` passes over them without a word: use `base64.urlsafe_b64decode`."

UNVERIFIED_SOLUTION = """
def claims_unverified(token):
    segment = token.split(".")[1]
    return json.loads(from_b64url(segment))
"""
unverified = functools.partial(but_with, UNVERIFIED_SOLUTION)


def in_marks(trial: Trial) -> bool:
    return trial.case is not None and "~" in trial.case.sent and trial.error is not None


UNVERIFIED = Exercise(
    name="05-unverified",
    function="claims_unverified",
    idea="The claims of a token can be read by whoever holds it, without a key.",
    stub="""
def claims_unverified(token):
    ...
""",
    given=GIVEN,
    solution=UNVERIFIED_SOLUTION,
    also_right=(
        """
def claims_unverified(token):
    _, payload, _ = token.split(".")
    return json.loads(base64.urlsafe_b64decode(payload + "==").decode("utf-8"))
""",
        """
def claims_unverified(token):
    return jwt.decode(token, options={"verify_signature": False})
""",
        """
def claims_unverified(token):
    return Token.parse(token).claims
""",
    ),
    wrong=(
        Wrong(
            "the padding forgotten",
            unverified("from_b64url(segment)", "base64.urlsafe_b64decode(segment)"),
            "put the `=` back",
        ),
        Wrong(
            "base64 instead of base64url",
            unverified("from_b64url(segment)", 'base64.b64decode(segment + "==")'),
            "`base64.urlsafe_b64decode`",
        ),
        Wrong("the header is read", unverified("[1]", "[0]"), "the one in the middle"),
        Wrong(
            "the bytes, not the claims",
            unverified("json.loads(from_b64url(segment))", "from_b64url(segment)"),
            "`json.loads`",
        ),
        Wrong(
            "text, not the claims",
            unverified("json.loads(from_b64url(segment))", "from_b64url(segment).decode()"),
            "`json.loads`",
        ),
        Wrong(
            "eval instead of a parser",
            unverified("json.loads(from_b64url(segment))", "eval(from_b64url(segment))"),
            "`json.loads`",
        ),
        Wrong(
            "PyJWT asked to verify",
            """
def claims_unverified(token):
    return jwt.decode(token, "", algorithms=["HS256"])
""",
            "nothing is verified",
        ),
    ),
    hints=(
        "A token is text with two dots in it. Which of the pieces holds the claims?",
        "Split at the dots, take the middle one, turn base64url back into bytes (`from_b64url` above puts the padding back), and read those as JSON.",
        '`json.loads(from_b64url(token.split(".")[1]))`',
    ),
    cases=(
        read(
            "a token about user 1",
            {"sub": "1", "exp": 1},
            "The claims are JSON in base64url, the second of three segments.",
        ),
        read(
            "one with a longer sub",
            {"sub": "12", "exp": 1},
            "Some lengths need padding put back, some do not.",
        ),
        read(
            "one with a still longer sub",
            {"sub": "123", "exp": 1},
            "Some lengths need padding put back, some do not.",
        ),
        read(
            "one with ~, ? and > in a claim",
            MARKS,
            "Base64url has two letters that base64 has not.",
        ),
        read(
            "one with true and null in it",
            {"sub": "1", "admin": True, "device": None},
            "JSON has words of its own: true, false, null.",
        ),
        read(
            "one that nobody signed",
            {"sub": "1"},
            "Reading takes no key and looks at no signature.",
            signature=b"",
        ),
    ),
    mistakes=(
        Mistake(
            raised(jwt.PyJWTError),
            "`jwt.decode` verifies when it is not told otherwise, and there is no key here: nothing is verified, it is only read.",
        ),
        Mistake(in_marks, URLSAFE),
        Mistake(raised(binascii.Error), PADDING),
        Mistake(
            raised(NameError, SyntaxError),
            "The claims are JSON, not Python, and `eval` runs whatever a stranger wrote in a token. Use `json.loads`.",
        ),
        Mistake(
            returned(lambda value: isinstance(value, bytes | str)),
            "These are the bytes of the claims as JSON; `json.loads` makes a dictionary of them.",
        ),
        Mistake(
            returned(lambda value: value == {"alg": "HS256"}),
            "That is the header. The claims are the payload, the one in the middle of the three.",
        ),
    ),
    learnt="No key was needed. What stands in a token is told to everybody who ever sees it.",
)

EXERCISES = (BY_HAND, UNVERIFIED)
QUIZZES = (
    Quiz(
        "encrypted",
        'A colleague says: "We can put the diagnosis into the token. It is encrypted with our key." What do you answer?',
        {
            "a": "Right: HS256 encrypts the claims, and only our key opens them.",
            "b": "Wrong, but no matter: HTTPS encrypts the token on its way.",
            "c": "Wrong: the key signs the claims. Anybody who sees the token reads them.",
            "d": "Right in effect: base64url makes it unreadable to people.",
        },
        right="c",
        because="HS256 adds a proof behind the claims and leaves them as they are: the next cell reads all three without a key. "
        "A JWT that is encrypted is a JWE, and has five segments.",
        reasons={
            "a": "HS256 computes a proof about the claims. The claims themselves travel as they were, in another alphabet: look for a key in the next cell.",
            "b": "HTTPS covers the way between two machines. At its ends are a browser, a proxy, a log: the token lies open there, and they all keep copies.",
            "d": "People use programs. Base64url has no key; one line of Python, or any web page, turns it back.",
        },
    ),
    Quiz(
        "who-can-sign",
        "A shop checks tokens of an identity service. Both hold the same HS256 key. Who can make a token that the shop accepts?",
        {
            "a": "both of them, and whoever gets the key from either",
            "b": "the identity service only: it issues them",
            "c": "the shop only: it decides what it accepts",
        },
        right="a",
        because="HMAC has one key for signing and for checking, so each party that checks could have signed. "
        "A pair of keys, private and public, separates the two (step 9).",
        reasons={
            "b": "It is the only one that is meant to. The shop holds the same key, and the HMAC comes out the same whoever computes it.",
            "c": "The shop decides what to accept, by a key that the identity service holds as well, and signs with.",
        },
    ),
    Quiz(
        "take-back",
        "A client's token was stolen. It ends in four minutes. Nothing but the key is stored on the server. What can the server do right now?",
        {
            "a": "delete the token",
            "b": "send the client a new token, which replaces the stolen one",
            "c": "change the key and log out everybody, or wait",
        },
        right="c",
        because="The server keeps no list of tokens, so there is nothing to delete. A new key ends all tokens at once. "
        "To end one, the server must begin to remember something (step 7).",
        reasons={
            "a": "Where from? The server never kept it. The thief's copy is as good as the client's, and both check out against the key.",
            "b": "A new token is one more token. The old one still has a right signature and an `exp` ahead.",
        },
    ),
)
