"""A key after it was read: what kind it is, what it may be used for. Its material never shows.

>>> Key(b"s" * 32, "secret").describe()
'a secret of 32 bytes'
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .crypto_library import IS_HERE, WITHOUT

if IS_HERE:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import (
        dsa,
        ec,
        ed448,
        ed25519,
        rsa,
        x448,
        x25519,
    )


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
    form: str = field(default="", repr=False, compare=False)  # how it was written: "PEM", "text" …
    source: bytes | None = field(
        default=None, repr=False, compare=False
    )  # a secret as it was given

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
            return f"this key is {KINDS[self.kind]}, {alg} needs {needed_for(alg)}"
        if self.alg is not None and self.alg != alg and {self.alg, alg} != {"EdDSA", self.kind}:
            case = ": upper and lower case count" if self.alg.lower() == alg.lower() else ""
            return f"the key is for {self.alg} only, the token says {alg}{case}"
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


class Keys(list[Key]):
    """Keys that were given together; `left_out` says for each one that can't be used which it is and why."""

    def __init__(self, keys: Iterable[Key] = (), left_out: Iterable[str] = ()):
        super().__init__(keys)
        self.left_out = tuple(left_out)


class KeyUnreadable(ValueError):
    """Why a text is no key that can be used here, in a sentence that holds nothing of it.

    `command` converts it, with `{file}` where the file's name belongs.
    """

    def __init__(self, reason: str, command: str = "", file: str = "FILE"):
        super().__init__(f"{reason}: {command.format(file=file)}" if command else reason)
        self.reason = reason
        self.command = command

    def in_file(self, file: str, quoted: str) -> KeyUnreadable:
        """The same error about a file: its name in front, and in the command."""
        return KeyUnreadable(f"{file}: {self.reason}", self.command, quoted)


KINDS = {
    "secret": "a secret", "RSA": "an RSA key", "P-256": "a P-256 key", "P-384": "a P-384 key", "P-521": "a P-521 key",
    "Ed25519": "an Ed25519 key", "Ed448": "an Ed448 key",
}  # fmt: skip
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
CURVE_NAMES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
EDWARDS = ("Ed25519", "Ed448")  # RFC 9864 names the algorithms as their curves


def fits(alg: str, kind: str) -> bool:
    """Whether keys of this kind belong to the algorithm (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2)."""
    if alg == "EdDSA":
        return kind in EDWARDS
    if alg in EDWARDS:
        return kind == alg
    families = {"HS": "secret", "RS": "RSA", "PS": "RSA", "ES": CURVES.get(alg)}
    return kind == families.get(alg[:2])


def needed_for(alg: str) -> str:
    if alg == "EdDSA":
        return "an Ed25519 or Ed448 key"
    return next((words for kind, words in KINDS.items() if fits(alg, kind)), "another key")


def from_object(key: Any, form: str = "") -> Key:
    """An object of `cryptography` as a key; KeyUnreadable names kinds that no JWT algorithm uses."""
    if not IS_HERE:  # so this is none of its objects
        raise no_key(key)
    if isinstance(key, x509.Certificate | x509.CertificateSigningRequest):
        key = key.public_key()
    if isinstance(key, rsa.RSAPublicKey | rsa.RSAPrivateKey):
        return Key(key, "RSA", form=form)
    if isinstance(key, ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey):
        if key.curve.name in CURVE_NAMES:
            return Key(key, CURVE_NAMES[key.curve.name], form=form)
        remark = (
            "it belongs to ES256K (RFC 8812), which is not verified here"
            if key.curve.name == "secp256k1"
            else "JWTs use P-256, P-384 and P-521"
        )
        raise KeyUnreadable(f"this is a key on the curve {key.curve.name}; {remark}")
    if isinstance(key, ed25519.Ed25519PublicKey | ed25519.Ed25519PrivateKey):
        return Key(key, "Ed25519", form=form)
    if isinstance(key, ed448.Ed448PublicKey | ed448.Ed448PrivateKey):
        return Key(key, "Ed448", form=form)
    if isinstance(key, x25519.X25519PublicKey | x25519.X25519PrivateKey):
        raise KeyUnreadable(AGREEMENT.format("X25519", "Ed25519"))
    if isinstance(key, x448.X448PublicKey | x448.X448PrivateKey):
        raise KeyUnreadable(AGREEMENT.format("X448", "Ed448"))
    if isinstance(key, dsa.DSAPublicKey | dsa.DSAPrivateKey):
        raise KeyUnreadable(
            "this is a DSA key; no JWT algorithm uses DSA. Ask for an RSA or EC key"
        )
    if "MLDSA" in type(key).__name__.upper():
        raise KeyUnreadable("this is a key for ML-DSA (post-quantum), which is not verified here")
    raise no_key(key)


def no_key(value: Any) -> KeyUnreadable:
    return KeyUnreadable(
        f"a value of type {type(value).__name__} is no key for a JWT: give text, bytes or a dict"
    )


AGREEMENT = "this is an {} key: it is for key agreement (encryption) and cannot sign. The one that signs is {}"


def fresh_key(alg: str) -> Key:
    """A random key that signs with `alg`: as many bytes as its hash has, RSA with 2,048 bits, the curve that belongs to it."""
    if alg.startswith("HS"):
        return Key(secrets.token_bytes(int(alg[2:]) // 8), "secret")
    if not IS_HERE:
        raise KeyUnreadable(f"a key for {alg} {WITHOUT}")
    if alg.startswith("ES"):
        curves = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}
        return from_object(ec.generate_private_key(curves[alg]))
    if alg == "Ed448":
        return from_object(ed448.Ed448PrivateKey.generate())
    if alg in ("EdDSA", "Ed25519"):
        return from_object(ed25519.Ed25519PrivateKey.generate())
    return from_object(rsa.generate_private_key(public_exponent=65537, key_size=2048))
