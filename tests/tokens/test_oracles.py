"""Two libraries that are not ours judge our tokens and we judge theirs: joserfc in Python, jose on Node."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from datetime import datetime, timezone
from pathlib import Path

import jwt
import pytest
from aiohttp import web
from joserfc import jwk as joserfc_jwk
from joserfc import jwt as joserfc_jwt
from joserfc.errors import JoseError

from jwt_demo.stages import keys, login, resource
from jwt_demo.stages.keys import AUDIENCE, ISSUER, issue
from jwt_demo.stages.middleware import VERIFIER
from jwt_demo.stages.parts.jwks import read_key_set
from jwt_demo.stages.parts.signing_keys import MAKERS, KeyRing
from jwt_demo.stages.parts.users import User
from jwt_demo.tokens.anatomy import Token
from jwt_demo.tokens.signatures import read_keys, sign, verify
from tests.support.services import missing

MANY = 25  # tokens of each algorithm, in each direction
USER = User(1, "user@email.com")

# RFC 9864 replaces the name EdDSA by Ed25519, and joserfc says so; PyJWT 2.15 knows the old name only.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA:joserfc.errors.SecurityWarning")

NODE = Path(__file__).parents[1] / "node"
OPTIONS = {"issuer": ISSUER, "audience": AUDIENCE, "typ": "at+jwt"}


@pytest.fixture(scope="session")
def jose():
    """Asks jose on Node; without Node, npm or jose the test is skipped, or fails where REQUIRE_NODE is set."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        missing("REQUIRE_NODE", "no node and npm found")
    if not (NODE / "node_modules" / "jose").is_dir():
        installed = subprocess.run([npm, "ci"], cwd=NODE, capture_output=True, text=True)
        if installed.returncode:
            missing("REQUIRE_NODE", f"npm could not install jose: {installed.stderr[-500:]}")

    def ask(**question):
        answer = subprocess.run(
            [node, "oracle.mjs"],
            cwd=NODE,
            input=json.dumps(question),
            capture_output=True,
            text=True,
        )
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    return ask


def our_tokens(ring, many=MANY):
    now = int(time.time())
    return [
        issue(USER, ring.current, now=now, issuer=ISSUER, audience=AUDIENCE) for _ in range(many)
    ]


def their_claims():
    now = int(time.time())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "1",
        "scope": "profile",
        "iat": now,
        "exp": now + 300,
        "jti": "theirs",
    }


def spoiled(token):
    """The same token with other claims under the old signature, and with a signature in which one bit is another."""
    header, payload, signature = token.split(".")
    claims = jwt.utils.base64url_decode(payload)
    octets = bytearray(jwt.utils.base64url_decode(signature))
    octets[7] ^= 1
    yield f"{header}.{jwt.utils.base64url_encode(claims.replace(b'1', b'2')).decode()}.{signature}"
    yield f"{header}.{payload}.{jwt.utils.base64url_encode(bytes(octets)).decode()}"


def joserfc_verifies(token, key, algorithm):
    try:
        claims = joserfc_jwt.decode(token, key, algorithms=[algorithm]).claims
        joserfc_jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": AUDIENCE}
        ).validate(claims)
    except JoseError:
        return None
    return claims


@pytest.mark.parametrize("algorithm", MAKERS)
def test_joserfc_verifies_ours(algorithm):
    """With nothing but the published set; what was spoiled it refuses."""
    ring = KeyRing(algorithm)
    key_set = joserfc_jwk.KeySet.import_key_set(ring.public_set())
    for token in our_tokens(ring):
        assert joserfc_verifies(token, key_set, algorithm) == jwt.decode(
            token, options={"verify_signature": False}
        )
        assert [joserfc_verifies(wrong, key_set, algorithm) for wrong in spoiled(token)] == [
            None,
            None,
        ]


@pytest.mark.parametrize("algorithm", MAKERS)
def test_joserfc_gives_a_key_the_same_name(algorithm):
    """RFC 7638, computed by somebody else."""
    jwk = KeyRing(algorithm).current.jwk
    assert joserfc_jwk.import_key(jwk).thumbprint() == jwk["kid"]


@pytest.mark.parametrize("algorithm", MAKERS)
async def test_we_verify_those_of_joserfc(algorithm):
    """Its key set is read by ours, its tokens verify, and spoiled ones don't."""
    make = {
        "RS256": lambda: joserfc_jwk.RSAKey.generate_key(2048),
        "ES256": joserfc_jwk.ECKey.generate_key,
        "EdDSA": joserfc_jwk.OKPKey.generate_key,
    }
    private = make[algorithm]()
    public = private.as_dict(private=False) | {
        "kid": private.thumbprint(),
        "alg": algorithm,
        "use": "sig",
    }
    found = Found(read_key_set({"keys": [public]}).keys)
    for number in range(MANY):
        header = {"alg": algorithm, "kid": public["kid"], "typ": "at+jwt"}
        claims = their_claims() | {"number": number}
        token = joserfc_jwt.encode(header, claims, private, algorithms=[algorithm])
        assert await we_verify(token, found) == claims
        assert [await we_verify(wrong, found) for wrong in spoiled(token)] == [None, None]


def test_both_agree_with_joserfc_on_hs256(key):
    """Ours by theirs, theirs by ours, from the stages with a shared secret."""
    secret = joserfc_jwk.OctKey.import_key(key)
    for _ in range(MANY):
        ours = jwt.encode(
            login.claims_for(USER, now=datetime.now(timezone.utc)), key, algorithm="HS256"
        )
        assert joserfc_jwt.decode(ours, secret, algorithms=["HS256"]).claims["sub"] == "1"
        theirs = joserfc_jwt.encode(
            {"alg": "HS256"}, {"sub": "1", "exp": int(time.time()) + 60}, secret
        )
        assert VERIFIER.decode(theirs, key, algorithms=["HS256"])["sub"] == "1"


async def test_jose_verifies_ours_from_our_address(jose, serving, users):
    """Node fetches the set from the running issuer and verifies what a login there gave; three algorithms, after a rotation."""
    cases, expected = [], []
    for algorithm in MAKERS:
        ring = KeyRing("ES256")
        ring.promote(ring.announce(algorithm))
        issuer = await serving(keys.make_app(keys=ring, users=users), name=f"issuer {algorithm}")
        address = f"{issuer.url}/.well-known/jwks.json"
        token = (
            await issuer.post("/login", data={"email": "user@email.com", "password": "password"})
        ).json()["token"]
        cases.append({"token": token, "address": address, "options": OPTIONS})
        expected.append({"claims": jwt.decode(token, options={"verify_signature": False})})
    assert (await asyncio.to_thread(jose, verify=cases))["verified"] == expected


def test_jose_verifies_ours_and_refuses_what_was_spoiled(jose):
    """Many tokens of each algorithm from the set alone, HS256 from the secret."""
    cases, expected = [], []
    for algorithm in MAKERS:
        ring = KeyRing(algorithm)
        for token in our_tokens(ring):
            case = {"jwks": ring.public_set(), "options": OPTIONS}
            cases += [
                case | {"token": token},
                *(case | {"token": wrong} for wrong in spoiled(token)),
            ]
            expected += [
                {"claims": jwt.decode(token, options={"verify_signature": False})},
                *[{"refused": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"}] * 2,
            ]
    claims = their_claims()
    secret = "0123456789abcdef0123456789abcdef"
    cases.append(
        {
            "token": jwt.encode(claims, secret, headers={"typ": "at+jwt"}),
            "secret": secret,
            "options": OPTIONS,
        }
    )
    assert jose(verify=cases)["verified"] == [*expected, {"claims": claims}]


async def test_we_verify_those_of_jose(jose):
    """Its key sets are read by ours, its tokens verify, and spoiled ones don't."""
    wishes = [
        {"alg": algorithm, "count": MANY, "claims": their_claims(), "typ": "at+jwt"}
        for algorithm in MAKERS
    ]
    for wish, answer in zip(wishes, jose(sign=wishes)["signed"], strict=True):
        found = Found(read_key_set(answer["jwks"]).keys)
        assert len(answer["tokens"]) == MANY
        for number, token in enumerate(answer["tokens"]):
            assert await we_verify(token, found) == wish["claims"] | {"number": number}
            assert [await we_verify(wrong, found) for wrong in spoiled(token)] == [None, None]


async def test_our_server_lets_in_who_another_issuer_vouches_for(jose, serving):
    """The resource server with an issuer that is no Python at all: a set made by jose, tokens made by jose."""
    (answer,) = jose(
        sign=[{"alg": "ES256", "count": 1, "claims": their_claims(), "typ": "at+jwt"}]
    )["signed"]

    async def published(request):
        return web.json_response(answer["jwks"])

    app = web.Application()
    app.router.add_get("/jwks", published)
    issuer = await serving(app, name="issuer")
    server = await serving(resource.make_app(keys=f"{issuer.url}/jwks"), name="resource")
    reply = await server.get(
        "/get-user", headers={"Authorization": f"Bearer {answer['tokens'][0]}"}
    )
    assert reply.json() == {"user": "1", "scope": ["profile"]}


class Found:
    """Keys that were found already, asked as a key ring is."""

    def __init__(self, by_kid):
        self._by_kid = by_kid

    async def find(self, kid):
        return self._by_kid.get(kid)


async def we_verify(token, found):
    try:
        return await keys.verified(token, found, issuer=ISSUER, audience=AUDIENCE)
    except jwt.InvalidTokenError:
        return None


@pytest.mark.parametrize(("alg", "curve"), [("Ed25519", "Ed25519"), ("Ed448", "Ed448")])
def test_joserfc_agrees_on_the_names_of_rfc_9864(alg, curve):
    """`alg` is the curve's name; theirs verifies here, ours verifies there, spoiled ones nowhere, and neither with the other's key."""
    key = joserfc_jwk.OKPKey.generate_key(curve)
    public = joserfc_jwk.OKPKey.import_key(key.as_dict(private=False))
    keys = read_keys(public.as_dict(private=False))
    for number in range(MANY):
        theirs = joserfc_jwt.encode(
            {"alg": alg}, {"sub": "1", "number": number}, key, algorithms=[alg]
        )
        assert verify(Token.parse(theirs), keys).verified is True
        assert [verify(Token.parse(wrong), keys).verified for wrong in spoiled(theirs)] == [
            False,
            False,
        ]
    signing_input = theirs.rpartition(".")[0].encode()
    ours = f"{signing_input.decode()}.{sign(signing_input, alg, read_keys(key.as_dict(private=True))[0])}"
    assert joserfc_jwt.decode(ours, public, algorithms=[alg]).claims == {
        "sub": "1",
        "number": MANY - 1,
    }
    other = joserfc_jwk.OKPKey.generate_key("Ed448" if curve == "Ed25519" else "Ed25519")
    assert verify(Token.parse(theirs), read_keys(other.as_dict(private=False))).verified is False
