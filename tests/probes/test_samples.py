"""Tokens of the server's own that stand in for the key: one that would prove nothing is not sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from jwt_demo.probes import CannotProbe, probe
from jwt_demo.probes.samples import checked
from tests.probes.holes.base import running
from tests.probes.holes.own_routes import application
from tests.probes.holes.own_service import AUDIENCE, ISSUER, Service

TO_SERVICE: dict[str, Any] = {
    "path": "/api/v2/me",
    "login_path": "/auth/sign-in",
    "token_field": "data.jwt",
    "login_json": {"account": {"login": "ann@shop.example", "pass": "correct horse"}},
}
LEEWAY = "--expired-token-file: the exp of this token is not more than a minute ago"
EXPIRED = "--other-issuer-token-file: this token has expired, so its rejection would prove nothing"


def expiring(**claims: float) -> str:
    """A token whose `exp` is so many seconds from now."""
    return jwt.encode({name: time.time() + ahead for name, ahead in claims.items()}, "k" * 32)


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("expired", lambda: "e30", "--expired-token-file: the file does not contain a token: "),
        ("expired", expiring, LEEWAY),
        ("expired", lambda: expiring(exp=-30), LEEWAY),
        ("other-issuer", lambda: expiring(exp=-30), EXPIRED),
    ],
    ids=["no token", "no exp", "an exp in the leeway", "expired"],
)
def test_a_token_that_would_prove_nothing_is_refused(name: str, make: Callable[[], str], said: str):
    """A line that names the option."""
    with pytest.raises(CannotProbe) as refusal:
        checked(name, make())
    assert str(refusal.value).startswith(said)


def good(service: Service, **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "iat": now, "exp": now + 600, "jti": "a", "use": "access", "fam": "b"}  # fmt: skip
    return service.sign({"alg": service.alg, "typ": "JWT"}, {**claims, **changes})


@pytest.mark.parametrize(
    ("name", "option", "claim"),
    [
        ("other-audience", "--other-audience-token-file", "aud"),
        ("other-issuer", "--other-issuer-token-file", "iss"),
    ],
)
async def test_a_token_for_this_service_is_no_other(name: str, option: str, claim: str):
    """It would be accepted, and rightly."""
    service = Service("HS256")
    async with running(application(service)) as url:
        report = await probe(url, only=[name], samples={name: good(service)}, **TO_SERVICE)
    (result,) = report
    assert (result.verdict, result.got) == (
        "not run",
        f"the token of {option} has the same {claim} as the good one",
    )


async def test_without_an_exp_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    """And a token that lives for longer than --wait is not waited for either."""
    service = Service("HS256")
    async with running(application(service)) as url:
        (long,) = await probe(url, only=["expired"], wait=1, **TO_SERVICE)
        token = good(service)
        (given,) = await probe(url, only=["expired"], wait=1, token=token, path="/api/v2/me")
    assert (long.verdict, given.verdict) == ("not run", "not run")
    assert long.got.startswith("the token lives for another ")
    assert long.got.endswith(" s, and --wait is 1")
    assert given.got.startswith("only one token was given")
