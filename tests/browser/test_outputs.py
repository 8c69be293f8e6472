"""What a newcomer sees in their fresh copy, before and after a cell is run: signed, in colour, short, within the page."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from rerun import ROOT
from tests.browser.lab import Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("closed"),
]

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


async def test_a_fresh_copy_is_trusted(lab: Lab) -> None:
    """JupyterLab strips the styles from the outputs of notebooks that nobody signed: ours keep them, and the log says nothing."""
    await lab.open("05_anatomy.ipynb")
    styles = lab.page.locator(".jp-OutputArea .jwt-demo style")
    await styles.first.wait_for(state="attached")
    assert await styles.count() >= 2
    assert [line for line in lab.log if "not trusted" in line and "05_anatomy" in line] == []


async def test_a_notebook_is_not_changed_by_being_opened(lab: Lab) -> None:
    """No dot of unsaved changes: the file has what JupyterLab would write into it."""
    await lab.open("00_start_here.ipynb")
    assert await lab.page.evaluate("window.opened.context.model.dirty") is False


async def test_the_sidebar_has_room_for_every_name(lab: Lab) -> None:
    """No name of a notebook is cut."""
    names = lab.page.locator(".jp-DirListing-itemText:visible")
    await names.first.wait_for()
    shown = await names.evaluate_all(
        "all => all.map(one => [one.textContent, one.scrollWidth <= one.clientWidth])"
    )
    assert {name for name, _ in shown} >= set(NOTEBOOKS)
    assert [name for name, fits in shown if not fits] == []


FAILS = {
    "raise ValueError('one\\ntwo')": "ValueError: one two",
    "import jwt\njwt.decode('abc', 'k' * 32, algorithms=['HS256'])": "DecodeError: Not enough segments",
    "import json\njson.loads('{')": "JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
}


async def test_a_live_traceback_is_short_and_ends_with_the_message(lab: Lab) -> None:
    """At most twelve lines: the reader's own, and the message last, whatever the library went through."""
    cells = await lab.run_cells("fails.ipynb", "import jwt_demo", *FAILS, fails=True)
    assert len(cells) == 1 + len(FAILS)
    shown = lab.page.locator(".jp-Notebook [data-mime-type='application/vnd.jupyter.stderr'] pre")
    await shown.nth(len(FAILS) - 1).wait_for()
    for text, (source, message) in zip(await shown.all_inner_texts(), FAILS.items(), strict=True):
        lines = text.strip().splitlines()
        assert len(lines) <= 12, source
        assert lines[-1] == message
        assert any("Cell In[" in line for line in lines), source
        assert "/site-packages/" not in text, source


@pytest.mark.parametrize("width", [900, 640], ids=["at 900 px", "at 1280 px and 200 %"])
async def test_a_claims_table_is_readable_where_there_is_little_room(lab: Lab, width: int) -> None:
    """The meaning has room for more than a word a line, and nothing is cut."""
    await lab.open("05_anatomy.ipynb")
    await lab.page.set_viewport_size({"width": width, "height": 900})
    cells = await lab.page.evaluate(MEANINGS)
    broken = await lab.page.evaluate(BROKEN_NAMES)
    await lab.page.set_viewport_size({"width": 1280, "height": 1000})
    assert len(cells) > 3
    assert broken == []
    assert [text for text, across, _ in cells if across < 120] == []
    assert [text for text, _, lines in cells if lines > 4] == []


MEANINGS = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return [...document.querySelectorAll('.jp-Notebook .jd-claims tbody tr td:nth-child(3)')].filter(one => one.offsetParent)
    .map(one => [one.innerText, one.clientWidth, one.clientHeight / parseFloat(getComputedStyle(one).lineHeight)]);
}"""

BROKEN_NAMES = """() => [...document.querySelectorAll('.jp-Notebook .jd-claims th[scope=row] code')]
  .filter(one => one.offsetParent && one.getClientRects().length > 1).map(one => one.textContent)"""


async def test_figures_follow_the_theme_while_they_are_open(lab: Lab) -> None:
    """Letters and lines change with it; each keeps its contrast."""
    await lab.open("00_start_here.ipynb")
    figure = lab.page.locator(".jwt-demo svg text").first
    await figure.wait_for()
    colours = {}
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        await lab.theme(theme)
        colours[theme] = await figure.evaluate("one => getComputedStyle(one).fill")
    assert colours["JupyterLab Dark"] != colours["JupyterLab Light"]
    assert await lab.page.locator(".jp-Notebook .jp-RenderedMermaid").count() == 0


async def test_exported_pages_have_code_in_one_width(lab: Lab, tmp_path: Path) -> None:
    """`jupyter nbconvert --to html`: source and HTTP stand in a monospaced face there too."""
    command = [
        "-m",
        "jupyter",
        "nbconvert",
        "--to",
        "html",
        "--log-level=40",
        "--output-dir",
        str(tmp_path),
    ]
    export = await asyncio.create_subprocess_exec(
        sys.executable, *command, str(ROOT / "notebooks" / "02_login.ipynb")
    )
    assert await export.wait() == 0
    page = await lab.page.context.browser.new_page()
    await page.route("http*://**/*", lambda route: route.abort())
    await page.goto(f"file://{tmp_path / '02_login.html'}", wait_until="domcontentloaded")
    widths = await page.evaluate(WIDTHS)
    await page.close()
    assert len(widths) > 3
    assert all(narrow == wide for narrow, wide in widths)


WIDTHS = """() => [...document.querySelectorAll('.jwt-demo pre')].map(pre => ['iiii', 'MMMM'].map(text => {
  const span = document.createElement('span');
  span.style.cssText = 'position: absolute; visibility: hidden';
  span.textContent = text;
  pre.append(span);
  const width = span.getBoundingClientRect().width;
  span.remove();
  return width;
}))"""


async def test_listings_have_colours_of_the_theme(lab: Lab) -> None:
    """Keywords and header fields are coloured, other in light than in dark."""
    source = "from jwt_demo import show_source\nfrom jwt_demo.stages import decorator\nshow_source(decorator.login_required)"
    await lab.run_cells("source.ipynb", source)
    word = lab.page.locator(".jwt-demo pre .jd-keyword").first
    await word.wait_for()
    seen = []
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        await lab.theme(theme)
        seen.append(await word.evaluate("one => getComputedStyle(one).color"))
        plain = await word.evaluate("one => getComputedStyle(one.closest('pre')).color")
        assert seen[-1] != plain
    assert seen[0] != seen[1]
