"""`jwt-demo probe`: the probes from a terminal; the report goes to standard output, progress to standard error."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import click

LARGEST_FILE = 64 * 1024  # bytes; a key has a few thousand


@click.command()
@click.argument("url")
@click.option("--email", default="user@email.com", show_default=True, help="Who may log in there.")
@click.option("--password", default="password", show_default=True)
@click.option(
    "--secret-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The key the server signs with: a text, a private PEM or a JWK.",
)
@click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A good token, for a server that gives none itself.",
)
@click.option(
    "--path", default="/get-user", show_default=True, help="What only a good token opens."
)
@click.option("--login-path", default="/login", show_default=True)
@click.option(
    "--scope-path",
    default="/admin",
    show_default=True,
    help="What this user's token does not open.",
)
@click.option(
    "--scheme",
    default="Bearer",
    show_default=True,
    help="What stands before the token; '' for nothing.",
)
@click.option(
    "--limit",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0.1, 60),
    help="Seconds an answer may take.",
)
@click.option(
    "--only", metavar="NAME", multiple=True, help="Run this probe; may be given several times."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def probe(
    url: str,
    secret_file: Path | None,
    token_file: Path | None,
    only: tuple[str, ...],
    as_json: bool,
    **options,
) -> None:
    """Attack a server on this machine and judge its answers.

    URL is its address, http://127.0.0.1:8080 say. Ends with 0 when nothing is broken, 1 when something is, 2 when nothing could be run.
    """
    from ..probes import CannotProbe, Report, attack, choose, report_of

    results: dict = {}
    interrupted = False
    try:
        chosen = choose(only or None)
        options["secret"], options["token"] = read(secret_file), read(token_file)
        with progress(len(chosen)) as tell:
            asyncio.run(attack(url, chosen, results, tell, **options))
    except CannotProbe as error:
        fail(str(error))
    except KeyboardInterrupt:
        interrupted = True

    report: Report = report_of(chosen, results)
    click.echo(
        json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else str(report)
    )
    if interrupted:
        click.echo("Interrupted; this is what is known so far.", err=True)
    sys.exit(1 if report.broken else 0 if report and not interrupted else 2)


def read(path: Path | None) -> str | None:
    """The text of a file without the line break at its end."""
    from ..probes import CannotProbe

    if path is None:
        return None
    try:
        with path.open("rb") as file:
            octets = file.read(LARGEST_FILE + 1)
        if len(octets) > LARGEST_FILE:
            raise CannotProbe(f"{path} is larger than {LARGEST_FILE // 1024} KiB, so no key")
        text = octets.decode("utf-8").rstrip("\r\n")
    except OSError as error:
        raise CannotProbe(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CannotProbe(f"{path} is no text") from None
    if not text:
        raise CannotProbe(f"{path} is empty")
    return text


@contextlib.contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while probes run, where somebody is there to see it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("Probing"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


def fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
