"""An OpenAPI document, given as a file or an address or found: what it fills in, and what it is when it is none."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from jwt_demo.probes import CannotProbe, probe
from jwt_demo.probes.openapi import load, options
from tests.probes.holes.base import Lab, running

TOKEN_FORM = {"type": "object", "properties": {"username": {}, "password": {}, "grant_type": {}}}
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def posts(schema: Any, kind: str = JSON) -> dict[str, Any]:
    return {"post": {"requestBody": {"content": {kind: {"schema": schema}}}}}


def test_an_openapi_document_fills_in_the_paths():
    """Found at /openapi.json where the usual paths are not there: the login, its fields, the path."""
    document = {
        "paths": {
            "/token": posts({"$ref": "#/components/schemas/Form"}, FORM),
            "/items/{id}": {"get": {"security": [{"b": []}]}},
            "/users/me": {"get": {"security": [{"b": []}]}},
            "/auth/refresh": posts({"properties": {"refresh_token": {}}}),
        },
        "components": {"schemas": {"Form": TOKEN_FORM}, "securitySchemes": {"b": {"type": "oauth2", "flows": {"password": {"tokenUrl": "token"}}}}},
    }  # fmt: skip
    assert options(document, "ann", "x") == {
        "login_path": "/token",
        "path": "/users/me",
        "refresh_path": "POST /auth/refresh json:refresh_token",
    }


def test_what_is_written_elsewhere_is_followed():
    """`allOf`, a `$ref` into a path, whose slashes are `~1` (RFC 6901), and a parameter that is required."""
    document = {
        "security": [{"key": []}],
        "paths": {
            "/login": posts({"allOf": [{"properties": {"email": {}}}, {"properties": {"pwd": {}}}]}),
            "/sign-in": posts({"$ref": "#/paths/~1login/post/requestBody/content/application~1json/schema"}),
            "/search/user": {"get": {"parameters": [{"$ref": "#/components/parameters/Query"}]}},
            "/health": {"get": {"security": []}},
            "/news": {"get": {"security": [{}, {"key": []}]}},
            "/orders": {"get": {}},
            "/logout": {"post": {}},
        },
        "components": {"parameters": {"Query": {"name": "q", "in": "query", "required": True}}},
    }  # fmt: skip
    found = {
        "login_path": "/login",
        "login_json": {"email": "ann", "pwd": "x"},
        "path": "/orders",
        "logout_path": "POST /logout header",
    }
    assert options(document, "ann", "x") == found
    del document["paths"]["/login"]["post"]["requestBody"]["content"][JSON]["schema"]["allOf"][1]
    assert "login_path" not in options(document, "ann", "x")


CARRIERS = {
    "a cookie": ({"type": "apiKey", "in": "cookie", "name": "sid"}, {"token_cookie": "sid"}),
    "a header": ({"type": "apiKey", "in": "header", "name": "X-T"}, {"header": "X-T", "scheme": ""}),
    "the usual header": ({"type": "apiKey", "in": "header", "name": "authorization"}, {}),
    "the query": ({"type": "apiKey", "in": "query", "name": "token"}, {}),
    "a header that is none": ({"type": "apiKey", "in": "header", "name": "X T"}, {}),
    "Bearer": ({"type": "http", "scheme": "bearer"}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("scheme", "found"), CARRIERS.values(), ids=CARRIERS)
def test_how_a_token_travels(scheme: dict[str, Any], found: dict[str, str]):
    """OpenAPI 3 and Swagger 2 keep it in different places and write it alike."""
    three = {"paths": {}, "components": {"securitySchemes": {"a": scheme}}}
    two = {"paths": {}, "securityDefinitions": {"a": scheme}}
    assert options(three, "ann", "x") == options(two, "ann", "x") == found


ODD: dict[str, Any] = {
    "a path that is a text": {"paths": {"/login": "yes"}},
    "a path with a blank": {"paths": {"/log out": {"post": {}}}},
    "an operation that is a list": {"paths": {"/login": {"post": []}}},
    "a content that is a list": {"paths": {"/a": {"post": {"requestBody": {"content": [1]}}}}},
    "a schema that is a text": {"paths": {"/login": posts("Form")}},
    "a schema that is true": {"paths": {"/login": posts(True)}},
    "a reference to nothing": {"paths": {"/login": posts({"$ref": "#/components/schemas/Form"})}},
    "a reference to a file": {"paths": {"/login": posts({"$ref": "other.yaml#/Form"})}},
    "a reference to itself": {"paths": {"/login": posts({"$ref": "#/paths/~1login/post/requestBody/content/application~1json/schema"})}},
    "properties that are a list": {"paths": {"/login": posts({"properties": ["email", "password"]})}},
    "an allOf that is a number": {"paths": {"/login": posts({"allOf": 5})}},
    "a security that is a number": {"paths": {"/me": {"get": {"security": 1}}}},
    "parameters that are a number": {"paths": {"/me": {"get": {"parameters": 1}}}},
    "components that are a list": {"paths": {}, "components": []},
    "schemes that are a list": {"paths": {}, "components": {"securitySchemes": ["bearer"]}},
    "flows that are a list": {"paths": {}, "components": {"securitySchemes": {"a": {"flows": ["password"]}}}},
    "a flow that is a text": {"paths": {}, "components": {"securitySchemes": {"a": {"flows": {"password": "/token"}}}}},
    "a token address that is none": {"paths": {}, "components": {"securitySchemes": {"a": {"flows": {"password": {"tokenUrl": "http://["}}}}}},
}  # fmt: skip


@pytest.mark.parametrize("document", ODD.values(), ids=ODD)
def test_an_odd_document_fills_in_nothing(document: Any):
    """Nobody promises that a document follows the specification: what cannot be understood is left out."""
    assert options(document, "ann", "x") == {}


async def test_an_odd_document_of_the_server_itself_is_no_crash():
    """It is found without being asked for; what is missing is named as if there were none."""

    async def odd(request: web.Request) -> web.Response:
        return web.json_response({"paths": {"/login": posts({"$ref": "#/nothing"})}})

    app = web.Application()
    app.router.add_get("/openapi.json", odd)
    async with running(app) as url:
        with pytest.raises(CannotProbe, match="--login-path names it"):
            await probe(url, only=["alg-none"])


async def test_a_document_at_an_address_names_the_paths(lab: Lab):
    """The query of the address is sent with it: some frameworks choose a version there."""
    document = {"paths": {"/login": posts(TOKEN_FORM, FORM), "/get-user": {"get": {"security": [{"b": []}]}}}}  # fmt: skip

    async def versioned(request: web.Request) -> web.Response:
        return web.json_response(document if request.query_string == "v=2" else {})

    app = lab.complete()
    app.router.add_get("/schema", versioned)
    async with running(app) as url:
        report = await probe(url, only=["alg-none"], openapi=f"{url.upper()}/schema?v=2")
        with pytest.raises(CannotProbe) as refusal:
            await load(f"{url}/schema", limit=5)
    assert [result.verdict for result in report] == ["held"]
    assert str(refusal.value) == f"--openapi: {url}/schema has no paths"


async def test_a_document_in_a_file_is_read(tmp_path: Path):
    """Two megabytes of it, with the mark at its beginning that some editors write."""
    path = tmp_path / "openapi.json"
    document = {"paths": {}, "info": {"description": "x" * (2 << 20)}}
    path.write_text(json.dumps(document), "utf-8-sig")
    assert await load(path, limit=5) == document


FILES = {
    "no JSON": (b"openapi: 3.1.0\npaths: {}\n", "is no JSON"),
    "nested too deep": (b"[" * 200_000, "is no JSON"),
    "a list": (b"[]", "has no paths"),
    "no paths": (b'{"openapi": "3.1.0"}', "has no paths"),
    "paths in a list": (b'{"paths": ["/login"]}', "has no paths"),
    "no text": (b"\xff\xfe{}", "is no text"),
    "too large": (b'{"paths": {}}'.ljust((4 << 20) + 1), "is larger than 4 MiB"),
}


@pytest.mark.parametrize(("octets", "said"), FILES.values(), ids=FILES)
async def test_a_file_that_is_no_document_is_one_line(octets: bytes, said: str, tmp_path: Path):
    """It names the file and says what is wrong with it."""
    path = tmp_path / "openapi.json"
    path.write_bytes(octets)
    with pytest.raises(CannotProbe) as refusal:
        await load(str(path), limit=5)
    assert str(refusal.value) == f"--openapi: {path} {said}"


@pytest.mark.skipif(sys.platform == "win32", reason="a folder is a file without permission there")
async def test_a_file_that_is_not_there_is_one_line(tmp_path: Path):
    """Neither is a folder one."""
    for path, said in (
        (tmp_path, "Is a directory"),
        (tmp_path / "none", "No such file or directory"),
    ):
        with pytest.raises(CannotProbe) as refusal:
            await load(str(path), limit=5)
        assert str(refusal.value) == f"--openapi: {path} cannot be read: {said}"


@pytest.fixture
def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


ADDRESSES = {
    "http://127.0.0.1:{closed}/openapi.json": "Nobody listens at 127.0.0.1:{closed}. Is the server running, and is this its port?",
    "https://127.0.0.1:{port}/openapi.json": "127.0.0.1:{port} does not speak TLS; write http://",
    "http://203.0.113.7/openapi.json": "203.0.113.7 is not this machine (203.0.113.7): only 127.0.0.0/8 and ::1 are probed",
    "http://[": "This is no address; write http://127.0.0.1:8080",
    "http://127.0.0.1:{port}/a b": "This is no address that can be probed; write http://127.0.0.1:8080 (http or https, a name, a port, perhaps a path)",
    "http://127.0.0.1:{port}/none": "http://127.0.0.1:{port}/none gets 404",
    "http://127.0.0.1:{port}/large": "http://127.0.0.1:{port}/large: the response is longer than 1 MiB",
    "http://127.0.0.1:{port}/page": "http://127.0.0.1:{port}/page is no JSON",
}  # fmt: skip


@pytest.mark.parametrize(("address", "said"), ADDRESSES.items(), ids=ADDRESSES)
async def test_an_address_without_a_document_is_one_line(address: str, said: str, closed_port: int):
    """The line names the option: the address of the server may well be right."""

    async def large(request: web.Request) -> web.Response:
        return web.Response(text='{"paths": {}}'.ljust(1 << 21))

    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<h1>API</h1>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/large", large)
    app.router.add_get("/page", page)
    async with running(app) as url:
        places = {"port": url.rpartition(":")[2], "closed": closed_port}
        with pytest.raises(CannotProbe) as refusal:
            await load(address.format_map(places), limit=5)
    assert str(refusal.value) == f"--openapi: {said.format_map(places)}"
