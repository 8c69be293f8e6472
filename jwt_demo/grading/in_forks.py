"""Notebooks judged by a process that forks itself for each; where one of them ends that process, the others are judged by another."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from .child import command, surroundings
from .room import end_processes_in, end_tree
from .slices import Extent
from .task import Options, Task
from .verdict import Verdict

SILENCE = 60.0  # seconds; a fork server says something every second
LOOK_AGAIN = 1.0  # seconds
ENDED_THE_JUDGE = "the judging process ended or stopped while this notebook ran"
ONE_IN = 20  # so many notebooks are run in full as well, chosen by content


def in_forks(
    tasks: list[Task], options: Options, folder: Path
) -> Iterator[tuple[Task, dict[str, Any]]]:
    """Verdicts as a fork server gives them.

    A notebook can end the server, or stop it. What was running then is judged again, one at a time; one that was running
    alone has a problem, and nobody else.
    """
    rounds = [(dict(enumerate(tasks)), options.at_once)]
    while rounds:
        left, at_once = rounds.pop()
        running: set[int] = set()
        said = folder / "said"
        for line in fork_server(left, at_once, options, folder) if left else ():
            if "began" in line:
                running.add(line["began"])
            elif "number" in line:
                running.discard(line["number"])
                yield left.pop(line["number"]), line
        if not left:
            continue
        if not running:
            raise JudgeEnded(
                f"The judging process ended: {said.read_text('utf-8', 'replace')[-300:].strip()}"
            )
        end_processes_in(folder)
        suspects = {number: left.pop(number) for number in sorted(running)}
        rounds.append((left, at_once))
        if len(suspects) > 1:
            rounds.append((suspects, 1))
        else:
            for task in suspects.values():
                yield task, Verdict(task.notebook.step, problem=ENDED_THE_JUDGE).as_line("")


def fork_server(
    tasks: dict[int, Task], at_once: int, options: Options, folder: Path
) -> Iterator[dict[str, Any]]:
    """What a fork server says about these notebooks, until it is done, is gone, or is silent."""
    jobs = folder / "jobs"
    with jobs.open("w", encoding="utf-8") as file:
        for number, task in tasks.items():
            confirm = bool(task.key) and int(task.key[:8], 16) % ONE_IN == 0
            job = {
                "number": number,
                "notebook": task.notebook.as_json(),
                "extent": Extent.SLICED.value,
                "confirm": confirm,
            }
            file.write(json.dumps(job) + "\n")
    limits = options.limits
    numbers = (limits.seconds, limits.cell_seconds, limits.memory, limits.disk, at_once)
    with jobs.open("rb") as source, (folder / "said").open("wb") as errors:
        server = subprocess.Popen(  # noqa: S603  # our own Python
            command("fork_server", folder, *numbers),
            cwd=folder,
            env=surroundings(),
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # a Ctrl-C is for us
        )
    assert server.stdout is not None
    octets = b""
    try:
        heard = time.monotonic()
        while time.monotonic() - heard < SILENCE:
            if not select.select([server.stdout], [], [], LOOK_AGAIN)[0]:
                if is_stopped(server.pid):
                    break
                continue
            heard, piece = time.monotonic(), os.read(server.stdout.fileno(), 1 << 16)
            if not piece:
                break
            *lines, octets = (octets + piece).split(b"\n")
            yield from map(json.loads, lines)
    finally:
        end_tree(server.pid)
        server.wait()
        server.stdout.close()


def is_stopped(pid: int) -> bool:
    """Whether a signal has stopped a process."""
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).status() == psutil.STATUS_STOPPED
    return False


class JudgeEnded(Exception):
    """The process that forks for each notebook is gone and was judging none; what it had not judged is not judged."""
