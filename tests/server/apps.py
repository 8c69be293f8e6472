"""What tests of a server share: applications of one handler, a client that is not ours, a wait for threads to end."""

import asyncio
import linecache
import sys
import threading
import time
import urllib.error
import urllib.request

from aiohttp import web

SHORT = 0.3  # seconds a request may take where it is meant to run out


def app_of(handler, *middlewares, method="GET", path="/"):
    app = web.Application(middlewares=middlewares)
    app.router.add_route(method, path, handler)
    return app


def saying(text):
    async def say(request):
        return web.Response(text=text)

    return app_of(say)


async def hello(request):
    return web.Response(text="hello")


def ask(url, path="/"):
    """A client that is none of ours, blocking, as a terminal's or a browser's is."""
    try:
        with urllib.request.urlopen(url + path, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def function(body):
    """A handler from source, so that each row of the table can show its whole code."""
    scope = {
        "web": web,
        "asyncio": asyncio,
        "sys": sys,
        "time": time,
        "Gone": type("Gone", (BaseException,), {}),
    }
    linecache.cache["<cell>"] = (
        len(body),
        None,
        body.splitlines(keepends=True),
        "<cell>",
    )  # as IPython does for a cell
    exec(compile(body, "<cell>", "exec"), scope)
    return scope["handler"]


async def settles_at(count):
    """Wait, bounded, until no more than `count` threads live; threads end on their own, a moment after they are told."""
    for _ in range(500):
        if threading.active_count() <= count:
            return True
        await asyncio.sleep(0.01)
    return False
