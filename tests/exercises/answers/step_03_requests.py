"""Wrong answers to 03-auth-middleware that go wrong for another request than a GET alone: kept, shared, mixed up, skipped, from another place."""

from __future__ import annotations

import functools

from tests.exercises.answers.model import Wrong, but_with
from tests.exercises.answers.step_03_middleware import CATCHES, SHORT

but = functools.partial(but_with, SHORT)

FINDS = 'bearer_token(request.headers.get("Authorization", ""))'
STARTS = "    request[PRINCIPAL] = None\n    token"
DECODES = "jwt.decode(token, request.app[KEY]"
LOOKS_UP = '    user = await request.app[USERS].by_id(claims["sub"])\n'
REJECTS = "    if user is None:\n        return rejected\n"
NO_HEADER = "there is no bearer token"
KEEPS = "Keep nothing from one request to the next"


def skipping(condition: str) -> str:
    return but(
        STARTS,
        f"    request[PRINCIPAL] = None\n    if {condition}:\n        return await handler(request)\n    token",
    )


def also_in(place: str) -> str:
    return but(FINDS, f"{FINDS} or {place}")


def storage_in_try(*kinds: str) -> str:
    caught = f"    except ({', '.join(('TokenError', 'jwt.InvalidTokenError', *kinds))}):\n"
    return (
        but(LOOKS_UP, "")
        .replace("        check_times(claims)\n", "        check_times(claims)\n    " + LOOKS_UP)
        .replace(CATCHES, caught)
    )


WRONG = {
    "03-auth-middleware": (
        Wrong("padding accepted", but("        Token.parse(token)\n", ""), "`Token.parse` raises"),
        Wrong("milliseconds accepted", but("        check_times(claims)\n", ""), "50,000 years"),
        Wrong(
            "milliseconds rejected, texts not",
            but(
                "        check_times(claims)\n",
                '        if float(claims["exp"]) > 1e11:\n            return rejected\n',
            ),
            "A time is a number",
        ),
        *(
            Wrong(
                f"{method} is not checked",
                skipping(f'request.method == "{method}"'),
                "whatever the method is",
            )
            for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD")
        ),
        Wrong("only GET is checked", skipping('request.method != "GET"'), "whatever the method is"),
        *(
            Wrong(
                f"{path} is not checked",
                skipping(f'request.path.startswith("{path}")'),
                "whatever the path is",
            )
            for path in ("/login", "/public", "/static", "/health")
        ),
        Wrong("/ is not checked", skipping('request.path == "/"'), "whatever the path is"),
        Wrong(
            "POST /login is not checked",
            skipping('(request.method, request.path) == ("POST", "/login")'),
            "whatever the path is",
        ),
        Wrong("a cookie", also_in('request.cookies.get("token")'), NO_HEADER),
        Wrong("a cookie of another name", also_in('request.cookies.get("session")'), NO_HEADER),
        Wrong("the address", also_in('request.query.get("access_token")'), NO_HEADER),
        Wrong(
            "another header",
            also_in('bearer_token(request.headers.get("X-Authorization", ""))'),
            NO_HEADER,
        ),
        Wrong("the form", also_in('(await request.post()).get("token")'), NO_HEADER),
        Wrong(
            "KeyError of the storage",
            storage_in_try("KeyError"),
            "Let the exception of `by_id` pass",
        ),
        Wrong(
            "TypeError of the storage",
            storage_in_try("TypeError"),
            "Let the exception of `by_id` pass",
        ),
        Wrong(
            "ValueError of the storage",
            storage_in_try("ValueError"),
            "Let the exception of `by_id` pass",
        ),
        Wrong(
            "AttributeError of the storage",
            storage_in_try("AttributeError"),
            "Let the exception of `by_id` pass",
        ),
        Wrong(
            "RuntimeError of the storage",
            storage_in_try("RuntimeError"),
            "Let the exception of `by_id` pass",
        ),
        *(
            Wrong(
                f"{kind} of the handler",
                but(
                    "    request[PRINCIPAL] = user\n    return await handler(request)\n",
                    f"    request[PRINCIPAL] = user\n    try:\n        return await handler(request)\n    except {kind}:\n        return rejected\n",
                ),
                "The handler raised an exception",
            )
            for kind in (
                "LookupError",
                "AttributeError",
                "PermissionError",
                "TypeError",
                "ValueError",
            )
        ),
        *(
            Wrong(
                f"{kind} caught",
                but("except (TokenError, jwt.InvalidTokenError)", f"except {kind}"),
                "the server's key cannot be used",
            )
            for kind in ("(TokenError, jwt.PyJWTError)", "Exception")
        ),
        Wrong(
            "the token's user kept",
            "_users = {}\n"
            + but(
                LOOKS_UP,
                '    user = _users.get(token)\n    if user is None:\n        user = _users[token] = await request.app[USERS].by_id(claims["sub"])\n',
            ),
            KEEPS,
        ),
        Wrong(
            "the user of an id kept",
            "_users = {}\n"
            + but(
                LOOKS_UP,
                '    if claims["sub"] not in _users:\n        _users[claims["sub"]] = await request.app[USERS].by_id(claims["sub"])\n    user = _users[claims["sub"]]\n',
            ),
            KEEPS,
        ),
        Wrong(
            "the claims of a token kept",
            "_claims = {}\n"
            + but(
                f"        claims = {DECODES}",
                f"        claims = _claims[token] if token in _claims else {DECODES}",
            ).replace("    except", "        _claims[token] = claims\n    except", 1),
            KEEPS,
        ),
        Wrong(
            "the first key kept",
            "_key = []\n"
            + but(DECODES, "jwt.decode(token, _key[0]").replace(
                STARTS, "    _key.append(request.app[KEY])\n" + STARTS
            ),
            "Take both from `request.app`",
        ),
        Wrong(
            "the first storage kept",
            "_users = []\n"
            + but(LOOKS_UP, LOOKS_UP.replace("request.app[USERS]", "_users[0]")).replace(
                STARTS, "    _users.append(request.app[USERS])\n" + STARTS
            ),
            "Take both from `request.app`",
        ),
        Wrong(
            "a user for a connection",
            "users = {}\n"
            + but(
                "    request[PRINCIPAL] = user\n",
                "    request[PRINCIPAL] = users[request.transport] = user\n",
            ).replace(
                "    if token is None:\n",
                "    if request.transport in users:\n        request[PRINCIPAL] = users[request.transport]\n        return await handler(request)\n    if token is None:\n",
                1,
            ),
            "A connection may carry the requests of many users",
        ),
        Wrong(
            "the claims are a global",
            but(STARTS, "    global claims\n" + STARTS).replace(
                LOOKS_UP + REJECTS,
                '    if await request.app[USERS].by_id(claims["sub"]) is None:\n        return rejected\n'
                + LOOKS_UP,
            ),
            "Each request gets its own response",
        ),
        Wrong(
            "the user is a global",
            but(STARTS, "    global user\n" + STARTS).replace(
                REJECTS, REJECTS + '    await request.app[USERS].by_id(claims["sub"])\n'
            ),
            "Each request gets its own response",
        ),
        Wrong(
            "one at a time, others rejected",
            "busy = []\n"
            + but(
                LOOKS_UP,
                "    if busy:\n        return rejected\n    busy.append(1)\n    try:\n    "
                + LOOKS_UP
                + "    finally:\n        busy.clear()\n",
            ),
            "Each request gets its own response",
        ),
        Wrong(
            "is_admin from the token",
            "import dataclasses\n"
            + but(
                "request[PRINCIPAL] = user",
                'request[PRINCIPAL] = dataclasses.replace(user, is_admin=bool(claims.get("is_admin", user.is_admin)))',
            ),
            "the one whom the storage has",
        ),
        Wrong(
            "one response for all",
            'rejected = web.json_response({"message": "No"}, status=401, headers={"WWW-Authenticate": \'Bearer error="invalid_token"\'})\n'
            + but(SHORT[SHORT.index("    rejected = ") : SHORT.index("    try:")], ""),
            "can send a Response object once only",
        ),
        Wrong(
            "the scheme in one case",
            but(
                FINDS,
                'request.headers.get("Authorization", "")[7:] if request.headers.get("Authorization", "").startswith("Bearer ") else None',
            ),
            "The handler ran with no user",
        ),
    ),
}
