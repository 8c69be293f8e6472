"""Inputs as people have them: each form of token and key is read, or named with what to do."""

import contextlib
import json
import time

import pytest

from jwt_demo.tokens.anatomy import Token, TokenError
from jwt_demo.tokens.key_material import KeyUnreadable
from jwt_demo.tokens.keys import read_keys
from jwt_demo.tokens.repair import repair
from tests.tokens.forms import CONTENT, GOOD, KEYS, SECRET, TEXTS, Form, said_of_key, said_of_text


@pytest.mark.parametrize("form", TEXTS, ids=str)
def test_each_text_is_read_or_named(form: Form) -> None:
    """The sentence has the words that tell a stranger what is wrong and what to do."""
    read, said = said_of_text(form)
    assert read is form.read, said
    assert [word for word in form.words if word not in said] == [], said


@pytest.mark.parametrize("form", KEYS, ids=str)
def test_each_key_is_read_or_named(form: Form) -> None:
    """A key that is read verifies its token; another one is named, in a sentence that holds nothing of a secret."""
    read, said = said_of_key(form)
    assert read is form.read, said
    assert [word for word in form.words if word not in said] == [], said
    assert SECRET not in said


@pytest.mark.parametrize("form", [form for form in TEXTS if form.repaired is not None], ids=str)
def test_repair_finds_the_token_where_one_is_and_nowhere_else(form: Form) -> None:
    """What `repair` gives is a token that parses, and it says what it removed."""
    found = repair(form.given)
    assert (found is not None and found.token != form.given) is form.repaired
    if found is not None and form.repaired:
        assert Token.parse(found.token).header["alg"] == "HS256"
        assert found.removed
        assert found.token == GOOD or "alphabet" in found.removed[-1]


@pytest.mark.parametrize("form", [form for form in TEXTS if form not in CONTENT], ids=str)
def test_every_sentence_is_one_printable_line(form: Form) -> None:
    """Also for a terminal: no control characters, no endless line."""
    try:
        Token.parse(form.given)
    except TokenError as error:
        assert str(error).isprintable()
        assert len(str(error)) < 300


HOSTILE = [" ", "a ", "%41", "a/", "=a", "-", "-----BEGIN ", "'eyJ.a.b", "&#46;", "Bearer ", "a.b@", "        \n", "\u200b", "ssh-rsa AAAA", "{", "11 ", "1 a\n", "+a\n", "<b", "eyJ", "a: b\n", "\\x2e", "00000000: 6579 4a68 6247 6369  eyJhbGci\n", "a=b;", "=3D", "a [x]", "+ ", "LS0tLS1CRUdJTi", "a b: c\n", "a  b\n", "x: y: error "]  # fmt: skip


STARTS = [("x", piece, ".y") for piece in HOSTILE] + [
    ("https://", "?code=", " x"), ("https://", "ey", " x"), ("https://", "=eyaaaaaaa.", " x"), ("GET ", "ey", ""), ('error="', "ey", ""), ("", "eyJ", ""), ("", "eyJa.", ""),
    ("", "eyJ<", ""), ('"', 'x" ', '"'), ("", "\\_", ""), ("", "a=b\n", "x"), ("{", "{alg        :", ""), ("", "00000000: 6579 4a68 6247 6369  ey\n", "x"), ("", "a=b;", " x"), ("a: ", "b: error ", "\n"), ("", "a  b\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(("start", "piece", "end"), STARTS)
def test_no_text_takes_long_to_name(start: str, piece: str, end: str) -> None:
    """A server gives every stranger's text to the parser: the time grows with the length, not with its square."""
    text = f"{start}{piece * (40_000 // len(piece))}{end}"
    began = time.perf_counter()
    with pytest.raises(TokenError):
        Token.parse(text)
    with contextlib.suppress(KeyUnreadable):
        read_keys(text)
    assert time.perf_counter() - began < 3


ODD = [{}, [], {"keys": [{}]}, None, True, 0, 1.5, ""]


@pytest.mark.parametrize(
    "member", ["kty", "k", "crv", "x", "y", "n", "e", "d", "alg", "use", "kid", "key_ops"]
)
@pytest.mark.parametrize("odd", ODD, ids=json.dumps)
def test_a_member_of_another_type_is_a_message_and_no_crash(member, odd):
    """Whatever stands in a JWK, alone or in a set: KeyUnreadable. (Found by fuzzing: an object as `kty`.)"""
    for good in (
        {"kty": "oct", "k": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"},
    ):
        for document in (good | {member: odd}, {"keys": [good | {member: odd}]}):
            with contextlib.suppress(KeyUnreadable):
                read_keys(json.dumps(document).encode())


@pytest.mark.parametrize("text", ["{[]: 1, 'kty': 2}", "{'kty': {[]}}", "{'kty': {{}: 1}}"])
def test_python_that_is_no_value_is_a_message(text):
    """What looks like a JWK in Python's spelling, and is none. (Found by fuzzing: a list in a set.)"""
    with pytest.raises(KeyUnreadable):
        read_keys(text.encode())
