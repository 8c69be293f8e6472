"""Outputs harm nobody, shut nobody out, and ask no other machine for anything."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe

import gallery
from tests.browser.lab import INSPECTED, Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("closed"),
]


async def test_without_its_kernel_the_picture_stays(lab: Lab) -> None:
    """Saved, closed and opened again with another kernel: the static picture is there, and no message about a widget."""
    await lab.run_cells("saved.ipynb", INSPECTED, "inspector(token, key)")
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
    await lab.run_cells("hostile.ipynb", INSPECTED, HOSTILE, *shown)
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


async def test_axe_finds_no_serious_violation(lab: Lab) -> None:
    """In every kind of output that the gallery shows, in both themes: tokens, exchanges, results, questions, the inspector."""
    await lab.run_cells("axe.ipynb", gallery.START, *gallery.KINDS.values())
    await lab.page.locator(".jd-inspector .jd-statements li").first.wait_for()
    await lab.page.locator(".jd-inspector button", has_text="Change one letter").click()
    await lab.page.locator(".jd-paint mark").wait_for()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        await lab.theme(theme)
        found = (await Axe().run(lab.page, context={"include": [[".jwt-demo"]]})).response
        checked = {rule["id"] for rule in found["passes"]}
        assert {"color-contrast", "label", "button-name", "svg-img-alt"} <= checked
        serious = [
            f"{one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
        assert serious == [], theme


async def test_the_page_asked_for_nothing_outside_this_machine(lab: Lab) -> None:
    """Over everything that ran before, in all files: scripts, styles, pictures, requests, web sockets."""
    assert len(lab.asked) > 50
    assert lab.refused == []
