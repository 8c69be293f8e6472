"""A file that a learner handed in, looked at in a process of its own with limits: the step of a notebook, the files of a zip.

Run as a program: `look_inside.py step NOTEBOOK` prints the step that most of its exercise cells belong to;
`look_inside.py unpack ZIP FOLDER BYTES` puts the files and folders of a zip into a folder, BYTES at most. Standard library
only, so that it starts in a moment and nothing of the course can be reached through it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath

MEMORY = 1 << 30  # bytes
LARGEST_NOTEBOOK = 32 << 20  # bytes
MOST_FILES = 5_000
TRIED = re.compile(r"^(\d\d)-(?:try|check)-")
CHECKED = re.compile(r"""exercise\s*=\s*["'](\d\d)-""")


def main(verb: str, *arguments: str) -> None:
    limit_memory()
    try:
        if verb == "step":
            print(step_inside(Path(arguments[0])))
        else:
            archive, folder, most = arguments
            print(unpack(Path(archive), Path(folder), int(most)))
    except (
        OSError,
        ValueError,
        MemoryError,
        RecursionError,
        zipfile.BadZipFile,
        RuntimeError,
    ) as error:
        sys.exit(f"{type(error).__name__}: {error}")


def limit_memory() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))


def step_inside(path: Path) -> str:
    """The step of a notebook by the ids of its exercise cells and by the checks it calls; '' where it has none."""
    if path.stat().st_size > LARGEST_NOTEBOOK:
        raise ValueError(f"larger than {LARGEST_NOTEBOOK >> 20} MiB")
    cells = json.loads(path.read_bytes().decode("utf-8-sig"))["cells"]
    steps: Counter[str] = Counter()
    for cell in cells:
        found = TRIED.match(str(cell.get("id", "")))
        source = cell.get("source", "")
        text = source if isinstance(source, str) else "".join(map(str, source))
        steps.update([found[1]] if found else [])
        steps.update(CHECKED.findall(text[:10_000]))
    return steps.most_common(1)[0][0] if steps else ""


def unpack(archive: Path, folder: Path, most: int) -> str:
    """Put the plain files and the folders of a zip into `folder`; ValueError beyond `most` bytes, or where it leads out of the folder."""
    with zipfile.ZipFile(archive) as opened:
        entries = opened.infolist()
        if len(entries) > MOST_FILES:
            raise ValueError(f"more than {MOST_FILES} files and folders")
        left = most
        for entry in entries:
            parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
            if not parts or ".." in parts or parts[0].startswith("/") or ":" in parts[0]:
                raise ValueError("a file in it leads out of its folder")
            if entry.external_attr >> 28 == 0xA:  # a symbolic link
                continue
            target = folder.joinpath(*(part[:200] for part in parts))
            if entry.is_dir():  # who handed an empty folder in has a row too
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with opened.open(entry) as source, target.open("wb") as written:
                while piece := source.read(1 << 20):
                    left -= len(piece)
                    if left < 0:
                        raise ValueError(f"more than {most >> 20} MiB unpacked")
                    written.write(piece)
    return f"{len(entries)} files"


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    os.umask(0o077)
    main(*sys.argv[1:])
