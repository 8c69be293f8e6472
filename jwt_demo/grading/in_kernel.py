"""One notebook run in a Jupyter kernel and judged by cells that are put into it: the way where processes cannot be forked.

This process was started for the notebook. It writes what comes of it to the pipe that was its standard output, a line of
JSON for each exercise as soon as it is known; the kernel gets another standard output, so it cannot write there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell

from .kernel_ports import kernel_settings
from .notebook import Unreadable, checks_of, read
from .room import close_to_others, give_up_rights, limit_process


def main(notebook: str, step: str, cell_seconds: str, memory: str) -> None:
    """Run `notebook`, one of `step`; `cell_seconds` for a cell, `memory` in bytes for each process (0: no limit)."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    close_to_others()
    give_up_rights()
    limit_process(int(memory))

    def tell(**line: Any) -> None:
        answers.write(json.dumps(line) + "\n")

    try:
        asyncio.run(run(Path(notebook), step, float(cell_seconds), tell))
    except Unreadable as error:
        tell(problem=str(error))
    except MemoryError:
        tell(problem="the notebook took more memory than it may")


async def run(path: Path, step: str, cell_seconds: float, tell: Callable[..., None]) -> None:
    notebook = read(path)
    mark = secrets.token_hex(16)
    checks = sorted(checks_of(notebook, step), key=lambda check: check[0], reverse=True)
    for place, candidate, exercise in checks:
        notebook.cells.insert(place, judges_cell(candidate, exercise, mark))
    client = Client(
        notebook,
        timeout=cell_seconds,
        kernel_name="python3",
        allow_errors=True,
        interrupt_on_timeout=True,
        config=kernel_settings(),
    )
    client.mark, client.found = mark, []
    client.resources = {"metadata": {"path": str(path.parent)}}
    async with client.async_setup_kernel():
        for place, cell in enumerate(notebook.cells):
            try:
                await client.async_execute_cell(cell, place)
            except DeadKernelError:
                tell(problem=f"the kernel ended in cell {str(cell.get('id') or place)[:40]}")
                return
            except (CellExecutionError, CellTimeoutError):
                pass  # the reader would go on with the next cell too
            while client.found:
                tell(result=client.found.pop(0))
    tell(done=True)


class Client(NotebookClient):
    """Runs cells and keeps no output but what carries the mark of the judge."""

    mark: str
    found: list[Any]

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        if msg["msg_type"] == "stream":
            for line in msg["content"].get("text", "").splitlines():
                if line.startswith(self.mark):
                    with contextlib.suppress(ValueError, RecursionError):
                        self.found.append(json.loads(line.removeprefix(self.mark)))
        if msg["msg_type"] == "status":
            return super().process_message(msg, cell, cell_index)
        return None


def judges_cell(candidate: str, exercise: str, mark: str) -> Any:
    report = "__import__('jwt_demo.exercises.api', fromlist=['report']).report"
    return new_code_cell(  # type: ignore[no-untyped-call]  # nbformat has no types
        f"await {report}(globals().get({candidate!r}), {exercise!r}, {mark!r})"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
