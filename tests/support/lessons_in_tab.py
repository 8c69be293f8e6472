"""Lessons run whole in a process that is as a tab of the hosted site, each in a fork of it: `cells_run` gives what every cell shows.

As a program: `python -m tests.support.lessons_in_tab PATH…`; a line of JSON for each notebook.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.support import tab

ROOT = Path(__file__).parents[2]


def cells_run(paths: list[Path]) -> dict[Path, list[dict[str, Any]]]:
    """By notebook: its code cells, with the outputs of this run."""
    lines = subprocess.run(
        [sys.executable, "-m", __name__, *map(str, paths)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("JWT_")},
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    ).stdout.splitlines()
    return {path: json.loads(line) for path, line in zip(paths, lines, strict=True)}


# --- the program ------------------------------------------------------------------------------------------------------


class Kernel:
    """A shell that keeps what a kernel would send."""

    def __init__(self) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        from jwt_demo.display.show import register
        from jwt_demo.exercises.cells import watch_cells

        self.outputs: list[dict[str, Any]] = []
        settings = Config({"HistoryManager": {"enabled": False}})
        self.shell: Any = InteractiveShell.instance(config=settings)
        self.shell.kernel = self  # so that a lesson knows that it is in a notebook
        self.shell.display_pub.publish = self.display
        self.shell.displayhook.write_output_prompt = lambda: None
        self.shell.displayhook.write_format_data = lambda data, metadata=None: self.display(data)
        self.shell._showtraceback = self.error
        register()
        watch_cells()

    def display(self, data: dict[str, Any], *anything: Any, **options: Any) -> None:
        self.outputs.append({"output_type": "display_data", "data": {**data}, "metadata": {}})

    def error(self, kind: Any, error: Any, lines: list[str]) -> None:
        self.outputs.append(
            {
                "output_type": "error",
                "ename": kind.__name__,
                "evalue": str(error),
                "traceback": lines,
            }
        )

    async def run(self, cell: dict[str, Any]) -> dict[str, Any]:
        """The cell with its outputs."""
        self.outputs = []
        source = self.shell.transform_cell("".join(cell["source"]))
        await self.shell.run_cell_async(
            source, store_history=True, transformed_cell=source, cell_id=cell["id"]
        )
        self.shell.events.trigger("post_execute")
        return {**cell, "outputs": self.outputs, "execution_count": self.shell.execution_count}


class Stream(io.TextIOBase):
    """Standard output or error of a kernel."""

    def __init__(self, kernel: Kernel, name: str):
        self.kernel, self.name = kernel, name

    def write(self, text: str) -> int:
        last = self.kernel.outputs[-1:]
        if last and last[0].get("name") == self.name:
            last[0]["text"] += text
        elif text:
            self.kernel.outputs.append({"output_type": "stream", "name": self.name, "text": text})
        return len(text)


def run_here(path: Path, answers: int) -> None:
    """Every code cell, one after the other, beside copies of all lessons."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(shutil.copytree(path.parent, Path(folder) / "notebooks"))
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        kernel = Kernel()
        sys.stdout, sys.stderr = Stream(kernel, "stdout"), Stream(kernel, "stderr")
        done = [
            loop.run_until_complete(kernel.run(cell))
            for cell in cells
            if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
        ]
        with open(answers, "w", encoding="utf-8") as pipe:
            pipe.write(json.dumps(done))
        os.chdir("/")


def in_a_fork(path: Path) -> str:
    answers, written = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(answers)
        status = 1
        try:
            run_here(path, written)
            status = 0
        finally:
            if status:
                import traceback

                traceback.print_exc(file=sys.__stderr__)
            os._exit(status)
    os.close(written)
    with open(answers, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return text


def main(names: list[str]) -> None:
    os.environ["COLUMNS"] = "100"
    tab.become_a_tab(hosted=True)
    import IPython.core.interactiveshell  # noqa: F401

    import jwt_demo.display.show
    import jwt_demo.exercises.api
    import jwt_demo.probes.exam  # noqa: F401

    for name in names:
        print(in_a_fork(Path(name).resolve()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
