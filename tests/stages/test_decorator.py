"""The table of answers, row by row, over real HTTP: in the notebook's server and once more under gunicorn."""

import asyncio

import aiohttp
import pytest
from multidict import CIMultiDict

from jwt_demo.stages import decorator
from jwt_demo.stages.parts.secret_key import new_key
from jwt_demo.stages.parts.users import User, Users
from tests.support.forging import INVALID, good_claims, signed, signed_by_hand
from tests.support.services import gunicorn

USER = {"user": "User id=1: <user@email.com, is_admin=False>"}
INVALID_TOKEN = 'Bearer realm="jwt-demo", error="invalid_token", error_description="This token is not valid here"'


@pytest.fixture(scope="module")
def under_gunicorn(tmp_path_factory):
    """The address and the key of the same stage under the article's own server, one for all of these tests."""
    key = new_key()
    with gunicorn(
        "decorator", tmp_path_factory.mktemp("gunicorn"), workers=1, JWT_SECRET=key
    ) as server:
        yield server.url, key


@pytest.fixture(params=["in a notebook", "under gunicorn"])
async def place(request, key):
    """`url, key` of a running decorator stage, in each of the two places it runs."""
    if request.param == "under gunicorn":
        yield request.getfixturevalue("under_gunicorn")
        return
    from jwt_demo.server.server import serve

    async with await serve(decorator.make_app(key=key), name="decorator") as server:
        yield server.url, key


async def ask(url, path="/get-user", *, headers=(), method="GET", **options):
    """A client that is not ours: status, headers and text of an answer."""
    timeout = aiohttp.ClientTimeout(total=20)
    request = {
        "headers": CIMultiDict(headers),
        "allow_redirects": False,
        "timeout": timeout,
        **options,
    }
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url + path, **request) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


def bearer(token, scheme="Bearer"):
    return [("Authorization", f"{scheme} {token}")]


@pytest.mark.parametrize("token", INVALID.values(), ids=INVALID)
async def test_an_invalid_token_is_a_401_with_fixed_words(place, token):
    """Whatever is wrong with a token: one status, one challenge, one sentence, not a byte of the token."""
    url, key = place
    token = token(key)
    status, headers, text = await ask(url, headers=bearer(token))

    assert (status, headers.getall("WWW-Authenticate")) == (401, [INVALID_TOKEN])
    assert text == '{"message": "This token is not valid here"}'


async def test_a_good_token_gets_its_user(place):
    """Logged in with right credentials, the token from the answer opens the door; the scheme's case does not matter."""
    url, _ = place
    status, headers, _ = await ask(
        url, "/login", method="POST", data={"email": "user@email.com", "password": "password"}
    )
    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (
        200,
        "application/json; charset=utf-8",
        "no-store",
    )
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            url + "/login", json={"email": "user@email.com", "password": "password"}
        ) as answer,
    ):
        token = (await answer.json())["token"]

    for scheme in ("Bearer", "bearer", "BEARER", "Bearer "):
        status, _, text = await ask(url, headers=bearer(token, scheme))
        assert (status, text) == (200, '{"user": "User id=1: <user@email.com, is_admin=False>"}')


async def test_pyjwts_token_with_the_key_is_good(place):
    """The control of all forged ones: made the same way, with nothing wrong, they pass."""
    url, key = place
    for token in (
        signed(key),
        signed_by_hand(key),
        signed(key, jti="x", nbf=1),
        signed_by_hand(key, {"alg": "HS256"}),
        signed(key, header={"kid": "1"}),
    ):
        assert (await ask(url, headers=bearer(token)))[0] == 200


NO_CREDENTIALS = {
    "nothing": [],
    "an empty header": [("Authorization", "")],
    "Basic": [("Authorization", "Basic dXNlcjpwYXNz")],
    "Token": [("Authorization", "Token abc")],
    "Bearerish": [("Authorization", "Bearerabc")],
    "a colon": [("Authorization", "Bearer:abc")],
    "not ASCII": [("Authorization", "Bärer abc")],
}


@pytest.mark.parametrize("headers", NO_CREDENTIALS.values(), ids=NO_CREDENTIALS)
async def test_no_credentials_are_a_401_that_only_says_how_to_come_in(place, headers):
    """RFC 6750 §3: a challenge without an error code where no token was tried; a raw token counts as none."""
    status, answer, _ = await ask(place[0], headers=headers)
    assert (status, answer.getall("WWW-Authenticate")) == (401, ['Bearer realm="jwt-demo"'])


async def test_a_raw_token_as_the_article_sent_it_is_no_bearer_token(place):
    """The article's way, without a scheme, is not let in and not called an invalid token."""
    url, key = place
    status, headers, text = await ask(url, headers=[("Authorization", token := signed(key))])
    assert (status, headers["WWW-Authenticate"]) == (401, 'Bearer realm="jwt-demo"')
    assert token not in text


TWICE = {
    "two headers": lambda token: {"headers": bearer(token) + bearer(token)},
    "two schemes": lambda token: {
        "headers": bearer(token) + [("Authorization", "Basic dXNlcjpwYXNz")]
    },
    "header and address": lambda token: {
        "headers": bearer(token),
        "path": f"/get-user?access_token={token}",
    },
    "twice in the address": lambda token: {
        "path": f"/get-user?access_token={token}&access_token={token}"
    },
}


@pytest.mark.parametrize("request_", TWICE.values(), ids=TWICE)
async def test_two_credentials_at_once_are_a_400(place, request_):
    """RFC 6750 §3.1: more than one way to send a token is an invalid request, even with a good token."""
    url, key = place
    status, headers, text = await ask(url, **request_(signed(key)))
    assert status == 400
    assert 'error="invalid_request"' in headers["WWW-Authenticate"]
    assert signed(key) not in text


async def test_a_token_in_the_address_is_never_used(place):
    """Addresses are logged; a good token there is as good as none."""
    url, key = place
    status, headers, _ = await ask(url, f"/get-user?access_token={signed(key)}")
    assert (status, headers["WWW-Authenticate"]) == (401, 'Bearer realm="jwt-demo"')


@pytest.mark.parametrize(
    "scope",
    [
        "profile",
        "",
        "administrator",
        "Admin",
        "profile  x",
        ...,
        None,
        1,
        ["admin"],
        {"admin": True},
    ],
)
async def test_not_enough_rights_are_a_403(place, scope):
    """A good token of a user who is no administrator, whatever it says about scopes."""
    url, key = place
    status, headers, _ = await ask(
        url, "/admin", headers=bearer(signed_by_hand(key, payload=good_claims(scope=scope)))
    )
    assert status == 403
    assert 'error="insufficient_scope"' in headers["WWW-Authenticate"]
    assert 'scope="admin"' in headers["WWW-Authenticate"]


async def test_a_token_cannot_grant_what_its_user_has_not(place):
    """A right taken away yesterday is not in an old token today."""
    url, key = place
    assert (await ask(url, "/admin", headers=bearer(signed(key, scope="admin profile"))))[0] == 403


async def test_the_way_out_is_a_401_before_it_is_a_403(place):
    """Who is unknown is asked who they are, not told what they may not."""
    url, key = place
    assert (await ask(url, "/admin"))[0] == 401
    assert (await ask(url, "/admin", headers=bearer(signed(key, exp=1))))[0] == 401


async def test_login_answers_as_the_table_says(place):
    """401 for wrong credentials with one body, 400 with the field's name, 413 beyond the limit."""
    url, _ = place
    wrong = await ask(
        url, "/login", method="POST", data={"email": "user@email.com", "password": "wrong"}
    )
    unknown = await ask(
        url, "/login", method="POST", json={"email": "nobody@email.com", "password": "password"}
    )
    missing = await ask(url, "/login", method="POST", data={"email": "user@email.com"})
    broken = await ask(
        url, "/login", method="POST", data="{", headers=[("Content-Type", "application/json")]
    )
    large = await ask(url, "/login", method="POST", json={"email": "x" * 100_000})
    assert [answer[0] for answer in (wrong, unknown, missing, broken, large)] == [
        401,
        401,
        400,
        400,
        413,
    ]
    assert wrong[2] == unknown[2]
    assert "password" in missing[2]
    assert "email" in broken[2]


@pytest.mark.parametrize("size", [70_000, 200_000])
async def test_a_header_too_large_is_a_4xx(place, size):
    """Beyond the limit of a header field: refused by the parser, not a dropped connection."""
    assert 400 <= (await ask(place[0], headers=bearer("x" * size)))[0] < 500


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/get-user", 405),
        ("GET", "/login", 405),
        ("HEAD", "/get-user", 401),
        ("OPTIONS", "/get-user", 405),
    ],
)
async def test_other_requests_have_plain_answers(place, method, path, status):
    """No route, no such method: never a 5xx."""
    assert (await ask(place[0], path, method=method))[0] == status


async def test_a_bad_token_is_refused_wherever_it_is_sent(place):
    """A page for strangers takes no token and takes a good one; a bad one is an error, not a stranger."""
    url, key = place
    assert (await ask(url, "/"))[2] == '{"hello": "stranger"}'
    assert (await ask(url, "/", headers=bearer(signed(key))))[2] == '{"hello": "user@email.com"}'
    assert (await ask(url, "/", headers=bearer("noise")))[0] == 401


async def test_an_administrator_comes_in_until_the_right_is_taken_away(serving, key, users):
    """Scope in the token and right of the user, both: a token from before is no help afterwards."""
    server = await serving(decorator.make_app(key=key, users=users))
    token = (
        await server.post("/login", data={"email": "root@email.com", "password": "toor toor toor"})
    ).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await server.get("/admin", headers=headers)).json() == {"admin": "root@email.com"}
    narrow = {"Authorization": f"Bearer {signed(key, sub='2', scope='profile')}"}
    assert (await server.get("/admin", headers=narrow)).status == 403

    users._by_id["2"] = User(2, "root@email.com", is_admin=False)
    assert (await server.get("/admin", headers=headers)).status == 403
    del users._by_id["2"]
    assert (await server.get("/admin", headers=headers)).status == 401


async def test_a_token_of_another_application_opens_nothing(serving, key):
    """Same stage, same user, another key."""
    server = await serving(decorator.make_app(key=key, users=Users()))
    assert (
        await server.get("/get-user", headers={"Authorization": f"Bearer {signed(new_key())}"})
    ).status == 401


async def test_the_decorator_keeps_the_handlers_name():
    """functools.wraps: name and docstring survive, as tools and error messages expect."""

    @decorator.login_required(scope="admin")
    async def audit(request):
        """What happened."""

    assert (audit.__name__, audit.__doc__) == ("audit", "What happened.")
    assert asyncio.iscoroutinefunction(audit)
    assert decorator.get_user.__name__ == "get_user"


@pytest.mark.parametrize("white", ["\u2003", "\u00a0", "\t", "\n", "\x1f", ",", "  x"])
async def test_only_a_space_separates_scopes(serving, key, users, white):
    """`scope-token *( SP scope-token )` (RFC 6749 §3.3): other white space makes one odd scope, not two."""
    server = await serving(decorator.make_app(key=key, users=users))
    token = signed(key, sub="2", scope=f"profile{white}admin".replace("  xadmin", "  admin"))
    answer = await server.get("/admin", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == (200 if white == "  x" else 403)
