"""A folder in which one notebook is judged: a copy of what the learner handed in, with limits, deleted afterwards."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil

from .handed_in import Notebook

RUN = "JWT_DEMO_JUDGED"  # in the environment of all that a judged notebook starts
HOMES = (
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "TMPDIR",
    "TEMP",
    "TMP",
)
PREFIX = "jwt-demo-check-"
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "VIRTUAL_ENV")
LEFT_OUT = {"node_modules", "__pycache__", "site-packages"}
LARGEST_COPY = 200 << 20  # bytes
LARGEST_FILE = 100 << 20  # bytes that a judged notebook may write in one file
LARGEST_ROOM = 300 << 20  # bytes that it may hold in all its files
COPY = "handed_in"  # no name of a module, so that nothing is imported from there by accident


@dataclass(frozen=True)
class Limits:
    """What one notebook may take."""

    seconds: float = 180.0  # for the notebook
    cell_seconds: float = 60.0
    memory: int = 2 << 30  # bytes, for each process; 0: no limit
    disk: int = LARGEST_ROOM


class Room:
    """A place for one notebook; `problem` says why the learner's files could not be copied, if so."""

    def __init__(self, notebook: Notebook, folder: Path):
        self.path = Path(tempfile.mkdtemp(prefix="room-", dir=folder))
        self.mark = secrets.token_hex(16)
        self.notebook = self.path / COPY / notebook.path.name
        try:
            self.problem = copied(notebook, self.path / COPY)
        except OSError as error:
            self.problem = error.strerror or type(error).__name__

    def environment(self) -> dict[str, str]:
        """What a learner's code sees of ours: where programs are, no secrets, a home that is deleted."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return {
            **kept,
            **dict.fromkeys(HOMES, str(self.path)),
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            RUN: self.mark,
        }

    def size(self) -> int:
        """Bytes in all files of the room."""
        total = 0
        for place, _, files in os.walk(self.path):
            for name in files:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(place, name)).st_blocks * 512
        return total

    def end_processes(self) -> None:
        """End whatever carries the room's mark in its environment, wherever it was started."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.pid != os.getpid() and process.environ().get(RUN) == self.mark:
                    process.kill()

    def close(self) -> None:
        """End what was started in the room, delete the room."""
        self.end_processes()
        shutil.rmtree(self.path, ignore_errors=True)


class RunFolder:
    """The folder of all rooms of one run, deleted at its end; those of runs that were killed are deleted by the next."""

    def __enter__(self) -> Path:
        for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            if not is_in_use(left):
                end_processes_in(left)
                shutil.rmtree(left, ignore_errors=True)
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        (self.path / "pid").write_text(str(os.getpid()), "utf-8")
        return self.path

    def __exit__(self, *raised: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def end_processes_in(folder: Path) -> None:
    """End what a judged notebook of a run that was killed left running: its home or its current folder lies in the run's."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            places = (process.environ().get("HOME", ""), process.cwd())
            if process.pid != os.getpid() and any(folder in Path(each).parents for each in places):
                process.kill()


def is_in_use(folder: Path) -> bool:
    """Whether the run that made a folder goes on, or its folder is somebody else's."""
    try:
        return psutil.pid_exists(int((folder / "pid").read_text("utf-8")))
    except (OSError, ValueError):
        return True


def copied(notebook: Notebook, target: Path) -> str:
    """Copy a notebook and the plain files beside it; what was wrong, or ''."""
    folder, size = notebook.path.parent, 0
    if notebook.alone:
        if notebook.path.stat().st_size > LARGEST_COPY:
            return f"the file is larger than {LARGEST_COPY >> 20} MiB"
        target.mkdir(parents=True)
        shutil.copyfile(notebook.path, target / notebook.path.name)
        return ""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in LEFT_OUT]
        inside = target / Path(place).relative_to(folder)
        inside.mkdir(parents=True, exist_ok=True)
        for name in files:
            source = Path(place) / name
            if source.is_symlink() or not source.is_file():
                continue
            if name.endswith(".ipynb") and source != notebook.path:
                continue
            size += source.stat().st_size
            if size > LARGEST_COPY:
                return f"the folder contains more than {LARGEST_COPY >> 20} MiB"
            shutil.copyfile(source, inside / name)
    return ""


def limit_process(memory: int) -> None:
    """For this process and what it starts; where the system has no such limits, there are none."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38
CAPABILITY_VERSION_3 = 0x20080522


def end_with_parent() -> None:
    """On Linux, this process is killed when its parent ends, however that ends."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """On Linux, processes whose parent ended become children of this one, so that none is lost sight of."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def close_to_others() -> None:
    """On Linux, no other process of the same user may look into this one or open its files through /proc."""
    _prctl(PR_SET_DUMPABLE, 0)


def give_up_rights() -> None:
    """On Linux, this process and what it starts have no rights of an administrator, also as root, and get none by sudo.

    An administrator may look into every process, closed or not.
    """
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            who, none = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)()
            ctypes.CDLL(None).capset(who, none)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def end_tree(pid: int) -> None:
    """End a process and all that it started, however often they fork meanwhile."""
    for _ in range(5):
        try:
            root = psutil.Process(pid)
            found = [*root.children(recursive=True), root]
        except psutil.Error:
            return
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        if len(found) == 1:
            return
