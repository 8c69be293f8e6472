"""The command line: `jwt-demo`, or `python -m jwt_demo`. Status 0: all well; 1: judged and found wanting; 2: could not run."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

try:
    import click
except ModuleNotFoundError as error:  # all that can be said without it is what to install
    from ..course.doctor import examine

    sys.exit(f"{error}.\n{examine()}")

from .. import __version__
from ..files import find_copy, is_copy
from .console import fail
from .streams import guarded_streams

ELSEWHERE = {  # commands that have a module of their own, imported when they are used
    "serve": (
        "serve_command",
        "Run the server of one step on 127.0.0.1, by default the complete one.",
    ),
    "inspect": (
        "inspect_command",
        "Take a token apart: header, claims, signature, what is odd about it.",
    ),
    "probe": ("probe_command", "Attack a server on this machine and judge its responses."),
    "check": ("check_command", "Run learners' notebooks and report each exercise."),
    "export": (
        "export_command",
        "Write the course for nbgrader, Otter-Grader or GitHub Classroom.",
    ),
}


USUAL_FOLDER = Path("jwt-course")


class Program(click.Group):
    """A group whose `--help` imports nothing but this file, and in which one broken command breaks no other."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        with guarded_streams():
            return super().main(*arguments, **options)

    def list_commands(self, context: click.Context) -> list[str]:
        return [*self.commands, *ELSEWHERE]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in ELSEWHERE:
            return self.commands.get(name)
        module = importlib.import_module(f".{ELSEWHERE[name][0]}", __package__)
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        own = [
            (name, command.get_short_help_str(limit=100)) for name, command in self.commands.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl([*own, *((name, says) for name, (_, says) in ELSEWHERE.items())])


@click.group(
    cls=Program,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__)
@click.pass_context
def main(context: click.Context) -> None:
    """JSON Web Tokens in Python: notebooks with a real server inside. Start with `jwt-demo lab`."""
    if context.invoked_subcommand is None:
        from .welcome import welcome

        click.echo(welcome())


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.argument("arguments", metavar="[-- JUPYTER ARGS]", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be done to the working copy, and do nothing."
)
def lab(folder: Path | None, arguments: tuple[str, ...], dry_run: bool) -> None:
    """Open JupyterLab in your own copy of the notebooks.

    DIR is made, or brought up to date; what you wrote there stays. Default: jwt-course.
    """
    from ..course.lab import open_lab

    if folder is not None and str(folder).startswith("-"):  # `jwt-demo lab -- --no-browser`
        folder, arguments = None, (str(folder), *arguments)
    folder = folder or USUAL_FOLDER
    first = not folder.exists()
    bring_up_to_date(folder, dry_run=dry_run, open_as_it_is=True)
    if not dry_run:
        open_lab(folder, arguments, first=first)


@main.command()
@click.argument("folder", metavar="[DIR]", default=USUAL_FOLDER, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def copy(folder: Path, dry_run: bool) -> None:
    """Make or update your own copy of the notebooks, and open nothing.

    DIR is made, or brought up to date; what you wrote there stays. Default: jwt-course.
    """
    bring_up_to_date(folder, dry_run=dry_run)


def bring_up_to_date(folder: Path, *, dry_run: bool, open_as_it_is: bool = False) -> None:
    """Make or update the working copy and say what was done: on standard error, or on standard output where nothing was.

    With `open_as_it_is` a copy that cannot be written to is a warning, not the end.
    """
    from ..course.working_copy import CourseError, update

    first = not folder.exists()
    try:
        changes = update(folder, dry_run=dry_run)
    except CourseError as error:
        fail(error)
    except OSError as error:
        if first or not open_as_it_is or not is_copy(folder):
            fail(error)
        click.echo(
            f"Warning: {folder} could not be brought up to date ({error.strerror}: {error.filename}). It is opened as it is; "
            "what you write may not be saved. Another folder: jwt-demo lab DIR",
            err=True,
        )
        return
    report = [str(change) for change in changes if str(change)]
    if dry_run:
        told = f"{len(report)} changes in {folder} were to be made; nothing was done."
        click.echo("\n".join([*report, told]))
        return
    for line in [f"Your notebooks are in {folder}."] if first else report:
        click.echo(line, err=True)


@main.command()
@click.argument("step")
@click.option(
    "--dir",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The working copy; default: the one we are in, jwt-course or workbook.",
)
def reset(step: str, folder: Path | None) -> None:
    """Bring a fresh copy of one notebook, say `reset 02`; yours is kept."""
    from ..course.working_copy import CourseError
    from ..course.working_copy import reset as lay_fresh

    place = find_copy(folder)
    if place is None or (folder is not None and place != folder.absolute()):
        fail(
            f"{folder or 'This folder'} is not a copy of the course that `jwt-demo lab` created. Create one: jwt-demo lab"
        )
    try:
        name, backup = lay_fresh(place, step)
    except (CourseError, OSError) as error:
        fail(error)
    click.echo(
        f"{name} is fresh again. {f'Yours is kept: {backup}' if backup else 'It was as it came, so nothing had to be kept.'}"
    )


@main.command()
def doctor() -> None:
    """Is this machine ready? What is missing, and the command that fixes it."""
    from ..course.doctor import examine

    diagnosis = examine()
    click.echo("\n".join(diagnosis.lines(all=True)))
    sys.exit(0 if diagnosis else 1)
