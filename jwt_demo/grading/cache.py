"""Verdicts kept from one run to the next: what has not changed is not judged again, and an interrupted run goes on.

A verdict is found again by the content of the notebook, of the files beside it, and of this package and its libraries.
"""

from __future__ import annotations

import hashlib
import json
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from ..files import write_whole
from .handed_in import Notebook
from .room import LARGEST_COPY, LEFT_OUT
from .verdict import asked, result_from

LIBRARIES = ("PyJWT", "aiohttp", "cryptography")
PACKAGE = Path(__file__).resolve().parents[1]


class Cache:
    """A folder of verdicts; `folder=None` keeps nothing."""

    def __init__(self, folder: Path | None):
        self.folder = folder
        self.failure = ""  # why nothing could be written, if so
        self._package = package_digest() if folder is not None else ""

    def key(self, notebook: Notebook) -> str:
        """A name for all that a verdict depends on; '' where the files cannot be read, or are too large to be judged."""
        digest, left = hashlib.sha256(f"{self._package}\n{notebook.step}\n".encode()), LARGEST_COPY
        try:
            for path in [notebook.path, *beside(notebook)]:
                size = path.stat().st_size
                left -= size
                if left < 0:
                    return ""
                digest.update(f"{path.name}\n{size}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            return ""
        return digest.hexdigest()

    def load(self, key: str, step: str, *, resume: bool) -> dict[str, Any] | None:
        """What an earlier run found: `results` and `problem`; with `resume` also where there was a problem."""
        if self.folder is None or not key:
            return None
        try:
            entry = json.loads((self.folder / f"{key}.json").read_text("utf-8"))
            results = {name: entry["results"][name] for name in asked(step)}
            fits = all(result_from(result) for result in results.values()) or entry["problem"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not fits or (entry["problem"] and not resume):
            return None
        return {"results": results, "problem": str(entry["problem"]), "how": "known"}

    def save(self, key: str, line: dict[str, Any]) -> None:
        if self.folder is None or not key:
            return
        text = json.dumps({"results": line["results"], "problem": line["problem"]})
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / f"{key}.json", text.encode(), copy=self.folder)
        except OSError as error:
            self.failure = error.strerror or type(error).__name__


def beside(notebook: Notebook) -> list[Path]:
    """The plain files that are copied with a notebook, notebooks left out."""
    if notebook.alone:
        return []
    found = []
    for path in sorted(notebook.path.parent.rglob("*")):
        parts = path.relative_to(notebook.path.parent).parts
        hidden = any(part.startswith(".") or part in LEFT_OUT for part in parts)
        if not hidden and path.suffix != ".ipynb" and path.is_file() and not path.is_symlink():
            found.append(path)
    return found


def package_digest() -> str:
    """The content of this package, its lessons and the versions of what they use."""
    digest = hashlib.sha256(sys.version.encode())
    for name in LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
