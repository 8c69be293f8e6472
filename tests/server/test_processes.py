"""The article's own commands, typed as it prints them: gunicorn with --reload, and httpie with `-f post` and `authorization:`."""

import contextlib
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import jwt
import pytest

from jwt_demo.server.processes import run, start
from jwt_demo.stages import login
from tests.support.thorough import some_always

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
KEY = "a key for these tests alone, of more than 32 bytes"


@contextlib.contextmanager
def gunicorn(home, app, **environment):
    """`gunicorn APP --bind localhost:0 --worker-class aiohttp.worker.GunicornWebWorker --reload`; gives its port and the process's words."""
    environment = {
        **os.environ,
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(home)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        **environment,
    }
    command = [
        BIN / "gunicorn",
        app,
        "--bind",
        "localhost:0",
        "--worker-class",
        "aiohttp.worker.GunicornWebWorker",
        "--reload",
    ]
    process = subprocess.Popen(
        command,
        cwd=home,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    watchdog = threading.Timer(120, os.killpg, (process.pid, signal.SIGKILL))
    watchdog.start()
    try:
        yield process, Words(process.stderr)
    finally:
        watchdog.cancel()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        process.stderr.close()


class Words:
    """What a program says on stderr, waited for word by word."""

    def __init__(self, stream):
        self.stream = stream
        self.said = ""

    def until(self, pattern):
        """Read on until a line matches; an end of the stream instead is a failure that shows all that was said."""
        for line in self.stream:
            self.said += line
            if found := re.search(pattern, line):
                return found
        pytest.fail(f"{pattern} was never said:\n{self.said}")

    def port(self):
        port = self.until(r"Listening at: http://127\.0\.0\.1:(\d+)")[1]
        self.until("Booting worker")
        return port


def http(home, *arguments):
    """httpie with a terminal for its input, as the article's reader has one; its status line and body."""
    master, slave = pty.openpty()
    try:
        done = subprocess.run(
            [BIN / "http", "--print=hb", "--timeout=30", *arguments], stdin=slave, capture_output=True, text=True, timeout=60,
            env={**os.environ, "HTTPIE_CONFIG_DIR": str(home), "NO_PROXY": "*"}, check=False,
        )  # fmt: skip
    finally:
        os.close(master)
        os.close(slave)
    assert not done.stderr, done.stderr
    return done.stdout


LOGIN = ["email=user@email.com", "password=password"]


@pytest.mark.parametrize(
    "stage", some_always(["login", "middleware", "decorator"], lambda stage: stage == "login")
)
def test_the_articles_login_command_works(tmp_path, stage):
    """`http -f post localhost:8080/login email=… password=…` shows a token, at every stage from step 2 on."""
    with gunicorn(tmp_path, f"jwt_demo.stages.{stage}:app", JWT_SECRET=KEY) as (_, words):
        answer = http(tmp_path, "-f", "post", f"localhost:{words.port()}/login", *LOGIN)

    assert answer.startswith("HTTP/1.1 200 OK")
    assert "application/json" in answer
    assert (
        jwt.decode(re.search(r'"token": ?"([\w.-]+)"', answer)[1], KEY, algorithms=["HS256"])["sub"]
        == "1"
    )


def test_the_articles_second_command_works_with_the_word_bearer_in_it(tmp_path):
    """`http localhost:8080/get-user authorization:"Bearer <token>"`; without the word, as the article had it, it is rejected."""
    with gunicorn(tmp_path, "jwt_demo.stages.decorator:app", JWT_SECRET=KEY) as (_, words):
        port = words.port()
        token = re.search(
            r'"token": ?"([\w.-]+)"',
            http(tmp_path, "-f", "post", f"localhost:{port}/login", *LOGIN),
        )[1]
        good = http(tmp_path, f"localhost:{port}/get-user", f"authorization:Bearer {token}")
        raw = http(tmp_path, f"localhost:{port}/get-user", f"authorization:{token}")

    assert good.startswith("HTTP/1.1 200 OK")
    assert "User id=1: <user@email.com, is_admin=False>" in good
    assert raw.startswith("HTTP/1.1 401 Unauthorized")
    assert token not in raw


def test_the_articles_server_under_the_articles_commands(tmp_path):
    """`http localhost:8080/get-user authorization:<token>` lets in; the login that should give the token is a 500."""
    token = signed_as_the_article_did()
    with gunicorn(tmp_path, "jwt_demo.stages.article:app") as (_, words):
        port = words.port()
        good = http(tmp_path, f"localhost:{port}/get-user", f"authorization:{token}")
        bearer = http(tmp_path, f"localhost:{port}/get-user", f"authorization:Bearer {token}")
        login = http(tmp_path, "-f", "post", f"localhost:{port}/login", *LOGIN)

    assert good.startswith("HTTP/1.1 200 OK")
    assert "User id=1: <user@email.com, is_admin=False>" in good
    assert "text/json" in good
    assert bearer.startswith("HTTP/1.1 400 Bad Request")
    assert login.startswith("HTTP/1.1 500 Internal Server Error")


def signed_as_the_article_did():
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        return jwt.encode({"user_id": 1, "exp": int(time.time()) + 60}, "secret", algorithm="HS256")


def test_reload_takes_up_a_change(tmp_path):
    """The article's `web:app` with --reload: the file is changed, the next answer is the new one."""
    web = tmp_path / "web.py"
    text = "from aiohttp import web\nfrom jwt_demo.stages.login import make_app\n\nasync def hello(request):\n    return web.Response(text='{}')\n\napp = make_app()\napp.router.add_get('/', hello)\n"
    web.write_text(text.format("old"))
    with gunicorn(tmp_path, "web:app", JWT_SECRET=KEY) as (_, words):
        port = words.port()
        assert http(tmp_path, f"localhost:{port}/").endswith("\nold")
        with saved_again_and_again(web, text.format("new")):
            words.until("Worker reloading")
        words.until("Booting worker")
        assert http(tmp_path, f"localhost:{port}/").endswith("\nnew")


@contextlib.contextmanager
def saved_again_and_again(file, text):
    """gunicorn looks once a second and does not see what changed before its first look, so an editor's one save may be too early."""
    done = threading.Event()

    def save():
        while not done.wait(0.5):
            file.write_text(text)

    saving = threading.Thread(target=save)
    saving.start()
    try:
        yield
    finally:
        done.set()
        saving.join()


def test_without_a_secret_a_worker_says_that_its_key_is_random(tmp_path):
    """Tokens end with the process, and the log says so."""
    with gunicorn(tmp_path, "jwt_demo.stages.login:app") as (_, words):
        words.port()
        words.until("JWT_SECRET is not set: a random key was made")


def test_a_short_secret_stops_gunicorn_with_a_message(tmp_path):
    """Refused at the start: how long it is, how long it must be, how to make one; nothing is served."""
    with gunicorn(tmp_path, "jwt_demo.stages.decorator:app", JWT_SECRET="secret") as (_, words):
        words.until(r"JWT_SECRET has 6 bytes, HS256 needs at least 32\. Make a key: python -c")


@pytest.mark.parametrize("scheme", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_no_proxy_sees_what_a_lesson_sends(scheme, monkeypatch, serving, users):
    """With a proxy in the environment the lesson's `http` talks to the server all the same; the proxy is never asked."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        threading.Thread(target=take_calls, args=(proxy, asked), daemon=True).start()
        monkeypatch.setenv(scheme, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        server = await serving(login.make_app(users=users))
        printed = await run(f"http -f post {server.url}/login {' '.join(LOGIN)}", limit=60)
        by_name = await run(
            f"http -f post {server.url.replace('127.0.0.1', 'localhost')}/login {' '.join(LOGIN)}",
            limit=60,
        )

    assert "200 OK" in printed.output
    assert "200 OK" in by_name.output
    assert asked == []


def take_calls(listener, asked):
    with contextlib.suppress(OSError):
        while True:
            connection, address = listener.accept()
            asked.append(address)
            connection.close()


async def test_stop_ends_gunicorn_and_its_worker():
    """It ends in good order, and nobody listens any more."""
    worker = "--worker-class aiohttp.worker.GunicornWebWorker --reload"
    command = f"gunicorn jwt_demo.stages.login:app --bind localhost:0 {worker}"
    server = await start(command, until="Booting worker", limit=60)
    port = int(server.address.rpartition(":")[2])
    assert "HTTP/1.1 4" in (await run(f"http {server.address}/login")).output  # the worker is up

    await server.stop()

    assert server.process.returncode == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("localhost", port), timeout=5)
