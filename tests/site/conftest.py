"""One site and one browser for all tests in here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import pytest_asyncio

from rerun import ROOT
from tests.site.tab import Tab, tab

if (
    find_spec("jupyterlite_pyodide_kernel") is None
):  # only the environment of `make test-site` has it
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def site() -> Path:
    """The site that `make site` built."""
    folder = ROOT / "dist" / "site"
    if not (folder / "lite" / "lab" / "index.html").is_file():
        pytest.fail("There is no site in dist/site: run `make test-site`, which builds it")
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser_tab(site: Path, chromium: str) -> AsyncIterator[Tab]:
    """A fresh browser on the site; what it asked other machines for is looked at when all is done."""
    async with tab(site, chromium) as opened:
        yield opened
        assert opened.refused == []
