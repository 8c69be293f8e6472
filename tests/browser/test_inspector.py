"""The inspector used as its users do, by keyboard, in JupyterLab."""

from __future__ import annotations

import os
import statistics
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.browser.lab import INSPECTED, ROOT, Lab

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def notebook(lab: Lab) -> AsyncIterator[Lab]:
    """A notebook with a server and a good token, open for all tests in here."""
    await lab.run_cells("inspector.ipynb", INSPECTED, "inspector(token, key)")
    yield lab
    await lab.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(notebook: Lab) -> Page:
    """The cell of the inspector, run anew; its first field has the focus."""
    await notebook.page.evaluate(RUN_LAST)
    page = Page(notebook)
    await page.root.locator(".jd-statements li").first.wait_for()
    await page.field("Token").focus()
    return page


RUN_LAST = """async () => {
  document.querySelector('.jd-inspector.jd-live').remove(); // or the old one would be taken for the new one
  const notebook = window.opened.content;
  notebook.activeCellIndex = notebook.widgets.length - 1;
  await jupyterapp.commands.execute('notebook:run-cell');
}"""


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


async def test_the_editors_have_colours(page: Page) -> None:
    """Each segment of the token has its own, so have names and values in JSON; the letters lie exactly under those that are typed.

    A long line too: both layers break it at the same places.
    """
    await page.tab_to("Claims")
    await page.press("Control+Home", "ArrowRight")
    await page.page.keyboard.insert_text(
        f'"text": "{"some words " * 20}{"x" * 200} and-a-hyphen", '
    )
    assert await page.marks() == "✓✓✓"
    layers = await page.page.evaluate(LAYERS)
    assert [layer["name"] for layer in layers] == ["token", "header", "claims"]
    for layer in layers:
        assert layer["painted"] == layer["typed"] + "\n", layer["name"]
        assert layer["letters"] == "rgba(0, 0, 0, 0)", layer["name"]
        assert layer["shift"] < 1, layer["name"]
        assert layer["metrics"][0] == layer["metrics"][1], layer["name"]
        assert layer["heights"][0] == layer["heights"][1], layer["name"]
    colours = [dict(layer["colours"]) for layer in layers]
    assert set(colours[0]) == {"jd-header", "jd-payload", "jd-signature"}
    assert set(colours[1]) == {"jd-function", "jd-string"}
    assert set(colours[2]) >= {"jd-function", "jd-string", "jd-number"}
    for seen in colours:
        assert len(set(seen.values())) == len(seen)


LAYERS = """() => [...document.querySelectorAll('.jd-inspector .jd-editor')].map(editor => {
  const paint = editor.querySelector('.jd-paint'), input = editor.querySelector('textarea'), style = getComputedStyle(input);
  const [a, b] = [paint, input].map(one => one.getBoundingClientRect());
  const metrics = one => { const s = getComputedStyle(one); return [s.font, s.padding, s.whiteSpace, s.wordBreak, s.letterSpacing, one.clientWidth].join(); };
  return {
    name: editor.parentElement.className.split('jd-field-')[1], painted: paint.textContent, typed: input.value, letters: style.color,
    shift: Math.max(Math.abs(a.left - b.left), Math.abs(a.top - b.top), Math.abs(a.width - b.width), Math.abs(a.height - b.height)),
    metrics: [metrics(paint), metrics(input)], heights: [paint, input].map(one => Math.round(one.scrollHeight / parseFloat(getComputedStyle(one).lineHeight))),
    colours: [...paint.querySelectorAll('span')].map(span => [span.className, getComputedStyle(span).color]),
  };
})"""


async def test_nothing_is_cut_at_200_percent(page: Page) -> None:
    """Half of 1280 pixels: every field, button and column is inside, no name of a claim is broken, nor a word of the key's hint."""
    await page.page.set_viewport_size({"width": 640, "height": 1000})
    await page.settled()
    outside, broken = await page.page.evaluate(NARROW)
    breaks = await page.field("Key").evaluate("field => getComputedStyle(field).wordBreak")
    await page.page.set_viewport_size({"width": 1280, "height": 1000})
    assert outside == []
    assert broken == []
    assert breaks == "normal"


NARROW = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const root = document.querySelector('.jd-inspector.jd-live'), area = root.closest('.jp-OutputArea').getBoundingClientRect();
  const outside = [...root.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > area.right + 1).map(one => one.outerHTML.slice(0, 80));
  const broken = [...root.querySelectorAll('.jd-meanings th code')].filter(one => one.getClientRects().length > 1).map(one => one.textContent);
  return [outside, broken];
}"""


async def test_nothing_of_an_earlier_token_stays(page: Page) -> None:
    """Garbage leaves no header and no claims, and nothing to sign; Clear empties all fields, the key too; Undo brings all back."""
    before = await page.value("Token")
    await page.press("Control+a")
    await page.page.keyboard.type("no token at all")
    assert (await page.marks())[0] == "✗"
    assert [await page.value(name) for name in ("Header", "Claims")] == ["", ""]
    assert await page.root.locator(".jd-meanings tbody tr").count() == 0
    assert await page.root.get_by_role("button", name="Sign again").is_disabled()

    await page.field("Key").fill("a key that was typed")
    await page.root.get_by_role("button", name="Clear").click()
    await page.settled()
    assert await page.page.evaluate(FOCUSED) == "Token"
    names = ("Token", "Header", "Claims", "Key")
    assert [await page.value(name) for name in names] == [""] * 4
    assert await page.root.locator(".jd-paint").all_inner_texts() == ["\n"] * 3
    for _ in range(40):
        await page.press("Control+z")
        if await page.value("Token") == before:
            break
    assert await page.marks() == "✓✓✓"
    assert await page.value("Key") == ""


async def test_one_changed_letter_is_shown_and_the_server_refuses_it(page: Page) -> None:
    """Tamper, see the byte, send it: 401. Sign again, send it: 200."""
    await page.tab_to("Change one letter")
    await page.press("Enter")
    assert await page.marks() == "✓✗✗"
    assert len(await page.root.locator(".jd-paint mark").all_inner_texts()) == 1
    assert "1 of" in await page.root.locator(".jd-signed .jd-says").inner_text()

    await page.tab_to("Send it")
    await page.page.keyboard.press("Enter")
    await page.root.locator(".jd-answer", has_text="HTTP/1.1 401 Unauthorized").wait_for()
    response = page.root.locator(".jd-answer")
    assert await response.evaluate("one => one.classList.contains('jd-stale')") is False

    await page.field("Token").focus()
    await page.press("Control+z")
    assert await response.evaluate(SHOWN) == ["This is the response to an earlier token.", "0.6"]
    assert (
        await response.get_attribute("aria-label") == "Response of the server to an earlier token"
    )
    await page.tab_to("Sign again")
    await page.press("Space")
    assert await page.marks() == "✓✓✓"
    await page.tab_to("Send it")
    await page.page.keyboard.press("Enter")
    await page.root.locator(".jd-answer", has_text="HTTP/1.1 200 OK").wait_for()
    assert await response.evaluate(SHOWN) == ["", "1"]
    assert await response.get_attribute("aria-label") == "Response of the server"


SHOWN = "one => [one.dataset.note, getComputedStyle(one).opacity]"


async def test_a_typed_key_is_tried_and_readable_on_request_alone(page: Page) -> None:
    """A wrong key and a right one in hexadecimal: only the verdict changes, the token does not; the field shows dots unless asked."""
    before = await page.value("Token")
    await page.tab_to("Key")
    await page.page.keyboard.type("wrong")
    assert await page.marks() == "✓✗✗"
    eye = page.root.get_by_role("button", name="Show key")
    for pressed, security in (("false", "disc"), ("true", "none"), ("false", "disc")):
        assert await eye.get_attribute("aria-pressed") == pressed
        assert await page.field("Key").evaluate(SECURITY) == security
        await eye.press("Space")
    await eye.press("Space")
    await page.field("Key").focus()

    await page.press("Control+a")
    await page.page.keyboard.insert_text(b"a key for this test alone, of more than 32 bytes".hex())
    await page.tab_to("Key is")
    await page.press("h")
    assert await page.field("Key is").input_value() == "hex"
    assert await page.marks() == "✓✓✓"
    assert await page.value("Token") == before
    assert "A secret of 48 bytes" in await page.root.inner_text()


SECURITY = "field => getComputedStyle(field).webkitTextSecurity"


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
