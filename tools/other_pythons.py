"""`make test-pythons`: the package's tests on Python 3.10 and on the newest Python that this machine has. With --this: on this one.

The notebooks and the browser are left to `make test`: what they show does not depend on the Python. Environments stand in
.venv-3.10 and so on; one that is there is used again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOOR = (3, 10)
PROBE = "import sys; print(*sys.version_info[:2], sys.version_info.releaselevel)"
LEFT_OUT = (
    "browser",
    "deploy",
    "grading",
    "notebooks",
    "site",
    "tools",
)  # folders of tests/ that do not depend on the Python


def main() -> int:
    own = sys.version_info[:2]
    if sys.argv[1:] == ["--this"]:
        return run_tests(sys.executable, Path(os.environ.get("VENV") or ROOT / ".venv"))
    found = pythons()
    newest = max([*found, own])
    if FLOOR not in found and own != FLOOR:
        print("Python 3.10, the oldest that the package promises, was not found: not tested here.")
    wanted = sorted({FLOOR, newest} & found.keys() - {own})
    if not wanted:
        print(f"No other Python to test on; `make test` ran on {named(own)}.")
    for version in wanted:
        print(f"Python {named(version)}: the package's tests", flush=True)
        status = run_tests(found[version], ROOT / f".venv-{named(version)}")
        if status != 0:
            return status
    return 0


def pythons() -> dict[tuple[int, int], str]:
    """Finished Pythons from the floor on, by version: on the PATH, and where pyenv and uv keep theirs."""
    names = {
        path
        for folder in os.get_exec_path()
        for path in Path(folder).glob("python3*")
        if re.fullmatch(r"python3(\.\d+)?", path.name)
    }
    home = Path.home()
    names |= {
        *home.glob(".pyenv/versions/3.*/bin/python3"),
        *home.glob(".local/share/uv/python/cpython-3.*/bin/python3"),
    }
    found: dict[tuple[int, int], str] = {}
    for name in sorted(map(str, names)):
        answer = subprocess.run(
            [name, "-c", PROBE], capture_output=True, text=True, check=False
        ).stdout.split()
        if answer[2:] == ["final"]:
            found.setdefault((int(answer[0]), int(answer[1])), name)
    return {version: name for version, name in found.items() if version >= FLOOR}


def run_tests(python: str, venv: Path, **surroundings: str) -> int:
    """The package's tests in an environment of their own, made by `python` where it is not there yet."""
    given = {**os.environ, **surroundings, "VENV": str(venv)}
    status = subprocess.call([python, str(ROOT / "tools" / "environment.py"), "test"], env=given)
    if status != 0:
        return status
    ignored = [f"--ignore=tests/{name}" for name in LEFT_OUT]
    pytest = [str(venv / "bin" / "python"), "-m", "pytest", "--quiet"]
    together = ["-n", "2", "--dist", "loadfile", "-m", "not browser and not site", "--durations=3"]
    return subprocess.call([*pytest, *together, *ignored], cwd=ROOT)


def named(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


if __name__ == "__main__":
    sys.exit(main())
