"""The article's server does today what it did when it was looked at: its working rows, and each of its faults."""

import time

import jwt
import pytest
from aiohttp import web

from jwt_demo.stages import article

pytestmark = [  # the article's code is shown as it was; the course is about what these warnings say
    pytest.mark.filterwarnings("ignore:old-style middleware:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*utcnow:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Bare functions are deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
]
USER = {"user": "User id=1: <user@email.com, is_admin=False>"}


@pytest.fixture
async def server(serving):
    return await serving(article.app)


def token(**claims):
    claims = {"user_id": 1, "exp": int(time.time()) + 20, **claims}
    return jwt.encode(
        {name: value for name, value in claims.items() if value is not ...},
        "secret",
        algorithm="HS256",
    )


async def get_user(server, value):
    return await server.get("/get-user", headers={"authorization": value})


async def test_a_good_login_is_a_500(server):
    """PyJWT 2 returns text; `.decode` is gone from it. The reader gets the line and the reason."""
    exchange = await server.post("/login", data={"email": "user@email.com", "password": "password"})
    assert exchange.status == 500
    assert "'str' object has no attribute 'decode'" in str(exchange.error)
    assert "jwt_token.decode" in exchange.problem
    assert "PyJWT 2 returns the token as a str" in exchange.problem


@pytest.mark.parametrize(
    "credentials",
    [
        {"email": "user@email.com", "password": "wrong"},
        {"email": "nobody@email.com", "password": "password"},
    ],
)
async def test_wrong_credentials_are_a_400(server, credentials):
    """A 401 would be right; the type is one nobody registered."""
    exchange = await server.post("/login", data=credentials)
    assert (exchange.status, exchange.json()) == (400, {"message": "Wrong credentials"})
    assert exchange.headers["Content-Type"].startswith("text/json")


@pytest.mark.parametrize("field", ["email", "password"])
async def test_a_missing_field_is_a_500(server, field):
    """A KeyError nobody catches."""
    credentials = {"email": "user@email.com", "password": "password"}
    del credentials[field]
    exchange = await server.post("/login", data=credentials)
    assert (exchange.status, type(exchange.error)) == (500, KeyError)


async def test_a_raw_token_lets_in(server):
    """The token stands alone in the header, as the article's own command sends it."""
    exchange = await get_user(server, token())
    assert (exchange.status, exchange.json()) == (200, USER)


async def test_a_token_behind_bearer_is_refused(server):
    """RFC 6750's way to send it is a 400."""
    exchange = await get_user(server, f"Bearer {token()}")
    assert (exchange.status, exchange.json()) == (400, {"message": "Token is invalid"})


BAD = {
    "noise": lambda: "x",
    "three letters": lambda: "a.b.c",
    "a signature cut off": lambda: token()[:-2],
    "expired": lambda: token(exp=1),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
async def test_a_bad_token_is_a_400(server, make):
    """What the article did catch; a 401 with a challenge would be right."""
    exchange = await get_user(server, make())
    assert (exchange.status, exchange.json()) == (400, {"message": "Token is invalid"})
    assert "WWW-Authenticate" not in exchange.headers


async def test_no_token_is_answered_all_the_same(server):
    """Nothing ever requires a user."""
    exchange = await server.get("/get-user")
    assert (exchange.status, exchange.json()) == (200, {"user": "None"})


@pytest.mark.parametrize("user_id", [0, None, "", False])
async def test_a_falsy_user_id_is_user_one(server, user_id):
    """Valid signature, nobody's id: the storage skips the comparison and the first user matches."""
    exchange = await get_user(server, token(user_id=user_id))
    assert (exchange.status, exchange.json()) == (200, USER)


@pytest.mark.parametrize("user_id", [99, "1"])
async def test_an_unknown_user_id_drops_the_connection(server, user_id):
    """DoesNotExist is a BaseException: no handler of anyone's catches it, no response is sent."""
    exchange = await get_user(server, token(user_id=user_id))
    assert exchange.status is None
    assert isinstance(exchange.error, article.models.User.DoesNotExist)
    assert "BaseException" in exchange.problem
    assert (await server.get("/get-user")).ok


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": "somebody"}, "InvalidAudienceError"), ({"sub": 1}, "InvalidSubjectError"), ({"nbf": int(time.time()) + 3600}, "ImmatureSignatureError"),
        ({"iat": int(time.time()) + 3600}, "ImmatureSignatureError"), ({"user_id": ...}, "KeyError"),
    ],
    ids=["aud", "sub a number", "nbf", "iat", "no user_id"],
)  # fmt: skip
async def test_what_the_article_did_not_catch_is_a_500(server, claims, error):
    """Only DecodeError and ExpiredSignatureError are caught; a good signature with other claims is a server error."""
    exchange = await get_user(server, token(**claims))
    assert (exchange.status, type(exchange.error).__name__) == (500, error)


async def test_a_token_without_exp_is_good_for_ever(server):
    """Nobody requires the claim."""
    assert (await get_user(server, token(exp=...))).json() == USER


async def test_login_required_works_and_is_deprecated(serving):
    """The wrapper of the article's last section: a plain function, so aiohttp warns; it loses the handler's name too."""
    protected = article.web.login_required(article.web.get_user)
    assert protected.__name__ == "wrapper"
    app = web.Application(middlewares=[article.web.auth_middleware])
    with pytest.warns(DeprecationWarning, match="Bare functions are deprecated"):
        app.router.add_get("/private", protected)
    server = await serving(app)

    assert (await server.get("/private")).status == 401
    exchange = await server.get("/private", headers={"authorization": token()})
    assert (exchange.status, exchange.json()) == (200, USER)


async def test_the_key_is_too_short_and_pyjwt_says_so(server):
    """Six bytes where HS256 needs 32: a warning at each decode."""
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        jwt.decode(token(), article.web.JWT_SECRET, algorithms=["HS256"])
