"""The same token by other ways, in other dress, and requests that are odd as HTTP."""

from __future__ import annotations

from ...tokens.anatomy import encode_segment
from ..answers import describe, error_of, succeeded
from ..expectations import REFUSED, forged
from ..forge import PLACE, Good, changed, encode
from ..http_client import Answer, Request
from ..issued import cookies_of
from ..model import HYGIENE, MUST, Broken, NotRun, Probe
from ..session import Session
from .challenge import not_open_to_all

AIOHTTP_SAYS = "bytes when reading"  # aiohttp's parser, before any application: it repeats the beginning of an over-long line


async def scheme_in_any_case(session: Session) -> str:
    session.needs_bearer()
    if not session.scheme:
        raise NotRun("no scheme is used here")
    for scheme in (session.scheme.lower(), session.scheme.upper()):
        request = session.request(headers=(("Authorization", f"{scheme} {session.good.text}"),))
        answer = await session.send(request)
        session.sound(request, answer, scheme)
        if not succeeded(answer):
            raise Broken(f"{scheme}: {describe(answer)}", HYGIENE)
    return "200"


QUERY_NAMES = ("access_token", "token", "jwt", "auth_token", "authToken", "accessToken", "id_token", "auth", "authorization", "bearer", "key")  # fmt: skip
COOKIE_NAMES = ("token", "access_token", "jwt", "session", "auth", "auth_token", "accessToken", "access_token_cookie", "id_token", "Authorization")  # fmt: skip


async def token_in_address(session: Session) -> str:
    await not_open_to_all(session)
    name, answer = await opens(session, in_query(session))
    if name:
        raise Broken(f"?{name}=: {answer.status}, accepted")
    return f"{describe(answer)}, under {len(in_query(session))} names"


async def two_ways(session: Session) -> str:
    """The header and one other way, where that way alone opens: else there is only one way, and nothing to choose."""
    await not_open_to_all(session)
    good = session.good.text
    ways = in_cookies(session) if session.bearer else {}
    for label, request in {**in_query(session), **ways}.items():
        alone = await session.send(request)
        session.sound(request, alone)
        if not succeeded(alone):
            continue
        both = Request("GET", request.path, (*session.carrying(good), *request.headers), token=good)
        answer = await session.send(both)
        session.sound(both, answer)
        if answer.status != 400 or error_of(answer) not in (None, "invalid_request"):
            raise Broken(f"{label} and a header: {describe(answer)}")
    answer = await session.ask(good, path=f"{session.path}?access_token={good}")
    if answer.status == 400:
        return describe(answer)
    return f"only one way is read, of {len(in_query(session))} names in the URL and {len(ways)} cookies"


async def opens(session: Session, requests: dict[str, Request]) -> tuple[str, Answer]:
    """The first of these requests that is accepted, else the last response."""
    answer = Answer()
    for label, request in requests.items():
        answer = await session.send(request)
        session.sound(request, answer)
        if succeeded(answer):
            return label, answer
    return "", answer


def in_query(session: Session) -> dict[str, Request]:
    """The good token in the address, each time under another name."""
    good, mark = session.good.text, "&" if "?" in session.path else "?"
    return {
        name: Request("GET", f"{session.path}{mark}{name}={good}", token=good)
        for name in dict.fromkeys((*QUERY_NAMES, *session.own_names()))
    }


def in_cookies(session: Session) -> dict[str, Request]:
    """The good token in a cookie, under the names that are common and those the login sets."""
    good = session.good.text
    names = dict.fromkeys((*COOKIE_NAMES, *session.own_names(), *cookies_of(session.first_login)))
    return {
        f"cookie {name}": Request("GET", session.path, (("Cookie", f"{name}={good}"),), token=good)
        for name in names
    }


async def two_headers(session: Session) -> str:
    session.needs_bearer()
    good = session.credentials(session.good.text)
    bad = session.credentials("bm90LWEtaGVhZGVy.bm90LWNsYWltcw.bm90LWEtc2lnbmF0dXJl")
    seen = []
    for label, values in {
        "good and bad": (good, bad),
        "bad and good": (bad, good),
        "good and Basic": (good, "Basic dXNlcjpwYXNz"),
    }.items():
        request = session.request(headers=tuple(("Authorization", value) for value in values))
        answer = await session.send(request)
        session.sound(Request("", "", token=session.good.text), answer, label)
        if answer.status not in (400, 401):
            raise Broken(f"{label}: {describe(answer)}", HYGIENE)
        seen.append(str(answer.status))
    return ", ".join(dict.fromkeys(seen))


async def not_ascii(session: Session) -> str:
    """Octets over 127 reach a handler as characters that no encoder takes; PyJWT then raises what is no PyJWTError."""
    session.needs_bearer()
    seen = []
    good = session.credentials(session.good.text).encode("ascii")
    values = {
        "after the token": good + b"\xff",
        "instead of the token": session.credentials("\xff").encode("latin-1"),
        "UTF-8": good + "é".encode(),
    }
    for label, value in values.items():
        request = Request("GET", session.path, (("Authorization", value),), token=session.good.text)
        answer = await session.send(request)
        if succeeded(answer) and label != "instead of the token":
            session.sound(request, answer, label)
            raise Broken(
                f"{label}: {answer.status}, accepted", HYGIENE
            )  # the good token, respelled
        seen.append(session.refused(request, answer, label, allow=(400, 401), challenge=False))
    return ", ".join(dict.fromkeys(seen))


async def long_token(session: Session) -> str:
    """A header beyond what servers read; the good token stands first in it, so that an echo of the beginning shows."""
    good, seen = session.good, []
    for size in (6_000, 20_000):
        token = good.with_parts(header=changed(good.header, {"x": "x" * size}))
        request = session.request(token)
        answer = await session.send(request)
        if is_aiohttp_itself(answer):
            raise NotRun(
                f"{answer.status} by aiohttp itself, before the application, with the beginning of the header in it; max_field_size moves that limit"
            )
        seen.append(
            session.refused(
                request, answer, f"{size:,} bytes", allow=(400, 401, 413, 431), challenge=False
            )
        )
    return ", ".join(dict.fromkeys(seen))


def is_aiohttp_itself(answer: Answer) -> bool:
    return (
        answer.status == 400
        and "aiohttp" in "".join(answer.header("Server"))
        and AIOHTTP_SAYS in answer.text
    )


def nested_header(good: Good) -> dict[str, str]:
    """A header is read before its signature is checked, so anybody may send one that is nested without end."""
    header = encode({**good.header, "x": PLACE}).replace(encode(PLACE), b"[" * 2000 + b"]" * 2000)
    return {"": ".".join((encode_segment(header), *good.text.split(".")[1:]))}


async def odd_requests(session: Session) -> str:
    """What any client may send; no response is a crash or a dropped connection."""
    for label, request in {
        "an unknown method": Request("BREW", session.path),
        "a body on GET": Request(
            "GET", session.path, (("Content-Type", "application/json"),), b"{"
        ),
        "an unknown path": Request("GET", "/no/such/path"),
        "a broken escape": Request("GET", f"{session.path}?x=%zz%ff"),
        "bytes in the URL": Request("GET", f"{session.path}?x=%00%ff"),
        "an invalid cookie": Request("GET", session.path, (("Cookie", b"session=\xff; =; a"),)),
        "multipart without a boundary": Request(
            "POST", session.path, (("Content-Type", "multipart/form-data"),), b"--"
        ),
        "an unknown expectation": Request("GET", session.path, (("Expect", "a-miracle"),)),
    }.items():
        answer = await session.send(request)
        if answer.status in (501, 505):
            continue
        if answer.status and 300 <= answer.status < 400:
            continue
        session.sound(request, answer, label)
    return "no crash"


PROBES = (
    Probe(
        "scheme-case", "the good token after the scheme bearer, then after BEARER", "200", "RFC 9110 §11.1",
        "The name of a scheme is case-insensitive, so both spellings are right.", scheme_in_any_case, severity=HYGIENE,
    ),
    Probe(
        "token-in-address", "the good token in the URL, and no Authorization header", "400 or 401", "RFC 9700 §4.3.2",
        "URLs are stored in logs and browser histories, and are sent in Referer headers.", token_in_address, severity=MUST,
    ),
    Probe(
        "two-ways", "the good token in two places, each of which the server accepts alone", "400 invalid_request", "RFC 6750 §2, §3.1",
        "If a request contains two tokens, a proxy and the server may use different ones.", two_ways, severity=HYGIENE,
    ),
    Probe(
        "two-headers", "two Authorization headers in one request", "400 or 401", "RFC 9110 §5.3",
        "A proxy may read the first header and the server the last, or the other way round.", two_headers,
    ),
    Probe(
        "not-ascii", "a token with bytes above 127", "401 or 400", "RFC 6750 §2.1",
        "Such bytes become characters that can crash a later encoding step.", not_ascii,
    ),
    Probe(
        "long-token", "a token of 8 kB, then one of 26 kB", "401, 400, 413 or 431", "RFC 6585 §5",
        "Any client can send such a token. The server must reject it, and must not repeat it in the response.", long_token,
    ),
    Probe(
        "nested-header", "the good token with a header nested 2,000 levels deep", REFUSED, "RFC 8259 §9",
        "The server reads the header before it verifies the signature, so anybody can send this.", forged(nested_header),
    ),
    Probe(
        "odd-requests", "unusual methods, bodies, URLs and cookies", "never 5xx, never a dropped connection", "RFC 9110 §15.6",
        "A crash shows an attacker that the server does not handle this input.", odd_requests,
    ),
)  # fmt: skip
