"""A body has a time limit and the wait for bodies has an end, so that those who send half of one keep nobody else out (F4)."""

from __future__ import annotations

import asyncio
import gzip
import logging
import zlib

import pytest
from aiohttp import web

from jwt_demo.stages import decorator
from jwt_demo.stages.parts import request_body
from tests.probes.holes.base import running
from tests.support.raw import exchange, status_of

FORM = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
JSON = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
HALF = {
    "half a form": FORM + b"Content-Length: 50\r\n\r\nemail=",
    "half of some JSON": JSON + b'Content-Length: 50\r\n\r\n{"email": ',
    "nothing of a body": FORM + b"Content-Length: 50\r\n\r\n",
    "chunks without an end": FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nemail\r\n",
    "half a multipart form": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    b'Content-Length: 500\r\n\r\n--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nuser',
}


WHOLE = b"email=user@email.com&password=password"
UNDECODABLE = {
    "gzip that is none": ("gzip", WHOLE),
    "gzip with a wrong sum": ("gzip", gzip.compress(WHOLE)[:-8] + b"a sum???"),
    "deflate that is none": ("deflate", WHOLE),
    "deflate with a wrong sum": ("deflate", zlib.compress(WHOLE)[:-4] + b"sum?"),
}


@pytest.fixture
async def port(fast_hashes, key, users):
    async with running(decorator.make_app(key=key, users=users)) as url:
        yield int(url.rpartition(":")[2])


@pytest.mark.parametrize("octets", HALF.values(), ids=HALF)
async def test_a_body_that_does_not_come_is_a_408(port, octets, monkeypatch):
    """In a limited time, in our words (RFC 9110 §15.5.9)."""
    monkeypatch.setattr(request_body, "LONGEST_WAIT", 0.2)
    answer = await exchange(port, octets)
    assert status_of(answer) == 408, answer
    assert b"did not arrive in time" in answer


async def test_a_body_that_comes_slowly_but_whole_is_read(port):
    """Half of it now and half of it later is not an attack."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = b"email=user@email.com&password=password"
    writer.write(FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body[:10])
    await asyncio.sleep(0.1)
    writer.write(body[10:])
    assert b" 200 " in await asyncio.wait_for(reader.readline(), 20)
    writer.close()


async def test_many_that_wait_make_room_for_the_next(port, monkeypatch):
    """The one that has waited longest gets its 408 at once; a login that is sent whole is served meanwhile."""
    monkeypatch.setattr(request_body, "MOST_WAITING", 5)
    waiting = [asyncio.ensure_future(exchange(port, HALF["half a form"])) for _ in range(12)]
    done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=3)
    assert done, "nobody was sent away"
    body = b"email=user@email.com&password=password"
    good = FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body
    assert status_of(await exchange(port, good)) == 200
    assert {status_of(task.result()) for task in done} == {408}
    monkeypatch.setattr(request_body, "LONGEST_WAIT", 0)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@pytest.mark.parametrize("head", [FORM, JSON], ids=["form", "JSON"])
@pytest.mark.parametrize(("encoding", "body"), UNDECODABLE.values(), ids=UNDECODABLE)
async def test_a_body_that_cannot_be_decoded_is_a_400_and_no_error_of_the_server(
    encoding, body, head, caplog
):
    """In any application that reads with `read_fields`: one response, the end of the connection, and no traceback in the log."""

    async def login(request: web.Request) -> web.Response:
        return web.json_response(await request_body.read_fields(request, "email", "password"))

    app = web.Application()
    app.router.add_post("/login", login)
    caplog.set_level(logging.WARNING)
    async with running(app) as url:
        headers = b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(head + headers % (encoding.encode(), len(body)) + body)
        answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
    assert status_of(answer) == 400, answer
    assert b"email" in answer
    assert answer.count(b"HTTP/1.1") == 1
    assert not caplog.records, caplog.text
