"""Standard input, output and error as they really are: another encoding, a full disk, a closed pipe. No command has to think of them."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
from collections.abc import Iterator
from typing import Any

import click


@contextlib.contextmanager
def guarded_streams() -> Iterator[None]:
    """Around a whole command: what cannot be encoded is escaped; what cannot be written ends it with one line and status 2.

    A reader that has seen enough (`| head`) ends it with status 2 and no word.
    """
    open_closed_ones()
    output = sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            yield
        finally:
            if sys.stdout is not output:  # click puts another in the place of a closed pipe
                raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
            sys.stdout.flush()
    except BrokenPipeError:
        be_silent()
        sys.exit(2)
    except OSError as error:
        be_silent()
        with contextlib.suppress(OSError):
            click.echo(f"The result could not be written: {error.strerror or error}", err=True)
        be_silent()
        sys.exit(2)


def open_closed_ones() -> None:
    """A closed stream (`<&-`, `>&-`) is one that has nothing, or takes nothing; its number must not go to a socket."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  it stays open
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, io.TextIOWrapper(io.BufferedWriter(Closed()), "utf-8"))


class Closed(io.RawIOBase):
    """A stream to nobody: writing to it is the error that it would be in the operating system."""

    def writable(self) -> bool:
        return True

    silent = False

    def write(self, octets: Any) -> int:
        if self.silent:  # Python 3.13 would print what its last flush raises
            return len(octets)
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def be_silent() -> None:
    """What is left in the buffers goes nowhere, or Python would complain about it once more when it ends."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(getattr(getattr(stream, "buffer", None), "raw", None), Closed):
            stream.buffer.raw.silent = True
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
            continue
        with contextlib.suppress(OSError, ValueError, AttributeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            continue
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
