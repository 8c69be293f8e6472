"""The inspector used as its users do, by keyboard, in JupyterLab; its outputs and all others harm nobody and shut nobody out."""

from __future__ import annotations

import os
import statistics
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe

from tests.browser.lab import ROOT, Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("closed"),
]

START = """import jwt
from jwt_demo import inspector, serve, show, show_source, Token
from jwt_demo.stages import decorator
from jwt_demo.stages.login import claims_for
key = "a key for this test alone, of more than 32 bytes"
server = await serve(decorator.make_app(key=key))
exchange = await server.post("/login", data={"email": "user@email.com", "password": "password"})
token = exchange.json()["token"]"""


class Page:
    """The inspector on the page."""

    def __init__(self, lab: Lab):
        self.page = lab.page
        self.root = lab.page.locator(".jd-inspector")

    def field(self, name: str) -> Any:
        return self.root.get_by_label(name, exact=True)

    async def value(self, name: str) -> str:
        return await self.field(name).input_value()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, and wait until the last edit has its answer."""
        for key in keys:
            await self.page.keyboard.press(key)
        await self.settled()

    async def settled(self) -> None:
        await self.page.wait_for_function(
            "() => { const root = document.querySelector('.jd-inspector').dataset; return root.answered === root.asked; }"
        )

    async def marks(self) -> str:
        await self.settled()
        return "".join(
            text[0] for text in await self.root.locator(".jd-statements li").all_inner_texts()
        )

    async def tab_to(self, name: str) -> None:
        """Forward by Tab alone, until the thing with this name has the focus."""
        seen = []
        for _ in range(40):
            await self.page.keyboard.press("Tab")
            seen.append(await self.page.evaluate(FOCUSED))
            if seen[-1] == name:
                return
        raise AssertionError(f"Tab never reached {name!r}, only {seen}")


FOCUSED = """() => { const it = document.activeElement; return it.labels?.[0]?.textContent.trim() || it.getAttribute('aria-label') || it.textContent; }"""


@pytest_asyncio.fixture(loop_scope="session")
async def page(lab: Lab) -> Page:
    """A fresh notebook with a server, a good token, and its inspector; the first field has the focus."""
    await lab.run_cells("inspector.ipynb", START, "inspector(token, key)")
    page = Page(lab)
    await page.root.locator(".jd-statements li").first.wait_for()
    await page.field("Token").focus()
    return page


async def test_the_three_statements_follow_each_keystroke(page: Page) -> None:
    """A claim is changed by keyboard: with the signature following it stays good, without it is found out, undone it is good again."""
    assert await page.marks() == "✓✓✓"
    before = await page.value("Token")

    await page.tab_to("Claims")
    await page.press("Control+Home", *["ArrowRight"] * 12, "Shift+ArrowRight", "2")
    assert '"sub": "2"' in await page.value("Claims")
    assert await page.marks() == "✓✓✓"
    assert await page.value("Token") != before

    await page.press("Control+z")
    assert await page.value("Token") == before
    await page.field("signature follows my edits").focus()
    await page.press("Space")
    await page.tab_to("Claims")
    await page.press("Control+Home", *["ArrowRight"] * 12, "Shift+ArrowRight", "3")
    assert await page.marks() == "✓✗✗"
    assert (await page.value("Token")).split(".")[2] == before.split(".")[2]

    await page.press("Backspace", "Backspace")
    assert (await page.marks())[0] == "✗"
    await page.press("Control+z", "Control+z", "Control+z")
    assert await page.value("Token") == before
    assert await page.marks() == "✓✓✓"
    await page.press("Control+Shift+z")
    assert await page.marks() == "✓✗✗"


async def test_one_changed_letter_is_shown_and_the_server_refuses_it(page: Page) -> None:
    """Tamper, see the byte, send it: 401. Sign again, send it: 200."""
    await page.tab_to("Change one letter")
    await page.press("Enter")
    assert await page.marks() == "✓✗✗"
    assert len(await page.root.locator(".jd-spelled mark").all_inner_texts()) == 1
    assert "1 of" in await page.root.locator(".jd-signed .jd-says").inner_text()

    await page.tab_to("Send it")
    await page.page.keyboard.press("Enter")
    await page.root.locator(".jd-answer", has_text="HTTP/1.1 401 Unauthorized").wait_for()
    await page.field("Token").focus()
    await page.press("Control+z")
    await page.tab_to("Sign again")
    await page.press("Space")
    assert await page.marks() == "✓✓✓"
    await page.tab_to("Send it")
    await page.page.keyboard.press("Enter")
    await page.root.locator(".jd-answer", has_text="HTTP/1.1 200 OK").wait_for()


async def test_a_typed_key_is_tried_and_never_readable(page: Page) -> None:
    """A wrong key and a right one in hexadecimal: only the verdict changes, the token does not, and the field shows dots."""
    before = await page.value("Token")
    await page.tab_to("Key")
    await page.page.keyboard.type("wrong")
    assert await page.marks() == "✓✗✗"
    assert (
        await page.field("Key").evaluate("field => getComputedStyle(field).webkitTextSecurity")
        == "disc"
    )

    await page.press("Control+a")
    await page.page.keyboard.insert_text(b"a key for this test alone, of more than 32 bytes".hex())
    await page.tab_to("Key is")
    await page.press("h")
    assert await page.field("Key is").input_value() == "hex"
    assert await page.marks() == "✓✓✓"
    assert await page.value("Token") == before
    assert "A secret of 48 bytes" in await page.root.inner_text()


async def test_an_example_brings_its_own_key(page: Page) -> None:
    """Chosen by keyboard; its key serves the next edits, and Undo brings back the token and its key."""
    before = await page.value("Token")
    await page.tab_to("Example")
    await page.press("n", *["ArrowDown"] * 12)
    assert await page.field("Example").input_value() == "EdDSA"
    assert await page.marks() == "✓✓✓"
    assert '"alg": "EdDSA"' in await page.value("Header")
    assert (
        "An Ed25519 key, private half known, made here and not shown."
        in await page.root.inner_text()
    )
    for _ in range(13):
        await page.press("Control+z")
    assert await page.value("Token") == before
    assert await page.marks() == "✓✓✓"


async def test_letters_go_to_the_inspector_and_not_to_jupyterlab(page: Page, lab: Lab) -> None:
    """`d d` deletes a cell in JupyterLab, `Ctrl+Enter` runs one; not from in here."""
    await page.tab_to("Copy token")
    await page.press("d", "d", "x", "Control+Enter")
    assert await lab.page.locator(".jp-CodeCell").count() == 2
    await page.press("Enter")
    await page.root.get_by_text("Copied.").wait_for()
    assert await lab.page.evaluate("navigator.clipboard.readText()") == await page.value("Token")


async def test_keystroke_to_verdict(page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    """Measured in the page, from the key to the frame after the verdict; printed, for a slow machine proves nothing."""
    await page.page.evaluate(MEASURE)
    await page.tab_to("Claims")
    await page.press("Control+Home", *["ArrowRight"] * 12)
    for number in range(30):
        await page.press("abc"[number % 3])
        await page.page.wait_for_function(
            "count => window.keystrokes.length >= count", arg=number + 1
        )
    times = sorted(await page.page.evaluate("window.keystrokes"))
    with capsys.disabled():
        print(
            f"\nkeystroke to verdict: median {statistics.median(times):.0f} ms, slowest {times[-1]:.0f} ms of {len(times)}"
        )


MEASURE = """() => {
  window.keystrokes = [];
  let pressed = 0;
  const root = document.querySelector('.jd-inspector');
  root.addEventListener('keydown', () => { pressed = performance.now(); }, true);
  new MutationObserver(() => requestAnimationFrame(() => { if (pressed) window.keystrokes.push(performance.now() - pressed); pressed = 0; }))
    .observe(root, {attributeFilter: ['data-answered']});
}"""


async def test_without_its_kernel_the_picture_stays(lab: Lab) -> None:
    """Saved, closed and opened again with another kernel: the static picture is there, and no message about a widget."""
    await lab.run_cells("saved.ipynb", START, "inspector(token, key)")
    await lab.page.locator(".jd-inspector .jd-statements li").first.wait_for()
    assert not await lab.page.locator(".jd-still").is_visible()
    await lab.close()

    await lab.open("saved.ipynb")
    await lab.page.locator(".jd-still").wait_for()
    await lab.page.locator(".jupyter-widgets", has_text="Error displaying widget").wait_for(
        state="attached"
    )
    assert not await lab.page.get_by_text("Error displaying widget").is_visible()
    assert "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9" not in (lab.folder / "saved.ipynb").read_text(
        "utf-8"
    )


HOSTILE = """texts = [
    "<script>window.hacked = 1</script>", "<img src=x onerror='window.hacked = 1'>", "</pre></code><svg onload='window.hacked = 1'>",
    "<button data-commandlinker-command='notebook:insert-cell-below' data-commandlinker-args='{}'>x</button>", "<a href='javascript:window.hacked=1'>x</a>",
    "$x^2$ $$y$$", "<iframe src='https://example.com/'></iframe>", "<link rel=stylesheet href='https://example.com/x.css'>", "\\x1b[31mred", "\\u202ertl",
    "https://example.com/claim", "<style>body{display:none}</style>", "![x](https://example.com/x.png)",
]
hostile = jwt.encode({**{text: text for text in texts}, "list": texts, "exp": 4_000_000_000}, key, headers={"kid": texts[0], "jku": texts[4]})
from jwt_demo.server.exchange import Exchange, Exchanges, Step
exchanges = Exchanges(
    Exchange(text, text, [(text, text)], text.encode(), status=500, reason=text, headers={text: text}, body=text.encode(), problem=text, warnings=[text],
             steps=[Step(0, text, "in"), Step(0, text, "out", text)]) for text in texts)"""


async def test_a_hostile_claim_does_nothing(lab: Lab) -> None:
    """In the picture, in exchanges, in the diagram and in the inspector: nothing runs, loads, links, or turns into a formula."""
    shown = (
        "show(hostile, key, reveal=True, signing_input=True)",
        "for one in exchanges: show(one)",
        "exchanges",
        "inspector(hostile, key)",
    )
    await lab.run_cells("hostile.ipynb", START, HOSTILE, *shown)
    root = lab.page.locator(".jd-inspector")
    await root.locator(".jd-meanings tr").nth(5).wait_for()
    await root.get_by_label("Claims", exact=True).focus()
    await lab.page.keyboard.type(" ")
    await lab.page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )

    assert await lab.page.evaluate("window.hacked") is None
    strange = "script, img, iframe, link, a, form, object, embed, mjx-container, [data-commandlinker-command], [onerror], [onload]"
    assert await lab.page.locator(f".jp-OutputArea :is({strange})").count() == 0
    assert (
        await lab.page.locator(".jp-OutputArea button").count()
        == await root.locator("button").count()
    )
    assert lab.dialogs == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
async def test_axe_finds_no_serious_violation(lab: Lab, theme: str) -> None:
    """In a token's picture (good, refused, no token), an exchange, a diagram, source, and the inspector."""
    await lab.theme(theme)
    shown = (
        "show(token, key)",
        "show(token, 'another')",
        "show('no token')",
        "exchange",
        "server.exchanges",
        "show_source(claims_for, around='scope')",
    )
    await lab.run_cells(
        "axe.ipynb", START, *shown, "await server.get('/nowhere')", "inspector(token, key)"
    )
    await lab.page.locator(".jd-inspector .jd-statements li").first.wait_for()
    await lab.page.locator(".jd-inspector button", has_text="Change one letter").click()
    await lab.page.locator(".jd-spelled mark").wait_for()
    found = (await Axe().run(lab.page, context={"include": [[".jwt-demo"]]})).response
    await lab.theme("JupyterLab Light")

    checked = {rule["id"] for rule in found["passes"]}
    assert {"color-contrast", "label", "button-name", "svg-img-alt"} <= checked
    serious = [
        f"{one['id']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert serious == []


async def test_a_screenshot_for_the_readme(page: Page, tmp_path: Any) -> None:
    """A tampered token, found out. With SCREENSHOT=docs/inspector.png in the environment it is kept there."""
    await page.tab_to("Change one letter")
    await page.press("Enter")
    await page.page.evaluate("document.activeElement.blur()")
    path = (
        ROOT / os.environ["SCREENSHOT"]
        if "SCREENSHOT" in os.environ
        else tmp_path / "inspector.png"
    )
    await page.page.set_viewport_size({"width": 1280, "height": 1700})
    await page.root.screenshot(path=path)
    await page.page.set_viewport_size({"width": 1280, "height": 1000})
    assert 20_000 < path.stat().st_size < 200_000


async def test_the_page_asked_for_nothing_outside_this_machine(lab: Lab) -> None:
    """Over everything above: scripts, styles, pictures, requests, web sockets."""
    assert len(lab.asked) > 50
    assert lab.refused == []
