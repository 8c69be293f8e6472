"""The key for the probes that sign is read in any form `inspect` reads; what cannot sign is named, and nothing of it is shown."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from jwt_demo.probes import probe
from jwt_demo.probes.forge import Good
from jwt_demo.probes.given_key import WrongKey, signer_for
from jwt_demo.tokens.anatomy import Token
from tests.probes.holes import keys
from tests.probes.holes.base import Lab, running

OCTETS = secrets.token_bytes(48)  # no text in any encoding, as a secret manager makes them
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


def good(key: Any, alg: str) -> Good:
    return Good(Token.parse(jwt.encode({"sub": "1"}, key, algorithm=alg)))


def private(key: Any, encoding: Any = PEM, form: Any = serialization.PrivateFormat.PKCS8) -> bytes:
    octets: bytes = key.private_bytes(encoding, form, serialization.NoEncryption())
    return octets


def public(key: Any, encoding: Any = PEM) -> bytes:
    octets: bytes = key.public_key().public_bytes(
        encoding, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return octets


def jwk(key: Any, alg: str) -> dict[str, Any]:
    return dict(jwt.get_algorithm_by_name(alg).to_jwk(key, as_dict=True))


SECRET_JWK = {"kty": "oct", "k": base64.urlsafe_b64encode(OCTETS).rstrip(b"=").decode()}
SECRETS = {
    "the octets": OCTETS,
    "base64": base64.b64encode(OCTETS).decode(),
    "base64url": base64.urlsafe_b64encode(OCTETS).rstrip(b"=").decode(),
    "base64 in lines": base64.encodebytes(OCTETS).decode(),
    "hexadecimal": OCTETS.hex(),
    "hexadecimal with 0x": "0x" + OCTETS.hex().upper(),
    "a JWK": json.dumps(SECRET_JWK),
    "a JWK as a dict": SECRET_JWK,
    "a JWK Set with another key first": json.dumps(
        {"keys": [{"kty": "oct", "k": "AAAA", "kid": "old"}, {**SECRET_JWK, "kid": "new"}]}
    ),
}
PRIVATE = {
    "PEM": private(RSA).decode(),
    "PEM of PKCS #1": private(RSA, form=serialization.PrivateFormat.TraditionalOpenSSL),
    "DER": private(RSA, DER),
    "base64 of DER": base64.b64encode(private(RSA, DER)).decode(),
    "base64 of PEM": base64.b64encode(private(RSA)).decode(),
    "OpenSSH": private(RSA, form=serialization.PrivateFormat.OpenSSH),
    "a JWK": json.dumps(jwk(RSA, "RS256")),
    "a JWK Set": json.dumps({"keys": [jwk(EC, "ES256"), jwk(RSA, "RS256")]}),
}
WRONG = {
    "another secret": (OCTETS, "HS256", "another secret, of some length", "the secret given is not the one"),
    "a private key for HMAC": (OCTETS, "HS256", private(RSA), "an RSA key, HS256 needs a secret"),
    "a public key for HMAC": (OCTETS, "HS256", public(RSA), "an RSA key, HS256 needs a secret"),
    "a public PEM": (RSA, "RS256", public(RSA), "a public one (an RSA key): it verifies and cannot sign"),
    "a public DER": (RSA, "PS256", public(RSA, DER), "give the private key"),
    "a public JWK": (EC, "ES256", json.dumps(jwk(EC.public_key(), "ES256")), "a public one (a P-256 key)"),
    "another private key": (EC, "ES256", private(ec.generate_private_key(ec.SECP256R1())), "the private key given is not the one"),
    "a key of another kind": (EC, "ES256", private(RSA), "an RSA key, ES256 needs a P-256 key"),
    "a text for RSA": (RSA, "RS256", "correct horse battery", "a secret, RS256 needs an RSA key"),
    "a JWK for encryption": (RSA, "RS256", json.dumps({**jwk(RSA, "RS256"), "use": "enc"}), "'enc'"),
    "half a PEM": (RSA, "RS256", private(RSA)[:300], "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("given", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_read_in_every_form(given: Any):
    """And it is the one that made the signature, not another of the same spelling."""
    assert signer_for(good(OCTETS, "HS256"), given).key == OCTETS


def test_a_secret_that_only_looks_like_base64_is_taken_as_it_stands():
    """What the text spells is tried after the text itself."""
    text = secrets.token_hex(32)
    assert signer_for(good(text, "HS256"), text).key == text.encode()


@pytest.mark.parametrize("given", PRIVATE.values(), ids=PRIVATE)
def test_a_private_key_is_read_in_every_form(given: Any):
    """The signer makes tokens that the public key accepts."""
    token = good(RSA, "RS256")
    signer = signer_for(token, given)
    signature = signer.sign(b"changed")
    assert jwt.get_algorithm_by_name("RS256").verify(b"changed", RSA.public_key(), signature)


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_what_cannot_sign_is_named(case: Any):
    """In one line that holds nothing of the key."""
    key, alg, given, named = case
    with pytest.raises(WrongKey) as reason:
        signer_for(good(key, alg), given)
    text = given if isinstance(given, str) else given.decode("latin-1")
    assert named in str(reason.value)
    assert "\n" not in str(reason.value)
    assert text[30:60] not in str(reason.value) or not text[30:60]


async def test_a_public_key_in_place_of_the_private_one_is_named_in_the_report(lab: Lab):
    """The probes that sign are not run, and say why."""
    async with running(keys.asymmetric("ES256")(lab)) as url:
        report = await probe(url, secret=keys.public_pem("ES256"), only=["expired"])
    assert report["expired"].verdict == "not run"
    assert "it verifies and cannot sign, give the private key" in report["expired"].got
