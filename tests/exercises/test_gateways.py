"""Flask and FastAPI behind a check: a request arrives, the response leaves, and what is missing is told in a sentence."""

from __future__ import annotations

import pytest

from jwt_demo.exercises import gateways, registry
from jwt_demo.exercises.checker import judge
from jwt_demo.exercises.result import NOT_ATTEMPTED
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

pytestmark = AS_IN_A_NOTEBOOK


def echo_wsgi(environ, start):
    said = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"]
    start("418 Teapot", [("X-Two", "1"), ("X-Two", "2"), ("Content-Type", "text/plain")])
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    return [" ".join((*said, environ["HTTP_X_ASKED"], body.decode())).encode()]


async def echo_asgi(scope, receive, send):
    asked = dict(scope["headers"])[b"x-asked"].decode()
    body = (await receive())["body"].decode()
    said = scope["method"], scope["path"], scope["query_string"].decode(), asked, body
    headers = [(b"x-two", b"1"), (b"x-two", b"2"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 418, "headers": headers})
    await send({"type": "http.response.body", "body": " ".join(said).encode()})


@pytest.mark.parametrize(
    ("application", "handle"),
    [(echo_wsgi, gateways.through_wsgi), (echo_asgi, gateways.through_asgi)],
    ids=["WSGI", "ASGI"],
)
async def test_a_request_and_its_response_pass_unchanged(serving, application, handle):
    """Method, path, query, header and body on the way in; status, each header and body on the way out."""
    pytest.importorskip("werkzeug")
    server = await serving(gateways.behind_aiohttp(application, handle))
    response = await server.post("/a/b?c=d", data=b"e", headers={"X-Asked": "f"})
    assert (response.status, response.text) == (418, "POST /a/b c=d f e")
    assert response.headers.getall("X-Two") == ["1", "2"]


@pytest.mark.parametrize("name", ["11-flask-service", "11-fastapi-service"])
async def test_without_the_framework_the_exercise_is_skipped_with_a_sentence(monkeypatch, name):
    """It names what is missing and the command that installs it, and judges nothing."""
    exercise = registry.exercises()[name]
    monkeypatch.setattr("jwt_demo.exercises.checker.missing", lambda modules: list(modules)[:1])
    result = await judge(exercise, defined(exercise, exercise.solution))
    assert result.outcome == NOT_ATTEMPTED
    assert exercise.needs[0] in result.message
    assert "pip install 'jwt_demo[frameworks]'" in result.message
