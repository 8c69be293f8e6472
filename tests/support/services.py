"""Other processes that tests talk to: gunicorn with real workers, redis-server. Each says itself when it is ready, nothing is polled."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

import pytest

from jwt_demo.grading.kernel_ports import quiet_ports

ROOT = Path(__file__).parents[2]


def missing(variable: str, message: str) -> str:
    """Skip a test, and say why; fail it where the environment says that nothing may be missing."""
    if os.environ.get(variable):
        pytest.fail(f"{variable} is set: {message}")
    pytest.skip(message)


@dataclass
class Gunicorn:
    """A running gunicorn; `log` is the file its access lines, errors and warnings go to."""

    url: str
    log: Path
    pid: int  # of the process that starts the workers

    def served(self) -> Counter:
        """How many requests each worker answered, by process id."""
        return Counter(re.findall(r"^worker <(\d+)> ", self.log.read_text(), re.MULTILINE))

    def wait_for(self, workers: int) -> None:
        """Ask until each worker has responded: gunicorn says "Booting worker" before that worker listens."""
        deadline = time.monotonic() + 60
        while len(self.served()) < workers:
            if time.monotonic() > deadline:
                raise RuntimeError(f"of {workers} workers these respond: {dict(self.served())}")
            place = self.url.removeprefix("http://")
            waiting = [HTTPConnection(place, timeout=30) for _ in range(20)]  # for either to take
            for connection in waiting:
                connection.request("GET", "/", headers={"Connection": "close"})
            for connection in waiting:
                connection.getresponse().read()
                connection.close()


@contextlib.contextmanager
def gunicorn(
    stage: str, directory: Path, *, workers: int = 2, **environment: str
) -> Iterator[Gunicorn]:
    """A stage of the course under gunicorn, as its docstring says to start it, on a free port."""
    log = directory / f"{stage}.log"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        f"jwt_demo.stages.{stage}:app",
        "--workers",
        str(workers),
        "--bind",
        "127.0.0.1:0",
    ]
    command += [
        "--worker-class",
        "aiohttp.worker.GunicornWebWorker",
        "--no-control-socket",
        "--graceful-timeout",
        "2",
    ]
    command += ["--access-logfile", str(log), "--access-logformat", "worker %P %s %r"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    with log.open("a") as errors:
        process = subprocess.Popen(
            command,
            stdout=errors,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=directory,
            text=True,
        )
        try:
            said, booted = "", 0
            while booted < workers:
                line = process.stderr.readline()
                said += line
                booted = said.count("Booting worker")
                if not line:
                    raise RuntimeError(f"gunicorn did not start:\n{said}")
            url = re.search(r"Listening at: (http://127\.0\.0\.1:\d+)", said)[1]
            with drained(process, process.stderr, log):
                server = Gunicorn(url, log, process.pid)
                server.wait_for(workers)
                yield server
        finally:
            process.terminate()
            process.wait(timeout=30)
            process.stderr.close()


@contextlib.contextmanager
def redis(program: str, directory: Path, *, port: int | None = None) -> Iterator[str]:
    """redis-server on a free port, with what it knows kept in `directory`; gives its address."""
    port = port or free_port()
    command = [
        program,
        "--bind",
        "127.0.0.1",
        "--port",
        str(port),
        "--dir",
        str(directory),
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        said = ""
        for line in process.stdout:
            said += line
            if "Ready to accept connections" in line:
                break
        else:
            raise RuntimeError(f"redis-server did not start:\n{said}")
        with drained(process, process.stdout, Path(os.devnull)):
            yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


@contextlib.contextmanager
def drained(process: subprocess.Popen, stream: IO[str], into: Path) -> Iterator[None]:
    """What a process goes on saying is written down, so that its pipe never fills up; at the end the process is stopped and its last word read."""

    def drain() -> None:
        with into.open("a") as file:
            for line in stream:
                file.write(line)
                file.flush()

    thread = threading.Thread(target=drain, daemon=True)
    thread.start()
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
        thread.join(timeout=30)


def free_port() -> int:
    return quiet_ports(1)[0]
