"""Pictures: whatever a token, a request or a handler says is text on every surface, and text and HTML say the same."""

import html.parser
import re
import subprocess
import sys

import pytest

from jwt_demo.display.html import STYLE, as_html
from jwt_demo.display.show import picture_of, show_source, source_picture
from jwt_demo.display.text import as_text
from jwt_demo.server.exchange import Exchanges
from jwt_demo.stages import decorator
from jwt_demo.stages.article import models
from jwt_demo.tokens.anatomy import encode_segment
from jwt_demo.tokens.policy import Policy
from tests.support.hostile import HOSTILE, STEERING, hostile_exchange, hostile_token, in_terminal

NOW = 1_700_000_000
KEY = "k" * 32

ALLOWED_TAGS = {
    "div", "style", "b", "code", "small", "span", "ul", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "br", "pre", "p",
    "details", "summary", "svg", "line", "rect", "text",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {
    "class", "role", "aria-label", "aria-hidden", "scope", "colspan", "viewbox", "width", "x", "y", "x1", "x2", "y1", "y2", "stroke-dasharray", "text-anchor", "height", "rx",
}  # fmt: skip
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


@pytest.mark.parametrize("text", ["[bold]x[/bold]", ":smile:"])
def test_rich_takes_nothing_for_its_own_markup(text):
    """Brackets and colons are letters."""
    assert text in in_terminal(picture_of(hostile_token(text), now=NOW))


@pytest.mark.parametrize("width", [20, 40, 75, 76, 100, 200])
def test_a_terminal_of_any_width_is_not_overrun(width):
    """Lines are at most as long as the window is wide."""
    drawn = in_terminal(picture_of(hostile_token("x" * 300), KEY, now=NOW), width)
    assert max(map(len, drawn.splitlines())) <= width


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


def test_without_a_notebook_show_prints():
    """The same text, and IPython is not even imported."""
    code = "import sys, jwt_demo; jwt_demo.show('x'); print('IPython' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert "✗ readable" in said
    assert said.endswith("False\n")
