"""Taking a token apart: the RFC's own examples, agreement with PyJWT, and an answer that teaches for everything that is no token."""

import base64
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwt_demo.tokens.anatomy import MAX_LENGTH, Token, TokenError, decode_segment, encode_segment

# RFC 7515 appendix A.1: HMAC SHA-256, with the line breaks the RFC put into header and payload
A1 = (
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)
A1_KEY = {
    "kty": "oct",
    "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
}
# RFC 7515 appendix A.2: RSA, over the same payload
A2 = (
    "eyJhbGciOiJSUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
    "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
    "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
)
A2_KEY = {
    "kty": "RSA",
    "e": "AQAB",
    "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOW"
    "vG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k"
    "G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
}
PAYLOAD = b'{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'


@pytest.mark.parametrize(
    ("text", "jwk"),
    [(A1, {**A1_KEY, "alg": "HS256"}), (A2, {**A2_KEY, "alg": "RS256"})],
    ids=["A.1", "A.2"],
)
def test_the_examples_of_rfc_7515_read_as_the_rfc_says(text, jwk):
    """Payload octets, claims and what was signed are those of the RFC, and its key verifies exactly that."""
    token = Token.parse(text)

    assert token.payload == PAYLOAD
    assert token.claims == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}
    assert token.header["alg"] == jwk["alg"]
    key = jwt.PyJWK(jwk)
    assert key.Algorithm.verify(token.signing_input, key.key, token.signature)


def test_octets_of_example_a1_are_the_rfcs():
    """The header begins with the octets that A.1.1 lists, and the signature with those of A.1.1's MAC."""
    token = Token.parse(A1)
    assert list(token.signing_input[:6]) == [101, 121, 74, 48, 101, 88]
    assert list(token.signature[:6]) == [116, 24, 223, 180, 151, 153]


def segment(value):
    return encode_segment(value if isinstance(value, bytes) else json.dumps(value).encode())


def compact(header=None, payload=None, signature=b"sig"):
    return ".".join(
        map(segment, (header or {"alg": "HS256"}, {} if payload is None else payload, signature))
    )


GOOD = compact(payload={"sub": "1"})
HEADER, CLAIMS, SIGNATURE = GOOD.split(".")

NO_TOKEN = {  # text: segment, exception, a word the reason must contain
    "empty": ("", "token", "NotCompact", "empty"),
    "white space": (" \n ", "token", "NotCompact", "empty"),
    "one segment": (HEADER, "token", "NotCompact", "1 segment where 3"),
    "two segments": (f"{HEADER}.{CLAIMS}", "token", "NotCompact", "2 segments"),
    "four segments": (f"{GOOD}.x", "token", "NotCompact", "4 segments"),
    "five segments": (f"{HEADER}.a.b.c.d", "token", "NotCompact", "its header has `enc`"),
    "five segments with enc": (
        f"{segment({'alg': 'dir', 'enc': 'A256GCM'})}.a.b.c.d",
        "token",
        "Encrypted",
        "enc 'A256GCM'",
    ),
    "six segments": ("a.b.c.d.e.f", "token", "NotCompact", "6 segments"),
    "dots alone": ("..", "header", "NotJSON", "empty"),
    "header not base64url": (f"$$$.{CLAIMS}.{SIGNATURE}", "header", "NotBase64url", "'$'"),
    "payload in plain base64": (f"{HEADER}.ab+/.{SIGNATURE}", "payload", "NotBase64url", "'+'"),
    "signature not base64url": (f"{HEADER}.{CLAIMS}.a!b", "signature", "NotBase64url", "'!'"),
    "a length of 4n + 1": (f"{HEADER}.abcde.{SIGNATURE}", "payload", "NotBase64url", "4n + 1"),
    "padding": (f"{HEADER}.{CLAIMS}==.{SIGNATURE}", "payload", "NotBase64url", "padding"),
    "padding behind the signature": (f"{GOOD}=", "signature", "NotBase64url", "padding"),
    "spare bits": (f"{HEADER}.{CLAIMS}.YR", "signature", "NotBase64url", "spare bits"),
    "payload not UTF-8": (
        compact(payload=b'{"a":"\xff"}'),
        "payload",
        "NotUTF8",
        "0xff at position 6",
    ),
    "header not UTF-8": (compact(header=b"\xff\xfe"), "header", "NotUTF8", "0xff"),
    "UTF-16": (compact(payload='{"a":1}'.encode("utf-16")), "payload", "NotUTF8", "not UTF-8"),
    "a byte order mark": (compact(payload=b'\xef\xbb\xbf{"a":1}'), "payload", "NotJSON", "BOM"),
    "header not JSON": (compact(header=b"{alg: HS256}"), "header", "NotJSON", "not JSON"),
    "payload not JSON": (compact(payload=b"hello"), "payload", "NotJSON", "position 0"),
    "payload empty": (f"{HEADER}..{SIGNATURE}", "payload", "NotJSON", "empty"),
    "two JSON texts": (compact(payload=b"{}{}"), "payload", "NotJSON", "Extra data"),
    "header an array": (compact(header=b"[]"), "header", "NotAnObject", "an array"),
    "payload an array": (compact(payload=[1]), "payload", "NotAnObject", "an array"),
    "payload a string": (compact(payload="x"), "payload", "NotAnObject", "a string"),
    "payload a number": (compact(payload=7), "payload", "NotAnObject", "a number"),
    "payload null": (compact(payload=b"null"), "payload", "NotAnObject", "null"),
    "payload true": (compact(payload=True), "payload", "NotAnObject", "true or false"),
    "a claim twice": (
        compact(payload=b'{"sub":"1","sub":"2"}'),
        "payload",
        "DuplicateName",
        "'sub'",
    ),
    "a claim twice, spelt differently": (
        compact(payload=rb'{"sub":"1","\u0073ub":"2"}'),
        "payload",
        "DuplicateName",
        "'sub'",
    ),
    "a name twice, further in": (
        compact(payload=b'{"a":{"b":1,"b":2}}'),
        "payload",
        "DuplicateName",
        "'b'",
    ),
    "alg twice": (
        compact(b'{"alg":"none","alg":"HS256"}', {"sub": "1"}),
        "header",
        "DuplicateName",
        "'alg'",
    ),
    "NaN": (compact(payload=b'{"exp":NaN}'), "payload", "NotJSON", "NaN"),
    "Infinity": (compact(payload=b'{"exp":-Infinity}'), "payload", "NotJSON", "-Infinity"),
    "1e999": (compact(payload=b'{"exp":1e999}'), "payload", "NotJSON", "1e999"),
    "a number of 5,000 digits": (
        compact(payload=b'{"exp":%s}' % (b"9" * 5000)),
        "payload",
        "NotJSON",
        "digits",
    ),
    "nested 20,000 deep": (
        compact(payload=b'{"a":%s1%s}' % (b"[" * 20_000, b"]" * 20_000)),
        "payload",
        "NotJSON",
        "nested",
    ),
    "nested 200 deep": (
        compact(payload=b'{"a":%s1%s}' % (b'{"a":' * 200, b"}" * 200)),
        "payload",
        "NotJSON",
        "nested",
    ),
    "Bearer left on": (f"Bearer {GOOD}", "token", "Wrapped", "Bearer"),
    "bearer in other letters": (f"bEARER  {GOOD}", "token", "Wrapped", "Bearer"),
    "Authorization left on": (f"Authorization: Bearer {GOOD}", "token", "Wrapped", "Authorization"),
    "quotes": (f'"{GOOD}"', "token", "Wrapped", "quotes"),
    "one quote": (f"'{GOOD}", "token", "Wrapped", "quotes"),
    "a line break in the middle": (
        f"{HEADER}.{CLAIMS}\n.{SIGNATURE}",
        "token",
        "Wrapped",
        "line break",
    ),
    "a line break at the end": (f"{GOOD}\n", "token", "Wrapped", "white space"),
    "a blank before": (f" {GOOD}", "token", "Wrapped", "white space"),
    "NUL": (f"{GOOD}\0", "signature", "NotBase64url", r"'\x00'"),
    "a letter that looks like another": (
        GOOD.replace("e", "\u0435", 1),
        "header",
        "NotBase64url",
        r"'\u0435'",
    ),
    "half a surrogate pair": (f"\ud800{GOOD}", "header", "NotBase64url", r"'\ud800'"),
    "one MB": (compact(payload=b"x" * 1_000_000), "token", "TooLong", "characters"),
    "None": (None, "token", "NotText", "NoneType"),
    "bytes": (GOOD.encode(), "token", "NotText", "bytes"),
}


@pytest.mark.parametrize(("text", "where", "kind", "word"), NO_TOKEN.values(), ids=NO_TOKEN)
def test_what_is_no_token_is_refused_with_its_segment_and_its_reason(text, where, kind, word):
    """The exception's type, its segment and a telling word of its reason; the message is one short printable line."""
    with pytest.raises(TokenError) as caught:
        Token.parse(text)

    error = caught.value
    assert (error.segment, type(error).__name__) == (where, kind)
    assert word in error.reason
    assert str(error).isprintable()
    assert len(str(error)) < 280


READABLE_ALL_THE_SAME = [
    "padding",
    "spare bits",
    "a claim twice",
    "alg twice",
    "Bearer left on",
    "quotes",
    "a line break in the middle",
    "a blank before",
]


@pytest.mark.parametrize("name", READABLE_ALL_THE_SAME)
def test_an_error_keeps_what_could_be_read(name):
    """Evidence is kept: where only the spelling is wrong, the token inside hangs on the error."""
    with pytest.raises(TokenError) as caught:
        Token.parse(NO_TOKEN[name][0])

    assert caught.value.token.claims["sub"] in ("1", "2")
    assert caught.value.token.header["alg"] == "HS256"


@pytest.mark.parametrize(
    "name", ["payload not JSON", "payload an array", "payload not UTF-8", "NaN"]
)
def test_a_header_is_kept_though_the_payload_is_no_object(name):
    """A signed payload that holds no claims (RFC 7515 allows any octets) still shows its header and its octets."""
    with pytest.raises(TokenError) as caught:
        Token.parse(NO_TOKEN[name][0])

    token = caught.value.token
    assert token.header == {"alg": "HS256"}
    assert token.claims is None
    assert encode_segment(token.payload) == token.text.split(".")[1]


UNUSUAL = {
    "no signature": compact({"alg": "none"}, {}, b""),
    "empty objects": compact(b"{}", b"{}"),
    "a surrogate in an escape": compact(payload=rb'{"sub":"\ud800"}'),
    "NUL in an escape": compact(payload=rb'{"sub":"\u0000"}'),
    "a number of 4,000 digits": compact(payload=b'{"exp":%s}' % (b"9" * 4000)),
    "markup": compact(payload={"<script>": "<img src=x onerror=alert(1)>"}),
    "nested 50 deep": compact(payload=b'{"a":%s1%s}' % (b"[" * 50, b"]" * 50)),
}


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL)
def test_the_unusual_is_read(text):
    """What a specification allows is read, and its repr stays in ASCII-safe text that a terminal can print."""
    token = Token.parse(text)
    assert repr(token).encode("utf-8")
    assert token.text not in repr(token)
    assert str(token) == text


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
octets = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=6,
    ).map(lambda value: json.dumps(value).encode()),
)
base64url = octets.map(encode_segment) | st.text("abAB09-_=+/. ", max_size=12)
header = st.just(HEADER) | base64url
noise = (
    st.text(max_size=80)
    | st.lists(base64url, max_size=6).map(".".join)
    | st.tuples(header, base64url, base64url).map(".".join)
)
around = st.sampled_from(["", "", "", "Bearer ", '"', "\n", " ", "\0"])


@given(around, noise, around)
def test_no_other_exception_leaves_the_parser(before, text, after):
    """Whatever the text: a Token, or a TokenError that names a segment."""
    try:
        token = Token.parse(before + text + after)
    except TokenError as error:
        assert error.segment in ("token", "header", "payload", "signature")
        assert error.reason
        assert str(error).encode("utf-8")
    else:
        assert token.text == before + text + after


@given(st.binary(min_size=1, max_size=9), st.sampled_from(LETTERS))
def test_every_octet_string_has_one_spelling(octets, last):
    """The last character may be exchanged for no other: either it is the one that encoding gives, or it is rejected (RFC 4648 §3.5)."""
    text = encode_segment(octets)[:-1] + last
    flaws = []
    read = decode_segment("signature", text, flaws)
    assert (encode_segment(read) == text) is (not flaws)


def what_pyjwt_reads(text):
    try:
        return jwt.decode_complete(text, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return None


@given(st.tuples(header, octets.map(encode_segment), base64url).map(".".join))
def test_what_pyjwt_and_we_accept_reads_the_same(text):
    """Two readers that accept a token see one token: the same header, claims and signature octets."""
    theirs = what_pyjwt_reads(text)
    try:
        ours = Token.parse(text)
    except TokenError:
        return
    if theirs is not None:
        assert ours.header == theirs["header"]
        assert ours.claims == theirs["payload"]
        assert ours.signature == theirs["signature"]


@given(
    st.dictionaries(
        st.text(max_size=8),
        st.text(max_size=8) | st.integers() | st.booleans() | st.none(),
        max_size=5,
    ),
    st.binary(min_size=32, max_size=40),
)
def test_every_token_pyjwt_makes_is_read(claims, key):
    """PyJWT's own tokens are all accepted, and say what was put in."""
    claims = {f"x{name}": value for name, value in claims.items()}
    token = Token.parse(jwt.encode(claims, key, algorithm="HS256"))
    assert token.claims == claims
    assert token.header == {"alg": "HS256", "typ": "JWT"}
    assert (
        base64.urlsafe_b64encode(token.signature).rstrip(b"=").decode()
        == str(token).rpartition(".")[2]
    )


def test_length_is_judged_before_anything_is_read():
    """One character over the limit is rejected, whatever stands there; at the limit the text is looked at."""
    with pytest.raises(TokenError, match=f"{MAX_LENGTH + 1:,} characters"):
        Token.parse("." * (MAX_LENGTH + 1))
    with pytest.raises(TokenError, match="segments where 3"):
        Token.parse("." * MAX_LENGTH)
