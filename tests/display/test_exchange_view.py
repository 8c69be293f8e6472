"""The picture of a request and its response, and of the server: tokens shortened, problems said."""

import json
import re

import jwt

from jwt_demo.display.blocks import Listing, Note
from jwt_demo.display.exchange_view import exchange_picture, exchanges_picture, tokens_in
from jwt_demo.display.show import picture_of
from jwt_demo.display.text import as_text
from jwt_demo.escaping import shortened
from jwt_demo.server.exchange import Exchange

NOW = 1_700_000_000
KEY = "k" * 32
GOOD = {"sub": "1", "iat": NOW - 2, "exp": NOW + 298}


def test_exchanges_shorten_tokens_and_hide_ordinary_headers():
    """What remains can be kept in a notebook; `all` and `reveal` show the rest."""
    token = jwt.encode(GOOD, KEY)
    exchange = Exchange(
        "GET", f"/?access_token={token}", [("Host", "127.0.0.1:5"), ("Authorization", f"Bearer {token}"), ("Cookie", "session=" + "a1" * 22)],
        status=200, reason="OK", headers={"Content-Length": "9", "Set-Cookie": f"token={token}; HttpOnly"},
        body=json.dumps({"token": token, "refresh_token": "x9" * 22}).encode(),
    )  # fmt: skip
    quiet = as_text(picture_of(exchange))

    assert "eyJhbGciOi…·eyJzdWIiO…·…" in quiet
    assert not re.search(r"[\w-]{30,}", quiet)
    assert "session=…44 characters…" in quiet
    assert "+ 1 ordinary header" in quiet
    assert "Host" not in quiet
    assert "Host: 127.0.0.1:5" in as_text(picture_of(exchange, all=True))
    assert token in as_text(picture_of(exchange, reveal=True))
    assert (
        as_text(picture_of(exchange, KEY, tokens=True, now=NOW)).count("✓ signature verified") == 1
    )


def test_what_went_wrong_stands_under_the_exchange():
    """The problem, an answer that never came, a warning; and bytes that are no text are counted."""
    assert "What went wrong: it broke" in as_text(
        picture_of(Exchange("GET", "/", status=500, problem="it broke"))
    )
    assert "What went wrong: no response" in as_text(picture_of(Exchange("GET", "/")))
    assert "Warning: old" in as_text(
        picture_of(Exchange("GET", "/", status=200, warnings=["old", "old"]))
    )
    assert "(3 bytes that are not text)" in as_text(
        picture_of(Exchange("GET", "/", status=200, body=b"\xff\xfe\x00"))
    )


async def test_a_server_shows_its_address_and_routes(decorator_server):
    """And after its end, that it was stopped."""
    assert (
        as_text(picture_of(decorator_server)).splitlines()[0] == f"Server at {decorator_server.url}"
    )
    assert "POST /login" in as_text(picture_of(decorator_server))
    await decorator_server.stop()
    assert as_text(picture_of(decorator_server)) == "Server, stopped"


def test_shortening_leaves_ordinary_words_alone():
    """Dates, paths, sentences and names are not random strings."""
    words = (
        "application/x-www-form-urlencoded",
        "2026-11-25 22:41:02 UTC",
        "/get-user?page=2",
        "eyJ",
        "a.b.c",
    )
    for text in (*words, 'Bearer realm="jwt-demo", error="invalid_token"'):
        assert shortened(text) == text


def lines_of(exchange, **options):
    """The lines of each listing, by its label."""
    blocks = exchange_picture(exchange, **options).blocks
    return {block.label: block.lines for block in blocks if isinstance(block, Listing)}


def test_a_body_is_shown_by_what_it_is():
    """JSON indented and coloured as JSON, other text as it stands, bytes by their number, nothing where there is none."""
    for body, shown in (
        (b'{"a":"\xc3\xa4"}', [("", ""), ("{", "json"), ('    "a": "ä"', "json"), ("}", "json")]),
        (b"a=1\nb", [("", ""), ("a=1", "body"), ("b", "body")]),
        (b"\xff\xfe", [("", ""), ("(2 bytes that are not text)", "dim")]),
        (b"", []),
    ):
        lines = lines_of(Exchange("POST", "/", status=200, request_body=body))["request"]
        assert [(line.text, line.role) for line in lines[1:]] == shown


def test_what_is_long_is_cut_after_its_tokens_were_shortened():
    """A body of a megabyte says how long it is; a token at the cut is no half token."""
    token = jwt.encode(GOOD, KEY)
    long = Exchange("POST", "/", status=200, body=b"x\n" * 500_000)
    assert lines_of(long)["response"][-1].text == "… 1,000,000 bytes in all"
    assert sum(len(line.text) for line in lines_of(long)["response"]) < 5_000
    for padding in range(3_900, 4_010, 10):
        body = ("y " * (padding // 2) + token).encode()
        shown = "\n".join(
            line.text for line in lines_of(Exchange("GET", "/", status=200, body=body))["response"]
        )
        assert token.split(".")[1] not in shown
    wide = Exchange("GET", "/" + "p" * 1_000, [("X", "v" * 1_000)], status=200)
    assert max(len(line.text) for line in lines_of(wide)["request"]) < 450


def test_a_cookie_that_is_a_token_is_shortened_as_one():
    """Others of this machine show their length alone; with `reveal` all stand there."""
    token = jwt.encode(GOOD, KEY)
    sent = Exchange("GET", "/", [("cookie", f"theme=dark; token={token}; other=0123456789")])
    (line,) = lines_of(sent)["request"][1:]
    assert line.text == "cookie: theme=dark; token=eyJhbGciOi…·eyJzdWIiO…·…; other=…10 characters…"
    (line,) = lines_of(sent, reveal=True)["request"][1:]
    assert line.text.endswith("other=0123456789")


def test_what_was_logged_and_warned_stands_there_once():
    """In the order problem, warnings, log; each line shortened."""
    token = jwt.encode(GOOD, KEY)
    exchange = Exchange(
        "GET", "/", status=500, problem=f"it broke on {token}", warnings=["old", "old"], log=["a", token]
    )  # fmt: skip
    notes = [block for block in exchange_picture(exchange).blocks if isinstance(block, Note)]
    assert [note.label for note in notes] == ["What went wrong", "Warning", "Logged", "Logged"]
    assert not [note for note in notes if token in note.text]


def test_tokens_are_found_wherever_they_went():
    """In path, headers and bodies of both directions, in order, each once; a text of two segments is none."""
    one, two, three = (jwt.encode({"sub": str(number)}, KEY) for number in range(3))
    exchange = Exchange(
        "GET", f"/?t={one}", [("Authorization", f"Bearer {two}")], b"half=" + one.rpartition(".")[0].encode(),
        status=200, headers={"Set-Cookie": f"t={one}"}, body=f'{{"token": "{three}"}}'.encode(),
    )  # fmt: skip
    assert tokens_in(exchange) == [one, two, three]


def test_many_exchanges_are_the_last_ones():
    """Twelve are drawn, the others are a number; none at all is said."""
    many = [Exchange("GET", f"/{number}", status=200) for number in range(15)]
    (diagram,) = exchanges_picture(many).blocks
    assert [arrows[0].text for arrows in diagram.exchanges] == [f"GET /{n}" for n in range(3, 15)]
    assert diagram.rest == "3 earlier ones are not shown"
    assert "no exchanges yet" in as_text(exchanges_picture([]))
