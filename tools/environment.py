"""The environment of `make lab` and `make test`: `.venv`, made once, and again when pyproject.toml or the Python changes.

Usage: PYTHON tools/environment.py lab|test|bench|site. Reads as far as its own version check on every Python since 2.7, to say what is missing.
"""

import os
import sys

NEEDED = (3, 10)

DIFFERENT_PYTHON = """\
This is Python {found}, the course needs {needed} or newer. Get one, then run make again:
  Debian, Ubuntu   sudo apt install python3 python3-venv     (where that is too old: conda, below)
  Fedora           sudo dnf install python3
  macOS            brew install python                       (or the installer of python.org)
  Windows          winget install Python.Python.3.13         (make runs in WSL or Git Bash; without make see README.md, "pip")
  conda            conda env create -f environment.yml
A Python that stands somewhere else: make lab PYTHON=/path/to/python3
"""

WITHOUT_VENV = """\
This Python ({python}) cannot make an environment: {reason}. Get what is missing, then run make again:
  Debian, Ubuntu   sudo apt install python3-venv python3-pip
  Fedora           sudo dnf install python3-pip
  macOS            brew install python
  Windows          run the installer of python.org again and choose "pip"
  conda            conda env create -f environment.yml
With uv on the PATH neither is needed.
"""

if sys.version_info < NEEDED:
    sys.stderr.write(
        DIFFERENT_PYTHON.format(
            found=".".join(map(str, sys.version_info[:3])), needed=".".join(map(str, NEEDED))
        )
    )
    sys.exit(2)

import contextlib  # noqa: E402
import hashlib  # noqa: E402
import shutil  # noqa: E402
import subprocess  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("VENV") or ROOT / ".venv")
WANTED = {
    "lab": "all",
    "test": "all,test",
    "bench": "all,test,bench",
    "site": "all,test,site",
}  # the extras of pyproject.toml
ENOUGH = {
    "lab": ("lab", "test", "bench"),
    "test": ("test", "bench"),
    "bench": ("bench",),
    "site": ("site",),
}  # what has all that is wanted


def main(purpose):
    with alone():
        return bring_up_to_date(purpose)


def bring_up_to_date(purpose):
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = VENV / "installed-{}".format(purpose)
    state = state_of(purpose)
    if any(
        is_done(VENV / "installed-{}".format(other), state_of(other)) for other in ENOUGH[purpose]
    ):
        return 0

    version = ".".join(map(str, sys.version_info[:3]))
    say(
        "Setting up {} with Python {} for `make {}`; the first time takes a minute or two.".format(
            os.path.relpath(str(VENV)), version, purpose
        )
    )
    uv = shutil.which("uv") if not os.environ.get("WITHOUT_UV") else None
    if not works(python):
        shutil.rmtree(VENV, ignore_errors=True)
        make_environment(uv)
    for other in VENV.glob("installed-*"):
        other.unlink()  # what was finished before is not, until this ends
    package = "{}[{}]".format(ROOT, WANTED[purpose])
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", str(python), "--editable", package]
    else:
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            "--editable",
            package,
        ]
    if subprocess.call(command, stdin=subprocess.DEVNULL) != 0:
        say(
            "The packages could not be installed; the lines above say why. The next `make {}` tries again.".format(
                purpose
            )
        )
        return 1
    stamp.write_text(state, encoding="utf-8")
    return 0


@contextlib.contextmanager
def alone():
    """One set-up at a time: a second `make` in another window waits for the first."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with VENV.with_name(VENV.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def state_of(purpose):
    """What an environment depends on; where it reads the same, there is nothing to do."""
    known = [
        WANTED[purpose],
        str(ROOT),
        "%d.%d" % sys.version_info[:2],
        os.path.realpath(sys.executable),
    ]
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return "\n".join(known + [digest, ""])


def is_done(stamp, state):
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == state


def works(python):
    """Whether the environment's own Python runs, and is the one asked for; a killed set-up or an upgraded system leaves others."""
    if not (VENV / "pyvenv.cfg").is_file() or not python.exists():
        return False
    probe = "import sys, importlib.util as u; print('%d.%d' % sys.version_info[:2], u.find_spec('pip') is not None)"
    answer = subprocess.run(
        [str(python), "-c", probe], capture_output=True, text=True, check=False
    ).stdout.split()
    has_installer = shutil.which("uv") is not None or answer[1:] == ["True"]
    return answer[:1] == ["%d.%d" % sys.version_info[:2]] and has_installer


def make_environment(uv):
    if uv:
        ended = subprocess.call(
            [uv, "venv", "--quiet", "--python", sys.executable, str(VENV)], stdin=subprocess.DEVNULL
        )
    else:
        reason = (
            "the module venv is missing"
            if not has("venv")
            else "the module ensurepip is missing"
            if not has("ensurepip")
            else ""
        )
        if reason:
            sys.exit(WITHOUT_VENV.format(python=sys.executable, reason=reason))
        ended = subprocess.call([sys.executable, "-m", "venv", str(VENV)], stdin=subprocess.DEVNULL)
    if ended != 0:
        sys.exit(WITHOUT_VENV.format(python=sys.executable, reason="the lines above say why"))


def has(module):
    import importlib.util

    return importlib.util.find_spec(module) is not None


def say(line):
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    if sys.argv[1:] not in [[purpose] for purpose in WANTED]:
        sys.exit("Usage: python tools/environment.py lab|test|bench|site")
    sys.exit(main(sys.argv[1]))
