"""A real JupyterLab and a real Chromium, driven through the application's own commands rather than its menus."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Page, Route, async_playwright

from jwt_demo.course import lab as jupyterlab
from tests.support.services import free_port

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {
        "windowingMode": "none"
    },  # a cell out of sight is in the page all the same
}

INSPECTED = """import jwt
from jwt_demo import inspector, serve, show, show_source, Token
from jwt_demo.stages import decorator
from jwt_demo.stages.login import claims_for
key = "a key for this test alone, of more than 32 bytes"
server = await serve(decorator.make_app(key=key))
exchange = await server.post("/login", data={"email": "user@email.com", "password": "password"})
token = exchange.json()["token"]"""


@dataclass
class Lab:
    """One JupyterLab in one page. `asked` has every address the page asked for, `refused` those that are not on this machine."""

    page: Page
    folder: Path
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)  # what the server wrote

    def note(self, address: str) -> bool:
        """Write an address down; whether it is on this machine."""
        self.asked.append(address)
        own = address.startswith(("data:", "blob:")) or urlsplit(address).hostname == "127.0.0.1"
        if not own:
            self.refused.append(address)
        return own

    async def open(self, name: str) -> None:
        """Open a notebook of the folder and wait until its kernel is idle."""
        await self.page.evaluate(OPEN, name)

    async def run_all(self) -> list[dict[str, Any]]:
        """Run every cell; the cells as the notebook then holds them."""
        return await self.page.evaluate(RUN_ALL)

    async def close(self) -> None:
        """Save and close the notebook, if one is open, and end its kernel."""
        await self.page.evaluate(CLOSE)

    async def theme(self, name: str) -> None:
        """JupyterLab Light or JupyterLab Dark."""
        await self.page.evaluate(
            "name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name
        )
        await self.page.wait_for_selector(
            f"body[data-jp-theme-light='{'true' if name.endswith('Light') else 'false'}']",
            state="attached",
        )

    async def run_cells(
        self, name: str, *sources: str, fails: bool = False
    ) -> list[dict[str, Any]]:
        """Write a notebook of these cells, open it, run it; where cells are to fail, to the last all the same."""
        tags = {"tags": ["raises-exception"]} if fails else {}
        blank = {"cell_type": "code", "metadata": tags, "outputs": [], "execution_count": None}
        cells = [
            {**blank, "id": f"c{place}", "source": source} for place, source in enumerate(sources)
        ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        (self.folder / name).write_text(
            json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": cells}),
            "utf-8",
        )
        await self.open(name)
        return await self.run_all()


OPEN = """async name => {
  await jupyterapp.restored;
  const widget = window.opened = await jupyterapp.commands.execute('docmanager:open', {path: name});
  await widget.context.ready; await widget.revealed;
  await widget.context.sessionContext.ready;
  const kernel = widget.context.sessionContext.session.kernel;
  while (kernel.status !== 'idle') await new Promise(done => kernel.statusChanged.connect(done));
}"""
RUN_ALL = """async () => {
  await jupyterapp.commands.execute('notebook:run-all-cells');
  // That ends with the first cell that raises, on purpose or not. The kernel answers in turn, so its answer to this comes after all cells.
  await window.opened.context.sessionContext.session.kernel.requestKernelInfo();
  return window.opened.context.model.toJSON().cells;
}"""
CLOSE = """async () => {
  if (!window.opened || window.opened.isDisposed) return;
  await window.opened.context.save();
  await window.opened.context.sessionContext.shutdown();
  window.opened.dispose();
}"""


@contextlib.asynccontextmanager
async def running_lab(folder: Path, chromium: str, home: Path):
    """JupyterLab on `folder`, with settings and a home of its own, open in a browser; both end with the block."""
    log: list[str] = []
    process, address = await start_server(folder, home, log)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium, args=CHROMIUM_ARGUMENTS
            )
            context = await browser.new_context(viewport={"width": 1280, "height": 1000})
            await context.grant_permissions(["clipboard-read", "clipboard-write"])
            page = await context.new_page()
            lab = Lab(page, folder, log=log)

            page.on("websocket", lambda websocket: lab.note(websocket.url))
            page.on("dialog", lambda dialog: lab.dialogs.append(dialog.message))

            async def let_through(route: Route) -> None:
                await (route.continue_() if lab.note(route.request.url) else route.abort())

            await context.route("**/*", let_through)
            await page.goto(address)
            await page.wait_for_function("window.jupyterapp !== undefined", timeout=60_000)
            await page.evaluate("jupyterapp.restored.then(() => null)")
            yield lab
            await browser.close()
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 15)


def surroundings(home: Path) -> dict[str, str]:
    """A user of their own, whose every setting and signature is in `home`."""
    return {
        **jupyterlab.environment(os.environ), "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home / "config"), "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "IPYTHONDIR": str(home / "ipython"), "JUPYTERLAB_SETTINGS_DIR": str(home / "lab" / "user-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "lab" / "workspaces"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def copy_course(folder: Path, home: Path) -> None:
    """A working copy, made as this user's."""
    command = [sys.executable, "-m", "jwt_demo", "copy", str(folder)]
    subprocess.run(command, env=surroundings(home), check=True, capture_output=True)


async def start_server(
    folder: Path, home: Path, log: list[str]
) -> tuple[asyncio.subprocess.Process, str]:
    for name, value in SETTINGS.items():
        file = home / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(value))
    port = free_port()
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command,
        env=surroundings(home),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    while line := await asyncio.wait_for(process.stderr.readline(), 60):
        log.append(line.decode())
        if "is running at" in log[-1]:
            process.drain = asyncio.create_task(
                drain(process.stderr, log)
            )  # a full pipe would stop the server
            return process, f"http://127.0.0.1:{port}/lab?reset"
    raise RuntimeError(f"JupyterLab did not start:\n{''.join(log)}")


async def drain(stream: asyncio.StreamReader, log: list[str]) -> None:
    while line := await stream.readline():
        log.append(line.decode())
