"""`jwt-demo` alone says what to do next."""

import json
import subprocess
import sys
from pathlib import Path

from jwt_demo.course.working_copy import update
from jwt_demo.exercises import registry
from rerun import ROOT


def alone(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "jwt_demo"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_a_newcomer_is_told_to_open_the_course(tmp_path):
    """Status 0, no usage error, a handful of lines, the first command first."""
    lines = alone(tmp_path).splitlines()
    assert len(lines) < 14
    assert next(line for line in lines if "jwt-demo " in line).split()[:2] == ["jwt-demo", "lab"]
    assert "\x1b" not in "".join(lines)


def test_a_returning_reader_is_told_what_comes_next(tmp_path):
    """The copy beneath is found, and what is solved in it."""
    update(tmp_path / "jwt-course")
    first, second, *_ = registry.exercises().values()
    kept = tmp_path / "jwt-course" / ".jwt_demo" / "progress" / f"{first.name}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"exercise": first.name, "digest": first.digest}))
    said = alone(tmp_path)
    assert f"1 of {len(registry.exercises())} exercises solved, next: {second.name}" in said
    assert "jwt-demo lab jwt-course" in said
