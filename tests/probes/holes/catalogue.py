"""Servers that are right in everything but one thing, and the probes that have to notice; no other may cry.

Where a hole shows to several probes, it is one that can't be had smaller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from jwt_demo.stages import complete, logout
from jwt_demo.stages.parts.users import Users
from tests.probes.holes import answers as wrong
from tests.probes.holes import claims as c
from tests.probes.holes import keys
from tests.probes.holes import login as logins
from tests.probes.holes import login_limit as limits
from tests.probes.holes import verifying as v
from tests.probes.holes.base import (
    Lab,
    afterwards,
    answers,
    at,
    authorization,
    bare,
    basic,
    crashes,
    expired,
    instead,
    logged_in,
    malformed,
    patched,
    token_of,
)
from tests.probes.holes.steps import Verifying, nothing, verifying


@dataclass(frozen=True)
class Hole:
    """A server with one hole: what it gets wrong, how it is built, who catches it."""

    says: str
    build: Callable[[Lab], web.Application]
    caught_by: tuple[str, ...]
    options: dict[str, Any] | None = None

    def in_algorithm(self, alg: str) -> Callable[[Lab], web.Application]:
        """The same hole in a server that signs with HS512, RS256 or ES256."""
        assert isinstance(self.build, Verifying)
        swaps = self.build.swaps
        return keys.hs512(**swaps) if alg == "HS512" else keys.asymmetric(alg, **swaps)


def hole(
    says: str, build: Callable[[Lab], web.Application], *caught_by: str, **options: Any
) -> Hole:
    return Hole(says, build, caught_by, options or None)


def without(name: str) -> Any:
    def change(response: web.Response) -> None:
        response.headers.pop(name, None)

    return change


def setting(name: str, value: str) -> Any:
    def change(response: web.Response) -> None:
        response.headers[name] = value

    return change


def challenge_of(status: int, value: str | None) -> Any:
    return answers(status, **({"WWW_Authenticate": value} if value else {}))


def get(path: str) -> Any:
    return lambda request: request.raw_path == path and "Authorization" not in request.headers


def without_token(method: str) -> Any:
    return lambda request: (
        request.method == method
        and request.path == "/get-user"
        and "Authorization" not in request.headers
    )


async def welcome(request: web.Request, handler: Any) -> web.Response:
    return web.json_response({"user": "everybody"})


async def first_word(request: web.Request, handler: Any) -> web.StreamResponse:
    headers = request.headers.copy()
    headers["Authorization"] = " ".join(authorization(request).split()[:2])
    return await handler(request.clone(headers=headers))


def lacks_scope(request: web.Request) -> bool:
    token = token_of(request)
    return request.path == "/admin" and token is not None and "scope" not in (token.claims or {})


def has_scope(request: web.Request) -> bool:
    return request.path == "/admin" and token_of(request) is not None and not lacks_scope(request)


def in_two_headers(request: web.Request) -> bool:
    return len(request.headers.getall("Authorization", [])) > 1


def in_address(request: web.Request) -> bool:
    return "access_token" in request.query and "Authorization" not in request.headers


def in_any_address(request: web.Request) -> bool:
    return "access_token" in request.query


def in_cookie(request: web.Request) -> bool:
    return "jwt" in request.cookies


def any_octets(request: web.Request) -> bool:
    return not authorization(request).isascii()


def long(request: web.Request) -> bool:
    return len(authorization(request)) > 10_000


def lower_case(request: web.Request) -> bool:
    return authorization(request).startswith("bearer ")


def typed(typ: str) -> Any:
    def when(request: web.Request) -> bool:
        token = token_of(request)
        return request.path == "/get-user" and token is not None and token.header.get("typ") == typ

    return when


def padded(request: web.Request) -> bool:
    return (
        request.path == "/get-user"
        and authorization(request).startswith("Bearer ")
        and authorization(request).endswith("=")
    )


def uncapped(lab: Lab) -> web.Application:
    """The limit of bodies is gone."""
    app = lab.complete()
    app._client_max_size = 1 << 30
    return app


def read_with(read: Any) -> Any:
    return patched(complete, "read_fields", read)


def authenticating(how: Any) -> Any:
    def build(lab: Lab) -> web.Application:
        lab.patch(Users, "authenticate", how)
        return lab.complete()

    return build


def finding(how: Any) -> Any:
    def build(lab: Lab) -> web.Application:
        lab.patch(Users, "by_id", how)
        return lab.complete()

    return build


LOGIN = (
    hole("a login that calls its JSON text/html", logins.logging_in(logins.says_html), "login"),
    hole("a login that crashes", instead(logged_in, crashes), "login", "missing-field", "odd-fields", "lying-body", "wrong-password", "unknown-email",
         "oversize-body", "login-timing"),
    hole("only the first token is accepted", logins.only_the_first, "good-token"),
    hole("no Cache-Control", instead(logged_in, afterwards(without("Cache-Control"))), "login-cache"),
    hole("Cache-Control: no-cache", instead(logged_in, afterwards(setting("Cache-Control", "no-cache"))), "login-cache"),
    hole("403 for wrong credentials", logins.logging_in(logins.forbidden), "wrong-password"),
    hole("other words for an unknown e-mail", logins.logging_in(logins.tells_who_is_there), "unknown-email"),
    hole("another status for an unknown e-mail", logins.logging_in(logins.not_found), "unknown-email"),
    hole("another header for an unknown e-mail", logins.logging_in(logins.counts_attempts), "unknown-email"),
    hole("an unknown e-mail is repeated", logins.logging_in(logins.repeats_a_stranger), "unknown-email"),
    hole("no work for an unknown e-mail", authenticating(logins.hurried), "login-timing"),
    hole("a crash where a field is missing", read_with(logins.missing_crashes), "missing-field"),
    hole("a missing field that is not named", read_with(logins.missing_unnamed), "missing-field"),
    hole("a crash where a field is no text", read_with(logins.odd_types_crash), "odd-fields"),
    hole("a crash where JSON is none", read_with(logins.bad_json_crashes), "lying-body"),
    hole("no limit of the body", uncapped, "oversize-body"),
)  # fmt: skip

LOGIN_LIMIT = (
    hole("any number of wrong passwords", limits.unlimited, "login-limit", only=["login-limit"]),
    hole("429 without Retry-After", limits.limited(limits.here, retry_after=lambda: None), "login-limit", only=["login-limit"]),
)  # fmt: skip

CHALLENGE = (
    hole("nobody asked for a token", instead(bare, welcome), "no-token"),
    hole("403 without a token", instead(bare, challenge_of(403, "Bearer")), "no-token"),
    hole("401 without a challenge", instead(bare, challenge_of(401, None)), "no-token"),
    hole("a challenge of another scheme", instead(bare, challenge_of(401, 'Basic realm="x"')), "no-token"),
    hole("an error code where nothing was sent", instead(bare, challenge_of(401, 'Bearer error="invalid_token"')), "no-token"),
    hole("Basic lets in", instead(basic, welcome), "other-scheme"),
    hole("Basic is a bad request", instead(basic, challenge_of(400, None)), "other-scheme"),
    hole("Basic is an invalid token", instead(basic, challenge_of(401, 'Bearer error="invalid_token"')), "other-scheme"),
    hole("a crash on the word Bearer", instead(lambda request: authorization(request) == "Bearer", crashes), "bearer-alone"),
    hole("400 for what is no token", instead(malformed, challenge_of(400, None)), "not-a-token"),
    hole("no challenge for what is no token", instead(malformed, challenge_of(401, None)), "not-a-token"),
    hole("no error code for what is no token", instead(malformed, challenge_of(401, "Bearer")), "not-a-token"),
    hole("a right that nobody checks", instead(has_scope, welcome), "too-little-scope"),
    hole("401 for too little scope", instead(has_scope, challenge_of(401, 'Bearer error="insufficient_scope"')), "too-little-scope"),
    hole("403 that does not say why", instead(has_scope, challenge_of(403, None)), "too-little-scope"),
    hole("no scope is every scope", instead(lacks_scope, welcome), "no-scope"),
    hole("HEAD is not guarded", instead(without_token("HEAD"), welcome), "other-methods"),
    hole("PUT is not guarded", instead(without_token("PUT"), welcome), "other-methods"),
    hole("a slash at the end is not guarded", instead(get("/get-user/"), welcome), "other-spellings"),
    hole("an escaped letter is not guarded", instead(get("/get-use%72"), welcome), "other-spellings"),
)  # fmt: skip

TAMPERING = (
    hole("only the end of the signature is compared", verifying(signature=v.compares_the_end), "signature-changed"),
    hole("a signature compared as far as it goes", verifying(signature=v.compares_as_far_as_it_goes), "signature-cut"),
    hole("only the beginning of the signature is compared", verifying(signature=v.compares_the_beginning), "signature-changed"),
    hole("a signature in any case", verifying(form=v.keeps_signature, signature=v.compares_in_any_case), "signature-changed"),
    hole("a signature compared if there is one", verifying(signature=v.compares_if_there), "signature-missing"),
    hole("a cache that does not know the payload", verifying(signature=v.remembering(0, 2)), "payload-changed"),
    hole("a cache that does not know the header", verifying(signature=v.remembering(1, 2)), "header-changed", "header-odd"),
    hole("a cache that does not know the signature", verifying(signature=v.remembering(0, 1)), "signature-changed", "signature-cut", "signature-missing",
         "foreign-key", "guessed-secret"),
    hole("padding does not matter", verifying(form=v.lenient_form), "respelled"),
    hole("the first word is the token", instead(lambda request: authorization(request).endswith(" more"), first_word), "with-company"),
    hole("two forms of a token", verifying(form=v.json_form), "json-form"),
)  # fmt: skip

ALGORITHMS = (
    hole("none is an algorithm", verifying(**v.unsigned("none")), "alg-none"),
    hole("none is forbidden, nOnE is not", verifying(**v.unsigned("None", "NONE", "nOnE")), "alg-none-spelled"),
    hole("the algorithm is looked up in a dict", verifying(alg=v.looks_alg_up), "alg-odd"),
    hole("no algorithm is no signature", verifying(alg=v.assumes_none, signature=v.empty_if_none), "alg-odd"),
    hole("a kid that is not known ends the check", verifying(signature=v.unless_kid), "foreign-key", "header-jwk", "header-jku", "kid-path", "kid-sql"),
    hole("an algorithm that is missing is HS256", verifying(alg=v.assumes_alg), "alg-missing"),
    hole("the case of the algorithm does not matter", verifying(alg=v.any_case), "alg-missing"),
    hole("the header chooses the hash", verifying(alg=v.any_hash, signature=v.hash_of_header), "alg-other-hash"),
    hole("ES384 is not checked", verifying(**v.unsigned("ES384")), "foreign-algorithm"),
    hole("a second key, left from a test", verifying(signature=v.second_key(b"secret")), "guessed-secret"),
    hole("a secret from a list", v.weak_secret, "guessed-secret", secret="your-256-bit-secret"),
    hole("RS256 or HS256, with the same key", keys.asymmetric("RS256", alg=keys.rs_or_hs, signature=keys.confused), "public-key-as-secret", secret="RS256"),
    hole("0 = 0", keys.asymmetric("ES256", signature=keys.psychic), "zero-signature", secret="ES256"),
)  # fmt: skip

KEY_IN_HEADER = (
    hole("the key in the header", verifying(key=v.key_of_jwk), "header-jwk"),
    hole("the certificate in the header", verifying(alg=v.es_or_hs, signature=v.signature_by_x5c), "header-x5c"),
    hole("the key where the header says", v.following("jku", trusting=True), "header-jku"),
    hole("fetched, then refused", v.following("jku", trusting=False), "header-jku"),
    hole("the key that the issuer has", v.asking_the_issuer, "header-jku"),
    hole("the certificate where the header says", v.following("x5u", trusting=True), "header-x5u"),
    hole("a certificate fetched, then refused", v.following("x5u", trusting=False), "header-x5u"),
    hole("kid is a path", verifying(key=v.key_in_file), "kid-path"),
    hole("kid is part of a query", verifying(key=v.key_in_table), "kid-sql"),
    hole("kid of any type", keys.with_kid(verifying(kid=nothing)), "kid-odd"),
    hole("cty is read first", verifying(form=v.content_type_first), "header-odd"),
    hole("crit is not read", verifying(crit=nothing), "crit"),
    hole("a private key is published", keys.asymmetric("ES256", published=lambda jwk: {**jwk, "d": "c2VjcmV0"}), "jwks-public", secret="ES256"),
)  # fmt: skip

TIMES = (
    hole("nothing expires", verifying(expiry=nothing), "expired"),
    hole("no exp is for ever", verifying(ends=nothing), "no-exp"),
    hole("nothing expires without iat", verifying(issued=nothing, expiry=c.expiry_with_iat, lifetime=c.lifetime_with_iat), "expired"),
    hole("any lifetime", verifying(lifetime=nothing), "exp-milliseconds"),
    hole("nbf is not read", verifying(start=nothing), "not-yet-valid"),
    hole("a crash on an iat ahead", verifying(issued=c.counts_age), "issued-later"),
    hole("nbf null is no nbf", verifying(numbers=c.null_is_absent), "odd-times"),
    hole("numbers in quotes are numbers", verifying(numbers=c.reads_quotes), "times-in-quotes"),
)  # fmt: skip

NAMES = (
    hole("nobody is the first", verifying(subject=c.nobody_is_first), "no-subject"),
    hole("sub may be a number", verifying(subject=c.number_is_fine), "odd-subject"),
    hole("sub may be a list", verifying(subject=c.list_is_fine), "odd-subject"),
    hole("a falsy sub is the first", verifying(subject=c.falsy_is_first), "falsy-subject"),
    hole("sub is counted", finding(c.counts_users), "user-gone"),
    hole("jti in a set", verifying(jti=c.jti_in_a_set), "odd-jti"),
    hole("jti if there is one", verifying(jti=c.jti_if_there), "no-jti"),
    hole("any audience", verifying(audience=c.any_audience), "other-audience"),
    hole("an audience that begins like ours", verifying(audience=c.audience_begins), "other-audience"),
    hole("an audience that ends like ours", verifying(audience=c.audience_ends), "other-audience"),
    hole("an audience if there is one", verifying(audience=c.audience_if_there), "no-audience"),
    hole("an audience in lower case", verifying(audience=c.audience_lower), "odd-audience"),
    hole("any issuer", verifying(issuer=c.any_issuer), "other-issuer"),
    hole("an issuer that is part of ours", verifying(issuer=c.issuer_part), "other-issuer"),
    hole("an issuer if there is one", verifying(issuer=c.issuer_if_there), "no-issuer"),
    hole("an issuer in a list", verifying(issuer=c.issuer_in), "odd-issuer"),
    hole("any kind", verifying(kind=c.any_kind), "other-kind"),
    hole("a kind if there is one", verifying(kind=c.kind_if_there), "no-kind"),
    hole("claims of any shape", verifying(form=v.any_shape, claims=nothing), "no-claims"),
    hole("the first of two names wins", verifying(form=v.first_wins), "named-twice"),
    hole("down with the payload", verifying(form=v.falls_down(1)), "nested"),
)  # fmt: skip

TRANSPORT = (
    hole("Bearer in one case only", instead(lower_case, challenge_of(401, "Bearer")), "scheme-case"),
    hole("a token in the address", instead(in_address, welcome), "token-in-address"),
    hole("two ways at once", instead(in_any_address, welcome), "token-in-address", "two-ways"),
    hole("a cookie opens as well", instead(in_cookie, welcome), "two-ways"),
    hole("two headers, the first counts", instead(in_two_headers, welcome), "two-headers"),
    hole("a crash on octets", instead(any_octets, crashes), "not-ascii"),
    hole("a crash on a long token", instead(long, crashes), "long-token"),
    hole("an echo of a long token", instead(long, wrong.echoes_in_body), "long-token"),
    hole("down with the header", verifying(form=v.falls_down(0)), "nested-header"),
    hole("a crash on a cookie", instead(lambda request: "Cookie" in request.headers, crashes), "odd-requests", "two-ways"),
    hole("a drop on a path nobody has", instead(at("/no/such/path"), wrong.drops), "odd-requests"),
)  # fmt: skip

REVOCATION = (
    hole("a refresh token opens the door", instead(typed("rt+jwt"), wrong.accepts_refresh, "logout"), "refresh-as-access", "other-kind"),
    hole("an access token refreshes", instead(at("/refresh", "POST"), wrong.refreshes_anything, "logout"), "access-as-refresh"),
    hole("logout does nothing", patched(logout, "logout", wrong.forgets_logout, "logout"), "after-logout", "logout-twice"),
    hole("a denylist of texts", instead(padded, welcome, "logout"), "respelled", "respelled-logout"),
    hole("a second logout is fine", instead(at("/logout", "POST"), wrong.logs_out_again, "logout"), "logout-twice"),
    hole("refresh tokens do not rotate", wrong.with_store(wrong.Unrotating), "refresh-reuse", "refresh-race"),
    hole("a used refresh token ends nothing", wrong.with_store(wrong.Forgiving), "refresh-reuse"),
    hole("looked up, then written", wrong.with_store(wrong.Hasty), "refresh-race"),
    hole("the same refresh token again", instead(at("/refresh", "POST"), wrong.gives_back, "logout"), "rotation"),
)  # fmt: skip

ANY_ANSWER = (
    hole("a crash", instead(expired, crashes), "expired"),
    hole("a dropped connection", instead(expired, wrong.drops), "expired"),
    hole("half an answer", instead(expired, wrong.breaks_off), "expired"),
    hole("no HTTP", instead(expired, wrong.talks_nonsense), "expired"),
    hole("no response in time", instead(expired, wrong.waits), "expired", limit=1.5),
    hole("an endless answer", instead(expired, wrong.never_ends), "expired"),
    hole("an endless answer, drop by drop", instead(expired, wrong.drips), "expired", limit=1.5),
    hole("a redirect to elsewhere", instead(expired, wrong.redirects), "expired"),
    hole("an echo in the body", instead(expired, wrong.echoes_in_body), "expired"),
    hole("an echo in a header", instead(expired, wrong.echoes_in_header), "expired"),
    hole("an echo in the challenge", instead(expired, wrong.echoes_in_challenge), "expired"),
    hole("another status than for others", instead(expired, challenge_of(403, None)), "expired"),
    hole("400 where others get 401", instead(expired, challenge_of(400, None)), "expired"),
    hole("no error code where others have one", instead(expired, challenge_of(401, "Bearer")), "expired"),
    hole("the good token dies as well", wrong.locking_out(expired), "expired"),
)  # fmt: skip

HOLES = (
    *LOGIN,
    *LOGIN_LIMIT,
    *CHALLENGE,
    *TAMPERING,
    *ALGORITHMS,
    *KEY_IN_HEADER,
    *TIMES,
    *NAMES,
    *TRANSPORT,
    *REVOCATION,
    *ANY_ANSWER,
)

IN_ANY_ALGORITHM = tuple(
    hole for hole in HOLES if isinstance(hole.build, Verifying) and hole.build.in_any_algorithm
)
