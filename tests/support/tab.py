"""A process that is as a browser tab is, once it has called `become_a_tab`: no threads, no programs, and few compiled packages.

What Python itself needs of threads and sockets to start is loaded before. A real tab is in tests/site.
"""

from __future__ import annotations

import asyncio
import linecache  # noqa: F401
import multiprocessing.connection  # noqa: F401
import socket
import ssl  # noqa: F401
import subprocess
import sys
import sysconfig
import threading

import aiohttp.web  # noqa: F401

COMPILED = ("cryptography", "argon2")  # the hosted site has them
NOWHERE = (
    "psutil", "nbformat", "httpie", "gunicorn",
    "flask", "flask_jwt_extended", "django", "rest_framework", "fastapi",
)  # fmt: skip


def refused(*anything: object, **options: object) -> None:
    raise RuntimeError("there is no such thing in a browser tab")


def become_a_tab(*, hosted: bool = False) -> None:
    """Before the course is imported; `hosted` as on the site that loads what is compiled."""
    sysconfig.get_config_vars()  # read from a file that belongs to the real platform
    sys.platform = "emscripten"
    for name in (*NOWHERE, *(() if hosted else COMPILED)):
        sys.modules[name] = None  # type: ignore[assignment]
    threading.Thread.start = refused  # type: ignore[assignment, method-assign]
    subprocess.Popen.__init__ = refused  # type: ignore[assignment, method-assign]
    socket.create_server = refused  # type: ignore[assignment]
    socket.socket.bind = socket.socket.connect = refused  # type: ignore[assignment, method-assign]


def run(coroutine: object) -> None:
    """As a cell of a notebook: on the one loop there is."""
    asyncio.run(coroutine)  # type: ignore[arg-type]


loop = asyncio.new_event_loop()  # it has sockets of its own, made before they are gone
asyncio.set_event_loop(loop)
