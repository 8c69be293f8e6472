"""05: a token read by hand; quizzes on what signing does and does not do."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from typing import Any

import jwt

from ...tokens.anatomy import encode_segment
from ..matchers import error_says, raised, returned, same
from ..model import Case, Exercise, Mistake, Quiz, Trial
from ..symbols import Moment, Symbol, Symbols, filled, given, gives_back, random_text, text

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
# These make `-` and `_` in base64url, and `+` and `/` in base64.
MARKS = {"sub": "1", "note": "~~~~ ???? >>>> ~?>~?>"}
SUB, NAME = text("SUB"), text("NAME")


def of_length(length: int) -> Symbol:
    return Symbol(
        f"<{length} letters>", lambda bench: (random_text() + random_text())[: length - 1] + "z"
    )


KID = of_length(20)


def token_of(header: dict[str, Any], payload: str, signature: bytes) -> str:
    return ".".join(
        [
            encode_segment(json.dumps(header, separators=(",", ":")).encode()),
            encode_segment(payload.encode("utf-8")),
            encode_segment(signature),
        ]
    )


def read(
    claims: dict[str, Any],
    means: str,
    *,
    what: str = "",
    header: Any = None,
    respelt: tuple[str, str] = ("", ""),
    signature: bytes | None = None,
    mistakes: tuple[Mistake, ...] = (),
) -> Case:
    """A token with these claims, in whose JSON one spelling stands for another, and with this signature or a random one."""

    def make(bench: Any) -> str:
        payload = json.dumps(filled(claims, bench), separators=(",", ":"), ensure_ascii=False)
        payload = payload.replace(*respelt) if respelt[0] else payload
        octets = secrets.token_bytes(32) if signature is None else signature
        return token_of(filled(header or {"alg": "HS256"}, bench), payload, octets)

    return Case(
        f"claims_unverified(a token with {claims!r}{what})",
        given(Symbol(f"token {claims!r}{what}", make)),
        (gives_back(claims),),
        means,
        mistakes,
    )


# --- how it went wrong -----------------------------------------------------------------------------------------------


def payload_of(trial: Trial) -> str:
    return str(trial.args[0]).split(".")[1]


def octets_of(trial: Trial) -> bytes:
    return base64.urlsafe_b64decode(payload_of(trial) + "==")


def is_plain_base64(trial: Trial) -> bool:
    """What came back is what comes of plain base64, which passes over `-` and `_`."""
    if not set(payload_of(trial)) & set("-_"):
        return False
    try:
        found = json.loads(base64.b64decode(payload_of(trial) + "=="))
    except ValueError as error:
        return raised(type(error))(trial)
    return same(trial.value, found)


def is_latin(trial: Trial) -> bool:
    """What came back is the payload read in an alphabet of eight bits; or it could not be read as ASCII."""
    if isinstance(trial.error, UnicodeDecodeError):
        return trial.error.encoding != "utf-8"
    readings = (octets_of(trial).decode(name, "replace") for name in ("latin-1", "cp1252"))
    return not octets_of(trial).isascii() and any(
        same(trial.value, json.loads(reading)) for reading in readings
    )


def is_evaluated(trial: Trial) -> bool:
    return raised(NameError)(trial) and any(
        f"'{name}'" in str(trial.error) for name in ("true", "false", "null")
    )


def header_read(trial: Trial) -> bool:
    return (
        isinstance(trial.value, dict)
        and "alg" in trial.value
        and "alg" not in json.loads(octets_of(trial))
    )


PADDING = 'The length of a segment is no multiple of four, and Python\'s base64 reads only multiples of four: put the `=` back, `"=" * (-len(segment) % 4)`.'
URLSAFE = "`-` and `_` are letters of base64url, and `base64.b64decode` skips them silently: use `base64.urlsafe_b64decode`."
LENGTHS = (
    "The claims of this token come back as they are in it, whatever the length of its segment is."
)

SPACES = "JSON may have white space around its parts (RFC 8259 §2). So the text of the claims may begin with other letters than usual: they are the second segment."
SECOND = "The claims are the second of the three segments, whatever stands in the other two."
ONLY_READ = (
    "To read claims, compare nothing with `aud`, `iss` or a clock. Only a verifier does that."
)

UNVERIFIED_SOLUTION = """
def claims_unverified(token):
    segment = token.split(".")[1]
    return json.loads(from_b64url(segment))
"""

UNVERIFIED = Exercise(
    name="05-unverified",
    function="claims_unverified",
    idea="Anyone who has a token can read its claims, without a key.",
    stub="""
def claims_unverified(token):
    ...
""",
    given=GIVEN,
    solution=UNVERIFIED_SOLUTION,
    bench=Symbols.make,
    hints=(
        "A token is text with two dots in it. Which of the pieces has the claims in it?",
        "Split at the dots, take the piece in the middle, turn base64url back into bytes (`from_b64url` puts the padding back), and read those as JSON.",
        'Return `json.loads(from_b64url(token.split(".")[1]))`.',
    ),
    cases=(
        read({"sub": SUB, "exp": Moment(300)}, "The claims are JSON in base64url, the second of three segments."),
        *(read({"sub": of_length(length)}, LENGTHS) for length in (12, 13, 14)),
        read({"sub": SUB}, "A header may be short or long. The claims are always the second segment.", what=" and a kid in its header", header={"typ": "JWT", "alg": "HS512", "kid": KID}),
        read({**MARKS, "name": NAME}, "All claims must come back, and in base64url their bytes have a `-` or `_`."),
        read({"sub": SUB, "admin": True, "device": None, "new": False}, "JSON has words of its own: true, false, null. These claims have all three."),
        read({"sub": SUB, "name": "Zo\u00eb \u0141\u00f3\u017c \u53f0\u5317"}, "The claims are UTF-8, with letters of any language."),
        read({"sub": SUB, "givenName": "Ada", "roles": [], "exp": Moment(60), "at": {"x": [0, 2.5]}}, "Claims come back as they are, with their names and their kinds of values."),
        read({"sub": SUB, "note": "true, false or null"}, "Here `true`, `false` and `null` are words in a text."),
        read({"sub": SUB, "page": "https://shop.example/"}, "JSON may write `/` as `\\/`; `json.loads` reads both (RFC 8259 §7).", what=", its / written as \\/", respelt=("/", "\\/")),
        read({"sub": SUB, "exp": 1_500_000_000, "nbf": Moment()}, "An expired token can be read like any other. Only a verifier looks at its times."),
        read({"sub": SUB}, "Reading takes no key and looks at no signature.", what=" and no signature", signature=b""),
        read({"sub": SUB}, "A signature may be long or short. The claims are always the second segment.", what=" and a long signature", signature=b"\xff" * 256),
        *(read({"sub": SUB}, SPACES, what=what, respelt=("{", brace), mistakes=(Mistake(header_read, f"The header was read. {SPACES}"),)) for what, brace in ((", a space behind its {", "{ "), (", a new line in front of its {", "\n{"), (", two spaces in front of its {", "  {"))),
        read({"sub": SUB}, SECOND, what=" and a signature whose bytes look like JSON", signature=b'{"sub": "1"}'),
        read({"sub": SUB, "alg": "none", "typ": "x"}, SECOND, what=" and a sub in its header", header={"alg": "HS256", "sub": KID, "exp": 1}),
        read({"sub": SUB, "aud": ["https://shop.example"], "iss": "https://login.example"}, ONLY_READ),
        read({"sub": SUB, "aud": "https://shop.example", "iat": Moment(900)}, ONLY_READ),
        read({"sub": 7, "jti": 8, "iat": "yesterday", "exp": "tomorrow", "nbf": None}, "These claims have the wrong kinds of values. Only a verifier looks at that: return them as they are."),
        read({}, "A token may have no claims at all: return the empty dictionary."),
    ),
    mistakes=(
        Mistake(
            raised(jwt.PyJWTError),
            "PyJWT raised this. `jwt.decode` verifies unless it is told not to, and there is no key here: split the token, and read the claims out of its second segment.",
        ),
        Mistake(is_plain_base64, URLSAFE),
        Mistake(lambda trial: raised(binascii.Error)(trial) and "padding" in str(trial.error), PADDING),
        Mistake(is_latin, "The payload is UTF-8 (RFC 7519 §7.1), and your code decoded it with another encoding. `json.loads` takes the bytes as they are."),
        Mistake(error_says("malformed node or string"), "The claims are JSON, and `ast.literal_eval` reads Python: true, false and null are no words of Python. Use `json.loads`."),
        Mistake(is_evaluated, "The claims are JSON, not Python, and `eval` runs whatever a stranger wrote in a token. Use `json.loads`."),
        Mistake(returned(lambda value: isinstance(value, bytes)), "These are the bytes of a segment; `json.loads` makes a dictionary of them."),
        Mistake(returned(lambda value: isinstance(value, str) and value.lstrip().startswith("{")), "This is text. A dictionary is wanted: `json.loads` makes one of JSON."),
        Mistake(
            header_read,
            "`alg` is in it, so the header was read. The claims are the payload, the second of the three segments.",
        ),
    ),
    learnt="No key was needed. Anyone who sees a token can read what is in it.",
)  # fmt: skip

EXERCISES = (UNVERIFIED,)
QUIZZES = (
    Quiz(
        "encrypted",
        'A colleague says: "We can put the diagnosis into the token. It is encrypted with our key." What do you say?',
        {
            "a": "Right: HS256 encrypts the claims, and only our key opens them.",
            "b": "Wrong, but it does not matter: HTTPS encrypts the token on its way.",
            "c": "Wrong: the key signs the claims. Anybody who sees the token reads them.",
            "d": "Almost right: people cannot read base64url.",
        },
        right="c",
        because="HS256 adds a signature and leaves the claims as they are: anyone can read them without a key. "
        "A JWT that is encrypted is a JWE, and has five segments.",
        reasons={
            "a": "HS256 computes a signature over the claims. The claims themselves are sent in base64url, and reading it needs no key.",
            "b": "HTTPS encrypts the connection between two machines. At its ends are a browser, a proxy and a log. All of them can read the token and keep copies.",
            "d": "People use programs. Base64url has no key, so one line of Python decodes it.",
        },
    ),
    Quiz(
        "who-can-sign",
        "A shop verifies the tokens of a login service. Both have the same HS256 key. Who can make a token that the shop accepts?",
        {
            "a": "both of them, and everybody who gets the key from one of them",
            "b": "the login service only: it issues them",
            "c": "the shop only: it decides what it accepts",
        },
        right="a",
        because="HMAC has one key for signing and for checking, so each party that checks could have signed. "
        "A pair of keys, private and public, separates the two (step 9).",
        reasons={
            "b": "Only the login service should do it. But the shop has the same key, and the same key gives the same HMAC.",
            "c": "The shop decides what to accept. But the login service has the same key, and signs with it.",
        },
    ),
    Quiz(
        "take-back",
        "A client's token was stolen. It expires in four minutes. The server stores only its key. What can the server do right now?",
        {
            "a": "delete the token",
            "b": "send the client a new token, which replaces the stolen one",
            "c": "change the key and log out everybody, or wait",
        },
        right="c",
        because="The server keeps no list of tokens, so there is nothing to delete. A new key ends all tokens at once. "
        "To end one, the server must begin to remember something (step 7).",
        reasons={
            "a": "The server never stored it. The attacker's copy is the same text as the client's token, and its signature is valid.",
            "b": "That makes one more token. The old one still has a valid signature and has not expired.",
        },
    ),
)
