"""Keys for step 9, made anew for each check: real ones, so that any library can read them."""

from __future__ import annotations

import functools
from typing import Any

from ...tokens.crypto_library import IS_HERE
from ..symbols import Symbol, near, text

if IS_HERE:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm


@functools.cache
def rsa_key(number: int = 1) -> rsa.RSAPrivateKey:
    """One of each number for the whole process, since making it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def made(name: str, make: Any, names: str) -> dict[str, Symbol]:
    """Symbols for members of a new JWK, which show as their name and that of the key."""
    key = Symbol(f"key {name}", lambda bench: make())
    return {
        member: near(
            f"{member}({name})", key, functools.partial(lambda member, jwk: jwk[member], member)
        )
        for member in names.split()
    }


def elliptic() -> dict[str, Any]:
    return ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)


def edwards() -> dict[str, Any]:
    return OKPAlgorithm.to_jwk(ed25519.Ed25519PrivateKey.generate(), as_dict=True)


def rsa_jwk() -> dict[str, Any]:
    return RSAAlgorithm.to_jwk(rsa_key(), as_dict=True)


def labels(kid: Symbol, algorithm: str) -> dict[str, Any]:
    return {"kid": kid, "use": "sig", "alg": algorithm}


K1, K2, K3 = text("K1"), text("K2"), text("K3")
EC_MEMBERS = made("EC", elliptic, "x y d")
RSA_MEMBERS = made("RSA", rsa_jwk, "n e d p q dp dq qi")
OKP_MEMBERS = made("OKP", edwards, "x d")
OTHER_MEMBERS = made("EC2", elliptic, "x y d")


def public(members: dict[str, Symbol], *names: str) -> dict[str, Symbol]:
    return {name: members[name] for name in names}


EC_BARE = {"kty": "EC", "crv": "P-256", **public(EC_MEMBERS, "x", "y")}
EC = {**EC_BARE, **labels(K1, "ES256")}
RSA = {"kty": "RSA", **public(RSA_MEMBERS, "n", "e"), **labels(K2, "RS256")}
OKP = {"kty": "OKP", "crv": "Ed25519", **public(OKP_MEMBERS, "x"), **labels(K3, "EdDSA")}
SECOND = {
    "kty": "EC",
    "crv": "P-256",
    **public(OTHER_MEMBERS, "x", "y"),
    **labels(K1, "ES256"),
}
