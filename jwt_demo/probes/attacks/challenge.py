"""A client that is rejected is told what to send: 401 with `WWW-Authenticate: Bearer` (RFC 6750 §3)."""

from __future__ import annotations

from ..answers import describe, status_of, succeeded
from ..forge import MISSING
from ..http_client import Answer
from ..model import HYGIENE, MUST, Broken, NotRun, Probe
from ..session import Session
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
    session.needs_bearer()
    seen = []
    for value in ("Basic dXNlckBlbWFpbC5jb206cGFzc3dvcmQ=", "Digest username=user", "Nonsense abc"):
        answer = await session.ask(headers=(("Authorization", value),))
        seen.append(bare(session, answer, value.partition(" ")[0]))
    return seen[-1]


def bare(session: Session, answer: Answer, label: str) -> str:
    """401 and a Bearer challenge that names no error: nothing was wrong, something is missing."""
    where = f"{label}: " if label else ""
    session.sound(session.request(), answer, label)
    if succeeded(answer):
        raise Broken(f"{where}{answer.status}, accepted")
    if answer.status != 401:
        raise Broken(f"{where}{answer.status}", HYGIENE)
    if not session.bearer:
        return "401"
    challenge = bearer_challenge(answer.header("WWW-Authenticate"))
    if challenge is None:
        raise Broken(f"{where}401 without a Bearer challenge", MUST)
    if "error" in challenge:
        raise Broken(f"{where}{describe(answer)}, where no error code belongs", HYGIENE)
    return "401, a bare challenge"


async def nothing_after_bearer(session: Session) -> str:
    session.needs_bearer()
    if not session.scheme:
        raise NotRun("no scheme is used here")
    request = session.request(headers=(("Authorization", session.scheme),))
    return session.refused(request, await session.send(request), allow=(400, 401), challenge=False)


async def not_a_token(session: Session) -> str:
    for label, text in NOT_TOKENS.items():
        request = session.request(text)
        answer = await session.send(request)
        session.sound(request, answer, label)
        if succeeded(answer):
            raise Broken(f"{label}: {answer.status}, accepted")
        if answer.status != 401:
            raise Broken(f"{label}: {describe(answer)}", HYGIENE)
        if not session.bearer:
            continue
        challenge = bearer_challenge(answer.header("WWW-Authenticate"))
        if challenge is None:
            raise Broken(f"{label}: 401 without a Bearer challenge", MUST)
        if challenge.get("error") != "invalid_token":
            raise Broken(
                f"{label}: {describe(answer)}, the error code is not invalid_token", HYGIENE
            )
    return describe(answer)


async def too_little_scope(session: Session) -> str:
    """403 to a token that is good and does not reach that far (RFC 6750 §3.1)."""
    request = session.request(session.good.text, path=session.scope_path)
    answer = await session.send(request)
    if answer.status in (404, 405):
        raise NotRun(
            f"{answer.status}: there is nothing at {session.scope_path}; use --scope-path to give a path that is forbidden for this user"
        )
    session.sound(request, answer)
    await guarded(session)
    if succeeded(answer):
        raise Broken(f"{answer.status}, accepted")
    if answer.status != 403:
        raise Broken(describe(answer), HYGIENE)
    if (
        session.bearer
        and (bearer_challenge(answer.header("WWW-Authenticate")) or {}).get("error")
        != "insufficient_scope"
    ):
        raise Broken("403 without insufficient_scope", HYGIENE)
    return describe(answer)


async def no_scope(session: Session) -> str:
    """The good token with its scope taken out, asked for what even its user may not do: still no."""
    request = session.request(session.good.with_claims(scope=MISSING), path=session.scope_path)
    answer = await session.send(request)
    if answer.status in (404, 405):
        raise NotRun(
            f"{answer.status}: there is nothing at {session.scope_path}; use --scope-path to give a path that is forbidden for this user"
        )
    await guarded(session)
    return session.refused(request, answer, allow=(401, 403), challenge=False)


async def guarded(session: Session) -> None:
    """NotRun if every client is accepted, or redirected: then this address needs no right."""
    answer = await session.ask(path=session.scope_path)
    if answer.status is not None and answer.status < 400:
        raise NotRun(f"{answer.status} without a token: {session.scope_path} asks for no right")


async def other_methods(session: Session) -> str:
    await not_open_to_all(session)
    for method in ("HEAD", "POST", "PUT", "PATCH", "DELETE"):
        request = session.request(method=method)
        answer = await session.send(request)
        if answer.status == 501:
            continue
        session.sound(request, answer, method)
        if succeeded(answer):
            raise Broken(f"{method}: {answer.status}, accepted")
    return "no method accepted"


async def other_spellings(session: Session) -> str:
    """A guard that compares paths as text, and a router that reads them, may read two things. A redirect to the right spelling is no fault."""
    await not_open_to_all(session)
    anything = await session.ask(path="/no/such/path")
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
        if succeeded(answer) and not (succeeded(anything) and same_page(answer, anything)):
            raise Broken(f"{spelling}: {answer.status}, accepted")
    return "no spelling accepted"


def same_page(one: Answer, other: Answer) -> bool:
    """A page that is given for every address, as a front end does, is not the protected one."""
    return status_of(one) == other.status and (
        one.body == other.body or "html" in "".join(one.header("Content-Type"))
    )


async def not_open_to_all(session: Session) -> None:
    if succeeded(await session.ask()):
        raise NotRun(f"{session.path} accepts everybody as it is, see no-token")


PROBES = (
    Probe(
        "no-token", "a request without a token", "401 with a Bearer challenge and no error code", "RFC 6750 §3.1",
        "The client did nothing wrong: it only sent no token. The challenge tells it to send one.", no_token,
    ),
    Probe(
        "other-scheme", "Authorization headers with Basic, Digest and an unknown scheme", "401 with a Bearer challenge and no error code",
        "RFC 6750 §3.1",
        "A header with another scheme contains no Bearer token. The challenge tells the client which scheme to use.", other_scheme,
    ),
    Probe(
        "bearer-alone", "an Authorization header with the word Bearer and no token", "401 or 400", "RFC 6750 §3.1",
        "Any client can send an incomplete header. The server must reject the request and must not crash.", nothing_after_bearer,
    ),
    Probe(
        "not-a-token", "texts that are not tokens", "401 invalid_token", "RFC 6750 §3.1",
        "A client that gets invalid_token can fetch a new token. A 400 or a 500 does not tell the client what to do.", not_a_token,
    ),
    Probe(
        "too-little-scope", "the good token, to a path for which its user lacks the permission", "403 insufficient_scope", "RFC 6750 §3.1",
        "The server knows the user, and this user lacks the permission. After a 401 the client would log in again, and that would not help.",
        too_little_scope,
    ),
    Probe(
        "no-scope", "the good token without its scope, to a path for which its user lacks the permission; its signature is valid",
        "403 or 401", "RFC 6750 §3.1",
        "A token without a scope gives no permission.", no_scope, secret=True,
    ),
    Probe(
        "other-methods", "HEAD, POST, PUT, PATCH and DELETE requests without a token", "never 2xx", "RFC 9110 §9.3.2",
        "If the server checks the token only for GET, it accepts the other methods without a token.", other_methods,
    ),
    Probe(
        "other-spellings", "requests without a token, to other spellings of the protected path", "never 2xx", "RFC 3986 §6.2.2",
        "The check may compare paths as text, while the router decodes them. Then another spelling reaches the page without the check.",
        other_spellings,
    ),
)  # fmt: skip
