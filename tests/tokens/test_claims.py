"""Names and times in words: the registries' own lists as witnesses, and numbers no clock has."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwt_demo.tokens.claims import (
    PRIVATE,
    PUBLIC,
    UNREGISTERED,
    duration,
    in_words,
    is_numeric_date,
    local,
    name_of,
    on_unit,
    time_words,
    unit_of,
    utc,
)
from jwt_demo.tokens.registry import CLAIMS, HEADER_PARAMETERS

NOW = 1_700_000_000


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"])
def test_every_registered_claim_of_rfc_7519_is_known(name):
    """RFC 7519 §4.1 registers seven claims; each has a meaning and points at its section."""
    assert CLAIMS[name].reference.startswith("RFC 7519 §4.1.")
    assert (CLAIMS[name].type == "time") is (name in ("exp", "nbf", "iat"))


@pytest.mark.parametrize(
    "name", ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "crit"]
)
def test_every_registered_header_parameter_of_rfc_7515_is_known(name):
    """RFC 7515 §4.1 registers them; `typ` and `cty` are told as RFC 7519 §5 means them."""
    assert HEADER_PARAMETERS[name].reference.startswith("RFC 7515 §4.1.")


@pytest.mark.parametrize(
    "name", ["name", "email", "acr", "amr", "roles", "htu", "events", "sid", "vct"]
)
def test_names_of_iana_s_registry_are_not_called_private(name):
    """Registered by OpenID Connect and others; each row has a type, a meaning and a source."""
    assert name_of(name) is CLAIMS[name]
    for registry in (CLAIMS, HEADER_PARAMETERS):
        assert all(row.type and row.meaning and row.reference for row in registry.values())


def test_header_and_claims_have_registries_of_their_own():
    """`alg` means nothing in the claims, `acr` nothing in the header; `nonce` differs."""
    assert name_of("alg") is PRIVATE
    assert name_of("acr", "header") is UNREGISTERED
    assert name_of("nonce", "header") != name_of("nonce")


def test_a_name_with_an_address_is_public():
    """RFC 7519 §4.2: collision-resistant, so not private."""
    assert name_of("https://shop.example/roles") is PUBLIC
    assert name_of("kubernetes.io/serviceaccount") is PUBLIC


@pytest.mark.parametrize("factor", [1, 10**3, 10**6, 10**9])
@pytest.mark.parametrize("seconds", [1_000_000_001, 1_700_000_000, 4_000_000_000])
def test_units_of_time_are_recognised_over_a_century(factor, seconds):
    """From 2001 on, in seconds, milliseconds, microseconds and nanoseconds."""
    units = {1: "s", 10**3: "ms", 10**6: "us", 10**9: "ns"}
    assert unit_of(seconds * factor) == units[factor]


def test_a_small_number_is_called_a_duration_and_not_a_date_long_ago():
    """`exp: 3600` is no moment of 1970."""
    assert on_unit(3600, now=NOW) == "probably a duration (1 h) where a time belongs"
    assert "1970" not in time_words("exp", 3600, now=NOW)
    assert unit_of(0) == unit_of(-1) == "s"


def test_a_name_nobody_registered_is_private():
    """An unknown name, however odd, is explained as what RFC 7519 calls private."""
    assert name_of("user_id") is PRIVATE
    assert name_of("<b>") is PRIVATE


@pytest.mark.parametrize("value", [0, -1, 1.5, NOW, 10**12, 1e300])
def test_a_number_of_seconds_is_a_numeric_date(value):
    """Fractions and negative numbers are allowed (RFC 7519 §2)."""
    assert is_numeric_date(value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "1700000000",
        [],
        {},
        float("nan"),
        float("inf"),
        float("-inf"),
        10**400,
        -(10**400),
    ],
)
def test_what_is_no_number_of_seconds_is_none(value):
    """Text that looks like a number, true, and numbers no clock can hold are no NumericDate."""
    assert not is_numeric_date(value)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (0.4, "0 s"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (61, "1 min 1 s"), (300, "5 min"), (3599, "59 min 59 s"), (3600, "1 h"),
        (3661, "1 h 1 min"), (86_399, "23 h 59 min"), (86_400, "1 day"), (86_400 + 59, "1 day"), (2 * 86_400, "2 days"), (7 * 86_400 + 3600, "7 days 1 h"),
        (366 * 86_400, "1 year"), (10 * 31_557_000, "10 years"), (1e300, "more than a million years"),
    ],
)  # fmt: skip
def test_a_duration_is_told_in_its_two_largest_units(seconds, words):
    """Two units at most, singular where it is one, years alone."""
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW, "now"),
        (NOW + 0.4, "now"),
        (NOW + 300, "in 5 min"),
        (NOW - 7, "7 s ago"),
        (-1e300, "more than a million years ago"),
    ],
)
def test_a_moment_is_told_from_now(moment, words):
    """Before, after and at `now`, which is a value, never the clock."""
    assert in_words(moment, now=NOW) == words


@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.integers().filter(is_numeric_date),
    st.floats(-1e12, 1e12),
)
def test_every_numeric_date_has_words(moment, now):
    """Whatever number a token carries, there is a short text for it in each form."""
    for text in (utc(moment), local(moment), in_words(moment, now=now)):
        assert 0 < len(text) < 40


@given(st.datetimes(datetime(1971, 1, 1), datetime(9998, 1, 1)))
def test_utc_is_what_the_standard_library_says(moment):
    """The date of a NumericDate is that of `datetime`, to the second."""
    aware = moment.replace(tzinfo=timezone.utc, microsecond=0)
    assert utc(aware.timestamp()) == f"{aware:%Y-%m-%d %H:%M:%S} UTC" or aware.year < 1000


def test_local_time_names_its_offset():
    """The same moment in a zone of five and a half hours."""
    assert local(NOW, timezone(timedelta(hours=5, minutes=30))) == "2023-11-15 03:43:20 +0530"
