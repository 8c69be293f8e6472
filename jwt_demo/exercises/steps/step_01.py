"""01-json-response and the quizzes of 01_setup."""

from __future__ import annotations

import copy
import inspect
import json
import secrets
from typing import Any

from aiohttp import web

from ..fixtures import Bench
from ..harness import new_app
from ..matchers import (
    NOT_UTF8,
    PYTHONS,
    TWICE,
    answered,
    body_from,
    error_says,
    json_of,
    media_type,
    raised,
    same,
    status,
)
from ..model import Case, Exercise, Mistake, Quiz, Request, Trial, Unfit, Want
from ..shapes import name_of

STATUSES = (201, 302, 400, 422, 500, 503)  # besides 200 and 404


class Given(Bench):
    """A bench with what `json_response` is given for each path."""

    def __init__(self) -> None:
        super().__init__()
        self.word, self.header = secrets.token_hex(4), secrets.token_hex(4)
        self.given: dict[str, tuple[Any, dict[str, Any]]] = {
            "/hello": ({"message": self.word}, {}),
            "/empty": ({}, {}),
            "/none-found": ([], {}),
            "/zero": (0, {}),
            "/false": (False, {}),
            "/true": (True, {}),
            "/one": (1, {}),
            "/float-one": (1.0, {}),
            "/float-zero": (0.0, {}),
            "/text": (self.word, {}),
            "/text-one": ("1", {}),
            "/half": (0.5, {}),
            "/nested": ({"outer": {"inner": [None, True, 1]}}, {}),
            "/nothing": ("", {}),
            "/null": (None, {}),
            "/list": ([{"id": self.user.id}, {"id": self.admin.id}], {}),
            "/missing": ({"message": self.word}, {"status": 404}),
            **{f"/{code}": ({"message": self.word}, {"status": code}) for code in STATUSES},
            "/header": ({"message": self.word}, {"headers": {"X-Page": self.header}}),
            "/umlaut": ({"message": "Grüße ☕"}, {}),
        }

    def names(self) -> dict[str, str]:
        return {**super().names(), self.word: "<a word>", self.header: "<a value>"}


def answers_with_it(candidate: Any, bench: Any) -> web.Application:
    app = new_app(candidate, bench)
    for path, (value, options) in bench.given.items():
        app.router.add_get(path, handler_of(candidate, value, options))
    return app


def handler_of(candidate: Any, value: Any, options: Any) -> Any:
    async def handler(request: web.Request) -> Any:
        before = copy.deepcopy((value, options))
        response = candidate(value, **options)
        if (value, options) != before:
            raise Unfit(
                "what was given to `json_response` is changed after the call",
                "Your function changed the object that it was given, the value or the headers. The caller still needs it as it was: make a new one.",
            )
        if inspect.iscoroutine(response):
            response.close()
            raise Unfit(
                "a coroutine",
                "A handler calls `json_response` without `await`, so it is a plain function: `def`, not `async def`.",
            )
        return response

    handler.__name__ = name_of(candidate)  # so that it is named when it returns no response
    return handler


def given(path: str) -> Want:
    """The body is what was given for this path."""
    shown = {
        "/hello": '{"message": "<a word>"}',
        "/missing": '{"message": "<a word>"}',
        "/header": '{"message": "<a word>"}',
        "/text": '"<a word>"',
        "/list": '[{"id": <the user\'s id>}, {"id": <the administrator\'s id>}]',
    }
    if path == "/null":  # a body that is no JSON reads as None too
        return Want("the JSON null", lambda trial: trial.text.strip() == "null")
    of_status = '{"message": "<a word>"}' if path[1:].isdigit() else None
    text = shown.get(path) or of_status or json.dumps(Given().given[path][0], ensure_ascii=False)
    means = "The body must be the value that was given, whatever the status is."
    with_status = path == "/missing" or path[1:].isdigit()
    return body_from(
        f"the JSON {text}", lambda bench: bench.given[path][0], means if with_status else ""
    )


def gives_json(sent: str, path: str, means: str, *mistakes: Mistake, wanted: int = 200) -> Case:
    return Case(
        f"json_response({sent})",
        Request("GET", path),
        (status(wanted, NOT_GIVEN if wanted == 200 else ""), given(path), TYPE),
        means,
        mistakes,
    )


NOT_GIVEN = "No status was given, so it is 200, whatever the value is."
TYPE = media_type(
    "application/json",
    "The registered media type of JSON is `application/json` (RFC 8259 §11). Clients look at it before they decode the body.",
)
KEPT_STATUS = Mistake(
    lambda trial: (
        trial.error is None
        and trial.status == 200
        and any(trial.is_about(f"status {code}") for code in (404, *STATUSES))
    ),
    "The status that was given did not reach the response. Pass `**kwargs` on to it.",
)


FALSY = "This value counts as false in Python (`or` and `if` treat it so), and it was given all the same: encode it like any other."

STATUS_KEPT = Mistake(
    lambda trial: (
        trial.error is None
        and trial.is_about("status 200")
        and trial.status != 200
        and any(earlier.status == trial.status for earlier in trial.earlier)
    ),
    "No status was given, so it is 200. The response has the status of an earlier call: keep nothing from one call to the next. "
    "(A dict or list that is the default of a parameter is the same object in all calls.)",
)
WITH_STR = Mistake(
    lambda trial: answered(200)(trial) and trial.text in ("True", "False", "None"),
    "The body is the value as Python writes it, as `str` does. JSON writes `true`, `false` and `null`: encode every value with `json.dumps`.",
)
KEPT = Mistake(
    lambda trial: (
        answered(200)(trial)
        and trial.text.strip() != ""
        and any(
            earlier.text == trial.text and value_given(earlier) == value_given(trial)
            for earlier in trial.earlier
        )
        and json_of(trial) is not None
    ),
    "This is the body of an earlier call with another value, which is equal for Python (True == 1 == 1.0) and is another one in JSON. Keep nothing from one call to the next.",
)
REPLACED = Mistake(
    lambda trial: (
        raised(KeyError)(trial)
        or (
            answered(200)(trial)
            and is_empty_value(trial)
            and not same(json_of(trial), value_given(trial))
        )
    ),
    FALSY,
)


def value_given(trial: Trial) -> Any:
    """The value that the handler of this request gives to `json_response`."""
    assert trial.exchange is not None
    return trial.bench.given[trial.exchange.path][0]


def is_empty_value(trial: Trial) -> bool:
    """Whether the body is JSON for another value that is false."""
    return trial.text.strip() in ("null", "{}", "[]", '""')


UNQUOTED = Mistake(
    lambda trial: answered(200)(trial) and trial.text == "",
    'The body is empty, and JSON for an empty text is `""`, two quotation marks. A text is a value too: encode every value.',
)
AS_GIVEN = "The body must be the value that was given, as JSON."

JSON_RESPONSE = Exercise(
    name="01-json-response",
    function="json_response",
    idea="A response states its type. The response of `json_response` is JSON, for any value and any status.",
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
    hints=(
        "Two things are wrong in the article's function: what it does with a value that is false, and the media type.",
        "`body or kwargs[...]` is meant for a value that was not given, but it also replaces `{}`, `[]` and `0`. The registered media type is `application/json` (RFC 8259 §11).",
        "Today aiohttp has a function for it: `web.json_response(body, **kwargs)` encodes any value and sets the type. One line is enough.",
    ),
    mount=answers_with_it,
    bench=Given.make,
    mistakes=(
        TWICE,
        PYTHONS,
        NOT_UTF8,
        Mistake(
            error_says("Unsupported body type"),
            "The body of a response is text or bytes. `json.dumps` makes text of a value; `web.json_response` does both.",
        ),
        Mistake(
            error_says("charset must not be"),
            "`content_type` takes the media type alone, `application/json`; JSON is always UTF-8 (RFC 8259 §8.1).",
        ),
        Mistake(
            error_says("json_response() takes from 0 to 1 positional arguments"),
            "`web.json_response` takes one positional argument, the value, and its options by name: `**kwargs` passes each member on by its name.",
        ),
        KEPT_STATUS,
        STATUS_KEPT,
    ),
    kind="response",
    cases=(
        gives_json('{"message": "<a word>"}', "/hello", "The client must get this object as JSON."),
        gives_json("{}", "/empty", AS_GIVEN, REPLACED),
        gives_json("[]", "/none-found", AS_GIVEN, REPLACED),
        gives_json("0", "/zero", AS_GIVEN, REPLACED),
        gives_json("False", "/false", AS_GIVEN, WITH_STR, REPLACED),
        gives_json('""', "/nothing", AS_GIVEN, UNQUOTED, REPLACED),
        gives_json("None", "/null", "None is a value like any other: in JSON it is `null`.", Mistake(raised(KeyError), FALSY)),
        gives_json('[{"id": …}, {"id": …}]', "/list", "A list is a JSON value too."),
        gives_json(
            '{"message": "<a word>"}, status=404', "/missing", "The response must have the status that was given.", wanted=404
        ),
        *(
            gives_json(
                f'{{"message": "<a word>"}}, status={code}',
                f"/{code}",
                "Another status than the one that was given. Any status may be given: pass it on as it is.",
                wanted=code,
            )
            for code in STATUSES
        ),
        gives_json("True", "/true", AS_GIVEN, WITH_STR, KEPT),
        gives_json("1.0", "/float-one", AS_GIVEN, KEPT),
        gives_json("1", "/one", AS_GIVEN, KEPT),
        gives_json("0.0", "/float-zero", AS_GIVEN, KEPT, REPLACED),
        gives_json("0.5", "/half", AS_GIVEN),
        gives_json('"<a word>"', "/text", AS_GIVEN),
        gives_json('"1"', "/text-one", AS_GIVEN),
        gives_json('{"outer": {"inner": [None, True, 1]}}', "/nested", AS_GIVEN),
        gives_json('{"message": "<a word>"}, once more', "/hello", "This is the same call as the first one, so its response must be the same. Keep nothing from the calls in between."),
        Case(
            'json_response({"message": "<a word>"}, headers={"X-Page": "<a value>"})',
            Request("GET", "/header"),
            (
                status(200),
                given("/header"),
                Want(
                    "X-Page: <a value>",
                    lambda trial: trial.headers.get("X-Page") == trial.bench.header,
                    lambda trial: f"X-Page: {trial.headers.get('X-Page')}",
                    "The header that was given did not reach the response. Pass `**kwargs` on to it.",
                ),
                TYPE,
            ),
            "The response must have the header that was given.",
        ),
        gives_json(
            '{"message": "Grüße ☕"}', "/umlaut",
            "The client reads JSON as UTF-8 (RFC 8259 §8.1), and what it reads here is not what was given.",
        ),
    ),
    learnt="The article's bug was one `or`: a value that is false is not a value that is missing.",
)  # fmt: skip


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
        because="127.0.0.1 is the machine itself: requests to this address never leave the machine. Any program on this machine can send requests, a browser or a terminal as well as this notebook.",
        reasons={
            "b": "A server that listens on 0.0.0.0 would be reachable from the network. 127.0.0.1 never leaves the machine.",
            "c": "The server has a real port of the operating system. Other programs on this machine can use it; try its address in a browser tab.",
        },
    ),
    Quiz(
        "empty-body",
        "The article's `json_response` contains `body or kwargs['body']`. A handler calls `json_response([])`. What does the client get?",
        {"a": "200 and []", "b": "200 and nothing", "c": "500"},
        right="c",
        because="An empty list is falsy, so `or` evaluates `kwargs['body']`, which does not exist. This is a KeyError, and an exception in a handler becomes a 500.",
        reasons={
            "a": "That would be right if `or` asked whether a body was given. But `or` asks whether the body is true, and `[]` is falsy.",
            "b": "No response is made here, not even an empty one. Look at what the right side of `or` does when the body is `[]`.",
        },
    ),
)
