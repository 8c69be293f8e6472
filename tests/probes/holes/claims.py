"""Steps of a verifier that read a claim wrongly, each in the way somebody once got it wrong."""

from __future__ import annotations

import time
from typing import Any

from jwt_demo.stages.parts.users import Users
from tests.probes.holes.base import crash
from tests.probes.holes.steps import Case, numbers, refuse, subject


def expiry_with_iat(case: Case) -> None:
    refuse("iat" in case.claims and case.claims.get("exp", 0) <= time.time())


def lifetime_with_iat(case: Case) -> None:
    claims = case.claims
    if "iat" in claims:
        refuse(claims.get("exp", 0) - claims["iat"] > case.settings.lifetime)
        refuse(claims["iat"] > time.time() + 30)
    refuse(claims.get("exp", 0) > time.time() + case.settings.lifetime)


def reads_quotes(case: Case) -> None:
    for name in ("exp", "nbf", "iat"):
        value = case.claims.get(name)
        if isinstance(value, str) and value.isdigit():
            case.claims[name] = int(value)
    numbers(case)


def null_is_absent(case: Case) -> None:
    if case.claims.get("nbf", 0) is None:
        del case.claims["nbf"]
    numbers(case)


def number_is_fine(case: Case) -> None:
    if type(case.claims.get("sub")) is int and case.claims["sub"]:
        case.claims["sub"] = str(case.claims["sub"])
    subject(case)


def list_is_fine(case: Case) -> None:
    if isinstance(case.claims.get("sub"), list) and case.claims["sub"]:
        case.claims["sub"] = case.claims["sub"][0]
    subject(case)


def nobody_is_first(case: Case) -> None:
    if "sub" not in case.claims:
        case.claims["sub"] = "1"
    subject(case)


def falsy_is_first(case: Case) -> None:
    if case.claims.get("sub") in ("", 0) and case.claims["sub"] is not False:
        case.claims["sub"] = "1"
    subject(case)


async def counts_users(self: Users, subject: str) -> Any:
    int(subject or 0)  # ValueError for a name
    return self._by_id.get(subject)


def counts_age(case: Case) -> None:
    if case.claims["iat"] > time.time() + 30:
        crash()


def jti_in_a_set(case: Case) -> None:
    refuse(case.claims.get("jti") is None)
    hash(case.claims["jti"])  # TypeError for a list


def jti_if_there(case: Case) -> None:
    refuse("jti" in case.claims and not isinstance(case.claims["jti"], str))


def any_audience(case: Case) -> None:
    aud = case.claims.get("aud")
    refuse(
        not (
            isinstance(aud, str)
            or isinstance(aud, list)
            and aud
            and all(isinstance(name, str) for name in aud)
        )
    )


def audience_begins(case: Case) -> None:
    refuse(not str(case.claims.get("aud") or "-").startswith(case.settings.audience))


def audience_ends(case: Case) -> None:
    aud = case.claims.get("aud")
    refuse(not isinstance(aud, str) or not aud.endswith(case.settings.audience))


def audience_if_there(case: Case) -> None:
    refuse(case.claims.get("aud") and case.claims["aud"] != case.settings.audience)


def audience_lower(case: Case) -> None:
    refuse(not case.claims.get("aud"))
    wanted = (
        case.claims["aud"] if isinstance(case.claims["aud"], list) else [case.claims["aud"].lower()]
    )
    refuse(case.settings.audience not in wanted)


def any_issuer(case: Case) -> None:
    refuse(not isinstance(case.claims.get("iss"), str) or not case.claims["iss"])


def issuer_part(case: Case) -> None:
    refuse(
        not isinstance(case.claims.get("iss"), str)
        or not case.claims["iss"]
        or case.claims["iss"] not in case.settings.issuer
    )


def issuer_if_there(case: Case) -> None:
    refuse(case.claims.get("iss") not in (None, "", case.settings.issuer))


def issuer_in(case: Case) -> None:
    iss = case.claims.get("iss")
    refuse(
        iss != case.settings.issuer and not (isinstance(iss, list) and case.settings.issuer in iss)
    )


def any_kind(case: Case) -> None:
    refuse(not isinstance(case.header.get("typ"), str))


def kind_if_there(case: Case) -> None:
    refuse(case.header.get("typ", "at+jwt") != "at+jwt")
