"""A class in a hub: how long learners wait, what memory they need, and whether anything fails.

`python tools/hub_load.py [--learners 30] [--minute 60] [NOTEBOOK …]` starts the hub of deploy/ in a temporary folder; learners log in over
`--minute` seconds, start their server, open each notebook and run all its cells. Exit 1 where one fails, or a cell does other than it should.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from tests.support.hub import Hub, Notebook, hub, what_is_missing

PAUSE = 0.3  # seconds between two cells of a learner
LOOK_EVERY = 15.0
KINDS = {"server": "jupyterhub-singleuser", "kernel": "ipykernel_launcher"}


@dataclass
class Load:
    """What was seen."""

    server: list[float] = field(default_factory=list)  # seconds until it answers
    first: list[float] = field(default_factory=list)  # seconds for a kernel and its first cell
    cells: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    memory: dict[str, int] = field(default_factory=dict)  # bytes, at the moment when it was most
    count: dict[str, int] = field(default_factory=dict)  # of processes at that moment


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--minute", type=float, default=60.0, help="seconds in which all arrive")
    parser.add_argument("notebooks", nargs="*", default=["01_setup.ipynb"])
    options = parser.parse_args()
    if why := what_is_missing():
        parser.error(why)
    folder = Path(tempfile.mkdtemp(prefix="hub-"))
    folder.chmod(0o755)
    names = [f"learner{number:02d}" for number in range(options.learners)]
    load = Load()
    try:
        with hub(folder, names) as running:
            asyncio.run(whole_class(running, names, options.minute, options.notebooks, load))
    finally:
        shutil.rmtree(folder)
    report(load)
    return 1 if load.failed else 0


async def whole_class(
    running: Hub, names: list[str], minute: float, notebooks: list[str], load: Load
) -> None:
    watching = asyncio.create_task(watch(running, load))
    await asyncio.gather(
        *(
            learner(running, name, minute * place / len(names), notebooks, load)
            for place, name in enumerate(names)
        )
    )
    watching.cancel()
    look(running, load)


async def learner(
    running: Hub, name: str, arrives: float, notebooks: list[str], load: Load
) -> None:
    await asyncio.sleep(arrives)
    try:
        if await running.log_in(name, f"password of {name}") != 302:
            raise RuntimeError("login refused")
        load.server.append(await running.start_server(name))
        for path in notebooks:
            began = time.monotonic()
            async with running.notebook(name, path) as notebook:
                await all_cells(notebook, began, load)
    except Exception as error:  # whatever it is, the others go on, and it is reported
        load.failed.append(f"{name}: {type(error).__name__}: {str(error)[-300:]}")


async def all_cells(notebook: Notebook, began: float, load: Load) -> None:
    first = True
    for cell in notebook.cells:
        if cell["cell_type"] != "code":
            continue
        started = time.monotonic()
        _, error = await notebook.run("".join(cell["source"]))
        if first:
            load.first.append(time.monotonic() - began)
            first = False
        load.cells.append(time.monotonic() - started)
        if bool(error) != ("raises-exception" in cell["metadata"].get("tags", [])):
            load.failed.append(f"{notebook.learner}, {cell['id']}: {error or 'no error'}")
        await asyncio.sleep(PAUSE)


async def watch(running: Hub, load: Load) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY)
        look(running, load)


def look(running: Hub, load: Load) -> None:
    """Keep the memory of this moment if it is the most so far; pages that are shared count once."""
    found, count = dict.fromkeys((*KINDS, "hub"), 0), dict.fromkeys((*KINDS, "hub"), 0)
    tree = psutil.Process(running.pid)
    for process in [tree, *tree.children(recursive=True)]:
        try:
            words = " ".join(process.cmdline())
            kind = next((kind for kind, mark in KINDS.items() if mark in words), "hub")
            found[kind] += process.memory_full_info().pss
            count[kind] += 1
        except psutil.Error:
            continue
    if sum(found.values()) > sum(load.memory.values()):
        load.memory, load.count = found, count


def report(load: Load) -> None:
    print(f"on {os.cpu_count()} processors, load {os.getloadavg()[1]:.1f}")
    for what, seconds in (
        ("server started", load.server),
        ("kernel and first cell", load.first),
        ("a cell", load.cells),
    ):
        if seconds:
            most = sorted(seconds)[int(0.95 * (len(seconds) - 1))]
            print(f"{what:22} {len(seconds):5} times, half within {statistics.median(seconds):.2f} s, 95 % within {most:.2f} s")  # fmt: skip
    for kind, octets in load.memory.items():
        print(f"{kind:22} {load.count[kind]:5} processes, {octets >> 20} MiB")
    print("\n".join([*load.failed, f"{len(load.failed)} errors"]))


if __name__ == "__main__":
    sys.exit(main())
