"""01-add-route: an application is a table."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from ..harness import new_app
from ..matchers import answered, body, header, status
from ..model import Case, Exercise, Mistake, Request, Wrong


def takes_the_app(candidate: Any, bench: Any) -> web.Application:
    app = new_app(candidate, bench)
    made = candidate(app)
    return made if isinstance(made, web.Application) else app


def message_has(text: str) -> Any:
    return lambda trial: trial.error is not None and text in str(trial.error)


ADD_ROUTE = Exercise(
    name="01-add-route",
    function="add_route",
    idea="An application is a table of method, path and handler; what is not in it is 404 or 405 without your doing.",
    stub="""
def add_route(app):
    # GET /ping answers {"pong": true}
    ...
""",
    given="from aiohttp import web\n",
    solution="""
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("/ping", ping)
""",
    also_right=(
        """
async def answer(request):
    return web.Response(text='{"pong": true}', content_type="application/json")


def add_route(app):
    app.add_routes([web.get("/ping", answer)])
    return app
""",
    ),
    wrong=(
        Wrong(
            "the handler is called",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("/ping", ping(None))
""",
            "Give the handler itself",
        ),
        Wrong(
            "no slash",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("ping", ping)
""",
            "starts with `/`",
        ),
        Wrong(
            "no parameter",
            "def add_route(app):\n    async def ping():\n        return web.json_response({'pong': True})\n\n    app.router.add_get('/ping', ping)",
            "takes one argument, the request",
        ),
        Wrong(
            "plain text",
            "def add_route(app):\n    async def ping(request):\n        return web.Response(text='pong')\n\n    app.router.add_get('/ping', ping)",
            "must say that it is JSON",
        ),
        Wrong(
            "a plain def",
            """
def add_route(app):
    def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("/ping", ping)
""",
            "Write `async def`",
        ),
        Wrong(
            "POST",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_post("/ping", ping)
""",
            "not for GET",
        ),
        Wrong(
            "any method",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_route("*", "/ping", ping)
""",
            "405",
        ),
        Wrong(
            "any path",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("/{anything}", ping)
""",
            "answers other paths",
        ),
        Wrong(
            "another application",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app = web.Application()
    app.router.add_get("/ping", ping)
""",
            "the application that it was given",
        ),
        Wrong(
            "a dict for a response",
            """
def add_route(app):
    async def ping(request):
        return {"pong": True}

    app.router.add_get("/ping", ping)
""",
            "not a response",
        ),
        Wrong(
            "text that looks like JSON",
            """
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": "true"})

    app.router.add_get("/ping", ping)
""",
            "Python's `True`",
        ),
        Wrong(
            "return forgotten",
            """
def add_route(app):
    async def ping(request):
        web.json_response({"pong": True})

    app.router.add_get("/ping", ping)
""",
            "Is a `return` missing?",
        ),
        Wrong(
            "as in other frameworks",
            """
def add_route(app):
    @app.get("/ping")
    async def ping(request):
        return web.json_response({"pong": True})
""",
            "`app.router`",
        ),
    ),
    hints=(
        "Two things are needed: a handler, which is an `async def` that takes a request and returns a response, and a line that enters it in the application's table.",
        "The table is `app.router`. Its `add_get(path, handler)` takes the handler itself, without parentheses behind it; the path begins with `/`.",
        'Inside `add_route`: `async def ping(request): return web.json_response({"pong": True})`, then `app.router.add_get("/ping", ping)`.',
    ),
    mount=takes_the_app,
    kind="routes",
    cases=(
        Case(
            "GET /ping",
            Request("GET", "/ping"),
            (
                status(200),
                header(
                    "Content-Type",
                    "application/json",
                    "The answer must say that it is JSON; `web.json_response` does both.",
                ),
                body(
                    {"pong": True},
                    "JSON's true is Python's `True`; `json.dumps` writes the one for the other.",
                ),
            ),
            'GET /ping must answer 200 and {"pong": true}.',
            mistakes=(
                Mistake(
                    answered(405),
                    "The route is there, but not for GET: `add_get` enters it for GET.",
                ),
                Mistake(
                    answered(404),
                    "Nothing stands at /ping in the application that it was given. Enter the route in `app` itself, and look at the path.",
                ),
            ),
        ),
        Case(
            "POST /ping",
            Request("POST", "/ping"),
            (status(405),),
            "Only GET was asked for. A route for one method makes aiohttp answer 405 to the others by itself.",
        ),
        Case(
            "GET /pong",
            Request("GET", "/pong"),
            (status(404),),
            "Your route answers other paths than /ping too. What nobody entered must be 404.",
        ),
    ),
    mistakes=(
        Mistake(
            message_has("<coroutine object"),
            'Give the handler itself, without calling it: `add_get("/ping", ping)`. aiohttp calls it once for each request.',
        ),
        Mistake(
            message_has("ping() takes 0 positional"),
            "A handler takes one argument, the request: `async def ping(request)`.",
        ),
        Mistake(message_has("path should be started with /"), 'A path starts with `/`: `"/ping"`.'),
        Mistake(
            lambda trial: (
                isinstance(trial.error, (TypeError, AttributeError))
                and (
                    "NoneType' object is not callable" in str(trial.error)
                    or "'Application' object" in str(trial.error)
                )
            ),
            "That is how other frameworks have it. aiohttp's routes are in `app.router`: `app.router.add_get(path, handler)`.",
        ),
    ),
    learnt="405 and 404 came by themselves: aiohttp answers for whatever is not in the table.",
)

EXERCISES = (ADD_ROUTE,)
