"""Names of algorithms: which ones are verified here, and what another name is.

>>> not_verified("hs256")
"`alg` is 'hs256': upper and lower case count, the name is HS256 (RFC 7515 §4.1.1)"
"""

from __future__ import annotations

import re
from typing import Any

from .registry import JWE_ALGORITHMS, JWS_ALGORITHMS

SUPPORTED = (
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
    "EdDSA", "Ed25519", "Ed448",
)  # fmt: skip


def not_verified(alg: Any) -> str:
    """Why signatures of this algorithm are not verified here; '' for those that are."""
    if not isinstance(alg, str):
        return "the header names no algorithm"
    if alg in SUPPORTED:
        return ""
    if alg.lower() == "none":
        return "nobody signed it (`alg` is none)"
    shown = ascii(alg[:60]) + ("…" if len(alg) > 60 else "")
    if not alg.strip():
        return "`alg` is empty: the header names no algorithm"
    if alg.strip() in JWS_ALGORITHMS and alg.strip() != alg:
        return f"`alg` is {shown}: there is white space around the name {alg.strip()}"
    if alg in JWS_ALGORITHMS:
        known = JWS_ALGORITHMS[alg]
        return f"`alg` is {alg} ({known.meaning}; {known.reference}): registered, but not verified here"
    if alg in JWE_ALGORITHMS:
        return (
            f"`alg` is {alg}: that encrypts (JWE) and does not sign, and this is no encrypted token"
        )
    if spelled := spelling(alg):
        return f"`alg` is {shown}: {spelled} (RFC 7515 §4.1.1)"
    return f"`alg` is {shown}: no such algorithm is registered, and its algorithm is not known here"


def spelling(alg: str) -> str:
    """The registered name that was probably meant."""
    alg = (
        alg.partition("#")[2] if alg.startswith("http") else alg
    )  # an identifier of XML signatures
    bare = re.sub(r"[\s_]", "", alg).upper()
    for name in JWS_ALGORITHMS:
        if bare == name.upper():
            return f"upper and lower case count, the name is {name}"
    plain = re.sub(r"[^A-Z0-9]", "", bare)
    if plain in FAMILIES:
        return f"that names no single algorithm, the names are {FAMILIES[plain]}"
    for name, others in MEANT.items():
        if plain in others:
            return f"the name is {name}"
    return ""


FAMILIES = {
    "HMAC": "HS256, HS384 and HS512",
    "RSA": "RS256, RS384 and RS512",
    "RSAPSS": "PS256, PS384 and PS512",
    "RSASSAPSS": "PS256, PS384 and PS512",
    "ECDSA": "ES256, ES384 and ES512",
    **{f"SHA{size}": f"HS{size}, RS{size}, PS{size} and ES{size}" for size in (256, 384, 512)},
}
MEANT = {
    "HS256": ("HS256", "HMACSHA256", "HMAC256", "HSA256", "SHA256HMAC", "HS2256"),
    "HS384": ("HS384", "HMACSHA384", "HMAC384"),
    "HS512": ("HS512", "HMACSHA512", "HMAC512"),
    "RS256": ("RS256", "RSA256", "RSASHA256", "SHA256WITHRSA", "SHA256WITHRSAENCRYPTION", "RSASSAPKCS1V15SHA256"),
    "RS512": ("RS512", "RSA512", "RSASHA512", "SHA512WITHRSA"),
    "PS256": ("PS256", "RSAPSSSHA256"),
    "ES256": ("ES256", "ECDSASHA256", "ECDSAP256SHA256", "SHA256WITHECDSA", "EC256", "ESP256"),
    "ES384": ("ES384", "ECDSASHA384", "ECDSAP384SHA384", "ESP384"),
    "ES512 (with a 1, though its curve is P-521)": ("ES521", "ECDSASHA512", "ECDSAP521SHA512", "ESP512"),
    "Ed25519 (or EdDSA)": ("ED25519", "EDDSAED25519", "SSHED25519"),
}  # fmt: skip
