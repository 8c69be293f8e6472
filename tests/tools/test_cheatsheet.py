"""The cheat sheet is one page, and it says what the glossary and the server say."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import cheatsheet


def test_the_page_needs_nothing_else() -> None:
    """One file with its style in it, and every table of the source."""
    html = cheatsheet.page()
    tables = re.findall(r"(?m)^\| --- ", cheatsheet.SOURCE.read_text("utf-8"))
    assert html.count("<table>") == len(tables) > 3
    assert "http" not in re.sub(r"<code>.*?</code>", "", html)
    assert "src=" not in html


@pytest.mark.browser
def test_it_prints_on_one_page(tmp_path: Path) -> None:
    """A4, counted in the PDF that Chromium writes."""
    if not any(map(shutil.which, cheatsheet.BROWSERS)):
        pytest.skip("no Chromium on this machine")
    assert cheatsheet.main([str(tmp_path)]) == 0
    pdf = (tmp_path / "cheatsheet.pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
