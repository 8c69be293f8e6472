"""Right and wrong answers to the exercises of `step_02_login`."""

from __future__ import annotations

import functools

from jwt_demo.exercises.steps.step_02_login import FIELDS, LOGIN_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

but = functools.partial(but_with, LOGIN_SOLUTION)

RIGHT = {
    "02-login": (
        """
async def login(request):
    try:
        form = await request.post()
        email, password = form["email"], form["password"]
    except KeyError as missing:
        raise web.HTTPBadRequest(text=f"no field {missing}")
    found = await request.app[USERS].authenticate(email, password)
    if not found:
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
    start = datetime.now(tz=timezone.utc)
    signed = jwt.encode({"sub": f"{found.id}", "exp": int((start + timedelta(minutes=10)).timestamp())}, request.app[KEY])
    answer = web.json_response(dict(token=signed))
    answer.headers["cache-control"] = "no-store, max-age=0"
    return answer
""",
    ),
}

WRONG = {
    "02-login": (
        Wrong(
            "a token that starts later",
            but(
                "token = jwt",
                'claims["nbf"] = datetime.now(timezone.utc) + timedelta(minutes=1)\n    token = jwt',
            ),
            "The server that issues the token must accept it",
        ),
        Wrong(
            "an audience of its own",
            but("token = jwt", 'claims["aud"] = "login"\n    token = jwt'),
            "The server that issues the token must accept it",
        ),
        Wrong(
            "no challenge",
            but(
                'challenge(401, "Wrong e-mail or password")',
                'web.json_response({"message": "Wrong e-mail or password"}, status=401)',
            ),
            "A 401 must have a challenge",
        ),
        Wrong(
            "password stripped",
            but('fields["password"])', 'fields["password"].strip())'),
            "has spaces in it",
        ),
        Wrong(
            "an outage is a wrong password",
            """
async def login(request):
    form = await request.post()
    for name in ("email", "password"):
        if name not in form:
            return challenge(400, f"{name} is missing")
    try:
        user = await request.app[USERS].authenticate(form["email"], form["password"])
        claims = claims_for(user, now=datetime.now(timezone.utc))
    except Exception:
        return challenge(401, "Wrong e-mail or password")
    token = jwt.encode(claims, request.app[KEY], algorithm="HS256")
    return web.json_response({"token": token}, headers={"Cache-Control": "no-store"})
""",
            "the fault is in the server",
        ),
        Wrong(
            "the article's last line",
            """
async def login(request):
    data = await request.post()
    user = await request.app[USERS].authenticate(data["email"], data["password"])
    token = jwt.encode(claims_for(user, now=datetime.now(timezone.utc)), request.app[KEY], algorithm="HS256")
    return web.json_response({"token": token.decode("utf-8")})
""",
            "nothing to decode",
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
            but("challenge(401", "challenge(400"),
            "400 says that the request was malformed. The fields are there",
        ),
        Wrong(
            "403 for a wrong password",
            but("challenge(401", "challenge(403"),
            "403 says that the server knows the user and",
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
        Wrong("the key in place of the users", but("request.app[USERS]", "USERS"), "a key only"),
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
            "A stolen token is valid until `exp` (RFC 7519",
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
            "Sign with `request.app[KEY]`, the key of the server, and",
        ),
        Wrong(
            "fields not looked for",
            but(FIELDS, ""),
            "A field that is missing raised KeyError, and the",
        ),
        Wrong(
            "a missing field taken for a wrong one",
            but('is missing"}, status=400', 'is missing"}, status=401'),
            "401 says that credentials are wrong. Here a field",
        ),
        Wrong(
            "the response does not name the field",
            but('f"The field {name} is missing"', '"Something is missing"'),
            "Name the field that is missing in the body,",
        ),
        Wrong(
            "only the password is looked for",
            but('("email", "password"):', '("password",):'),
            "A field that is missing raised KeyError, and the",
        ),
        Wrong(
            "nobody is rejected",
            but(
                '    if user is None:\n        return challenge(401, "Wrong e-mail or password")\n',
                "",
            ),
            "used this None as a user",
        ),
        Wrong(
            "an unknown e-mail answers otherwise",
            but(
                'user = await request.app[USERS].authenticate(fields["email"], fields["password"])',
                'if await request.app[USERS].by_email(fields["email"]) is None:\n        return challenge(401, "No such user")\n'
                '    user = await request.app[USERS].authenticate(fields["email"], fields["password"])',
            ),
            "which e-mails have an account",
        ),
        Wrong(
            "the password repeated",
            """
async def login(request):
    data = await request.post()
    for name in ("email", "password"):
        if not data.get(name):
            return web.json_response({"message": f"{name} missing"}, status=400)
    user = await request.app[USERS].authenticate(data["email"], data["password"])
    if not user:
        return challenge(401, f"Wrong password {data['password']}")
    token = jwt.encode(claims_for(user, now=datetime.now(timezone.utc)), request.app[KEY], algorithm="HS256")
    return web.json_response({"token": token}, headers={"Cache-Control": "no-store"})
""",
            "The response repeats the password",
        ),
    ),
}

EQUIVALENT = {
    "02-login": {
        "user is None → not user": "nothing that is false but None comes here",
        "jwt.encode(claims, request.app[KEY], algorithm='HS256') → *": "HS256 is PyJWT's default",
        "request.app[*] → request.app.get(*)": "what is asked for is always there at this point",
        "fields['*'] → fields.get('*')": "what is asked for is always there at this point",
        "'*ache-*ontrol' → *": "a header's name, a scheme and a directive are the same in any case of letters",
        "'WWW-Authenticate' → *": "a header's name, a scheme and a directive are the same in any case of letters",
        "'Bearer' → *": "a header's name, a scheme and a directive are the same in any case of letters",
        "'no-store' → 'NO-STORE'": "a header's name, a scheme and a directive are the same in any case of letters",
        "'message' → *": "the task leaves the words of a rejection, and the name they stand under, to the reader",
        "'Wrong e-mail or password' says user": "`user` is None there",
        "except KeyError as missing: *": "nothing else is raised in this `try`",
        "datetime.now(tz=timezone.utc) → datetime.now()": "`timestamp()` of a local time is the same moment",
        "int((start + timedelta(minutes=10)).timestamp()) → *": "a NumericDate may have a fraction (RFC 7519 §2)",
        "10 → *": "the task says a few minutes",
    },
}
