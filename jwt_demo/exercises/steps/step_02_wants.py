"""What 02-login wants of a response, and the forms that are sent to it."""

from __future__ import annotations

import json
from typing import Any

import jwt

from ...tokens.claims import in_words
from ..matchers import aware, body_has, challenged, json_of, same, status
from ..model import From, Request, Trial, Want
from .step_02_rights import rights_beyond, shown_rights


def claims_in(trial: Trial) -> dict[str, Any]:
    """The claims of the token in a response, or {} if there is no token that our key verifies."""
    try:
        signed = jwt.PyJWS().decode(token_in(trial), trial.bench.key, algorithms=["HS256"])
        claims = json.loads(signed)
    except (jwt.PyJWTError, TypeError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def is_signed(trial: Trial) -> bool:
    try:
        jwt.PyJWS().decode(token_in(trial), trial.bench.key, algorithms=["HS256"])
    except (jwt.PyJWTError, TypeError):
        return False
    return True


def rejection(trial: Trial) -> str:
    """What PyJWT says of the token when it is decoded; "" for one that it accepts."""
    try:
        jwt.decode(token_in(trial), trial.bench.key, algorithms=["HS256"])
    except jwt.PyJWTError as error:
        return f"{type(error).__name__}: {error}"
    return ""


def token_in(trial: Trial) -> Any:
    found = json_of(trial)
    return found.get("token") if isinstance(found, dict) else None


def lifetime_in(trial: Trial) -> float:
    exp = claims_in(trial).get("exp", 0)
    return exp - trial.bench.now.timestamp() if isinstance(exp, (int, float)) else 0


def shown(trial: Trial, name: str) -> str:
    """A claim of the token that came back, times as a duration from now."""
    if name not in claims_in(trial):
        return f"a token without {name}"
    claim = claims_in(trial)[name]
    if name != "exp":
        return f"{name} is {claim!r}"
    if not isinstance(claim, (int, float)):  # a moment in another form reads differently each time
        return f"exp is a {type(claim).__name__}"
    return f"exp is {in_words(lifetime_in(trial), now=0)}"


def of_case(name: str, trial: Trial) -> Trial:
    """The trial of an earlier case."""
    return next(earlier for earlier in trial.earlier if earlier.case and earlier.case.sent == name)


def secrets_in(trial: Trial) -> list[str]:
    """What nobody should send: the password, its hash or the key, in the claims or beside the token."""
    exchange, bench = trial.exchange, trial.bench
    assert exchange is not None
    shown = f"{claims_in(trial)} {exchange.text} {dict(exchange.headers)}"
    hidden = {
        bench.user.password_hash: "the hash of the password",
        bench.password: "the password",
        bench.key: "the key",
    }
    return [name for secret, name in hidden.items() if secret in shown]


def no_store(trial: Trial) -> bool:
    told = trial.headers.get("Cache-Control", "")
    return "no-store" in [directive.strip().lower() for directive in told.split(",")]


def posts(sent: str, **fields: Any) -> tuple[str, Request]:
    """A form with these fields; each value is made of the bench."""
    return f"POST /login  {sent}", Request(
        "POST",
        "/login",
        data=From(lambda bench: {name: make(bench) for name, make in fields.items()}),
    )


SIGNED = "Sign with `request.app[KEY]`, the key of the server, and HS256. A server verifies with its own key, and rejects tokens of any other."
SUBJECT = (
    "`sub` is the user's id as a string (RFC 7519 §4.1.2): `claims_for(user, now=...)` writes it."
)
ENDS = "A stolen token is valid until `exp` (RFC 7519 §4.1.4), so it ends soon: `claims_for` writes five minutes."
MILLISECONDS = "`exp` counts seconds since 1970 (RFC 7519 §2). This one is more than ten years ahead, as milliseconds would be: the token never ends."
POST_NOT_AWAITED = "`request.post()` gives a coroutine: write `await request.post()`."
AUTHENTICATE_NOT_AWAITED = "`authenticate` is a coroutine function: write `await request.app[USERS].authenticate(email, password)`."
ONE_USER = posts(
    "email=<the user's e-mail>  password=<the user's password>",
    email=lambda bench: bench.user.email,
    password=lambda bench: bench.password,
)
OTHER_USER = posts(
    "email=<the administrator's e-mail>  password=<the administrator's password>",
    email=lambda bench: bench.admin.email,
    password=lambda bench: bench.admin_password,
)
WRONG = posts(
    "email=<the user's e-mail>  password=guessed",
    email=lambda bench: bench.user.email,
    password=lambda bench: "guessed",
)
ANOTHERS = posts(
    "email=<the user's e-mail>  password=<the administrator's password>",
    email=lambda bench: bench.user.email,
    password=lambda bench: bench.admin_password,
)
UNKNOWN = posts(
    "email=nobody@email.com  password=<the user's password>",
    email=lambda bench: "nobody@email.com",
    password=lambda bench: bench.password,
)
NO_PASSWORD = posts(
    "email=<the user's e-mail>  (no password)", email=lambda bench: bench.user.email
)
NO_EMAIL = posts(
    "password=<the user's password>  (no email)", password=lambda bench: bench.password
)
NOTHING = ("POST /login  (an empty form)", Request("POST", "/login", data={}))


def token_of(who: str, text: str) -> tuple[Want, ...]:
    """What holds of the response to the right credentials of this user of the bench."""
    return (
        status(200, "These e-mail and password are right, so the response is 200 with a token."),
        body_has(
            'JSON with "token", a string',
            lambda found: isinstance(found, dict) and isinstance(found.get("token"), str),
        ),
        Want(
            "a token signed with request.app[KEY], HS256",
            is_signed,
            lambda trial: "a token that this key does not verify",
            SIGNED,
        ),
        Want(
            f"sub is {text}, as a string",
            lambda trial: same(claims_in(trial).get("sub"), str(getattr(trial.bench, who).id)),
            lambda trial: shown(trial, "sub"),
            SUBJECT,
        ),
        aware(),
        Want(
            "a token that ends within a day, and not within a minute: exp",
            lambda trial: 60 <= lifetime_in(trial) <= 86400,
            lambda trial: shown(trial, "exp"),
            ENDS,
        ),
        Want(
            "a token that PyJWT accepts now, with this key and HS256",
            lambda trial: not rejection(trial),
            lambda trial: f"a token for which jwt.decode raises {rejection(trial)}",
            "The server that issues the token must accept it. The claims that `claims_for` writes are enough.",
        ),
        Want(
            "no right that the user does not have",
            lambda trial: not rights_beyond(claims_in(trial), getattr(trial.bench, who)),
            lambda trial: shown_rights(claims_in(trial), getattr(trial.bench, who)),
            "The token grants more than its user may do. What a user may do comes from the user: `claims_for(user, now=...)` writes `user.scopes`.",
        ),
        Want(
            "nothing secret in the response",
            lambda trial: not secrets_in(trial),
            lambda trial: f"a response that contains {secrets_in(trial)[0]}",
            "Everybody who has the token can read its claims, and the client can read the rest. Leave out everything secret.",
        ),
        Want(
            "Cache-Control: no-store",
            no_store,
            lambda trial: (
                f"Cache-Control: {trial.headers.get('Cache-Control')}"
                if "Cache-Control" in trial.headers
                else "no Cache-Control header"
            ),
            "Without `Cache-Control: no-store` a cache between server and client may keep the token and send it to somebody else.",
        ),
    )


REFUSED = (
    status(401),
    body_has("no token", lambda found: not isinstance(found, dict) or "token" not in found),
    challenged(
        None,
        "A 401 must have a challenge, which names the scheme: `WWW-Authenticate: Bearer` (RFC 9110 §15.5.2). `challenge(401, …)` writes it.",
    ),
)
