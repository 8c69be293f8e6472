"""Pictures: whatever a token, a request or a handler says is text on every surface, and text and HTML say the same."""

import html.parser
import io
import json
import re
import subprocess
import sys

import jwt
import pytest
from rich.console import Console

from jwt_demo.display import terminal
from jwt_demo.display.inspector import Inspector, inspector
from jwt_demo.display.show import picture_of, show, show_source, source_picture
from jwt_demo.display.text import STYLE, as_html, as_text
from jwt_demo.escaping import shortened
from jwt_demo.server.exchange import Exchange, Exchanges, Step
from jwt_demo.stages import decorator
from jwt_demo.stages.article import models
from jwt_demo.tokens.anatomy import Token, encode_segment
from jwt_demo.tokens.policy import Policy
from jwt_demo.tokens.signatures import SUPPORTED

NOW = 1_700_000_000
KEY = "k" * 32
GOOD = {"sub": "1", "iat": NOW - 2, "exp": NOW + 298}

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</code></td></table></div><h1>free</h1>",
    "</pre><b>free</b>", "</style><script>alert(1)</script>",
    '" onmouseover="alert(1)', "' onfocus='alert(1)' autofocus='", '<a href="javascript:alert(1)">x</a>', "javascript:alert(1)",
    "&lt;b&gt;", "<!--", "]]>",
    '<button data-commandlinker-command="terminal:create-new" data-commandlinker-args="{}">x</button>',
    "<form action=x><input></form>", "<svg onload=alert(1)>",
    "\x1b[31mred\x1b[0m", "\x1b]8;;http://x\x07link\x1b]8;;\x07", "\x1b[2J", "\x9b31m", "a\u202eb", "\u2066x\u2069", "\u200b",
    "nul\x00nul", "\r\nSet-Cookie: x=y", "\u2028",
    "$x^2$", "$$\\href{javascript:alert(1)}{x}$$", "\\(x\\)", "[bold red]x[/]", ":smile:",
    "\ud800", "\ufeff", "a\tb", "{{7*7}}", "%s %(x)s {0}", "A" * 1_000_000,
]  # fmt: skip
# What steers a terminal, a line or a reading direction, or cannot be seen; but for the line break, which is ours.
STEERING = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
ALLOWED_TAGS = {
    "div", "style", "b", "code", "small", "span", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "br", "pre", "p",
    "details", "summary", "svg", "line", "text",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "class", "role", "aria-label", "aria-hidden", "scope", "colspan", "viewbox", "width", "x", "y", "x1", "x2", "y1", "y2", "stroke-dasharray", "text-anchor",
}  # fmt: skip


def hostile_token(text):
    """The text as value and as name of a claim, inside one, and in the header."""
    claims = {
        "sub": text,
        text: "value",
        "nested": {text: [text]},
        "exp": text,
        "iss": text,
        "email": text,
    }
    header = {"alg": text, "kid": text, text: text, "crit": [text]}
    return f"{encode_segment(json.dumps(header).encode())}.{encode_segment(json.dumps(claims).encode())}.{encode_segment(b'x' * 32)}"


def hostile_exchange(text):
    steps = [
        Step(0, text, "in"),
        Step(1, text, "in", handler=True),
        Step(1, text, "out", text),
        Step(0, text, "out", text),
    ]
    return Exchange(
        text, f"/{text}", [("X-Hostile", text), (text, text), ("Authorization", f"Bearer {text}")], text.encode("utf-8", "surrogatepass"),
        status=500, reason=text, headers={text: text}, body=json.dumps({"a": text, text: 1}).encode(), problem=text, warnings=[text], steps=steps,
    )  # fmt: skip


PICTURES = {
    "token": lambda text: picture_of(
        hostile_token(text)[:400_000], KEY, now=NOW, signing_input=True, reveal=True
    ),
    "policy": lambda text: picture_of(
        hostile_token(text)[:400_000],
        KEY,
        now=NOW,
        policy=Policy(issuer=text, audience=text, typ=text, require=(text,)),
    ),
    "no token": lambda text: picture_of(text, KEY, now=NOW),
    "payload": lambda text: picture_of(
        f"{encode_segment(b'{}')}.{encode_segment(text[:9000].encode('utf-8', 'surrogatepass'))}.",
        now=NOW,
    ),
    "exchange": lambda text: picture_of(hostile_exchange(text), all=True, reveal=True),
    "exchange, quiet": lambda text: picture_of(hostile_exchange(text), tokens=True, now=NOW),
    "diagram": lambda text: picture_of(Exchanges([hostile_exchange(text)])),
}


class Reader(html.parser.HTMLParser):
    """Every tag and attribute a browser would see."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = [], [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[1:26])
def test_a_hostile_text_is_text_on_every_surface(name, text):
    """HTML has allowed tags and attributes alone, in order; text and terminal have printable characters alone; nothing is endless."""
    picture = PICTURES[name](text)
    plain, page = as_text(picture), as_html(picture)

    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert set(reader.tags) <= ALLOWED_TAGS
    assert {attribute for attribute, _ in reader.attributes} <= ALLOWED_ATTRIBUTES
    assert page.count("<style>") == 1
    assert page.startswith('<div class="jwt-demo tex2jax_ignore mathjax_ignore"')
    for output in (plain, page, in_terminal(picture)):
        assert re.findall(STEERING, output) == []
        assert len(output) < 60_000


def in_terminal(picture, width=100):
    """What rich writes, with the colours it was asked for taken off."""
    file = io.StringIO()
    terminal.put(
        picture,
        console=Console(
            file=file,
            force_terminal=True,
            width=width,
            highlight=False,
            markup=False,
            emoji=False,
            color_system="standard",
        ),
    )
    return re.sub(r"\x1b\[[\d;]*m", "", file.getvalue())


@pytest.mark.parametrize("text", ["[bold]x[/bold]", ":smile:"])
def test_rich_takes_nothing_for_its_own_markup(text):
    """Brackets and colons are letters."""
    assert text in in_terminal(picture_of(hostile_token(text), now=NOW))


@pytest.mark.parametrize("width", [20, 40, 75, 76, 100, 200])
def test_a_terminal_of_any_width_is_not_overrun(width):
    """Lines are at most as long as the window is wide."""
    drawn = in_terminal(picture_of(hostile_token("x" * 300), KEY, now=NOW), width)
    assert max(map(len, drawn.splitlines())) <= width


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
        (f"'{jwt.encode(GOOD, KEY)}'", "quotes were left on"), (jwt.encode(GOOD, KEY) + "=", "padding"),
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
    assert "What went wrong: no answer came" in as_text(picture_of(Exchange("GET", "/")))
    assert "Warning: old" in as_text(
        picture_of(Exchange("GET", "/", status=200, warnings=["old", "old"]))
    )
    assert "(3 bytes that are not text)" in as_text(
        picture_of(Exchange("GET", "/", status=200, body=b"\xff\xfe\x00"))
    )


async def test_the_diagram_shows_what_really_happened(decorator_server):
    """The middleware answers a bad token itself, the handler is reached by a good one, the router by an unknown path."""
    token = (
        await decorator_server.post(
            "/login", data={"email": "user@email.com", "password": "password"}
        )
    ).json()["token"]
    await decorator_server.get("/get-user", headers={"Authorization": f"Bearer {token}x"})
    await decorator_server.get("/nowhere")
    drawn = as_text(picture_of(decorator_server.exchanges))

    assert drawn.splitlines()[0] == "client · auth_middleware · handler"
    blocks = drawn.split("\n\n")[1:]
    assert blocks[0].splitlines()[1] == "  auth_middleware → handler: login()"
    assert blocks[1].splitlines() == [
        "client → auth_middleware: GET /get-user",
        "client ← auth_middleware: 401 Unauthorized",
    ]
    assert blocks[2].splitlines()[1:3] == [
        "  auth_middleware → handler: router()",
        "  auth_middleware ← handler: 404",
    ]
    for word in re.findall(r"[\w/]+", drawn):
        assert word in as_html(picture_of(decorator_server.exchanges))


async def test_a_server_shows_its_address_and_routes(decorator_server):
    """And after its end, that it was stopped."""
    assert (
        as_text(picture_of(decorator_server)).splitlines()[0] == f"Server at {decorator_server.url}"
    )
    assert "POST /login" in as_text(picture_of(decorator_server))
    await decorator_server.stop()
    assert as_text(picture_of(decorator_server)) == "Server, stopped"


def test_source_is_shown_with_name_and_numbers_and_no_path():
    """The lines are those of the file; where the file lies is nobody's business."""
    shown = as_text(source_picture(decorator.login_required, "401"))
    number, line = re.search(r"^> +(\d+)  (.*)$", shown, re.MULTILINE).groups()

    with open(decorator.__file__, encoding="utf-8") as file:
        assert file.read().splitlines()[int(number) - 1].strip() == line.strip()
    assert shown.startswith("jwt_demo/stages/decorator.py, login_required, lines ")
    assert decorator.__file__ not in shown
    assert as_text(source_picture(models)).startswith(
        "jwt_demo/stages/article/models.py, lines 1 to "
    )


def test_source_that_is_not_there_is_told():
    """Something without source, and a text that stands nowhere."""
    with pytest.raises(TypeError, match="no source to show"):
        show_source(5)
    with pytest.raises(ValueError, match="'xyz' stands nowhere in login_required"):
        show_source(decorator.login_required, around="xyz")


def test_the_style_is_the_same_everywhere_and_asks_for_nothing():
    """No address in it, and nothing that a claim could reach."""
    assert "url(" not in STYLE
    assert "@import" not in STYLE
    assert STYLE in as_html(picture_of("x"))


def test_the_inspectors_page_makes_no_markup_and_asks_for_nothing():
    """Text goes in as text; no address, no evaluation."""
    code = re.sub(r"//.*", "", Inspector._esm)
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "fetch(",
        "import(",
        "XMLHttpRequest",
        "WebSocket",
    ):
        assert forbidden not in code
    assert not re.search(r"https?://", Inspector._esm + Inspector._css)


def test_an_inspectors_saved_state_holds_neither_token_nor_key():
    """What a notebook may keep of a widget is its page, nothing else."""
    widget = inspector(jwt.encode(GOOD, KEY), KEY, now=NOW)
    state = repr(widget.get_state())
    assert "eyJ" not in state
    assert KEY not in state
    assert repr(widget) == "Inspector (live while its notebook's kernel runs)"
    assert "0x" not in repr(widget)


@pytest.fixture
def page():
    """The fields as they stand after the start, and a way to edit one."""
    widget = inspector(jwt.encode(GOOD, KEY), KEY, now=NOW)
    fields = {**widget.answer({"edited": "start"}), "key": "", "form": "auto", "follow": True}

    def edit(name, **changes):
        fields.update(changes)
        fields.update(widget.answer({**fields, "edited": name}))
        return fields, [row["mark"] for row in fields["statements"]]

    return edit


def test_an_edited_claim_is_signed_again_or_found_out(page):
    """With `follow` the signature follows; without it, it no longer verifies, and the bytes that changed are named."""
    fields, marks = page("claims", claims=json.dumps({**GOOD, "sub": "2"}))
    assert marks == ["✓", "✓", "✓"]
    assert (
        jwt.decode(fields["token"], KEY, algorithms=["HS256"], options={"verify_exp": False})["sub"]
        == "2"
    )

    fields, marks = page("claims", claims=json.dumps({**GOOD, "sub": "3"}), follow=False)
    assert marks == ["✓", "✗", "✗"]
    assert fields["changed"]["words"].startswith("1 of ")


def test_one_changed_letter_is_found_out_and_can_be_signed_again(page):
    """Tamper, look, sign."""
    fields, marks = page("tamper")
    assert marks == ["✓", "✗", "✗"]
    assert fields["said"] == '`sub` was "1", it is "2" now.'
    fields, marks = page("sign")
    assert marks == ["✓", "✓", "✓"]
    assert fields["changed"] is None


def test_another_key_never_signs_silently(page):
    """A key that is typed in is asked to verify; were it to sign, every key would look right."""
    before, _ = page("token")
    token = before["token"]
    fields, marks = page("key", key="another key, of thirty-two bytes or more", form="text")
    assert fields["token"] == token
    assert marks == ["✓", "✗", "✗"]


@pytest.mark.parametrize("field", ["token", "header", "claims", "key", "form", "base", "edited"])
@pytest.mark.parametrize(
    "value",
    [
        "",
        "{",
        "[" * 50_000,
        "\ud800",
        "a.b.c",
        "9" * 5_000,
        None,
        5,
        ["x"],
        "x" * 1_000_000,
        '{"alg":"none"}',
        '{"a":1,"a":2}',
        '{"exp":1e999}',
    ],
)
def test_the_inspector_answers_whatever_is_typed(page, field, value):
    """No edit raises, and the answer can be sent as JSON."""
    fields, _ = page("claims" if field == "edited" else field, **{field: value})
    json.dumps(fields)


def test_hostile_claims_in_the_editor_are_visible_json():
    """What cannot be seen is written as an escape, and means the same."""
    for text in HOSTILE[:-1]:
        answer = inspector(hostile_token(text), now=NOW).answer({"edited": "start"})
        assert re.findall(STEERING, answer["claims"]) == []
        assert json.loads(answer["claims"])["sub"] == text


def test_typed_keys_never_come_back(page):
    """Neither a secret nor a private key is in an answer."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    private = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()  # fmt: skip
    for key in (private, "quite a secret key, that nobody should see"):
        widget = inspector(jwt.encode(GOOD, KEY), KEY, now=NOW)
        told = json.dumps(
            widget.answer(
                {
                    **widget.answer({"edited": "start"}),
                    "edited": "key",
                    "key": key,
                    "form": "auto",
                    "follow": True,
                }
            )
        )
        assert key.splitlines()[-1] not in told
        assert private.splitlines()[1] not in told
        assert KEY not in told


async def test_a_token_is_sent_to_the_running_server(decorator_server, key):
    """And the answer comes back as text; so does the reason why nothing was sent."""
    widget = inspector("", key, server=decorator_server)
    token = (
        await decorator_server.post(
            "/login", data={"email": "user@email.com", "password": "password"}
        )
    ).json()["token"]
    assert "HTTP/1.1 200 OK" in await widget.ask_server(token, "/get-user")
    assert "HTTP/1.1 401" in await widget.ask_server(token + "x", "/get-user")
    assert (await widget.ask_server("a\nb", "/get-user")).startswith("Not sent: ")
    assert (await widget.ask_server(token, "get-user")).startswith("Not sent: ")
    await decorator_server.stop()
    assert (await widget.ask_server(token, "/")).startswith("No server runs")


def test_without_a_notebook_show_prints():
    """The same text, and IPython is not even imported."""
    code = "import sys, jwt_demo; jwt_demo.show('x'); print('IPython' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert "✗ readable" in said
    assert said.endswith("False\n")


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


@pytest.mark.parametrize("alg", SUPPORTED)
def test_an_example_of_each_algorithm_is_good_and_its_key_stays_here(alg):
    """A key is made, signs, verifies, is used again for the next edit, and is described by its kind alone."""
    widget = inspector(now=NOW)
    told = widget.answer({"edited": "example", "example": alg, "key": "", "form": "auto"})
    assert [row["mark"] for row in told["statements"]] == ["✓", "✓", "✓"]
    assert told["key_says"].endswith("made here and not shown.")

    edited = widget.answer(
        {
            **told,
            "edited": "claims",
            "example": alg,
            "claims": json.dumps({**GOOD, "sub": "2"}),
            "follow": True,
        }
    )
    assert [row["mark"] for row in edited["statements"]] == ["✓", "✓", "✓"]
    assert json.loads(edited["header"])["alg"] == alg
