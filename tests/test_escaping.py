"""Text from a token, a request or a reader's code reaches a screen through one module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from jwt_demo.escaping import clean, cut, escaped, escaped_lines, plain, shortened, visible
from rerun import ROOT

PACKAGE = ROOT / "jwt_demo"
HS256 = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
TOKENS = [  # every form that a token has on its way
    HS256,
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "eyAiYWxnIjoiSFMyNTYiIH0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "ewogICJhbGciOiJIUzI1NiIKfQ.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.c2VjcmV0.AAAAAAAAAAAAAAAAAAAAAA",
]
OTHER_WAYS = {  # what would escape or strip text without this module
    "html": {"escape"},
    "xml.sax.saxutils": {"escape", "quoteattr"},
    "markupsafe": {"escape", "Markup"},
    "cgi": {"escape"},
}


def other_ways(tree: ast.Module) -> list[str]:
    """The imports and uses of another escape than ours in a module."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = OTHER_WAYS.get(node.module or "", set())
            found += [f"{node.module}.{name.name}" for name in node.names if name.name in names]
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name in OTHER_WAYS]
        elif isinstance(node, ast.GeneratorExp | ast.ListComp) and any(
            isinstance(inner, ast.Attribute) and inner.attr == "isprintable"
            for inner in ast.walk(node)
        ):
            found.append("isprintable")
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_no_module_escapes_on_its_own(path: Path) -> None:
    """A second way would sooner or later let through what the first one stops."""
    if path.name != "escaping.py":
        assert other_ways(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "from html import escape",
        "import html",
        "from markupsafe import Markup",
        "''.join(letter for letter in text if letter.isprintable())",
    ],
)
def test_another_way_would_be_found(source: str) -> None:
    """The test above sees each of them."""
    assert other_ways(ast.parse(source)) != []


@pytest.mark.parametrize("token", TOKENS)
def test_both_maskers_know_every_token(token: str) -> None:
    """`shortened` for pictures and `plain` for the line of a result agree on what is a token."""
    assert plain(f"Bearer {token}") == "Bearer <token>"
    assert token not in shortened(f"Bearer {token}")
    assert "c2lnbmF0dXJl" not in shortened(token)


@pytest.mark.parametrize("text", ["e.g. this", "eyes.only", "event.name", "hello", "1.2.3"])
def test_words_are_no_tokens(text: str) -> None:
    """Ordinary text stays as it is."""
    assert plain(text) == shortened(text) == text


@pytest.mark.parametrize("steering", ["\x1b[31m", "\u202e", "\u200b", "\x00", "\x9b", "\ud800"])
def test_what_steers_a_terminal_does_not_reach_it(steering: str) -> None:
    """Whichever way is taken."""
    for way in (visible, escaped, escaped_lines, clean, plain):
        assert steering[0] not in way(f"a{steering}b")


def test_html_is_text() -> None:
    """In an element and in a quoted attribute."""
    assert escaped("""<b a='"'>&""") == "&lt;b a=&#x27;&quot;&#x27;&gt;&amp;"
    assert escaped_lines("a\n<b>") == "a\n&lt;b&gt;"


def test_a_long_text_says_how_long_it_was() -> None:
    """Nobody scrolls through a megabyte."""
    assert cut("a" * 10, 10) == "a" * 10
    assert cut("a" * 1000, 10) == "a" * 10 + "… (1,000 characters)"
    assert len(plain("word " * 1000)) <= 160
