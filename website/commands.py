"""Programs that the build runs; one that fails ends the build with its last lines."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path


def run(*command: object, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)}\nended with status {done.returncode}:\n{done.stdout[-3000:]}")


def python(
    *arguments: object, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> None:
    run(sys.executable, *arguments, cwd=cwd, env=env)
