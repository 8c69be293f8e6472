"""Pyodide, Python for the browser, and the list of packages that it may load."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tarfile
import zipfile
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_VERSION
from packaging.requirements import Requirement

from .commands import run
from .wheels import canonical

PARTS = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "package.json")
PINNED = Path(__file__).parent / "pyodide.txt"
FOLDER_FIRST, FOLDER_LAST = 'sys.path.insert(0,"")', 'sys.path.append("")'
LOCK = "pyodide-lock.json"
HOSTED = ("cryptography", "argon2-cffi")  # compiled, and only in Pyodide's own distribution
TAB = {"sys_platform": "emscripten", "platform_system": "Emscripten", "python_version": "3.14", "python_full_version": "3.14.2", "extra": ""}  # fmt: skip


def fetch(cache: Path) -> Path:
    """npm's package of the very version that the kernel was made for; its hash is pinned."""
    wanted, name = PINNED.read_text("utf-8").split()
    if name != f"pyodide-{PYODIDE_VERSION}.tgz":
        sys.exit(
            f"The kernel wants Pyodide {PYODIDE_VERSION}, {PINNED} names {name}: move both together"
        )
    packed = cache / name
    if not packed.is_file():
        if shutil.which("npm") is None:
            sys.exit(
                "npm is missing, which fetches Pyodide: install Node.js, then `make site` again"
            )
        run("npm", "pack", f"pyodide@{PYODIDE_VERSION}", "--silent", cwd=cache)
    found = hashlib.sha256(packed.read_bytes()).hexdigest()
    if found != wanted:
        sys.exit(
            f"{packed} has the hash {found}; {PINNED} names another. Remove the file and build again"
        )
    unpacked = cache / f"pyodide-{PYODIDE_VERSION}"
    if not unpacked.is_dir():
        with tarfile.open(packed) as archive:
            archive.extractall(unpacked, filter="data")
    return unpacked / "package"


def copy(core: Path, target: Path) -> None:
    """Pyodide itself. The notebooks' folder comes last where modules are looked for: each look into it is a request to the browser's storage."""
    for name in PARTS:
        shutil.copy(core / name, target)
    loader = (target / PARTS[0]).read_text("utf-8")
    if loader.count(FOLDER_FIRST) != 1:
        sys.exit(f"{PARTS[0]} has another line than {FOLDER_FIRST}: look where it is now")
    (target / PARTS[0]).write_text(loader.replace(FOLDER_FIRST, FOLDER_LAST), "utf-8")


def lock(core: Path, folder: Path, *, hosted: bool) -> list[str]:
    """Write the list of packages: the wheels of the folder and nothing else, so that no name leads to a file that is not there.

    For a hosted site also what is compiled, at the address of Pyodide's distribution. Returns all names.
    """
    known = json.loads((core / LOCK).read_text("utf-8"))
    packages = {one["name"]: one for one in map(entry, sorted(folder.glob("*.whl")))}
    if hosted:
        for name in closure(known["packages"], HOSTED) - packages.keys():
            there = known["packages"][name]
            packages[name] = {**there, "file_name": f"{PYODIDE_CDN_URL}/{there['file_name']}"}
    for package in packages.values():
        package["depends"] = sorted(set(package["depends"]) & packages.keys() - {package["name"]})
    (folder / LOCK).write_text(
        json.dumps({**known, "packages": packages}, indent=1, sort_keys=True), "utf-8"
    )
    return sorted(packages)


def closure(packages: dict[str, Any], names: tuple[str, ...]) -> set[str]:
    """The packages of these names and all that they need."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += packages[name]["depends"]
    return found


def entry(wheel: Path) -> dict[str, Any]:
    """One wheel in the words of Pyodide's list."""
    name, version = wheel.name.split("-")[:2]
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [metadata] = [one for one in names if one.endswith(".dist-info/METADATA")]
        needs = BytesParser().parsebytes(archive.read(metadata)).get_all("Requires-Dist") or []
    tops = {
        one.partition("/")[0].partition(".")[0]
        for one in names
        if one.endswith((".py", ".pyc")) and ".data/" not in one
    }
    return {
        "name": canonical(name), "version": version, "file_name": wheel.name, "install_dir": "site", "package_type": "package",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(), "imports": sorted(tops), "unvendored_tests": False,
        "depends": sorted({canonical(one.name) for one in map(Requirement, needs) if one.marker is None or one.marker.evaluate(TAB)}),
    }  # fmt: skip
