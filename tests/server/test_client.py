"""What a request brings back, and which requests cannot be sent."""

import pytest
from aiohttp import web

from jwt_demo.server.client import at_most
from tests.server.apps import app_of, hello


async def test_an_exchange_is_what_went_over_the_wire(serving):
    """Method, path with its query, headers and bodies of both sides, as the server saw and sent them."""

    async def echo(request):
        body = await request.text()
        return web.json_response(
            {
                "query": request.rel_url.raw_query_string,
                "body": body,
                "type": request.headers["Content-Type"],
            },
            status=201,
            headers={"X-A": "1"},
        )

    server = await serving(app_of(echo, method="POST", path="/echo"))
    exchange = await server.post("/echo", data={"a": "ä & b"}, params={"q": "1 2"})

    assert exchange.json() == {
        "query": "q=1+2",
        "body": "a=%C3%A4+%26+b",
        "type": "application/x-www-form-urlencoded",
    }
    assert (exchange.status, exchange.reason, exchange.ok, exchange.problem, exchange.error) == (
        201,
        "Created",
        True,
        "",
        None,
    )
    assert (exchange.method, exchange.path, exchange.request_body) == (
        "POST",
        "/echo?q=1+2",
        b"a=%C3%A4+%26+b",
    )
    assert exchange.headers["x-a"] == "1"
    assert ("Host", server.url.removeprefix("http://")) in exchange.request_headers
    assert server.exchanges[-1] is exchange


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
async def test_every_method_has_its_word(serving, method):
    """get, post, put, delete; a path the application lacks is a 404, no problem of the reader's handler."""
    server = await serving(app_of(hello, method=method.upper()))
    assert (await getattr(server, method)("/")).text == "hello"
    missing = await getattr(server, method)("/nowhere")
    assert (missing.status, missing.error) == (404, None)


@pytest.mark.parametrize(
    ("options", "body", "content_type"),
    [
        ({"json": {"a": 1}}, b'{"a": 1}', "application/json"), ({"json": None}, b"", "application/octet-stream"), ({"data": {}}, b"", "application/x-www-form-urlencoded"),
        ({"data": "text ä"}, "text ä".encode(), "application/octet-stream"), ({"data": b"\xff"}, b"\xff", "application/octet-stream"),
        ({"data": "{}", "headers": {"content-type": "application/json"}}, b"{}", "application/json"), ({"data": [("a", "1"), ("a", "2")]}, b"a=1&a=2", "application/x-www-form-urlencoded"),
    ],
)  # fmt: skip
async def test_bodies_go_as_they_were_given(serving, options, body, content_type):
    """A dict is a form, `json=` is JSON, text and bytes go unchanged, the reader's own Content-Type wins."""
    seen = []

    async def keep(request):
        seen.append((await request.read(), request.content_type))
        return web.Response()

    server = await serving(app_of(keep, method="POST"))
    await server.post("/", **options)
    assert seen == [(body, content_type)]


async def test_headers_may_stand_twice(serving):
    """A list of pairs sends a header twice, as an attack does."""

    async def count(request):
        return web.Response(text=str(request.headers.getall("Authorization")))

    server = await serving(app_of(count))
    assert (
        await server.get("/", headers=[("Authorization", "a"), ("Authorization", "b")])
    ).text == "['a', 'b']"


async def test_a_request_that_cannot_be_sent_says_so(serving):
    """A line break in a header, a path without its slash, two bodies: an error before anything is sent."""
    server = await serving(app_of(hello))
    with pytest.raises(ValueError, match="cannot be sent"):
        await server.get("/", headers={"Authorization": "Bearer a\r\nX-Evil: 1"})
    with pytest.raises(ValueError, match="cannot be sent"):
        await server.get("/", headers={"Authorization": "Bearer \0"})
    with pytest.raises(ValueError, match="does not start with '/'"):
        await server.get("http://example.org/")
    with pytest.raises(ValueError, match="not both"):
        await server.post("/", data="x", json={})
    with pytest.raises(TypeError, match="cannot be sent"):
        await server.get("/", headers={"Authorization": None})
    assert not server.exchanges
    assert (await server.get("/")).ok


async def test_an_address_with_two_slashes_still_asks_this_server(serving):
    """`//example.org/` is a path here, no other host."""
    server = await serving(app_of(hello))
    assert (await server.get("//example.org/")).status == 404
    assert (await server.get("/@example.org/")).status == 404


async def test_redirects_are_shown_and_not_followed(serving):
    """A 302 is an answer to look at."""

    async def away(request):
        raise web.HTTPFound("http://192.0.2.1/")

    exchange = await (await serving(app_of(away))).get("/")
    assert (exchange.status, exchange.headers["Location"], exchange.error) == (
        302,
        "http://192.0.2.1/",
        None,
    )


async def test_an_answer_without_end_is_cut(serving):
    """Of a stream without a length one MiB is kept, within the limit."""

    async def pour(request):
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    server = await serving(app_of(pour), limit=5)
    exchange = await server.get("/")
    assert exchange.status == 200
    assert len(exchange.body) <= 1 << 20
    assert (await server.get("/nowhere")).status == 404


async def test_an_answer_in_parts_is_read_to_its_end():
    """One `read` gives what has come so far: here each part comes when the one before it was read."""
    parts = [b'{"pong": ', b"true", b"}"]

    class Content:
        async def read(self, most):
            return parts.pop(0) if parts else b""

    assert await at_most(Content(), 1 << 20) == b'{"pong": true}'
