"""Applications of other frameworks behind the server of a check: WSGI (Flask, Django) and ASGI (FastAPI, Starlette)."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

from .model import Unfit

NO_APPLICATION = "A service function must return its application. Is `return app` its last line?"


def missing(modules: Iterable[str]) -> list[str]:
    """Those of the modules that are not installed.

    >>> missing(["json", "no_such_module"])
    ['no_such_module']
    """
    return [name for name in modules if importlib.util.find_spec(name) is None]


def behind_aiohttp(application: Any, handle: Callable[..., Any]) -> web.Application:
    """An aiohttp application that gives each request to another one, and sends on what that one responds."""
    if not callable(application):
        raise Unfit(
            f"{type(application).__name__}, where an application was wanted", NO_APPLICATION
        )

    async def forward(request: web.Request) -> web.Response:
        return await handle(application, request)  # type: ignore[no-any-return]  # aiohttp gives no type

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", forward)
    return app


async def through_wsgi(application: Any, request: web.Request) -> web.Response:
    """One request through WSGI (PEP 3333), on the server's own thread: what blocks there is found as in a handler."""
    from werkzeug.test import EnvironBuilder, run_wsgi_app  # it comes with Flask

    if hasattr(application, "config"):
        application.config["PROPAGATE_EXCEPTIONS"] = True  # else Flask keeps them in its log
    builder = EnvironBuilder(
        path=request.path,
        query_string=request.query_string,
        method=request.method,
        headers=list(request.headers.items()),
        data=await request.read(),
    )
    body, status, headers = run_wsgi_app(application, builder.get_environ(), buffered=True)
    return web.Response(
        body=b"".join(body), status=int(status.split()[0]), headers=CIMultiDict(headers)
    )


async def through_asgi(application: Any, request: web.Request) -> web.Response:
    """One request through ASGI; what the application raises after its response is raised here too."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": request.scheme,
        "method": request.method,
        "path": request.path,
        "raw_path": request.raw_path.encode("ascii", "replace"),
        "root_path": "",
        "query_string": request.query_string.encode(),
        "headers": [(name.lower(), value) for name, value in request.raw_headers],
    }
    waiting = [{"type": "http.request", "body": await request.read(), "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await application(scope, receive, send)
    start = sent[0]
    headers = CIMultiDict((name.decode(), value.decode()) for name, value in start["headers"])
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return web.Response(body=body, status=start["status"], headers=headers)
