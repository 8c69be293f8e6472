"""One notebook judged in a container of docker or podman: no network, no files but its own, a user without rights.

IMAGE has this package in it. In the container runs `jwt-demo check` on this one notebook; its report is read as what a stranger wrote.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from .child import watched
from .handed_in import Notebook
from .room import Limits, Room
from .verdict import MOST_OCTETS, Verdict

PROGRAMS = ("docker", "podman")
MOST_PROCESSES = 512
STARTING = 30.0  # seconds that a container may take beside its notebook
NOBODY = "65534:65534"


def container_program() -> str | None:
    """docker or podman, whichever is found."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def in_a_container(
    notebook: Notebook, limits: Limits, folder: Path, stop: threading.Event, *, image: str
) -> dict[str, Any]:
    """The verdict on one notebook, from a container that is gone afterwards."""
    verdict = Verdict(notebook.step)
    program = container_program() or PROGRAMS[0]
    room = Room(notebook, folder)
    try:
        octets, problem = b"", room.problem
        if not problem:
            for place in (folder, room.path, room.notebook.parent):
                place.chmod(0o755)  # the user in the container is another one
            run = container_command(room, notebook, limits, program=program, image=image)
            time = replace(limits, seconds=limits.seconds + STARTING)
            octets, problem = watched(run, room, time, stop)
            end_container(program, room.path.name)
    finally:
        room.close()
    read_report(octets, verdict)
    verdict.problem = problem or verdict.problem
    if not verdict.done and not verdict.problem:
        verdict.problem = "the container gave no report"
    return verdict.as_line("container")


def container_command(
    room: Room, notebook: Notebook, limits: Limits, *, program: str, image: str
) -> list[str]:
    """What is run: the room is there to read, everything that is written is gone with the container."""
    memory = ["--memory", str(limits.memory)] if limits.memory else []
    return [
        program,
        "run",
        "--rm",
        *("--name", room.path.name),
        *("--network", "none"),
        *("--user", NOBODY),
        *("--cap-drop", "ALL"),
        *("--security-opt", "no-new-privileges"),
        *("--pids-limit", str(MOST_PROCESSES)),
        *memory,
        "--read-only",
        *("--tmpfs", f"/tmp:rw,size={limits.disk}"),  # noqa: S108  # inside the container
        *("--env", "HOME=/tmp"),
        *("--mount", f"type=bind,source={room.notebook.parent},target=/handed-in,readonly"),
        image,
        *("jwt-demo", "check", f"/handed-in/{room.notebook.name}"),
        *("--step", notebook.step),
        *("--seconds", f"{limits.seconds:g}"),
        *("--memory", "0"),  # the container's own limit holds
        *("--json", "--no-cache"),
    ]


def read_report(octets: bytes, verdict: Verdict) -> None:
    """Take the results of the one learner in a report; what does not fit is left out."""
    if len(octets) > MOST_OCTETS:
        verdict.problem = "its results are larger than results can be"
        return
    try:
        (row,) = json.loads(octets)["learners"]
        results, problems = list(row["exercises"].values()), list(row["problems"].values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
    for result in results:
        verdict.take({"result": result})
    verdict.take({"done": True, "problem": problems[0] if problems else None})


def end_container(program: str, name: str) -> None:
    """A container outlives the command that started it; one that has ended is not there any more."""
    subprocess.run(  # noqa: S603  # docker or podman, with arguments of our own
        [program, "kill", name], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
