"""Step 8 over HTTP: what a browser would send, said by hand. What a browser does send is in browser/test_cookies_browser.py."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie

import jwt
import pytest

from jwt_demo.probes import probe
from jwt_demo.stages import cookies
from jwt_demo.stages.cookies import COOKIE, CSRF_COOKIE, CSRF_HEADER, TRANSFERS
from jwt_demo.stages.parts.message_board import MESSAGES
from tests.support.raw import exchange, status_of

CREDENTIALS = {"email": "user@email.com", "password": "password"}
FORM = {"to": "friend@email.com", "amount": "5"}


@pytest.fixture
async def server(serving, key, users):
    return await serving(cookies.make_app(key=key, users=users))


def cookies_of(answer):
    """The cookies an answer sets, by name."""
    return {
        name: morsel
        for line in answer.headers.getall("Set-Cookie", [])
        for name, morsel in SimpleCookie(line).items()
    }


async def session(server):
    """What a browser holds after a login from our own page: both cookies as text."""
    answer = await server.post("/session", data=CREDENTIALS, headers={"Origin": server.url})
    assert answer.status == 200
    return {name: morsel.value for name, morsel in cookies_of(answer).items()}


def sent(held, **headers):
    """The headers of a request by a browser that holds these cookies."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in held.items())} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }


async def test_a_session_is_two_cookies_and_no_token_in_the_body(server):
    """The token is for the browser only; its companion is for script of our own pages; both are of this host, safe, and same-site."""
    answer = await server.post("/session", data=CREDENTIALS)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {"user": "User id=1: <user@email.com, is_admin=False>"}
    found = cookies_of(answer)
    assert set(found) == {COOKIE, CSRF_COOKIE} == {"__Host-token", "__Host-csrf"}
    for name, morsel in found.items():
        assert (
            morsel["path"],
            morsel["secure"],
            morsel["samesite"],
            morsel["max-age"],
            morsel["domain"],
        ) == ("/", True, "Lax", "300", "")
        assert bool(morsel["httponly"]) == (name == COOKIE)
    assert found[COOKIE].value not in answer.text


async def test_a_header_and_a_cookie_are_both_taken(server):
    """One API, two kinds of client: the terminal sends a header, the browser a cookie."""
    token = (await server.post("/login", data=CREDENTIALS)).json()["token"]
    by_header = await server.get("/get-user", headers={"Authorization": f"Bearer {token}"})
    by_cookie = await server.get("/get-user", headers=sent(await session(server)))
    assert (
        by_header.json()
        == by_cookie.json()
        == {"user": "User id=1: <user@email.com, is_admin=False>"}
    )


async def test_neither_way_takes_another_spelling_of_a_token(server):
    """`token=` decodes to the same bytes; here one token has one text, in a header and in a cookie."""
    token = (await session(server))[COOKIE]
    for headers in ({"Authorization": f"Bearer {token}="}, sent({COOKIE: f"{token}="})):
        assert (await server.get("/get-user", headers=headers)).status == 401


@pytest.mark.parametrize("second", ["header", "the same header", "cookie", "query"])
async def test_two_credentials_at_once_are_refused(server, second):
    """400 invalid_request (RFC 6750 §2), whichever of them would have been good."""
    held = await session(server)
    token = held[COOKIE]
    cookie = sent(held)["Cookie"]
    headers = {
        "header": [("Cookie", cookie), ("Authorization", "Bearer nonsense")],
        "the same header": [("Cookie", cookie), ("Authorization", f"Bearer {token}")],
        "cookie": [("Cookie", f"{COOKIE}=nonsense; {cookie}")],
        "query": [("Cookie", cookie)],
    }[second]
    answer = await server.get(
        "/get-user", headers=headers, params={"access_token": token} if second == "query" else None
    )
    assert answer.status == 400
    assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]


async def test_the_probes_break_nothing(server, key):
    """The API for headers is as tight as it was before it took cookies."""
    report = await probe(server, secret=key)
    assert not report.broken, report
    assert len(report.held) >= 60, report


async def test_our_own_page_may_change_things(server):
    """Cookie, our origin, and the companion copied into a header."""
    held = await session(server)
    answer = await server.post(
        "/transfer",
        data=FORM,
        headers=sent(held, Origin=server.url, X_CSRF_Token=held[CSRF_COOKIE]),
    )
    assert (answer.status, answer.json()) == (201, {"from": "user@email.com", **FORM})


async def test_a_header_needs_no_second_proof(server):
    """No browser sends Authorization by itself, so nobody can make it."""
    token = (await server.post("/login", data=CREDENTIALS)).json()["token"]
    assert (
        await server.post("/transfer", data=FORM, headers={"Authorization": f"Bearer {token}"})
    ).status == 201


FORGERIES = {
    "another port": {"Origin": "http://127.0.0.1:1"},
    "another host": {"Origin": "http://localhost"},
    "https instead": {"Origin": "https://127.0.0.1"},
    "a longer name": {"Origin": "http://127.0.0.1.attacker.example"},
    "a frame without origin": {"Origin": "null"},
    "no origin": {},
    "our origin, no second proof": {"Origin": "own"},
    "our origin, an empty proof": {"Origin": "own", CSRF_HEADER: ""},
    "our origin, an invented proof": {"Origin": "own", CSRF_HEADER: "0" * 64},
    "our origin, a proof of bytes": {"Origin": "own", CSRF_HEADER: "é"},
    "another origin, the right proof": {"Origin": "http://127.0.0.1:1", CSRF_HEADER: "own"},
    "no origin, the right proof": {CSRF_HEADER: "own"},
}


@pytest.mark.parametrize("headers", FORGERIES.values(), ids=FORGERIES)
async def test_a_request_in_somebody_elses_name_is_refused(server, headers):
    """403 with a sentence that says what was missing; nothing happens, and our own page still works."""
    held = await session(server)
    own = {"Origin": server.url, CSRF_HEADER: held[CSRF_COOKIE]}
    forged = {name: own[name] if value == "own" else value for name, value in headers.items()}
    answer = await server.post("/transfer", data=FORM, headers=sent(held) | forged)
    assert answer.status == 403
    assert (
        "The Origin of this request is not this server" in answer.text
        or "in the header X-CSRF-Token too" in answer.text
    )
    assert server.app[TRANSFERS] == []
    assert (await server.post("/transfer", data=FORM, headers=sent(held) | own)).status == 201


async def test_the_second_proof_is_bound_to_one_session(server):
    """An attacker has an account as well, and with it a proof; it is a proof of nothing but the attacker's own session."""
    held, attackers = await session(server), await session(server)
    headers = sent(
        held | {CSRF_COOKIE: attackers[CSRF_COOKIE]},
        Origin=server.url,
        X_CSRF_Token=attackers[CSRF_COOKIE],
    )
    assert (await server.post("/transfer", data=FORM, headers=headers)).status == 403


async def test_nobody_is_logged_in_by_another_site(server):
    """Login CSRF: the visitor would go on in the attacker's account without noticing."""
    assert (
        await server.post(
            "/session", data=CREDENTIALS, headers={"Origin": "http://attacker.example"}
        )
    ).status == 403


async def test_reading_needs_no_second_proof(server):
    """GET changes nothing, and another site cannot read its response."""
    assert (
        await server.get(
            "/get-user", headers=sent(await session(server), Origin="http://attacker.example")
        )
    ).status == 200


async def test_behind_a_proxy_the_origin_is_said(serving, key, users):
    """The server sees http and an inner name; browsers see https and the name outside."""
    server = await serving(cookies.make_app(key=key, users=users, origin="https://bank.example"))
    answer = await server.post(
        "/session", data=CREDENTIALS, headers={"Origin": "https://bank.example"}
    )
    held = {name: morsel.value for name, morsel in cookies_of(answer).items()}
    for origin, expected in (("https://bank.example", 201), (server.url, 403)):
        headers = sent(held, Origin=origin, X_CSRF_Token=held[CSRF_COOKIE])
        assert (await server.post("/transfer", data=FORM, headers=headers)).status == expected


@pytest.mark.parametrize(
    "changed",
    [{"exp": int(time.time()) - 1}, {"jti": None}, {"sub": "99"}, {"exp": None}],
    ids=["expired", "no-jti", "nobody", "no-exp"],
)
async def test_a_cookie_that_is_no_good_is_taken_back(server, key, changed):
    """401 deletes it; a browser that went on sending it would be refused at the next login as well."""
    held = await session(server)
    claims = jwt.decode(held[COOKIE], key, algorithms=["HS256"]) | changed
    bad = jwt.encode({name: value for name, value in claims.items() if value is not None}, key)
    for method, path in (("GET", "/get-user"), ("POST", "/transfer"), ("POST", "/session")):
        answer = await server.request(method, path, headers=sent({COOKIE: bad}, Origin=server.url))
        assert answer.status == 401
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        taken = cookies_of(answer)
        assert {
            name: (morsel.value, morsel["max-age"], morsel["secure"], morsel["path"])
            for name, morsel in taken.items()
        } == {
            COOKIE: ("", "0", True, "/"),
            CSRF_COOKIE: ("", "0", True, "/"),
        }


async def test_an_ended_session_takes_the_cookies_back(server):
    """DELETE is a change like others: it wants both proofs."""
    held = await session(server)
    assert (await server.delete("/session", headers=sent(held, Origin=server.url))).status == 403
    answer = await server.delete(
        "/session", headers=sent(held, Origin=server.url, X_CSRF_Token=held[CSRF_COOKIE])
    )
    assert answer.status == 204
    assert {morsel["max-age"] for morsel in cookies_of(answer).values()} == {"0"}


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "=",
        ";;;",
        f"{COOKIE}",
        f"{COOKIE}=",
        f"{COOKIE}=a.b.c",
        f'{COOKIE}="',
        f"{COOKIE}=\u00e9",
        "a=b; " * 500,
    ],
)
async def test_odd_cookies_are_refused_or_none(server, cookie):
    """Never a 5xx; what is no credential is as good as nothing."""
    answer = await server.get("/get-user", headers={"Cookie": cookie})
    assert answer.status in (400, 401)
    assert "WWW-Authenticate" in answer.headers


async def test_the_board_shows_a_message_as_text(server):
    """Escaped, and under a policy that runs no script of a message if escaping should ever be forgotten."""
    await server.post("/board", data={"message": "<img src=x onerror=alert(1)>&"})
    page = await server.get("/board")
    assert "<li>&lt;img src=x onerror=alert(1)&gt;&amp;</li>" in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert server.app[MESSAGES] == ["<img src=x onerror=alert(1)>&"]


PLANTED = {
    "a space": "a=b __Host-token={evil}",
    "a tab": "a=b\t__Host-token={evil}",
    "a comma": "a=b,__Host-token={evil}",
    "a quoted value": 'a="b; c" __Host-token={evil}',
    "a space before =": "__Host-token ={evil}",
    "a no-break space": "\u00a0__Host-token={evil}",
    "an em space": "\u2003__Host-token={evil}",
    "an information separator": "\x1f__Host-token={evil}",
    "a next line": "\u0085__Host-token={evil}",
    "other case": "__host-token={evil}",
    "a longer name": "x__Host-token={evil}",
    "a name in a value": "a=__Host-token={evil}",
    "a dollar name": "$Version=1 __Host-token={evil}",
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
@pytest.mark.parametrize("first", [True, False])
async def test_no_other_cookie_is_read_as_the_hosts_own(serving, key, users, planted, first):
    """Any host of the domain may set the cookie `a`; whatever its value, nobody becomes somebody else by it (F1).

    Alone it is no credential, and beside the good cookie the good one counts.
    """
    server = await serving(cookies.make_app(key=key, users=users))
    good = (await session(server))[COOKIE]
    claims = jwt.decode(good, key, algorithms=["HS256"])
    evil = planted.format(evil=jwt.encode(claims | {"sub": "2"}, key, algorithm="HS256"))
    pair = [evil, f"{COOKIE}={good}"] if first else [f"{COOKIE}={good}", evil]
    for cookie, expected in ((evil, 401), ("; ".join(pair), 200)):
        request = f"GET /get-user HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n"
        answer = await exchange(server.port, request.encode())
        assert status_of(answer) == expected or status_of(answer) == 400, answer
        assert b"User id=2" not in answer
        if expected == 200 and status_of(answer) == 200:
            assert b"User id=1" in answer


@pytest.mark.parametrize("separator", ["; ", ";", " ;\t"])
async def test_two_cookies_of_the_hosts_name_are_refused(server, separator):
    """In one header or in two: which of them is meant is not for the server to guess."""
    token = (await session(server))[COOKIE]
    cookie = f"{COOKIE}={token}{separator}{COOKIE}={token}"
    two_headers = f"{COOKIE}={token}\r\nCookie: {COOKIE}={token}"
    for value in (cookie, two_headers):
        request = f"GET /get-user HTTP/1.1\r\nHost: x\r\nCookie: {value}\r\n\r\n"
        assert status_of(await exchange(server.port, request.encode())) == 400
