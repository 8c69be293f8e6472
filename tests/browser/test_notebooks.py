"""The course's notebooks, run whole where readers run them: in JupyterLab, in a browser."""

from __future__ import annotations

import nbformat
import pytest

from jwt_demo.course.handout import FOLDED
from jwt_demo.course.working_copy import reset
from rerun import comparable, raised, read, tags
from tests.browser.lab import ROOT, Lab
from tests.support.thorough import some_always

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("closed"),
]


NAMES = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
ALWAYS = ("00", "05", "09")  # quick to run, with a figure, an inspector's picture and tables


@pytest.mark.parametrize(
    "name",
    some_always(NAMES, lambda name: name[:2] in ALWAYS),
)
async def test_a_notebook_runs_whole_and_shows_what_is_stored(lab: Lab, name: str) -> None:
    """Every code cell is run, only those that are to fail do, and each shows what the repository says it shows.

    At 1280 pixels nothing of ours is cut off or scrolled, no line of code either, and no backtick of a sentence is left in an output.
    """
    stored = read(ROOT / "notebooks" / name)  # the reader's copy folds some of it
    await lab.open(name)
    cells = [nbformat.from_dict(cell) for cell in await lab.run_all()]

    assert len(cells) == len(stored.cells)
    assert await lab.page.locator(".jp-OutputArea-output", has_text="Error displaying").count() == 0
    pairs = [
        (before, after)
        for before, after in zip(stored.cells, cells, strict=True)
        if before.cell_type == "code" and before.source.strip()
    ]
    for before, after in pairs:
        assert raised(after) == ("raises-exception" in tags(before)), (
            f"{before.id}: {[output.get('evalue') for output in after.outputs]}"
        )
        assert after.execution_count is not None, f"{before.id} was not run"
    for before, after in pairs:
        if "nbval-ignore-output" in tags(before):
            continue  # how far its reader came, for example
        assert [comparable(output) for output in joined(after.outputs)] == [
            comparable(output) for output in joined(before.outputs)
        ], before.id
    assert await lab.page.evaluate(TOO_WIDE) == []
    assert await lab.page.evaluate(CODE_TOO_WIDE) == []
    assert await lab.page.evaluate(BACKTICKS) == []


TOO_WIDE = """() => [...document.querySelectorAll('.jp-Notebook .jwt-demo')].filter(one => {
  const parts = [one, ...one.querySelectorAll('pre, table, svg, td, th')], right = one.closest('.jp-OutputArea').getBoundingClientRect().right;
  return parts.some(part => part.scrollWidth > part.clientWidth + 1 && part.clientWidth || part.getBoundingClientRect().right > right + 1);
}).map(one => one.innerText.slice(0, 80))"""
BACKTICKS = """() => {
  const found = [];
  for (const root of document.querySelectorAll('.jp-Notebook .jwt-demo')) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node; node = walker.nextNode();) if (node.data.includes('`') && !node.parentElement.closest('pre, code, style')) found.push(node.data);
  }
  return found;
}"""
CODE_TOO_WIDE = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell .cm-scroller')]
  .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText.split('\\n').sort((a, b) => b.length - a.length)[0])"""


async def test_an_answer_is_folded_until_its_cell_is_run(lab: Lab) -> None:
    """JupyterLab shows one line in place of a stored result, no preview of it, and the result itself once the cell ran."""
    reset(lab.folder, "03")  # as if it had never been run
    await lab.open("03_middleware.ipynb")
    cells = lab.page.locator(".jp-Notebook .jp-CodeCell")
    asked = cells.filter(has_text='as_2016({"user_id": 0})')
    assert FOLDED in await asked.locator(".jp-OutputPlaceholder").inner_text()
    assert "200" not in await asked.inner_text()
    await lab.run_all()
    assert await asked.locator(".jp-OutputPlaceholder:visible").count() == 0
    assert "200 OK" in await asked.inner_text()


def joined(outputs: list) -> list:
    """Pieces of one stream put together; in how many pieces it came is chance."""
    whole: list = []
    for output in outputs:
        if (
            whole
            and output.output_type == "stream"
            and whole[-1].output_type == "stream"
            and whole[-1].name == output.name
        ):
            whole[-1] = nbformat.from_dict({**whole[-1], "text": whole[-1].text + output.text})
        else:
            whole.append(output)
    return whole
