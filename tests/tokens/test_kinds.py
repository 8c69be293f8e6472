"""What kind of token it is: by `typ`, else by the claims that only one kind has."""

from __future__ import annotations

import time

import jwt
import pytest

from jwt_demo.display.show import show
from jwt_demo.tokens.kinds import BY_TYP, Kind, kind_of

LOGOUT = {"http://schemas.openid.net/event/backchannel-logout": {}}
BY_CLAIMS = {  # the claims that tell it, each of which is needed, and its name
    "logout": ({"events": LOGOUT}, "a logout token"),
    "event": ({"events": {"urn:x": {}}}, "a security event token"),
    "DPoP": ({"htm": "GET", "htu": "https://api.example/"}, "a DPoP proof"),
    "SD-JWT": ({"_sd": ["x"]}, "the signed part of an SD-JWT"),
    "SD-JWT without disclosures": ({"_sd_alg": "sha-256"}, "the signed part of an SD-JWT"),
    "key binding": ({"sd_hash": "x"}, "a key binding token"),
    "federation": ({"metadata": {}, "jwks": {"keys": []}}, "an entity statement"),
    "federation's leaf": ({"authority_hints": ["https://a.example"]}, "an entity statement"),
    "credential": ({"vc": {}}, "a verifiable credential"),
    "presentation": ({"vp": {}}, "a verifiable presentation"),
    "introspection": ({"token_introspection": {"active": True}}, "an introspection response"),
    "request": ({"response_type": "code", "client_id": "c"}, "a signed authorization request"),
    "ID token with a nonce": ({"nonce": "n", "sub": "1", "aud": "c"}, "an ID token"),
    "ID token beside a token": ({"at_hash": "x"}, "an ID token"),
    "ID token beside a code": ({"c_hash": "x"}, "an ID token"),
    "response with a code": ({"code": "x", "state": "y"}, "a signed authorization response"),
    "response with an error": ({"state": "y", "iss": "i", "aud": "c"}, "a signed authorization response"),
    "assertion": ({"iss": "c", "sub": "c", "aud": "i", "jti": "1"}, "a client assertion"),
}  # fmt: skip


@pytest.mark.parametrize(("claims", "name"), BY_CLAIMS.values(), ids=BY_CLAIMS)
def test_a_kind_is_told_by_its_claims(claims: dict[str, object], name: str) -> None:
    """Many issuers write `JWT` as `typ` of everything. Without one of these claims it may be an access token."""
    kind = kind_of({"typ": "JWT"}, claims)
    assert kind is not None
    assert kind.name == name
    for missing in claims:
        rest = {claim: value for claim, value in claims.items() if claim != missing}
        assert kind_of({"typ": "JWT"}, rest) is None


ACCESS = {
    "an access token of OAuth": {"iss": "i", "sub": "1", "aud": "a", "jti": "1", "scope": "read"},
    "one with a nonce": {"nonce": "n", "sub": "1", "aud": "a", "scope": "openid"},
    "claims of another type": {"events": "x", "_sd": "x", "vc": "x", "vp": 1, "typ": ["id"]},
    "no claims": {},
}


@pytest.mark.parametrize("claims", ACCESS.values(), ids=ACCESS)
def test_what_may_be_an_access_token_is_no_other_kind(claims: dict[str, object]) -> None:
    """Wrongly named, it would be left out of the judgement."""
    assert kind_of({"typ": "JWT"}, claims) is None


@pytest.mark.parametrize(("typ", "kind"), BY_TYP.items())
def test_typ_counts_in_any_spelling(typ: str, kind: Kind) -> None:
    """Upper case or lower, with `application/` or without (RFC 7515 §4.1.9); before any claim."""
    for written in (typ, typ.upper(), f"application/{typ}"):
        assert kind_of({"typ": written}, {"htm": "GET", "htu": "x"}) is kind
    assert kind_of({}, {"typ": typ.title()}) is kind


def test_an_id_token_is_not_judged_as_an_access_token(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence names the kind and its specification."""
    claims = {"nonce": "n", "sub": "1", "aud": "c", "exp": int(time.time()) + 60}
    key = "k" * 32
    show(jwt.encode(claims, key), key)
    said = "not judged: this is an ID token, not an access token (OpenID Connect Core §2)"
    assert said in capsys.readouterr().out
