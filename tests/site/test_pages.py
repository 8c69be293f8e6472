"""The pages of the site: lessons to read, the inspector, reference; in both themes, on a phone, from this machine alone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jwt
import pytest

from tests.site.tab import Tab, tab
from website.lite import OFFLINE, lessons
from website.pages import outside

pytestmark = pytest.mark.site
in_one_browser = pytest.mark.asyncio(loop_scope="session")

LINK = re.compile(r'(?:href|src)="([^"#]+)')
PHONE = {"width": 390, "height": 844}


def test_no_page_loads_anything_from_another_machine(site: Path) -> None:
    """Neither scripts nor styles nor pictures."""
    assert outside(site) == []


def test_every_link_inside_the_site_leads_somewhere(site: Path) -> None:
    """From all pages but those of JupyterLab, and the theme's own templates."""
    missing = {
        f"{page.relative_to(site)}: {link}"
        for page in site.rglob("*.html")
        if not {"lite", "_static"} & set(page.relative_to(site).parts)
        for link in LINK.findall(page.read_text("utf-8"))
        if not urlsplit(link).scheme and not link.startswith("//")
        and not (page.parent / unquote(urlsplit(link).path)).exists()
    }  # fmt: skip
    assert missing == set()


@pytest.mark.parametrize("name", [path.stem for path in lessons(OFFLINE)])
def test_a_lesson_that_runs_here_has_its_button(site: Path, name: str) -> None:
    """It opens that lesson in JupyterLab."""
    page = (site / "notebooks" / f"{name}.html").read_text("utf-8")
    assert f'href="../lite/lab/index.html?path={name}.ipynb"' in page


def test_a_lesson_that_does_not_run_here_says_why(site: Path) -> None:
    """In a line at its top."""
    page = (site / "notebooks" / "09_keys.html").read_text("utf-8")
    assert "not in a browser tab: it wants cryptography" in page


@pytest.mark.parametrize(
    "name",
    ["notebooks/02_login.html", "reference/python.html", "docs/glossary.html", "inspector.html"],
)
@in_one_browser
async def test_a_page_fits_a_phone(browser_tab: Tab, name: str) -> None:
    """Nothing but code and tables scrolls sideways."""
    await browser_tab.page.set_viewport_size(PHONE)
    await browser_tab.page.goto(f"{browser_tab.address}/{name}")
    wide = await browser_tab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    await browser_tab.page.set_viewport_size({"width": 1280, "height": 1000})
    assert wide <= 1


@in_one_browser
async def test_search_finds_a_word_of_a_lesson(browser_tab: Tab) -> None:
    """Without a server."""
    await browser_tab.page.goto(f"{browser_tab.address}/search.html?q=revoked")
    await browser_tab.page.wait_for_selector("#search-results li a")


@in_one_browser
async def test_the_inspector_verifies_a_pasted_token(browser_tab: Tab) -> None:
    """Without a notebook: statements, findings and meanings come from the package, and the page can send nothing to anyone."""
    page, key = browser_tab.page, "a key for this test, of forty characters"
    await page.goto(f"{browser_tab.address}/inspector.html")
    await page.wait_for_selector("html[data-ready]")
    print(
        f"\ninspector ready after {await page.evaluate('document.documentElement.dataset.ready')} ms"
    )
    token = jwt.encode({"sub": "<b>7</b>"}, key, algorithm="HS256")
    await page.get_by_label("Token", exact=True).fill(token)
    await page.get_by_label("Key", exact=True).fill(key)
    await page.wait_for_selector("li.jd-yes:has-text('signature verified: yes')")
    await page.get_by_role("button", name="Change one letter").click()
    await page.wait_for_selector("li.jd-no:has-text('signature verified: no')")
    assert await page.locator(".jd-meanings b:has-text('7')").count() == 0
    sent = await page.evaluate("fetch('https://example.com').then(() => 'sent', () => 'not sent')")
    assert sent == "not sent"


@in_one_browser
async def test_the_inspector_needs_two_folders_and_a_plain_file_server(
    site: Path, chromium: str, tmp_path: Path
) -> None:
    """The page alone can be given away: without the lessons, without JupyterLab."""
    shutil.copy(site / "inspector.html", tmp_path)
    for folder in ("inspector", "lite/static/pyodide"):
        shutil.copytree(site / folder, tmp_path / folder)
    async with tab(tmp_path, chromium) as alone:
        await alone.page.goto(f"{alone.address}/inspector.html")
        await alone.page.wait_for_selector("html[data-ready]")
        await alone.page.get_by_label("Token", exact=True).fill("eyJhbGciOiJub25lIn0.e30.")
        await alone.page.wait_for_selector("li.jd-no")
        assert [one for one in alone.missing if "favicon" not in one] == []
        assert alone.refused == []


@in_one_browser
async def test_the_inspector_names_what_this_copy_does_not_check(browser_tab: Tab) -> None:
    """A public key is neither a secret nor silently left out."""
    page = browser_tab.page
    await page.goto(f"{browser_tab.address}/inspector.html")
    await page.wait_for_selector("html[data-ready]")
    await page.get_by_label("Token", exact=True).fill("eyJhbGciOiJSUzI1NiJ9.e30.AAAA")
    await page.get_by_label("Key", exact=True).fill(
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"
    )
    await page.wait_for_selector(".jd-says:has-text('needs the package `cryptography`')")
    await page.wait_for_selector("li.jd-open:has-text('signature verified: open')")
