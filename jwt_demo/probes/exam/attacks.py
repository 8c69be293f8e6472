"""Attacks that no lesson shows. Each is the rule of a lesson in another dress; all but a few need the secret."""

from __future__ import annotations

from ..expectations import needs, signed
from ..forge import MISSING, Good, assemble, encode
from ..http_client import Request
from ..model import Broken, NotRun, Probe
from ..session import Session, succeeded

YEAR = 365 * 24 * 3600  # seconds


def lives_for_a_year(good: Good) -> dict[str, str]:
    """Every time in it is a lawful number, and the key is right: somebody set the lifetime in the wrong unit."""
    needs(good, "exp")
    return {"": good.with_claims(exp=int(good.claims["exp"]) + YEAR)}


def lookalike_names(good: Good) -> dict[str, str]:
    """`exp` with a Cyrillic letter, or in capitals, is another name: the token has no end."""
    needs(good, "exp")
    end = good.claims["exp"]
    return {
        "a Cyrillic e": good.with_claims(**{"exp": MISSING, "\u0435xp": end}),
        "capitals": good.with_claims(**{"exp": MISSING, "EXP": end}),
        "a space": good.with_claims(**{"exp": MISSING, "exp ": end}),
    }


def almost_the_user(good: Good) -> dict[str, str]:
    """What a lenient look-up takes for the right subject: spaces, a zero in front, other digits, a NUL behind it."""
    needs(good, "sub")
    sub = str(good.claims["sub"])
    spelled = {
        "a space in front": f" {sub}",
        "a space behind": f"{sub} ",
        "a NUL behind": f"{sub}\0",
        "a zero in front": f"0{sub}",
    }
    wide = sub.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    if wide != sub:
        spelled["full-width digits"] = wide
    return {label: good.with_claims(sub=text) for label, text in spelled.items()}


def other_encodings(good: Good) -> dict[str, str]:
    """JSON in UTF-16, or with a byte order mark: some readers take it, and then two readers see two tokens (RFC 8725 §3.7)."""
    text = encode(good.claims).decode("utf-8")
    return {
        "UTF-16": good.with_payload(text.encode("utf-16")),
        "a byte order mark": good.with_payload(b"\xef\xbb\xbf" + text.encode("utf-8")),
    }


def token_in_a_token(good: Good) -> dict[str, str]:
    """A nested JWT, whose payload is the good token: the outer signature says nothing about the inner claims (RFC 7519 §5.2)."""
    return {"": assemble({**good.header, "cty": "JWT"}, good.text.encode("ascii"), good.signer)}


def payload_not_encoded(good: Good) -> dict[str, str]:
    """`b64: false` with its `crit`: the payload stands there as it is, for those who understand RFC 7797. You do not."""
    return {"": good.with_header(b64=False, crit=["b64"])}


def ends_before_it_begins(good: Good) -> dict[str, str]:
    """`nbf` after `exp`: there is no moment at which this token was ever good."""
    needs(good, "exp")
    return {"": good.with_claims(nbf=int(good.claims["exp"]) + 3600)}


async def scopes_of_its_own(session: Session) -> str:
    """The token says that it reaches everything; the user's rights are in the server's own hands."""
    seen = []
    for label, scope in {
        "text": "profile admin",
        "a list": ["profile", "admin"],
        "a star": "*",
    }.items():
        request = session.request(
            session.good.with_claims(scope=scope, scopes=scope, role="admin", is_admin=True),
            path=session.scope_path,
        )
        answer = await session.send(request)
        session.sound(request, answer, label)
        if answer.status == 404:
            raise NotRun(f"nothing is at {session.scope_path}")
        if succeeded(answer):
            raise Broken(f"{label}: {answer.status}, let in")
        seen.append(str(answer.status))
    return ", ".join(dict.fromkeys(seen))


async def said_by_headers(session: Session) -> str:
    """Headers that a proxy of the house would set, set by a stranger."""
    claims = (
        "X-Forwarded-User",
        "X-Remote-User",
        "X-User",
        "X-Authenticated-User",
        "X-User-Id",
        "Remote-User",
    )
    ways = (
        ("X-HTTP-Method-Override", "OPTIONS"),
        ("X-Original-URL", "/"),
        ("X-Rewrite-URL", "/"),
        ("X-Forwarded-For", "127.0.0.1"),
    )
    headers = (*((name, session.email) for name in claims), *ways)
    request = session.request(headers=headers)
    return session.refused(
        request, await session.send(request), challenge=False, allow=(400, 401, 403)
    )


async def token_elsewhere(session: Session) -> str:
    """The good token in places that nobody asked for it. A cookie that is believed brings CSRF with it, a body ends up in logs."""
    good = session.good.text
    seen = []
    cookies = "; ".join(f"{name}={good}" for name in ("token", "access_token", "jwt", "session"))
    places = {
        "a cookie": (("Cookie", cookies),),
        "a header of its own": (("X-Access-Token", good), ("X-Authorization", f"Bearer {good}")),
    }
    for label, headers in places.items():
        request = Request("GET", session.path, headers, token=good)
        seen.append(
            session.refused(
                request, await session.send(request), label, challenge=False, allow=(400, 401, 403)
            )
        )
    return ", ".join(dict.fromkeys(seen))


ATTACKS: tuple[Probe, ...] = (
    signed("year-long", "with its end a year later", "RFC 6750 §5.3", "It is a password that nobody can change.", lives_for_a_year),
    signed("lookalike-exp", "with a name that looks like exp", "RFC 7519 §7.3", "Names are compared as they stand: it has no exp.", lookalike_names),
    signed("almost-the-user", "with a subject that is almost right", "RFC 7519 §4.1.2", "A subject is compared as it stands.", almost_the_user),
    signed("other-encoding", "in another encoding of text", "RFC 8725 §3.7", "JSON in a token is UTF-8, and nothing else.", other_encodings),
    signed("token-in-token", "as the payload of another", "RFC 7519 §5.2", "The outer signature vouches for a text, not for claims in it.", token_in_a_token),
    signed("b64-false", "with b64 false and its crit", "RFC 7797 §7", "What crit names must be understood or the token refused.", payload_not_encoded),
    signed("never-good", "with nbf after exp", "RFC 7519 §4.1.5", "There is no moment at which it was good.", ends_before_it_begins),
    Probe(
        "own-scopes", "the good token with rights it gave itself, signed rightly", "403 or 401", "OWASP ASVS 5.0 V8.2.1",
        "What a user may do is looked up where the server keeps it.", scopes_of_its_own, secret=True,
    ),
    Probe(
        "proxy-headers", "headers that name a user, and no token", "401", "RFC 9110 §11.6.2",
        "Headers that anybody can set prove nothing.", said_by_headers,
    ),
    Probe(
        "token-elsewhere", "the good token in a cookie, or in a header of its own", "401", "RFC 6750 §2",
        "A credential that a browser sends by itself can be made to be sent.", token_elsewhere,
    ),
)  # fmt: skip
