"""What all commands share on a terminal: one way to fail, one progress bar."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import NoReturn

import click

from ..escaping import cut, visible

LONGEST_LINE = 500  # characters of an error message


def fail(message: object) -> NoReturn:
    """One line on standard error, status 2: the command could not do what it was asked."""
    line = " ".join(str(message).split())
    click.echo(cut(visible(line), LONGEST_LINE), err=True)
    sys.exit(2)


@contextlib.contextmanager
def progress_bar(doing: str, total: int, things: str) -> Iterator[Callable[[int], None]]:
    """A bar on standard error, where a terminal shows it; call what is yielded with the number of things done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done: None
        return
    columns = (
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(things),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)
