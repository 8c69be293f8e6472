"""The wheels of a kernel in a tab: those that are pinned, one built from its source, the kernel's own, and the course's."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

from .commands import python

HERE = Path(__file__).parent
ROOT = HERE.parent
KERNEL = Path("share/jupyter/labextensions/@jupyterlite/pyodide-kernel-extension/static/pypi")
KERNELS = ("ipykernel-*", "piplite-*", "pyodide_kernel-*", "widgetsnbextension-4*")
COURSE = "jwt_demo-"
NOT_NEEDED = {  # what makes a wheel large and no lesson needs: fewer files, and the first cell runs sooner
    "jedi": "^jedi/third_party/",
    "anywidget": "^anywidget/labextension/|[.]data/",
    "jupyterlab_widgets": "[.]data/",
    "jwt_demo": "^jwt_demo/notebooks/",  # in a tab they are files beside the kernel
    "pygments": "/lexers/(?!__init__|_mapping|css|data|html|javascript|python|shell|special|sql|textfmts)",
}


def collect(cache: Path, built: Path, target: Path) -> None:
    """All wheels into `target`. What was fetched stays in `cache`, pip compares each file with its hash; the course's, whole, is in `built`."""
    fetch(cache)
    paths = [*cache.glob("*.whl"), course(built)]
    for pattern in KERNELS:
        paths += (Path(sys.prefix) / KERNEL).glob(f"{pattern}.whl")
    for path in paths:
        left_out = NOT_NEEDED.get(path.name.partition("-")[0])
        if left_out:
            copy_without(path, target, left_out)
        else:
            shutil.copy(path, target)


def fetch(cache: Path) -> None:
    """Ask the index only where something was pinned anew since the last time."""
    pins = (HERE / "wheels.txt").read_text("utf-8") + (HERE / "sources.txt").read_text("utf-8")
    state = cache / "fetched.txt"
    if state.is_file() and state.read_text("utf-8") == pins:
        return
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    python(
        "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--platform", "any",
        "--python-version", "314", "--require-hashes", "--requirement", HERE / "wheels.txt", "--dest", cache,
    )  # fmt: skip
    python(
        "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-binary", ":all:", "--require-hashes",
        "--requirement", HERE / "sources.txt", "--wheel-dir", cache, env={**os.environ, "AIOHTTP_NO_EXTENSIONS": "1"},
    )  # fmt: skip
    state.write_text(pins, "utf-8")


def course(target: Path) -> Path:
    """The wheel of the course."""
    shutil.rmtree(target, ignore_errors=True)
    python("-m", "hatchling", "build", "-t", "wheel", "-d", target, cwd=ROOT)
    [wheel] = target.glob(f"{COURSE}*.whl")
    return wheel


def copy_without(wheel: Path, target: Path, left_out: str) -> None:
    """A wheel without the files whose names the pattern finds."""
    with zipfile.ZipFile(wheel) as archive:
        files = {
            name: archive.read(name)
            for name in archive.namelist()
            if not name.endswith("/") and not re.search(left_out, name)
        }
    write(target / wheel.name, files)


def write(target: Path, files: dict[str, bytes]) -> None:
    """An archive of these files; where it is a wheel, its list of files (RECORD) is brought up to date."""
    for record in [name for name in files if name.endswith(".dist-info/RECORD")]:
        lines = [
            f"{name},sha256={digest(octets)},{len(octets)}"
            for name, octets in files.items()
            if name != record
        ]
        files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, octets in files.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), octets, zipfile.ZIP_DEFLATED
            )


def digest(octets: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(octets).digest()).rstrip(b"=").decode()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
