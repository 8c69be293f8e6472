"""The files of `jwt-demo probe`: keys, tokens and word lists that are read, reports that are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

LARGEST_FILE = 64 * 1024  # bytes; a key has a few thousand


def readable(path: Path) -> None:
    from ..probes.loopback import CannotProbe

    try:
        with path.open("rb"):
            return
    except OSError as error:
        raise CannotProbe(f"--wordlist: {path} cannot be read: {error.strerror}") from None


def read(path: Path, flag: str) -> str | bytes:
    """The text of a file without the line break at its end; its bytes where it is no text and may be a key."""
    from ..probes.loopback import CannotProbe

    try:
        with path.open("rb") as file:
            octets = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CannotProbe(f"{flag}: {path} cannot be read: {error.strerror}") from None
    if len(octets) > LARGEST_FILE:
        raise CannotProbe(f"{flag}: {path} is larger than {LARGEST_FILE // 1024} KiB")
    if not octets.strip():
        raise CannotProbe(f"{flag}: {path} is empty")
    try:
        return octets.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        if flag in ("--secret-file", "--public-key-file"):
            return octets
        raise CannotProbe(f"{flag}: {path} is no text") from None


def write(path: Path | None, flag: str, text: Callable[[], str]) -> None:
    from ..probes.loopback import CannotProbe

    if path is None:
        return
    try:
        path.write_text(text(), encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise CannotProbe(f"{flag}: {path} cannot be written: {error.strerror}") from None
