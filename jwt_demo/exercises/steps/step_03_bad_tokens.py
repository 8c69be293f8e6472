"""The cases of 03-auth-middleware in which a token is bad: each is rejected, and all with the same response."""

from __future__ import annotations

import jwt

from ..matchers import answered, challenged, json_of, refusal, status
from ..model import Case, Mistake, Request, Trial, Want


def served(trial: Trial) -> bool:
    """Whether the response is 200 and the handler ran for it."""
    return bool(answered(200)(trial) and trial.ran)


def allows_none(trial: Trial) -> bool:
    """Whether PyJWT was allowed to use the algorithm none when it decoded this token."""
    _, algorithms = trial.bench.decodes[-1]
    return isinstance(trial.error, jwt.InvalidKeyError) and "none" in algorithms


def refused(sent: str, token: str, accepted: str, *mistakes: Mistake) -> Case:
    """A bad token; `accepted` says why the handler must not have run."""
    return Case(
        f"GET /get-user  Authorization: Bearer <{sent}>",
        Request("GET", "/get-user", token=token),
        (status(401), challenged("invalid_token", CHALLENGE), SAME, DID_NOT_RUN),
        "A token that is not accepted gets 401.",
        (
            *mistakes,
            Mistake(
                lambda trial: (
                    served(trial) and json_of(trial) == {"user": "None"} and token != "user gone"
                ),
                "The handler ran, with no user: the request went on as if it had no token. A token that is not accepted gets 401.",
            ),
            Mistake(served, f"The middleware accepted this token. {accepted}"),
        ),
    )


DID_NOT_RUN = Want(
    "a handler that did not run",
    lambda trial: not trial.ran,
    lambda trial: "the handler ran before the rejection",
    "Look at the token first, then call the handler. What a handler has done stays done, even if its response is never sent.",
)
CHALLENGE = 'The header of the 401 must say that the token is bad, so that programs can read it: `WWW-Authenticate: Bearer error="invalid_token"` (RFC 6750 §3).'


def as_before(trial: Trial) -> bool:
    """Whether every bad token before got this very response."""
    return all(
        refusal(earlier) == refusal(trial)
        for earlier in trial.earlier
        if earlier.status == 401 and earlier.exchange and earlier.exchange.method != "HEAD"
    )


SAME = Want(
    "the same response as for the other bad tokens",
    as_before,
    None,
    "Another bad token got a different response. Use one fixed sentence: a client can act on no more than `invalid_token`, and the difference, "
    "an exception's text or the token itself helps an attacker who forges tokens.",
)

BAD_TOKENS = (
    refused(
        "tampered token",
        "tampered",
        "Its claims were changed after it was signed. `jwt.decode` with the key and `algorithms` rejects it, unless `verify_signature` is off.",
    ),
    refused("not a token", "no token", "It is not even a token: `jwt.decode` raises for it."),
    refused(
        "token signed with another key",
        "another key",
        "It was signed with another key. `jwt.decode` with `request.app[KEY]` rejects it, unless `verify_signature` is off.",
    ),
    refused(
        "token without a signature",
        "unsigned",
        "It has no signature: its `alg` is none. Accept `HS256` and nothing else.",
        Mistake(
            allows_none,
            "For this token `none` was one of the `algorithms` that PyJWT was given. Anybody can write the header of a token, so the header must not decide: accept `HS256` and nothing else.",
        ),
    ),
    refused(
        "token signed with HS512",
        "HS512",
        "This server never signs with HS512. One key, one algorithm (RFC 8725 §3.1).",
    ),
    refused(
        "token signed with HS384",
        "HS384",
        "This server never signs with HS384. One key, one algorithm (RFC 8725 §3.1).",
    ),
    refused(
        "expired token",
        "expired",
        "It ended 55 minutes ago. PyJWT rejects it, unless `verify_exp` is off or the leeway is that long.",
    ),
    refused(
        "token that expired a second ago",
        "just expired",
        "It ended a second ago: no leeway was asked for.",
    ),
    refused(
        "token that is not valid yet",
        "not yet",
        "Its `nbf` is an hour ahead. PyJWT rejects it, unless `verify_nbf` is off or the leeway is that long.",
    ),
    refused(
        "token for another audience",
        "audience",
        "It is for another service: its `aud` says so. PyJWT rejects it, unless `verify_aud` is off.",
    ),
    refused(
        "token with a number as sub",
        "number as sub",
        "`sub` is a string (RFC 7519 §4.1.2), and this one is a number. PyJWT rejects it, unless `verify_sub` is off.",
    ),
    refused(
        "token with = at its end",
        "padded",
        "PyJWT accepts `=` at the end, so that one token would have many texts. `Token.parse` raises a `TokenError` for it.",
    ),
    refused(
        "token whose exp is in milliseconds",
        "milliseconds",
        "As seconds, its `exp` is more than 50,000 years ahead: the token never ends. `check_times` raises for it.",
    ),
    refused(
        "token whose exp is a text",
        "exp as text",
        "A time is a number (RFC 7519 §2), and PyJWT takes a text with digits as well. `check_times` raises for it.",
    ),
    refused(
        "token without exp",
        "no exp",
        'It never ends. PyJWT checks `exp` only where there is one; require it: `options={"require": ["exp", "sub"]}`.',
        Mistake(
            lambda trial: isinstance(trial.error, KeyError) and str(trial.error) == "'exp'",
            'A token without `exp` never ends. It can have a good signature, and `claims["exp"]` raises KeyError, also in `check_times`: a 500. Require it: `options={"require": ["exp", "sub"]}`.',
        ),
    ),
    refused(
        "token without sub",
        "no sub",
        "It names no user.",
        Mistake(
            lambda trial: isinstance(trial.error, KeyError) and str(trial.error) == "'sub'",
            'A token without `sub` can have a good signature, and `claims["sub"]` raises KeyError: a 500. Require it: `options={"require": ["exp", "sub"]}`.',
        ),
    ),
    refused(
        "token of a user who does not exist",
        "user gone",
        "Its user does not exist: `by_id` returns None, and the response is 401.",
    ),
    refused("token with sub '0'", "sub 0", "No user has the id '0'."),
    refused(
        "token with a zero before the user's id as sub",
        "padded sub",
        "No user has this id: '01' is not '1'. Pass `sub` to `by_id` unchanged, as a string.",
    ),
)
