"""`make gallery`: every kind of output as JupyterLab shows it, light and dark, as pictures and one page in dist/gallery."""

from __future__ import annotations

import asyncio
import html
import shutil
import sys
import tempfile
from pathlib import Path

from tests.browser.lab import Lab, running_lab

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "dist" / "gallery"
THEMES = ("JupyterLab Light", "JupyterLab Dark")

START = """import asyncio, time
import jwt
from aiohttp import web
from jwt_demo import *
from jwt_demo.display.show import bundle
from jwt_demo.stages import decorator
from jwt_demo.stages.login import claims_for
key = "a key for this page alone, of more than 32 bytes"
server = await serve(decorator.make_app(key=key))
right = {"email": "user@email.com", "password": "password"}
exchange = await server.post("/login", data=right)
token = exchange.json()["token"]
bad = token[:-4] + "AAAA"
expired = jwt.encode({"sub": "1", "exp": int(time.time()) - 60}, key)
def bearer(text):
    return {"Authorization": f"Bearer {text}"}"""

KINDS = {  # the code of a cell, by what it shows
    "a good token": "show(token, key)",
    "a token that is not accepted": "show(expired, key)",
    "what was signed": "show(token, key, signing_input=True)",
    "what is no token": "show('Bearer ' + token)",
    "an exchange": "exchange",
    "an exchange that failed": 'await server.get("/get-user", headers=bearer(bad))',
    "exchanges as a sequence": "server.exchanges",
    "a server": "server",
    "source": "show_source(claims_for)",
    "source around a line": 'show_source(decorator.login_required, around="401")',
    "outcomes": """login = {"method": "POST", "path": "/login", "data": {"email": "user@email.com"}}
await outcomes(server, {"good token": (token, 200), "changed token": (bad, 401), "expired token": (expired, 401),
    "no token": (None, 401), "accepted by mistake": (token, 401), "no password": (login, 400)})""",
    "outcomes without expectations": 'await outcomes(server, {"nobody": None, "user": token}, path="/")',
    "a figure: sequence": 'figure("00-story")',
    "a figure: flow": 'figure("05-family")',
    "a question": 'quiz("encoded")',
    "a wrong answer": 'quiz("encoded").answer("a")',
    "a right answer": 'quiz("encoded").answer("b")',
    "not attempted": """async def login(request):
    ...
await check(login, exercise="02-login")""",
    "incorrect": """async def login(request):
    return web.json_response({"token": "abc"})
await check(login, exercise="02-login")""",
    "your code raised": """async def login(request):
    return request.app["no such key"]
await check(login, exercise="02-login")""",
    "a hint": 'hint("02-login")',
    "a solution": 'solution("02-login"); solution("02-login")',
    "progress of a step": 'progress("02")',
    "progress of the course": "progress()",
    "a report of the probes": """from jwt_demo.probes.model import Result
from jwt_demo.probes.report import Report
report = await probe(server, secret=key, only=["good-token", "alg-none", "respelled", "header-jwk"])
Report([*list(report)[:3], Result(report["alg-none"].probe, "broken", "200, accepted", severity="hole"),
    Result(report["header-jwk"].probe, "not run", "no key of another kind is known")])""",
    "the result of the exam": """from jwt_demo.probes.exam import exam
await exam(server, secret=key)""",
    "the diagnosis of the machine": """from jwt_demo.course.doctor import Answer, Diagnosis
Diagnosis([Answer(True, "Python 3.10 or newer"), Answer(False, "aiohttp 3.14.4 or newer", "3.9", "python -m pip install 'aiohttp>=3.14.4'"),
    Answer(False, "redis 5.0.1 or newer, for a later step", "none", "python -m pip install 'redis>=5.0.1'", optional=True)])""",
    "the inspector": "inspector(token, key)",
    "a traceback": "jwt.decode('abc', key, algorithms=['HS256'])",  # the last one: no cell is run after it
}  # fmt: skip


async def take(folder: Path) -> None:
    """A picture of each cell's output in each theme."""
    (folder / "course").mkdir()
    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if chromium is None:
        sys.exit("No Chromium found: it draws the pictures.")
    async with running_lab(folder / "course", chromium, folder / "home") as lab:
        await lab.page.set_viewport_size({"width": 1280, "height": 2000})
        await lab.run_cells("gallery.ipynb", START, *KINDS.values())
        await lab.page.wait_for_selector(".jd-inspector[data-answered]")
        for theme in THEMES:
            await lab.theme(theme)
            await photograph(lab, theme)
        await lab.close()


async def photograph(lab: Lab, theme: str) -> None:
    cells = lab.page.locator(".jp-Notebook .jp-Cell")
    for place, kind in enumerate(KINDS, start=1):
        await (
            cells.nth(place)
            .locator(".jp-Cell-outputWrapper")
            .screenshot(path=TARGET / picture(kind, theme))
        )


def picture(kind: str, theme: str) -> str:
    return f"{kind.replace(' ', '-').replace(':', '').replace(',', '')}-{theme.split()[-1].lower()}.png"


def page() -> str:
    rows = "".join(
        f"<h2>{html.escape(kind)}</h2><pre>{html.escape(code)}</pre><div>"
        + "".join(
            f'<img src="{picture(kind, theme)}" alt="{html.escape(kind)}, {theme}">'
            for theme in THEMES
        )
        + "</div>"
        for kind, code in KINDS.items()
    )
    style = "body{font-family:system-ui;margin:1rem}div{display:flex;flex-wrap:wrap;gap:1rem}img{max-width:48%;border:1px solid #999}"
    return f"<!doctype html><meta charset=utf-8><title>Gallery</title><style>{style}</style><h1>Every kind of output</h1>{rows}"


def main() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(take(Path(folder)))
    (TARGET / "index.html").write_text(page(), "utf-8")
    print(f"{len(KINDS)} kinds of output in two themes: {TARGET / 'index.html'}")


if __name__ == "__main__":
    main()
