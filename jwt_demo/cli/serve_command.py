"""`jwt-demo serve`: the server of one step, from the table of stages."""

from __future__ import annotations

import importlib
import os
import socket

import click
from aiohttp import web

from ..stages import STAGES
from ..stages.parts.secret_key import ConfigurationError
from .console import fail


def stage_table() -> str:
    """The stages, one to a line; \\b tells click to leave the lines alone."""
    width = max(len(stage.name) for stage in STAGES)
    return "\b\nStages, by the step that builds them:\n" + "\n".join(
        f"  {stage.step:>2}  {stage.name:<{width}}  {stage.what}" for stage in STAGES
    )


@click.command(epilog=stage_table())
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
    app = load_stage(stage)
    try:
        own = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        another = port + 1 if port < 65535 else 0
        fail(
            f"Port {port} of 127.0.0.1 cannot be had ({os.strerror(error.errno or 0)}). Another one: jwt-demo serve {stage} --port {another}"
        )

    async def announce(app: web.Application) -> None:
        click.echo(f"{stage} responds at http://127.0.0.1:{own.getsockname()[1]} (Ctrl+C stops it)")

    app.on_startup.append(announce)  # after the stage's own, which may refuse to start
    with own:
        try:
            web.run_app(app, sock=own, print=None, access_log=None)
        except ConfigurationError as error:
            fail(error)


def load_stage(name: str) -> web.Application:
    known = [stage.name for stage in STAGES]
    if name not in known:
        fail(f"There is no stage {name!r}. The stages: {', '.join(known)}")
    try:
        app: web.Application = importlib.import_module(f"..stages.{name}", __package__).app
    except Exception as error:  # a stage checks its settings while it is imported
        fail(error)
    return app
