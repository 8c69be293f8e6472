"""Step 7 over HTTP: refresh, reuse, logout, epochs, and a store that goes and comes back. Two workers are in test_logout_workers.py."""

from __future__ import annotations

import dataclasses
import json
import logging
import time

import jwt
import pytest

from jwt_demo.stages import logout
from jwt_demo.stages.parts.stores import MemoryStore
from tests.support.services import free_port, redis

CREDENTIALS = {"email": "user@email.com", "password": "password"}
CHALLENGE = 'Bearer realm="jwt-demo", error="invalid_token", error_description="This token is not valid here"'


@pytest.fixture
async def server(serving, key, users, tmp_path):
    """Step 7 with its state in a file."""
    return await serving(
        logout.make_app(key=key, users=users, store=f"sqlite:///{tmp_path}/store.sqlite")
    )


async def log_in(server, **changed):
    answer = await server.post("/login", data=CREDENTIALS | changed)
    assert answer.status == 200, answer.text
    return answer.json()


async def refresh(server, refresh_token):
    return await server.post("/refresh", data={"refresh_token": refresh_token})


async def status(server, token):
    return (await server.get("/get-user", headers=bearer(token))).status


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def test_a_login_gives_two_tokens_and_says_how_long_the_first_lives(server, key):
    """Both are JWTs of one family; each says in its header what it is, and the access token lives expires_in seconds."""
    answer = await server.post("/login", json=CREDENTIALS)
    assert set(answer.json()) == {"token", "refresh_token", "expires_in"}
    assert answer.headers["Cache-Control"] == "no-store"
    access, refresh_token = (
        jwt.decode_complete(answer.json()[name], key, algorithms=["HS256"])
        for name in ("token", "refresh_token")
    )
    assert (access["header"]["typ"], refresh_token["header"]["typ"]) == ("at+jwt", "rt+jwt")
    assert access["payload"]["sid"] == refresh_token["payload"]["sid"]
    assert access["payload"]["jti"] != refresh_token["payload"]["jti"]
    assert access["payload"]["exp"] - access["payload"]["iat"] == answer.json()["expires_in"] == 300
    assert refresh_token["payload"]["exp"] - refresh_token["payload"]["iat"] == 14 * 24 * 3600


@pytest.mark.parametrize("form", ["data", "json"])
async def test_a_refresh_token_brings_the_next_pair(server, form):
    """As a form or as JSON; the new pair works, and the old access token lives out its five minutes."""
    first = await log_in(server)
    answer = await server.post("/refresh", **{form: {"refresh_token": first["refresh_token"]}})
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    second = answer.json()
    assert set(second) == set(first)
    assert len({*first.values(), *second.values()}) == 5
    assert await status(server, second["token"]) == 200
    assert await status(server, first["token"]) == 200
    assert (await refresh(server, second["refresh_token"])).status == 200


async def test_a_refresh_does_not_prolong_the_login(server, key):
    """Each refresh token ends when the first one would have: after a fortnight everybody logs in again."""
    first = await log_in(server)
    second = (await refresh(server, first["refresh_token"])).json()
    ends = [
        jwt.decode(pair["refresh_token"], key, algorithms=["HS256"])["exp"]
        for pair in (first, second)
    ]
    assert ends[0] == ends[1]


async def test_an_access_token_never_outlives_its_login(server, key, users):
    """One minute before the end of the login a refresh gives one minute, or a denied family could be forgotten too early."""
    pair = await log_in(server)
    claims = jwt.decode(pair["refresh_token"], key, algorithms=["HS256"])
    ending = jwt.encode(claims | {"exp": int(time.time()) + 60}, key, headers={"typ": "rt+jwt"})
    answer = (await refresh(server, ending)).json()
    assert answer["expires_in"] <= 60
    assert jwt.decode(answer["token"], key, algorithms=["HS256"])["exp"] <= time.time() + 60


async def test_a_refresh_token_used_twice_ends_everything_of_that_login(server, caplog):
    """The thief and the owner both have it, and nobody can say who is who: all tokens of the family die, other logins live."""
    other = await log_in(server)
    first = await log_in(server)
    second = (await refresh(server, first["refresh_token"])).json()
    again = await refresh(server, first["refresh_token"])
    assert (again.status, again.headers["WWW-Authenticate"]) == (401, CHALLENGE)
    assert [await status(server, pair["token"]) for pair in (first, second)] == [401, 401]
    assert (await refresh(server, second["refresh_token"])).status == 401
    assert await status(server, other["token"]) == 200
    assert (await refresh(server, other["refresh_token"])).status == 200
    assert "A refresh token of user 1 is not the current one" in caplog.text
    assert first["refresh_token"] not in caplog.text


async def test_neither_token_is_taken_for_the_other(server):
    """A refresh token opens nothing, an access token refreshes nothing, and trying either does no harm."""
    pair = await log_in(server)
    assert await status(server, pair["refresh_token"]) == 401
    assert (await server.post("/logout", headers=bearer(pair["refresh_token"]))).status == 401
    assert (await refresh(server, pair["token"])).status == 401
    assert await status(server, pair["token"]) == 200
    assert (await refresh(server, pair["refresh_token"])).status == 200


async def test_a_logout_ends_the_token_and_its_family(server):
    """204, then 401 for that token, for the refresh token, for the other tokens of that login, and for a second logout."""
    first = await log_in(server)
    second = (await refresh(server, first["refresh_token"])).json()
    answer = await server.post("/logout", headers=bearer(second["token"]))
    assert (answer.status, answer.body) == (204, b"")
    again = await server.post("/logout", headers=bearer(second["token"]))
    assert (again.status, again.headers["WWW-Authenticate"]) == (401, CHALLENGE)
    assert [await status(server, pair["token"]) for pair in (first, second)] == [401, 401]
    assert (await refresh(server, second["refresh_token"])).status == 401


async def test_a_logout_ends_one_login_of_a_user_and_not_the_others(server):
    """The phone stays logged in when the laptop logs out."""
    laptop, phone = await log_in(server), await log_in(server)
    await server.post("/logout", headers=bearer(laptop["token"]))
    assert await status(server, phone["token"]) == 200
    assert (await refresh(server, phone["refresh_token"])).status == 200


async def test_what_is_revoked_is_the_jti_and_not_a_text(server, key):
    """Another text with the same `jti` (here signed again, with one more claim) ended together with the one that logged out."""
    pair = await log_in(server)
    claims = jwt.decode(pair["token"], key, algorithms=["HS256"])
    twin = jwt.encode(claims | {"sid": "another family", "more": 1}, key, headers={"typ": "at+jwt"})
    assert await status(server, twin) == 200
    await server.post("/logout", headers=bearer(pair["token"]))
    assert await status(server, twin) == 401


async def test_a_token_written_another_way_is_no_token(server):
    """`token=` decodes to the same bytes, and PyJWT takes it: here neither kind of token has a second text, before or after logout."""
    pair = await log_in(server)
    assert await status(server, pair["token"] + "=") == 401
    assert (await refresh(server, pair["refresh_token"] + "=")).status == 401
    assert (await refresh(server, pair["refresh_token"])).status == 200, (
        "the attempt did not use it up"
    )
    await server.post("/logout", headers=bearer(pair["token"]))
    assert await status(server, pair["token"] + "=") == 401


async def test_logging_out_everywhere_ends_all_logins_of_one_user(server):
    """All tokens of all logins of this user are of an epoch that has ended; somebody else's are not; a new login works."""
    laptop, phone = await log_in(server), await log_in(server)
    root = await log_in(server, email="root@email.com", password="toor toor toor")
    assert (await server.post("/logout-everywhere", headers=bearer(laptop["token"]))).status == 204
    for pair in (laptop, phone):
        assert await status(server, pair["token"]) == 401
        assert (await refresh(server, pair["refresh_token"])).status == 401
    assert await status(server, root["token"]) == 200
    assert await status(server, (await log_in(server))["token"]) == 200


async def test_a_new_password_ends_all_tokens(server):
    """The old password and every token it ever brought are worth nothing; the new password works."""
    laptop, phone = await log_in(server), await log_in(server)
    answer = await server.post(
        "/password",
        headers=bearer(laptop["token"]),
        data={"password": "password", "new_password": "a better one"},
    )
    assert answer.status == 204
    assert [await status(server, pair["token"]) for pair in (laptop, phone)] == [401, 401]
    assert (await refresh(server, phone["refresh_token"])).status == 401
    assert (await server.post("/login", data=CREDENTIALS)).status == 401
    assert await status(server, (await log_in(server, password="a better one"))["token"]) == 200


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"password": "wrong", "new_password": "a better one"}, 403),
        ({"password": "password", "new_password": "short"}, 400),
        ({"password": "password"}, 400),
        ({}, 400),
    ],
)
async def test_a_password_is_not_changed_by_who_does_not_know_it(server, fields, expected):
    """A stolen token is not enough to take the account over; nothing ends by trying."""
    pair = await log_in(server)
    assert (
        await server.post("/password", headers=bearer(pair["token"]), data=fields)
    ).status == expected
    assert await status(server, pair["token"]) == 200
    await log_in(server)


async def test_a_login_that_overlaps_a_change_of_password_gets_the_old_epoch(serving, key, users):
    """The password was right when it was read and is wrong when it has been checked: the tokens of that login are dead at birth."""
    store = MemoryStore()
    server = await serving(logout.make_app(key=key, users=users, store=store))
    authenticate = server.app[logout.USERS].authenticate

    async def interrupted(email, password):
        user = await authenticate(email, password)
        await store.change_account("1", password_hash="a new one")
        return user

    server.app[logout.USERS].authenticate = interrupted
    pair = await log_in(server)
    assert await status(server, pair["token"]) == 401
    assert (await refresh(server, pair["refresh_token"])).status == 401


@pytest.mark.parametrize("path", ["/logout", "/logout-everywhere", "/password"])
async def test_who_has_no_token_is_asked_for_one(server, path):
    """401 and a challenge without an error code (RFC 6750 §3.1)."""
    answer = await server.post(path)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="jwt-demo"')


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"data": b"\xff", "headers": {"Content-Type": "application/json"}},
        {"json": {"refresh_token": 7}},
        {"json": []},
    ],
)
async def test_a_refresh_without_a_token_names_the_field(server, body):
    """400, as for a login."""
    answer = await server.post("/refresh", **body)
    assert answer.status == 400
    assert "refresh_token" in answer.text


async def test_who_does_not_exist_any_more_refreshes_nothing(server, users):
    """The user is looked up at each refresh."""
    pair = await log_in(server)
    users._by_id.clear()
    assert (await refresh(server, pair["refresh_token"])).status == 401


async def test_a_refresh_asks_again_what_the_user_may(server, users, key):
    """Rights taken away are not in the next access token."""
    pair = await log_in(server, email="root@email.com", password="toor toor toor")
    users.replace(dataclasses.replace(await users.by_id("2"), is_admin=False))
    token = (await refresh(server, pair["refresh_token"])).json()["token"]
    assert jwt.decode(token, key, algorithms=["HS256"])["scope"] == "profile"


NOW = int(time.time())


@pytest.mark.parametrize("typ", ["at+jwt", "rt+jwt"])
@pytest.mark.parametrize(
    "changed",
    [
        {"jti": None},
        {"sid": None},
        {"sid": 7},
        {"sid": ["x"]},
        {"sid": "\ud800"},
        {"epoch": None},
        {"epoch": "another"},
        {"epoch": 0},
        {"exp": NOW - 1},
        {"exp": None},
        {"exp": str(NOW + 60)},
        {"exp": NOW + 30 * 24 * 3600},
        {"exp": NOW * 1000},
        {"exp": 1e300},
        {"sub": "99"},
        {"sub": None},
    ],
    ids=lambda changed: "-".join(
        changed
    ),  # no times in it: two processes that share the work must collect the same names
)
async def test_a_well_signed_token_with_odd_claims_is_refused(server, key, typ, changed):
    """Whoever has the key and no manners gets 401 and never a 5xx; None leaves the claim out."""
    pair = await log_in(server)
    claims = (
        jwt.decode(pair["token" if typ == "at+jwt" else "refresh_token"], key, algorithms=["HS256"])
        | changed
    )
    odd = jwt.api_jws.encode(
        json.dumps({name: value for name, value in claims.items() if value is not None}).encode(),
        key,
        headers={"typ": typ},
    )
    answer = await (
        refresh(server, odd) if typ == "rt+jwt" else server.get("/get-user", headers=bearer(odd))
    )
    assert (answer.status, answer.headers.get("WWW-Authenticate")) == (401, CHALLENGE)


async def test_the_file_holds_no_token(server, tmp_path):
    """Who reads the store finds ids, epochs and ends; no token, no part of a signature."""
    first = await log_in(server)
    second = (await refresh(server, first["refresh_token"])).json()
    await server.post("/logout", headers=bearer(second["token"]))
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert stored
    for pair in (first, second):
        for name in ("token", "refresh_token"):
            for part in pair[name].split("."):
                assert part.encode() not in stored


async def test_a_restart_forgets_nothing(serving, key, users, tmp_path):
    """Who was logged out stays so, who was logged in stays so, and the new password is the new password."""
    settings = {"key": key, "users": users, "store": f"sqlite:///{tmp_path}/store.sqlite"}
    server = await serving(logout.make_app(**settings))
    gone, kept = await log_in(server), await log_in(server)
    root = await log_in(server, email="root@email.com", password="toor toor toor")
    await server.post("/logout", headers=bearer(gone["token"]))
    await server.post(
        "/password",
        headers=bearer(root["token"]),
        data={"password": "toor toor toor", "new_password": "a better one"},
    )
    await server.stop()

    server = await serving(logout.make_app(**settings))
    assert [await status(server, pair["token"]) for pair in (gone, kept, root)] == [401, 200, 401]
    assert (await refresh(server, gone["refresh_token"])).status == 401
    assert (await refresh(server, kept["refresh_token"])).status == 200
    await log_in(server, email="root@email.com", password="a better one")


async def test_without_its_store_the_server_lets_nobody_in(server, tmp_path, caplog):
    """503, and a clear line in the log once in a second; when the file is back, everything is as it was."""
    gone, kept = await log_in(server), await log_in(server)
    await server.post("/logout", headers=bearer(gone["token"]))
    file, away = tmp_path / "store.sqlite", tmp_path / "away"
    file.rename(away)
    caplog.clear()
    for pair in (gone, kept):
        answers = [
            await server.get("/get-user", headers=bearer(pair["token"])),
            await server.post("/logout", headers=bearer(pair["token"])),
            await refresh(server, pair["refresh_token"]),
            await server.post("/login", data=CREDENTIALS),
        ]
        assert [(answer.status, answer.headers["Retry-After"]) for answer in answers] == [
            (503, "5")
        ] * 4
        assert {answer.text for answer in answers} == {
            '{"message": "Tokens cannot be checked now, try again later"}'
        }
    assert {record.levelno for record in caplog.records} == {logging.ERROR}
    assert 1 <= len(caplog.records) < 8
    assert f"A request was rejected, the store is away: {file}: " in caplog.text
    assert (await server.get("/")).status == 200, "who needs no store is served"
    assert (await server.get("/get-user")).status == 401

    away.rename(file)
    assert [await status(server, pair["token"]) for pair in (gone, kept)] == [401, 200]
    assert (await refresh(server, kept["refresh_token"])).status == 200


async def test_the_same_with_redis(serving, key, users, redis_server, tmp_path):
    """One setting changes the place; a Redis that goes and comes back with its file has forgotten nothing."""
    port = free_port()
    with redis(redis_server, tmp_path, port=port) as address:
        server = await serving(logout.make_app(key=key, users=users, store=address))
        gone, kept = await log_in(server), await log_in(server)
        assert (await server.post("/logout", headers=bearer(gone["token"]))).status == 204
    assert [await status(server, pair["token"]) for pair in (gone, kept)] == [503, 503]
    assert (await refresh(server, kept["refresh_token"])).status == 503
    with redis(redis_server, tmp_path, port=port):
        assert [await status(server, pair["token"]) for pair in (gone, kept)] == [401, 200]
        assert (await refresh(server, kept["refresh_token"])).status == 200
        assert (await refresh(server, kept["refresh_token"])).status == 401
        assert await status(server, kept["token"]) == 401
        await server.stop()
