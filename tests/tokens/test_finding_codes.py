"""The catalogue of findings: stable codes, whole entries, and the page in docs that is made from it."""

import re
from pathlib import Path

from jwt_demo.tokens import anatomy, findings
from jwt_demo.tokens.finding_codes import CODES, as_markdown, explain

ROOT = Path(__file__).parents[2]


def test_the_page_is_what_the_code_says():
    """docs/findings.md is written by `python -m jwt_demo.tokens.finding_codes`."""
    assert (ROOT / "docs" / "findings.md").read_text("utf-8") == as_markdown()


def test_every_code_is_explained():
    """Why, what to do, where to read; none is empty, each ends as a sentence does."""
    for code, one in CODES.items():
        assert re.fullmatch(r"[a-z0-9-]+", code)
        assert one.severity in ("error", "warning", "note")
        assert one.why.endswith(".")
        assert one.to_do.endswith(".")
        for words in (one.title, one.why, one.to_do, one.reference):
            assert words in explain(code)


def test_every_error_of_the_parser_has_its_code():
    """No code is made from a class's name."""
    errors = [anatomy.TokenError, *anatomy.TokenError.__subclasses__()]
    assert len({error.code for error in errors}) == len(errors)
    assert {error.code for error in errors} <= CODES.keys()


def test_no_code_of_the_first_version_is_lost():
    """Scripts read them."""
    assert CODES.keys() >= {
        "not-text", "too-long", "wrapped", "not-compact", "encrypted", "not-base64url", "not-utf8", "not-json", "not-an-object",
        "duplicate-name", "no-alg", "alg-none", "key-too-short", "key-in-header", "crit", "no-exp", "exp-not-a-date", "nbf-not-a-date",
        "iat-not-a-date", "exp-in-milliseconds", "expired", "long-lifetime", "not-yet-valid", "issued-in-the-future", "sub-not-string",
        "jti-not-string", "secret-in-claims", "personal-data", "more",
    }  # fmt: skip


def test_every_code_in_the_source_is_in_the_catalogue():
    """A finding with an unknown code is a KeyError; here it is seen before."""
    sources = [Path(findings.__file__), Path(findings.__file__).with_name("signatures.py")]
    used = {
        code
        for path in sources
        for code in re.findall(r'finding\(\s*"([a-z0-9-]+)"', path.read_text("utf-8"))
    }
    assert used <= CODES.keys()
    assert len(used) > 15
