"""One learner's notebook, run in a process of its own and judged by checks that are put into it here.

Stored outputs are not looked at, and the cells that check are the judge's own: behind each of the learner's checks
stands one more. What comes of it goes to a file, a line of JSON for each exercise, so that it is there if this process is killed.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from ..exercises.registry import exercises, find_exercise
from .kernel_ports import kernel_settings

LARGEST_NOTEBOOK = 32 << 20  # bytes
LARGEST_FILE = 256 << 20  # bytes a judged notebook may write in one file


def main(notebook: str, answers: str, cell_limit: str, memory: str) -> None:
    """Run `notebook`, write to `answers`; seconds for a cell, bytes of memory for each process (0: no limit)."""
    limit_memory(int(memory))
    with open(answers, "a", encoding="utf-8", buffering=1) as file:

        def tell(**line: Any) -> None:
            file.write(json.dumps(line) + "\n")

        try:
            asyncio.run(Judging(Path(notebook), float(cell_limit), tell).run())
            tell(done=True)
        except Unreadable as error:
            tell(problem=str(error))
        except MemoryError:
            tell(problem="the notebook took more memory than it may")
    sys.stdout.flush()


def limit_memory(octets: int) -> None:
    """For this process and the kernel it starts; where the system has no such limits, there are none."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        if octets:
            resource.setrlimit(resource.RLIMIT_AS, (octets, octets))


class Unreadable(Exception):
    """No notebook that could be run; the message says why."""


@dataclass
class Judging:
    """A notebook on its way through a kernel."""

    path: Path
    cell_limit: float
    tell: Any

    async def run(self) -> None:
        notebook = read(self.path)
        checks = checks_of(notebook, self.path.name)
        mark = secrets.token_hex(16)
        for place, name, exercise in sorted(checks, key=lambda check: check[0], reverse=True):
            notebook.cells.insert(place, judges_cell(name, exercise, mark))

        client = Client(
            notebook,
            timeout=self.cell_limit,
            kernel_name="python3",
            allow_errors=True,
            interrupt_on_timeout=True,
            config=kernel_settings(),
        )
        client.mark, client.found, client.told = mark, [], ""
        client.resources = {"metadata": {"path": str(self.path.parent)}}
        async with client.async_setup_kernel():
            for place, cell in enumerate(notebook.cells):
                try:
                    await client.async_execute_cell(cell, place)
                except DeadKernelError:
                    self.tell(problem=f"the kernel ended in cell {cell_name(cell, place)}")
                    return
                except (CellExecutionError, CellTimeoutError):
                    pass  # the reader would go on with the next cell too
                while client.found:
                    self.tell(result=client.found.pop(0))


class Client(NotebookClient):
    """Runs cells and keeps no output but what carries the mark of the judge."""

    mark: str
    found: list[Any]

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        if msg["msg_type"] == "stream":
            for line in msg["content"].get("text", "").splitlines():
                if line.startswith(self.mark):
                    with contextlib.suppress(ValueError):
                        self.found.append(json.loads(line.removeprefix(self.mark)))
        return (
            super().process_message(msg, cell, cell_index) if msg["msg_type"] == "status" else None
        )


def read(path: Path) -> Any:
    """The notebook's cells, without outputs; Unreadable says what it is instead."""
    try:
        if path.stat().st_size > LARGEST_NOTEBOOK:
            raise Unreadable(f"larger than {LARGEST_NOTEBOOK >> 20} MiB")
        found = nbformat.read(path, as_version=4)
        for cell in found.cells:
            cell.source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
            if cell.cell_type == "code":
                cell.outputs = []
    except Unreadable:
        raise
    except OSError as error:
        raise Unreadable(error.strerror or type(error).__name__) from None
    except Exception:  # whatever nbformat makes of bytes that are no notebook
        raise Unreadable("not a notebook that can be read") from None
    return found


def checks_of(notebook: Any, name: str) -> list[tuple[int, str, str]]:
    """Where to put which check: behind the learner's own, else behind the cell of the exercise, else at the end."""
    places: dict[str, tuple[int, str]] = {}
    ids = [cell.get("id", "") for cell in notebook.cells]
    for exercise in exercises().values():
        if name[:2] == exercise.step:
            tried = f"{exercise.step}-try-{exercise.slug}"
            places[exercise.name] = (
                ids.index(tried) + 1 if tried in ids else len(ids),
                exercise.function,
            )
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            for candidate, exercise_name in checked_in(cell.source):
                places[exercise_name] = (place + 1, candidate)
    return [
        (place, candidate, exercise_name) for exercise_name, (place, candidate) in places.items()
    ]


def checked_in(source: str) -> list[tuple[str, str]]:
    """The names that a cell gives to `check`, each with its exercise.

    >>> checked_in("await check(login); await check(mine, exercise='01-lookup'); check(3)")
    [('login', '02-login'), ('mine', '01-lookup')]
    """
    try:
        calls = [
            node
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "check"
        ]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for call in calls:
        given = next(
            (keyword.value for keyword in call.keywords if keyword.arg == "exercise"),
            call.args[1] if len(call.args) > 1 else None,
        )
        if not call.args or not isinstance(call.args[0], ast.Name):
            continue
        candidate = call.args[0].id
        named = given.value if isinstance(given, ast.Constant) else None
        exercise = find_exercise(type(candidate, (), {}), named)
        if not isinstance(exercise, str):
            found.append((candidate, exercise.name))
    return found


def judges_cell(name: str, exercise: str, mark: str) -> Any:
    report = "__import__('jwt_demo.exercises.api', fromlist=['report']).report"
    return nbformat.v4.new_code_cell(
        f"await {report}(globals().get({name!r}), {exercise!r}, {mark!r})"
    )


def cell_name(cell: Any, place: int) -> str:
    return str(cell.get("id") or place)[:40]


if __name__ == "__main__":
    main(*sys.argv[1:])
