"""Making bad tokens out of a good one: exactly one thing is changed, everything else stays as the server issued it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field, replace
from typing import Any

import jwt

from ..tokens.anatomy import Token, encode_segment

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
    def subject(self) -> str | None:
        """The name of the claim that says who: `sub`, or what stands in its place; None where there is none."""
        return next((name for name in SUBJECTS if name in self.claims), None)

    @property
    def lifetime(self) -> float:
        """Seconds from `iat` to `exp`, as far as the token says."""
        exp, iat = self.claims.get("exp"), self.claims.get("iat")
        return (
            max(exp - iat, 1)
            if isinstance(exp, int | float) and isinstance(iat, int | float)
            else 300
        )

    @property
    def expired(self) -> bool:
        """Whether its time is over, as far as the token says; then its rejection is right."""
        exp = self.claims.get("exp")
        return isinstance(exp, int | float) and exp <= time.time()

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


SUBJECTS = ("sub", "user_id", "userId", "uid", "user", "username", "email", "id", "_id")
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


def armed(good: Good, signer: Signer | None) -> Good:
    return replace(good, signer=signer)
