"""A verifier in steps, each of which can be swapped for a wrong one; with none swapped it is as strict as `complete`."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web

from jwt_demo.stages import complete
from jwt_demo.stages.parts import settings
from jwt_demo.tokens.anatomy import Token, TokenError
from jwt_demo.tokens.claims import is_numeric_date
from tests.probes.holes.base import Lab


@dataclass
class Case:
    """A token on its way through the steps."""

    text: str
    settings: settings.Settings
    header: dict[str, Any] = field(default_factory=dict)
    claims: Any = None
    payload: bytes = b""
    signature: bytes = b""
    key: bytes = b""

    @property
    def signing_input(self) -> bytes:
        return self.text.rpartition(".")[0].encode("ascii")

    def mac(self, alg: str = "HS256", key: bytes | None = None) -> bytes:
        return hmac.digest(self.key if key is None else key, self.signing_input, f"sha{alg[2:]}")


def refuse(condition: Any = True) -> None:
    if condition:
        raise jwt.InvalidTokenError("refused")


def form(case: Case) -> None:
    refuse(len(case.text) > 4096)
    try:
        token = Token.parse(case.text)
    except TokenError:
        refuse()
    case.header, case.claims, case.payload, case.signature = (
        token.header,
        token.claims,
        token.payload,
        token.signature,
    )


def alg(case: Case) -> None:
    refuse(case.header.get("alg") != "HS256")


def crit(case: Case) -> None:
    refuse("crit" in case.header)


def kid(case: Case) -> None:
    refuse("kid" in case.header and not isinstance(case.header["kid"], str))


def key(case: Case) -> None:
    case.key = case.settings.key.encode("ascii")


def signature(case: Case) -> None:
    refuse(not hmac.compare_digest(case.mac(), case.signature))


def kind(case: Case) -> None:
    refuse(case.header.get("typ") != "at+jwt")


def claims(case: Case) -> None:
    refuse(not isinstance(case.claims, dict))


def issuer(case: Case) -> None:
    refuse(case.claims.get("iss") != case.settings.issuer)


def audience(case: Case) -> None:
    refuse(case.claims.get("aud") != case.settings.audience)


def numbers(case: Case) -> None:
    refuse(
        not all(
            is_numeric_date(case.claims[name])
            for name in ("exp", "nbf", "iat")
            if name in case.claims
        )
    )


def ends(case: Case) -> None:
    refuse("exp" not in case.claims)


def expiry(case: Case) -> None:
    refuse("exp" in case.claims and case.claims["exp"] <= time.time())


def start(case: Case) -> None:
    refuse("nbf" in case.claims and case.claims["nbf"] > time.time())


def issued(case: Case) -> None:
    refuse(case.claims["iat"] > time.time() + 30)


def lifetime(case: Case) -> None:
    refuse(
        "exp" in case.claims and case.claims["exp"] - case.claims["iat"] > case.settings.lifetime
    )


def subject(case: Case) -> None:
    refuse(not isinstance(case.claims.get("sub"), str))


def jti(case: Case) -> None:
    refuse(not isinstance(case.claims.get("jti"), str))


STEPS = {
    step.__name__: step
    for step in (
        form,
        alg,
        crit,
        kid,
        key,
        signature,
        kind,
        claims,
        issuer,
        audience,
        numbers,
        ends,
        expiry,
        start,
        issued,
        lifetime,
        subject,
        jti,
    )
}


def nothing(case: Case) -> None:
    pass


@dataclass(frozen=True)
class Verifying:
    """`complete` with the verifier above, some of its steps swapped."""

    swaps: dict[str, Callable[[Case], None]]

    def __post_init__(self) -> None:
        assert set(self.swaps) <= set(STEPS), "a swapped step is one of the steps"

    def __call__(self, lab: Lab) -> web.Application:
        steps = {**STEPS, **self.swaps}

        def verify(token: str, settings: Any) -> dict[str, Any]:
            case = Case(token, settings)
            for step in steps.values():
                step(case)
            return case.claims

        lab.patch(complete, "verify", verify)
        return lab.complete()

    @property
    def in_any_algorithm(self) -> bool:
        """Whether none of its swapped steps has to do with how a token is signed."""
        return bool(self.swaps) and not self.swaps.keys() & {"alg", "key", "signature"}


def verifying(**swaps: Callable[[Case], None]) -> Verifying:
    return Verifying(swaps)
