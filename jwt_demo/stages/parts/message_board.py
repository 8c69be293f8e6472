"""A page where anybody writes something that everybody reads: the place where cross-site scripting happens, or does not."""

from __future__ import annotations

from aiohttp import web

from ...escaping import escaped as escape
from .request_body import read_fields

MESSAGES: web.AppKey[list[str]] = web.AppKey("MESSAGES", list)
MOST_MESSAGES = 100  # kept; anybody may write

# What escaping overlooks, this stops: no script but that of our own files, nothing sent anywhere else, in no frame (CSP Level 3).
POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Board</title>
<h1>Board</h1>
<form id="login" action="{login}" method="post">
<label>E-mail <input name="email" value="user@email.com"></label>
<label>Password <input name="password" type="password"></label>
<button>Log in</button> <output id="state" aria-live="polite"></output>
</form>
<ul id="messages">{messages}</ul>
<script src="/board.js"></script>
</html>
"""

# Logs in by fetch. A token in the response goes where tutorials put it; a response without one has left it in a cookie.
SCRIPT = """
const form = document.getElementById("login");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const response = await fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))});
  const said = await response.json();
  if (said.token) localStorage.setItem("token", said.token);
  document.getElementById("state").textContent = response.ok ? "logged in" : said.message;
});
"""


async def show_board(request: web.Request) -> web.Response:
    messages = "".join(f"<li>{message}</li>" for message in request.app[MESSAGES])
    return web.Response(
        text=PAGE.format(login="/login", messages=messages), content_type="text/html"
    )


async def show_escaped_board(request: web.Request) -> web.Response:
    messages = "".join(f"<li>{escape(message)}</li>" for message in request.app[MESSAGES])
    text = PAGE.format(login="/session", messages=messages)
    return web.Response(
        text=text,
        content_type="text/html",
        headers={"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"},
    )


async def write(request: web.Request) -> web.Response:
    (message,) = await read_fields(request, "message")
    del request.app[MESSAGES][: -MOST_MESSAGES + 1]
    request.app[MESSAGES].append(message)
    return web.json_response({"messages": len(request.app[MESSAGES])}, status=201)


async def script(request: web.Request) -> web.Response:
    return web.Response(text=SCRIPT, content_type="text/javascript")


def add_board(app: web.Application, *, escaped: bool) -> None:
    """GET /board and POST /board; escaped, or as a page looks whose author did not think of it."""
    app[MESSAGES] = []
    app.router.add_get("/board", show_escaped_board if escaped else show_board)
    app.router.add_get("/board.js", script)
    app.router.add_post("/board", write)
