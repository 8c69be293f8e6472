"""JupyterLab started in a working copy: on this machine only, asking nobody outside for news or updates."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import socket
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
    """Become JupyterLab, so that a signal to this process is one to it; on Windows, wait for it.

    What is printed is one line with the address. Where the reader says how JupyterLab is to be reached, it speaks for itself.
    """
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    surroundings = environment(os.environ)
    if says_how_it_is_reached(arguments, os.environ):
        own: list[str] = []
    else:
        port, token = free_port_from(asked_port(arguments)), secrets.token_urlsafe(24)
        surroundings["JUPYTER_TOKEN"] = token
        own = [f"--ServerApp.port={port}", "--Application.log_level=WARN"]
        arguments = [one for one in arguments if not PORT.fullmatch(one)]
        path = "lab/tree/00_start_here.ipynb" if first else "lab"
        root = (
            " as root: anyone who has this address can do anything on this machine"
            if is_root
            else ""
        )
        print(
            f"JupyterLab{root}: http://127.0.0.1:{port}/{path}?token={token} (Ctrl+C stops it)",
            file=sys.stderr,
            flush=True,
        )
    run = command(folder.absolute(), [*own, *arguments], first=first, is_root=is_root)
    if os.name == "nt":
        sys.exit(subprocess.call(run, env=surroundings))  # noqa: S603  # our own Python, with what the reader typed
    os.execve(run[0], run, surroundings)  # noqa: S606


def says_how_it_is_reached(arguments: Sequence[str], given: Mapping[str, str]) -> bool:
    """Whether another address, password or log is asked for than ours.

    >>> says_how_it_is_reached(["--no-browser", "--port=8899"], {}), says_how_it_is_reached(["--ip=0.0.0.0"], {})
    (False, True)
    """
    return "JUPYTER_TOKEN" in given or any(OWN_WAY.match(one) for one in arguments)


OWN_WAY = re.compile(
    r"--(?:ip|sock|certfile|keyfile|config|debug|log-level|transport|help|version|generate-config|show-config|port$|-h$)"
    r"|--[A-Z]\w*\.(?!(?:port|open_browser)=)|-h$"
)
PORT = re.compile(r"--(?:ServerApp\.)?port=(\d+)")


def asked_port(arguments: Sequence[str]) -> int:
    """
    >>> asked_port(["--no-browser", "--port=8899"]), asked_port([])
    (8899, 8888)
    """
    asked = [match[1] for match in map(PORT.fullmatch, arguments) if match]
    return int(asked[-1]) if asked else 8888


def free_port_from(port: int) -> int:
    """This port, or the first free one after it; one that the system chooses where fifty are taken."""
    for candidate in (*range(port, min(port + 50, 65536)), 0):
        with contextlib.suppress(OSError), socket.socket() as one:
            if os.name == "posix":  # as servers do, so that a port just left counts as free
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", candidate))
            return int(one.getsockname()[1])
    return port
