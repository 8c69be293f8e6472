"""What a policy refuses: each demand alone, the edges of its times, and the same verdict as PyJWT on a table of claims."""

import json
import time

import jwt
import pytest

from jwt_demo.tokens.anatomy import Token, encode_segment
from jwt_demo.tokens.policy import Policy

NOW = 1_700_000_000
KEY = "k" * 32
GOOD = {"sub": "1", "exp": NOW + 60}


def objections(claims, policy=Policy(), now=NOW, **header):  # noqa: B008  a policy cannot change
    return policy.objections(Token.parse(jwt.encode(claims, KEY, headers=header)), now=now)


def test_a_good_token_is_accepted():
    """Nothing to object to, whatever else it says."""
    assert objections({**GOOD, "iat": NOW, "nbf": NOW, "jti": "x", "anything": [1]}) == []


@pytest.mark.parametrize(
    ("claims", "seconds", "accepted"),
    [
        ({"exp": NOW}, -1, True), ({"exp": NOW}, 0, False), ({"exp": NOW}, 1, False),
        ({"nbf": NOW}, -1, False), ({"nbf": NOW}, 0, True), ({"iat": NOW}, -1, False), ({"iat": NOW}, 0, True),
    ],
)  # fmt: skip
def test_times_end_and_begin_at_their_second(claims, seconds, accepted):
    """`exp` is the first moment that is refused, `nbf` and `iat` the first that is accepted; leeway moves both."""
    claims = {"exp": NOW + 900, **claims}
    assert (objections(claims, now=NOW + seconds) == []) == accepted
    assert objections(claims, Policy(leeway=5), now=NOW + seconds) == []


@pytest.mark.parametrize(
    ("claims", "policy", "said"),
    [
        ({"sub": "1"}, Policy(), "`exp` is missing"),
        ({**GOOD, "exp": None}, Policy(), "`exp` is missing"),
        ({**GOOD, "sub": 1}, Policy(), "`sub` is not a string"),
        ({**GOOD, "jti": 1}, Policy(), "`jti` is not a string"),
        ({**GOOD, "aud": "shop"}, Policy(), "it names an audience"),
        ({**GOOD, "aud": ["a", "b"]}, Policy(audience="shop"), "it is for another audience"),
        (GOOD, Policy(audience="shop"), "`aud` is missing"),
        ({**GOOD, "iss": "them"}, Policy(issuer="us"), "it is from another issuer"),
        (GOOD, Policy(issuer="us"), "`iss` is missing"),
        (GOOD, Policy(typ="at+jwt"), "`typ` is not at+jwt"),
        (GOOD, Policy(algorithms=("RS256",)), "its algorithm is not on the list"),
        ({**GOOD, "exp": NOW + 86_400}, Policy(longest_lifetime=3600), "it lives too long"),
        (GOOD, Policy(require=("exp", "jti")), "`jti` is missing"),
    ],
)
def test_each_demand_has_its_sentence(claims, policy, said):
    """One thing is wrong, one objection names it."""
    found = objections(claims, policy)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_typ_is_a_media_type():
    """`application/` may be left out, and case does not count (RFC 7515 §4.1.9)."""
    for typ in ("at+jwt", "AT+JWT", "application/at+jwt"):
        assert objections(GOOD, Policy(typ="at+jwt"), typ=typ) == []


@pytest.mark.parametrize("value", ["1700000000", True, [], {}, "soon"])
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
def test_what_is_no_time_is_refused(name, value):
    """Where PyJWT lets a string of digits or `true` pass, this does not."""
    payload = json.dumps({**GOOD, name: value}).encode()
    token = Token.parse(f"{encode_segment(b'{}')}.{encode_segment(payload)}.AA")
    assert Policy().objections(token, now=NOW)[1:] == [f"`{name}` is not a time"]


@pytest.mark.parametrize("aud", [None, "shop", "other", ["shop", "other"], [], "sho"])
@pytest.mark.parametrize(
    "times",
    [
        {},
        {"exp": -10},
        {"exp": 100, "nbf": 50},
        {"exp": 100, "iat": 50},
        {"exp": 100, "nbf": -50, "iat": -50},
    ],
)
@pytest.mark.parametrize("sub", ["1", 1, None])
def test_pyjwt_says_the_same(aud, times, sub):
    """A second judge on every mixture of audience, times and subject."""
    now = time.time()
    claims = {
        name: value for name, value in {"aud": aud, "sub": sub}.items() if value is not None
    } | {name: int(now) + gap for name, gap in times.items()}
    text = jwt.encode(claims, KEY)
    try:
        jwt.decode(
            text, KEY, algorithms=["HS256"], audience="shop", options={"require": ["exp", "aud"]}
        )
        accepted = True
    except jwt.InvalidTokenError:
        accepted = False
    assert (Policy(audience="shop").objections(Token.parse(text), now=now) == []) == accepted
