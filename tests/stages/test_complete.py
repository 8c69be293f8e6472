"""The complete stage: what it answers, what it refuses to start with, and that nothing makes it crash."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import threading
import time

import jwt
import pytest
from aiohttp import ClientSession, TCPConnector, web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt as joserfc_jwt
from joserfc.jwk import OctKey

from jwt_demo.stages import complete
from jwt_demo.stages.complete import issue, make_app, verify
from jwt_demo.stages.parts import users as users_module
from jwt_demo.stages.parts.secret_key import new_key
from jwt_demo.stages.parts.settings import Settings
from jwt_demo.stages.parts.users import User
from jwt_demo.tokens.anatomy import encode_segment
from tests.probes.holes.base import running

NAMES = {"issuer": "https://id.example", "audience": "https://api.example"}
GOOD = Settings(key=new_key(), **NAMES)
USER = User(1, "user@email.com")


@pytest.fixture
async def url(fast_hashes):
    async with running(make_app(settings=GOOD)) as url:
        yield url


@pytest.fixture
async def client(url):
    async with ClientSession(url) as session:
        yield session


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def good_token() -> str:
    return issue(USER, GOOD, now=time.time())


def resigned(*, header: dict | None = None, key: str = GOOD.key, **changes) -> str:
    claims = jwt.decode(good_token(), options={"verify_signature": False}) | changes
    claims = {name: value for name, value in claims.items() if value is not ...}
    return jwt.encode(claims, key, algorithm="HS256", headers={"typ": "at+jwt", **(header or {})})


async def test_a_login_gives_a_token_that_another_library_verifies(client):
    """Form and JSON both; joserfc agrees on signature, claims and type."""
    for how in (
        {"data": {"email": "user@email.com", "password": "password"}},
        {"json": {"email": "user@email.com", "password": "password"}},
    ):
        async with client.post("/login", **how) as answer:
            assert (answer.status, answer.content_type, answer.headers["Cache-Control"]) == (
                200,
                "application/json",
                "no-store",
            )
            body = await answer.json()
        token = joserfc_jwt.decode(body["token"], OctKey.import_key(GOOD.key), algorithms=["HS256"])
        assert token.header == {"alg": "HS256", "typ": "at+jwt"}
        assert set(token.claims) == {"iss", "aud", "sub", "scope", "iat", "exp", "jti"}
        assert (token.claims["iss"], token.claims["aud"], token.claims["sub"]) == (
            GOOD.issuer,
            GOOD.audience,
            "1",
        )
        assert token.claims["exp"] - token.claims["iat"] == body["expires_in"] == GOOD.lifetime


async def test_the_answers_of_the_protected_routes(client):
    """200 for the user, a bare challenge for a stranger, 403 where the right is missing, 400 for two credentials."""
    token = good_token()
    rows = [
        (
            "/get-user",
            bearer(token),
            200,
            {"user": "User id=1: <user@email.com, is_admin=False>"},
            None,
        ),
        ("/get-user", {}, 401, {"message": "Log in first"}, 'Bearer realm="jwt-demo"'),
        (
            "/get-user",
            {"Authorization": "Basic dXNlcg=="},
            401,
            {"message": "Log in first"},
            'Bearer realm="jwt-demo"',
        ),
        (
            "/admin",
            bearer(token),
            403,
            {"message": "A scope that is needed here is not granted"},
            re.compile('error="insufficient_scope"'),
        ),
        (
            f"/get-user?access_token={token}",
            bearer(token),
            400,
            None,
            re.compile('error="invalid_request"'),
        ),
        (
            "/get-user",
            bearer(token + "="),
            401,
            {"message": "This token is not valid here"},
            re.compile('error="invalid_token"'),
        ),
        ("/nowhere", bearer(token), 404, {"message": "Not Found"}, None),
        ("/login", {}, 405, {"message": "Method Not Allowed"}, None),
    ]
    for path, headers, status, body, challenge in rows:
        async with client.get(path, headers=headers) as answer:
            assert answer.status == status, path
            assert body is None or await answer.json() == body
            assert answer.headers["Cache-Control"] == "no-store"
            found = answer.headers.get("WWW-Authenticate")
            assert (
                challenge.search(found) if isinstance(challenge, re.Pattern) else found == challenge
            )


async def test_both_wrong_logins_get_the_same_answer_and_the_same_work(client, monkeypatch):
    """One hash is verified for an unknown e-mail as for a wrong password, and the answers do not differ in a byte."""
    verified = []
    monkeypatch.setattr(users_module, "HASHER", CountingHasher(verified))
    seen = []
    for email in ("user@email.com", "nobody@email.com"):
        verified.clear()
        async with client.post("/login", data={"email": email, "password": "wrong"}) as answer:
            headers = {name: value for name, value in answer.headers.items() if name != "Date"}
            seen.append((answer.status, headers, await answer.read(), len(verified)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 401
    assert seen[0][3] == 1


class CountingHasher:
    """The hasher in use, with a tally of what it verified."""

    def __init__(self, tally: list):
        self.tally, self.hasher = tally, users_module.HASHER

    def verify(self, password_hash: str, password: str) -> bool:
        self.tally.append(password_hash)
        return self.hasher.verify(password_hash, password)


async def test_others_are_served_while_a_password_is_hashed(client, monkeypatch):
    """Argon2 runs beside the event loop: a request is answered while a login still waits for its hash."""
    begun, may_end = threading.Event(), threading.Event()

    class Waiting:
        def verify(self, password_hash, password):
            begun.set()
            return may_end.wait(20)

    monkeypatch.setattr(users_module, "HASHER", Waiting())
    login = asyncio.create_task(
        client.post("/login", data={"email": "user@email.com", "password": "password"})
    )
    try:
        assert await asyncio.to_thread(begun.wait, 20)
        async with client.get("/get-user", headers=bearer(good_token())) as answer:
            assert answer.status == 200
        assert not login.done()
    finally:
        may_end.set()
        (await login).close()


REFUSED = {
    "expired": lambda: resigned(iat=int(time.time()) - 1000, exp=int(time.time()) - 100),
    "no exp": lambda: resigned(exp=...),
    "milliseconds": lambda: resigned(exp=int(time.time()) * 1000),
    "a lifetime beyond the cap": lambda: resigned(exp=int(time.time()) + GOOD.lifetime + 60),
    "ends before it begins": lambda: resigned(iat=int(time.time()) + 20, exp=int(time.time()) + 10),
    "exp in quotes": lambda: resigned(exp=str(int(time.time()) + 100)),
    "nbf in quotes": lambda: resigned(nbf="1"),
    "iat true": lambda: resigned(iat=True),
    "nbf ahead": lambda: resigned(nbf=int(time.time()) + 3600),
    "iat ahead": lambda: resigned(iat=int(time.time()) + 3600, exp=int(time.time()) + 3700),
    "another issuer": lambda: resigned(iss="https://evil.example"),
    "no issuer": lambda: resigned(iss=...),
    "another audience": lambda: resigned(aud="https://other.example"),
    "a list of audiences": lambda: resigned(aud=[GOOD.audience, "https://other.example"]),
    "no audience": lambda: resigned(aud=...),
    "sub a number": lambda: resigned(sub=1),
    "no sub": lambda: resigned(sub=...),
    "no jti": lambda: resigned(jti=...),
    "jti a number": lambda: resigned(jti=7),
    "no iat": lambda: resigned(iat=...),
    "typ JWT": lambda: resigned(header={"typ": "JWT"}),
    "no typ": lambda: resigned(header={"typ": None}),
    "crit": lambda: resigned(header={"crit": ["x"], "x": 1}),
    "another key": lambda: resigned(key=new_key()),
    "padded": lambda: good_token() + "=",
    "too long": lambda: resigned(x="x" * 4096),
    "a line break": lambda: good_token() + "\n",
    "empty": lambda: "",
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_a_token_that_is_not_ours_in_every_respect_is_refused(make):
    """One thing is wrong with each, and it is enough; the good one is fine before and after."""
    verify(good_token(), GOOD)
    with pytest.raises(jwt.InvalidTokenError):
        verify(make(), GOOD)
    verify(good_token(), GOOD)


def test_clocks_may_differ_by_the_leeway():
    """A token from a clock a few seconds ahead, or one that ended a few seconds ago, is still good."""
    verify(issue(USER, GOOD, now=time.time() + GOOD.leeway - 10), GOOD)
    verify(issue(USER, GOOD, now=time.time() - GOOD.lifetime - GOOD.leeway + 10), GOOD)


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_the_type_may_be_written_in_each_lawful_way(typ):
    """`application/` may be left out and case does not count (RFC 7515 §4.1.9)."""
    verify(resigned(header={"typ": typ}), GOOD)


@given(st.text())
def test_no_text_makes_verifying_raise_anything_else(text):
    """Whatever is sent, the handler has one kind of exception to expect."""
    with pytest.raises(jwt.InvalidTokenError):
        verify(text, GOOD)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
CLAIM_NAMES = st.sampled_from(["iss", "aud", "sub", "iat", "exp", "nbf", "jti", "scope", "x"])


@given(
    st.dictionaries(CLAIM_NAMES, JSON, max_size=4),
    st.dictionaries(
        st.sampled_from(["alg", "typ", "kid", "crit", "b64", "jwk", "cty", "zip"]), JSON, max_size=3
    ),
)
def test_no_signed_claims_make_verifying_raise_anything_else(claims, header):
    """Not even a token that we signed ourselves, whatever stands in it."""
    right = jwt.decode(good_token(), options={"verify_signature": False})
    parts = ({"alg": "HS256", "typ": "at+jwt", **header}, {**right, **claims})
    signing_input = ".".join(encode_segment(json.dumps(part).encode("utf-8")) for part in parts)
    mac = jwt.get_algorithm_by_name("HS256").sign(
        signing_input.encode("ascii"), GOOD.key.encode("ascii")
    )
    try:
        verified = verify(f"{signing_input}.{encode_segment(mac)}", GOOD)
    except jwt.InvalidTokenError:
        return
    assert isinstance(verified["sub"], str)
    assert isinstance(verified["jti"], str)
    assert 0 < verified["exp"] - verified["iat"] <= GOOD.lifetime


@given(st.data())
def test_a_token_has_one_spelling(data):
    """Change, drop or add one character anywhere in a good token, and it is another token, and refused."""
    token = good_token()
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABQgwz09-_=+/. \n\t\u00e9"))
    rest = data.draw(st.sampled_from([token[place + 1 :], token[place:]]))
    other = data.draw(
        st.sampled_from([token[:place] + letter + rest, token[:place] + token[place + 1 :]])
    )
    if other != token:
        with pytest.raises(jwt.InvalidTokenError):
            verify(other, GOOD)


NOISE = {
    "two lengths": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "length and chunks": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk of no size": b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "chunks in odd case": b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a header without a colon": b"GET /get-user HTTP/1.1\r\nHost x\r\n\r\n",
    "a NUL in a header": b"GET /get-user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\0b\r\n\r\n",
    "a folded header": b"GET /get-user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\n a.b.c\r\n\r\n",
    "a space before the colon": b"GET /get-user HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer a.b.c\r\n\r\n",
    "another version": b"GET /get-user HTTP/9.9\r\nHost: x\r\n\r\n",
    "no version": b"GET /get-user\r\n\r\n",
    "no host": b"GET /get-user HTTP/1.1\r\n\r\n",
    "an address of another server": b"GET http://elsewhere.example/get-user HTTP/1.1\r\nHost: x\r\n\r\n",
    "CONNECT": b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "an upgrade": b"GET /get-user HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n",
    "an expectation": b"POST /login HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\nContent-Length: 0\r\n\r\n",
    "bad gzip": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    "bad multipart": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9\r\n\r\n--x\r\nfoo\r\n",
    "no boundary": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\nContent-Length: 4\r\n\r\nnope",
    "an unknown charset": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json; charset=nonsense\r\nContent-Length: 2\r\n\r\n{}",
    "a cookie of nothing": b"GET /get-user HTTP/1.1\r\nHost: x\r\nCookie: =;;;=\xff\r\n\r\n",
    "octets in a token": b"GET /get-user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe.\xff.\xff\r\n\r\n",
    "a long token": b"GET /get-user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
    + b"a" * 60_000
    + b"\r\n\r\n",
    "a longer one": b"GET /get-user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
    + b"a" * 200_000
    + b"\r\n\r\n",
    "TLS": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"\0" * 60 + b"\r\n\r\n",
}


@pytest.mark.parametrize("octets", NOISE.values(), ids=NOISE)
async def test_noise_is_answered_and_never_crashes_it(url, client, octets):
    """Odd or broken as HTTP: the answer is a 4xx, or the ordinary one; never a 5xx, never a dropped connection."""
    answer = await exchange(url, octets)
    status = re.match(rb"HTTP/\d\.\d (\d{3}) ", answer)
    assert status, answer[:80]
    assert int(status[1]) < 500
    async with client.get("/get-user", headers=bearer(good_token())) as after:
        assert after.status == 200


async def exchange(url: str, octets: bytes) -> bytes:
    """Send octets as they are, and return what comes back until the first answer is complete, or the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    writer.write(octets)
    answer = b""
    try:
        while b"\r\n\r\n" not in answer:
            more = await asyncio.wait_for(reader.read(65536), 20)
            if not more:
                break
            answer += more
    finally:
        writer.close()
    return answer


@settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.sampled_from(
        [
            "application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
            "application/json; charset=utf-7",
            "x",
        ]
    ),
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.binary(max_size=50).map(gzip.compress),
    st.sampled_from([None, "gzip", "deflate", "br", "x"]),
)
def test_no_body_crashes_the_login(hammered, content_type, body, encoding):
    """Any bytes under any type and encoding: 400, 401 or 413, never a 5xx, never a dropped connection."""
    assert hammered(content_type, body, encoding) in (200, 400, 401, 413, 415)


@pytest.fixture(scope="module")
def hammered(fast_hashes):
    """A server on a loop of its own; the function posts to its /login and returns the status."""
    loop = asyncio.new_event_loop()
    server = running(make_app(settings=GOOD))
    url = loop.run_until_complete(server.__aenter__())

    async def open_session() -> ClientSession:
        return ClientSession(url)

    session = loop.run_until_complete(open_session())

    async def post(content_type: str, body: bytes, encoding: str | None) -> int:
        headers = {"Content-Type": content_type} | (
            {"Content-Encoding": encoding} if encoding else {}
        )
        async with session.post("/login", data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    yield lambda *args: loop.run_until_complete(post(*args))
    loop.run_until_complete(session.close())
    loop.run_until_complete(server.__aexit__(None, None, None))
    loop.close()


def test_the_app_is_there_for_gunicorn():
    """`jwt_demo.stages.complete:app` is an application that reads nothing before it starts."""
    assert isinstance(complete.app, web.Application)


async def test_guessing_is_slowed_down_for_who_guesses_and_nobody_else(fast_hashes):
    """Fifty wrong passwords from one address, then 429 with Retry-After, also for the right one; another address logs in."""
    async with running(make_app(settings=GOOD)) as url:
        form = {"email": "user@email.com", "password": "password"}
        statuses, elsewhere = [], TCPConnector(local_addr=("127.0.0.2", 0))
        async with ClientSession(url) as here, ClientSession(url, connector=elsewhere) as there:
            for _ in range(52):
                async with here.post("/login", data=form | {"password": "wrong"}) as answer:
                    statuses.append(answer.status)
                    body = await answer.json()
            assert statuses == [401] * 50 + [429] * 2
            assert body == {"message": "Too many login attempts, try again later"}
            assert 0 < int(answer.headers["Retry-After"]) <= 10
            assert (await here.post("/login", data=form)).status == 429
            assert (await there.post("/login", data=form)).status == 200


async def test_behind_a_proxy_the_client_counts_and_not_the_proxy(fast_hashes):
    """JWT_PROXIES=1: what the proxy wrote last is the address; what the client wrote before it is not."""
    behind = Settings(key=GOOD.key, proxies=1, **NAMES)
    async with running(make_app(settings=behind)) as url, ClientSession(url) as client:
        wrong = {"email": "user@email.com", "password": "wrong"}
        for number in range(52):
            headers = {"X-Forwarded-For": f"10.0.0.{number}, 203.0.113.9"}
            stranger = await client.post("/login", data=wrong, headers=headers)
        headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        owner = await client.post("/login", data=wrong | {"password": "password"}, headers=headers)
        assert (stranger.status, owner.status) == (429, 200)
