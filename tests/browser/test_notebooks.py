"""The course's notebooks, run whole where readers run them: in JupyterLab, in a browser."""

from __future__ import annotations

import nbformat
import pytest

from rerun import comparable, raised, read, tags
from tests.browser.lab import ROOT, Lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.usefixtures("closed"),
]


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb")))
async def test_a_notebook_runs_whole_and_shows_what_is_stored(lab: Lab, name: str) -> None:
    """Every code cell is run, only those that are to fail do, and each shows what the repository says it shows."""
    stored = read(lab.folder / name)  # before JupyterLab saves it
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
