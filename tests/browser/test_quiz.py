"""A question that is clicked, or answered by keyboard; remembered; and readable where nothing runs."""

from __future__ import annotations

import json

import pytest

from tests.browser.lab import Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("closed"),
]
ASK = 'from jwt_demo import quiz, check, progress\nquiz("encoded")'


async def test_a_question_is_clicked(lab: Lab) -> None:
    """A wrong option says why, then the right one; mark, word and colour are on the option, the reason is said aloud."""
    await lab.run_cells("quiz.ipynb", ASK)
    card = lab.page.locator(".jd-live.jwt-demo")
    await card.get_by_role("radio").nth(0).click()
    await card.locator(".jd-option.jd-no", has_text="✗ not this").wait_for()
    await card.get_by_role("status").get_by_text("Nothing is encrypted").wait_for()
    await card.get_by_role("radio").nth(1).click()
    await card.locator(".jd-option.jd-yes", has_text="✓ right").wait_for()
    assert await card.locator(".jd-option.jd-no").count() == 1
    assert await card.get_by_role("group").get_by_role("radio").count() == 3


async def test_a_question_is_answered_by_keyboard(lab: Lab) -> None:
    """Tab into it, arrows within it; JupyterLab takes none of the keys for its cells."""
    await lab.run_cells("keys.ipynb", ASK.replace("encoded", "proof"))
    card = lab.page.locator(".jd-live.jwt-demo")
    await card.get_by_role("radio").first.focus()
    await lab.page.keyboard.press("Space")
    await card.locator(".jd-option:is(.jd-no, .jd-yes)").first.wait_for()
    for _ in range(await card.get_by_role("radio").count() - 1):
        await lab.page.keyboard.press("ArrowDown")
    await card.locator(".jd-option.jd-yes").wait_for()
    await lab.page.keyboard.press("d")
    await lab.page.keyboard.press("d")
    assert await lab.page.locator(".jp-CodeCell").count() == 1


async def test_an_answer_is_remembered(lab: Lab) -> None:
    """Given in one kernel, there in the next; a file of the working copy has it."""
    await lab.run_cells("first.ipynb", ASK)
    await lab.page.locator(".jd-live").get_by_role("radio").nth(1).click()
    await lab.page.locator(".jd-option.jd-yes").wait_for()
    await lab.close()
    kept = json.loads((lab.folder / ".jwt_demo/progress/quiz-encoded.json").read_text("utf-8"))
    assert kept["answers"][-1] == "b"
    await lab.run_cells("second.ipynb", ASK)
    await lab.page.locator(".jd-live .jd-option.jd-yes", has_text="✓ right").wait_for()
    assert await lab.page.locator(".jd-live").get_by_role("radio").nth(1).is_checked()


async def test_without_its_kernel_each_option_opens(lab: Lab) -> None:
    """Saved and opened again: the options are disclosures, and no message about a widget is seen."""
    await lab.run_cells("still.ipynb", ASK)
    await lab.page.locator(".jd-live").get_by_role("radio").first.wait_for()
    assert not await lab.page.locator(".jd-still").is_visible()
    await lab.close()
    await lab.open("still.ipynb")
    still = lab.page.locator(".jd-still")
    await still.wait_for()
    await still.locator("summary").nth(1).click()
    assert await still.get_by_text("✓ right.").is_visible()
    assert not await lab.page.get_by_text("Error displaying widget").is_visible()


async def test_hints_and_the_solution_open_where_the_refusal_stands(lab: Lab) -> None:
    """Hints at once, the solution from the second attempt on; a correct answer shows how we wrote it."""
    wrong = "from aiohttp import web\nasync def login(request):\n    return web.json_response({})"
    ask = 'await check(login, exercise="02-login")'
    await lab.run_cells("hints.ipynb", ASK, wrong, ask, ask)
    cards = lab.page.locator(".jd-card.jd-no")
    await cards.nth(1).wait_for()
    assert await cards.nth(0).locator("summary").all_inner_texts() == [
        f"Hint {n} of 3" for n in (1, 2, 3)
    ]
    assert (await cards.nth(1).locator("summary").all_inner_texts())[-1] == "Solution"
    await cards.nth(1).locator("summary", has_text="Solution").click()
    assert await cards.nth(1).locator("pre .jd-keyword").first.is_visible()
    assert (
        "✗ incorrect" in await cards.nth(0).inner_text()
        or "! your code raised" in await cards.nth(0).inner_text()
    )
