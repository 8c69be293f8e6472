"""A server in a process of its own, and one client on one connection that is kept open."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

EMAIL, PASSWORD = "user@email.com", "password"


class Client:
    """Logged in; `get_user()` is the request that is measured."""

    def __init__(self, url: str):
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self.headers: dict[str, str] = {}

    def log_in(self) -> None:
        """As JSON, or as a form where a server wants one; every framework has its own name for the token."""
        fields = {"email": EMAIL, "password": PASSWORD}
        for body, kind in (
            (json.dumps(fields), "application/json"),
            (urlencode(fields), "application/x-www-form-urlencoded"),
        ):
            status, answer = self.ask("POST", "/login", body, {"Content-Type": kind})
            if status == 200:
                answer = json.loads(answer)
                self.headers = {
                    "Authorization": "Bearer "
                    + next(
                        answer[name]
                        for name in ("token", "access_token", "access")
                        if name in answer
                    )
                }
                return
        raise RuntimeError(f"no login: {status} {answer!r}")

    def get_user(self) -> None:
        status, answer = self.ask("GET", "/get-user", None, self.headers)
        if status != 200 or EMAIL.encode() not in answer:
            raise RuntimeError(f"/get-user: {status} {answer!r}")

    def ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read()


@contextlib.contextmanager
def logged_in(name: str) -> Iterator[Client]:
    """A client of a server of `servers.py` that is started for it, and ended by its process id."""
    with running(name) as url:
        client = Client(url)
        try:
            client.log_in()
            yield client
        finally:
            client.connection.close()


@contextlib.contextmanager
def running(name: str) -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).with_name("servers.py")), name]
    process = subprocess.Popen(
        command,
        env={**os.environ, "JWT_SECRET": secrets.token_urlsafe(32)},
        stderr=subprocess.PIPE,
        text=True,
    )
    watchdog = threading.Timer(600, process.kill)
    watchdog.start()
    try:
        said = ""
        for line in process.stderr:
            said += line
            if found := re.search(r"(http://127\.0\.0\.1:\d+)", line):
                break
        else:
            raise RuntimeError(f"{name} did not start:\n{said}")
        threading.Thread(target=process.stderr.read, daemon=True).start()
        yield found[1]
    finally:
        watchdog.cancel()
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def latencies(client: Client, duration: float) -> list[float]:
    """Seconds of each request, one after the other with a pause of a millisecond, for `duration` seconds; sorted."""
    taken, end = [], time.perf_counter() + duration
    while time.perf_counter() < end:
        started = time.perf_counter()
        client.get_user()
        taken.append(time.perf_counter() - started)
        time.sleep(0.001)
    return sorted(taken)


def log_in_again_and_again(url: str, end: float) -> None:
    """Somebody else, who says a word after the first login."""
    client = Client(url)
    client.log_in()
    print("in", flush=True)
    while time.perf_counter() < end:
        client.log_in()


if __name__ == "__main__":
    log_in_again_and_again(sys.argv[1], time.perf_counter() + 60)
