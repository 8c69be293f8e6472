"""The command line: `jwt-demo`, or `python -m jwt_demo`. Status 0: all well; 1: judged and found wanting; 2: could not run."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

try:
    import click
except ModuleNotFoundError as error:  # all that can be said without it is what to install
    from ..course.doctor import examine

    sys.exit(f"{error}.\n{examine()}")

from .. import __version__

ELSEWHERE = {  # commands that have a module of their own, imported when they are used
    "inspect": (
        ".inspect_command",
        "Take a token apart: header, claims, signature, what is odd about it.",
    ),
    "probe": (".probe_command", "Attack a server on this machine and judge its answers."),
    "check": ("..grading.report", "Run learners' notebooks and report each exercise."),
}


class Program(click.Group):
    """A group whose `--help` imports nothing but this file, and in which one broken command breaks no other."""

    def list_commands(self, context: click.Context) -> list[str]:
        return [*self.commands, *ELSEWHERE]

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in ELSEWHERE:
            return self.commands.get(name)
        module = importlib.import_module(ELSEWHERE[name][0], __package__)
        return getattr(module, name)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        own = [
            (name, command.get_short_help_str(limit=100)) for name, command in self.commands.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl([*own, *((name, says) for name, (_, says) in ELSEWHERE.items())])


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """JSON Web Tokens in Python: notebooks with a real server inside. Start with `jwt-demo lab`."""


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
    from ..course.working_copy import CourseError, update

    if folder is not None and str(folder).startswith("-"):  # `jwt-demo lab -- --no-browser`
        folder, arguments = None, (str(folder), *arguments)
    folder = folder or Path("jwt-course")
    first = not folder.exists()
    try:
        changes = update(folder, dry_run=dry_run)
    except (CourseError, OSError) as error:
        fail(error)
    report = [str(change) for change in changes if str(change)]
    if dry_run:
        click.echo(
            "\n".join(
                [*report, f"{len(report)} changes in {folder} were to be made; nothing was done."]
            )
        )
        return
    for line in [f"Your notebooks are in {folder}."] if first else report:
        click.echo(line, err=True)
    open_lab(folder, arguments, first=first)


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
    from ..course.working_copy import CourseError, find
    from ..course.working_copy import reset as lay_fresh

    place = find(folder)
    if place is None or (folder is not None and place != folder.absolute()):
        fail(f"{folder or 'This folder'} is no working copy. Make one: jwt-demo lab")
    try:
        name, backup = lay_fresh(place, step)
    except (CourseError, OSError) as error:
        fail(error)
    click.echo(
        f"{name} is fresh again. {f'Yours is kept: {backup}' if backup else 'It was as it came, so nothing had to be kept.'}"
    )


@main.command()
def doctor() -> None:
    """Is this machine ready? What is missing, and the command that mends it."""
    from ..course.doctor import examine

    diagnosis = examine()
    click.echo("\n".join(diagnosis.lines(all=True)))
    sys.exit(0 if diagnosis else 1)


@main.command()
@click.argument("stage", default="complete")
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0 takes any that is free.",
)
def serve(stage: str, port: int) -> None:
    """Run the server of one step on 127.0.0.1, by default the complete one."""
    import socket

    from aiohttp import web

    from ..stages.parts.secret_key import ConfigurationError

    app = load_stage(stage)
    try:
        own = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        another = port + 1 if port < 65535 else 0
        fail(
            f"Port {port} of 127.0.0.1 cannot be had ({os.strerror(error.errno or 0)}). Another one: jwt-demo serve {stage} --port {another}"
        )

    async def announce(app: web.Application) -> None:
        click.echo(f"{stage} answers at http://127.0.0.1:{own.getsockname()[1]} (Ctrl+C stops it)")

    app.on_startup.append(announce)  # after the stage's own, which may refuse to start
    with own:
        try:
            web.run_app(app, sock=own, print=None, access_log=None)
        except ConfigurationError as error:
            fail(error)


def load_stage(name: str) -> Any:
    from .. import stages

    known = stages_in(Path(stages.__file__).parent)
    if name not in known:
        fail(f"There is no stage {name!r}. The stages: {', '.join(known)}")
    try:
        return importlib.import_module(f"..stages.{name}", __package__).app
    except Exception as error:  # a stage checks its settings while it is imported
        fail(error)


def stages_in(folder: Path) -> list[str]:
    """The modules that have an application of their own, found without importing any."""
    sources = {path.stem: path for path in folder.glob("*.py")} | {
        path.parent.name: path for path in folder.glob("*/__init__.py")
    }
    return sorted(
        name
        for name, path in sources.items()
        if "gunicorn jwt_demo.stages." in path.read_text(encoding="utf-8")[:2000]
    )


def fail(message: object) -> NoReturn:
    """One line on standard error, status 2."""
    click.echo(" ".join(str(message).split()), err=True)
    sys.exit(2)
