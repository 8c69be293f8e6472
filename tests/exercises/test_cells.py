"""A check judges what the learner's own cell defined, in a real kernel: a cell that is broken, missing, renamed or not run is no response."""

from __future__ import annotations

import asyncio
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from jwt_demo.exercises import registry
from jwt_demo.grading.kernel_ports import kernel_settings

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
EXERCISES = list(registry.exercises().values())
FIRST = "from jwt_demo import check, hint, progress, quiz, solution"


class Kernel:
    """A kernel that is given cells one at a time, with their ids as JupyterLab sends them, or without."""

    def __init__(self, folder):
        self.client = NotebookClient(
            nbformat.v4.new_notebook(),
            timeout=60,
            kernel_name="python3",
            allow_errors=True,
            resources={"metadata": {"path": str(folder)}},
            config=kernel_settings(),
        )

    async def run(self, source, cell_id=""):
        """What a cell shows, as text, one piece for each output."""
        cell = nbformat.v4.new_code_cell(source)
        self.client.nb.cells.append(cell)
        self.client.kc.session.metadata = {"cellId": cell_id} if cell_id else {}
        await self.client.async_execute_cell(cell, len(self.client.nb.cells) - 1)
        return [shown(output) for output in cell.outputs]


def shown(output):
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return output.get("text", "") or output.get("data", {}).get("text/plain", "")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """One kernel for all of them, each test with names of its own, as starting one takes longer than most tests."""
    loop = asyncio.new_event_loop()
    made = Kernel(tmp_path_factory.mktemp("cells"))
    setup = made.client.async_setup_kernel()
    loop.run_until_complete(setup.__aenter__())

    def run(*cells):
        """What the last of these cells shows; a cell is its source, or its id and its source."""
        told = []
        for cell in cells:
            cell_id, source = cell if isinstance(cell, tuple) else ("", cell)
            told = loop.run_until_complete(made.run(source, cell_id))
        return "\n".join(told)

    run(FIRST, "from aiohttp import web\nimport jwt")
    yield run
    loop.run_until_complete(setup.__aexit__(None, None, None))
    loop.close()


def forget(exercise):
    """As after a restart."""
    return (
        f"globals().pop({exercise.function!r}, None)\n"
        "from jwt_demo.exercises import cells\n"
        "for kept in (cells._cells.failed, cells._cells.failures, cells._cells.by_cell): kept.clear()"
    )


by_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def cells_of(exercise):
    slug = exercise.name[3:]
    check = f'await check({exercise.function}, "{exercise.name}")'
    return f"{exercise.step}-try-{slug}", (f"{exercise.step}-check-{slug}", check)


@by_exercise
def test_a_broken_cell_is_no_answer(kernel, exercise):
    """Its syntax is wrong, in three ways; with the cell's id and without; with an earlier definition and without."""
    tried, check = cells_of(exercise)
    for with_id in (tried, ""):
        kernel(forget(exercise))
        broken = exercise.solution.strip().replace("):", ")", 1)
        told = kernel((with_id, broken), check)
        assert "○ not attempted" in told
        assert "Your cell did not run: SyntaxError in line" in told
    kernel((tried, "from aiohttp import web\n" + exercise.given + exercise.stub))
    for source in ("asyncdef oops(", exercise.stub.replace(":", "", 1), "1 +"):
        told = kernel((tried, source), check)
        assert "Your cell did not run: SyntaxError in line" in told
        assert "✓" not in told


@by_exercise
def test_a_cell_that_is_missing_or_defines_another_name_is_no_answer(kernel, exercise):
    """Deleted, made Markdown, never run: nothing has the name. Renamed: the old definition is not judged."""
    tried, check = cells_of(exercise)
    told = kernel(forget(exercise), check)
    assert "○ not attempted" in told
    assert f"Nothing is called `{exercise.function}` yet" in told
    renamed = exercise.stub.replace(exercise.function, "my_own", 1)
    told = kernel((tried, exercise.given + renamed), check)
    assert "○ not attempted" in told
    kernel((tried, exercise.given + exercise.stub), (tried, exercise.given + renamed))
    told = kernel(check)
    assert f"Your cell does not define `{exercise.function}`" in told


def test_a_cell_that_raises_is_no_answer(kernel):
    """A NameError on the way to the definition leaves an older one behind; the older one is not judged."""
    stub = registry.exercises()["01-lookup"].stub
    check = 'await check(lookup, "01-lookup")'
    told = kernel(stub, f"import nothing_such\n{stub}", check)
    assert "Your cell did not run: ModuleNotFoundError in line 1" in told
    told = kernel(stub, check)
    assert "did not run" not in told


def test_what_a_lesson_defines_is_not_judged(kernel):
    """A cell of the lesson has an id by which it is known, edited or not; a stage's function is known by its file."""
    right = registry.exercises()["01-lookup"].solution
    check = 'await check(lookup, "01-lookup")'
    told = kernel(("01-some-lesson", right + "# edited"), check)
    assert "what the lesson defined" in told
    assert "✓ correct" in kernel(("01-try-lookup", right), check)
    assert "✓ correct" in kernel(("3f2a9c1e", right), check)
    told = kernel("from jwt_demo.stages.login import login", 'await check(login, "02-login")')
    assert "the course's own `login`" in told


def test_any_name_and_any_cell_will_do(kernel):
    """A cell of the learner's own, a name of their own, a lambda."""
    told = kernel(
        "def mine(app):\n    async def ping(request):\n        return web.json_response({'pong': True})\n    app.router.add_get('/ping', ping)",
        'await check(mine, "01-add-route")',
    )
    assert "✓ correct" in told
    assert "✓ correct" in kernel('await check(lambda app: mine(app), "01-add-route")')


def test_two_checks_in_a_cell_both_show(kernel):
    """So do hints and quizzes; a value that is kept shows nothing, as everywhere."""
    told = kernel('await check(nobody, "01-lookup")\nawait check(nobody_else, "01-add-route")\n')
    assert "not attempted · 01-lookup" in told
    assert "not attempted · 01-add-route" in told
    told = kernel('hint("01-lookup")\nquiz("encoded")\nkept = await check(nobody, "01-lookup")')
    assert "hint 1 of 3" in told
    assert "? encoded" in told
    assert "not attempted" not in told


def test_a_hint_knows_a_function_that_is_not_defined_yet(kernel):
    """After a restart `hint(verify_hs256)` helps before the cell that defines it has run."""
    exercise = registry.exercises()["10-verify-hs256"]
    assert "hint 1 of 3 · 10-verify-hs256" in kernel(forget(exercise), "hint(verify_hs256)")
    assert "NameError" in kernel("verify_hs256")
