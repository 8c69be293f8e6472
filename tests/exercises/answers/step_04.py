"""Right and wrong answers to the exercises of `step_04`."""

from __future__ import annotations

import functools

from tests.exercises.answers.model import Wrong, but_with

SHORT = """
def login_required(handler):
    @functools.wraps(handler)
    async def wrapper(request):
        if request[PRINCIPAL] is None:
            return web.json_response({"message": "Log in first"}, status=401, headers={"WWW-Authenticate": "Bearer"})
        return await handler(request)

    return wrapper
"""
login = functools.partial(but_with, SHORT)

RIGHT = {
    "04-login-required": (
        SHORT,
        """
def login_required(handler):
    async def guarded(request):
        stranger = not request.get(PRINCIPAL)
        if stranger:
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Bearer realm="mine"'})
        response = await handler(request)
        return response

    return functools.update_wrapper(guarded, handler)
""",
        """
def login_required(handler):
    async def wrapper(request):
        if request.get(PRINCIPAL):
            return await handler(request)
        return challenge(401, "Log in first")
    wrapper.__name__ = handler.__name__
    return wrapper
""",
    ),
}

WRONG = {
    "04-login-required": (
        Wrong(
            "the claims in place of the user",
            login("request[PRINCIPAL] is None", 'not request[CLAIMS].get("sub")'),
            "This user has no token, so `request[CLAIMS]` is empty",
        ),
        Wrong(
            "claims or a user",
            login(
                "request[PRINCIPAL] is None", "request[PRINCIPAL] is None and not request[CLAIMS]"
            ),
            "There are claims and no user",
        ),
        Wrong(
            "nothing returned for a stranger",
            """
def login_required(func):
    @functools.wraps(func)
    async def wrapper(request):
        if request[PRINCIPAL] is not None:
            return await func(request)
    return wrapper
""",
            "Each way through the wrapper must return a response",
        ),
        Wrong(
            "the handler runs twice",
            """
def login_required(func):
    @functools.wraps(func)
    async def wrapper(request):
        if request[PRINCIPAL] is None:
            return challenge(401, "Log in first")
        await func(request)
        return await func(request)
    return wrapper
""",
            "For one request the handler runs once",
        ),
        Wrong(
            "a scope demanded",
            """
def login_required(func):
    @functools.wraps(func)
    async def wrapper(request):
        if request[PRINCIPAL] is None or "profile" not in request[CLAIMS].get("scope", ""):
            return challenge(401, "Log in first")
        return await func(request)
    return wrapper
""",
            "no right is asked for",
        ),
        Wrong(
            "a name of its own",
            """
def login_required(func):
    async def wrapper(request):
        if request[PRINCIPAL] is None:
            return web.json_response({"message": "Log in"}, status=401, headers={"WWW-Authenticate": "Bearer"})
        return await func(request)
    wrapper.__name__ = "get_user"
    return wrapper
""",
            "gives it the name of the handler",
        ),
        Wrong(
            "200",
            """
import functools
def login_required(func):
    @functools.wraps(func)
    async def wrapper(request):
        if request[PRINCIPAL] is None:
            return web.json_response({"message": "Log in"}, status=200, headers={"WWW-Authenticate": "Bearer"})
        return await func(request)
    return wrapper
""",
            "although the handler did not run",
        ),
        Wrong(
            "a plain wrapper",
            login("    async def", "    def").replace("return await", "return"),
            "aiohttp awaits a handler",
        ),
        Wrong(
            "the decorator itself async",
            login("def login_required", "async def login_required"),
            "Python calls a decorator without `await`",
        ),
        Wrong(
            "the wrapper not returned",
            login("\n    return wrapper\n", ""),
            "must return the function that takes the handler's place",
        ),
        Wrong(
            "the wrapper called",
            login("return wrapper", "return wrapper(None)"),
            "Python calls a decorator without `await`",
        ),
        Wrong("no wraps", login("    @functools.wraps(handler)\n", ""), "functools.wraps"),
        Wrong(
            "await forgotten",
            login("return await handler", "return handler"),
            "`return await handler(request)`",
        ),
        Wrong(
            "return forgotten",
            login("return await handler", "await handler"),
            "the wrapper returned None in place of a response.",
        ),
        Wrong(
            "the handler is called with nothing",
            login("handler(request)", "handler()"),
            "The handler takes one argument",
        ),
        Wrong(
            "403 for strangers",
            login("status=401", "status=403"),
            "403 says that the server knows the user and",
        ),
        Wrong("400 for strangers", login("status=401", "status=400"), "well formed"),
        Wrong(
            "sent to a login page",
            login(
                "return web.json_response({",
                "raise web.HTTPFound('/login')\n            return web.json_response({",
            ),
            "This is a redirect, for people with a browser.",
        ),
        Wrong(
            "no challenge",
            login(', headers={"WWW-Authenticate": "Bearer"}', ""),
            "Send `WWW-Authenticate: Bearer`, which names the scheme to use.",
        ),
        Wrong(
            "a challenge with an error code",
            login('"Bearer"}', "'Bearer error=\"invalid_token\"'}"),
            "no error code",
        ),
        Wrong(
            "the handler runs first",
            login(
                "        if request", "        answer = await handler(request)\n        if request"
            ).replace("return await handler(request)", "return answer"),
            "Check first, then call the handler. What a handler has",
        ),
        Wrong(
            "the wrong way round",
            login("is None", "is not None"),
            "This user is logged in, and the response rejects",
        ),
        Wrong(
            "request.user, as in the article",
            login("request[PRINCIPAL] is None", "not request.user"),
            "`request[PRINCIPAL]`",
        ),
        Wrong(
            "the handler's answer made anew",
            login(
                "return await handler(request)",
                "answer = await handler(request)\n        return web.Response(body=answer.body, content_type='application/json')",
            ),
            "Return the handler's response as it is, with its",
        ),
        Wrong(
            "the header's first letters in place of the user",
            """
def login_required(func):
    @functools.wraps(func)
    async def wrapper(request):
        if not request.headers.get("Authorization", "").startswith("Bearer"):
            return challenge(401, "Auth required")
        return await func(request)
    return wrapper
""",
            "Decide by `request[PRINCIPAL]` alone",
        ),
        Wrong(
            "the header in place of the user",
            """
def login_required(func):
    @functools.wraps(func)
    async def wrapper(request):
        if not request.headers.get("Authorization", "").lower().startswith("bearer "):
            return challenge(401, "Auth required")
        return await func(request)
    return wrapper
""",
            "The middleware found this user and set",
        ),
    ),
}

EQUIVALENT = {
    "04-login-required": {
        "request[PRINCIPAL] is None → not request[PRINCIPAL]": "nothing that is false but None comes here",
        "request[PRINCIPAL] → request.get(PRINCIPAL)": "what is asked for is always there at this point",
        "request.get(PRINCIPAL) → request[PRINCIPAL]": "what is asked for is always there at this point",
        "{'message': 'Log in first'} → {}": "the task leaves the words of a rejection, and the name they stand under, to the reader",
        "'message' → *": "the task leaves the words of a rejection, and the name they stand under, to the reader",
        "'WWW-Authenticate' → *": "a header's name, a scheme and a directive are the same in any case of letters",
        "'Bearer' → *": "a header's name, a scheme and a directive are the same in any case of letters",
    },
}
