"""The course in a browser tab: what is other there, the reader's copy in the browser's storage, and its way in and out.

A kernel in a tab sees the notebooks in a folder that the browser keeps. Progress stands there as in any working copy.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ..files import write_whole
from ..server.runtime import lacking
from ..stages.parts.password_hash import HAS_ARGON2

COPY = "my-copy.zip"
LARGEST = 200_000_000  # bytes of a copy, unpacked


def pack(folder: Path | None = None) -> Path:
    """All of your copy in one file, beside the notebooks: download it from the list of files (right click)."""
    folder = folder or Path.cwd()
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != COPY:
                archive.write(path, path.relative_to(folder).as_posix())
    target = folder / COPY
    target.write_bytes(octets.getvalue())
    return target


def unpack(folder: Path | None = None) -> list[str]:
    """The names of the files that `my-copy.zip` brought back; what stands there now is replaced.

    ValueError for a file that is no such copy. Names that lead out of the folder are rejected.
    """
    folder = (folder or Path.cwd()).absolute()
    with zipfile.ZipFile(folder / COPY) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if sum(one.file_size for one in members) > LARGEST:
            raise ValueError(f"{COPY} is larger than a copy of the course can be")
        for one in members:
            if not (folder / one.filename).resolve().is_relative_to(folder.resolve()):
                raise ValueError(f"{COPY} names a file outside the copy: {one.filename!a}")
        for one in members:
            write_whole(folder / one.filename, archive.read(one), copy=folder)
    return [one.filename for one in members]


def differences() -> Iterator[str]:
    """What a reader of this tab should know before it happens, a sentence each."""
    yield "a cell that never ends cannot be stopped here: reload the page. Checks and requests end at their limit"
    yield "gunicorn, HTTPie and other programs are not here: their cells say what is done instead"
    if not HAS_ARGON2:
        yield "passwords are hashed with PBKDF2 here, since this page has no Argon2"
    missing = lacking()
    if "cryptography" in missing:
        yield "keys of RSA, ECDSA and EdDSA are not here, since this page has no `cryptography`: steps 9 to 12 want a machine, and a cell of step 5 says so"
    if "flask" in missing:
        yield "Flask, Django and FastAPI are not here: step 11 wants a machine"
