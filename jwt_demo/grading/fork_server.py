"""A process that has imported everything once and forks itself for each notebook: what a kernel needs a second for takes none.

It reads jobs from standard input, a line of JSON each, and writes to standard output, a line of JSON each, which it begins,
their verdicts, and every second that it is there.
It runs none of a learner's code and parses none of their files: both happen in the forked processes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import sys
import threading
import time
import warnings
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from .handed_in import Notebook
from .in_process import judge_here
from .room import Limits, Room, adopt_orphans, close_to_others, end_tree, end_with_parent
from .slices import Extent
from .verdict import MOST_OCTETS, Verdict

PRELOADED = (
    "IPython.core.completerlib",
    "IPython.core.interactiveshell",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.display",
    "asttokens.asttokens",
    "bdb",
    "executing._position_node_finder",
    "pure_eval.core",
    "pygments.formatters.html",
    "pygments.formatters.terminal256",
    "pygments.lexers.python",
    "stack_data",
    "nbformat",
    "aiohttp.web",
    "aiohttp.test_utils",
    "anywidget",
    "argon2",
    "cryptography.hazmat.backends.openssl",
    "cryptography.x509",
    "cryptography.hazmat.primitives.asymmetric.ec",
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "jwt",
    "sqlite3",
    "jwt_demo.display.html",
    "jwt_demo.display.inspector",
    "jwt_demo.display.show",
    "jwt_demo.display.text",
    "jwt_demo.exercises.api",
    "jwt_demo.frameworks",
    "jwt_demo.probes",
    "jwt_demo.probes.exam",
    "jwt_demo.server.processes",
    "jwt_demo.server.server",
    "jwt_demo.stages.article",
    "jwt_demo.stages.cookies",
    "jwt_demo.stages.keys",
    "jwt_demo.stages.logout",
    "jwt_demo.stages.naive_cookies",
)
MOST_ROUNDS = 50  # of ending what was left; each ends all that is there
LOOK_AGAIN = 1.0  # seconds between two looks at how much a room holds


@dataclass
class Job:
    """A notebook that waits or runs."""

    number: int
    notebook: Notebook
    extent: Extent = Extent.FULL
    confirm: bool = False  # chosen to be run in full whatever a shorter run says
    room: Room | None = None
    pid: int = 0
    answers: int = -1
    octets: bytearray = field(default_factory=bytearray)
    started: float = 0.0
    was_correct: bool = False  # in the shorter run before this one


class ForkServer:
    """Runs jobs, some at once, each in a process of its own with limits."""

    def __init__(self, folder: Path, limits: Limits, at_once: int):
        self.folder, self.limits, self.at_once = folder, limits, at_once
        self.waiting: deque[Job] = deque()
        self.running: dict[int, Job] = {}  # by the descriptor that its answers are read from
        self.input = b""
        self.reading = True
        self.looked = 0.0

    def serve(self) -> None:
        """Until standard input ends and every job is done."""
        while self.reading or self.waiting or self.running:
            while self.waiting and len(self.running) < self.at_once:
                self.begin(self.waiting.popleft())
            sources = [*self.running, *([0] if self.reading else [])]
            ready, _, _ = select.select(sources, [], [], LOOK_AGAIN)
            for source in ready:
                if source == 0:
                    self.read_jobs()
                else:
                    self.read_answers(self.running[source])
            self.look_at_limits()

    def read_jobs(self) -> None:
        octets = os.read(0, 1 << 16)
        self.reading = bool(octets)
        *lines, self.input = (self.input + octets).split(b"\n")
        for line in lines:
            job = json.loads(line)
            notebook = Notebook.from_json(job["notebook"])
            extent = Extent(job["extent"])
            self.waiting.append(Job(job["number"], notebook, extent, job["confirm"]))

    def begin(self, job: Job) -> None:
        job.room, job.started, job.octets = (
            Room(job.notebook, self.folder),
            time.monotonic(),
            bytearray(),
        )
        if job.room.problem:
            self.finish(job, job.room.problem)
            return
        say({"began": job.number})
        job.answers, written = os.pipe()
        job.pid = os.fork()
        if job.pid == 0:
            for other in self.running:
                os.close(other)
            os.close(job.answers)
            end_with_parent()
            adopt_orphans()
            judge_here(job.room, job.notebook.step, self.limits, written, job.extent)
        os.close(written)
        self.running[job.answers] = job

    def read_answers(self, job: Job) -> None:
        octets = os.read(job.answers, 1 << 16)
        job.octets += octets
        if not octets:
            self.end(job, "")
        elif len(job.octets) > MOST_OCTETS:
            self.end(job, "its results are larger than results can be")

    def read_what_is_there(self, job: Job) -> None:
        os.set_blocking(job.answers, False)
        with contextlib.suppress(BlockingIOError):
            while octets := os.read(job.answers, 1 << 16):
                job.octets += octets[: MOST_OCTETS - len(job.octets)]

    def look_at_limits(self) -> None:
        now = time.monotonic()
        if now - self.looked < LOOK_AGAIN:
            return
        self.looked = now
        say({})
        for job in list(self.running.values()):
            if now - job.started > self.limits.seconds:
                self.end(job, f"stopped after {self.limits.seconds:g} s")
            elif has_ended(job.pid):  # something it started keeps its pipe open
                self.read_what_is_there(job)
                self.end(job, "")
            elif job.room is not None and job.room.size() > self.limits.disk:
                self.end(job, f"stopped: its files contain more than {self.limits.disk >> 20} MiB")

    def end(self, job: Job, problem: str) -> None:
        """End the process of a job and all that it left, then say what came of it."""
        end_tree(job.pid)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(job.pid, 0)
        os.close(job.answers)
        del self.running[job.answers]
        self.end_orphans()
        self.finish(job, problem)

    def end_orphans(self) -> None:
        """Children that are no job's process came from jobs that ended, whatever they did to hide it.

        The children of those become ours when they end, so it goes round by round.
        """
        known = {job.pid for job in self.running.values()}
        for _ in range(MOST_ROUNDS):
            strangers = [child for child in psutil.Process().children() if child.pid not in known]
            for child in strangers:
                with contextlib.suppress(psutil.Error):
                    child.kill()
            if not strangers:
                return
            psutil.wait_procs(strangers, timeout=1)

    def finish(self, job: Job, problem: str) -> None:
        verdict = Verdict(job.notebook.step, problem=problem)
        verdict.read(bytes(job.octets))
        verdict.problem = problem or verdict.problem
        if not verdict.done and not verdict.problem:
            verdict.problem = "the process of this notebook ended before it was done"
        if job.room is not None:
            job.room.close()
        settled = verdict.is_settled()
        if job.extent is Extent.SLICED and not verdict.problem and (not settled or job.confirm):
            then = Extent.FULL if job.confirm else Extent.IN_PROCESS
            again = Job(job.number, job.notebook, then, was_correct=settled)
            self.waiting.appendleft(again)
            return
        differs = job.was_correct and not settled
        how = f"{job.extent.value}, the slice said otherwise" if differs else job.extent.value
        say({"number": job.number, **verdict.as_line(how)})


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def main(
    folder: str, seconds: str, cell_seconds: str, memory: str, disk: str, at_once: str
) -> None:
    """Import what lessons import, then serve."""
    end_with_parent()
    close_to_others()
    adopt_orphans()
    preload()
    limits = Limits(float(seconds), float(cell_seconds), int(memory), int(disk))
    ForkServer(Path(folder), limits, int(at_once)).serve()


def preload() -> None:
    """Import once what every notebook imports; a module that is not there is left to the notebook that asks for it."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stderr(open(os.devnull, "w", encoding="utf-8")),
    ):
        warnings.simplefilter("ignore")
        for name in PRELOADED:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    from nbformat.validator import get_validator

    from ..exercises.registry import exercises

    exercises()
    for minor in range(6):
        get_validator(4, minor)  # type: ignore[no-untyped-call]  # compiled here, not once for each notebook
    gc.collect()
    gc.freeze()  # what is there now is not looked at again in any fork, so its memory stays shared
    if threading.active_count() > 1:
        raise RuntimeError(
            "something imported started a thread; a process with threads cannot be forked safely"
        )
