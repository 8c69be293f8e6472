"""The server's public keys: where they are looked for, and the texts in which a server may keep one."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from aiohttp import web
from cryptography import x509

from jwt_demo.probes import CannotProbe
from jwt_demo.probes.jwks import DISCOVERY, find, forms
from jwt_demo.probes.loopback import loopback
from jwt_demo.probes.session import Session
from tests.probes.holes.base import running
from tests.tokens.forms import CERTIFICATE, JWK, RSA

SET = {"keys": [JWK, {"kty": "oct", "k": "c2VjcmV0"}, {"kty": "RSA", "n": "?"}, "no key"]}


def serving(documents: dict[str, Any]) -> web.Application:
    """Each document at its path."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response(documents[request.path])

    app = web.Application()
    for path in documents:
        app.router.add_get(path, answer)
    return app


async def test_a_given_address_may_be_of_another_server():
    """With its query; a path is one of the server under probe. What is no public key in the set is left out."""
    async with running(serving({"/keys": SET})) as issuer, running(serving({"/own": SET})) as url:
        session = Session(await loopback(url))
        for place in (f"{issuer}/keys?v=1", "/own"):
            found = await find(session, place)
            assert (found.where, len(found.entries), len(found.keys)) == (place, 3, 1)
            assert found.keys[0] == RSA.public_key()
        for place in (f"{issuer}/own", "/keys"):
            with pytest.raises(CannotProbe) as refusal:
                await find(session, place)
            assert str(refusal.value) == f"--jwks-url: no JWK Set at {place}"


ELSEWHERE = ["http://203.0.113.7/keys", "http://[", "/key set", "/none", 5, None]


@pytest.mark.parametrize("target", ELSEWHERE)
async def test_what_discovery_names_elsewhere_is_not_asked(target: Any):
    """Another machine, no address, nothing there: the usual places are tried, and nothing is sent elsewhere."""
    app = serving({DISCOVERY[0]: {"jwks_uri": target}, "/jwks": SET})
    async with running(app) as url:
        found = await find(Session(await loopback(url)), "")
    assert (found.where, len(found.keys)) == ("/jwks", 1)


async def test_a_server_that_publishes_nothing_has_no_keys():
    """Neither has one whose set is none."""
    for documents in ({}, {"/jwks": []}, {"/jwks": {"keys": 5}}):
        async with running(serving(documents)) as url:
            assert (await find(Session(await loopback(url)), "")).keys == []


def test_the_certificate_of_a_jwk_is_one_of_the_texts():
    """As a PEM and as `x5c` has it; a naive verifier takes either for an HMAC secret."""
    body = "".join(CERTIFICATE.splitlines()[1:-1])
    texts = forms(RSA.public_key(), {**JWK, "x5c": [body]})
    certificate = x509.load_pem_x509_certificate(texts["its certificate"])
    assert texts["its certificate"].decode() == CERTIFICATE
    assert certificate.public_key() == RSA.public_key()
    assert texts["the body of its certificate"] == body.encode()
    assert json.loads(texts["its JWK in order"])["x5c"] == [body]
    for odd in ([], "x", [5], None):
        assert "its certificate" not in forms(RSA.public_key(), {**JWK, "x5c": odd})
    assert jwt.algorithms.RSAAlgorithm.from_jwk(texts["its JWK"].decode()) == RSA.public_key()
