"""Keys in the forms people have them in: a secret as text, base64url or hexadecimal, PEM, JWK, JWK Set.

A key says what it may be used for, and never shows what it is made of.

>>> read_keys({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"})
[Key(kind='secret', alg='HS256', use=None, key_ops=None, kid=None)]
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import load_pem_x509_certificate


@dataclass(frozen=True)
class Key:
    """A key and what it may be used for; its material never shows."""

    material: Any = field(
        repr=False
    )  # bytes for a secret, else an object of `cryptography`, private or public
    kind: str  # "secret", "RSA", "P-256", "P-384", "P-521", "Ed25519", "Ed448"
    alg: str | None = None
    use: str | None = None
    key_ops: tuple[str, ...] | None = None
    kid: str | None = None

    @property
    def length(self) -> int | None:
        """Bytes of a secret; None for other keys."""
        return len(self.material) if self.kind == "secret" else None

    @property
    def size(self) -> int | None:
        """Bytes of a secret or of an RSA modulus; None for curves, whose size is in their name."""
        return self.material.key_size // 8 if self.kind == "RSA" else self.length

    @property
    def signs(self) -> bool:
        """Whether it can make signatures: a secret or a private key."""
        return self.kind == "secret" or hasattr(self.material, "sign")

    def objection(self, alg: str, operation: str) -> str:
        """Why this key must not be used so, or '' (RFC 7517 §4, RFC 8725 §3.1)."""
        if not fits(alg, self.kind):
            return f"this key is {KINDS[self.kind]}, {alg} needs {NEEDS[alg[:2]] if alg[:2] != 'ES' else KINDS[CURVES[alg]]}"
        if self.alg is not None and self.alg != alg:
            return f"the key is for {self.alg} only, the token says {alg}"
        if self.use is not None and self.use != "sig":
            return f"the key's `use` is {self.use!r}, not 'sig'"
        # A private key does not verify, its public half does; where the one may sign, the other may verify.
        allowed = {operation, "sign"} if self.kind != "secret" and self.signs else {operation}
        if self.key_ops is not None and allowed.isdisjoint(self.key_ops):
            return f"the key's `key_ops` do not name {operation!r}"
        return ""

    @property
    def public(self) -> Any:
        return self.material.public_key() if hasattr(self.material, "public_key") else self.material

    def describe(self) -> str:
        """What may be said about the key in public."""
        return f"{KINDS[self.kind]}{f' of {self.length} bytes' if self.length is not None else ''}"


KINDS = {
    "secret": "a secret", "RSA": "an RSA key", "P-256": "a P-256 key", "P-384": "a P-384 key", "P-521": "a P-521 key",
    "Ed25519": "an Ed25519 key", "Ed448": "an Ed448 key",
}  # fmt: skip
NEEDS = {"HS": "a secret", "RS": "an RSA key", "PS": "an RSA key", "Ed": "an Ed25519 or Ed448 key"}
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


def fits(alg: str, kind: str) -> bool:
    families = {
        "HS": ("secret",),
        "RS": ("RSA",),
        "PS": ("RSA",),
        "ES": (CURVES.get(alg),),
        "Ed": ("Ed25519", "Ed448"),
    }
    return kind in families.get(alg[:2], ())


class KeyUnreadable(ValueError):
    """Why a text is no key, in a sentence that holds nothing of it."""


def read_keys(key: Any, form: str = "auto") -> list[Key]:
    """The keys in a text (PEM, JWK, JWK Set, else a secret), in bytes (PEM or a secret), a dict, or an object of `cryptography`.

    `form` is auto, text, base64url, hex, pem or jwk. Raises KeyUnreadable.
    """
    if key is None:
        return []
    if isinstance(key, Key):
        return [key]
    if isinstance(key, dict):
        return from_jwk(key)
    if isinstance(key, jwt.PyJWK):
        return from_jwk(key._jwk_data)
    if isinstance(key, bytes | str):
        octets = key if isinstance(key, bytes) else key.encode("utf-8", "surrogatepass")
        return READERS[guess(octets) if form == "auto" else form](octets)
    return [from_object(key)]


def guess(octets: bytes) -> str:
    if octets.lstrip().startswith(b"-----BEGIN"):
        return "pem"
    if re.match(rb"\s*\{.*\"(kty|keys)\"", octets, re.DOTALL):
        return "jwk"
    return "text"


def from_text(octets: bytes) -> list[Key]:
    """A secret; a public key without its armour is never taken for one, that is algorithm confusion (RFC 8725 §2.1)."""
    if octets.lstrip().startswith(b"-----BEGIN"):
        return from_pem(octets)
    der = octets if octets[:1] == b"\x30" else b""
    if re.fullmatch(rb"\s*MI[A-Za-z0-9+/=\s_-]+", octets):
        der = base64.b64decode(
            re.sub(rb"\s", b"", octets).replace(b"-", b"+").replace(b"_", b"/") + b"=="
        )
    for load in (load_der_public_key, lambda data: load_der_private_key(data, None)):
        try:
            return [from_object(load(der))] if der else secret(octets)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
    return secret(octets)


def fresh_key(alg: str) -> Key:
    """A random key that signs with `alg`: as many bytes as its hash has, RSA with 2,048 bits, the curve that belongs to it."""
    if alg.startswith("HS"):
        return Key(secrets.token_bytes(int(alg[2:]) // 8), "secret")
    if alg.startswith("ES"):
        return from_object(
            ec.generate_private_key(
                {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}[alg]
            )
        )
    return from_object(
        ed25519.Ed25519PrivateKey.generate()
        if alg == "EdDSA"
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )


def secret(octets: bytes, **limits: Any) -> list[Key]:
    if not octets:
        raise KeyUnreadable("the key is empty")
    return [Key(octets, "secret", **limits)]


def from_base64url(octets: bytes) -> list[Key]:
    bare = octets.strip().rstrip(b"=")
    if not re.fullmatch(rb"[A-Za-z0-9_-]*", bare) or len(bare) % 4 == 1:
        raise KeyUnreadable("the key is not base64url (A-Z a-z 0-9 - _)")
    return secret(base64.urlsafe_b64decode(bare + b"=" * (-len(bare) % 4)))


def from_hex(octets: bytes) -> list[Key]:
    try:
        return secret(binascii.unhexlify(re.sub(rb"[\s:]", b"", octets)))
    except binascii.Error:
        raise KeyUnreadable("the key is not hexadecimal, two digits a byte") from None


def from_pem(octets: bytes) -> list[Key]:
    text = rewrapped(octets)
    loaders = (
        load_pem_public_key,
        lambda data: load_pem_private_key(data, None),
        lambda data: load_pem_x509_certificate(data).public_key(),
    )
    for load in loaders:
        try:
            return [from_object(load(text))]
        except KeyUnreadable:
            raise
        except TypeError:
            raise KeyUnreadable(
                "this PEM is encrypted with a password; give the public key"
            ) from None
        except (ValueError, UnsupportedAlgorithm):
            continue
    raise KeyUnreadable(
        "this is no PEM of a key or a certificate: are its line breaks still there?"
    )


def rewrapped(octets: bytes) -> bytes:
    """A PEM with its line breaks in place; an .env file writes them as `\\n`, a form of one line loses them."""
    match = re.fullmatch(
        rb"\s*(-----BEGIN ([A-Z ]+)-----)(.*?)(-----END \2-----)\s*", octets, re.DOTALL
    )
    if match is None or b":" in match[3]:
        return octets.strip()
    body = re.sub(rb"\s|\\[nr]", b"", match[3])
    return b"\n".join(
        [match[1], *(body[at : at + 64] for at in range(0, len(body), 64)), match[4], b""]
    )


def from_object(key: Any) -> Key:
    if isinstance(key, rsa.RSAPublicKey | rsa.RSAPrivateKey):
        return Key(key, "RSA")
    if isinstance(key, ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey):
        kind = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}.get(
            key.curve.name
        )
        if kind is not None:
            return Key(key, kind)
    if isinstance(key, ed25519.Ed25519PublicKey | ed25519.Ed25519PrivateKey):
        return Key(key, "Ed25519")
    if isinstance(key, ed448.Ed448PublicKey | ed448.Ed448PrivateKey):
        return Key(key, "Ed448")
    raise KeyUnreadable(f"a {type(key).__name__} is no key for a JWT")


def from_json(octets: bytes) -> list[Key]:
    try:
        value = json.loads(octets)
    except (ValueError, RecursionError):
        raise KeyUnreadable("the key is not JSON, so no JWK") from None
    return from_jwk(value)


def from_jwk(jwk: Any) -> list[Key]:
    """A JWK or the usable keys of a JWK Set (RFC 7517); what a reader does not understand in a set is passed over (§5)."""
    if not isinstance(jwk, dict):
        raise KeyUnreadable("a JWK is a JSON object")
    if "keys" not in jwk:
        return [one_jwk(jwk)]
    keys = []
    for member in jwk["keys"] if isinstance(jwk["keys"], list) else []:
        try:
            keys.append(one_jwk(member))
        except KeyUnreadable:
            continue
    if not keys:
        raise KeyUnreadable("this JWK Set holds no key that can be used here")
    return keys


def one_jwk(jwk: Any) -> Key:
    if not isinstance(jwk, dict) or jwk.get("kty") not in JWK_READERS:
        raise KeyUnreadable(f"the `kty` of a JWK is one of {', '.join(JWK_READERS)}")
    limits = {name: jwk.get(name) for name in ("alg", "use", "kid")}
    if any(value is not None and not isinstance(value, str) for value in limits.values()):
        raise KeyUnreadable("`alg`, `use` and `kid` of a JWK are strings")
    ops = jwk.get("key_ops")
    if ops is not None and not (isinstance(ops, list) and all(isinstance(op, str) for op in ops)):
        raise KeyUnreadable("`key_ops` of a JWK is a list of strings")
    try:
        material = JWK_READERS[jwk["kty"]].from_jwk(jwk)
        key = Key(material, "secret") if isinstance(material, bytes) else from_object(material)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm):
        raise KeyUnreadable(f"this {jwk['kty']} JWK lacks a member or has a wrong one") from None
    if key.length == 0:
        raise KeyUnreadable("the key is empty")
    return Key(key.material, key.kind, key_ops=None if ops is None else tuple(ops), **limits)


READERS = {
    "text": from_text,
    "base64url": from_base64url,
    "hex": from_hex,
    "pem": from_pem,
    "jwk": from_json,
}
JWK_READERS = {
    "oct": jwt.algorithms.HMACAlgorithm, "RSA": jwt.algorithms.RSAAlgorithm,
    "EC": jwt.algorithms.ECAlgorithm, "OKP": jwt.algorithms.OKPAlgorithm,
}  # fmt: skip
