"""A real Chromium on the built site, served on 127.0.0.1; JupyterLab in the tab is driven through its own commands."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Page, Route, async_playwright

from tests.browser.lab import CHROMIUM_ARGUMENTS

SLOW = 600_000  # milliseconds; a kernel starts in seven seconds where nothing else runs


@dataclass
class Tab:
    """One page. `refused` has every address outside 127.0.0.1 that it asked for."""

    page: Page
    address: str
    refused: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    async def lab(self, notebook: str = "", *, fresh: bool = True) -> None:
        """JupyterLab in the tab, with a notebook open; `fresh` forgets what was open before."""
        await self.page.goto(f"{self.address}/lite/lab/index.html{'?reset' if fresh else ''}")
        await self.page.wait_for_function("window.jupyterapp !== undefined", timeout=SLOW)
        await self.page.evaluate("jupyterapp.restored.then(() => null)")
        if notebook:
            await self.open(notebook)

    async def open(self, notebook: str) -> None:
        """Open a notebook and wait until its kernel is idle."""
        await self.page.evaluate(OPEN, notebook)

    async def run_all(self) -> list[dict[str, Any]]:
        """Run every cell, those behind one that raises too; the cells as the notebook then holds them."""
        return await self.page.evaluate(RUN_ALL)

    async def run_first(self) -> None:
        """Run the first code cell."""
        await self.page.evaluate(RUN_FIRST)

    async def execute(self, source: str) -> str:
        """Run source in the open notebook's kernel; what it printed or raised."""
        return await self.page.evaluate(EXECUTE, source)

    async def close(self, *, save: bool = True) -> None:
        """Save and close the notebook and end its kernel."""
        await self.page.evaluate(CLOSE, save)


OPEN = """async name => {
  await jupyterapp.restored;
  const widget = window.opened = await jupyterapp.commands.execute('docmanager:open', {path: name});
  await widget.context.ready; await widget.revealed; await widget.context.sessionContext.ready;
  const kernel = widget.context.sessionContext.session.kernel;
  while (kernel.status !== 'idle') await new Promise(done => kernel.statusChanged.connect(done));
}"""
RUN_FIRST = """async () => {
  const notebook = window.opened.content;
  notebook.activeCellIndex = notebook.widgets.findIndex(cell => cell.model.type === 'code');
  await jupyterapp.commands.execute('notebook:run-cell');
}"""
RUN_ALL = """async () => {
  const notebook = window.opened.content, count = notebook.widgets.length;
  for (let place = 0; place < count; place++) {
    if (notebook.widgets[place].model.type !== 'code') continue;
    notebook.activeCellIndex = place;
    const run = jupyterapp.commands.execute('notebook:run-cell').catch(() => 0);
    await Promise.race([run, new Promise(done => setTimeout(done, 90000))]);
  }
  return window.opened.context.model.toJSON().cells;
}"""
EXECUTE = """async source => {
  const kernel = window.opened.context.sessionContext.session.kernel, heard = [];
  const future = kernel.requestExecute({code: source});
  future.onIOPub = message => heard.push(message.content.text || message.content.traceback?.join('\\n') || '');
  await future.done;
  return heard.join('');
}"""
CLOSE = """async save => {
  if (save) await window.opened.context.save();
  await window.opened.context.sessionContext.shutdown();
  window.opened.dispose();
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain file server, as `python -m http.server` is one."""

    def log_message(self, *anything: object) -> None: ...


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on 127.0.0.1; its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextlib.asynccontextmanager
async def tab(folder: Path, chromium: str) -> AsyncIterator[Tab]:
    """A fresh browser with one page on the site."""
    with served(folder) as address:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=chromium, args=CHROMIUM_ARGUMENTS
            )
            context = await browser.new_context(viewport={"width": 1280, "height": 1000})
            context.set_default_timeout(SLOW)
            page = await context.new_page()
            tab = Tab(page, address)

            async def let_through(route: Route) -> None:
                asked = urlsplit(route.request.url)
                own = asked.scheme in ("data", "blob") or asked.hostname == "127.0.0.1"
                if not own:
                    tab.refused.append(route.request.url)
                await (route.continue_() if own else route.abort())

            await context.route("**/*", let_through)
            page.on(
                "response",
                lambda answer: tab.missing.append(answer.url) if answer.status >= 400 else None,
            )
            yield tab
            await browser.close()
