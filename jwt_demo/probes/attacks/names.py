"""Tokens with a good signature that name the wrong user, issuer, audience or kind. All of them need the secret."""

from __future__ import annotations

from typing import Any

from ..answers import succeeded
from ..expectations import needs, signed, unharmed
from ..forge import HASHES, MISSING, Good, encode
from ..model import HOLE, HYGIENE, MUST, Broken, NotRun, Probe
from ..session import NOBODY, STATELESS, Session


def subject_of(good: Good) -> str:
    """The claim that says who: `sub`, or what stands in its place."""
    if good.subject is None:
        raise NotRun("the tokens here have no claim that names the user")
    return good.subject


async def rejects_each(session: Session, tokens: dict[str, str]) -> str:
    """Each token has to be rejected; where the server looks nobody up, only a crash or another user's page is a fault."""
    seen = []
    for label, token in tokens.items():
        request = session.request(token)
        answer = await session.send(request)
        session.sound(request, answer, label)
        if session.stateless and succeeded(answer):
            if session.shows_good_user(answer):
                raise Broken(f"{label}: {answer.status}, accepted as the user of the good token")
            seen.append("")
        else:
            seen.append(session.refused(request, answer, label if len(tokens) > 1 else ""))
    if session.stateless and "" in seen:
        raise NotRun(STATELESS)
    return ", ".join(dict.fromkeys(seen))


async def no_subject(session: Session) -> str:
    good = session.good
    return await rejects_each(session, {"": good.with_claims(**{subject_of(good): MISSING})})


async def odd_subject(session: Session) -> str:
    """Types that are no subject. `sub` is a string by RFC 7519; of a claim of the server's own only a crash is a fault."""
    good = session.good
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
    tokens = {
        f"{name} = {label}": good.with_claims(**{name: value}) for label, value in values.items()
    }
    if name == "sub" and not session.stateless:
        for label, token in tokens.items():
            await session.refuses(token, label)
        return "all rejected"
    if session.stateless:  # such a server shows what it was sent, and that would be the right one
        del tokens[f"{name} = a list of the right one"]
    return await rejects_each(session, tokens)


async def falsy_subject(session: Session) -> str:
    """Values that a careless `if value:` takes for "nothing asked"."""
    good = session.good
    name = subject_of(good)
    values: dict[str, Any] = (
        {"0": 0, "false": False, "empty": ""}
        if not isinstance(good.claims[name], str)
        else {"empty": "", "0 as text": "0", "0": 0}
    )
    tokens = {
        f"{name} = {label}": good.with_claims(**{name: value}) for label, value in values.items()
    }
    return await rejects_each(session, tokens)


async def nobody(session: Session) -> str:
    good = session.good
    name = subject_of(good)
    if isinstance(good.claims[name], int):
        return await rejects_each(session, {"": good.with_claims(**{name: int(NOBODY)})})
    gone = {
        "an unknown number": NOBODY,
        "an unknown name": "nobody-here@email.com",
        "an unknown uuid": "00000000-0000-4000-8000-00000000dead",
    }
    tokens = {f"{name} = {label}": good.with_claims(**{name: text}) for label, text in gone.items()}
    return await rejects_each(session, tokens)


async def odd_jti(session: Session) -> str:
    """Where the server's tokens have no jti, it need not read one; a crash is a fault all the same."""
    good = session.good
    values: dict[str, Any] = {"7": 7, "null": None, "[]": [], "{}": {}}
    if "jti" in good.claims:
        for label, value in values.items():
            await session.refuses(good.with_claims(jti=value), f"jti = {label}")
        return "all rejected"
    unread = False
    for label, value in {"7": 7, "[]": []}.items():
        request = session.request(good.with_claims(jti=value))
        answer = await session.send(request)
        session.sound(request, answer, f"jti = {label}")
        unread = unread or succeeded(answer)
    if unread:
        raise NotRun("the tokens here have no jti, and the server does not read jti")
    return "all rejected"


def no_jti(good: Good) -> dict[str, str]:
    needs(good, "jti")
    return {"": good.with_claims(jti=MISSING)}


async def other_audience(session: Session) -> str:
    """Where the server's tokens name an audience, a token for another one is a hole; where they name none, RFC 7519 §4.1.3 is broken."""
    good = session.good
    other = "https://another-service.example"
    tokens = {
        "another": good.with_claims(aud=other),
        "a list of others": good.with_claims(aud=[other, f"{other}/2"]),
    }
    aud = good.claims.get("aud")
    if isinstance(aud, str):
        tokens |= {label: good.with_claims(aud=text) for label, text in almost(aud).items()}
    elif isinstance(aud, list) and aud and isinstance(aud[0], str):
        tokens |= {label: good.with_claims(aud=[text]) for label, text in almost(aud[0]).items()}
    seen = []
    for label, token in tokens.items():
        try:
            seen.append(await session.refuses(token, label))
        except Broken as broken:
            if broken.severity is None and "aud" not in good.claims:
                raise Broken(str(broken), MUST) from None
            raise
    return ", ".join(dict.fromkeys(seen))


def almost(name: str) -> dict[str, str]:
    """Names that a comparison of a beginning, an end or a part takes for this one."""
    return {
        "ours without the last letter": name[:-1],
        "ours without the first letter": name[1:],
        "ours with more text after it": f"{name}.attacker.example",
        "ours at the end of another": f"https://attacker.example/{name}",
    }


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


async def other_issuer(session: Session) -> str:
    """With a shared secret anyone signs as any issuer; a private key is one issuer's, so there a MUST is broken and nobody gets access."""
    good = session.good
    needs(good, "iss")
    tokens = {"another": good.with_claims(iss="https://another-issuer.example")}
    if isinstance(good.claims["iss"], str):
        tokens |= {
            label: good.with_claims(iss=text) for label, text in almost(good.claims["iss"]).items()
        }
    severity = HOLE if good.alg in HASHES else MUST
    seen = [await session.rejects(token, label, severity) for label, token in tokens.items()]
    return ", ".join(dict.fromkeys(seen))


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


async def other_kind(session: Session) -> str:
    """A token of the same issuer that is meant for something else: told apart by `typ`, or by a claim some libraries use.

    A refresh token that opens is a hole; a kind this server never issues is no more than a question that was not asked.
    """
    good = session.good
    typ = good.header.get("typ")
    if isinstance(typ, str) and typ.upper() != "JWT":
        for kind in ("JWT", "rt+jwt", "logout+jwt"):
            seen = await session.rejects(good.with_header(typ=kind), kind, MUST)
        return seen
    for name in ("token_type", "type", "token_use"):
        if isinstance(good.claims.get(name), str):
            refresh, other = good.with_claims(**{name: "refresh"}), good.with_claims(**{name: "id"})
            await session.rejects(refresh, f"{name} = refresh", HOLE)
            return await session.rejects(other, f"{name} = id", HYGIENE)
    raise NotRun(
        "the tokens here do not name their kind, neither in the header (typ) nor in a claim"
    )


def no_kind(good: Good) -> dict[str, str]:
    typ = good.header.get("typ")
    if not isinstance(typ, str) or typ.upper() == "JWT":
        raise NotRun(
            "the header of the tokens here does not name their kind: typ is JWT or missing"
        )
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
        "not JSON": b"{",
        "nothing": b"",
        "not UTF-8": b'{"sub":"\xff"}',
    }
    return {label: good.with_payload(payload) for label, payload in payloads.items()}


async def twice(session: Session) -> str:
    """The subject named twice, first rightly. To reject is right, to read the last is allowed (RFC 7519 §4), to read the first is not."""
    good = session.good
    name = subject_of(good)
    last = encode({name: int(NOBODY) if isinstance(good.claims[name], int) else NOBODY})
    return await rejects_each(
        session, {"": good.with_payload(encode(good.claims)[:-1] + b"," + last[1:])}
    )


def nested(good: Good) -> dict[str, str]:
    return {"a claim": good.with_raw_claim("x", "[" * 1200 + "]" * 1200)}


PROBES = (
    signed(
        "no-subject", "without the claim that names the user", "RFC 8725 §3.8",
        "The server must not guess which user a token is for.", no_subject, runs=True,
    ),
    signed(
        "odd-subject", "with a subject of the wrong type", "RFC 7519 §4.1.2",
        "sub is a string. The number 1, true and the list [1] are not strings.", odd_subject, MUST, runs=True,
    ),
    signed(
        "falsy-subject", "with a subject such as 0 or an empty text", "RFC 8725 §3.8",
        "Code such as `if value:` treats these values as missing. It then applies no filter and returns the first user.", falsy_subject, runs=True,
    ),
    signed(
        "user-gone", "with the id of a user who does not exist", "RFC 8725 §3.8",
        "A user may have been deleted since the token was issued. The server must reject the token and must not crash.", nobody, runs=True,
    ),
    signed(
        "odd-jti", "with a jti that is not a string", "RFC 7519 §4.1.7",
        "The server looks up jti in its denylist. A list or an object can make this look-up crash.", odd_jti, MUST, runs=True,
    ),
    signed(
        "no-jti", "without its jti", "RFC 7519 §4.1.7",
        "A denylist contains ids. A token without an id cannot be put on it.", no_jti, HYGIENE,
    ),
    signed(
        "other-audience", "with an aud that names another service", "RFC 7519 §4.1.3, RFC 8725 §3.9",
        "A token for one service must not be accepted by another service.", other_audience, runs=True,
    ),
    signed(
        "no-audience", "without its aud", "RFC 8725 §3.9",
        "If the server's tokens contain aud, a token without aud was not made for this server.", no_audience, MUST,
    ),
    signed(
        "odd-audience", "with an aud of the wrong type", "RFC 7519 §4.1.3",
        "aud is a string or a list of strings.", odd_audience, MUST,
    ),
    signed(
        "other-issuer", "with the iss of another issuer", "RFC 8725 §3.8",
        "If two issuers share a key, only iss separates their tokens. The server must compare the whole iss.", other_issuer, runs=True,
    ),
    signed(
        "no-issuer", "without its iss", "RFC 8725 §3.8",
        "If the server's tokens contain iss, a token without iss is from another issuer.", no_issuer, MUST,
    ),
    signed(
        "odd-issuer", "with an iss that is not a string", "RFC 7519 §4.1.1",
        "iss is a string. Code such as `issuer in claims['iss']` also accepts a list that contains the right issuer.", odd_issuer, MUST,
    ),
    signed(
        "other-kind", "changed to a token of another kind", "RFC 8725 §2.8, §3.11",
        "The same issuer also signs refresh tokens and ID tokens. The server must not accept them as access tokens.", other_kind, runs=True,
    ),
    signed(
        "no-kind", "without its typ", "RFC 8725 §3.11",
        "If typ may be missing, it cannot separate one kind of token from another.", no_kind, MUST,
    ),
    signed(
        "no-claims", "with a payload that is not a JSON object", "RFC 7519 §7.2",
        "A valid signature says who made the token, not that its payload makes sense.", no_claims, MUST,
    ),
    signed(
        "named-twice", "with two subjects: the right user first, then an unknown one", "RFC 7519 §4",
        "One program may read the first subject and another the last. Then they see two different users.", twice, MUST, runs=True,
    ),
    Probe(
        "nested", "the good token with a claim nested 1,200 levels deep; its signature is valid", "401 invalid_token or 200", "RFC 8259 §9",
        "Some parsers crash on deep nesting. The server must not crash.", unharmed((200, 400, 401), nested), secret=True,
    ),
)  # fmt: skip
