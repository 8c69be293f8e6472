"""Keys in JSON: a JWK, a JWK Set, and what else is published in their place. An error names the member that is wrong.

>>> from_jwk({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"})
Traceback (most recent call last):
jwt_demo.tokens.key_material.KeyUnreadable: this EC JWK: `x` has 3 bytes, P-256 needs 32
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import jwt

from .crypto_library import IS_HERE, WITHOUT, UnsupportedAlgorithm
from .key_material import Key, Keys, KeyUnreadable, from_object
from .lenient_base64 import octets_in
from .member_types import json_type

EC_BYTES = {"P-256": 32, "P-384": 48, "P-521": 66}  # RFC 7518 §6.2.1
OKP_BYTES = {"Ed25519": 32, "Ed448": 57}  # RFC 8037 §2
RSA_PRIVATE = ("p", "q", "dp", "dq", "qi")  # all of them or none: RFC 7518 §6.3.2
MEMBERS = {
    "oct": ("k",),
    "RSA": ("n", "e"),
    "EC": ("crv", "x", "y"),
    "OKP": ("crv", "x"),
}


def from_jwk(jwk: Any) -> Keys:
    """A JWK or the usable keys of a JWK Set (RFC 7517); what can't be read in a set is left out and named (§5)."""
    if isinstance(jwk, list):
        jwk = {"keys": jwk}
    if not isinstance(jwk, dict):
        raise KeyUnreadable("a JWK is a JSON object")
    if "keys" not in jwk or "kty" in jwk:
        return Keys([one_jwk(jwk)])
    if not isinstance(jwk["keys"], list):
        raise KeyUnreadable("this JWK Set has no list: its member `keys` is a JSON array of JWKs")
    if not jwk["keys"]:
        raise KeyUnreadable("this JWK Set is empty: its list `keys` contains no key")
    found, left_out = [], []
    for place, member in enumerate(jwk["keys"], start=1):
        try:
            found.append(one_jwk(member))
        except KeyUnreadable as error:
            left_out.append(f"{name_in_set(member, place)}: {error}")
    if not found:
        raise KeyUnreadable(
            f"this JWK Set contains no key that can be used here. Left out is {'; '.join(left_out[:3])}"
        )
    return Keys(found, left_out)


def name_in_set(jwk: Any, place: int) -> str:
    """How a key of a set is called in a message: by its `kid`, else by its place."""
    kid = jwk.get("kid") if isinstance(jwk, dict) else None
    return f"the key {kid[:60]!r}" if isinstance(kid, str) and kid else f"key number {place}"


def one_jwk(jwk: Any) -> Key:
    """One JWK; KeyUnreadable names the member that is missing, of another type, or of another length."""
    if not isinstance(jwk, dict):
        raise KeyUnreadable("a JWK is a JSON object")
    jwk = {
        name: value for name, value in jwk.items() if value is not None
    }  # Azure's tools print null for what is not there
    kty = jwk.get("kty")
    if not isinstance(kty, str) or kty not in MEMBERS:
        raise KeyUnreadable(on_kty(jwk))
    limits = {name: jwk.get(name) for name in ("alg", "use", "kid")}
    for name, value in limits.items():
        if value is not None and not isinstance(value, str):
            raise KeyUnreadable(
                f"this {kty} JWK: `{name}` is {json_type(value)}, it must be a string"
            )
    ops = jwk.get("key_ops")
    if ops is not None and not (isinstance(ops, list) and all(isinstance(op, str) for op in ops)):
        raise KeyUnreadable(f"this {kty} JWK: `key_ops` must be a list of strings")
    if flaw := flaw_in(kty, jwk):
        raise KeyUnreadable(f"this {kty} JWK: {flaw}")
    if kty != "oct" and not IS_HERE:
        raise KeyUnreadable(f"reading this {kty} JWK {WITHOUT}")
    try:
        material = LOADERS[kty](jwk)
    except UnsupportedAlgorithm:
        raise KeyUnreadable(f"this {kty} JWK: the kind of key is not supported here") from None
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        public = NUMBERS[kty].partition(", or `d`")[0]
        raise KeyUnreadable(
            f"this {kty} JWK: {NUMBERS[kty] if 'd' in jwk else public + exchanged(kty, jwk)}"
        ) from None
    if kty == "oct":
        source = jwk["k"].encode("ascii")
        key = Key(material, "secret", form="oct JWK", source=source)
    else:
        key = from_object(material)
    return Key(
        key.material,
        key.kind,
        key_ops=None if ops is None else tuple(ops),
        form="JWK",
        source=key.source,
        **limits,
    )


LOADERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "oct": lambda jwk: jwt.algorithms.HMACAlgorithm.from_jwk(jwk),
    "RSA": lambda jwk: jwt.algorithms.RSAAlgorithm.from_jwk(jwk),
    "EC": lambda jwk: jwt.algorithms.ECAlgorithm.from_jwk(jwk),
    "OKP": lambda jwk: jwt.algorithms.OKPAlgorithm.from_jwk(jwk),
}


def exchanged(kty: str, jwk: dict[str, Any]) -> str:
    """Whether `x` and `y` of an EC key are a point the other way round."""
    if kty != "EC":
        return ""
    try:
        LOADERS[kty]({**jwk, "x": jwk["y"], "y": jwk["x"]})
    except (jwt.PyJWTError, ValueError, TypeError):
        return ""
    return ": they are exchanged"


NUMBERS = {
    "oct": "its `k` cannot be read",
    "RSA": "its numbers `n` and `e` (or the private ones) do not belong together",
    "EC": "`x` and `y` are no point on its curve, or `d` does not belong to them",
    "OKP": "`x` is no point on its curve, or `d` does not belong to it",
}


def on_kty(jwk: dict[str, Any]) -> str:
    """What is wrong with `kty`, the member that says what kind of key this is (RFC 7517 §4.1)."""
    kty = jwk.get("kty")
    if kty is None:
        found = ", ".join(f"`{name}`"[:40] for name in list(jwk)[:6]) or "no member"
        return f"this is no JWK: `kty` is missing (found {found})"
    if not isinstance(kty, str):
        return f"this JWK: `kty` is {json_type(kty)}, it must be a string"
    if kty.endswith("-HSM"):
        return f"this JWK: `kty` is {kty[:30]!r} (a key in Azure's hardware); elsewhere its name is {kty[:-4]!r}"
    spelled = {name.lower(): name for name in MEMBERS}.get(kty.lower())
    if spelled:
        return f"this JWK: `kty` is {kty!r}, upper and lower case count: {spelled!r}"
    if kty == "AKP":
        return (
            "this JWK: `kty` is 'AKP', a key for ML-DSA (post-quantum), which is not verified here"
        )
    return f"this JWK: `kty` is {kty[:30]!r}, known here are {', '.join(MEMBERS)}"


def flaw_in(kty: str, jwk: dict[str, Any]) -> str:
    """The first member that is missing or wrong, in words; '' when all have their type and length."""
    for name in MEMBERS[kty]:
        if name not in jwk:
            other = next((key for key in jwk if key.lower() == name and key != name), None)
            if "x5c" in jwk:
                return f"the member `{name}` is missing; `x5c` contains a certificate: give its first text, as PEM"
            return f"the member `{name}` is missing" + (
                f" (there is `{other}`; upper and lower case count)" if other else ""
            )
    if kty in ("EC", "OKP") and (flaw := on_curve(kty, jwk["crv"])):
        return flaw
    octets: dict[str, int] = {}
    for name in ("k", "n", "e", "x", "y", "d", *RSA_PRIVATE):
        if name in jwk and (name in MEMBERS[kty] or kty != "oct"):
            flaw, octets[name] = on_number(name, jwk[name])
            if flaw:
                return flaw
    if kty == "oct" and octets["k"] == 0:
        return "the key is empty"
    curve = jwk.get("crv")  # of an RSA or oct key it can be anything
    needed = (EC_BYTES | OKP_BYTES).get(curve, 0) if isinstance(curve, str) else 0
    for name in ("x", "y", "d") if needed else ():
        if name in octets and octets[name] != needed:
            zero = needed - 1 == octets[name]
            remark = ". Was a leading zero byte lost?" if zero and kty == "EC" else ""
            return f"`{name}` has {octets[name]} bytes, {jwk['crv']} needs {needed}{remark}"
    if kty == "RSA":
        return on_rsa(jwk, octets)
    return ""


CURVES_ELSEWHERE = {
    "p256": "P-256", "secp256r1": "P-256", "prime256v1": "P-256", "p384": "P-384", "secp384r1": "P-384", "p521": "P-521", "secp521r1": "P-521",
}  # fmt: skip


def on_curve(kty: str, crv: Any) -> str:
    if not isinstance(crv, str):
        return f"`crv` is {json_type(crv)}, it must be a string"
    known = EC_BYTES if kty == "EC" else OKP_BYTES
    if crv in known:
        return ""
    if crv == "secp256k1":
        return "`crv` is 'secp256k1', which belongs to ES256K (RFC 8812) and is not verified here"
    if crv in ("X25519", "X448"):
        return f"`crv` is {crv!r}: it is for key agreement (encryption) and cannot sign"
    if crv in EC_BYTES or crv in OKP_BYTES:
        return f"`crv` is {crv!r}, which belongs to `kty` {'OKP' if kty == 'EC' else 'EC'}"
    name = CURVES_ELSEWHERE.get(crv.lower())
    if name and kty == "EC":
        return f"`crv` is {crv!r}: in a JWK its name is P-256, P-384 or P-521, here {name}"
    return f"`crv` is {crv[:30]!r}, known for {kty} are {', '.join(known)}"


def on_number(name: str, value: Any) -> tuple[str, int]:
    """A flaw and the length in bytes of a member that holds octets as base64url."""
    if not isinstance(value, str):
        return f"`{name}` is {json_type(value)}, it must be a base64url string", 0
    bare = value.rstrip("=")
    if written := on_digits(name, bare):
        return written, 0
    if re.search(r"\s", bare):
        return f"`{name}` has a line break or a blank in it: remove it", 0
    if re.search(r"[+/]", bare):
        return (
            f"`{name}` has `+` or `/`: that is standard base64, a JWK uses base64url (`-` and `_`)",
            0,
        )
    if stray := re.search(r"[^A-Za-z0-9_-]", bare):
        return (
            f"`{name}` has the character {stray[0]!a}, which is not base64url (A-Z a-z 0-9 - _)",
            0,
        )
    if len(bare) % 4 == 1:
        cause = "it holds the secret as text, or is cut off" if name == "k" else "it is cut off"
        length = f"`{name}` has {len(bare)} characters, a length that base64url never has"
        return f"{length}: {cause}", 0
    return "", len(octets_in(bare) or b"")


def on_digits(name: str, text: str) -> str:
    """A number that was written in digits; by chance no base64url of 20 bytes or more has digits alone."""
    short = name == "e" and text in ("65537", "3", "17", "010001", "10001")
    if not short and len(text) < 28 or not re.fullmatch(r"[0-9A-Fa-f]+", text):
        return ""
    form = "hexadecimal" if re.search(r"[A-Fa-f]|^0", text) or text == "10001" else "decimal"
    remark = " (65537 is AQAB)" if name == "e" else ""
    return f"`{name}` is written in {form} digits; it must be base64url of its bytes{remark}"


def on_rsa(jwk: dict[str, Any], octets: dict[str, int]) -> str:
    if octets["n"] < 64:
        return f"`n` has {octets['n']} bytes, an RSA key of 2,048 bits has 256"
    if not octets["e"]:
        return "`e` is empty; it is nearly always AQAB (65537)"
    given = [name for name in RSA_PRIVATE if name in jwk]
    if given and len(given) < len(RSA_PRIVATE):
        lost = ", ".join(f"`{name}`" for name in RSA_PRIVATE if name not in jwk)
        return f"{lost} missing: a private key has all of p, q, dp, dq, qi or none of them"
    return ""
