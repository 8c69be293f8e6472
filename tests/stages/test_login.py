"""Step 2 over HTTP: credentials in, token out, and a plain answer to everything that is neither."""

import asyncio
import gzip
import json
import socket

import jwt
import pytest

from jwt_demo.stages import login

GOOD = {"email": "user@email.com", "password": "password"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "form",
    [{"data": GOOD}, {"json": GOOD}, {"json": {**GOOD, "extra": [1]}}],
    ids=["form", "JSON", "JSON with more in it"],
)
async def test_right_credentials_give_a_token_that_pyjwt_accepts(login_server, key, form):
    """Form or JSON; the answer may not be stored (RFC 6749 §5.1); subject, scope and a lifetime of five minutes are in the token."""
    exchange = await login_server.post("/login", **form)

    assert (exchange.status, exchange.headers["Content-Type"]) == (
        200,
        "application/json; charset=utf-8",
    )
    assert exchange.headers["Cache-Control"] == "no-store"
    claims = jwt.decode(
        exchange.json()["token"],
        key,
        algorithms=["HS256"],
        options={"require": ["sub", "iat", "exp"]},
    )
    assert (claims["sub"], claims["scope"], claims["exp"] - claims["iat"]) == ("1", "profile", 300)


async def test_no_secret_of_the_user_is_in_the_token(login_server):
    """Claims are readable by anyone: no password, no hash, no e-mail."""
    token = (await login_server.post("/login", data=GOOD)).json()["token"]
    assert set(jwt.decode(token, options={"verify_signature": False})) == {
        "sub",
        "scope",
        "iat",
        "exp",
    }


async def test_who_was_wrong_stays_untold(login_server):
    """Wrong password and unknown e-mail: the same status, body and headers."""
    answers = [
        await login_server.post("/login", data={**GOOD, "password": "wrong"}),
        await login_server.post("/login", data={**GOOD, "email": "nobody@email.com"}),
        await login_server.post("/login", json={"email": "nobody@email.com", "password": "nobody"}),
    ]
    for answer in answers:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="jwt-demo"'
        assert answer.body == answers[0].body
        assert {name: value for name, value in answer.headers.items() if name != "Date"} == {
            n: v for n, v in answers[0].headers.items() if n != "Date"
        }


MULTIPART = '--x\r\nContent-Disposition: form-data; name="email"; filename="a.txt"\r\n\r\nuser@email.com\r\n--x\r\nContent-Disposition: form-data; name="password"\r\n\r\npassword\r\n--x--\r\n'
AMISS = {  # request: a word of the answer
    "nothing": ({}, "email"),
    "no password": ({"data": {"email": "user@email.com"}}, "password"),
    "no e-mail": ({"data": {"password": "password"}}, "email"),
    "an empty password": ({"data": {**GOOD, "password": ""}}, "password"),
    "JSON, no password": ({"json": {"email": "user@email.com"}}, "password"),
    "JSON, a number": ({"json": {**GOOD, "password": 1}}, "password"),
    "JSON, null": ({"json": {**GOOD, "email": None}}, "email"),
    "JSON, a list": ({"json": {**GOOD, "email": ["user@email.com"]}}, "email"),
    "JSON, true": ({"json": {**GOOD, "password": True}}, "password"),
    "an array": ({"json": [GOOD]}, "email"),
    "a string": ({"json": "user@email.com"}, "email"),
    "half a surrogate pair": (
        {"data": '{"email": "\\ud800", "password": "x"}', "headers": JSON},
        "email",
    ),
    "no JSON": ({"data": "email=user@email.com", "headers": JSON}, "email"),
    "an empty body that says JSON": ({"headers": JSON}, "email"),
    "JSON that is not UTF-8": ({"data": b'{"email": "\xff"}', "headers": JSON}, "email"),
    "JSON in a charset nobody knows": (
        {
            "data": json.dumps(GOOD),
            "headers": {"Content-Type": "application/json; charset=klingon"},
        },
        "email",
    ),
    "JSON in a charset that is no charset": (
        {"data": json.dumps(GOOD), "headers": {"Content-Type": "application/json; charset=base64"}},
        "email",
    ),
    "JSON nested without end": ({"data": "[" * 15_000, "headers": JSON}, "email"),
    "a number without end": ({"data": '{"email": ' + "9" * 15_000 + "}", "headers": JSON}, "email"),
    "a form that is not UTF-8": (
        {
            "data": b"email=\xff&password=%ff",
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        },
        "",
    ),
    "a form in a charset nobody knows": (
        {
            "data": "email=a&password=b",
            "headers": {"Content-Type": "application/x-www-form-urlencoded; charset=klingon"},
        },
        "email",
    ),
    "another type": (
        {"data": json.dumps(GOOD), "headers": {"Content-Type": "text/plain"}},
        "email",
    ),
    "a type that is none": (
        {"data": json.dumps(GOOD), "headers": {"Content-Type": "///"}},
        "email",
    ),
    "multipart without a boundary": (
        {"data": "x", "headers": {"Content-Type": "multipart/form-data"}},
        "email",
    ),
    "multipart that breaks off": (
        {
            "data": MULTIPART.replace('; filename="a.txt"', "")[:70],
            "headers": {"Content-Type": "multipart/form-data; boundary=x"},
        },
        "email",
    ),
    "a file for an e-mail": (
        {"data": MULTIPART, "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        "email",
    ),
    "says gzip and is not": (
        {
            "data": "email=a&password=b",
            "headers": {
                "Content-Encoding": "gzip",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        },
        "",
    ),
}


@pytest.mark.parametrize(("request_", "word"), AMISS.values(), ids=AMISS)
async def test_a_body_with_something_amiss_is_a_400_that_names_the_field(
    login_server, request_, word
):
    """A JSON answer that names the field, repeats nothing of the body, and never a 500."""
    exchange = await login_server.post("/login", **request_)

    assert (exchange.status, exchange.error) == (400, None), exchange.problem
    assert word in exchange.text
    if word:
        assert word in exchange.json()["message"]
    assert "klingon" not in exchange.text
    assert "user@" not in exchange.text


TOO_LARGE = {
    "form": {"data": {**GOOD, "x": "x" * 17_000}},
    "JSON": {"json": {**GOOD, "x": "x" * 17_000}},
    "multipart": {
        "data": MULTIPART.replace('; filename="a.txt"', "").replace("user@email.com", "x" * 17_000),
        "headers": {"Content-Type": "multipart/form-data; boundary=x"},
    },
    "a small gzip that grows": {
        "data": gzip.compress(b'{"x": "' + b"x" * 1_000_000 + b'"}'),
        "headers": {**JSON, "Content-Encoding": "gzip"},
    },
    "a thousand fields": {"data": {f"{n}": "" for n in range(1500)}},
}


@pytest.mark.parametrize("request_", TOO_LARGE.values(), ids=TOO_LARGE)
async def test_a_body_beyond_the_limit_is_a_413(login_server, request_):
    """16 KiB and a thousand fields are plenty for two fields."""
    exchange = await login_server.post("/login", **request_)
    assert (exchange.status, exchange.error) == (413, None), exchange.problem


async def test_just_below_the_limit_is_still_read(login_server):
    """A long password is no crime."""
    exchange = await login_server.post("/login", json={**GOOD, "password": "x" * 16_000})
    assert exchange.status == 401


async def say(server, data):
    """Bytes straight into a connection, and the first of what comes back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(data)
    try:
        return await asyncio.wait_for(reader.read(4096), 10)
    finally:
        writer.close()
        await writer.wait_closed()


HOST = b"Host: x\r\nConnection: close\r\n"
NOT_HTTP = {
    "noise": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "no such version": b"POST /login HTTP/9.9\r\n" + HOST + b"\r\n",
    "a negative length": b"POST /login HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "two lengths": b"POST /login HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST /login HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk that is none": b"POST /login HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n",
    "an endless header": b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
}


@pytest.mark.parametrize("data", NOT_HTTP.values(), ids=NOT_HTTP)
async def test_what_is_no_http_is_answered_with_a_4xx(login_server, data):
    """Never a 5xx, never silence; the server lives on."""
    answer = await say(login_server, data)
    assert answer.startswith(b"HTTP/1."), answer
    assert b" 4" in answer[:13], answer[:80]
    assert (await login_server.post("/login", data=GOOD)).ok


async def test_a_client_that_hangs_up_half_way_disturbs_nobody(login_server):
    """The body never comes; others are served."""
    with socket.create_connection(("127.0.0.1", login_server.port)) as half:
        half.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nemail=")
    assert (await login_server.post("/login", data=GOOD)).ok


@pytest.mark.parametrize("method", ["get", "put", "delete"])
async def test_only_post_logs_in(login_server, method):
    """A password in an address would be in every log."""
    assert (await getattr(login_server, method)("/login", params=GOOD)).status == 405


async def test_twenty_at_once_log_in(login_server):
    """Hashing waits its turn; everybody gets in."""
    exchanges = await asyncio.gather(*(login_server.post("/login", data=GOOD) for _ in range(20)))
    assert {exchange.status for exchange in exchanges} == {200}


async def test_without_a_key_the_environment_is_asked(serving, monkeypatch, key):
    """JWT_SECRET is the key, and the article's user is known."""
    monkeypatch.setenv("JWT_SECRET", key)
    server = await serving(login.make_app())
    token = (await server.post("/login", data=GOOD)).json()["token"]
    assert jwt.decode(token, key, algorithms=["HS256"])["sub"] == "1"


async def test_two_applications_share_nothing(serving, users):
    """Each application made has its own key."""
    from jwt_demo.stages.parts.secret_key import new_key

    first = await serving(login.make_app(key=new_key(), users=users))
    second = await serving(login.make_app(key=(key := new_key()), users=users), name="second")
    token = (await first.post("/login", data=GOOD)).json()["token"]
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, key, algorithms=["HS256"])
    assert jwt.decode(
        (await second.post("/login", data=GOOD)).json()["token"], key, algorithms=["HS256"]
    )


UNREADABLE = {  # bodies that cannot be decoded
    "no gzip": (b"gzip", b"nope"),
    "gzip with a changed byte": (b"gzip", gzip.compress(b"{}" * 40)[:14] + b"\xff" * 8),
    "gzip and more": (b"gzip", gzip.compress(b"{}") + b"more"),
    "no deflate": (b"deflate", b"nope"),
}


@pytest.mark.parametrize("path", [b"/login", b"/nowhere"])
@pytest.mark.parametrize(("coding", "body"), UNREADABLE.values(), ids=UNREADABLE)
async def test_a_body_that_cannot_be_decoded_is_no_traceback(
    login_server, coding, body, path, caplog
):
    """Read by a handler or by nobody: the response is ours, and aiohttp logs nothing that would show under a cell."""
    head = b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
    head += b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding, len(body))
    said = await say(login_server, head + body)
    await login_server.stop()
    assert said.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 404 "))
    assert [line for line in caplog.records if line.name in ("aiohttp.server", "asyncio")] == []
