"""Processes that run learners' notebooks: how they are started, and one watched from outside: its time, its files, how much it says."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from .room import Limits, Room, end_tree
from .verdict import MOST_OCTETS


def watched(
    command: list[str], room: Room, limits: Limits, stop: threading.Event
) -> tuple[bytes, str]:
    """Run a judging process to its end or to a limit: what it said, at most as much as results can be, and what was wrong."""
    process = subprocess.Popen(  # noqa: S603  # our own Python, docker or podman
        command,
        cwd=room.path,
        env=room.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    octets = bytearray()
    reader = threading.Thread(target=read_all, args=(process, octets), daemon=True)
    reader.start()
    began, problem = time.monotonic(), ""
    while process.poll() is None and not problem:
        reader.join(0.5)
        if time.monotonic() - began > limits.seconds:
            problem = f"stopped after {limits.seconds:g} s"
        elif room.size() > limits.disk:
            problem = f"stopped: its files contain more than {limits.disk >> 20} MiB"
        elif len(octets) > MOST_OCTETS:
            problem = "its results are larger than results can be"
        elif stop.is_set():
            problem = "interrupted"
    end_tree(process.pid)
    process.wait()
    room.end_processes()
    reader.join(1)
    if process.stdout is not None:
        process.stdout.close()
    return bytes(octets), problem


def read_all(process: subprocess.Popen[bytes], octets: bytearray) -> None:
    assert process.stdout is not None
    with contextlib.suppress(OSError, ValueError):
        while piece := os.read(process.stdout.fileno(), 1 << 16):
            if len(octets) <= MOST_OCTETS:
                octets += piece


def command(module: str, *arguments: object) -> list[str]:
    """How a module of this package is run as a program, without the folder we are in among the places to import from."""
    program = (
        "import sys; sys.path[:] = [place for place in sys.path if place]; "
        f"from jwt_demo.grading.{module} import main; main(*sys.argv[1:])"
    )
    return [sys.executable, "-c", program, *map(str, arguments)]


def surroundings() -> dict[str, str]:
    """The environment of the fork server: ours, with this package within reach."""
    package = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": package, "PYTHONDONTWRITEBYTECODE": "1"}
