"""The services of step 11 behind the server of a check, and the requests that are sent to them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aiohttp import web

from ...server.exchange import Exchange
from ..fixtures import Bench
from ..gateways import behind_aiohttp, through_asgi, through_wsgi
from ..matchers import body_from, challenged, header, raised, refusal, status
from ..model import Case, From, Mistake, Request, Trial, Want

AUDIENCE = "reports"


class Service(Bench):
    """A bench whose tokens look like those of the two libraries: with a kind, an id and an audience beside the usual claims."""

    @functools.cached_property
    def emails(self) -> dict[str, str]:
        """What the application is given; `afterwards_removed` takes a user out of it."""
        return {self.sub: self.user.email, self.admin_sub: self.admin.email}

    def sign(self, key: str | None = None, algorithm: str = "HS256", **claims: Any) -> str:
        usual = {"type": "access", "fresh": False, "jti": self.key[:16], "aud": self.audience}
        return super().sign(key, algorithm, **{**usual, **claims})

    audience: str | None = None
    extended = False  # whether the service was given a JWTManager of Flask-JWT-Extended

    def token(self, name: str) -> str:
        return OF_A_LIBRARY[name](self) if name in OF_A_LIBRARY else super().token(name)


class ServiceWithAudience(Service):
    audience = AUDIENCE


OTHER_SERVICES = (
    "service",
    "report",
    "Reports",
    "reports ",
    "api",
)  # whole names, and none of them ours
OF_A_LIBRARY: dict[str, Callable[[Any], str]] = {
    "refresh": lambda bench: bench.sign(type="refresh"),
    "no audience": lambda bench: bench.sign(aud=None),
    "one of two audiences": lambda bench: bench.sign(aud=["archive", AUDIENCE]),
    "two other audiences": lambda bench: bench.sign(aud=["archive", "service"]),
    "nearly our audience": lambda bench: bench.sign(aud=f"{AUDIENCE}-archive"),
    **{f"audience {name}": functools.partial(Service.sign, aud=name) for name in OTHER_SERVICES},
    "a part of the id": lambda bench: bench.sign(sub=bench.sub[:-1]),
    "a zero and the id": lambda bench: bench.sign(sub=f"0{bench.sub}"),
    "the id and a space": lambda bench: bench.sign(sub=f"{bench.sub} "),
    "more than the id": lambda bench: bench.sign(sub=f"{bench.sub}0"),
    "expired today": lambda bench: bench.sign(exp=bench.now - timedelta(seconds=2)),
}


def on_wsgi(candidate: Any, bench: Any) -> web.Application:
    application = candidate(bench.key, bench.emails)
    bench.extended = "flask-jwt-extended" in getattr(application, "extensions", {})
    return behind_aiohttp(application, through_wsgi)


def on_asgi(candidate: Any, bench: Any) -> web.Application:
    return behind_aiohttp(candidate(bench.key, bench.emails), through_asgi)


def accepted(
    what: str, token: str, owner: str, means: str, *mistakes: Mistake, rejected: str = ""
) -> Case:
    """A token that is good: 200 with the e-mail of its user; `rejected` is said of another status."""
    email: Callable[[Any], Any] = lambda bench: {"user": getattr(bench, owner).email}  # noqa: E731
    wants = (
        status(200, rejected or means),
        body_from(f'{{"user": the e-mail of the {owner}}}', email, means),
    )
    return Case(what, Request("GET", "/get-user", token=token), wants, means, mistakes)


def as_the_expired(trial: Trial) -> bool:
    """Status, headers and body are those that the expired token got."""
    first = next(each for each in trial.earlier if each.case and "expired" in each.case.sent)
    return refusal(trial) == refusal(first)


def rejected(
    what: str, token: str, means: str, *mistakes: Mistake, asked_before: bool = False
) -> Case:
    wants: tuple[Want, ...] = (status(401, means), challenged("invalid_token", CHALLENGE))
    if "expired" in what:
        wants += (
            Want("none of the library's own text", lambda trial: not leaks(trial), means=LEAKS),
        )
    else:
        wants += (AS_THE_EXPIRED,)
    return Case(
        what, Request("GET", "/get-user", token=token), wants, means, mistakes, asked_before
    )


async def afterwards_removed(server: Any, bench: Any) -> Exchange:
    """The administrator's token, after this user was taken out of the dictionary that the application was given."""
    bench.emails.pop(bench.admin_sub, None)
    headers = {"Authorization": f"Bearer {bench.token('admin')}"}
    exchange: Exchange = await server.request("GET", "/get-user", headers=headers)
    return exchange


def another_header(what: str, form: str, means: str) -> Case:
    """A header that holds no Bearer token, whatever else; `{}` in it stands for the good token."""
    header_of: Callable[[Any], str] = lambda bench: form.format(bench.token("good"))  # noqa: E731
    return Case(
        f"GET /get-user with the header Authorization: {what}",
        Request("GET", "/get-user", headers={"Authorization": From(header_of)}),
        (status(401), header("WWW-Authenticate", "Bearer", CHALLENGED)),
        means,
        (PARTS, RAISED),
    )


def leaks(trial: Trial) -> bool:
    """PyJWT's or Flask-JWT-Extended's text about an expired token is in the response."""
    exchange = trial.exchange
    assert exchange is not None
    said = f"{exchange.text} {exchange.headers.get('WWW-Authenticate')}".lower()
    return "has expired" in said or "expiredsignature" in said


CHALLENGE = 'A 401 has a challenge: the header `WWW-Authenticate: Bearer error="invalid_token"` (RFC 6750 §3.1).'
LEAKS = "The response says why the token was rejected. This is for your log. The client gets one fixed sentence."
DIFFERS = "This response differs from the one that the expired token got. All bad tokens must get the same response. Otherwise an attacker learns what is wrong with a token."
AS_THE_EXPIRED = Want("the response that the expired token got", as_the_expired, means=DIFFERS)
NO_TOKEN = "The request has no token, so no token is wrong: 401, and a challenge that names the scheme and no error code (RFC 6750 §3.1)."
NOT_AS_TEXT = "No user has this id: the keys of `emails` are texts, and `sub` is compared with them as it is. Reject the token like any other bad token."
GONE = "The signature is valid, but no user has this id: `emails` has no such key. Reject the token like any other bad token."
AGAIN = "The good token is now rejected, after the bad tokens. A bad token must not change how the service handles the next token."

CHALLENGED = "This request has no token that the service can read: 401, with a challenge that begins with `Bearer`."
SCHEME = "The scheme of this header is not `Bearer`, so the request has no token: 401, although a good token stands in the header. Compare the whole scheme (RFC 6750 §2.1)."
PARTS = Mistake(
    raised(IndexError, ValueError),
    "Your code raised at this header, so the client got 500. A client can send any header: count its parts before you read the second one.",
)
RAISED = Mistake(
    raised(Exception),
    "Your code raised at this header, so the client got 500. A client can send any header, and one without a Bearer token gets 401.",
)
NO_BEARER = (  # they hold a good token, or none
    another_header("Basic <the good token>", "Basic {}", SCHEME),
    another_header("Digest <the good token>", "Digest {}", SCHEME),
    *(another_header(f"{scheme} <the good token>", f"{scheme} {{}}", SCHEME) for scheme in ("Bearers", "NotBearer", "Bear")),
    another_header("<the good token>, without a scheme", "{}", "This header has no scheme, only a token. Without `Bearer` in front the request has no token: 401 (RFC 6750 §2.1)."),
    another_header("Bearer, and no token", "Bearer", "This header has a scheme and no token: 401."),
)  # fmt: skip
SINCE = rejected(
    "GET /get-user with one token before it expires, and once more after it expired",
    "expired",
    "At the second request the token had expired, and the service accepted it. It rejects other expired tokens. Verify the token of each request: keep no tokens and no results.",
    asked_before=True,
)
FORGED = (  # what no signature of this service stands behind
    rejected("GET /get-user with a text that is no token", "no token", "This text is not a token: 401."),
    rejected("GET /get-user with a token signed with another key", "another key", "The signature is wrong: 401."),
    rejected("GET /get-user with a token whose claims were changed", "tampered", "The signature is wrong: 401."),
    rejected("GET /get-user with an unsigned token", "unsigned", "Nobody signed this token: 401."),
)  # fmt: skip
REMOVED_SINCE = Case(
    "GET /get-user with the administrator's token, after this user was removed from `emails`",
    afterwards_removed,
    (status(401), challenged("invalid_token", CHALLENGE), AS_THE_EXPIRED),
    "This user was in `emails` when your function was called, and is removed since: 401, like any other bad token. Read `emails` at each request.",
)
