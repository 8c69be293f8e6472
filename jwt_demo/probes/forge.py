"""Making bad tokens out of a good one: exactly one thing is changed, everything else stays as the server issued it."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field, replace
from typing import Any

import jwt

from ..tokens.anatomy import Token, encode_segment
from ..tokens.signatures import KeyUnreadable, read_keys

MISSING = object()  # as a value: leave the name out


@dataclass(frozen=True)
class Signer:
    """A key and the algorithm it signs with; neither shows."""

    alg: str
    key: Any = field(repr=False)

    def sign(self, signing_input: bytes) -> bytes:
        if self.alg in HASHES:  # by hand: PyJWT rightly refuses the keys that attacks are made with
            return hmac.digest(self.key, signing_input, HASHES[self.alg])
        algorithm = jwt.get_algorithm_by_name(self.alg)
        return algorithm.sign(signing_input, algorithm.prepare_key(self.key))


HASHES = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}


@dataclass(frozen=True)
class Good:
    """A token the server issued, and, where the secret is known, the means to sign a changed one."""

    token: Token
    signer: Signer | None = None

    @property
    def text(self) -> str:
        return self.token.text

    @property
    def alg(self) -> str:
        return str(self.token.header.get("alg"))

    @property
    def header(self) -> dict[str, Any]:
        return self.token.header

    @property
    def claims(self) -> dict[str, Any]:
        return self.token.claims or {}

    @property
    def lifetime(self) -> float:
        """Seconds from `iat` to `exp`, as far as the token says."""
        exp, iat = self.claims.get("exp"), self.claims.get("iat")
        return (
            max(exp - iat, 1)
            if isinstance(exp, int | float) and isinstance(iat, int | float)
            else 300
        )

    def with_claims(self, **changes: Any) -> str:
        """Some claims changed, added, or left out (`MISSING`), and signed again."""
        return self.with_payload(encode(changed(self.claims, changes)))

    def with_raw_claim(self, name: str, text: str) -> str:
        """One claim whose value is this JSON text, valid or not."""
        return self.with_payload(
            encode(changed(self.claims, {name: PLACE})).replace(encode(PLACE), text.encode("utf-8"))
        )

    def with_payload(self, payload: bytes) -> str:
        return assemble(self.header, payload, self.signer)

    def with_header(self, signer: Signer | None = None, **changes: Any) -> str:
        """Some header parameters changed, added or left out; signed by the good key, or by `signer`."""
        return assemble(changed(self.header, changes), self.token.payload, signer or self.signer)

    def signed_by(self, signer: Signer, **header: Any) -> str:
        """The same claims under a key of the attacker's, with the algorithm that key has."""
        return self.with_header(signer, alg=signer.alg, **header)

    def with_parts(
        self,
        *,
        header: dict[str, Any] | None = None,
        payload: bytes | None = None,
        signature: str | None = None,
    ) -> str:
        """Parts replaced and nothing signed again."""
        first, second, third = self.text.split(".")
        return ".".join(
            (
                first if header is None else encode_segment(encode(header)),
                second if payload is None else encode_segment(payload),
                third if signature is None else signature,
            )
        )


PLACE = "here stands another value"


def changed(object: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**object, **changes}.items() if value is not MISSING}


def encode(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def assemble(header: dict[str, Any], payload: bytes, signer: Signer | None) -> str:
    assert signer is not None, "the runner asks for the secret before a probe that signs"
    signing_input = f"{encode_segment(encode(header))}.{encode_segment(payload)}"
    return f"{signing_input}.{encode_segment(signer.sign(signing_input.encode('ascii')))}"


def signer_for(good: Good, secret: str | bytes) -> Signer | None:
    """The signer that makes tokens like the good one; None when this key does not fit its algorithm."""
    octets = secret.encode("utf-8") if isinstance(secret, str) else bytes(secret)
    if good.alg in HASHES:
        signer = Signer(good.alg, octets)
        return (
            signer
            if hmac.compare_digest(signer.sign(good.token.signing_input), good.token.signature)
            else None
        )
    try:
        keys = read_keys(octets)
        signers = [
            Signer(good.alg, key.material)
            for key in keys
            if key.signs and not key.objection(good.alg, "sign")
        ]
        for signer in signers:
            algorithm = jwt.get_algorithm_by_name(good.alg)
            if algorithm.verify(
                good.token.signing_input, public_half(signer.key), good.token.signature
            ):
                return signer
    except (KeyUnreadable, jwt.PyJWTError, NotImplementedError, ValueError, TypeError):
        return None
    return None


def public_half(key: Any) -> Any:
    return key.public_key() if hasattr(key, "public_key") else key


def armed(good: Good, signer: Signer | None) -> Good:
    return replace(good, signer=signer)
