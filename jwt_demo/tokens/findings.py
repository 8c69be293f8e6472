"""What is odd or unsafe about a token, in plain words, each with the section it comes from. No clock, no key.

>>> token = Token.parse("eyJhbGciOiJub25lIn0.eyJzdWIiOjF9.")
>>> [finding.code for finding in findings(token, now=0)]
['alg-none', 'no-exp', 'sub-not-string']
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from .algorithms import not_verified
from .anatomy import Token, TokenError
from .claims import duration, in_words, is_numeric_date, on_unit, unit_of
from .finding_codes import CODES
from .kinds import Kind, kind_of
from .member_types import STRICT_CLAIMS, STRICT_HEADER, json_type, wrong_types
from .registry import CLAIMS, HEADER_PARAMETERS
from .token_in_text import SIGNATURE_BYTES

# In bytes: an HMAC key as long as the hash (RFC 7518 §3.2), an RSA modulus of 2048 bits (§3.3, §3.5).
SHORTEST_KEY = {"HS256": 32, "HS384": 48, "HS512": 64} | {
    f"{family}{bits}": 256 for family in ("RS", "PS") for bits in (256, 384, 512)
}
SHORT = {
    "H": ("guessed", "RFC 7518 §3.2"),
    "R": ("factored", "RFC 7518 §3.3"),
    "P": ("factored", "RFC 7518 §3.5"),
}
LONGEST_LIFETIME = (
    366 * 86400
)  # seconds; an access token of more than a year is a mistake or a secret


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing: `code` is for programs, `severity` is error, warning or note."""

    code: str
    severity: str
    message: str
    reference: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def finding(code: str, message: str, reference: str = "", severity: str = "") -> Finding:
    """A finding of a code in the catalogue."""
    known = CODES[code]
    return Finding(code, severity or known.severity, message, reference or known.reference)


def findings(
    token: Token, *, now: float, error: TokenError | None = None, key_length: int | None = None
) -> list[Finding]:
    """All findings on a token at `now` (seconds since 1970 UTC); `error` is what `Token.parse` said, `key_length` is in bytes."""
    claims = token.claims or {}
    kind = kind_of(token.header, token.claims)
    has_claims = token.claims is not None and not are_swapped(token.header, claims)
    return [
        *on_reading(error),
        *on_header(token.header, claims, kind, key_length),
        *on_signature(token),
        *on_times(token.header, claims, kind, now, has_claims=has_claims),
        *on_types(token.header, claims),
        *on_secrets(claims),
    ]


def on_reading(error: TokenError | None) -> Iterator[Finding]:
    if error is not None:
        yield finding(error.code, str(error))


def are_swapped(header: dict[str, Any], claims: dict[str, Any]) -> bool:
    """Whether the header's place holds no `alg`, and the payload's does."""
    return "alg" not in header and "alg" in claims


def on_header(
    header: dict[str, Any], claims: dict[str, Any], kind: Kind | None, key_length: int | None
) -> Iterator[Finding]:
    alg = header.get("alg")
    if "alg" in header and not isinstance(alg, str):
        yield finding("no-alg", f"`alg` must be a string, this is {json_type(alg)}")
    elif not isinstance(alg, str):
        swapped = ": are header and payload swapped?" if are_swapped(header, claims) else ""
        yield finding("no-alg", f"the header names no algorithm, and it must{swapped}")
    elif alg.lower() == "none":
        yield finding(
            "alg-none", f"`alg` is {alg}: nobody signed this, so anybody could have written it"
        )
    elif words := not_verified(alg):
        yield finding("unknown-alg", words)
    elif key_length is not None and key_length < SHORTEST_KEY.get(alg, 0):
        danger, reference = SHORT[alg[0]]
        yield finding(
            "key-too-short",
            f"the key has {key_length} bytes, {alg} needs at least {SHORTEST_KEY[alg]}: it can be {danger}",
            reference,
        )
    if kind is not None and not kind.is_access:
        yield finding("token-kind", f"this is {kind.name}: {kind.use}", kind.reference)
    for name in ("jwk", "jku", "x5u", "x5c"):
        if name in header and not (kind is not None and kind.brings_key):
            yield finding(
                "key-in-header",
                f"`{name}` brings its own key: a verifier that believes it believes anybody",
            )
    if "crit" in header:
        yield finding("crit", on_crit(header))


def on_crit(header: dict[str, Any]) -> str:
    """What `crit` demands (RFC 7515 §4.1.11): at least one name, each of them in the header too."""
    listed = header["crit"] if isinstance(header["crit"], list) else []
    names = [ascii(one)[1:-1][:20] for one in listed if isinstance(one, str)]
    shown = f" ({', '.join(names[:2])})" if names else ""
    what = f"`crit` lists parameters{shown} that a verifier must understand, or reject the token"
    if header["crit"] == []:
        return f"{what}. It is empty here, and must name at least one"
    absent = any(isinstance(one, str) and one not in header for one in listed)
    return f"{what}. Not all of them are in the header" if absent else what


def on_signature(token: Token) -> Iterator[Finding]:
    """A length that the algorithm does not make; nothing is verified here."""
    alg, octets = str(token.header.get("alg")), token.signature
    lengths = SIGNATURE_BYTES.get(alg)
    if lengths is None or len(octets) in lengths:
        return
    if not octets:
        yield finding(
            "signature-length", "the signature is missing: nobody signed it, or the end was cut off"
        )
        return
    if alg.startswith(("RS", "PS")) and len(octets) > 128 and len(octets) % 8 == 0:
        return  # a modulus of another size
    if alg.startswith("ES") and is_der_signature(octets):
        yield finding(
            "signature-der",
            f"the signature is in DER ({len(octets)} bytes); {alg} in a token is r and s side by side, {lengths[0]} bytes",
        )
    elif re.fullmatch(rb"[0-9a-fA-F]+", octets) and len(octets) // 2 in lengths:
        yield finding(
            "signature-length",
            "the signature is hexadecimal text that was encoded as base64url: encode its bytes",
        )
    else:
        wanted = " or ".join(map(str, lengths))
        cut = ": was the end cut off?" if len(octets) < min(lengths) else ""
        yield finding(
            "signature-length",
            f"the signature has {len(octets)} byte{'' if len(octets) == 1 else 's'}, {alg} makes {wanted}{cut}",
        )


def is_der_signature(octets: bytes) -> bool:
    """A DER SEQUENCE of two integers, as OpenSSL and key stores return an ECDSA signature."""
    start = 3 if octets[1:2] == b"\x81" else 2
    return (
        octets[:1] == b"\x30"
        and len(octets) > 8
        and octets[start - 1] == len(octets) - start
        and octets[start] == 0x02
    )


def on_times(
    header: dict[str, Any],
    claims: dict[str, Any],
    kind: Kind | None,
    now: float,
    *,
    has_claims: bool,
) -> Iterator[Finding]:
    if has_claims and "exp" not in claims and (kind is None or kind.needs_exp):
        yield finding("no-exp", f"no `exp`: this token never expires{other_name(claims, header)}")
    for name in ("exp", "nbf", "iat"):
        if name in claims and not is_numeric_date(claims[name]):
            yield finding(
                f"{name}-not-a-date",
                f"`{name}` is not a number of seconds{on_no_date(claims[name])}",
            )
    times = {
        name: value
        for name, value in claims.items()
        if name in CLAIMS and CLAIMS[name].type == "time" and is_numeric_date(value)
    }
    for name, value in times.items():
        yield from on_time(name, value, now)
    exp, iat = times.get("exp"), times.get("iat")
    if exp is not None and exp > now and unit_of(exp, now) == "s":
        start = iat if iat is not None and unit_of(iat, now) == "s" else now
        if exp - start > LONGEST_LIFETIME:
            yield finding(
                "long-lifetime",
                f"lives {duration(exp - start)}: a stolen token works until then",
            )


def on_time(name: str, value: float, now: float) -> Iterator[Finding]:
    """One time: its unit, else its relation to now."""
    unit = unit_of(value, now)
    if name == "exp" and unit == "ms":
        yield finding(
            "exp-in-milliseconds",
            f"`exp` looks like milliseconds; if it is seconds, the token expires {in_words(value, now=now)}",
        )
    elif unit == "duration":
        yield finding("time-is-a-duration", f"`{name}` is {value}: {on_unit(value, now=now)}")
    elif unit != "s":
        yield finding("time-in-another-unit", f"`{name}`: {on_unit(value, now=now)}")
    elif name == "exp" and value <= now:
        remark = (
            f" ({value} is {'before 1970' if value < 0 else '1 January 1970'}; for `never` leave `exp` out)"
            if value <= 0
            else ""
        )
        yield finding("expired", f"expired {in_words(value, now=now)}{remark}")
    elif name == "nbf" and value > now:
        yield finding("not-yet-valid", f"not valid yet, it starts {in_words(value, now=now)}")
    elif name in ("iat", "auth_time") and value > now:
        what = "issued" if name == "iat" else "`auth_time` is"
        yield finding(
            "issued-in-the-future",
            f"{what} {in_words(value, now=now)}: one of two clocks is wrong{on_whole_hours(value - now)}",
        )


def other_name(claims: dict[str, Any], header: dict[str, Any]) -> str:
    """A name that was probably meant for `exp`, and that no verifier reads."""
    if "exp" in header:
        return " (`exp` stands in the header, where no verifier reads it)"
    for name in claims:
        if EXPIRY.fullmatch(name):
            return f" (`{name}` is another name, which no verifier reads)"
    return ""


EXPIRY = re.compile(r"exp(?:ir(?:es|y|ation))?(?:[_-]?(?:in|at|on|date|time))?", re.IGNORECASE)


def on_no_date(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d{1,20}(?:\.\d+)?", value):
        return ": it is a string of digits, write it without quotes"
    if value is None:
        return ": it is null, leave the name out where there is no time"
    return (
        f", it is {json_type(value)}"
        if not isinstance(value, int | float) or isinstance(value, bool)
        else ""
    )


def on_whole_hours(seconds: float) -> str:
    """A gap of whole half hours, up to 14 h, is that of a time zone."""
    near = round(seconds / 1800) * 1800
    return (
        ", or a local time was written as UTC"
        if 0 < near <= 14 * 3600 and abs(seconds - near) < 6
        else ""
    )


def on_types(header: dict[str, Any], claims: dict[str, Any]) -> Iterator[Finding]:
    for part, name, flaw in wrong_types(header, claims):
        if name in ("alg", "exp", "nbf", "iat") and part == (
            "header" if name == "alg" else "claims"
        ):
            continue  # has a finding of its own
        registry_name = f"{name}-not-string"
        if part == "claims" and registry_name in CODES:
            yield finding(registry_name, f"`{name}` is not a string, and must be one")
            continue
        strict = name in (STRICT_HEADER if part == "header" else STRICT_CLAIMS) or name == "crit"
        yield finding(
            "wrong-type",
            f"`{name}` {flaw}",
            reference_of(part, name),
            "error" if strict else "warning",
        )


def reference_of(part: str, name: str) -> str:
    return (HEADER_PARAMETERS if part == "header" else CLAIMS)[name].reference


def on_secrets(claims: dict[str, Any]) -> Iterator[Finding]:
    """By name and by shape; a claim is readable by everyone who has the token."""
    for name, value in claims.items():
        if looks_secret(name, value):
            yield finding(
                "secret-in-claims",
                f"{ascii(name)[1:-1][:40]} looks like a secret, and claims are readable by anyone",
            )
        elif looks_personal(name, value):
            yield finding(
                "personal-data",
                f"{ascii(name)[1:-1][:40]} looks like personal data, and claims are readable by anyone",
            )


def looks_secret(name: str, value: Any) -> bool:
    """A name with a whole word for a secret in it, and a value that can be one.

    >>> [looks_secret(name, "x") for name in ("password", "clientSecret", "secretary", "password_policy")]
    [True, True, False, False]
    """
    if isinstance(value, bool) or value in (None, "", [], {}):
        return False
    words = words_in(name)
    if not words or words[-1] in HARMLESS or not isinstance(value, str | int | list | dict):
        return False
    return bool(SECRET_WORDS & with_pairs(words))


def looks_personal(name: str, value: Any) -> bool:
    """
    >>> looks_personal("email", "a@example.org"), looks_personal("email_verified", True), looks_personal("login", "ada@example.org")
    (True, False, True)
    """
    if isinstance(value, bool) or value in (None, "", [], {}):
        return False
    words = words_in(name)
    if words and words[-1] in HARMLESS:
        return False
    named = bool(PERSONAL_WORDS & with_pairs(words))
    return named or isinstance(value, str) and EMAIL.fullmatch(value[:320]) is not None


def words_in(name: str) -> list[str]:
    """The words of a name in any style.

    >>> words_in("clientSecret"), words_in("https://example.com/given_name")
    (['client', 'secret'], ['given', 'name'])
    """
    last = re.split(r"[/:#]", name.rstrip("/"))[-1][:100]
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", last)]


def with_pairs(words: list[str]) -> set[str]:
    """The words, and each two that follow each other as one: api_key is apikey."""
    return {*words, *(first + second for first, second in itertools.pairwise(words))}


SECRET_WORDS = {
    "password", "passwd", "passwort", "pwd", "passphrase", "secret", "secrets", "apikey", "privatekey", "creditcard", "cardnumber",
    "pin", "cvv", "cvc", "otp", "clientsecret", "accesskey", "secretkey", "encryptionkey", "signingkey",
}  # fmt: skip
PERSONAL_WORDS = {
    "email", "mail", "emails", "phone", "telephone", "mobile", "msisdn", "birthdate", "birthday", "dob", "birth", "address", "ssn", "iban",
    "givenname", "familyname", "firstname", "lastname", "middlename", "passport", "gender", "nationality", "nationalities",
}  # fmt: skip
HARMLESS = {  # a last word that makes of it something about the secret or the person, not it
    "verified", "policy", "id", "ids", "type", "types", "hint", "url", "uri", "at", "exp", "expiry", "expires", "expiration", "age",
    "count", "length", "reset", "changed", "change", "required", "set", "enabled", "method", "methods", "version", "algorithm", "alg",
    "updated", "last", "attempts", "strength", "validated", "confirmed", "optin", "status", "consent", "rotation",
}  # fmt: skip
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}\.[^@\s]+")
