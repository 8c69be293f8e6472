"""Tokens with a good signature that name the wrong user, issuer, audience or kind. All of them need the secret."""

from __future__ import annotations

from typing import Any

from ..expectations import needs, signed, unharmed
from ..forge import MISSING, Good, encode
from ..model import NotRun, Probe


def subject_of(good: Good) -> str:
    """The claim that says who: `sub`, or what stands in its place."""
    name = next(
        (
            name
            for name in ("sub", "user_id", "uid", "user", "username", "email", "id")
            if name in good.claims
        ),
        None,
    )
    if name is None:
        raise NotRun("the tokens here have no claim that says whom they are about")
    return name


def no_subject(good: Good) -> dict[str, str]:
    return {"": good.with_claims(**{subject_of(good): MISSING})}


def odd_subject(good: Good) -> dict[str, str]:
    name = subject_of(good)
    values: dict[str, Any] = {
        "null": None,
        "[]": [],
        "{}": {},
        "true": True,
        "1.5": 1.5,
        "a list of the right one": [good.claims[name]],
    }
    if name == "sub" and isinstance(good.claims[name], str):
        number = good.claims[name]
        values["the number"] = int(number) if number.isascii() and number.isdigit() else 1
    return {
        f"{name} = {label}": good.with_claims(**{name: value}) for label, value in values.items()
    }


def falsy_subject(good: Good) -> dict[str, str]:
    """Values that a careless `if value:` takes for "nothing asked"."""
    name = subject_of(good)
    values: dict[str, Any] = (
        {"0": 0, "false": False, "empty": ""}
        if not isinstance(good.claims[name], str)
        else {"empty": "", "0 as text": "0", "0": 0}
    )
    return {
        f"{name} = {label}": good.with_claims(**{name: value}) for label, value in values.items()
    }


def nobody(good: Good) -> dict[str, str]:
    name = subject_of(good)
    value = good.claims[name]
    if isinstance(value, int):
        return {"": good.with_claims(**{name: 999_999_999})}
    gone = {
        "a number": "999999999",
        "a name": "nobody-here@email.com",
        "a uuid": "00000000-0000-4000-8000-00000000dead",
    }
    return {label: good.with_claims(**{name: text}) for label, text in gone.items()}


def odd_jti(good: Good) -> dict[str, str]:
    values: dict[str, Any] = {"7": 7, "null": None, "[]": [], "{}": {}}
    if "jti" not in good.claims:
        values = {"7": 7, "[]": []}
    return {f"jti = {label}": good.with_claims(jti=value) for label, value in values.items()}


def no_jti(good: Good) -> dict[str, str]:
    needs(good, "jti")
    return {"": good.with_claims(jti=MISSING)}


def other_audience(good: Good) -> dict[str, str]:
    other = "https://another-service.example"
    tokens = {
        "another": good.with_claims(aud=other),
        "a list of others": good.with_claims(aud=[other, f"{other}/2"]),
    }
    if isinstance(good.claims.get("aud"), str):
        tokens |= {
            "part of ours": good.with_claims(aud=good.claims["aud"][:-1]),
            "ours and more": good.with_claims(aud=good.claims["aud"] + "x"),
        }
    return tokens


def no_audience(good: Good) -> dict[str, str]:
    needs(good, "aud")
    return {
        "missing": good.with_claims(aud=MISSING),
        "null": good.with_claims(aud=None),
        "empty list": good.with_claims(aud=[]),
    }


def odd_audience(good: Good) -> dict[str, str]:
    return {
        f"aud = {label}": good.with_claims(aud=value)
        for label, value in {"7": 7, "an object": {"x": 1}, "[7]": [7], "true": True}.items()
    }


def other_issuer(good: Good) -> dict[str, str]:
    needs(good, "iss")
    tokens = {"another": good.with_claims(iss="https://another-issuer.example")}
    if isinstance(good.claims["iss"], str):
        iss = good.claims["iss"]
        tokens |= {
            "part of ours": good.with_claims(iss=iss[:-1]),
            "ours and more": good.with_claims(iss=f"{iss}.attacker.example"),
        }
    return tokens


def no_issuer(good: Good) -> dict[str, str]:
    needs(good, "iss")
    return {
        "missing": good.with_claims(iss=MISSING),
        "null": good.with_claims(iss=None),
        "empty": good.with_claims(iss=""),
    }


def odd_issuer(good: Good) -> dict[str, str]:
    needs(good, "iss")
    return {
        f"iss = {label}": good.with_claims(iss=value)
        for label, value in {"7": 7, "{}": {}, "a list of ours": [good.claims["iss"]]}.items()
    }


def other_kind(good: Good) -> dict[str, str]:
    """A token of the same issuer that is meant for something else: told apart by `typ`, or by a claim some libraries use."""
    typ = good.header.get("typ")
    if isinstance(typ, str) and typ.upper() != "JWT":
        return {
            "JWT": good.with_header(typ="JWT"),
            "rt+jwt": good.with_header(typ="rt+jwt"),
            "logout+jwt": good.with_header(typ="logout+jwt"),
        }
    for name in ("token_type", "type", "token_use"):
        if isinstance(good.claims.get(name), str):
            return {
                f"{name} = refresh": good.with_claims(**{name: "refresh"}),
                f"{name} = id": good.with_claims(**{name: "id"}),
            }
    raise NotRun("the tokens here have no type of their own: typ is JWT or missing")


def no_kind(good: Good) -> dict[str, str]:
    typ = good.header.get("typ")
    if not isinstance(typ, str) or typ.upper() == "JWT":
        raise NotRun("the tokens here have no type of their own: typ is JWT or missing")
    return {
        "missing": good.with_header(typ=MISSING),
        "null": good.with_header(typ=None),
        "a list of ours": good.with_header(typ=[typ]),
    }


def no_claims(good: Good) -> dict[str, str]:
    payloads = {
        "a list": b"[]",
        "a string": b'"text"',
        "null": b"null",
        "a number": b"7",
        "no JSON": b"{",
        "nothing": b"",
        "no UTF-8": b'{"sub":"\xff"}',
    }
    return {label: good.with_payload(payload) for label, payload in payloads.items()}


def twice(good: Good) -> dict[str, str]:
    """The subject named twice, first rightly. To refuse is right, to read the last is allowed (RFC 7519 §4), to read the first is not."""
    name = subject_of(good)
    last = encode({name: 999_999_999 if isinstance(good.claims[name], int) else "999999999"})
    return {"": good.with_payload(encode(good.claims)[:-1] + b"," + last[1:])}


def nested(good: Good) -> dict[str, str]:
    return {"a claim": good.with_raw_claim("x", "[" * 1200 + "]" * 1200)}


PROBES = (
    signed(
        "no-subject", "without the claim that says who", "RFC 8725 §3.8",
        "Whom it is about is not guessed.", no_subject,
    ),
    signed(
        "odd-subject", "with a subject of another type", "RFC 7519 §4.1.2",
        "sub is a string; 1 and true and [1] are other things.", odd_subject,
    ),
    signed(
        "falsy-subject", "with a subject like 0 or nothing", "RFC 8725 §3.8",
        "A careless `if value:` takes it for nothing asked, and finds the first user.", falsy_subject,
    ),
    signed(
        "user-gone", "naming somebody who is not there", "RFC 8725 §3.8",
        "A user who was deleted is not let in, and is no reason to crash.", nobody,
    ),
    signed(
        "odd-jti", "with a jti that is no text", "RFC 7519 §4.1.7",
        "A denylist is asked for it; a list or an object breaks the question.", odd_jti,
    ),
    signed(
        "no-jti", "without its jti", "RFC 7519 §4.1.7",
        "A token that has no id can't be revoked.", no_jti,
    ),
    signed(
        "other-audience", "made out to another service", "RFC 7519 §4.1.3, RFC 8725 §3.9",
        "Good at one service must not mean good at all of them.", other_audience,
    ),
    signed(
        "no-audience", "without its aud", "RFC 8725 §3.9",
        "Where audiences are used, a token without one is from elsewhere.", no_audience,
    ),
    signed(
        "odd-audience", "with an aud that is no text", "RFC 7519 §4.1.3",
        "aud is a string or a list of strings.", odd_audience,
    ),
    signed(
        "other-issuer", "from another issuer", "RFC 8725 §3.8",
        "A key that two issuers share makes their tokens look alike; iss tells them apart, compared whole.", other_issuer,
    ),
    signed(
        "no-issuer", "without its iss", "RFC 8725 §3.8",
        "Where issuers are used, a token without one is from elsewhere.", no_issuer,
    ),
    signed(
        "odd-issuer", "with an iss that is no text", "RFC 7519 §4.1.1",
        "`in` finds the right issuer in a list as well, and that is not what was asked.", odd_issuer,
    ),
    signed(
        "other-kind", "made a token of another kind", "RFC 8725 §2.8, §3.11",
        "A refresh or ID token of the same issuer is signed as well, and must not open this door.", other_kind,
    ),
    signed(
        "no-kind", "without its type", "RFC 8725 §3.11",
        "A type that may be missing tells nothing apart.", no_kind,
    ),
    signed(
        "no-claims", "with a payload that is no JSON object", "RFC 7519 §7.2",
        "A signature says who made it, not that it makes sense.", no_claims,
    ),
    signed(
        "named-twice", "with the subject named twice", "RFC 7519 §4",
        "Two readers that choose differently see two users.", twice,
    ),
    Probe(
        "nested", "the good token with a claim nested 1,200 deep, signed rightly", "401 invalid_token or 200", "RFC 8259 §9",
        "A reader that goes down with it until it crashes can be made to.", unharmed((200, 400, 401), nested), secret=True,
    ),
)  # fmt: skip
