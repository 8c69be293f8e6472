"""The same token by other ways, in other dress, and requests that are odd as HTTP."""

from __future__ import annotations

from ...tokens.anatomy import encode_segment
from ..expectations import REFUSED, forged
from ..forge import PLACE, Good, changed, encode
from ..http_client import Answer, Request
from ..model import Broken, NotRun, Probe
from ..session import Session, describe, succeeded
from ..www_authenticate import bearer_challenge
from .challenge import not_open_to_all

AIOHTTP_SAYS = "bytes when reading"  # aiohttp's parser, before any application: it repeats the beginning of an over-long line


async def scheme_in_any_case(session: Session) -> str:
    if not session.scheme:
        raise NotRun("no scheme is used here")
    for scheme in (session.scheme.lower(), session.scheme.upper()):
        request = session.request(headers=(("Authorization", f"{scheme} {session.good.text}"),))
        answer = await session.send(request)
        session.sound(request, answer, scheme)
        if not succeeded(answer):
            raise Broken(f"{scheme}: {describe(answer)}")
    return "200"


async def token_in_address(session: Session) -> str:
    await not_open_to_all(session)
    request = Request(
        "GET",
        f"{session.path}?access_token={session.good.text}&token={session.good.text}",
        token=session.good.text,
    )
    answer = await session.send(request)
    session.sound(request, answer)
    if succeeded(answer):
        raise Broken(f"{answer.status}, let in")
    return describe(answer)


async def two_ways(session: Session) -> str:
    good = session.good.text
    request = session.request(good, path=f"{session.path}?access_token={good}")
    answer = await session.send(request)
    session.sound(request, answer)
    if (
        answer.status != 400
        or (bearer_challenge(answer.header("WWW-Authenticate")) or {}).get(
            "error", "invalid_request"
        )
        != "invalid_request"
    ):
        raise Broken(describe(answer))
    return describe(answer)


async def two_headers(session: Session) -> str:
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
            raise Broken(f"{label}: {describe(answer)}")
        seen.append(str(answer.status))
    return ", ".join(dict.fromkeys(seen))


async def not_ascii(session: Session) -> str:
    """Octets over 127 reach a handler as characters that no encoder takes; PyJWT then raises what is no PyJWTError."""
    seen = []
    good = session.credentials(session.good.text).encode("ascii")
    values = {
        "after the token": good + b"\xff",
        "instead of one": session.credentials("\xff").encode("latin-1"),
        "UTF-8": good + "é".encode(),
    }
    for label, value in values.items():
        request = Request("GET", session.path, (("Authorization", value),), token=session.good.text)
        seen.append(
            session.refused(
                request, await session.send(request), label, allow=(400, 401), challenge=False
            )
        )
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
    """What any client may send; no answer is a crash or a dropped connection."""
    for label, request in {
        "an unknown method": Request("BREW", session.path),
        "a body on GET": Request(
            "GET", session.path, (("Content-Type", "application/json"),), b"{"
        ),
        "a path nobody has": Request("GET", "/no/such/path"),
        "a broken escape": Request("GET", f"{session.path}?x=%zz%ff"),
        "bytes in the address": Request("GET", f"{session.path}?x=%00%ff"),
        "an odd cookie": Request("GET", session.path, (("Cookie", b"session=\xff; =; a"),)),
        "an odd type": Request(
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
        "scheme-case", "the good token with bearer and BEARER in front", "200", "RFC 9110 §11.1",
        "The name of a scheme has no case; a client that writes it otherwise is right.", scheme_in_any_case,
    ),
    Probe(
        "token-in-address", "the good token in the address, and no header", "400 or 401", "RFC 9700 §4.3.2",
        "Addresses are kept in logs, histories and Referer headers.", token_in_address,
    ),
    Probe(
        "two-ways", "the good token in the header and in the address", "400 invalid_request", "RFC 6750 §2, §3.1",
        "Two credentials in one request: two readers may choose differently.", two_ways,
    ),
    Probe(
        "two-headers", "two Authorization headers", "400 or 401", "RFC 9110 §5.3",
        "A proxy reads the first and the server the last, or the other way round.", two_headers,
    ),
    Probe(
        "not-ascii", "octets over 127 in the token", "401 or 400", "RFC 6750 §2.1",
        "They decode to characters that crash an encoder further in.", not_ascii,
    ),
    Probe(
        "long-token", "a token of 8 kB and of 26 kB", "401, 400, 413 or 431", "RFC 6585 §5",
        "Somebody sends it; it is refused without being repeated.", long_token,
    ),
    Probe(
        "nested-header", "the good token with its header nested 2,000 deep", REFUSED, "RFC 8259 §9",
        "The header is read before the signature is checked, so anybody can send this.", forged(nested_header),
    ),
    Probe(
        "odd-requests", "methods, bodies, addresses, cookies nobody expects", "never 5xx, never a dropped connection", "RFC 9110 §15.6",
        "A crash is an answer too, and a way to find out more.", odd_requests,
    ),
)  # fmt: skip
