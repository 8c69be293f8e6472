"""One JupyterLab and one browser for all tests in here."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.lab import ROOT, Lab, running_lab


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lab]:
    """JupyterLab on a copy of the course's notebooks."""
    folder = tmp_path_factory.mktemp("course") / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".*"))
    async with running_lab(folder, chromium, tmp_path_factory.mktemp("home")) as lab:
        yield lab


@pytest_asyncio.fixture(loop_scope="session")
async def closed(lab: Lab) -> AsyncIterator[None]:
    """However a test ends, it leaves no notebook open."""
    yield
    await lab.close()
