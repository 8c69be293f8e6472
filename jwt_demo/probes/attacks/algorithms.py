"""Who chooses the algorithm: the server, or the token it is about to check?"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from ...tokens.anatomy import encode_segment
from ...tokens.crypto_library import IS_HERE, WITHOUT
from ...tokens.signatures import KeyUnreadable, read_keys
from .. import jwks
from ..expectations import REFUSED, forged
from ..forge import HASHES, MISSING, Good, Signer, changed
from ..model import MUST, Broken, NotRun, Probe
from ..session import Session

if IS_HERE:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa


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
    tokens = {}
    for label, value in values.items():
        header = changed(good.header, {"alg": value})
        tokens[label] = good.with_parts(header=header)
        tokens[f"{label}, no signature"] = good.with_parts(header=header, signature="")
    return tokens


def foreign_key(good: Good) -> dict[str, str]:
    """With the server's own kid, with one that it does not know, and with none: a key that is not found must not end the check."""
    signer = own_key(good.alg)
    tokens = {
        "": good.signed_by(signer),
        "an unknown kid": good.signed_by(signer, kid="no-such-key"),
        "no kid": good.signed_by(signer, kid=MISSING),
    }
    return (
        tokens
        if "kid" in good.header
        else {label: tokens[label] for label in ("", "an unknown kid")}
    )


FAMILIES = (
    "HS256",
    "HS384",
    "HS512",
    "RS256",
    "RS512",
    "PS256",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)


def foreign_algorithm(good: Good) -> dict[str, str]:
    return {alg: good.signed_by(own_key(alg)) for alg in usable(FAMILIES) if alg != good.alg}


def like(good: Good, *others: str) -> list[str]:
    """The server's own algorithm first, then others that a verifier may take if it believes the header."""
    known = [good.alg] if good.alg in ALGORITHMS else []
    return usable(list(dict.fromkeys([*known, *others])))


def usable(algorithms: Sequence[str]) -> list[str]:
    """Those for which a key can be made here; NotRun where there is none of them."""
    found = [alg for alg in algorithms if IS_HERE or alg.startswith("HS")]
    if algorithms and not found:
        raise NotRun(f"A key for {algorithms[0]} {WITHOUT}")
    return found


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
    """Each word against the good token, here and without a request; then three over the wire, as a second key of the server's."""
    good = session.good
    if session.guessed is not None:
        raise Broken(
            f"the secret is {session.guessed.decode('utf-8', 'backslashreplace')!r}, a word of the list"
        )
    alg = good.alg if good.alg in HASHES else "HS256"
    for label, guess in (("empty", b""), ("secret", b"secret"), ("a NUL", b"\0")):
        await session.refuses(good.signed_by(Signer(alg, guess)), f"signed with {label}")
    if good.alg not in HASHES:
        return "the tokens are signed with a private key, not with a secret"
    return f"{session.words:,} common secrets tried, none is right"


async def public_key_as_secret(session: Session) -> str:
    good = session.good
    if good.alg in HASHES:
        raise NotRun(f"the tokens here are signed with {good.alg}: there is no public key")
    forms = await public_forms(session)
    if not forms:
        raise NotRun(
            "the public key is not known: no JWK Set is at the usual places; give its URL with --jwks-url, or the key with --public-key-file"
        )
    for label, octets in forms.items():
        for alg in HASHES:
            await session.refuses(good.signed_by(Signer(alg, octets)), f"{alg} with {label}")
    return f"{len(forms)} forms of the public key, all rejected"


async def zero_signature(session: Session) -> str:
    """r and s zero, then both the order of the curve, which is zero again; then as DER, which some servers read as well."""
    good = session.good
    if good.alg not in ORDERS:
        raise NotRun(
            f"the tokens here are signed with {good.alg}, not with an ECDSA algorithm such as ES256"
        )
    order = ORDERS[good.alg]
    size = (order.bit_length() + 7) // 8
    signatures = {
        "zeros": bytes(2 * size),
        "the order of the curve": order.to_bytes(size, "big") * 2,
        "zeros in DER": bytes.fromhex("3006020100020100"),
    }
    seen = [
        await session.refuses(good.with_parts(signature=encode_segment(octets)), label)
        for label, octets in signatures.items()
    ]
    return ", ".join(dict.fromkeys(seen))


ORDERS = {  # of the curves of RFC 7518 §3.4 (NIST FIPS 186-4, D.1.2)
    "ES256": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "ES384": 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    "ES512": 0x01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
}


async def public_forms(session: Session) -> dict[str, bytes]:
    """The texts a server may keep its public key in, of each key that is known."""
    found: dict[str, bytes] = {}
    for entry in session.published.entries[:3]:
        with contextlib.suppress(KeyUnreadable, ValueError):
            for key in read_keys(entry):
                if key.kind != "secret":
                    found |= jwks.forms(key.public, entry)
    if session.published.entries:
        found["its JWK Set"] = session.published.answer.body
    others = [session.good.signer.key.public_key()] if session.good.signer is not None else []
    if session.public_key:
        others += [key.public for key in read_keys(session.public_key) if key.kind != "secret"]
        given = session.public_key
        found["the file it is in"] = given.encode("utf-8") if isinstance(given, str) else given
    for key in others:
        found = {**jwks.forms(key), **found}
    return found


ALGORITHMS = ("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")  # fmt: skip
_own_keys: dict[str, Signer] = {}


def own_key(alg: str) -> Signer:
    """A key of the attacker's, made once for each algorithm."""
    if alg not in _own_keys:
        _own_keys[alg] = Signer(alg, make_key(alg))
    return _own_keys[alg]


def make_key(alg: str) -> Any:
    if alg.startswith("HS"):
        return secrets.token_bytes(hashlib.new(f"sha{alg[2:]}").digest_size)
    if not IS_HERE:
        raise NotRun(f"A key for {alg} {WITHOUT}")
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
        "alg-none", "the good token with alg none in its header, without a signature and with the old one", REFUSED, "RFC 8725 §2.1, §3.1",
        "Anyone can write such a token. A server that believes its header accepts any claims from anyone.", forged(none("none")),
    ),
    Probe(
        "alg-none-spelled", "the same with alg None, NONE and nOnE", REFUSED, "RFC 8725 §3.1",
        "A list of forbidden names can miss a spelling. A list of allowed names cannot.", forged(none("None", "NONE", "nOnE")),
    ),
    Probe(
        "alg-odd", "the good token with an alg that is missing, unknown or not a string", REFUSED, "RFC 7515 §4.1.1",
        "The server reads the header before it verifies the signature, so an attacker can write any value there.", forged(odd_alg),
    ),
    Probe(
        "alg-missing", "the good token with an alg that is missing, null or in lower case; its signature is valid", REFUSED, "RFC 7515 §4.1.1",
        "The header must name the algorithm. The server must compare this name exactly, and must not guess it.", forged(alg_missing),
        secret=True, severity=MUST,
    ),
    Probe(
        "alg-other-hash", "the good token, signed with the same secret and another hash function", REFUSED, "RFC 8725 §3.1",
        "Each key must be used with exactly one algorithm, and the server must check this.", forged(other_hash), secret=True, severity=MUST,
    ),
    Probe(
        "foreign-key", "the claims of the good token, signed with a key of the attacker", REFUSED, "RFC 7515 §5.2",
        "A signature proves nothing unless it was made with the server's key.", forged(foreign_key),
    ),
    Probe(
        "foreign-algorithm", "the claims of the good token, signed with other algorithms and with keys of the attacker", REFUSED, "RFC 8725 §3.1",
        "The server knows its algorithm. A token with another algorithm is not from this server.", forged(foreign_algorithm),
    ),
    Probe(
        "guessed-secret", "three tokens signed with weak secrets; more common secrets are tried on the good token without a request",
        "none of them is the server's secret", "RFC 8725 §3.5",
        "An attacker who has one token can try millions of secrets on another computer, and the server does not notice.", guessed_secret,
    ),
    Probe(
        "public-key-as-secret", "the claims of the good token, signed with HMAC and the server's public key as the secret", REFUSED,
        "RFC 8725 §2.1, §3.1",
        "The public key is public. If the server lets the token choose HS256, everybody knows the secret.", public_key_as_secret,
    ),
    Probe(
        "zero-signature", "the good token with an ECDSA signature of zeros", REFUSED, "RFC 8725 §3.4",
        "Java 15 to 18 accepted a signature of zeros for every token until this was fixed in 2022 (CVE-2022-21449).", zero_signature,
    ),
)  # fmt: skip
