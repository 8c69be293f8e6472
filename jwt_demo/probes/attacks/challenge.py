"""Who is not let in is told how to come in: 401 with `WWW-Authenticate: Bearer` (RFC 6750 §3)."""

from __future__ import annotations

from ..forge import MISSING
from ..http_client import Answer
from ..model import Broken, NotRun, Probe
from ..session import Session, describe, succeeded
from ..www_authenticate import bearer_challenge

NOT_TOKENS = {
    "one word": "abc",
    "three letters": "a.b.c",
    "dots": "..",
    "two segments": "bm90.bm90",
    "five segments": "e30.e30.e30.e30.e30",
    "base64url that is no JSON": "bm90LWEtaGVhZGVy.bm90LWNsYWltcw.bm90LWEtc2lnbmF0dXJl",
    "JSON that is no object": "WzFd.WzFd.c2lnbmF0dXJl",
    "markup": "<b>.<b>.<b>",
}


async def no_token(session: Session) -> str:
    return bare(session, await session.ask(), "")


async def other_scheme(session: Session) -> str:
    seen = []
    for value in ("Basic dXNlckBlbWFpbC5jb206cGFzc3dvcmQ=", "Digest username=user", "Nonsense abc"):
        answer = await session.ask(headers=(("Authorization", value),))
        seen.append(bare(session, answer, value.partition(" ")[0]))
    return seen[-1]


def bare(session: Session, answer: Answer, label: str) -> str:
    """401 and a Bearer challenge that names no error: nothing was wrong, something is missing."""
    where = f"{label}: " if label else ""
    session.sound(session.request(), answer, label)
    if answer.status != 401:
        raise Broken(f"{where}{answer.status}{', let in' if 200 <= answer.status < 300 else ''}")
    challenge = bearer_challenge(answer.header("WWW-Authenticate"))
    if challenge is None:
        raise Broken(f"{where}401 without a Bearer challenge")
    if "error" in challenge:
        raise Broken(f"{where}{describe(answer)}, where no error code belongs")
    return "401, a bare challenge"


async def nothing_after_bearer(session: Session) -> str:
    if not session.scheme:
        raise NotRun("no scheme is used here")
    request = session.request(headers=(("Authorization", session.scheme),))
    return session.refused(request, await session.send(request), allow=(400, 401), challenge=False)


async def not_a_token(session: Session) -> str:
    for label, text in NOT_TOKENS.items():
        request = session.request(text)
        answer = await session.send(request)
        session.sound(request, answer, label)
        if answer.status != 401:
            raise Broken(f"{label}: {describe(answer)}")
        challenge = bearer_challenge(answer.header("WWW-Authenticate"))
        if challenge is None:
            raise Broken(f"{label}: 401 without a Bearer challenge")
        if challenge.get("error") != "invalid_token":
            raise Broken(f"{label}: {describe(answer)}, the error code is not invalid_token")
    return describe(answer)


async def too_little_scope(session: Session) -> str:
    """403 to a token that is good and does not reach that far (RFC 6750 §3.1)."""
    request = session.request(session.good.text, path=session.scope_path)
    answer = await session.send(request)
    if answer.status in (404, 405):
        raise NotRun(
            f"{answer.status}: there is nothing at {session.scope_path}; scope_path names what this user may not do"
        )
    session.sound(request, answer)
    if answer.status != 403:
        raise Broken(f"{describe(answer)}{', let in' if 200 <= answer.status < 300 else ''}")
    if (bearer_challenge(answer.header("WWW-Authenticate")) or {}).get(
        "error"
    ) != "insufficient_scope":
        raise Broken("403 without insufficient_scope")
    return describe(answer)


async def no_scope(session: Session) -> str:
    """The good token with its scope taken out, asked for what even its user may not do: still no."""
    request = session.request(session.good.with_claims(scope=MISSING), path=session.scope_path)
    answer = await session.send(request)
    if answer.status in (404, 405):
        raise NotRun(
            f"{answer.status}: there is nothing at {session.scope_path}; scope_path names what this user may not do"
        )
    return session.refused(request, answer, allow=(401, 403), challenge=False)


async def other_methods(session: Session) -> str:
    await not_open_to_all(session)
    for method in ("HEAD", "POST", "PUT", "PATCH", "DELETE"):
        request = session.request(method=method)
        answer = await session.send(request)
        if answer.status == 501:
            continue
        session.sound(request, answer, method)
        if 200 <= answer.status < 300:
            raise Broken(f"{method}: {answer.status}, let in")
    return "no method let in"


async def other_spellings(session: Session) -> str:
    """A guard that compares paths as text, and a router that reads them, may read two things. A redirect to the right spelling is no fault."""
    await not_open_to_all(session)
    path, last = session.path, f"%{ord(session.path[-1]):02X}"
    for spelling in (
        f"/{path}",
        f"{path}/",
        f"/.{path}",
        f"/x/..{path}",
        path[:-1] + last,
        path.upper(),
        f"{path};x=1",
        f"{path}%2F",
        f"{path}?x=1",
    ):
        request = session.request(path=spelling)
        answer = await session.send(request)
        if answer.status and 300 <= answer.status < 400:
            continue
        session.sound(request, answer, spelling)
        if 200 <= answer.status < 300:
            raise Broken(f"{spelling}: {answer.status}, let in")
    return "no spelling let in"


async def not_open_to_all(session: Session) -> None:
    if succeeded(await session.ask()):
        raise NotRun(f"{session.path} lets everybody in as it is, see no-token")


PROBES = (
    Probe(
        "no-token", "no Authorization at all", "401, Bearer challenge, no error code", "RFC 6750 §3.1",
        "Nothing was wrong, something is missing; the challenge says what.", no_token,
    ),
    Probe(
        "other-scheme", "Authorization with Basic, Digest, nonsense", "401, Bearer challenge, no error code", "RFC 6750 §3.1",
        "Another scheme is no Bearer token, good or bad: the client learns which scheme is wanted.", other_scheme,
    ),
    Probe(
        "bearer-alone", "the word Bearer and no token", "401 or 400", "RFC 6750 §3.1",
        "A header with half of what belongs in it is no reason to crash.", nothing_after_bearer,
    ),
    Probe(
        "not-a-token", "texts that are no token", "401 invalid_token", "RFC 6750 §3.1",
        "A client that sees invalid_token fetches a new token; 400 or a crash tells it nothing.", not_a_token,
    ),
    Probe(
        "too-little-scope", "the good token where it has not the right", "403 insufficient_scope", "RFC 6750 §3.1",
        "The server knows who asks, and says no to what is asked; 401 would send the client to log in again, in vain.", too_little_scope,
    ),
    Probe(
        "no-scope", "the good token without its scope, where it has not the right", "403 or 401", "RFC 6750 §3.1",
        "A right that is not there is a right that is not given.", no_scope, secret=True,
    ),
    Probe(
        "other-methods", "HEAD, POST, PUT, PATCH, DELETE without a token", "never 2xx", "RFC 9110 §9.3.2",
        "A guard on GET alone leaves the other doors open.", other_methods,
    ),
    Probe(
        "other-spellings", "the protected path spelled otherwise, without a token", "never 2xx", "RFC 3986 §6.2.2",
        "A guard that compares texts and a router that decodes them may see two paths.", other_spellings,
    ),
)  # fmt: skip
