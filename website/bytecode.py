"""Everything that a tab imports, compiled once and here. Compiling was more than half of the work before the first cell.

The Python that compiles is the one that will run it: Pyodide, under Node.js. Of the course the source stays beside the
bytecode, since lessons show it; of all else bytecode is enough.
"""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

from .commands import run
from .wheels import COURSE, write

HERE = Path(__file__).parent


def compile_all(core: Path, folder: Path, work: Path) -> None:
    """Put the wheels of the folder, and Python's own library, in their place as bytecode."""
    if shutil.which("node") is None:
        sys.exit("node is missing, which compiles: install Node.js, then `make site` again")
    shutil.rmtree(work, ignore_errors=True)
    archives = [*sorted(folder.glob("*.whl")), folder / "python_stdlib.zip"]
    for archive in archives:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(work / archive.name)
    run("node", HERE / "bytecode.mjs", core, work)
    for archive in archives:
        write(archive, wanted(work / archive.name, sources=archive.name.startswith(COURSE)))


def wanted(folder: Path, *, sources: bool) -> dict[str, bytes]:
    """The files of one archive by their names; without the sources that have bytecode, unless these are asked for."""
    names = {
        path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()
    }
    return {
        name: (folder / name).read_bytes()
        for name in sorted(names)
        if sources or not (name.endswith(".py") and f"{name}c" in names)
    }
