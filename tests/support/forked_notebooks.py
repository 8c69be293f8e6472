"""Notebooks run one after the other, each in a process forked from one that has imported everything once: no kernels.

`judged` gives what `jwt-demo check` says, `cells_run` what cells do. As a program: `python -m tests.support.forked_notebooks judge PATH…`,
`… run PATH…`; a line of JSON for each notebook.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jwt_demo.grading.fork_server import preload
from jwt_demo.grading.handed_in import Notebook
from jwt_demo.grading.in_process import Running, enter, judge_here
from jwt_demo.grading.notebook import checks_of, original_sources, read
from jwt_demo.grading.room import Limits, Room, RunFolder
from jwt_demo.grading.slices import Extent, cells_to_run, names_in
from jwt_demo.grading.verdict import Verdict

ROOT = Path(__file__).parents[2]


def judged(paths: list[Path]) -> dict[Path, dict[str, Any]]:
    """By notebook: the results of its exercises, from the cells that they need."""
    return asked("judge", paths)


def cells_run(paths: list[Path]) -> dict[Path, list[dict[str, str]]]:
    """By notebook: id, error and what was shown of each cell that ran.

    What ran is what is not the lesson's, each check, what reads a name that comes of these, and what they need. A name that
    a missing cell of the lesson defines comes of these too.
    A cell that is left out does what it does in the notebook as it is. They run where the notebook lies.
    """
    return asked("run", paths)


def asked(what: str, paths: list[Path]) -> dict[Path, Any]:
    lines = subprocess.run(
        [sys.executable, "-m", __name__, what, *map(str, paths)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=300,
    ).stdout.splitlines()
    return {path: json.loads(line) for path, line in zip(paths, lines, strict=True)}


# --- the program ------------------------------------------------------------------------------------------------------


class Cells(Running):
    """A notebook of which the cells that matter are run, with what they show."""

    def run(self, extent: Extent) -> None:
        notebook = read(self.room.notebook)
        for place, source in chosen(notebook, self.step, extent).items():
            self.turn(self.execute_and_tell(source, notebook.cells[place].id))

    async def execute_and_tell(self, source: str, cell_id: str) -> None:
        shell, sys.stdout = self.shell, io.StringIO()
        shell.displayhook.compute_format_data = shell.display_formatter.format
        shell.displayhook.write_output_prompt = lambda: None
        shell.display_pub.publish = lambda data, *args, **kwargs: print(data.get("text/plain", ""))
        failed: list[BaseException] = []
        shell.events.register("post_run_cell", note := noting(failed))
        await self.execute(source, cell_id)
        shell.events.unregister("post_run_cell", note)
        self.tell(
            id=cell_id,
            error=f"{type(failed[0]).__name__}: {failed[0]}" if failed else "",
            shown=sys.stdout.getvalue(),
        )


def noting(failed: list[BaseException]) -> Any:
    def note(result: Any) -> None:
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            failed.append(error)

    return note


def chosen(notebook: Any, step: str, extent: Extent) -> dict[int, str]:
    """What to run at which place."""
    sources = {
        place: cell.source
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    }
    names = {place: names_in(source) for place, source in sources.items()}
    lesson = original_sources(step)
    missing = set(lesson) - {cell.id for cell in notebook.cells}
    affected = {name for cell in missing for name in names_in(lesson[cell]).bound}
    wanted = set()
    for place, source in sources.items():
        ours = lesson.get(notebook.cells[place].id) != source
        if ours or "-check-" in notebook.cells[place].id or names[place].read & affected:
            wanted.add(place)
            affected |= names[place].bound | names[place].changed
    candidates = [(place, name) for place, name, _ in checks_of(notebook, step)]
    return cells_to_run(sources, wanted, candidates, extent)


def in_a_fork(what: str, path: Path, folder: Path) -> Any:
    step = path.name[:2]
    room = Room(Notebook(path, step, alone=True), folder)
    answers, written = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(answers)
        if what == "judge":
            judge_here(room, step, Limits(), written, Extent.SLICED)
        run_here(room, step, path.parent, written)
    os.close(written)
    with open(answers, "rb") as pipe:
        octets = pipe.read()
    os.waitpid(pid, 0)
    if what == "run":
        return [json.loads(line) for line in octets.splitlines()]
    verdict = Verdict(step)
    verdict.read(octets)
    return verdict.completed().results


def run_here(room: Room, step: str, folder: Path, answers: int) -> None:
    try:
        limits = Limits()
        enter(room, limits)
        os.chdir(folder)
        with open(answers, "w", encoding="utf-8") as pipe:

            def tell(**line: Any) -> None:
                pipe.write(json.dumps(line) + "\n")

            Cells(room, step, limits.cell_seconds, tell).run(Extent.SLICED)
    finally:
        os._exit(0)


if __name__ == "__main__":
    preload()
    with RunFolder() as folder:
        for name in sys.argv[2:]:
            print(json.dumps(in_a_fork(sys.argv[1], Path(name), folder)), flush=True)
