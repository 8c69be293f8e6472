"""A whole class judged: how long it takes, what memory it needs, and whether the two ways of judging agree.

`python tools/class_load.py [--learners 30] [--steps 01 02 …]` makes a class in a temporary folder, each learner with a mixture of right, wrong,
untouched and hostile answers, and judges it with `jwt-demo check`: by forks, then again with the verdicts kept. `--compare` judges it in
kernels too and lists every outcome that differs; exit 1 where one does. Times are of this machine, with whatever else it does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402

from jwt_demo.course.working_copy import notebooks  # noqa: E402
from jwt_demo.exercises.model import Exercise  # noqa: E402
from jwt_demo.exercises.registry import exercises  # noqa: E402
from tests.exercises.answers import right_answers, wrong_answers  # noqa: E402

LOOK_EVERY = 1.0  # seconds between two looks at memory
HOSTILE = {  # cells at the end of a notebook, and the learner, by number, who has them in each notebook
    4: "import os; os._exit(3)",
    9: "hog = bytearray(64 << 30)",
    14: "import subprocess, sys\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True, env={})",
    19: "from jwt_demo import exercises\nexercises.check = lambda *a, **k: True",
    24: "for _ in range(2000):\n    print('x' * 10_000)",
    29: "import os\nfor number in range(3, 40):\n    try:\n"
    '        os.write(number, b\'5\\n{"result": 5}\\n{"exercise": []}\\n\')\n    except OSError:\n        pass',
}


@dataclass(frozen=True)
class Measured:
    """What one run of the command took, and what it reported."""

    wall: float
    cpu: float
    peak: int  # bytes, shared pages counted once
    outcomes: dict[tuple[str, str], str]
    problems: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--steps", nargs="*", metavar="NN", default=[])
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--compare", action="store_true", help="judge in kernels too")
    options = parser.parse_args()
    steps = options.steps or sorted({exercise.step for exercise in exercises().values()})
    with tempfile.TemporaryDirectory(prefix="class-") as place:
        folder = Path(place) / "class"
        for number in range(options.learners):
            hand_in(folder / f"learner {number:03d}", number, steps)
        arguments = [str(folder), "--at-once", str(options.at_once)]
        cache = Path(place) / "cache"
        forks = measured("forks", arguments, cache)
        measured("again", arguments, cache)
        if not options.compare:
            return 0
        kernels = measured("kernels", [*arguments, "--kernels", "--no-cache"], cache)
    differ = [
        f"{learner}, {exercise}: forks say {outcome}, kernels {kernels.outcomes[learner, exercise]}"
        for (learner, exercise), outcome in forks.outcomes.items()
        if kernels.outcomes[learner, exercise] != outcome
    ]
    print("\n".join([*differ, f"{len(differ)} of {len(forks.outcomes)} outcomes differ"]))
    return 1 if differ else 0


def hand_in(folder: Path, number: int, steps: list[str]) -> None:
    """A learner's notebooks, the same for the same number."""
    folder.mkdir(parents=True)
    for step in steps:
        (original,) = notebooks().glob(f"{step}_*.ipynb")
        notebook = json.loads(original.read_text("utf-8"))
        cells = {cell["id"]: cell for cell in notebook["cells"]}
        for place, exercise in enumerate(of_step(step)):
            answer = answer_of(exercise, number + place)
            if answer is not None:
                cells[f"{step}-try-{exercise.slug}"]["source"] = answer
        hostile = HOSTILE.get(number % 30)
        if hostile is not None:
            notebook["cells"].insert(1, {**NEW_CELL, "source": hostile})
        (folder / original.name).write_text(json.dumps(notebook), "utf-8")


NEW_CELL: dict[str, Any] = {
    "cell_type": "code",
    "id": "own-cell",
    "metadata": {},
    "outputs": [],
    "execution_count": None,
}


def of_step(step: str) -> list[Exercise]:
    return [exercise for exercise in exercises().values() if exercise.step == step]


def answer_of(exercise: Exercise, number: int) -> str | None:
    """Of ten learners, six are right, three wrong, and one left the cell as it was."""
    right = (exercise.solution, *right_answers(exercise.name))
    wrong = wrong_answers(exercise.name)
    if number % 10 < 6 or not wrong and number % 10 < 9:
        return right[number % len(right)]
    return wrong[number % len(wrong)].source if number % 10 < 9 else None


def measured(what: str, arguments: list[str], cache: Path) -> Measured:
    """Run the command and watch it; one line of figures is printed."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "jwt_demo", "check", *arguments, "--json"]
    with tempfile.TemporaryFile() as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=environment)
        watcher = Watcher(process.pid)
        watcher.start()
        _, _, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        watcher.ended.set()
        watcher.join()
        process.returncode = 0  # waited for above
        out.seek(0)
        report = json.loads(out.read())
    found = Measured(
        wall,
        usage.ru_utime + usage.ru_stime,
        watcher.peak,
        {
            (row["learner"], name): result["outcome"]
            for row in report["learners"]
            for name, result in row["exercises"].items()
        },
        [f"{row['learner']}: {row['problems']}" for row in report["learners"] if row["problems"]],
    )
    print(
        f"{what:8} {len(found.outcomes)} outcomes of {len(report['learners'])} learners: {found.wall:.1f} s, "
        f"{found.cpu:.1f} s of CPU, at most {found.peak >> 20} MiB; {report['summary']}",
        flush=True,
    )
    return found


class Watcher(threading.Thread):
    """The most memory that a process and all it started held at one time."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.ended.wait(LOOK_EVERY):
            self.peak = max(self.peak, held_by(self.pid))


def held_by(pid: int) -> int:
    total = 0
    try:
        tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for process in tree:
        try:
            total += process.memory_full_info().pss if sys.platform == "linux" else process.memory_info().rss  # fmt: skip
        except psutil.Error:
            continue
    return total


if __name__ == "__main__":
    sys.exit(main())
