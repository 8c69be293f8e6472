"""01-add-route: an application is a table."""

from __future__ import annotations

import inspect
from typing import Any

from aiohttp import web

from ..fixtures import Bench
from ..harness import new_app
from ..matchers import PYTHONS, TWICE, answered, body, error_says, json_of, media_type, status
from ..model import Case, Exercise, Mistake, Request


def takes_the_app(candidate: Any, bench: Any) -> web.Application:
    app = new_app(candidate, bench)
    made = candidate(app)
    if inspect.iscoroutine(made):
        made.close()
        bench.unawaited = True
    bench.returned_another = isinstance(made, web.Application) and made is not app
    return app


def has_coroutine(trial: Any) -> bool:
    return bool(getattr(trial.bench, "unawaited", False))


PONG = body({"pong": True})

ADD_ROUTE = Exercise(
    name="01-add-route",
    function="add_route",
    idea="An application is a table of method, path and handler. For everything that is not in it, aiohttp returns 404 or 405 by itself.",
    stub="""
def add_route(app):
    # GET /ping returns {"pong": true}
    ...
""",
    given="from aiohttp import web\n",
    solution="""
def add_route(app):
    async def ping(request):
        return web.json_response({"pong": True})

    app.router.add_get("/ping", ping)
""",
    hints=(
        "Two things are needed: a handler, which is an `async def` that takes a request and returns a response, and a line that adds it to the application.",
        "The table of routes is `app.router`. Its `add_get(path, handler)` takes the handler itself, without parentheses; the path starts with `/`.",
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
                media_type(
                    "application/json",
                    "The response must say that its body is JSON. `web.json_response` encodes the value and says so.",
                ),
                PONG,
            ),
            'The response to GET /ping must be 200 with {"pong": true}.',
            mistakes=(
                TWICE,
                PYTHONS,
                Mistake(
                    lambda trial: json_of(trial) in ({"pong": "true"}, {"pong": "True"}),
                    "The value of `pong` is a text here. JSON's true is Python's `True`, without quotes.",
                ),
                Mistake(
                    lambda trial: has_coroutine(trial),
                    "`add_route` gave a coroutine, and nobody awaits it: it is called like any function. Write `def add_route(app)`; the handler in it is the `async def`.",
                ),
                Mistake(
                    lambda trial: trial.bench.returned_another,
                    "Your function returned another application. The caller goes on with the `app` that it gave: add the route to that one.",
                ),
                Mistake(
                    lambda trial: answered(405)(trial) and "Allow" in trial.headers,
                    "/ping has a route, but not for GET: `add_get` adds one for GET.",
                ),
                Mistake(
                    lambda trial: answered(404)(trial) and trial.text == "404: Not Found",
                    "The application has no route for /ping. Add it to the `app` that your function is given, and compare the path.",
                ),
            ),
        ),
        Case(
            "GET /ping, once more",
            Request("GET", "/ping"),
            (status(200), PONG),
            "The first GET /ping got the right response, and this one did not. The response must be the same each time: make it anew for each request.",
        ),
        Case(
            "POST /ping",
            Request("POST", "/ping"),
            (status(405),),
            "The route is for GET only. With a route for one method, aiohttp returns 405 for the other methods by itself.",
        ),
        Case(
            "PUT /ping",
            Request("PUT", "/ping"),
            (status(405),),
            "The route is for GET only. With a route for one method, aiohttp returns 405 for the other methods by itself.",
        ),
        Case(
            "GET /pong",
            Request("GET", "/pong"),
            (status(404),),
            "Add a route for /ping only. For a path without a route, aiohttp sends 404 by itself.",
        ),
        *(
            Case(
                f"{method} /ping",
                Request(method, "/ping"),
                (status(405),),
                "The route is for GET only. With a route for one method, aiohttp returns 405 for the other methods by itself.",
            )
            for method in ("PATCH", "DELETE", "OPTIONS")
        ),
        *(
            Case(
                f"GET {path}",
                Request("GET", path),
                (status(404),),
                "This is another path than /ping. Add a route for /ping only: the path as it is, without a pattern. For a path without a route, aiohttp sends 404 by itself.",
            )
            for path in ("/pingpong", "/ping/", "/ping/x", "/PING", "/Ping", "/x/ping", "/pin", "/")
        ),
        Case(
            "GET /ping?pong=no&status=404",
            Request("GET", "/ping?pong=no&status=404"),
            (status(200), PONG),
            "What stands in the address behind `?` changes nothing: the response is the same for every GET /ping.",
        ),
        Case(
            "GET /ping, in another application",
            Request("GET", "/ping"),
            (status(200), PONG),
            "`add_route` was called once more, with another application, and the first one went right. Add the route to each `app` that is given.",
            elsewhere=True,
        ),
        Case(
            "GET /ping, in another application, once more",
            Request("GET", "/ping"),
            (status(200), PONG),
            "The response must be the same each time: make it anew for each request.",
            elsewhere=True,
        ),
    ),
    mistakes=(
        Mistake(
            error_says("<coroutine object"),
            'Give the handler itself, without calling it: `add_get("/ping", ping)`. aiohttp calls it once for each request.',
        ),
        Mistake(
            error_says("ping() takes 0 positional"),
            "A handler takes one argument, the request: `async def ping(request)`.",
        ),
        Mistake(error_says("path should be started with /"), 'A path starts with `/`: `"/ping"`.'),
        Mistake(
            lambda trial: (
                isinstance(trial.error, AttributeError)
                and "'Application' object has no attribute" in str(trial.error)
            ),
            "An aiohttp application has no such method. Its routes are in `app.router`: `app.router.add_get(path, handler)`.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, TypeError)
                and "'NoneType' object is not callable" in str(trial.error)
            ),
            "What is called there is None. (`app.get(...)` reads a value that is stored in the application, and gives None where there is none.) "
            "Routes are in `app.router`: `app.router.add_get(path, handler)`.",
        ),
    ),
    learnt="For everything that is not in the table, aiohttp sends 405 or 404 by itself: a table of routes needs no code for it.",
    bench=Bench.make,
)

EXERCISES = (ADD_ROUTE,)
