"""Step 3: the middleware finds the user before any handler runs, or answers itself."""

import asyncio

import jwt
import pytest
from aiohttp import web

from jwt_demo.stages import middleware
from jwt_demo.stages.login import make_app
from jwt_demo.stages.middleware import CLAIMS, PRINCIPAL, auth_middleware
from tests.support.forging import INVALID, signed
from tests.support.raw import exchange, status_of


@pytest.fixture
def seen():
    """What reached the handler."""
    return []


@pytest.fixture
async def server(serving, key, users, seen):
    async def handler(request):
        seen.append((request[PRINCIPAL], request[CLAIMS]))
        await asyncio.sleep(0)
        return web.json_response({"email": request[PRINCIPAL] and request[PRINCIPAL].email})

    app = make_app(key=key, users=users)
    app.middlewares.append(auth_middleware)
    app.router.add_get("/", handler)
    return await serving(app)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def test_a_good_token_brings_its_user_and_its_claims(server, key, seen, users):
    """The handler finds both in the request, under typed keys."""
    token = signed(key, sub="2")
    assert (await server.get("/", headers=bearer(token))).json() == {"email": "root@email.com"}
    assert seen == [(await users.by_id("2"), jwt.decode(token, key, algorithms=["HS256"]))]


async def test_a_stranger_reaches_the_handler_as_nobody(server, seen):
    """Requiring a user is the next step's work."""
    assert (await server.get("/")).json() == {"email": None}
    assert seen == [(None, {})]


@pytest.mark.parametrize("token", INVALID.values(), ids=INVALID)
async def test_an_invalid_token_never_reaches_a_handler(server, key, seen, token):
    """Answered at the door: 401, and the handler has not run."""
    token = token(key)
    if not token.isascii():
        token = token.encode().decode("utf-8")
    exchange = await server.get("/", headers=bearer(token))
    assert (exchange.status, exchange.error) == (401, None)
    assert 'error="invalid_token"' in exchange.headers["WWW-Authenticate"]
    assert not seen


async def test_get_user_of_this_step_answers_strangers(middleware_server, key):
    """As in the article: `None` without a token, the user's line with one."""
    assert (await middleware_server.get("/get-user")).json() == {"user": "None"}
    assert (await middleware_server.get("/get-user", headers=bearer(signed(key)))).json() == {
        "user": "User id=1: <user@email.com, is_admin=False>"
    }


async def test_two_users_at_once_are_never_mixed(server, key):
    """A hundred interleaved requests: each one gets its own user."""
    tokens = {"1": signed(key), "2": signed(key, sub="2"), None: None}
    emails = {"1": "user@email.com", "2": "root@email.com", None: None}
    order = ["1", "2", None, "2"] * 25
    exchanges = await asyncio.gather(
        *(server.get("/", headers=bearer(tokens[who]) if who else {}) for who in order)
    )
    assert [exchange.json()["email"] for exchange in exchanges] == [emails[who] for who in order]


async def test_a_fault_of_the_server_is_not_blamed_on_the_token(key):
    """InvalidKeyError is no InvalidTokenError: an unusable key is a server error, which hides nothing behind a 401."""
    assert not issubclass(jwt.InvalidKeyError, jwt.InvalidTokenError)
    with pytest.raises(jwt.InvalidKeyError):
        middleware.VERIFIER.decode(signed(key), "too short", algorithms=["HS256"])


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("Bearer a.b.c", "a.b.c"), ("bearer a.b.c", "a.b.c"), ("Bearer   a.b.c ", "a.b.c"), ("Bearer", ""), ("Bearer ", ""),
        ("", None), ("Basic a", None), ("a.b.c", None), ("Bearera.b.c", None), (" Bearer a", None),
    ],
)  # fmt: skip
def test_what_is_taken_for_a_bearer_token(header, token):
    """The scheme in any case, one token behind it; `Bearer` alone is a token that says nothing, not the lack of one."""
    assert middleware.bearer_token(header) == token


WHITE = ["\u2003", "\u00a0", "\u3000", "\x1f", "\u0085", "\u2028", "\t"]


@pytest.mark.parametrize("white", WHITE)
async def test_only_a_space_stands_between_scheme_and_token(middleware_server, key, white):
    """RFC 6750 §2.1 has `1*SP`; other white space is part of the token, which then is none (F8)."""
    token = signed(key)
    for value in (f"Bearer {white}{token}", f"Bearer{white}{token}", f"Bearer {token}{white}x"):
        request = f"GET /get-user HTTP/1.1\r\nHost: x\r\nAuthorization: {value}\r\n\r\n"
        answer = await exchange(middleware_server.port, request.encode())
        assert b"user@email.com" not in answer, value
        assert status_of(answer) < 500
    for value in (f"Bearer {token}", f"bearer   {token}", f"BEARER {token} "):
        answer = await middleware_server.get("/get-user", headers={"Authorization": value})
        assert "user@email.com" in answer.text, value
