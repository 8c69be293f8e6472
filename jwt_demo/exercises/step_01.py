"""Exercises and quizzes of 01_setup: an answer in JSON, a lookup that finds nobody else."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from .feedback import value
from .model import Call, Case, Exercise, From, Mistake, Quiz, Request, Want, Wrong
from .mounting import new_app
from .wants import body, gives, header, raised, returned, status

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
            mistakes=(Mistake(raised(KeyError), FALSY), Mistake(lambda trial: trial.exchange is not None and trial.exchange.text != "{}", FALSY)),
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


def users_of(bench: Any) -> list[Any]:
    return [bench.admin, bench.user]


def user_or(found: Any) -> str:
    return str(found) if hasattr(found, "email") else value(found)


def finds(text: str, name: str) -> Want:
    return Want(text, lambda trial: trial.value is getattr(trial.bench, name), lambda trial: user_or(trial.value))


NOBODY = gives("None", lambda found: found is None, got=user_or)
SOMEBODY_ELSE = "Nobody has that, and somebody was found all the same: whoever asks this way gets another one's account."
LISTED = Mistake(returned(lambda found: isinstance(found, (list, tuple))), "One user or None is wanted, not a list of them.")
TRUTH = Mistake(returned(lambda found: found is True or found is False), "The user is wanted, not whether there is one.")
OTHER = Mistake(
    lambda trial: hasattr(trial.value, "email") and trial.case is not None and trial.case.means.endswith("was not found."),
    "Another user came back than the one who was asked for. Compare before you return.",
)
SKIPPED = (
    "A value that is false (0, '', None, False) was skipped, nothing was left to compare, and the first one matched. Compare every value that was asked for."
)
RAISES = Mistake(
    lambda trial: trial.error is not None and trial.case is not None and trial.case.wants[0] is NOBODY,
    "Nobody found is an ordinary answer here: return None. What must be caught is forgotten one day.",
)

LOOKUP = Exercise(
    name="01-lookup",
    function="lookup",
    idea="Nobody found is None, never somebody else.",
    stub="""
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items() if value):
            return user
    return None
""",
    solution="""
def lookup(users, **wanted):
    if not wanted:
        return None
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items()):
            return user
    return None
""",
    also_right=(
        """
def lookup(users, **wanted):
    def matches(user):
        for name in wanted:
            if getattr(user, name) != wanted[name]:
                return False
        return len(wanted) > 0

    return next(filter(matches, users), None)
""",
    ),
    wrong=(
        Wrong(
            "only None is skipped",
            """
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items() if value is not None):
            return user
    return None
""",
            "Compare every value",
        ),
        Wrong(
            "falsy values are let through otherwise",
            """
def lookup(users, **wanted):
    for user in users:
        if all(not value or getattr(user, name) == value for name, value in wanted.items()):
            return user
""",
            "Compare every value",
        ),
        Wrong(
            "one match is enough",
            """
def lookup(users, **wanted):
    for user in users:
        if any(getattr(user, name) == value for name, value in wanted.items()):
            return user
""",
            "`all`, not `any`",
        ),
        Wrong(
            "the first user in place of nobody",
            """
def lookup(users, **wanted):
    found = [user for user in users if all(getattr(user, name) == value for name, value in wanted.items())]
    return found[0] if found else users[0]
""",
            "another one's account",
        ),
        Wrong("always the first one", "def lookup(users, **wanted):\n    return users[0]", "Another user came back"),
        Wrong(
            "raises for nobody",
            """
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items()):
            return user
    raise LookupError("no such user")
""",
            "return None",
        ),
        Wrong(
            "compared as text",
            """
def lookup(users, **wanted):
    for user in users:
        if all(str(getattr(user, name)) == str(value) for name, value in wanted.items()):
            return user
""",
            "'1' and 1",
        ),
        Wrong(
            "a list",
            """
def lookup(users, **wanted):
    return [user for user in users if all(getattr(user, name) == value for name, value in wanted.items())]
""",
            "not a list",
        ),
        Wrong(
            "nothing asked for",
            """
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items()):
            return user
""",
            "`all` of nothing is True",
        ),
        Wrong(
            "return forgotten",
            """
def lookup(users, **wanted):
    [user for user in users if all(getattr(user, name) == value for name, value in wanted.items())]
""",
            "Is a `return` missing?",
        ),
    ),
    hints=(
        "Read the condition aloud for `lookup(users, id=0)`. What is left to compare?",
        "`if value` was meant to skip what was not given. What was not given is not in `wanted` at all, so nothing needs to be skipped.",
        "Drop `if value`. Then one way in is left: `lookup(users)` asks for nothing, and `all` of nothing is True. Return None for it first.",
    ),
    cases=(
        Case(
            "lookup(users, id=1)",
            Call(From(users_of), id=1),
            (finds("the user with id 1", "user"),),
            "This user exists, and was not found.",
            mistakes=(LISTED, TRUTH),
        ),
        Case(
            "lookup(users, id=1, is_admin=False)",
            Call(From(users_of), id=1, is_admin=False),
            (finds("the user with id 1", "user"),),
            "This user is no administrator, and was not found.",
        ),
        Case("lookup(users, id=99)", Call(From(users_of), id=99), (NOBODY,), SOMEBODY_ELSE),
        Case("lookup(users, id=0)", Call(From(users_of), id=0), (NOBODY,), SKIPPED),
        Case("lookup(users, id=None)", Call(From(users_of), id=None), (NOBODY,), SKIPPED),
        Case("lookup(users, email='')", Call(From(users_of), email=""), (NOBODY,), SKIPPED),
        Case("lookup(users, is_admin=False)", Call(From(users_of), is_admin=False), (finds("the user who is no administrator", "user"),), SKIPPED),
        Case(
            "lookup(users, id=1, email='admin@email.com')",
            Call(From(users_of), id=1, email="admin@email.com"),
            (NOBODY,),
            "No user has both. Everything that was asked for must fit: `all`, not `any`.",
        ),
        Case(
            "lookup(users, id='1')",
            Call(From(users_of), id="1"),
            (NOBODY,),
            "'1' and 1 are different values. What is compared as text lets in what looks alike.",
        ),
        Case(
            "lookup(users)",
            Call(From(users_of)),
            (NOBODY,),
            "Nothing was asked for, and `all` of nothing is True, so the first user matched. Who asks for nobody gets nobody.",
        ),
    ),
    mistakes=(RAISES, OTHER),
    learnt="A lookup that answers with somebody else is worse than one that fails. In step 3 this very line decides who a token's bearer is.",
)


EXERCISES = (JSON_RESPONSE, LOOKUP)
QUIZZES = (
    Quiz(
        "who-is-served",
        "The server runs inside this notebook, at 127.0.0.1. Who can reach it?",
        {"a": "programs on this machine", "b": "everybody in the same network", "c": "this notebook and nobody else"},
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
