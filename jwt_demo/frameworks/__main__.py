"""`python -m jwt_demo.frameworks flask documented --port 8081`: one framework's API on 127.0.0.1, its key from JWT_SECRET."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

import click

from ..stages.parts.secret_key import ConfigurationError, key_from
from . import FORMS, FRAMEWORKS

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from fastapi import FastAPI


@click.command()
@click.argument("framework", type=click.Choice(list(FRAMEWORKS)))
@click.argument("form", type=click.Choice(FORMS))
@click.option("--port", type=int, default=0, help="0 takes a free one.")
def main(framework: str, form: str, port: int) -> None:
    """Serve one framework's API until stopped."""
    try:
        app = importlib.import_module(f"{__package__}.{framework}_{form}").make_app(
            key_from(os.environ)
        )
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"{error.name} is missing: pip install 'jwt_demo[frameworks]'"
        ) from None
    serve = serve_asgi if framework == "fastapi" else serve_wsgi
    serve(app, port)


def serve_asgi(app: FastAPI, port: int) -> None:
    import uvicorn

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="info", access_log=False)


def serve_wsgi(app: WSGIApplication, port: int) -> None:
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, *_: object) -> None:
            pass

    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
    print(f"running on http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
