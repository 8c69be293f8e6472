"""02-login: the handler that takes credentials and gives a token."""

from __future__ import annotations

import functools
from typing import Any

import jwt

from ...tokens.claims import in_words
from ..harness import as_handler
from ..matchers import (
    answered,
    aware,
    body_has,
    body_says,
    header,
    is_async,
    json_of,
    raised,
    status,
    unawaited,
)
from ..model import Case, Exercise, Mistake, Request, Trial, Want, Wrong, but_with

GIVEN = """
from datetime import datetime, timedelta, timezone

import jwt
from aiohttp import web

from jwt_demo.stages.login import KEY, LIFETIME, USERS, claims_for
"""


def claims_in(trial: Trial) -> dict[str, Any]:
    """The claims of the token in an answer, or {} where there is no token that our key verifies."""
    token = token_in(trial)
    try:
        return jwt.decode(
            token,
            trial.bench.key,
            algorithms=["HS256"],
            options={"verify_sub": False, "verify_exp": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, TypeError):
        return {}


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
    return (
        f"exp is {in_words(lifetime_in(trial), now=0)}"
        if name == "exp"
        else f"{name} is {claims_in(trial)[name]!r}"
    )


def same_refusal(trial: Trial) -> bool:
    """Whether a stranger can't tell this answer from the one before it."""
    before = trial.earlier[-1].exchange
    return (before.status, before.text) == (trial.exchange.status, trial.exchange.text)


SIGNED = "The token's signature must come from the server's own key, `request.app[KEY]`, or the server itself will refuse it."
SUBJECT = "The claim `sub` says whom a token is about, as a string (RFC 7519 §4.1.2): `claims_for(user, now=...)` writes it."
ENDS = "A token without an end, or with one far off, is a password that can't be changed: `exp` minutes from now (RFC 7519 §4.1.4)."
MILLISECONDS = "`exp` counts seconds since 1970 (RFC 7519 §2). In milliseconds it lies tens of thousands of years ahead, and the token never ends."
POST_NOT_AWAITED = (
    "The form is not read yet: `request.post()` only promises it. Write `await request.post()`."
)
AUTHENTICATE_NOT_AWAITED = "`authenticate` checks the password off the event loop and promises a user: write `await request.app[USERS].authenticate(email, password)`."

RIGHT = Request("POST", "/login", data={"email": "user@email.com", "password": "password"})
WRONG = Request("POST", "/login", data={"email": "user@email.com", "password": "guessed"})
UNKNOWN = Request("POST", "/login", data={"email": "nobody@email.com", "password": "password"})
NO_PASSWORD = Request("POST", "/login", data={"email": "user@email.com"})
NO_EMAIL = Request("POST", "/login", data={"password": "password"})

FIELDS = """\
    for name in ("email", "password"):
        if not fields.get(name):
            return web.json_response({"message": f"The field {name} is missing"}, status=400)

"""
LOGIN_SOLUTION = (
    """
async def login(request):
    fields = await request.post()
"""
    + FIELDS
    + """\
    user = await request.app[USERS].authenticate(fields["email"], fields["password"])
    if user is None:
        return web.json_response({"message": "Wrong e-mail or password"}, status=401)

    claims = claims_for(user, now=datetime.now(timezone.utc))
    token = jwt.encode(claims, request.app[KEY], algorithm="HS256")
    return web.json_response({"token": token}, headers={"Cache-Control": "no-store"})
"""
)
but = functools.partial(but_with, LOGIN_SOLUTION)

LOGIN = Exercise(
    name="02-login",
    function="login",
    idea="Credentials go in, a token comes out, and a stranger learns nothing from a refusal.",
    stub="""
async def login(request):
    # 1. email and password, from `await request.post()`; one is missing: 400, and the answer names it
    # 2. `await request.app[USERS].authenticate(email, password)` gives the user, or None: 401
    # 3. the user's claims, signed with `request.app[KEY]`
    # 4. answer {"token": ...}, with `Cache-Control: no-store`
    ...
""",
    given=GIVEN,
    solution=LOGIN_SOLUTION,
    also_right=(
        """
async def login(request):
    try:
        form = await request.post()
        email, password = form["email"], form["password"]
    except KeyError as missing:
        raise web.HTTPBadRequest(text=f"no field {missing}")
    found = await request.app[USERS].authenticate(email, password)
    if not found:
        raise web.HTTPUnauthorized()
    start = datetime.now(tz=timezone.utc)
    signed = jwt.encode({"sub": f"{found.id}", "exp": int((start + timedelta(minutes=10)).timestamp())}, request.app[KEY])
    answer = web.json_response(dict(token=signed))
    answer.headers["cache-control"] = "no-store, max-age=0"
    return answer
""",
    ),
    wrong=(
        Wrong(
            "the article's last line",
            """
async def login(request):
    data = await request.post()
    user = await request.app[USERS].authenticate(data["email"], data["password"])
    token = jwt.encode(claims_for(user, now=datetime.now(timezone.utc)), request.app[KEY], algorithm="HS256")
    return web.json_response({"token": token.decode("utf-8")})
""",
            "nothing is left to decode",
        ),
        Wrong(
            "a plain def",
            """
def login(request):
    return web.json_response({"token": "..."})
""",
            "`async def`",
        ),
        Wrong(
            "no await before request.post()",
            """
async def login(request):
    data = request.post()
    user = await request.app[USERS].authenticate(data["email"], data["password"])
    return web.json_response({"token": jwt.encode(claims_for(user, now=datetime.now(timezone.utc)), request.app[KEY])})
""",
            "`await request.post()`",
        ),
        Wrong(
            "no await before authenticate",
            """
async def login(request):
    data = await request.post()
    user = request.app[USERS].authenticate(data["email"], data["password"])
    if user is None:
        return web.json_response({"message": "no"}, status=401)
    return web.json_response({"token": jwt.encode(claims_for(user, now=datetime.now(timezone.utc)), request.app[KEY])})
""",
            "`await request.app[USERS].authenticate",
        ),
        Wrong(
            "return forgotten",
            """
async def login(request):
    data = await request.post()
    web.json_response({"token": "..."})
""",
            "`return`",
        ),
        Wrong(
            "the article's 400 for a wrong password",
            but("status=401", "status=400"),
            "401 says that these credentials are not accepted",
        ),
        Wrong(
            "403 for a wrong password",
            but("status=401", "status=403"),
            "Nobody is known here yet",
        ),
        Wrong(
            "the token may be cached",
            but(', headers={"Cache-Control": "no-store"}', ""),
            "a cache between server and client",
        ),
        Wrong(
            "a number as sub",
            but(
                "claims_for(user, now=datetime.now(timezone.utc))",
                '{"sub": user.id, "exp": datetime.now(timezone.utc) + LIFETIME}',
            ),
            "as a string (RFC 7519 §4.1.2)",
        ),
        Wrong(
            "user_id, as in the article",
            but(
                "claims_for(user, now=datetime.now(timezone.utc))",
                '{"user_id": user.id, "exp": datetime.now(timezone.utc) + LIFETIME}',
            ),
            "as a string (RFC 7519 §4.1.2)",
        ),
        Wrong(
            "a naive datetime",
            but(
                "claims_for(user, now=datetime.now(timezone.utc))",
                '{"sub": str(user.id), "exp": datetime.now() + LIFETIME}',
            ),
            "without a zone",
        ),
        Wrong("the key in place of the users", but("request.app[USERS]", "USERS"), "only the key"),
        Wrong(
            "the key's name",
            but("request.app[USERS]", 'request.app["USERS"]'),
            "leave the quotes out",
        ),
        Wrong(
            "now forgotten",
            but("(user, now=datetime.now(timezone.utc))", "(user)"),
            "other arguments than it takes",
        ),
        Wrong(
            "JSON is read",
            but("await request.post()", "await request.json()"),
            "The body is a form",
        ),
        Wrong(
            "as in other frameworks",
            but("await request.post()", "await request.form()"),
            "A form is read with",
        ),
        Wrong(
            "no exp",
            but("claims_for(user, now=datetime.now(timezone.utc))", '{"sub": str(user.id)}'),
            "a password that can't be changed",
        ),
        Wrong(
            "exp in milliseconds",
            but(
                "claims_for(user, now=datetime.now(timezone.utc))",
                '{"sub": str(user.id), "exp": int(datetime.now().timestamp() * 1000) + 300_000}',
            ),
            "counts seconds since 1970",
        ),
        Wrong(
            "another key",
            but(
                "jwt.encode(claims, request.app[KEY]",
                'jwt.encode(claims, "a key that is written in the code"',
            ),
            "the server's own key",
        ),
        Wrong(
            "fields not looked for",
            but(FIELDS, ""),
            "became a 500",
        ),
        Wrong(
            "a missing field taken for a wrong one",
            but('is missing"}, status=400', 'is missing"}, status=401'),
            "none were sent",
        ),
        Wrong(
            "the answer does not name the field",
            but('f"The field {name} is missing"', '"Something is missing"'),
            "Name the missing field",
        ),
        Wrong(
            "only the password is looked for",
            but('("email", "password"):', '("password",):'),
            "`email` raised KeyError",
        ),
        Wrong(
            "nobody is refused",
            but(
                '    if user is None:\n        return web.json_response({"message": "Wrong e-mail or password"}, status=401)\n',
                "",
            ),
            "went on with it",
        ),
        Wrong(
            "an unknown e-mail answers otherwise",
            but(
                'user = await request.app[USERS].authenticate(fields["email"], fields["password"])',
                'if await request.app[USERS].by_email(fields["email"]) is None:\n        return web.json_response({"message": "No such user"}, status=401)\n'
                '    user = await request.app[USERS].authenticate(fields["email"], fields["password"])',
            ),
            "which e-mails have an account",
        ),
    ),
    hints=(
        "Three things can go wrong before there is a user: no e-mail, no password, the wrong ones. "
        "Answer those first, each with its own `return`, and let the token come last.",
        "Read the form once with `await request.post()`; `.get(name)` gives None where a field is missing, `[name]` raises and becomes a 500. "
        "An unknown e-mail and a wrong password are one case: `authenticate` gives None for both.",
        'For name in ("email", "password"): missing → `web.json_response({"message": f"... {name} ..."}, status=400)`. User is None → the same with 401. '
        'Then `jwt.encode(claims_for(user, now=datetime.now(timezone.utc)), request.app[KEY], algorithm="HS256")`, '
        'and `web.json_response({"token": token}, headers={"Cache-Control": "no-store"})`.',
    ),
    shape=(
        is_async(
            "A handler is an `async def`: aiohttp awaits it. A plain `def` is deprecated, and cannot `await request.post()`."
        ),
    ),
    mount=as_handler("POST", "/login"),
    kind="handler",
    cases=(
        Case(
            "POST /login  email=user@email.com  password=password",
            RIGHT,
            (
                status(200, "The right e-mail and password must be let in."),
                body_has(
                    'JSON with "token", a string',
                    lambda found: isinstance(found, dict) and isinstance(found.get("token"), str),
                ),
                Want(
                    "a token signed with request.app[KEY], HS256",
                    claims_in,
                    lambda trial: "a token that this key does not verify",
                    SIGNED,
                ),
                Want(
                    "a token about this user: sub is '1'",
                    lambda trial: claims_in(trial).get("sub") == "1",
                    lambda trial: shown(trial, "sub"),
                    SUBJECT,
                ),
                aware(),
                Want(
                    "a token that ends within a day: exp",
                    lambda trial: 0 < lifetime_in(trial) <= 86400,
                    lambda trial: shown(trial, "exp"),
                    ENDS,
                ),
                header(
                    "Cache-Control",
                    "no-store",
                    "Without it a cache between server and client may keep the token, and hand it to whoever asks next.",
                ),
            ),
            'The client looks for its token under the name "token" in a JSON object.',
            mistakes=(
                Mistake(lambda trial: "post" in unawaited(trial), POST_NOT_AWAITED),
                Mistake(
                    raised(ValueError),
                    "The body is a form, no JSON: read it with `await request.post()`.",
                ),
                Mistake(
                    lambda trial: "'Request' object has no attribute" in str(trial.error),
                    "aiohttp's request has no such thing. A form is read with `await request.post()`.",
                ),
                Mistake(lambda trial: "authenticate" in unawaited(trial), AUTHENTICATE_NOT_AWAITED),
                Mistake(
                    lambda trial: answered(200)(trial) and lifetime_in(trial) > 10 * 365 * 86400,
                    MILLISECONDS,
                ),
            ),
        ),
        Case(
            "POST /login  email=user@email.com  password=guessed",
            WRONG,
            (
                status(401),
                body_has(
                    "no token", lambda found: not isinstance(found, dict) or "token" not in found
                ),
            ),
            "A wrong password is 401: the request was well formed, who asks is not known (RFC 9110 §15.5.2).",
            mistakes=(
                Mistake(
                    answered(200),
                    "A wrong password got a token. `authenticate` gives None for it; test that before anything else.",
                ),
                Mistake(
                    raised(AttributeError),
                    "`authenticate` gave None for the wrong password, and your code went on with it. Answer 401 before the claims are made.",
                ),
                Mistake(
                    answered(400),
                    "The article answered 400, which says that the request was malformed. It was not: 401 says that these credentials are not accepted.",
                ),
                Mistake(
                    answered(403),
                    "403 says: I know who you are, and you may not. Nobody is known here yet, so 401.",
                ),
                Mistake(
                    answered(404),
                    "404 tells a stranger that there is no such user, or that there is. Wrong credentials are 401, whichever of them is wrong.",
                ),
            ),
        ),
        Case(
            "POST /login  email=nobody@email.com  password=password",
            UNKNOWN,
            (
                status(401),
                Want(
                    "the same answer as for a wrong password",
                    same_refusal,
                    None,
                    "Two different refusals tell a stranger which e-mails have an account here.",
                ),
            ),
            "An unknown e-mail must look like a wrong password: 401.",
            mistakes=(
                Mistake(
                    answered(404),
                    "404 tells a stranger which e-mails have an account here. It must look like a wrong password: 401.",
                ),
            ),
        ),
        Case(
            "POST /login  email=user@email.com  (no password)",
            NO_PASSWORD,
            (
                status(400),
                body_says(
                    "password",
                    "Name the missing field in the answer: whoever wrote the client has to find it.",
                ),
            ),
            "A request without a password can't be answered at all, whoever sends it: 400, and the client's author learns what is missing.",
            mistakes=(
                Mistake(
                    raised(KeyError),
                    'A missing field raised KeyError and became a 500, "our fault". It is the client\'s: look with `.get("password")`, answer 400.',
                ),
                Mistake(
                    raised(TypeError),
                    "The missing password went on as None into `authenticate`. Look at the fields first, answer 400.",
                ),
                Mistake(
                    raised(AttributeError),
                    "The missing password went on as None into `authenticate`. Look at the fields first, answer 400.",
                ),
                Mistake(
                    answered(401),
                    "401 says: wrong credentials, try others. Here none were sent: 400, with the field's name.",
                ),
            ),
        ),
        Case(
            "POST /login  password=password  (no email)",
            NO_EMAIL,
            (
                status(400),
                body_says(
                    "email", "Name the missing field in the answer, and it is `email` this time."
                ),
            ),
            "Each field can be missing: 400, and the answer names this one.",
            mistakes=(
                Mistake(
                    raised(KeyError),
                    'The password is looked for, the e-mail is not: a missing `email` raised KeyError and became a 500. Use `.get("email")`, answer 400.',
                ),
            ),
        ),
    ),
    learnt="A handler says as little as it can when it refuses, and keeps caches from the token when it does not.",
)

EXERCISES = (LOGIN,)
