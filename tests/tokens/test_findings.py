"""What is odd about a token: each finding on a token that has exactly that oddity, none on a good one."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwt_demo.tokens.anatomy import Token, TokenError, encode_segment
from jwt_demo.tokens.findings import findings

NOW = 1_700_000_000
GOOD = {"sub": "1", "iat": NOW, "exp": NOW + 300}


BYTES = {"HS384": 48, "HS512": 64, "RS256": 256, "PS512": 256}


def compact(claims, header=None):
    def encode(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    header = header or {"alg": "HS256", "typ": "JWT"}
    alg = header.get("alg")
    signature = encode_segment(b"s" * (BYTES.get(alg, 32) if isinstance(alg, str) else 32))
    return f"{encode(header)}.{encode(claims)}.{signature}"


def codes(claims=None, header=None, **options):
    return [
        finding.code
        for finding in findings(
            Token.parse(compact(GOOD if claims is None else claims, header)), now=NOW, **options
        )
    ]


def test_a_good_token_has_no_findings():
    """No false alarm on a short-lived token with a string subject and a key long enough."""
    assert codes(key_length=32) == []


WITHOUT_EXP = {"sub": "1", "iat": NOW}
ODD = {
    "no exp": ("no-exp", WITHOUT_EXP, None),
    "exp a string": ("exp-not-a-date", {**GOOD, "exp": str(NOW)}, None),
    "exp true": ("exp-not-a-date", {**GOOD, "exp": True}, None),
    "exp null": ("exp-not-a-date", {**GOOD, "exp": None}, None),
    "exp beyond any number": ("exp-not-a-date", {**GOOD, "exp": 10**400}, None),
    "nbf a list": ("nbf-not-a-date", {**GOOD, "nbf": [NOW]}, None),
    "iat an object": ("iat-not-a-date", {**GOOD, "iat": {}}, None),
    "exp in milliseconds": ("exp-in-milliseconds", {**GOOD, "exp": (NOW + 300) * 1000}, None),
    "expired this second": ("expired", {**GOOD, "exp": NOW}, None),
    "expired for ages": ("expired", {**GOOD, "exp": -1e300}, None),
    "two years": ("long-lifetime", {**GOOD, "exp": NOW + 2 * 366 * 86400}, None),
    "two years, no iat": ("long-lifetime", {"sub": "1", "exp": NOW + 2 * 366 * 86400}, None),
    "issued before time began": ("long-lifetime", {**GOOD, "iat": -1e300}, None),
    "not yet": ("not-yet-valid", {**GOOD, "nbf": NOW + 1}, None),
    "issued tomorrow": (
        "issued-in-the-future",
        {"sub": "1", "iat": NOW + 86400, "exp": NOW + 86700},
        None,
    ),
    "sub a number": ("sub-not-string", {**GOOD, "sub": 1}, None),
    "jti a number": ("jti-not-string", {**GOOD, "jti": 1}, None),
    "a password": ("secret-in-claims", {**GOOD, "password": "x"}, None),
    "an api key": ("secret-in-claims", {**GOOD, "apiKey": "x"}, None),
    "an e-mail under any name": ("personal-data", {**GOOD, "login": "ada@example.org"}, None),
    "a birthday": ("personal-data", {**GOOD, "birthdate": "x"}, None),
    "no alg": ("no-alg", GOOD, {"typ": "JWT"}),
    "alg a number": ("no-alg", GOOD, {"alg": 7}),
    "alg none": ("alg-none", GOOD, {"alg": "none"}),
    "alg nOnE": ("alg-none", GOOD, {"alg": "nOnE"}),
    "a key of its own": (
        "key-in-header",
        GOOD,
        {"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}},
    ),
    "an address of keys": ("key-in-header", GOOD, {"alg": "HS256", "jku": "http://127.0.0.1:9/"}),
    "crit": ("crit", GOOD, {"alg": "HS256", "crit": ["exp"]}),
}


@pytest.mark.parametrize(("code", "claims", "header"), ODD.values(), ids=ODD)
def test_each_oddity_is_found_and_nothing_else(code, claims, header):
    """One thing is odd, one finding says so."""
    assert codes(claims, header) == [code]


@pytest.mark.parametrize(
    ("alg", "shortest"),
    [("HS256", 32), ("HS384", 48), ("HS512", 64), ("RS256", 256), ("PS512", 256)],
)
def test_a_key_that_is_too_short_is_found(alg, shortest):
    """As many bytes as the hash has (RFC 7518 §3.2), 2048 bits for RSA (§3.3, §3.5), and that many is enough."""
    assert codes(header={"alg": alg}, key_length=shortest) == []
    assert codes(header={"alg": alg}, key_length=shortest - 1) == ["key-too-short"]


def test_what_the_parser_refused_comes_first():
    """A token with padding can still be looked at; that it was rejected is the first finding."""
    with pytest.raises(TokenError) as caught:
        Token.parse(compact(WITHOUT_EXP) + "=")
    found = findings(caught.value.token, now=NOW, error=caught.value)
    assert [finding.code for finding in found] == ["not-base64url", "no-exp"]
    assert found[0].reference == "RFC 7515 §2"


def test_a_payload_without_claims_is_not_blamed_for_lacking_exp():
    """Where there are no claims the one finding is that there are none."""
    with pytest.raises(TokenError) as caught:
        Token.parse(compact([1]))
    assert [
        finding.code for finding in findings(caught.value.token, now=NOW, error=caught.value)
    ] == ["not-an-object"]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)
names = st.sampled_from(
    ["exp", "nbf", "iat", "sub", "jti", "aud", "password", "email", "\ud800"]
) | st.text(max_size=6)


def test_swapped_segments_are_not_blamed_for_lacking_exp():
    """The claims stand in the header's place, so what the payload lacks says nothing."""
    swapped = Token.parse(compact({"alg": "HS256", "typ": "JWT"}, GOOD))
    assert [found.code for found in findings(swapped, now=NOW)] == ["no-alg"]


@given(
    st.dictionaries(names, json_values, max_size=6),
    st.dictionaries(
        st.sampled_from(["alg", "kid", "jwk", "crit"]), json_values, min_size=1, max_size=3
    ),
)
def test_findings_survive_any_token(claims, header):
    """Whatever stands in header and claims: findings are printable text on one line with a section to read."""
    for finding in findings(Token.parse(compact(claims, header)), now=NOW, key_length=8):
        assert finding.message.isprintable()
        assert len(finding.message) < 160
        assert finding.severity in ("error", "warning", "note")
        assert "§" in finding.reference
