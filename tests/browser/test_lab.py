"""`jwt-demo lab` in a browser: it opens the first notebook, asks nothing, and speaks to no machine but this one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from rerun import ROOT
from tests.support.services import free_port
from tests.tools.test_setup import status_of

pytestmark = pytest.mark.browser
ASKS_ABROAD = (
    "/lab/api/news",
    "/lab/api/update",
    "/lab/api/extensions",
)  # the server would ask others for an answer


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where a JupyterLab answers that was started as readers start it, for somebody who never used it before."""
    home = tmp_path / "home"
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
    }
    command = [
        sys.executable,
        "-m",
        "jwt_demo",
        "lab",
        "--",
        "--no-browser",
        f"--port={free_port()}",
    ]
    with subprocess.Popen(
        command, cwd=tmp_path, env=surroundings, stderr=subprocess.PIPE, text=True
    ) as lab:
        try:
            assert lab.stderr is not None
            address = next(
                found
                for line in iter(lab.stderr.readline, "")
                if (found := re.search(r"http://127\.0\.0\.1:\d+/\S+", line))
            )[0]
            status_of(address, while_running=lab)
            yield address
        finally:
            lab.terminate()
            lab.communicate()


def test_the_first_start_opens_the_first_notebook_and_asks_nothing(
    address: str, chromium: str
) -> None:
    """No toast about news or updates, no request to anywhere else, none that the server would pass on."""
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.wait_for_selector(".jp-Notebook .jp-MarkdownCell h1", timeout=60_000)
        page.wait_for_load_state("networkidle")
        assert page.locator(".jp-Notebook h1").first.inner_text().startswith("0 · Start here")
        assert page.locator(".Toastify__toast").count() == 0
        assert page.locator(".jp-Dialog").count() == 0
        browser.close()
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} == {
        "127.0.0.1"
    }
    assert [url for url in asked if urlsplit(url).path.startswith(ASKS_ABROAD)] == []


def test_the_terminal_shows_one_line(tmp_path: Path) -> None:
    """The address, and how it is stopped; after that JupyterLab speaks only of what matters."""
    command = [
        sys.executable,
        "-m",
        "jwt_demo",
        "lab",
        "--",
        "--no-browser",
        f"--port={free_port()}",
    ]
    own = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "home")}
    with subprocess.Popen(command, cwd=tmp_path, env=own, stderr=subprocess.PIPE, text=True) as lab:
        try:
            assert lab.stderr is not None
            lines = [lab.stderr.readline()]
            while "http://" not in lines[-1]:
                lines.append(lab.stderr.readline())
            address = re.search(r"http://127\.0\.0\.1:\d+/\S+", lines[-1])
            assert address is not None
            assert status_of(address[0], while_running=lab) == 200
        finally:
            lab.terminate()
            rest = lab.communicate()[1]
    assert len(lines) <= 2  # where the copy was made, and the address
    assert "Ctrl+C stops it" in lines[-1]
    assert [line for line in rest.splitlines() if line.strip() and not line.startswith("[C ")] == []
