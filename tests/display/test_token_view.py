"""The picture of a token: three statements, times, masks, the bytes that were signed, and what is no token."""

import json

import jwt
import pytest

from jwt_demo.display.blocks import Findings, Note, Segments, Statements, Table
from jwt_demo.display.html import as_html
from jwt_demo.display.show import picture_of, show
from jwt_demo.display.text import as_text
from jwt_demo.display.token_view import as_json, token_picture
from jwt_demo.tokens.anatomy import Token, encode_segment
from tests.support.hostile import in_terminal

NOW = 1_700_000_000
KEY = "k" * 32
GOOD = {"sub": "1", "iat": NOW - 2, "exp": NOW + 298}


def test_ten_thousand_claims_are_counted_not_drawn():
    """The first are shown, the rest is a number."""
    text = jwt.encode({f"claim{number}": number for number in range(10_000)}, KEY)
    for output in (as_text(picture_of(text, now=NOW)), as_html(picture_of(text, now=NOW))):
        assert "claim0" in output
        assert "and 9,940 more, not shown" in output
        assert len(output) < 40_000


def test_what_is_long_is_cut_and_counted():
    """A claim of 200,000 characters unmasked, and 5,000 claims that all look like secrets."""
    for claims in ({"text": "x" * 200_000}, {f"password{number}": "x" for number in range(5_000)}):
        picture = picture_of(jwt.encode(claims, KEY), KEY, now=NOW, reveal=True, signing_input=True)
        for output in (as_text(picture), as_html(picture), in_terminal(picture)):
            assert len(output) < 60_000
            assert "bytes in all" in output
    assert "and 4,971 more like these" in as_text(picture)


@pytest.mark.parametrize(
    ("claims", "key", "statements"),
    [
        (GOOD, KEY, ["✓ readable", "✓ signature verified", "✓ accepted by policy"]),
        (GOOD, None, ["✓ readable", "○ signature verified", "○ accepted by policy"]),
        (
            GOOD,
            "another key, of thirty-two bytes or more",
            ["✓ readable", "✗ signature verified", "✗ accepted by policy"],
        ),
        (
            {**GOOD, "exp": NOW - 7200},
            KEY,
            ["✓ readable", "✓ signature verified", "✗ accepted by policy"],
        ),
        ({"sub": "1"}, KEY, ["✓ readable", "✓ signature verified", "✗ accepted by policy"]),
    ],
)
def test_the_three_statements_are_always_there_and_kept_apart(claims, key, statements):
    """One may fail without the others; in text and HTML alike."""
    picture = picture_of(jwt.encode(claims, KEY), key, now=NOW)
    lines = as_text(picture).splitlines()
    assert [
        line.partition("  ")[0].strip()
        for line in lines
        if line[:1] in {"✓", "✗", "○"} and "error" not in line
    ] == statements
    for statement in statements:
        mark, _, name = statement.partition(" ")
        assert f"{mark}</span> {name}:" in as_html(picture)


def test_times_read_as_a_date_and_as_a_distance():
    """In UTC, and how far from the `now` that was given."""
    text = as_text(picture_of(jwt.encode(GOOD, KEY), now=NOW))
    assert "2023-11-14 22:18:18 UTC" in text
    assert "in 4 min 58 s" in text
    assert "expired 2 h ago" in as_text(
        picture_of(jwt.encode({**GOOD, "exp": NOW - 7200}, KEY), now=NOW)
    )


def test_the_readers_own_clock_stands_beside_utc(monkeypatch):
    """Where it differs."""
    import time

    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        assert "2023-11-14 22:18:18 UTC (2023-11-15 03:48:18 +0530 here), in 4 min 58 s" in as_text(
            picture_of(jwt.encode(GOOD, KEY), now=NOW)
        )
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_signature_is_masked_unless_it_is_asked_for():
    """And no output by default holds a token that could be used."""
    token = jwt.encode(GOOD, KEY)
    signature = token.rpartition(".")[2]
    pictures = picture_of(token, KEY, now=NOW), picture_of(token, now=NOW, signing_input=True)
    for output in (draw(picture) for picture in pictures for draw in (as_text, as_html)):
        assert signature not in output
        assert "masked, 32 bytes" in output
        assert KEY not in output
    assert signature in as_text(picture_of(token, now=NOW, reveal=True))


def test_what_was_signed_is_listed_byte_for_byte():
    """The lines put together are the signing input, each with the offset of its first byte."""
    token = Token.parse(jwt.encode({**GOOD, "text": "x" * 200}, KEY))
    listing = as_text(picture_of(token, now=NOW, signing_input=True)).partition(
        "what was signed, byte for byte\n"
    )[2]
    pieces = [line.split() for line in listing.splitlines()]
    assert "".join(piece for _, piece in pieces).encode() == token.signing_input
    assert all(
        token.signing_input[int(offset) :].startswith(piece.encode()) for offset, piece in pieces
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "a str is needed"), ("", "empty"), ("abc", "1 segment where 3 belong"), ("a.b.c.d.e", "JWE"),
        (f"Bearer {jwt.encode(GOOD, KEY)}", "`Bearer ` was left on"),
        (f"'{jwt.encode(GOOD, KEY)}'", "quotes, brackets or punctuation were left on"), (jwt.encode(GOOD, KEY) + "=", "padding"),
    ],
)  # fmt: skip
def test_what_is_no_token_is_shown_with_its_reason(text, reason):
    """No exception; and what stands inside a wrapping is shown all the same."""
    if text is None:
        with pytest.raises(TypeError, match="NoneType"):
            show(text)
        return
    shown = as_text(picture_of(text, KEY, now=NOW))
    assert reason in shown
    assert "✓ readable" not in shown
    assert "✗ accepted by policy" in shown
    assert ("claims (" in shown) == (text.count("eyJ") == 2)


def block_of(kind, text, **options):
    """The first block of a kind."""
    return next(b for b in token_picture(text, [], now=NOW, **options).blocks if isinstance(b, kind))  # fmt: skip


def compact(header, payload, signature=b"x" * 32):
    texts = (part if isinstance(part, bytes) else json.dumps(part).encode() for part in (header, payload, signature))  # fmt: skip
    return ".".join(map(encode_segment, texts))


def test_a_token_without_a_signature_says_so():
    """Nothing is masked where there is nothing."""
    signature = block_of(Segments, compact({"alg": "none"}, GOOD, b"")).parts[2]
    assert signature == ("signature", "empty: there is none", "so nobody can detect a change")


def test_an_encrypted_token_shows_its_header_alone():
    """Five segments are a JWE: not a broken token, and not one that can be judged."""
    jwe = f"{encode_segment(json.dumps({'alg': 'dir', 'enc': 'A256GCM'}).encode())}..AAAA.AAAA.AAAA"
    assert [row.name for row in block_of(Table, jwe).rows] == ["alg", "enc"]
    assert [row.reference for row in block_of(Table, jwe).rows] == [
        "RFC 7516 §4.1.1",  # nothing is signed here: `alg` says how the recipient gets the key
        "RFC 7516 §4.1.2",
    ]
    assert [row.mark for row in block_of(Statements, jwe).rows] == ["✗", "○", "✗"]


@pytest.mark.parametrize("payload", [b"[1]", b'"text"', b"\xff\xfe", b"", b"{"])
def test_a_payload_that_holds_no_claims_is_shown_as_what_it_is(payload):
    """A note instead of a table; the header is there all the same."""
    text = compact({"alg": "HS256"}, payload)
    assert "no claims in it" in block_of(Note, text).text
    assert block_of(Table, text).part == "header"
    assert [row.mark for row in block_of(Statements, text).rows] == ["✗", "○", "✗"]


def test_a_token_of_another_kind_is_not_judged_as_an_access_token():
    """An ID token that would fail as one is none; the policy that asks for its type judges it."""
    text = compact({"alg": "HS256", "typ": "dpop+jwt", "jwk": {}}, {"htm": "GET", "htu": "x", "jti": "1", "iat": NOW})  # fmt: skip
    accepted = block_of(Statements, text).rows[2]
    assert accepted.mark == "○"
    assert "not an access token" in accepted.words


def test_all_reasons_are_said_and_the_signature_first():
    """Expired, and signed with another key: both."""
    other = jwt.encode({**GOOD, "exp": NOW - 7200}, "another key, of thirty-two bytes or more")
    words = as_text(picture_of(other, KEY, now=NOW)).partition("accepted by policy")[2]
    first, _, rest = words.partition(";")
    assert "its signature is not valid" in first
    assert "exp" in rest or "expired" in rest


def test_thirty_findings_are_enough():
    """The others are a number, and where they are."""
    many = jwt.encode({f"password{number}": "x" for number in range(100)}, KEY)
    rows = block_of(Findings, many).rows
    assert len(rows) == 31
    assert rows[-1].reference == "jwt-demo inspect --json has all"


def test_a_value_fits_a_page():
    """Long text is cut and counted, what is nested too deeply is said, and JSON stays JSON where it fits."""
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert as_json(deep) == "(nested too deeply to show)"
    assert as_json("x" * 1_000) == f'"{"x" * 240}… (1,000 characters)'
    assert as_json({"ä": [1, None]}) == '{"ä": [1, null]}'
    assert len(as_json(list(range(1_000)))) < 300
