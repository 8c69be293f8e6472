"""The examples of docs/probing.md, each from an empty folder: each ends as the page says. `make holes` runs them whole."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import secrets
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwt_demo.frameworks import FRAMEWORKS
from tests.support.services import ROOT, missing

PAGE = (ROOT / "docs" / "probing.md").read_text("utf-8")
SERVERS = Path(__file__).parent / "example_servers"
FILES = {"FastAPI": ["main.py"], "Flask": ["app.py"], "Django": ["settings.py", "urls.py"]}
TESTS = {"FastAPI": "test_tokens.py", "Flask": "test_tokens.py", "Django": "tests.py"}
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
COMMANDS = {"FastAPI": PYTEST, "Flask": PYTEST, "Django": [sys.executable, "-m", "django", "test"]}


whole = pytest.mark.skipif("ALL_HOLES" not in os.environ, reason="ten seconds each: make holes")


def blocks(framework: str, language: str) -> list[str]:
    """The blocks of one language in the section of a framework."""
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    text = next(part for part in section if part.startswith(f"{framework}\n"))
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """What the reader has: the server, the baseline and the test of the page, and the server's key."""
    absent = [
        name for name in (*FRAMEWORKS.values(), "uvicorn") if not importlib.util.find_spec(name)
    ]
    if absent:
        missing("REQUIRE_FRAMEWORKS", f"not installed: {', '.join(absent)}")
    framework = request.getfixturevalue("framework")
    for name in FILES[framework]:
        shutil.copy(SERVERS / name, tmp_path)
    for text in blocks(framework, "python"):
        name = text.partition("\n")[0].removeprefix("# ")
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "key.txt").write_text(secrets.token_hex(32), "ascii")
    for text in blocks(framework, "toml"):
        (tmp_path / "baseline.toml").write_text(text, "utf-8")
    return tmp_path


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, timeout=120
    )


@pytest.mark.thorough
@pytest.mark.parametrize("framework", TESTS)
def test_the_test_ends_as_the_page_says(framework: str, folder: Path) -> None:
    """Without its baseline it fails with the findings that the page accepts, and with no others; a few probes are enough for that."""
    baseline, test = folder / "baseline.toml", folder / TESTS[framework]
    tables = baseline.read_text("utf-8") if baseline.exists() else ""
    accepted = re.findall(r"^\[(.+)\]", tables, re.MULTILINE)
    only = f"only={['login', 'alg-none', 'expired', *accepted]!r}"
    text = test.read_text("utf-8")
    text = text.replace('baseline="baseline.toml"', only).replace(
        "secret=SECRET_KEY", f"secret=SECRET_KEY, {only}"
    )
    assert only in text
    test.write_text(text, "utf-8")
    ended = run(COMMANDS[framework], folder)
    found = re.search(r"AssertionError: (\d+) findings", said := ended.stdout + ended.stderr)
    if framework == "Django" and sys.version_info >= (3, 13):
        accepted.remove("lying-body")  # a crash on 3.11 and 3.10; on 3.13 it answers 400
    assert int(found[1] if found else 0) == len(accepted), said
    assert (ended.returncode == 0) == (not accepted), said


@whole
@pytest.mark.parametrize("framework", TESTS)
def test_the_test_passes(framework: str, folder: Path) -> None:
    """As it is written, with the accepted findings that the page shows."""
    ended = run(COMMANDS[framework], folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@whole
@pytest.mark.parametrize("framework", ["FastAPI", "Flask"])
def test_the_commands_run(framework: str, folder: Path) -> None:
    """The server's command and the probe's, on a free port; three probes show that the options and the key are right."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = re.sub(r"\b(5000|8000)\b", str(port), blocks(framework, "sh")[0].replace("\\\n", " "))
    start, attack = (shlex.split(part) for part in text.split("&\n"))
    some = [word for name in ("login", "alg-none", "expired") for word in ("--only", name)]
    with serving(start, folder, port):
        ended = run([*attack, *some], folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "3 held" in ended.stdout


@contextlib.contextmanager
def serving(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            until = time.monotonic() + 30
            while not listens(port):
                assert process.poll() is None, "the server ended"
                assert time.monotonic() < until, "the server does not listen"
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


def listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def environment(folder: Path) -> dict[str, str]:
    """A shell in that folder, with what is installed here."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {
        **os.environ,
        "PATH": path,
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "settings",
    }
