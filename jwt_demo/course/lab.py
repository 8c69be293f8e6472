"""JupyterLab started in a working copy: on this machine only, asking nobody outside for news or updates."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

SETTINGS = (
    Path(__file__).resolve().parent / "lab_settings"
)  # defaults for JupyterLab; what the user set goes before them


def command(folder: Path, arguments: Sequence[str], *, first: bool, is_root: bool) -> list[str]:
    """What to run. `arguments` of the reader come last, so they win.

    >>> command(Path("copy"), ["--port=8899"], first=False, is_root=True)[1:]
    ['-m', 'jupyterlab', '--ServerApp.root_dir=copy', '--LabApp.extension_manager=readonly', '--allow-root', '--port=8899']
    """
    opening = ["--LabApp.default_url=/lab/tree/00_start_here.ipynb"] if first else []
    root = ["--allow-root"] if is_root else []
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={folder}",
        "--LabApp.extension_manager=readonly",
        *opening,
        *root,
        *arguments,
    ]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The given one, with our defaults for JupyterLab, and the programs of this Python (http, gunicorn) within reach of a cell."""
    config = [*filter(None, given.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep)), str(SETTINGS)]
    paths = [
        str(Path(sys.executable).parent),
        *filter(None, given.get("PATH", "").split(os.pathsep)),
    ]
    return {
        **given,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(config),
        "PATH": os.pathsep.join(dict.fromkeys(paths)),
    }


def open_lab(folder: Path, arguments: Sequence[str], *, first: bool) -> NoReturn:
    """Become JupyterLab, so that a signal to this process is one to it; on Windows, wait for it."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root:
        print(
            "You are root: JupyterLab is started with --allow-root. Whoever has its address can do anything on this machine.",
            file=sys.stderr,
            flush=True,
        )
    run = command(folder.absolute(), arguments, first=first, is_root=is_root)
    if os.name == "nt":
        sys.exit(subprocess.call(run, env=environment(os.environ)))  # noqa: S603  # our own Python, with what the reader typed
    os.execve(run[0], run, environment(os.environ))  # noqa: S606
