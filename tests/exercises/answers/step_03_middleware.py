"""Right and wrong answers to the exercises of `step_03_middleware`."""

from __future__ import annotations

import functools

from tests.exercises.answers.model import Wrong, but_with

SHORT = """
@web.middleware
async def auth_middleware(request, handler):
    request[PRINCIPAL] = None
    token = bearer_token(request.headers.get("Authorization", ""))
    if token is None:
        return await handler(request)

    rejected = web.json_response({"message": "This token is not valid here"}, status=401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    try:
        Token.parse(token)
        claims = jwt.decode(token, request.app[KEY], algorithms=["HS256"], options={"require": ["exp", "sub"]})
        check_times(claims)
    except (TokenError, jwt.InvalidTokenError):
        return rejected
    user = await request.app[USERS].by_id(claims["sub"])
    if user is None:
        return rejected

    request[PRINCIPAL] = user
    return await handler(request)
"""
but = functools.partial(but_with, SHORT)

CATCHES = "    except (TokenError, jwt.InvalidTokenError):\n"
REFUSES_NOBODY = """    user = await request.app[USERS].by_id(claims["sub"])
    if user is None:
        return rejected
"""

RIGHT = {
    "03-auth-middleware": (
        SHORT,
        """
class Refused(web.HTTPUnauthorized):
    def __init__(self):
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="mine", error="invalid_token", error_description="no"'})


async def whose(request):
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        Token.parse(token)
        claims = jwt.PyJWT().decode(token.encode(), request.app[KEY], algorithms=("HS256",), options=dict(require=["exp"]))
        check_times(claims)
        found = await request.app[USERS].by_id(claims.get("sub"))
    except (jwt.InvalidTokenError, TokenError):
        raise Refused from None
    if not found:
        raise Refused
    return found


@web.middleware
async def auth_middleware(request, handler):
    request["user"] = await whose(request)
    return await handler(request)
""",
    ),
}

WRONG = {
    "03-auth-middleware": (
        Wrong(
            "an application without a key is a bad token",
            but(CATCHES, "    except (TokenError, jwt.InvalidTokenError, KeyError):\n"),
            "The key of the application cannot be used",
        ),
        Wrong(
            "a key that is None is a bad token",
            but(CATCHES, "    except (TokenError, jwt.InvalidTokenError, TypeError):\n"),
            "The key of the application cannot be used",
        ),
        Wrong(
            "the algorithm of the token's header",
            but('["HS256"]', '[jwt.get_unverified_header(token)["alg"]]'),
            "`none` was one of the `algorithms`",
        ),
        Wrong(
            "the reason in a header",
            but(
                CATCHES,
                """    except (TokenError, jwt.InvalidTokenError) as error:
        rejected.headers["X-Reason"] = type(error).__name__
""",
            ),
            "Another bad token got a different response",
        ),
        Wrong(
            "an outage is a bad token",
            but(
                """    except (TokenError, jwt.InvalidTokenError):
        return rejected
    user = await request.app[USERS].by_id(claims["sub"])
""",
                """        user = await request.app[USERS].by_id(claims["sub"])
    except Exception:
        return rejected
""",
            ),
            "Let the exception of `by_id` pass",
        ),
        Wrong(
            "the handler runs twice",
            but(
                "    request[PRINCIPAL] = user\n",
                "    request[PRINCIPAL] = user\n    await handler(request)\n",
            ),
            "For one request the handler runs once",
        ),
        Wrong(
            "the handler runs first",
            but(CATCHES, f"{CATCHES}        await handler(request)\n"),
            "Look at the token first",
        ),
        Wrong(
            "old style, as in the article",
            """
async def auth_middleware(app, handler):
    async def middleware(request):
        return await handler(request)
    return middleware
""",
            "old form",
        ),
        Wrong("no decorator", but("@web.middleware\n", ""), "`@web.middleware`"),
        Wrong(
            "a plain def",
            but("async def", "def").replace("await ", ""),
            "On the request there is a coroutine in place",
        ),
        Wrong(
            "second parameter not handler",
            but("request, handler):", "request, call_next):").replace(
                "handler(request)", "call_next(request)"
            ),
            "must be named `handler`",
        ),
        Wrong(
            "Bearer left on",
            but(
                'bearer_token(request.headers.get("Authorization", ""))',
                'request.headers.get("Authorization")',
            ),
            "Is `Bearer ` still in front of it?",
        ),
        Wrong(
            "Bearer left on, only decoded",
            but(
                'bearer_token(request.headers.get("Authorization", ""))',
                'request.headers.get("Authorization")',
            ).replace("        Token.parse(token)\n", ""),
            "`Bearer ` was still in front of the token",
        ),
        Wrong(
            "algorithms left out",
            but(', algorithms=["HS256"]', ""),
            "PyJWT was given no `algorithms`, and it does not",
        ),
        Wrong("algorithms as a string", but('["HS256"]', '"HS256"'), "a list"),
        Wrong(
            "except too narrow, as in the article",
            but(
                "except (TokenError, jwt.InvalidTokenError)",
                "except (TokenError, jwt.DecodeError, jwt.ExpiredSignatureError)",
            ),
            "This exception says that the token is bad, and your",
        ),
        Wrong(
            "only DecodeError",
            but(
                "except (TokenError, jwt.InvalidTokenError)",
                "except (TokenError, jwt.DecodeError)",
            ),
            "This exception says that the token is bad, and your",
        ),
        Wrong(
            "except too wide",
            but(
                "    request[PRINCIPAL] = user\n    return await handler(request)\n",
                "    request[PRINCIPAL] = user\n    try:\n        return await handler(request)\n    except Exception:\n        return rejected\n",
            ),
            "The handler raised its own response, 410, and your",
        ),
        Wrong(
            "signature not verified",
            but('options={"require": ["exp", "sub"]}', 'options={"verify_signature": False}'),
            "The middleware accepted this token. Its claims were changed",
        ),
        Wrong(
            "exp not verified",
            but('options={"require": ["exp", "sub"]}', 'options={"verify_exp": False}'),
            "The middleware accepted this token. It ended 55 minutes",
        ),
        Wrong(
            "exp not required", but('"require": ["exp", "sub"]', '"require": ["sub"]'), "never ends"
        ),
        Wrong(
            "sub taken for granted",
            but('"require": ["exp", "sub"]', '"require": ["exp"]'),
            "without `sub`",
        ),
        Wrong(
            "user gone, let through",
            but(REFUSES_NOBODY, '    user = await request.app[USERS].by_id(claims["sub"])\n'),
            "The middleware accepted this token. Its user does not",
        ),
        Wrong(
            "sub not verified",
            but(', "sub"]}', '], "verify_sub": False}').replace(
                'by_id(claims["sub"])', 'by_id(str(claims.get("sub")))'
            ),
            "a string",
        ),
        Wrong(
            "audience not looked at",
            but('"require"', '"verify_aud": False, "require"'),
            "for another service",
        ),
        Wrong(
            "any HMAC allowed",
            but('["HS256"]', '["HS256", "HS384", "HS512"]'),
            "The middleware accepted this token. This server never signs",
        ),
        Wrong("400, as in the article", but("status=401", "status=400"), "400 says"),
        Wrong("403", but("status=401", "status=403"), "403 says"),
        Wrong(
            "no challenge",
            but(""", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}""", ""),
            "The header of the 401 must say that the token is bad",
        ),
        Wrong(
            "await forgotten before handler",
            but(
                "    request[PRINCIPAL] = user\n    return await handler",
                "    request[PRINCIPAL] = user\n    return handler",
            ),
            "Is an `await` missing?",
        ),
        Wrong(
            "await forgotten before by_id",
            but("await request.app[USERS]", "request.app[USERS]"),
            "`await request.app[USERS].by_id",
        ),
        Wrong(
            "the handler is called with nothing",
            but(
                "    request[PRINCIPAL] = user\n    return await handler(request)",
                "    request[PRINCIPAL] = user\n    return await handler()",
            ),
            "The handler takes one argument, the request",
        ),
        Wrong(
            "return forgotten",
            but(
                "    request[PRINCIPAL] = user\n    return await",
                "    request[PRINCIPAL] = user\n    await",
            ),
            "Is a `return` missing?",
        ),
        Wrong(
            "None is decoded",
            "@web.middleware\nasync def auth_middleware(request, handler):\n    token = bearer_token(request.headers.get('Authorization', ''))\n"
            "    claims = jwt.decode(token, request.app[KEY], algorithms=['HS256'])\n    request[PRINCIPAL] = await request.app[USERS].by_id(claims['sub'])\n"
            "    return await handler(request)",
            "There was no token, and your code decoded all the same.",
        ),
        Wrong(
            "an audience is asked for",
            but('options={"require"', 'audience="me", options={"require"'),
            "This token is good: its key is `request.app[KEY]`, its",
        ),
        Wrong(
            "nobody is rejected",
            but(
                "if token is None:\n        return await handler(request)",
                'if token is None:\n        return web.json_response({"message": "Log in"}, status=401)',
            ),
            "Without a token the request goes on to the",
        ),
        Wrong(
            "the user is not kept",
            but("request[PRINCIPAL] = user", "pass"),
            "find the token's user on the request",
        ),
        Wrong(
            "no header not expected",
            but(
                'bearer_token(request.headers.get("Authorization", ""))',
                'request.headers["Authorization"].removeprefix("Bearer ")',
            ),
            "has no such header",
        ),
        Wrong(
            "a bad token taken for none",
            """
@web.middleware
async def auth_middleware(request, handler):
    request[PRINCIPAL] = None
    token = bearer_token(request.headers.get("Authorization", ""))
    if token:
        try:
            claims = jwt.decode(token, request.app[KEY], algorithms=["HS256"], options={"require": ["exp", "sub"]})
            request[PRINCIPAL] = await request.app[USERS].by_id(claims["sub"])
        except jwt.InvalidTokenError:
            pass
    return await handler(request)
""",
            "the request went on as if it had no token",
        ),
    ),
}

EQUIVALENT = {
    "03-auth-middleware": {
        "token is None → not token": "an empty token may count as none",
        "user is None → not user": "nothing that is false but None comes here",
        "'Authorization' → *": "a header's name, a scheme and a directive are the same in any case of letters",
        "'WWW-Authenticate' → *": "a header's name, a scheme and a directive are the same in any case of letters",
        "request.app[*] → request.app.get(*)": "what is asked for is always there at this point",
        "claims['sub'] → *": "what is asked for is always there at this point",
        "{'message': 'This token is not valid here'} → {}": "the task leaves the words of a rejection, and the name they stand under, to the reader",
        "'message' → *": "the task leaves the words of a rejection, and the name they stand under, to the reader",
        "scheme.lower() != 'bearer' → not str(scheme.lower()).lower() == *": "it is in lower case already",
        "scheme.lower() != 'bearer' → not str(scheme.lower()) == *": "it is a text already",
        "scheme.lower() != 'bearer' → not (scheme.lower() is None or *": "it is never None",
        "'user' → *": "a key of the learner's own may have any name",
        "token.encode() → *": "a token is ASCII, and PyJWT takes text as well",
        "'authorization' → *": "a header's name is the same in any case of letters",
        "jwt.PyJWT() → jwt": "`jwt.decode` is the method of such an object",
        "all that follows, in the try": "what follows raises nothing of this family",
    },
}
