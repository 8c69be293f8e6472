"""Right and wrong answers to the exercises of `step_01`."""

from __future__ import annotations

from tests.exercises.answers.model import Wrong

RIGHT = {
    "01-json-response": (
        """
def json_response(body=None, status=200, headers=None):
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers, content_type="application/json")
""",
    ),
}

WRONG = {
    "01-json-response": (
        Wrong(
            "one status for every fault of the server",
            """
def json_response(body="", status=200, **kwargs):
    if status >= 500:
        status = 500
    return web.json_response(body, status=status, **kwargs)
""",
            "Any status may be given",
        ),
        Wrong(
            "a text is sent as it is",
            """
def json_response(body="", **kwargs):
    text = body if isinstance(body, str) else json.dumps(body)
    return web.Response(text=text, content_type="application/json", **kwargs)
""",
            "two quotation marks",
        ),
        Wrong(
            "the first answer for ever",
            """
_cache = []
def json_response(body="", **kwargs):
    if not _cache:
        _cache.append(json.dumps(body))
    return web.Response(text=_cache[0], content_type="application/json", **kwargs)
""",
            "The body must be the value that was given, as JSON",
        ),
        Wrong(
            "None is taken for nothing given",
            """
def json_response(body=None, **kwargs):
    if body is None:
        body = kwargs.pop("body")
    return web.json_response(body, **kwargs)
""",
            "counts as false",
        ),
        Wrong(
            "an empty body for None",
            """
def json_response(body="", **kwargs):
    if body is None:
        return web.Response(content_type="application/json", **kwargs)
    return web.json_response(body, **kwargs)
""",
            "in JSON it is `null`",
        ),
        Wrong(
            "UTF-16",
            """
def json_response(body="", **kwargs):
    return web.Response(body=json.dumps(body).encode("utf-16"), content_type="application/json", **kwargs)
""",
            "These bytes are not UTF-8",
        ),
        Wrong(
            "404 raised, and another body",
            """
def json_response(body="", status=200, **kwargs):
    if status >= 400:
        raise web.HTTPNotFound()
    return web.json_response(body, status=status)
""",
            "whatever the status is",
        ),
        Wrong(
            "numbers as text",
            """
def json_response(body="", **kwargs):
    if not isinstance(body, (dict, list)):
        body = str(body)
    return web.json_response(body, **kwargs)
""",
            "The body must be the value",
        ),
        Wrong(
            "still text/json",
            """
def json_response(body="", **kwargs):
    return web.Response(body=json.dumps(body).encode("utf-8"), content_type="text/json", **kwargs)
""",
            "The registered media type of JSON is `application/json` (RFC",
        ),
        Wrong(
            "a falsy body is still replaced",
            """
def json_response(body="", **kwargs):
    kwargs["body"] = json.dumps(body or kwargs["body"]).encode("utf-8")
    kwargs["content_type"] = "application/json"
    return web.Response(**kwargs)
""",
            "This value counts as false in Python",
        ),
        Wrong(
            "a falsy body becomes null",
            """
def json_response(body=None, **kwargs):
    return web.json_response(body or None, **kwargs)
""",
            "This value counts as false in Python",
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
            "`**kwargs` passes each member on by its name",
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
            "The body is JSON inside of JSON: a string",
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
}

EQUIVALENT = {
    "01-json-response": {
        "None → False": "a `headers` of False is as good as none to aiohttp",
        "json.dumps(body).encode() → json.dumps(body)": "aiohttp encodes a text as UTF-8 itself",
        "json.dumps(body).encode() → json.dumps(body).encode('latin-1')": "`json.dumps` writes ASCII alone, which is the same in both",
        "'application/json' → 'APPLICATION/JSON'": "a media type is the same in any case of letters",
    },
}
