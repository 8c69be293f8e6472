"""What a policy refuses: each demand alone, the edges of its times, and the same verdict as PyJWT on a table of claims."""

import json
import time

import jwt
import pytest

from jwt_demo.tokens.anatomy import Token, encode_segment
from jwt_demo.tokens.policy import Policy
from jwt_demo.tokens.signatures import read_keys, sign

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
    """`exp` is the first moment that is rejected, `nbf` and `iat` the first that is accepted; leeway moves both."""
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
        (
            GOOD,
            Policy(algorithms=("RS256",)),
            "its algorithm is not on the list of allowed algorithms",
        ),
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


WRONG_TYPES = {
    "iss": [7, None, ["us"], True],
    "sub": [7, None, {}],
    "jti": [7, None, []],
    "aud": [[None], [1, "shop"], 7, {"shop": 1}],
    "exp": [None, [], {}, "soon"],
    "nbf": [None, [], "soon"],
    "iat": [None, [], "soon"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG_TYPES.items() for value in values]
)
def test_what_pyjwt_rejects_for_its_type_is_rejected_here(name, value):
    """Claim by claim; a policy that requires issuer and audience, as PyJWT does here."""
    now = int(time.time())
    claims = {"sub": "1", "iss": "us", "aud": "shop", "exp": now + 60, name: value}
    signing_input = ".".join(
        encode_segment(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims)
    )
    text = f"{signing_input}.{sign(signing_input.encode(), 'HS256', read_keys(KEY)[0])}"
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(text, KEY, algorithms=["HS256"], issuer="us", audience="shop")
    assert Policy(issuer="us", audience="shop").objections(Token.parse(text), now=now) != []


@pytest.mark.parametrize(("name", "value"), [("kid", 123), ("kid", None), ("kid", ["1"])])
def test_what_pyjwt_rejects_in_the_header_is_rejected_here(name, value):
    """`kid` is a string."""
    payload = {**GOOD, "exp": int(time.time()) + 60}
    text = ".".join(
        encode_segment(json.dumps(part).encode())
        for part in ({"alg": "HS256", name: value}, payload)
    )
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(f"{text}.AA", KEY, algorithms=["HS256"])
    assert any(
        f"`{name}`" in objection
        for objection in Policy().objections(Token.parse(f"{text}.AA"), now=NOW)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("typ", 7), ("cty", []), ("jku", 1), ("jwk", "x"), ("x5c", "MII"), ("x5c", [1]), ("x5t", {})],
)
def test_other_registered_parameters_have_their_type(name, value):
    """RFC 7515 §4.1; PyJWT does not look at them."""
    token = Token.parse(jwt.encode(GOOD, KEY, headers={name: value}))
    assert len(Policy().objections(token, now=NOW)) == 1


def test_an_audience_of_null_is_not_the_server_without_a_name():
    """`aud: [null]` met every demand once."""
    assert objections({**GOOD, "aud": [None]}) != []


def test_a_duration_in_exp_is_not_called_expired_long_ago():
    """`exp: 3600`: the sentence names the mistake, and no year."""
    (said,) = objections({**GOOD, "exp": 3600})
    assert "probably a duration (1 h)" in said
    assert "years" not in said
