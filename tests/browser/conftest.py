"""One JupyterLab and one browser for all tests in here."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.browser.lab import Lab, copy_course, running_lab


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lab]:
    """JupyterLab on a reader's copy of the course."""
    folder, home = tmp_path_factory.mktemp("course") / "notebooks", tmp_path_factory.mktemp("home")
    copy_course(folder, home)
    async with running_lab(folder, chromium, home) as lab:
        yield lab


@pytest_asyncio.fixture(loop_scope="session")
async def closed(lab: Lab) -> AsyncIterator[None]:
    """However a test ends, it leaves no notebook open."""
    yield
    await lab.close()
