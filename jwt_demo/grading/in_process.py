"""One notebook run and judged in this process, which was forked for it: an IPython shell, no kernel, no connection."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Coroutine
from typing import Any, NoReturn

from .notebook import Unreadable, checks_of, original_sources, read
from .room import Limits, Room, close_to_others, give_up_rights, limit_process
from .slices import Extent, cells_to_run


def judge_here(room: Room, step: str, limits: Limits, answers: int, extent: Extent) -> NoReturn:
    """Run the notebook as far as `extent` says, write what comes of it to the file descriptor `answers`, and end this process."""

    def tell(**line: Any) -> None:
        os.write(answers, (json.dumps(line) + "\n").encode())

    status = 1
    try:
        enter(room, limits)
        Running(room, step, limits.cell_seconds, tell).run(extent)
        tell(done=True)
        status = 0
    except Unreadable as error:
        tell(problem=str(error))
        status = 0
    except MemoryError:
        tell(problem="the notebook took more memory than it may")
        status = 0
    finally:
        os._exit(status)


def enter(room: Room, limits: Limits) -> None:
    """Leave what this process had from its parent: session, environment, folder, standard streams."""
    os.setsid()
    close_to_others()
    give_up_rights()
    environment = {**room.environment(), "COLUMNS": "80"}
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(room.notebook.parent)
    sys.path.insert(0, "")  # what lies beside a notebook can be imported, as in a kernel
    tempfile.tempdir = None
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  # until this process ends
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    limit_process(limits.memory)


class Running:
    """A notebook on its way through a shell."""

    def __init__(self, room: Room, step: str, cell_seconds: float, tell: Any):
        from IPython.core.interactiveshell import InteractiveShell

        from ..display.show import register
        from ..exercises.cells import watch_cells

        self.room, self.step, self.cell_seconds, self.tell = room, step, cell_seconds, tell
        shell: Any = InteractiveShell.instance()
        shell.history_manager.enabled = False
        shell.displayhook.compute_format_data = lambda result: ({}, {})
        shell.display_pub.publish = lambda *args, **kwargs: None
        shell.showtraceback = shell.showsyntaxerror = lambda *args, **kwargs: None
        self.shell = shell
        register()
        watch_cells()
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGALRM, signal.default_int_handler)

    def run(self, extent: Extent) -> None:
        """Run and judge cell by cell; what stands below the last check can change no verdict, and is not run."""
        notebook = read(self.room.notebook)
        checks = checks_of(notebook, self.step)
        code = {
            place: cell.source
            for place, cell in enumerate(notebook.cells)
            if cell.cell_type == "code" and cell.source.strip()
        }
        lesson = original_sources(self.step)
        changed = {
            place for place in code if lesson.get(notebook.cells[place].get("id")) != code[place]
        }
        candidates = [(place, name) for place, name, _ in checks]
        kept = cells_to_run(code, changed, candidates, extent)
        for place in range(max((at for at, _, _ in checks), default=-1) + 1):
            for at, candidate, exercise in checks:
                if at == place:
                    self.turn(self.judge(candidate, exercise))
            if place in kept:
                self.turn(self.execute(kept[place], notebook.cells[place].get("id")))

    async def execute(self, source: str, cell_id: str | None) -> None:
        """As a kernel does: hooks before and after, a cell id."""
        try:
            transformed, failure = self.shell.transform_cell(source), None
        except Exception:
            transformed, failure = source, sys.exc_info()
        result = await self.shell.run_cell_async(
            source,
            store_history=True,
            transformed_cell=transformed,
            preprocessing_exc_tuple=failure,
            cell_id=cell_id,
        )
        self.shell.events.trigger("post_execute")
        self.shell.events.trigger("post_run_cell", result)

    async def judge(self, candidate: str, exercise: str) -> None:
        from ..exercises.api import outcome_of

        result = await outcome_of(self.shell.user_ns.get(candidate), exercise)
        self.tell(result=result.as_dict())

    def turn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run to the end or for as long as a cell may; whatever is raised, the next cell is run."""
        task = self.loop.create_task(coroutine)
        signal.setitimer(signal.ITIMER_REAL, self.cell_seconds)
        try:
            self.loop.run_until_complete(task)
        except (
            BaseException
        ):  # SystemExit and KeyboardInterrupt as well: the reader would go on too
            task.cancel()
            self.settle(task)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def settle(self, task: asyncio.Task[None]) -> None:
        """A task that was told to end gets a second for it, and may raise once more."""
        with contextlib.suppress(BaseException):
            self.loop.run_until_complete(asyncio.wait([task], timeout=1))
