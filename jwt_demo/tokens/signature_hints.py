"""Why a signature does not verify, where that can be found out: each hint names a cause only after trying it.

The key in another form, another hash, other bytes signed, a signature written otherwise, a public key used as a secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .anatomy import Token, encode_segment
from .crypto_library import IS_HERE
from .findings import is_der_signature
from .key_material import Key, from_object
from .lenient_base64 import octets_in
from .matching import algorithm_of, safely_matches
from .other_readings import from_hex, other_readings
from .token_in_text import SIGNATURE_BYTES

if IS_HERE:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.asymmetric.utils import (
        decode_dss_signature,
        encode_dss_signature,
    )
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    HASHES: dict[str, hashes.HashAlgorithm] = {
        "256": hashes.SHA256(),
        "384": hashes.SHA384(),
        "512": hashes.SHA512(),
    }
    EC_CURVES: dict[str, ec.EllipticCurve] = {
        "ES256": ec.SECP256R1(),
        "ES384": ec.SECP384R1(),
        "ES512": ec.SECP521R1(),
    }


def hint_on(token: Token, alg: str, keys: list[Key]) -> str:
    """Why a signature may not verify, where that can be found out: the key read in another form, a signature in DER, or cut off."""
    for key in keys:
        if key.kind == "secret" and (form := other_form_that_fits(token, alg, key)):
            return f"The signature fits this key {form}"
    if alg.startswith("HS") and (over := other_bytes_that_fit(token, alg, keys)):
        return over
    again = octets_in(token.signature.decode("latin-1"))
    if again and any(safely_matches(token, alg, key, again) for key in keys):
        return "The signature was written in base64 before it was made base64url: encode its bytes once"
    if alg.startswith("RS") and nonce_of_graph(token, alg, keys):
        return "It fits once the header's `nonce` is replaced by base64url of its SHA-256: a token for Microsoft Graph, which no other API can verify"
    if (
        IS_HERE
        and alg.startswith(("PS", "ES"))
        and (setting := other_setting_that_fits(token, alg, keys))
    ):
        return setting
    if alg.startswith("ES") and is_der_signature(token.signature):
        fitting = any(
            safely_matches(token, alg, key, from_der(token.signature, alg)) for key in keys
        )
        fit = "and fits this key" if fitting else "and does not fit this key even so"
        return f"The signature is in DER, {fit}: a token has r and s side by side (RFC 7518 §3.4)"
    wanted = SIGNATURE_BYTES.get(alg, ())
    if alg.startswith(("RS", "PS")):
        wanted = tuple(key.size for key in keys if key.size is not None)
    if wanted and len(token.signature) not in wanted:
        cut = ": was the end cut off?" if len(token.signature) < min(wanted) else ""
        return f"The signature has {len(token.signature)} bytes, {alg} with this key makes {wanted[0]}{cut}"
    if alg in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"):
        other = ("PS" if alg[:2] == "RS" else "RS") + alg[2:]
        if any(safely_matches(token, other, key) for key in keys):
            return f"It was signed with {other}: `alg` in the header is wrong"
    return ""


def raw_key_that_fits(token: Token, alg: str, keys: list[Key]) -> str:
    """A public key as its bytes alone, in hexadecimal or base64: an EC point, or what Ed25519 calls its key; '' where none fits."""
    for key in keys:
        if key.kind != "secret" or key.source is None:
            continue
        for octets in (from_hex(key.source), octets_in(key.source.decode("latin-1").strip())):
            public = raw_public_key(alg, octets or b"")
            if public is not None and safely_matches(token, alg, public):
                return f"the signature fits this key, which has the bytes alone of {public.describe()}: write it as a JWK or PEM, so that it says what it is"
    return ""


def raw_public_key(alg: str, octets: bytes) -> Key | None:
    if not IS_HERE:
        return None
    try:
        if alg in ("EdDSA", "Ed25519") and len(octets) == 32:
            return from_object(ed25519.Ed25519PublicKey.from_public_bytes(octets))
        if alg in EC_CURVES and len(octets) == EC_CURVES[alg].key_size // 8:
            return from_object(ec.derive_private_key(int.from_bytes(octets, "big"), EC_CURVES[alg]))
        if alg in EC_CURVES and octets[:1] in (b"\2", b"\3", b"\4"):
            point = ec.EllipticCurvePublicKey.from_encoded_point(EC_CURVES[alg], octets)
            return from_object(point)
    except ValueError:
        pass
    return None


def confused_with(token: Token, alg: str, key: Key) -> str:
    """Algorithm confusion: an HMAC whose secret is the text of this public key (RFC 8725 §2.1)."""
    texts = {key.source or b""}
    if IS_HERE and hasattr(key.public, "public_bytes"):
        pem = key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        texts |= {pem, pem.rstrip()}
    if not any(text and safely_matches_text(token, alg, text) for text in texts):
        return ""
    confusion = f"this key is {key.describe()}, and its text was used as the secret for {alg}"
    return f"{confusion}: algorithm confusion (RFC 8725 §2.1). Anyone who has the public key can make such a token"


def safely_matches_text(token: Token, alg: str, secret: bytes) -> bool:
    """Without PyJWT's check that a secret is no public key: that it is one was the question."""
    algorithm = algorithm_of(alg)
    return bool(hmac.compare_digest(algorithm.sign(token.signing_input, secret), token.signature))


def other_setting_that_fits(token: Token, alg: str, keys: list[Key]) -> str:
    """Another length of RSA-PSS's salt, another hash under ECDSA, r and s exchanged; '' where none fits."""
    signature, half = token.signature, len(token.signature) // 2
    wanted = HASHES[alg[2:]]
    for key in keys:
        public = key.public
        if isinstance(public, rsa.RSAPublicKey):
            salted = padding.PSS(padding.MGF1(wanted), padding.PSS.AUTO)
            if fits_so(public.verify, signature, token.signing_input, salted, wanted):
                return f"It fits with a salt of another length: {alg} uses {wanted.digest_size} bytes (RFC 7518 §3.5)"
        if not isinstance(public, ec.EllipticCurvePublicKey) or not half:
            continue
        if safely_matches(token, alg, key, signature[half:] + signature[:half]):
            return "It fits with r and s exchanged: r stands first (RFC 7518 §3.4)"
        numbers = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
        der = encode_dss_signature(*numbers)
        for size, other in HASHES.items():
            if other is not wanted and fits_so(
                public.verify, der, token.signing_input, ec.ECDSA(other)
            ):
                return f"It was signed with SHA-{size}: {alg} uses SHA-{alg[2:]}"
    return ""


def fits_so(check: Callable[..., None], *arguments: object) -> bool:
    try:
        check(*arguments)
    except (InvalidSignature, ValueError):
        return False
    return True


def other_bytes_that_fit(token: Token, alg: str, keys: list[Key]) -> str:
    """What an HMAC with this key was made of in place of the signing input, or with which other hash; '' where neither is found."""
    header, payload, _ = token.text.split(".")
    inputs = {
        "the payload alone": [payload.encode(), token.payload],
        "the JSON of header and payload, not their base64url": [
            f"{glue.join(map(decoded, (header, payload)))}".encode() for glue in (".", "")
        ],
        "header and payload without the dot": [f"{header}{payload}".encode()],
        "a line break at its end too": [f"{header}.{payload}\n".encode()],
        "its SHA-256": [hashlib.sha256(token.signing_input).digest()],
    }
    for key in keys:
        if key.kind != "secret":
            continue
        for words, texts in inputs.items():
            if any(hmac_fits(token.signature, alg, key.material, text) for text in texts):
                return f"This key signed {words}: the signature belongs over `header.payload`, both as base64url (RFC 7515 §5.1)"
        if hmac.compare_digest(
            hmac.digest(key.material, token.signing_input, "sha1"), token.signature
        ):
            return (
                f"It was signed with HMAC and SHA-1, which {alg} is not: {alg} uses SHA-{alg[2:]}"
            )
        for other in ("HS256", "HS384", "HS512"):
            if other != alg and hmac_fits(
                token.signature, other, key.material, token.signing_input
            ):
                return f"It was signed with {other}: `alg` in the header is wrong"
        written = (
            token.signature,
            octets_in(token.signature.decode("latin-1")) or b"",
            from_hex(token.signature),
        )
        for octets, how in zip(written[1:], ("base64", "hexadecimal"), strict=True):
            if octets and hmac_fits(octets, alg, key.material, token.signing_input):
                return f"The signature was written in {how} before it was made base64url: encode its bytes once"
    return ""


def decoded(segment: str) -> str:
    return (octets_in(segment) or b"").decode("utf-8", "replace")


def hmac_fits(signature: bytes, alg: str, secret: Any, text: bytes) -> bool:
    made = algorithm_of(alg).sign(text, secret)
    return hmac.compare_digest(made, signature)


def nonce_of_graph(token: Token, alg: str, keys: list[Key]) -> bool:
    nonce = token.header.get("nonce")
    if not isinstance(nonce, str):
        return False
    hashed = encode_segment(hashlib.sha256(nonce.encode()).digest())
    header = encode_segment(
        json.dumps({**token.header, "nonce": hashed}, separators=(",", ":")).encode()
    )
    text = f"{header}.{token.text.partition('.')[2]}"
    return any(safely_matches(replace(token, text=text), alg, key) for key in keys)


def other_form_that_fits(token: Token, alg: str, key: Key) -> str:
    """The reading of the same secret with which the signature verifies, in words; '' where none does."""
    for words, octets in other_readings(key):
        if octets and safely_matches(token, alg, Key(octets, "secret")):
            if key.form == "JWK":
                return (
                    "as the text of `k`: `k` holds the secret as it is, and must be base64url of it"
                )
            return words
    return ""


def from_der(signature: bytes, alg: str) -> bytes:
    """An ECDSA signature in DER as a token has it: r and s, each as long as the curve's numbers (RFC 7518 §3.4)."""
    size = SIGNATURE_BYTES[alg][0] // 2
    try:
        return b"".join(number.to_bytes(size, "big") for number in decode_dss_signature(signature))
    except (ValueError, OverflowError):
        return b""
