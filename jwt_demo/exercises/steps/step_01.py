"""01-json-response and the quizzes of 01_setup."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from ..harness import new_app
from ..matchers import body, header, raised, status
from ..model import Case, Exercise, Mistake, Quiz, Request, Wrong

ANSWERS = {
    "/hello": (({"message": "hello"},), {}),
    "/empty": (({},), {}),
    "/none-found": (([],), {}),
    "/missing": (({"message": "no such page"},), {"status": 404}),
}


def answers_with_it(candidate: Any, bench: Any) -> web.Application:
    app = new_app(candidate, bench)
    for path, (args, options) in ANSWERS.items():
        app.router.add_get(path, handler_of(candidate, args, options))
    return app


def handler_of(candidate: Any, args: Any, options: Any) -> Any:
    async def handler(request: web.Request) -> Any:
        return candidate(*args, **options)

    handler.__name__ = candidate.__name__  # so that it is named when it returns no response
    return handler


TWICE = Mistake(
    lambda trial: trial.exchange is not None and trial.exchange.text.startswith('"{'),
    "The JSON was encoded twice: the client gets a string with JSON in it. `web.json_response` calls `json.dumps` itself.",
)
PYTHON = Mistake(
    lambda trial: trial.exchange is not None and trial.exchange.text.startswith("{'"),
    "That is how Python writes a dict, with single quotes. `json.dumps` writes JSON.",
)


def error_says(text: str) -> Any:
    return lambda trial: trial.error is not None and text in str(trial.error)


FALSY = "An empty object, an empty list and 0 are answers too; `or` takes each of them for nothing at all. Encode what was given, whatever it is."

JSON_RESPONSE = Exercise(
    name="01-json-response",
    function="json_response",
    idea="An answer says what it is: any value as JSON, under its registered name, with any status.",
    stub="""
def json_response(body="", **kwargs):
    kwargs["body"] = json.dumps(body or kwargs["body"]).encode("utf-8")
    kwargs["content_type"] = "text/json"
    return web.Response(**kwargs)
""",
    given="import json\n\nfrom aiohttp import web\n",
    solution="""
def json_response(body, **kwargs):
    return web.json_response(body, **kwargs)
""",
    also_right=(
        """
def json_response(body=None, status=200, headers=None):
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json")
""",
    ),
    wrong=(
        Wrong(
            "still text/json",
            """
def json_response(body="", **kwargs):
    return web.Response(body=json.dumps(body).encode("utf-8"), content_type="text/json", **kwargs)
""",
            "`application/json` is (RFC 8259 §11)",
        ),
        Wrong(
            "a falsy body is still replaced",
            """
def json_response(body="", **kwargs):
    kwargs["body"] = json.dumps(body or kwargs["body"]).encode("utf-8")
    kwargs["content_type"] = "application/json"
    return web.Response(**kwargs)
""",
            "takes each of them for nothing",
        ),
        Wrong(
            "a falsy body becomes null",
            """
def json_response(body=None, **kwargs):
    return web.json_response(body or None, **kwargs)
""",
            "takes each of them for nothing",
        ),
        Wrong(
            "a value as body",
            "def json_response(body, **kwargs):\n    return web.Response(body=body, content_type='application/json', **kwargs)",
            "text or bytes",
        ),
        Wrong(
            "charset in content_type",
            "def json_response(body, **kwargs):\n    return web.Response(text=json.dumps(body), content_type='application/json; charset=utf-8', **kwargs)",
            "the media type alone",
        ),
        Wrong(
            "kwargs without stars",
            "def json_response(body, **kwargs):\n    return web.json_response(body, kwargs)",
            "passes them on",
        ),
        Wrong(
            "async",
            "async def json_response(body, **kwargs):\n    return web.json_response(body, **kwargs)",
            "not `async def`",
        ),
        Wrong(
            "the status is lost",
            """
def json_response(body, **kwargs):
    return web.json_response(body)
""",
            "Pass `**kwargs` on",
        ),
        Wrong(
            "encoded twice",
            """
def json_response(body, **kwargs):
    return web.json_response(json.dumps(body), **kwargs)
""",
            "encoded twice",
        ),
        Wrong(
            "Python instead of JSON",
            """
def json_response(body, **kwargs):
    return web.Response(text=str(body), content_type="application/json", **kwargs)
""",
            "single quotes",
        ),
        Wrong(
            "return forgotten",
            """
def json_response(body, **kwargs):
    web.json_response(body, **kwargs)
""",
            "Is a `return` missing?",
        ),
        Wrong(
            "text instead of a response",
            """
def json_response(body, **kwargs):
    return json.dumps(body)
""",
            "not a response",
        ),
    ),
    hints=(
        "Two things are amiss in the article's line: what it does with an empty body, and the name it gives to JSON.",
        "`body or kwargs[...]` is for a body that was left out, and also hits `{}`, `[]` and `0`. The registered media type is `application/json` (RFC 8259 §11).",
        "aiohttp brings its own since then: `web.json_response(body, **kwargs)` encodes any value and sets the type. One line is enough.",
    ),
    mount=answers_with_it,
    mistakes=(
        Mistake(
            error_says("Unsupported body type"),
            "The body of a response is text or bytes. `json.dumps` makes text of a value, or `web.json_response` does all of it.",
        ),
        Mistake(
            error_says("charset must not be"),
            "`content_type` is the media type alone, `application/json`; JSON is always UTF-8 (RFC 8259 §8.1).",
        ),
        Mistake(
            error_says("positional arguments but"),
            "`kwargs` alone is one dict. `**kwargs` passes them on, each by its name.",
        ),
        Mistake(
            lambda trial: trial.exchange is not None and "never awaited" in trial.exchange.problem,
            "This is a plain function, which a handler calls without `await`: `def`, not `async def`.",
        ),
    ),
    kind="response",
    cases=(
        Case(
            'json_response({"message": "hello"})',
            Request("GET", "/hello"),
            (
                status(200),
                body({"message": "hello"}),
                header(
                    "Content-Type",
                    "application/json",
                    "`text/json` is not a registered name, `application/json` is (RFC 8259 §11). Clients look at it before they decode.",
                ),
            ),
            "The client must get this object as JSON.",
            mistakes=(TWICE, PYTHON),
        ),
        Case(
            "json_response({})",
            Request("GET", "/empty"),
            (status(200), body({})),
            FALSY,
            mistakes=(
                Mistake(raised(KeyError), FALSY),
                Mistake(
                    lambda trial: trial.exchange is not None and trial.exchange.text != "{}", FALSY
                ),
            ),
        ),
        Case("json_response([])", Request("GET", "/none-found"), (status(200), body([])), FALSY),
        Case(
            'json_response({"message": "no such page"}, status=404)',
            Request("GET", "/missing"),
            (status(404), body({"message": "no such page"})),
            "The status that was asked for got lost. Pass `**kwargs` on to the response.",
        ),
    ),
    learnt="The article's bug sat in one `or`: a value that is false is not a value that is missing. You will meet the same `or` once more, where it lets the wrong user in.",
)


EXERCISES = (JSON_RESPONSE,)
QUIZZES = (
    Quiz(
        "who-is-served",
        "The server runs inside this notebook, at 127.0.0.1. Who can reach it?",
        {
            "a": "programs on this machine",
            "b": "everybody in the same network",
            "c": "this notebook and nobody else",
        },
        right="a",
        because="127.0.0.1 is the machine itself: packets to it never reach a cable. Any program on this machine can ask, a browser or a terminal as well as this notebook.",
        reasons={
            "b": "A server that listens on 0.0.0.0 would be reachable from the network. 127.0.0.1 never leaves the machine.",
            "c": "The server has a real port of the operating system. Other programs on this machine can use it; try its address in a browser tab.",
        },
    ),
    Quiz(
        "empty-body",
        "The article's `json_response` holds `body or kwargs['body']`. A handler calls `json_response([])`. What does the client get?",
        {"a": "200 and []", "b": "200 and nothing", "c": "500"},
        right="c",
        because="An empty list is false, so `or` goes on to `kwargs['body']`, which is not there: KeyError, and a handler that raises is a 500.",
        reasons={
            "a": "It would be, if `or` asked whether a body was given. It asks whether the body is true, and [] is not.",
            "b": "Nothing is sent as a body only where a response is made. Follow the right side of `or` for a body that is false.",
        },
    ),
)
