"""Every notebook of the course passes the strict gate, as it is stored and in a fresh run."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from gate import Finding, examine, examine_run
from rerun import NOTEBOOKS, read
from tests.support.thorough import some_always

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
ALWAYS = ("00", "09")  # nbval runs all of them, with fewer demands
every_notebook = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@every_notebook
def test_is_stored_as_it_should_be(path: Path) -> None:
    """Run in order, free of traces and secrets, readable, and the same for everyone."""
    assert report(examine(read(path))) == ""


@pytest.mark.parametrize(
    "path",
    some_always(PATHS, lambda path: path.stem[:2] in ALWAYS),
    ids=lambda path: path.stem,
)
def test_runs_from_top_to_bottom(path: Path, runs: dict[Path, Future[list[Finding]]]) -> None:
    """In a fresh kernel only the cells that are to fail do, and nothing reaches stderr."""
    assert report(runs[path].result()) == ""


def test_the_course_is_there() -> None:
    """Steps count up from 00 without a gap."""
    assert [path.name[:2] for path in PATHS] == [f"{number:02}" for number in range(len(PATHS))]
    assert len(PATHS) >= 5


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest) -> Iterator[dict[Path, Future[list[Finding]]]]:
    """The notebooks this session asks for, two at a time: a kernel mostly waits while it starts."""
    wanted = [
        item.callspec.params["path"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_runs_from_top_to_bottom"
    ]
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield {path: pool.submit(examine_run, read(path), folder=path.parent) for path in wanted}
        pool.shutdown(cancel_futures=True)


def report(findings: list[Finding]) -> str:
    return "\n".join(map(str, findings))
