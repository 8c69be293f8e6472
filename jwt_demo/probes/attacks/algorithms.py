"""Who chooses the algorithm: the server, or the token it is about to check?"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from ...tokens.signatures import KeyUnreadable, read_keys
from ..expectations import REFUSED, forged
from ..forge import HASHES, MISSING, Good, Signer, changed
from ..model import Broken, NotRun, Probe
from ..session import Session

# What people type where a key belongs; the empty one was a key to PyJWT before 2.13.
GUESSES = (
    "", "secret", "password", "changeme", "jwt", "jwt_secret", "secretkey", "secret-key", "mysecret", "my_secret", "supersecret", "super-secret",
    "your-256-bit-secret", "your-secret-key", "SECRET_KEY", "test", "dev", "key", "admin", "123456", "qwerty",
)  # fmt: skip


def none(*spellings: str) -> Any:
    def make(good: Good) -> dict[str, str]:
        tokens = {}
        for alg in spellings:
            tokens[alg] = good.with_parts(header=changed(good.header, {"alg": alg}), signature="")
            tokens[f"{alg}, old signature"] = good.with_parts(
                header=changed(good.header, {"alg": alg})
            )
        return tokens

    return make


def odd_alg(good: Good) -> dict[str, str]:
    values = {
        "missing": MISSING,
        "null": None,
        "7": 7,
        "[]": [],
        "{}": {},
        "empty": "",
        "unknown": "XS256",
        "a list": [good.alg],
    }
    return {
        label: good.with_parts(header=changed(good.header, {"alg": value}))
        for label, value in values.items()
    }


def foreign_key(good: Good) -> dict[str, str]:
    return {"": good.signed_by(own_key(good.alg))}


def foreign_algorithm(good: Good) -> dict[str, str]:
    others = [alg for alg in ("HS256", "RS256", "ES256", "EdDSA") if alg != good.alg]
    return {alg: good.signed_by(own_key(alg)) for alg in others}


def other_hash(good: Good) -> dict[str, str]:
    """The same secret, another algorithm of its family: what one key may be used for is one thing (RFC 8725 §3.1)."""
    if good.signer is None or good.alg not in HASHES:
        raise NotRun(
            f"the tokens here are signed with {good.alg}, and a key for it fits no other algorithm"
        )
    return {alg: good.signed_by(Signer(alg, good.signer.key)) for alg in HASHES if alg != good.alg}


def alg_missing(good: Good) -> dict[str, str]:
    return {
        "missing": good.with_header(alg=MISSING),
        "null": good.with_header(alg=None),
        "other case": good.with_header(alg=good.alg.lower()),
    }


async def guessed_secret(session: Session) -> str:
    """Each guess against the good token, here and without a request; then two of them over the wire, as a second key of the server's."""
    good = session.good
    if good.alg in HASHES:
        for guess in GUESSES:
            if hmac.compare_digest(
                Signer(good.alg, guess.encode()).sign(good.token.signing_input),
                good.token.signature,
            ):
                raise Broken("the secret is on a list of 20 words")
    for label, guess in (("empty", b""), ("secret", b"secret"), ("a NUL", b"\0")):
        await session.refuses(good.signed_by(Signer("HS256", guess)), f"signed with {label}")
    return f"{len(GUESSES)} guesses, none right"


async def public_key_as_secret(session: Session) -> str:
    good = session.good
    if good.alg in HASHES:
        raise NotRun(f"the tokens here are signed with {good.alg}: no public key is about")
    forms = public_forms(await public_keys(session))
    if not forms:
        raise NotRun(
            "the public key is not known: no JWK Set at /.well-known/jwks.json, and no private key was given"
        )
    for label, octets in forms.items():
        await session.refuses(good.signed_by(Signer("HS256", octets)), f"HS256 with {label}")
    return f"{len(forms)} spellings of the public key, all refused"


async def zero_signature(session: Session) -> str:
    good = session.good
    if not good.alg.startswith("ES"):
        raise NotRun(f"the tokens here are signed with {good.alg}, not with ECDSA")
    return await session.refuses(good.with_parts(signature="A" * len(good.text.rpartition(".")[2])))


async def public_keys(session: Session) -> list[Any]:
    """The server's public keys: of its JWK Set, and of the private key we were given."""
    keys = [session.good.signer.key.public_key()] if session.good.signer is not None else []
    published = (await session.ask(path="/.well-known/jwks.json")).json()
    with contextlib.suppress(KeyUnreadable):
        keys += (
            [key.public for key in read_keys(published) if key.kind != "secret"]
            if isinstance(published, dict)
            else []
        )
    return keys


def public_forms(keys: list[Any]) -> dict[str, bytes]:
    """The texts a server may hold a public key in, each of which a naive verifier takes for an HMAC secret."""
    forms = {}
    for key in keys[:2]:
        pem = key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        forms |= {
            "its PEM": pem,
            "its PEM without the last line break": pem.strip(),
            "the body of its PEM": b"".join(pem.splitlines()[1:-1]),
            "its DER": key.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
        }
    return forms


_own_keys: dict[str, Signer] = {}


def own_key(alg: str) -> Signer:
    """A key of the attacker's, made once for each algorithm."""
    if alg not in _own_keys:
        _own_keys[alg] = Signer(alg, make_key(alg))
    return _own_keys[alg]


def make_key(alg: str) -> Any:
    if alg.startswith("HS"):
        return secrets.token_bytes(hashlib.new(f"sha{alg[2:]}").digest_size)
    if alg.startswith(("RS", "PS")):
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if alg.startswith("ES"):
        return ec.generate_private_key(
            {"384": ec.SECP384R1(), "512": ec.SECP521R1()}.get(alg[2:], ec.SECP256R1())
        )
    if alg == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    raise NotRun(f"the tokens here are signed with {alg}, for which no key can be made")


PROBES = (
    Probe(
        "alg-none", "the good token with alg none and no signature", REFUSED, "RFC 8725 §2.1, §3.1",
        "Anybody can write such a token, so whoever believes its header believes anybody.", forged(none("none")),
    ),
    Probe(
        "alg-none-spelled", "the same with None, NONE, nOnE", REFUSED, "RFC 8725 §3.1",
        "A list of what is forbidden misses a spelling; a list of what is allowed does not.", forged(none("None", "NONE", "nOnE")),
    ),
    Probe(
        "alg-odd", "the good token with an alg that is missing, unknown or no text", REFUSED, "RFC 7515 §4.1.1",
        "The header is read before anything is verified: whatever stands there comes from a stranger.", forged(odd_alg),
    ),
    Probe(
        "alg-missing", "the good token signed rightly, its header naming no algorithm", REFUSED, "RFC 7515 §4.1.1",
        "The algorithm is a must in the header, and it is compared, not guessed.", forged(alg_missing), secret=True,
    ),
    Probe(
        "alg-other-hash", "the good token signed with the same secret and another hash", REFUSED, "RFC 8725 §3.1",
        "One key, one algorithm: what else it could be used for is what an attacker looks for.", forged(other_hash), secret=True,
    ),
    Probe(
        "foreign-key", "the good token's claims signed with a key of the attacker's", REFUSED, "RFC 7515 §5.2",
        "A signature proves nothing unless it was made with our key.", forged(foreign_key),
    ),
    Probe(
        "foreign-algorithm", "the good token's claims signed with other algorithms and keys of the attacker's", REFUSED, "RFC 8725 §3.1",
        "The server knows its algorithm, so a token with another one is not from it.", forged(foreign_algorithm),
    ),
    Probe(
        "guessed-secret", "the good token's signature tried with a list of common secrets", "none of them is the secret", "RFC 8725 §3.5",
        "A token is all it takes to try secrets by the million, far from the server and unseen.", guessed_secret,
    ),
    Probe(
        "public-key-as-secret", "the claims signed with HS256, with the server's public key as the secret", REFUSED, "RFC 8725 §2.1, §3.1",
        "The public key is public: where the token chooses HS256, everybody has the secret.", public_key_as_secret,
    ),
    Probe(
        "zero-signature", "the good token with an ECDSA signature of zeros", REFUSED, "RFC 8725 §3.4",
        "With r and s zero the sum came out right in a well-known library (CVE-2022-21449).", zero_signature,
    ),
)  # fmt: skip
