"""What a reader waits for and what a kernel weighs: imports, the course, memory."""

from __future__ import annotations

import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from jupyter_client.manager import start_new_kernel
from measuring import Result, ratio, taking_turns

ROOT = Path(__file__).resolve().parents[1]
FIRST_TOKEN = """
import time, jwt
import jwt_demo
from jwt_demo.stages import login
from jwt_demo.stages.parts.secret_key import new_key
claims = {"sub": "1", "iat": int(time.time()), "exp": int(time.time()) + 300}
print(jwt_demo.Token.parse(jwt.encode(claims, new_key(), algorithm="HS256")).claims)
"""


def first_token(quick: bool) -> list[Result]:
    """A fresh process that imports jwt_demo and a stage, makes a token and takes it apart, against one that imports aiohttp and PyJWT."""
    ways = {"first token": process(FIRST_TOKEN), "imports": process("import aiohttp.web, jwt")}
    measured = taking_turns(ways, rounds=3 if quick else 11)
    return [
        Result(
            "start",
            "import jwt_demo and a first token",
            "import aiohttp.web, jwt",
            ratio(measured, "first token", "imports"),
            aim=1.5,
        )
    ]


def process(code: str) -> Callable[[], float]:
    def run() -> float:
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )
        return time.perf_counter() - started

    return run


def course(quick: bool) -> list[Result]:
    """All notebooks under nbval against as many notebooks of one cell of imports: kernel starts alone. The package is compiled, as
    it is on a reader's machine from the second lesson on.
    """
    compileall.compile_dir(ROOT / "jwt_demo", quiet=2)
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))[: 3 if quick else None]
    with tempfile.TemporaryDirectory() as folder:
        empty = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell("import aiohttp.web, jwt", id="only")]
        )
        for notebook in notebooks:
            nbformat.write(empty, Path(folder, notebook.name))
        started = time.perf_counter()
        nbval([str(path) for path in sorted(Path(folder).glob("*.ipynb"))])
        alone = time.perf_counter() - started
    started = time.perf_counter()
    passed = nbval([str(path) for path in notebooks])
    whole = time.perf_counter() - started
    note = f"{len(notebooks)} notebooks" + ("" if passed else ", not all of them passed")
    return [
        Result(
            "course",
            "the course under nbval",
            "kernel starts alone",
            whole / alone,
            aim=2.0,
            note=note,
        )
    ]


def nbval(paths: list[str]) -> bool:
    options = [
        "--nbval",
        "--nbval-current-env",
        "--nbval-sanitize-with",
        "tests/notebooks/nbval_sanitize.cfg",
        "--nbval-cell-timeout",
        "60",
        "--quiet",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *paths],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=900,
    )
    return done.returncode == 0


SHOWN = """
import jwt, time
from jwt_demo import Token, serve, show
from jwt_demo.stages import decorator
from jwt_demo.stages.parts.secret_key import new_key
from jwt_demo.stages.parts.users import Users
key = new_key()
server = await serve(decorator.make_app(key=key, users=Users()))
token = jwt.encode({"sub": "1", "exp": int(time.time()) + 300}, key, algorithm="HS256")
exchange = await server.get("/get-user", headers={"Authorization": f"Bearer {token}"})
show(Token.parse(token), key=key)
"""
LOGGED_IN = """
from jwt_demo import Token, serve, show
from jwt_demo.stages import login
from jwt_demo.stages.parts.secret_key import new_key
server = await serve(login.make_app(key=new_key()))
exchange = await server.post("/login", data={"email": "user@email.com", "password": "password"})
show(Token.parse(exchange.json()["token"]))
"""
WEIGH = "import gc, psutil; gc.collect(); print(psutil.Process().memory_full_info().uss)"


def memory(quick: bool) -> list[Result]:
    """A kernel with a server, an exchange and a token shown, and the same after a login, against one that imports aiohttp and PyJWT."""
    kernels = {"imports": "import aiohttp.web, jwt", "shown": SHOWN, "logged in": LOGGED_IN}
    weights: dict[str, list[int]] = {name: [] for name in kernels}
    for _ in range(1 if quick else 3):
        for name, code in kernels.items():
            weights[name].append(kernel_weight(code))
    alone, shown, logged_in = (statistics.median(weights[name]) for name in kernels)
    baseline = "a kernel with aiohttp and PyJWT"
    why = "; Argon2's 7 MiB stay with the allocator for the next login"
    return [
        Result(
            "memory",
            "a kernel: server, exchange, token shown",
            baseline,
            shown / alone,
            aim=1 + 10 * 2**20 / alone,
            note=mebibytes(shown - alone),
        ),
        Result(
            "memory",
            "a kernel: the same and one login",
            baseline,
            logged_in / alone,
            aim=1 + 10 * 2**20 / alone,
            note=mebibytes(logged_in - alone) + why,
        ),
    ]


def mebibytes(more: float) -> str:
    return f"{more / 2**20:+.1f} MiB, aim +10"


def kernel_weight(code: str) -> int:
    """The kernel's own memory in bytes after `code` (unique set size)."""
    said: list[str] = []
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    manager, client = start_new_kernel(kernel_name="python3", env=environment)
    try:
        for source in (code, WEIGH):
            reply = client.execute_interactive(
                source,
                timeout=60,
                output_hook=lambda message: said.append(message["content"].get("text", "")),
            )
            if reply["content"]["status"] != "ok":
                raise RuntimeError(f"{source}\n{reply['content'].get('evalue')}")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return int(said[-1] or said[-2])
