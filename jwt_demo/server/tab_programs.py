"""What `run` and `start` do in a browser tab, where there are no programs of a terminal: each says so in one line.

HTTPie's request is sent by the client of this notebook and shown as HTTPie shows it. In place of a program that serves, its
application responds, with a memory of its own, as a process has.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import io
import json
import os
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from . import memory_transport
from .client import new_exchange, send
from .exchange import Exchange
from .runtime import NotInTab, tab_without

PROGRAMS = "programs of a terminal"
NO_HTTPIE = tab_without("HTTPie", "this request was sent by the client of the notebook")
NO_PROGRAM = tab_without(PROGRAMS, "this command was not run")
ONE_AT_A_TIME = asyncio.Lock()  # the environment is the whole kernel's while an application starts


@dataclass
class Serving:
    """The application of a program that serves; what `start("gunicorn …")` returns in a tab."""

    command: str
    port: int
    runner: web.AppRunner = field(repr=False)
    lines: list[str] = field(default_factory=list, repr=False)  # what it logged

    @property
    def address(self) -> str:
        return f"http://{memory_transport.HOST}:{self.port}"

    async def stop(self) -> None:
        """End it; a second time does nothing."""
        memory_transport.stop_listening(self.port)
        await self.runner.cleanup()


async def start(command: str, environment: Mapping[str, str] | None) -> Serving:
    """The application of a command that serves one, in memory; NotInTab for any other program."""
    module, log = importlib.import_module(module_of(command)), io.StringIO()
    print(
        tab_without(
            f"{command.split()[0]} command", "its application runs in this notebook instead"
        )
    )
    async with ONE_AT_A_TIME:
        with environment_with(environment or {}), contextlib.redirect_stderr(log):
            runner = web.AppRunner(module.make_app(), access_log=None, shutdown_timeout=0.1)
            await runner.setup()
    assert runner.server is not None  # set up above
    serving = Serving(command, memory_transport.free_port(), runner, log.getvalue().splitlines())
    memory_transport.listen(serving.port, runner.server)
    return serving


def module_of(command: str) -> str:
    """The module whose application the command serves.

    >>> module_of("gunicorn jwt_demo.stages.login:app --reload"), module_of("jwt-demo serve logout --port 0")
    ('jwt_demo.stages.login', 'jwt_demo.stages.logout')
    """
    match shlex.split(command):
        case ["gunicorn", app, *_]:
            return app.partition(":")[0]
        case ["jwt-demo", "serve", stage, *_]:
            return f"jwt_demo.stages.{stage}"
    raise NotInTab(PROGRAMS, f"`{command}` was not started")


@contextlib.contextmanager
def environment_with(more: Mapping[str, str]) -> Iterator[None]:
    """These variables, as a program would get them, until its applications have started."""
    before = dict(os.environ)
    os.environ.update(more)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def run(command: str, limit: float) -> tuple[str, int, str]:
    """What the command printed, its exit status, and one line on how it was done."""
    program, *arguments = shlex.split(command)
    if program != "http":
        return "", 127, NO_PROGRAM
    url, exchange = request_of(arguments)
    try:
        await send(exchange, url, connector=connector(), limit=limit)
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"http: error: {type(error).__name__}: {error}", 1, NO_HTTPIE
    return as_httpie_shows(exchange), 0, NO_HTTPIE


def connector() -> aiohttp.BaseConnector:
    return memory_transport.MemoryConnector(memory_transport.free_port())


def request_of(arguments: list[str]) -> tuple[str, Exchange]:
    """The address and the request of `http [-f] [METHOD] URL [NAME=VALUE | NAME:VALUE …]`.

    >>> url, exchange = request_of(["-f", "post", "http://127.0.0.1:1/login", "email=a@b.c", "x:y"])
    >>> url, exchange.method, exchange.path, exchange.request_body
    ('http://127.0.0.1:1', 'POST', '/login', b'email=a%40b.c')
    >>> exchange.request_headers[:2]
    [('Connection', 'keep-alive'), ('x', 'y')]
    """
    is_form = "-f" in arguments
    words = [word for word in arguments if not word.startswith("-")]
    place = next(place for place, word in enumerate(words) if "://" in word)
    parts = urlsplit(words[place])
    fields: dict[str, str] = {}
    headers = {"Connection": "keep-alive"}  # as HTTPie says
    for item in words[place + 1 :]:
        name, mark, value = min(
            (item.partition(mark) for mark in ("=", ":")), key=lambda split: len(split[0])
        )
        (fields if mark == "=" else headers)[name] = value
    method = words[0].upper() if place else "POST" if fields else "GET"
    exchange = new_exchange(
        method,
        (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        data=fields if is_form and fields else None,
        json=fields if fields and not is_form else None,
        headers=headers,
        params=None,
    )
    return f"{parts.scheme}://{parts.netloc}", exchange


def as_httpie_shows(exchange: Exchange) -> str:
    """The response: its headers in order of their names, JSON with four spaces."""
    headers = sorted((exchange.headers or {}).items(), key=lambda header: header[0].lower())
    body = exchange.body.decode("utf-8", "replace")
    with contextlib.suppress(ValueError):
        body = json.dumps(json.loads(body), indent=4, sort_keys=True, ensure_ascii=False)
    lines = [f"HTTP/1.1 {exchange.status} {exchange.reason}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\n".join([*lines, "", body])
