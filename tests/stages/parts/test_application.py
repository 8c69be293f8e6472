"""What aiohttp would answer by itself, on every stage: our words, none of the client's, in the response and in the log."""

from __future__ import annotations

import asyncio
import errno
import itertools
import logging
import os

import pytest

from jwt_demo.stages import cookies, decorator, keys, login, logout, middleware, resource
from jwt_demo.stages.complete import make_app as complete
from jwt_demo.stages.parts import application
from jwt_demo.stages.parts.jwks_client import RemoteKeys
from tests.probes.holes.base import running
from tests.support.raw import exchange, status_of

STAGES = {
    "login": login.make_app,
    "middleware": middleware.make_app,
    "decorator": decorator.make_app,
    "logout": lambda **given: logout.make_app(store="memory:", **given),
    "cookies": cookies.make_app,
    "keys": lambda *, key, users: keys.make_app(users=users),
    "resource": lambda *, key, users: resource.make_app(keys=RemoteKeys("http://127.0.0.1:9/")),
    "complete": complete,
}
SECRET = "eyJTOKEN-that-must-not-come-back"


@pytest.fixture(params=STAGES)
async def port(request, fast_hashes, key, users):
    """Where each stage runs, one after the other."""
    async with running(STAGES[request.param](key=key, users=users)) as url:
        yield int(url.rpartition(":")[2])


def with_header(line: bytes, target: bytes = b"GET /get-user") -> bytes:
    return target + b" HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n"


TOKEN = SECRET.encode()
NOT_HTTP = {
    "a control character": with_header(b"Authorization: Bearer " + TOKEN + b"\x01"),
    "NUL": with_header(b"Authorization: Bearer " + TOKEN + b"\0"),
    "a folded line": with_header(b"Authorization: Bearer\r\n " + TOKEN),
    "a bare line feed": with_header(b"Authorization: Bearer " + TOKEN + b"\nX: y"),
    "a bare carriage return": with_header(b"Authorization: Bearer " + TOKEN + b"\rX: y"),
    "a space before the colon": with_header(b"Authorization : Bearer " + TOKEN),
    "a name that is none": with_header(b"Authoriz\xc3\xa4tion: Bearer " + TOKEN),
    "no colon": with_header(b"Bearer " + TOKEN),
    "a header over the limit": with_header(b"Authorization: Bearer " + TOKEN * 3000),
    "a query over the limit": with_header(b"A: b", b"GET /get-user?access_token=" + TOKEN * 3000),
    "too many headers": with_header(b"\r\n".join([b"Authorization: Bearer " + TOKEN] * 300)),
    "a method that is none": with_header(b"A: b", b"G(" + TOKEN + b" /"),
    "a target that is none": with_header(b"A: b", b"GET " + TOKEN),
    "another protocol": with_header(b"A: b", b"GET /?" + TOKEN + b" FTP/1.1"),
    "two lengths": with_header(b"Content-Length: 1\r\nContent-Length: 2\r\nX: " + TOKEN),
    "a length that is none": with_header(b"Content-Length: " + TOKEN),
    "an upgrade and noise": with_header(b"Connection: Upgrade\r\nUpgrade: websocket", b"GET /nowhere") + TOKEN + b"\x01\r\n\r\n",
    "a chunk without a size": b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + TOKEN + b"\r\n",
}  # fmt: skip


async def test_what_is_not_http_is_not_repeated(port, caplog):
    """A 4xx in our words; no part of the token goes back to the client or into the log (F2)."""
    caplog.set_level(logging.DEBUG)
    for name, octets in NOT_HTTP.items():
        answer = await exchange(port, octets)
        assert 400 <= status_of(answer) < 500, (name, answer)
        assert TOKEN not in answer, name
        assert SECRET not in caplog.text, name
    assert status_of(await exchange(port, with_header(b"A: b", b"GET /nowhere"))) == 404


async def test_a_query_of_some_length_reaches_the_server(port):
    """Up to 64 KiB the response is the ordinary one (aiohttp's own limit is 8190 bytes)."""
    answer = await exchange(port, with_header(b"A: b", b"GET /nowhere?x=" + TOKEN * 500))
    assert status_of(answer) == 404
    assert TOKEN not in answer


TARGETS = [b"POST /login", b"GET /get-user", b"GET /nowhere", b"GET /a%0ab", b"DELETE /login", b"OPTIONS *", b"CONNECT a.b:443", b"GET http://x"]  # fmt: skip


EXPECTED = [b"\xff", TOKEN, b"100-continue, " + TOKEN, b"\xe2\x80\x83"]


async def test_an_expectation_is_met_or_refused_in_our_words(port):
    """417 and not 500, on every path, and the value does not come back (F3)."""
    for target, expected in itertools.product(TARGETS, EXPECTED):
        answer = await exchange(port, with_header(b"Expect: " + expected, target))
        assert status_of(answer) == 417, (target, expected, answer)
        assert TOKEN not in answer
        assert b"Only Expect: 100-continue can be met here" in answer


async def test_expect_100_continue_still_works(port):
    """A client that asks before it sends a body is told to go on."""
    request = (
        b"POST /login HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n{}"
    )
    answer = await exchange(port, request)
    assert status_of(answer) in (100, 404)
    assert b"HTTP/1.1 400" in answer or b"HTTP/1.1 404" in answer


async def test_http_1_0_has_no_expectations(port):
    """There the header is ignored (RFC 9110 §10.1.1)."""
    answer = await exchange(port, b"GET /nowhere HTTP/1.0\r\nExpect: \xff\r\n\r\n")
    assert status_of(answer) == 404


async def test_a_crash_is_still_logged_where_aiohttp_logs_it(fast_hashes, key, users, caplog):
    """Only what is not HTTP is left out of the log."""

    async def crash(request):
        raise RuntimeError("a mistake of ours")

    app = decorator.make_app(key=key, users=users)
    app.router.add_get("/crash", crash)
    async with running(app) as url:
        answer = await exchange(int(url.rpartition(":")[2]), with_header(b"A: b", b"GET /crash"))
    assert status_of(answer) == 500
    assert "a mistake of ours" in caplog.text
    assert {record.name for record in caplog.records} == {"aiohttp.server"}


async def test_half_a_request_does_not_keep_a_connection(fast_hashes, key, users, monkeypatch):
    """Headers that never end: the connection is closed after the time for a whole request."""
    monkeypatch.setattr(application, "IDLE", 0.2)
    async with running(decorator.make_app(key=key, users=users)) as url:
        port = int(url.rpartition(":")[2])
        assert (
            await exchange(port, b"GET /get-user HTTP/1.1\r\nHost: x\r\nAutho", patience=5) == b""
        )


async def test_connections_that_cannot_be_accepted_fill_no_log(caplog):
    """asyncio reports each one with a traceback; one line in a second is enough (F4). Everything else is reported as before."""
    loop = asyncio.get_running_loop()
    seen = []
    loop.set_exception_handler(lambda loop, context: seen.append(context))
    try:
        await application.limit_accept_errors(login.make_app())
        await application.limit_accept_errors(login.make_app())
        full = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        for _ in range(1000):
            loop.call_exception_handler({"message": "socket.accept()", "exception": full})
        loop.call_exception_handler({"message": "something else"})
    finally:
        loop.set_exception_handler(None)
    assert [record.getMessage() for record in caplog.records] == [
        "No more connections can be accepted: Too many open files"
    ]
    assert seen == [{"message": "something else"}]
