"""The key that was given: read in any form `inspect` reads, and believed only where it made the signature of the good token."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

import jwt

from ..tokens.keys import Key, Keys, KeyUnreadable, fits, read_keys
from .forge import HASHES, Good, Signer

SPELLINGS = ("auto", "base64", "base64url", "hex")  # how a secret may be written, beside as it is

Given = str | bytes | dict[str, Any]


class WrongKey(Exception):
    """Why the key that was given cannot sign here; nothing of the key is in the message."""


def signer_for(good: Good, given: Given) -> Signer:
    """The signer that makes tokens like the good one; WrongKey says what was found instead."""
    if good.alg in HASHES:
        return secret_for(good, given)
    try:
        keys = read_keys(given)
    except KeyUnreadable as error:
        raise WrongKey(f"the key given cannot be read: {error.reason}") from None
    for key in keys:
        if key.signs and not key.objection(good.alg, "sign") and made(good, key):
            return Signer(good.alg, key.material)
    raise WrongKey(why_not(good.alg, keys))


def secret_for(good: Good, given: Given) -> Signer:
    """The octets as they are, or those that they spell as base64, hexadecimal or a JWK: whichever made the signature."""
    for octets in candidates(given):
        signer = Signer(good.alg, octets)
        if hmac.compare_digest(signer.sign(good.token.signing_input), good.token.signature):
            return signer
    try:
        keys = read_keys(given)
    except KeyUnreadable as error:
        raise WrongKey(f"the key given cannot be read: {error.reason}") from None
    raise WrongKey(why_not(good.alg, keys))


def candidates(given: Given) -> Iterator[bytes]:
    if isinstance(given, str):
        yield given.encode("utf-8", "surrogatepass")
    elif not isinstance(given, dict):
        yield bytes(given)
    for form in SPELLINGS if not isinstance(given, dict) else ("auto",):
        try:
            yield from (key.material for key in read_keys(given, form) if key.kind == "secret")
        except KeyUnreadable:
            continue


def made(good: Good, key: Key) -> bool:
    """Whether this private key made the signature of the good token."""
    try:
        algorithm = jwt.get_algorithm_by_name(good.alg)
        return bool(algorithm.verify(good.token.signing_input, key.public, good.token.signature))
    except (jwt.PyJWTError, NotImplementedError, ValueError, TypeError):
        return False


def why_not(alg: str, keys: Keys) -> str:
    """What was given instead of the key that signs, by the first key that belongs to the algorithm."""
    fitting = [key for key in keys if fits(alg, key.kind)]
    if not keys:
        return "the key given cannot be used" + "".join(f": {why}" for why in keys.left_out[:1])
    if not fitting:
        return f"the key given cannot sign here: {keys[0].objection(alg, 'sign')}"
    if not any(key.signs for key in fitting):
        return f"the key given is a public one ({fitting[0].describe()}): it verifies and cannot sign, give the private key"
    objections = [key.objection(alg, "sign") for key in fitting if key.signs]
    if all(objections):
        return f"the key given cannot sign here: {objections[0]}"
    name = "secret" if alg in HASHES else "private key"
    return f"the {name} given is not the one the tokens are signed with"
