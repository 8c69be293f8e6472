"""Attacks that no lesson shows; seven of them break a rule of a lesson in a new way. All but two need the secret."""

from __future__ import annotations

from ..answers import succeeded
from ..expectations import needs, signed
from ..forge import MISSING, Good, assemble, encode
from ..http_client import Request
from ..model import HYGIENE, MUST, Broken, NotRun, Probe
from ..session import Session

YEAR = 365 * 24 * 3600  # seconds


def lives_for_a_year(good: Good) -> dict[str, str]:
    """Every time in it is a valid number, and the key is right: somebody set the lifetime in the wrong unit."""
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
            raise Broken(f"{label}: {answer.status}, accepted")
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
    signed(
        "year-long", "with an exp that is a year later", "RFC 6750 §5.3",
        "An attacker who steals this token can use it for a year. The server must limit the lifetime.", lives_for_a_year, HYGIENE,
    ),
    signed(
        "lookalike-exp", "without exp, and with a claim whose name looks similar, such as EXP", "RFC 7519 §7.3",
        "Names of claims are compared character by character. EXP is not exp, so this token never expires.", lookalike_names, HYGIENE,
    ),
    signed(
        "almost-the-user", "with a subject that is almost the right one, such as the id with a space before it", "RFC 7519 §4.1.2",
        "The server must compare the subject character by character.", almost_the_user,
    ),
    signed(
        "b64-false", "with b64 false in its header, and with the name b64 in the list crit", "RFC 7797 §7",
        "b64 is an extension: if it is false, the payload is not in base64url. A server that does not know an extension in crit must reject the token.",
        payload_not_encoded, MUST,
    ),
    signed(
        "never-good", "with an nbf that is an hour after its exp", "RFC 7519 §4.1.5",
        "This token expires before it becomes valid, so there is no time at which it is valid.", ends_before_it_begins, MUST,
    ),
    Probe(
        "own-scopes", "the good token with more permissions: scope, role and is_admin; its signature is valid", "403 or 401", "OWASP ASVS 5.0 V8.2.1",
        "The server must look up the permissions of a user in its own data. It may accept this token, but it must not give the user more permissions.",
        scopes_of_its_own, secret=True,
    ),
    Probe(
        "token-elsewhere", "the good token in a cookie, then in a header other than Authorization", "401", "RFC 6750 §2",
        "A browser sends a cookie automatically, so another website can make the browser send it. "
        "And a server that reads tokens in two places can get two different ones.", token_elsewhere, severity=HYGIENE,
    ),
    signed(
        "other-encoding", "with a payload in UTF-16, then in UTF-8 with a byte order mark (three extra bytes at the beginning)", "RFC 8725 §3.7",
        "The JSON in a token must be UTF-8. Two programs that guess the encoding may read different claims.", other_encodings, MUST,
    ),
    signed(
        "token-in-token", "as the payload of another token", "RFC 7519 §5.2",
        "The outer signature says who wrote the outer token. It does not verify the claims of the inner token.",
        token_in_a_token, MUST,
    ),
    Probe(
        "proxy-headers", "headers that a proxy could set, such as X-Forwarded-User, and no token", "401", "RFC 9110 §11.6.2",
        "Any client can set these headers, so they do not prove who the user is.", said_by_headers,
    ),
)  # fmt: skip
