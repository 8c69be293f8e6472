"""The lessons in a real browser tab: each cell runs, says what is stored, and asks no other machine."""

from __future__ import annotations

import json
import re
import statistics
import time
from pathlib import Path
from typing import Any

import pytest

from rerun import NOTEBOOKS, sanitised
from tests.site.tab import Tab, tab
from website.lite import OFFLINE, lessons

pytestmark = pytest.mark.site
in_one_browser = pytest.mark.asyncio(loop_scope="session")

NOTES = re.compile(  # a line in which a cell says what is done in a tab instead
    r"^\(?A browser tab has no (HTTPie|gunicorn)[^\n]*\n?"
    r"|^ *Your progress is (saved|kept)[^\n]*\n?",  # where, which a stored notebook cannot know
    re.MULTILINE,
)
OTHER_THERE = {  # cells that say something else in a tab, and why
    "00-ready": "the tab is diagnosed, not the machine",
    "01-user-new": "passwords are hashed with PBKDF2, under its own name",
}
LEFT_OUT = {  # cells that need `cryptography`, or what such a cell makes: each says so in one line
    "05-jwe-encrypt", "05-jwe", "05-jwe-reads", "05-jwa-keys", "05-jwa", "05-jwk",
}  # fmt: skip
IN_ONE_LINE = re.compile(r"A browser tab has no `cryptography`: this cell was not run[^\n]*\n?")


def said(cell: dict[str, Any]) -> str:
    """What a cell shows as text, without what differs from run to run."""
    parts = []
    for output in cell["outputs"]:
        shown = output.get("data", {}).get("text/plain")
        parts.append("".join(output.get("text") or shown or output.get("evalue") or ""))
    lines = sanitised(NOTES.sub("", "\n".join(parts))).splitlines()
    return "\n".join(line for line in lines if line.strip())  # a widget adds an empty output


def unlike(stored: dict[str, Any], cell: dict[str, Any]) -> str:
    """How a run of a cell differs from what is stored; '' where it does not."""
    expected = "raises-exception" in cell["metadata"].get("tags", [])
    raised = [one for one in cell["outputs"] if one["output_type"] == "error"]
    if not cell["execution_count"]:
        return "did not run"
    if bool(raised) != expected:
        return (
            f"raised {raised[0]['ename']}: {raised[0]['evalue'][:300]}"
            if raised
            else "did not raise"
        )
    if cell["id"] in LEFT_OUT:
        [output] = cell["outputs"]
        whole = IN_ONE_LINE.fullmatch("".join(output.get("text", "")))
        return "" if whole else "was not left out in one line"
    if cell["id"] in OTHER_THERE:
        return ""
    before, after = said(stored), said(cell)
    return "" if before == after else f"stored {before[:400]!r}, in the tab {after[:400]!r}"


def stored_cells(path: Path) -> dict[str, Any]:
    return {cell["id"]: cell for cell in json.loads(path.read_text("utf-8"))["cells"]}


@in_one_browser
async def test_the_first_cell_runs_soon(site: Path, chromium: str) -> None:
    """From the address in the bar to the first result, three times in a fresh browser; printed and not judged, since machines differ."""
    took = []
    for _ in range(3):
        async with tab(site, chromium) as fresh:
            started = time.perf_counter()
            await fresh.lab()
            shown = time.perf_counter() - started
            await fresh.open("00_start_here.ipynb")
            ready = time.perf_counter() - started
            await fresh.run_first()
            took.append((time.perf_counter() - started, ready, shown))
            assert fresh.refused == []
    whole, ready, shown = statistics.median(took)
    print(f"\nfirst cell done after {whole:.1f} s (median of 3): JupyterLab {shown:.1f}, kernel {ready:.1f}")  # fmt: skip


LEAK = """
from js import XMLHttpRequest
request = XMLHttpRequest.new()
request.open("GET", "https://another-machine.example/", False)
try:
    request.send()
except Exception as error:
    print("not sent")
"""


@in_one_browser
async def test_a_request_to_another_machine_would_be_seen(browser_tab: Tab) -> None:
    """Also one that the kernel makes: without this, that no test found any would say little."""
    await browser_tab.lab("00_start_here.ipynb")
    assert (await browser_tab.execute(LEAK)).strip() == "not sent"
    await browser_tab.close()
    assert browser_tab.refused == ["https://another-machine.example/"]
    browser_tab.refused.clear()


@pytest.mark.parametrize("path", lessons(OFFLINE), ids=lambda path: path.name[:2])
@in_one_browser
async def test_a_lesson_runs_whole_and_says_what_is_stored(browser_tab: Tab, path: Path) -> None:
    """Every cell, also those behind one that raises on purpose."""
    stored = stored_cells(path)
    await browser_tab.lab(path.name)
    started = time.perf_counter()
    cells = [cell for cell in await browser_tab.run_all() if cell["cell_type"] == "code"]
    await browser_tab.close()
    found = {cell["id"]: unlike(stored[cell["id"]], cell) for cell in cells}
    bad = {name: words for name, words in found.items() if words}
    print(
        f"\n{path.name}: {len(cells) - len(bad)} of {len(cells)} cells right in {time.perf_counter() - started:.1f} s,"
        f" {len(LEFT_OUT & found.keys())} of them left out"
    )
    assert bad == {}


def test_an_exception_is_still_a_cell() -> None:
    """A cell that is renamed takes its entry with it."""
    ids = {
        cell.get("id")
        for path in NOTEBOOKS.glob("*.ipynb")
        for cell in json.loads(path.read_text("utf-8"))["cells"]
    }
    assert set(OTHER_THERE) | LEFT_OUT <= ids


JUDGED = """
import json
from jwt_demo.exercises import registry
from jwt_demo.exercises.checker import judge

async def outcomes():
    found = {}
    for name, exercise in registry.exercises().items():
        if name[:2] <= "08":
            names = {}
            exec(exercise.given, names)
            exec(exercise.solution, names)
            found[name] = str(await judge(exercise, names[exercise.function])).splitlines()[0]
    exercise = registry.exercises()["02-login"]
    names = {}
    exec(exercise.given, names)
    exec(exercise.solution.replace("401", "403"), names)
    found["wrong"] = str(await judge(exercise, names["login"])).splitlines()[0]
    return found

print(json.dumps(await outcomes()))
"""


@in_one_browser
async def test_every_solution_is_judged_correct_and_a_wrong_answer_refused(
    browser_tab: Tab,
) -> None:
    """The checks themselves, with their time limits, in the kernel of the tab."""
    await browser_tab.lab("02_login.ipynb")
    found = json.loads(await browser_tab.execute(JUDGED))
    await browser_tab.close()
    wrong = found.pop("wrong")
    assert len(found) >= 18
    assert {name: words for name, words in found.items() if not words.startswith("✓")} == {}
    assert wrong.startswith("✗")


SOLVED = """
from jwt_demo.exercises import progress, registry
from jwt_demo.exercises.progress import remember

remember(registry.exercises()["02-login"])
print(progress("02").as_dict())
"""


@in_one_browser
async def test_progress_survives_a_reload(browser_tab: Tab) -> None:
    """It is kept in the browser's storage, and so is the copy that is packed to be downloaded."""
    await browser_tab.lab("02_login.ipynb")
    await browser_tab.execute(SOLVED)
    await browser_tab.execute("from jwt_demo.course.tab import pack; pack()")
    await browser_tab.close()
    await browser_tab.lab("02_login.ipynb", fresh=False)
    told = await browser_tab.execute("from jwt_demo import progress; print(progress('02'))")
    packed = await browser_tab.execute("import os; print(os.path.getsize('my-copy.zip') > 1000)")
    unpacked = await browser_tab.execute(
        "from jwt_demo.course.tab import unpack; print('02_login.ipynb' in unpack())"
    )
    await browser_tab.close(save=False)  # it stands in the folder as it came out of the copy
    assert "saved in the folder .jwt_demo/progress" in told
    assert re.search(r"✓[^\n]*login", told)
    assert packed.strip() == unpacked.strip() == "True"
