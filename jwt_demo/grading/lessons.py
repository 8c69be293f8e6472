"""The lessons as other graders get them: without outputs, with the check cell of each exercise at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..course.working_copy import notebooks
from ..exercises.model import Exercise
from ..exercises.registry import exercises


@dataclass(frozen=True)
class Lesson:
    """A notebook with exercises; `checks` are those with the cell that checks each, which may be changed."""

    step: str
    file: str
    notebook: dict[str, Any]
    checks: list[tuple[Exercise, dict[str, Any]]]

    def write(self, folder: Path) -> Path:
        """Write the notebook into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.file
        path.write_text(json.dumps(self.notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
        return path


def lessons() -> Iterator[Lesson]:
    """Every lesson that has exercises, in the order of the course."""
    for step in sorted({exercise.step for exercise in exercises().values()}):
        (original,) = notebooks().glob(f"{step}_*.ipynb")
        notebook = json.loads(original.read_text("utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        cells = {cell["id"]: cell for cell in notebook["cells"]}
        checks = [
            (exercise, cells[f"{step}-check-{exercise.slug}"])
            for exercise in exercises().values()
            if exercise.step == step
        ]
        yield Lesson(step, original.name, notebook, checks)
