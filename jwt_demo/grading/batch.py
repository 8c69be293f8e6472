"""Everything that a class handed in, judged: each notebook in a process of its own; what one of them does spoils no other.

Where processes can be forked, one that has imported everything forks itself for each notebook, and runs at first only the
cells that the exercises need. Elsewhere, or with `kernels`, each notebook has a Jupyter kernel.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import Any

from ..course.doctor import hiding_files
from .cache import Cache
from .child import command, watched
from .handed_in import Learner, Notebook
from .in_container import in_a_container
from .in_forks import in_forks
from .room import Limits, Room, RunFolder
from .task import Options, Task
from .verdict import (
    NOT_HANDED_IN,
    NOT_JUDGED,
    NOT_RUN,
    Verdict,
    asked,
    without_result,
)


def judge_all(
    learners: list[Learner], steps: list[str], options: Options, tell: Callable[[int], None]
) -> Cache:
    """Judge every notebook; each verdict stands in its learner's results as soon as it is known.

    `steps` are those that count: what a learner did not hand in of them is in their results too. `tell` hears how many
    notebooks are done. The cache that is returned says whether verdicts could be kept.
    """
    for learner in learners:
        expect(learner, steps)
    cache = Cache(options.cache)
    tasks, done = [], 0
    for learner in learners:
        for notebook in learner.notebooks:
            task = Task(learner, notebook, cache.key(notebook))
            known = cache.load(task.key, notebook.step, resume=options.resume)
            if known is None:
                tasks.append(task)
            else:
                done += 1
                settle(task, known)
    tell(done)
    way = in_threads if options.kernels or options.image else in_forks
    with RunFolder() as folder:
        for task, line in way(tasks, options, folder):
            settle(task, line)
            cache.save(task.key, line)
            done += 1
            tell(done)
    return cache


def steps_of(learners: list[Learner]) -> list[str]:
    """The steps that anybody handed in."""
    return sorted({notebook.step for learner in learners for notebook in learner.notebooks})


def expect(learner: Learner, steps: list[str]) -> None:
    """A row for every exercise that counts, before anything is judged."""
    has = {notebook.step for notebook in learner.notebooks}
    for step in steps:
        outcome, message = (
            (NOT_JUDGED, "the run ended before this notebook was judged")
            if step in has
            else (NOT_HANDED_IN, f"no notebook of step {step}")
        )
        for name in asked(step):
            learner.results[name] = without_result(name, outcome, message)


def settle(task: Task, line: dict[str, Any]) -> None:
    task.learner.results.update(line["results"])
    task.learner.how[task.notebook.path.name] = line["how"]
    problem = line["problem"]
    if any(result["outcome"] == NOT_RUN for result in line["results"].values()):
        problem = problem or on_hiding_files(task.notebook.path.parent)
    if problem:
        task.learner.problems[task.notebook.path.name] = problem


def on_hiding_files(folder: Path) -> str:
    """What to say where a learner's own file may be why nothing ran: `jwt.py` is imported in place of PyJWT."""
    names = ", ".join(path.name for path in hiding_files(folder))
    return f"beside it lies {names}, which Python imports in place of the module of that name: rename it" if names else ""  # fmt: skip


def in_threads(
    tasks: list[Task], options: Options, folder: Path
) -> Iterator[tuple[Task, dict[str, Any]]]:
    """Verdicts of notebooks that run in kernels or containers, each watched by a thread."""
    stop = threading.Event()
    one = partial(in_a_container, image=options.image) if options.image else in_a_kernel
    with ThreadPoolExecutor(options.at_once) as pool:
        futures = {
            pool.submit(one, task.notebook, options.limits, folder, stop): task for task in tasks
        }
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


def in_a_kernel(
    notebook: Notebook, limits: Limits, folder: Path, stop: threading.Event
) -> dict[str, Any]:
    """The verdict on one notebook, in a process and a kernel of its own."""
    verdict = Verdict(notebook.step)
    room = Room(notebook, folder)
    try:
        octets, problem = b"", room.problem
        if not problem:
            numbers = (limits.cell_seconds, limits.memory)
            run = command("in_kernel", room.notebook, notebook.step, *numbers)
            octets, problem = watched(run, room, limits, stop)
    finally:
        room.close()
    verdict.read(octets)
    verdict.problem = problem or verdict.problem
    if not verdict.done and not verdict.problem:
        verdict.problem = "the process of this notebook ended before it was done"
    return verdict.as_line("kernel")


def cache_folder() -> Path:
    """Where verdicts are kept on this machine."""
    from platformdirs import user_cache_path

    return user_cache_path("jwt_demo", appauthor=False) / "verdicts"
