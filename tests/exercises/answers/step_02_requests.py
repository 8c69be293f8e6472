"""Wrong answers to the exercises of step 2 that go wrong for another user, at another time, with another key, or with two requests at once."""

from __future__ import annotations

import functools

from jwt_demo.exercises.steps.step_02 import ISSUE_SOLUTION
from jwt_demo.exercises.steps.step_02_login import LOGIN_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

issue = functools.partial(but_with, ISSUE_SOLUTION)
but = functools.partial(but_with, LOGIN_SOLUTION)

SUBJECT = '"sub": str(user.id)'
MINUTES = "timedelta(minutes=5)"
READS = "fields = await request.post()"
ASKS = 'await request.app[USERS].authenticate(fields["email"], fields["password"])'
CLAIMS = "claims = claims_for(user, now=datetime.now(timezone.utc))"
SIGNS = 'token = jwt.encode(claims, request.app[KEY], algorithm="HS256")'
MORE_RIGHTS = "The token grants more than its user may do"
OTHER_PLACE = "whatever stands in another place"
ANOTHER_APPLICATION = "Take both from `request.app`"
MIXED_UP = "Each login gets its own response"
NO_FAULT_OF_THE_CLIENT = "the fault is in the server"


def asking(*lines: str) -> str:
    """The answer with other lines in place of the call of `authenticate`."""
    return but(f"    user = {ASKS}\n", "".join(f"    {line}\n" for line in lines))


def keeping(name: str, *lines: str) -> str:
    """The answer with a global, and other lines in place of those that sign."""
    return f"{name} = {{}}\n" + but(
        f"    {CLAIMS}\n    {SIGNS}\n", "".join(f"    {line}\n" for line in lines)
    )


WRONG = {
    "02-issue-token": (
        *(
            Wrong(
                f"{name} for everybody",
                issue(SUBJECT, f'{SUBJECT}, "{name}": {claim}'),
                MORE_RIGHTS,
            )
            for name, claim in {
                "scope": '"profile admin"',
                "scopes": '["admin"]',
                "role": '"admin"',
                "roles": '["user", "admin"]',
                "is_admin": "True",
                "admin": "1",
            }.items()
        ),
        Wrong("five seconds", issue(MINUTES, "timedelta(0, 5)"), "less than a minute"),
        Wrong("59 seconds", issue(MINUTES, "timedelta(seconds=59)"), "less than a minute"),
        Wrong(
            "one token for a user",
            "tokens = {}\n"
            + issue(
                'return jwt.encode(claims, key, algorithm="HS256")',
                'return tokens.setdefault(user.id, jwt.encode(claims, key, algorithm="HS256"))',
            ),
            "This is the token of the call before",
        ),
        Wrong(
            "one token for a user and a key",
            "tokens = {}\n"
            + issue(
                'return jwt.encode(claims, key, algorithm="HS256")',
                'return tokens.setdefault((user.id, key), jwt.encode(claims, key, algorithm="HS256"))',
            ),
            "This is the token of the call before",
        ),
        Wrong(
            "the claims of the first call",
            issue("now):", "now, kept={}):").replace(
                "    return",
                '    kept.setdefault("claims", claims)\n    claims = {**kept["claims"], "exp": claims["exp"]}\n    return',
            ),
            "keep nothing from an earlier call",
        ),
        Wrong("HS512", issue("HS256", "HS512"), "with HS256"),
    ),
    "02-login": (
        Wrong(
            "now is a default",
            but(
                "async def login(request):",
                "async def login(request, now=datetime.now(timezone.utc)):",
            ).replace("now=datetime.now(timezone.utc))\n    token", "now=now)\n    token"),
            "once, when the `def` runs",
        ),
        Wrong(
            "now is a global",
            "NOW = datetime.now(timezone.utc)\n"
            + but(CLAIMS, "claims = claims_for(user, now=NOW)"),
            "keeps the moment from which it counts",
        ),
        Wrong(
            "a lifetime of seconds",
            but(CLAIMS, CLAIMS + '\n    claims["exp"] = claims["iat"] + timedelta(0, 5)'),
            "less than a minute after the login",
        ),
        Wrong(
            "the address too",
            but(READS, "fields = {**request.query, **await request.post()}"),
            OTHER_PLACE,
        ),
        Wrong(
            "the address first",
            but(READS, "fields = {**await request.post(), **request.query}"),
            OTHER_PLACE,
        ),
        Wrong(
            "cookies too",
            but(READS, "fields = {**request.cookies, **await request.post()}"),
            OTHER_PLACE,
        ),
        Wrong(
            "an unknown e-mail at once",
            asking(
                'user = await request.app[USERS].by_email(fields["email"])',
                "if user is not None:",
                f"    user = {ASKS}",
            ),
            "`authenticate` was not called with this e-mail",
        ),
        Wrong(
            "scope admin for everybody",
            but(CLAIMS, CLAIMS + '\n    claims["scope"] = "admin profile"'),
            MORE_RIGHTS,
        ),
        Wrong(
            "is_admin for everybody",
            but(CLAIMS, CLAIMS + '\n    claims["is_admin"] = True'),
            MORE_RIGHTS,
        ),
        Wrong(
            "the scope that is asked for",
            but(CLAIMS, CLAIMS + '\n    claims["scope"] = fields.get("scope", claims["scope"])'),
            MORE_RIGHTS,
        ),
        Wrong(
            "all fields become claims",
            but(CLAIMS, CLAIMS + '\n    claims.update(sub=fields.get("sub", claims["sub"]))'),
            "`sub` is the user's id",
        ),
        Wrong(
            "nobody after some failures",
            "failed = []\n"
            + asking(
                f"user = {ASKS}",
                "if user is None:",
                "    failed.append(1)",
                "if len(failed) > 5:",
                "    user = None",
            ),
            "These e-mail and password are right",
        ),
        Wrong(
            "not this e-mail after ten failures",
            "failed = []\n"
            + asking(
                f"user = {ASKS}",
                "if user is None:",
                '    failed.append(fields["email"])',
                'if failed.count(fields["email"]) > 9:',
                "    user = None",
            ),
            "These e-mail and password are right",
        ),
        *(
            Wrong(
                f"{kind} is a missing field",
                asking(
                    "try:",
                    f"    user = {ASKS}",
                    f"except {kind} as missing:",
                    '    return web.json_response({"message": str(missing)}, status=400)',
                ),
                "the request was malformed. It was not",
            )
            for kind in ("KeyError", "TypeError", "ValueError", "AttributeError")
        ),
        Wrong(
            "LookupError is nobody",
            asking("try:", f"    user = {ASKS}", "except LookupError:", "    user = None"),
            NO_FAULT_OF_THE_CLIENT,
        ),
        Wrong(
            "the first key",
            keeping(
                "kept",
                'key = kept.setdefault("key", request.app[KEY])',
                CLAIMS,
                'token = jwt.encode(claims, key, algorithm="HS256")',
            ),
            ANOTHER_APPLICATION,
        ),
        Wrong(
            "the first storage",
            "kept = []\n"
            + asking(
                "kept.append(request.app[USERS])",
                f"user = {ASKS.replace('request.app[USERS]', 'kept[0]')}",
            ),
            ANOTHER_APPLICATION,
        ),
        Wrong(
            "the first id of an e-mail",
            keeping(
                "kept",
                CLAIMS,
                'claims["sub"] = kept.setdefault(fields["email"], claims["sub"])',
                SIGNS,
            ),
            ANOTHER_APPLICATION,
        ),
        Wrong(
            "the user is a global",
            "user = None\n"
            + but(
                "async def login(request):\n", "async def login(request):\n    global user\n"
            ).replace(
                f"    user = {ASKS}\n    if user is None:",
                f'    user = await request.app[USERS].by_email(fields["email"])\n    if {ASKS} is None:',
            ),
            MIXED_UP,
        ),
        Wrong(
            "the form is a global",
            but(
                "async def login(request):\n", "async def login(request):\n    global fields\n"
            ).replace(
                f"    user = {ASKS}\n",
                f'    await request.app[USERS].by_email(fields["email"])\n    user = {ASKS}\n',
            ),
            MIXED_UP,
        ),
        Wrong(
            "one at a time, others rejected",
            "busy = []\n"
            + asking(
                "if busy:",
                '    return challenge(401, "Later")',
                "busy.append(1)",
                "try:",
                f"    user = {ASKS}",
                "finally:",
                "    busy.clear()",
            ),
            MIXED_UP,
        ),
    ),
}
