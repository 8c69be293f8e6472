"""Step 9 over HTTP, the other side: a resource server that knows nothing but the address of its keys."""

from __future__ import annotations

import asyncio
import json
import time

import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm

from jwt_demo.stages import keys, resource
from jwt_demo.stages.keys import AUDIENCE
from jwt_demo.stages.parts.jwks import KeySetError, read_key_set
from jwt_demo.stages.parts.jwks_client import RemoteKeys
from jwt_demo.stages.parts.secret_key import ConfigurationError
from jwt_demo.stages.parts.signing_keys import MAKERS, KeyRing, SigningKey, new_signing_key
from tests.support.issuing import CHALLENGE, Clock, Publisher, base64url, bearer, status, token_by
from tests.support.services import free_port


@pytest.fixture(params=list(MAKERS))
def algorithm(request):
    return request.param


@pytest.fixture
def signing_key():
    return new_signing_key("ES256")


@pytest.fixture
def publisher(signing_key):
    return Publisher(signing_key)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def remote(serving, publisher, clock):
    """The keys of the publisher, with the times of the clock."""
    issuer = await serving(publisher.app(), name="publisher")
    return RemoteKeys(f"{issuer.url}/jwks", clock=clock)


@pytest.fixture
async def server(serving, remote):
    """The resource server that knows the publisher's address."""
    return await serving(resource.make_app(keys=remote), name="resource")


async def test_a_key_that_was_not_announced_logs_people_out(server, publisher, signing_key, clock):
    """Why there is an order: a key that signs before others could fetch it is unknown there until they may ask again."""
    assert await status(server, token_by(signing_key)) == 200
    new = new_signing_key("ES256")
    publisher.document["keys"].append(new.jwk)
    assert await status(server, token_by(new)) == 401
    clock.now += 10
    assert await status(server, token_by(new)) == 200


ODD = {
    "another key's name": {"kid": "other"},
    "no kid": {"kid": None},
    "kid no text": {"kid": 7},
    "no typ": {"typ": None},
    "a refresh token": {"typ": "rt+jwt"},
    "another issuer": {"iss": "http://localhost:8080/"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another"},
    "two audiences": {"aud": [AUDIENCE, "another"]},
    "no audience": {"aud": None},
    "no subject": {"sub": None},
    "expired": {"exp": int(time.time()) - 1},
    "no exp": {"exp": None},
    "milliseconds": {"exp": int(time.time()) * 1000},
    "no jti": {"jti": None},
}


@pytest.mark.parametrize("changed", ODD.values(), ids=ODD)
async def test_a_well_signed_token_with_odd_claims_is_refused(
    server, serving, users, publisher, signing_key, changed
):
    """By the resource server and by the issuer, with the same answer, and the good token still works."""
    ring = KeyRing("ES256")
    issuer = await serving(keys.make_app(keys=ring, users=users), name="issuer")
    for where, key in ((server, signing_key), (issuer, ring.current)):
        answer = await where.get("/get-user", headers=bearer(token_by(key, **changed)))
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, CHALLENGE)
        assert await status(where, token_by(key)) == 200


def encodings_of(key: SigningKey):
    """The public key in every form somebody might take for an HMAC secret."""
    public = key.private.public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    yield pem
    yield b"".join(pem.splitlines()[1:-1])  # without its two lines PyJWT doesn't notice
    yield public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    yield json.dumps(key.jwk).encode()


async def test_a_public_key_is_no_secret(server, publisher, algorithm):
    """HS256 with the public key for a secret, in any form, and no signature at all: the key says which algorithm, not the header."""
    import hashlib
    import hmac

    key = new_signing_key(algorithm)
    publisher.document = {"keys": [key.jwk]}
    good = token_by(key)
    _, payload, _ = good.split(".")
    for alg, secrets_ in (("HS256", list(encodings_of(key))), ("none", [None]), ("nOnE", [None])):
        header = base64url(json.dumps({"alg": alg, "kid": key.kid, "typ": "at+jwt"}).encode())
        for secret in secrets_:
            mac = (
                hmac.new(secret, f"{header}.{payload}".encode(), hashlib.sha256).digest()
                if secret
                else b""
            )
            assert await status(server, f"{header}.{payload}.{base64url(mac)}") == 401
    assert await status(server, good) == 200


@pytest.mark.parametrize("other", list(MAKERS))
async def test_one_key_has_one_algorithm(server, publisher, algorithm, other):
    """A token signed by another key under this key's name is rejected, whatever algorithm it says; also RSA's own PS256 and RS512."""
    key, stranger = new_signing_key(algorithm), new_signing_key(other)
    publisher.document = {"keys": [key.jwk]}
    assert await status(server, token_by(stranger, kid=key.kid)) == 401
    if algorithm == "RS256":
        claims = jwt.decode(token_by(key), options={"verify_signature": False})
        for alg in ("PS256", "RS512"):
            assert (
                await status(
                    server,
                    jwt.encode(
                        claims,
                        key.private,
                        algorithm=alg,
                        headers={"kid": key.kid, "typ": "at+jwt"},
                    ),
                )
                == 401
            )
    assert await status(server, token_by(key)) == 200


async def test_a_token_chooses_no_key_and_no_address(server, publisher, serving, signing_key):
    """`jku`, `x5u` and `jwk` in a header are of the attacker: not used, and nobody is asked (RFC 8725 §3.10)."""
    attacker = new_signing_key("ES256")
    trap = Publisher(attacker)
    address = (await serving(trap.app(), name="trap")).url + "/jwks"
    for changed in (
        {"jku": address},
        {"x5u": address},
        {"jwk": attacker.jwk},
        {"jku": address, "kid": attacker.kid},
    ):
        assert (
            await status(server, token_by(attacker, **({"kid": signing_key.kid} | changed))) == 401
        )
    assert trap.asked == 0
    assert await status(server, token_by(signing_key)) == 200


async def test_a_set_is_fetched_once_and_kept(server, publisher, signing_key, clock):
    """A crowd that finds nothing cached waits for one fetch; for five minutes nobody asks again, then one does."""
    assert {
        await one
        for one in asyncio.as_completed([status(server, token_by(signing_key)) for _ in range(40)])
    } == {200}
    assert publisher.asked == 1
    clock.now += 299
    assert await status(server, token_by(signing_key)) == 200
    assert publisher.asked == 1
    clock.now += 1
    assert await status(server, token_by(signing_key)) == 200
    assert publisher.asked == 2


async def test_strangers_cannot_make_the_server_ask(server, publisher, signing_key, clock):
    """200 kids nobody has: one fetch, because one is due, and no second one in the same ten seconds; good tokens work all the time."""
    assert await status(server, token_by(signing_key)) == 200
    clock.now += 10
    flood = [status(server, token_by(new_signing_key("EdDSA"))) for _ in range(200)]
    for number in range(0, 200, 40):
        assert set(await asyncio.gather(*flood[number : number + 40])) == {401}
        assert await status(server, token_by(signing_key)) == 200
    assert publisher.asked == 2


async def test_a_fetch_that_hangs_holds_up_nobody_else(server, publisher, signing_key):
    """While the set is on its way the loop serves others: that is what lets the fetch go on, so a blocking one would stand still for ever."""
    asked, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def slow(publisher):
        loop.call_soon_threadsafe(asked.set)
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(go.wait(), loop))
        return web.json_response(publisher.document)

    publisher.answer = slow
    waiting = asyncio.create_task(status(server, token_by(signing_key)))
    await asked.wait()
    assert (await server.get("/get-user")).status == 401
    go.set()
    assert await waiting == 200


async def refuses(publisher):
    return web.Response(status=500)


async def redirects(publisher):
    raise web.HTTPFound("/elsewhere")


async def talks(publisher):
    return web.Response(text="<html>")


async def nests(publisher):
    return web.Response(text="[" * 20000)


async def floods(publisher):
    return web.Response(text=" " * 100_000 + json.dumps(publisher.document))


async def hangs(publisher):
    await asyncio.Event().wait()


@pytest.mark.parametrize("answer", [refuses, redirects, talks, nests, floods, hangs])
async def test_an_issuer_that_answers_badly_is_survived(
    server, remote, publisher, signing_key, clock, caplog, answer
):
    """What was fetched before counts for an hour; then, or where nothing was, it is 503 with a line in the log, and nobody is let in."""
    remote.timeout = 0.2 if answer is hangs else 2
    publisher.answer = answer
    refused = await server.get("/get-user", headers=bearer(token_by(signing_key)))
    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    assert "could not be fetched: " in caplog.text
    assert "Tokens cannot be verified: no keys from http://127.0.0.1" in caplog.text
    publisher.answer = None
    clock.now += 10
    assert await status(server, token_by(signing_key)) == 200
    publisher.answer = answer
    clock.now += 3590
    assert await status(server, token_by(signing_key)) == 200
    clock.now += 10
    assert await status(server, token_by(signing_key)) == 503
    publisher.answer = None
    clock.now += 10
    assert await status(server, token_by(signing_key)) == 200


async def test_nobody_at_the_address_is_503(serving, signing_key):
    """The resource server starts before its issuer does."""
    server = await serving(
        resource.make_app(keys=f"http://127.0.0.1:{free_port()}/jwks"), name="resource"
    )
    assert await status(server, token_by(signing_key)) == 503


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/jwks",
        "file:///etc/passwd",
        "ftp://127.0.0.1/jwks",
        "http://127.0.0.1.example.com/",
        "jwks",
        "https://",
    ],
)
def test_an_address_others_could_answer_for_is_refused(address):
    """Keys come over https, or from this machine; anything else is rejected before the server starts."""
    with pytest.raises(ConfigurationError, match="https"):
        RemoteKeys(address)


def small_rsa():
    private = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    return {
        **RSAAlgorithm.to_jwk(private.public_key(), as_dict=True),
        "kid": "small",
        "alg": "RS256",
        "key_ops": ["verify"],
    }


ES256 = new_signing_key("ES256").jwk
RS256 = new_signing_key("RS256").jwk
UNUSABLE = {
    "for encryption": (ES256 | {"use": "enc"}, "use"),
    "use of another type": (ES256 | {"use": ["sig"]}, "use"),
    "only signs": (ES256 | {"key_ops": ["sign"]}, "key_ops"),
    "key_ops no list": (ES256 | {"key_ops": "verify"}, "key_ops"),
    "no alg": ({name: value for name, value in ES256.items() if name != "alg"}, "alg"),
    "alg of a secret": (ES256 | {"alg": "HS256"}, "alg"),
    "alg none": (ES256 | {"alg": "none"}, "alg"),
    "alg of another type": (ES256 | {"alg": ["ES256"]}, "alg"),
    "alg of another kty": (ES256 | {"alg": "RS256"}, "kty RSA"),
    "another curve": (ES256 | {"crv": "P-384"}, "P-256"),
    "not on the curve": (ES256 | {"y": ES256["x"]}, "numbers"),
    "no number": (RS256 | {"n": None}, "numbers"),
    "1024 bits": (small_rsa(), "1024 bits"),
    "exponent 3": (RS256 | {"e": "Aw"}, "exponent"),
    "no kid": ({name: value for name, value in ES256.items() if name != "kid"}, "no kid"),
    "kid of another type": (ES256 | {"kid": ["x"]}, "no kid"),
}


@pytest.mark.parametrize(("jwk", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_key_that_may_not_verify_is_left_out_with_its_reason(jwk, reason):
    """The others in the set go on verifying."""
    good = new_signing_key("EdDSA").jwk
    found = read_key_set({"keys": [jwk, good]})
    assert list(found.keys) == [good["kid"]]
    assert [reason in why for why in found.left_out.values()] == [True]


BAD_SETS = {
    "a secret among public keys": (
        [ES256, {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256"}],
        "secret",
    ),
    "a private key": ([ES256 | {"d": "AQ"}], "secret"),
    "too many": ([ES256 | {"kid": str(number)} for number in range(51)], "51"),
    "keys no objects": (["key"], "no JWK Set"),
    "keys no list": ("keys", "no JWK Set"),
}


@pytest.mark.parametrize(("jwks", "reason"), BAD_SETS.values(), ids=BAD_SETS)
async def test_a_set_that_is_confused_is_refused_as_a_whole(
    server, publisher, signing_key, jwks, reason
):
    """PyJWT takes the first key of a name and reads secrets beside public keys; here neither set is used at all."""
    with pytest.raises(KeySetError, match=reason):
        read_key_set({"keys": jwks})
    publisher.document = {"keys": [signing_key.jwk, *jwks] if isinstance(jwks, list) else jwks}
    assert await status(server, token_by(signing_key)) == 503


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("other", [{"use": "enc"}, {"alg": "ECDH-ES"}, {"key_ops": ["deriveKey"]}])
def test_keys_of_one_name_are_told_apart_by_what_they_are_for(other, order):
    """RFC 7517 §4.5: names SHOULD be distinct; a signing and an encryption key of one name are no reason to use neither."""
    found = read_key_set({"keys": [ES256, ES256 | other][::order]})
    assert list(found.keys) == [ES256["kid"]]
    assert len(found.left_out) == 1


def test_where_two_keys_of_one_name_may_verify_neither_does():
    """And the others go on: one mistake of an issuer does not close the server."""
    good = new_signing_key("EdDSA").jwk
    twice = RS256 | {"kid": ES256["kid"]}
    for jwks in ([ES256, twice, good], [good, twice, ES256], [ES256, good, twice, ES256]):
        found = read_key_set({"keys": jwks})
        assert list(found.keys) == [good["kid"]]
        assert len(found.left_out) == len(jwks) - 1
        assert all("two keys" in reason for reason in found.left_out.values())


async def test_what_is_left_out_is_logged_once(server, publisher, signing_key, caplog):
    """A set without `alg`, as Entra publishes it: the token is rejected, and the log says why."""
    jwk = {name: value for name, value in signing_key.jwk.items() if name != "alg"}
    publisher.document = {"keys": [jwk]}
    assert await status(server, token_by(signing_key)) == 401
    told = [
        record.getMessage() for record in caplog.records if "is not used" in record.getMessage()
    ]
    assert len(told) == 1
    assert signing_key.kid in told[0]
    assert "one key has one algorithm" in told[0]


words = st.sampled_from(
    ["RSA", "EC", "OKP", "RS256", "ES256", "EdDSA", "P-256", "Ed25519", "AQAB", "sig"]
)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | words,
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


members = st.sampled_from(["kty", "alg", "crv", "n", "e", "x", "y", "kid", "use", "key_ops"])


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ES256, RS256, {}]), st.dictionaries(members, anything, max_size=4)
        ),
        max_size=3,
    )
)
def test_no_set_brings_down_its_reader(parts):
    """Whatever stands in a set: keys, reasons, or KeySetError."""
    document = json.loads(json.dumps({"keys": [jwk | changed for jwk, changed in parts]}))
    try:
        found = read_key_set(document)
    except KeySetError:
        return
    assert len(found.keys) + len(found.left_out) == len(parts)
