"""Step 9 over HTTP, the issuer: key pairs, their public set, and keys that change while requests run."""

from __future__ import annotations

import asyncio

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from jwt_demo.probes import probe
from jwt_demo.stages import keys, resource
from jwt_demo.stages.parts.jwks import read_key_set
from jwt_demo.stages.parts.jwks_client import RemoteKeys
from jwt_demo.stages.parts.signing_keys import MAKERS, KeyRing
from tests.support.issuing import CREDENTIALS, Clock, bearer, status
from tests.support.services import gunicorn
from tests.support.thorough import some_always


@pytest.fixture(params=list(MAKERS))
def algorithm(request):
    return request.param


async def test_the_issuer_reads_its_own_tokens(serving, users, algorithm):
    """The token names its key and its kind, and is good for the stages' routes as the tokens before it were."""
    ring = KeyRing(algorithm)
    server = await serving(keys.make_app(keys=ring, users=users))
    answer = await server.post("/login", data=CREDENTIALS)
    assert answer.headers["Cache-Control"] == "no-store"
    token = answer.json()["token"]
    assert jwt.get_unverified_header(token) == {
        "alg": algorithm,
        "kid": ring.current.kid,
        "typ": "at+jwt",
    }
    answer = await server.get("/get-user", headers=bearer(token))
    assert answer.json() == {"user": "User id=1: <user@email.com, is_admin=False>"}
    assert (await server.get("/admin", headers=bearer(token))).status == 403


async def test_the_key_set_is_public_and_cacheable(serving, users, algorithm):
    """A JWK Set of public members only; whoever fetched it may keep it for five minutes."""
    ring = KeyRing(algorithm)
    ring.announce()
    server = await serving(keys.make_app(keys=ring, users=users))
    answer = await server.get("/.well-known/jwks.json")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/jwk-set+json")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    published = answer.json()["keys"]
    members = {"RS256": {"n", "e"}, "ES256": {"crv", "x", "y"}, "EdDSA": {"crv", "x"}}[algorithm]
    assert [set(jwk) for jwk in published] == [members | {"kty", "kid", "use", "alg"}] * 2
    assert read_key_set(answer.json()).left_out == {}
    assert len({jwk["kid"] for jwk in published}) == 2


async def test_no_private_key_shows(algorithm, tmp_path, monkeypatch):
    """Not in a repr and not on the disk."""
    monkeypatch.chdir(tmp_path)
    ring = KeyRing(algorithm)
    assert "private" not in repr(ring.current)
    assert "Private" not in repr(ring.current)
    assert list(tmp_path.iterdir()) == []


async def test_a_resource_server_needs_nothing_but_an_address(serving, users, algorithm):
    """Logged in at the issuer, let in at a server that shares no secret with it and has no users."""
    issuer = await serving(keys.make_app(keys=KeyRing(algorithm), users=users), name="issuer")
    server = await serving(
        resource.make_app(keys=f"{issuer.url}/.well-known/jwks.json"), name="resource"
    )
    token = (await issuer.post("/login", data=CREDENTIALS)).json()["token"]
    root = (
        await issuer.post("/login", data={"email": "root@email.com", "password": "toor toor toor"})
    ).json()["token"]
    assert (await server.get("/get-user", headers=bearer(token))).json() == {
        "user": "1",
        "scope": ["profile"],
    }
    assert (await server.get("/admin", headers=bearer(token))).status == 403
    assert (await server.get("/admin", headers=bearer(root))).json() == {"admin": "2"}
    assert (await server.get("/get-user")).headers["WWW-Authenticate"] == 'Bearer realm="jwt-demo"'
    two = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    assert (await server.get("/get-user", headers=two)).status == 400


async def test_keys_change_while_requests_run_and_nobody_is_logged_out(serving, users):
    """Announce, let caches learn, promote, let tokens expire, withdraw: three times, to another algorithm each time, with clients at work."""
    ring, clock = KeyRing("ES256"), Clock()
    issuer = await serving(keys.make_app(keys=ring, users=users), name="issuer")
    remote = RemoteKeys(f"{issuer.url}/.well-known/jwks.json", clock=clock)
    server = await serving(resource.make_app(keys=remote), name="resource")
    seen, held, moved, done = [], {}, asyncio.Condition(), asyncio.Event()

    async def client(number):
        while not done.is_set():
            token = (await issuer.post("/login", data=CREDENTIALS)).json()["token"]
            held[number] = token
            for _ in range(8):
                for where in (server, issuer):
                    seen.append(await status(where, token))
                async with moved:
                    moved.notify_all()

    async def until(condition):
        async with moved:
            await moved.wait_for(condition)

    async def requests(many):
        goal = len(seen) + many
        await until(lambda: len(seen) >= goal)

    async def rotate():
        for algorithm in ("EdDSA", "RS256", "ES256"):
            await requests(80)
            old, new = ring.current.kid, ring.announce(algorithm)
            clock.now += 301
            await requests(80)
            ring.promote(new)
            await requests(80)
            await until(
                lambda new=new: (
                    {jwt.get_unverified_header(token)["kid"] for token in held.values()} == {new}
                )
            )
            last = held[0]
            ring.withdraw(old)
            await requests(80)
            assert jwt.get_unverified_header(last)["kid"] == new
        done.set()

    first = (await issuer.post("/login", data=CREDENTIALS)).json()["token"]
    await asyncio.gather(rotate(), *(client(number) for number in range(4)))
    assert set(seen) == {200}
    assert len(seen) >= 960
    clock.now += 301
    assert [await status(where, first) for where in (issuer, server)] == [401, 401], (
        "the withdrawn key is forgotten everywhere"
    )


def test_a_key_in_use_is_not_withdrawn():
    """And a kid nobody has is no kid."""
    ring = KeyRing("EdDSA")
    with pytest.raises(ValueError, match="promote"):
        ring.withdraw(ring.current.kid)
    with pytest.raises(KeyError):
        ring.promote("nobody")
    with pytest.raises(ValueError, match="RS256, ES256, EdDSA"):
        KeyRing("HS256")


@pytest.mark.parametrize("algorithm", some_always(MAKERS, lambda name: name == "EdDSA"))
async def test_the_probes_break_nothing(serving, users, algorithm):
    """With the private key in the attacker's hand: whatever can be forged for a good reason to refuse it is rejected."""
    ring = KeyRing(algorithm)
    server = await serving(keys.make_app(keys=ring, users=users))
    pem = ring.current.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    report = await probe(server, secret=pem.decode())
    assert not report.broken, report
    assert len(report.held) >= 70, report


async def test_both_servers_run_under_gunicorn(tmp_path):
    """As their docstrings say: the issuer with a key made at start, the resource server with the issuer's address."""
    import aiohttp

    with gunicorn("keys", tmp_path, workers=1) as issuer:
        url = f"{issuer.url}/.well-known/jwks.json"
        with gunicorn("resource", tmp_path, workers=1, JWT_JWKS_URL=url) as server:
            async with aiohttp.ClientSession() as session:
                async with session.post(f"{issuer.url}/login", data=CREDENTIALS) as answer:
                    token = (await answer.json())["token"]
                async with session.get(f"{server.url}/get-user", headers=bearer(token)) as answer:
                    assert await answer.json() == {"user": "1", "scope": ["profile"]}
    assert "JWT_SECRET" not in issuer.log.read_text()
