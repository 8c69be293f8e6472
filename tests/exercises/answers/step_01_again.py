"""Wrong answers to the exercises of step 1 that are right once: for another value, request or application they go wrong; and routes that match too much."""

from __future__ import annotations

import functools

from jwt_demo.exercises.steps.step_01_route import ADD_ROUTE
from tests.exercises.answers.model import Wrong, but_with

route = functools.partial(but_with, ADD_ROUTE.solution)

ADDS = 'app.router.add_get("/ping", ping)'
RETURNS = 'return web.json_response({"pong": True})'
ONE_PATH = "Add a route for /ping only"
GET_ONLY = "The route is for GET only"
ONCE = "can send a Response object once only"


def also_for(method: str) -> str:
    return route(ADDS, f'{ADDS}\n    app.router.add_route("{method}", "/ping", ping)')


WRONG = {
    "01-json-response": (
        Wrong(
            "options that all calls share",
            """
def json_response(body="", options={"content_type": "application/json"}, **kwargs):
    options.update(kwargs)
    options["body"] = json.dumps(body).encode("utf-8")
    return web.Response(**options)
""",
            "The response has the status of an earlier call",
        ),
        Wrong(
            "texts kept by lru_cache",
            """
import functools

written = functools.lru_cache(maxsize=None)(json.dumps)

def json_response(body="", **kwargs):
    try:
        text = written(body)
    except TypeError:
        text = json.dumps(body)
    return web.Response(text=text, content_type="application/json", **kwargs)
""",
            "of an earlier call with another value",
        ),
        Wrong(
            "responses kept",
            """
kept = {}

def json_response(body="", **kwargs):
    name = json.dumps(body)
    if name not in kept:
        kept[name] = web.json_response(body, **kwargs)
    return kept[name]
""",
            ONCE,
        ),
        Wrong(
            "str of what is no dict or list",
            """
def json_response(body="", **kwargs):
    text = json.dumps(body) if isinstance(body, (dict, list)) else str(body)
    return web.Response(text=text, content_type="application/json", **kwargs)
""",
            "as `str` does",
        ),
        Wrong(
            "204 for what is empty",
            """
def json_response(body="", **kwargs):
    if not body:
        return web.Response(status=204, content_type="application/json")
    return web.json_response(body, **kwargs)
""",
            "No status was given, so it is 200",
        ),
    ),
    "01-add-route": (
        Wrong("a pattern behind it", route('"/ping"', '"/ping{rest:.*}"'), ONE_PATH),
        Wrong(
            "a slash behind it",
            route(ADDS, f'{ADDS}\n    app.router.add_get("/ping/", ping)'),
            ONE_PATH,
        ),
        Wrong("more behind it", route('"/ping"', '"/ping{rest:(/.*)?}"'), ONE_PATH),
        Wrong("any case", route('"/ping"', '"/{ping:(?i:ping)}"'), ONE_PATH),
        Wrong("any letters before it", route('"/ping"', '"/{before:.*}ping"'), ONE_PATH),
        Wrong("/ too", route(ADDS, f'{ADDS}\n    app.router.add_get("/", ping)'), ONE_PATH),
        *(
            Wrong(f"{method} too", also_for(method), GET_ONLY)
            for method in ("PUT", "PATCH", "DELETE", "OPTIONS")
        ),
        Wrong(
            "one response for all",
            route(RETURNS, "return response").replace(
                "    async def", '    response = web.json_response({"pong": True})\n\n    async def'
            ),
            ONCE,
        ),
        Wrong(
            "emptied by the first request",
            route(RETURNS, 'return web.json_response({"pong": answer.pop("pong", None)})').replace(
                "    async def", '    answer = {"pong": True}\n\n    async def'
            ),
            "make it anew for each request",
        ),
        Wrong(
            "the query in it",
            route('{"pong": True}', '{"pong": True, **request.query}'),
            "behind `?` changes nothing",
        ),
        Wrong(
            "the status from the query",
            route('{"pong": True}', '{"pong": True}, status=int(request.query.get("status", 200))'),
            "behind `?` changes nothing",
        ),
        Wrong(
            "the first application only",
            "added = []\n"
            + route(
                "    async def",
                "    if added:\n        return\n    added.append(app)\n\n    async def",
            ),
            "Add the route to each `app`",
        ),
        Wrong(
            "always the first application",
            "apps = []\n"
            + route(
                ADDS,
                '(apps[0] if apps else app).router.add_get("/ping", ping)\n    apps.append(app)',
            ),
            "Your code raised",
        ),
    ),
}
