"""The lessons in a real browser tab: each cell runs, says what is stored, and asks no other machine."""

from __future__ import annotations

import json
import re
import statistics
import time
from pathlib import Path

import pytest

from rerun import NOTEBOOKS, sanitised
from tests.site.tab import Tab, tab
from website.cells import OTHER_THERE, RUNS, SAYS, WANT_PROCESSES, outcome, stored_cells
from website.lite import OFFLINE, lessons

pytestmark = pytest.mark.site
in_one_browser = pytest.mark.asyncio(loop_scope="session")

LEFT_OUT = WANT_PROCESSES | {  # and those that need `cryptography`, or what such a cell makes: each says so in one line
    "05-jwe-encrypt", "05-jwe", "05-jwe-reads", "05-jwa-keys", "05-jwa", "05-jwk",
}  # fmt: skip


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
    found = {cell["id"]: outcome(stored[cell["id"]], cell, sanitised) for cell in cells}
    bad = {name: words for name, words in found.items() if words not in (RUNS, SAYS)}
    says = {name for name, words in found.items() if words == SAYS}
    print(
        f"\n{path.name}: {len(cells) - len(bad)} of {len(cells)} cells right in {time.perf_counter() - started:.1f} s,"
        f" {len(says)} of them left out"
    )
    assert bad == {}
    assert says == LEFT_OUT & found.keys()


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
