"""`jwt-demo probe` as a program of its own: what it prints where, and the status it ends with."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys

import pytest

from tests.probes.holes.answers import waits
from tests.probes.holes.base import expired, instead, running
from tests.probes.holes.steps import nothing, verifying
from tests.support.signals import hears_ctrl_c

ENVIRONMENT = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}


async def started(*arguments: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-m", "jwt_demo", "probe", *arguments]
    return await asyncio.create_subprocess_exec(
        *command,
        stdout=pipe,
        stderr=pipe,
        env=ENVIRONMENT,
        preexec_fn=None if sys.platform == "win32" else hears_ctrl_c,
    )


async def ran(*arguments: str) -> tuple[int, str, str]:
    """Status, standard output, standard error."""
    process = await started(*arguments)
    out, err = await process.communicate()
    return process.returncode, out.decode("utf-8"), err.decode("utf-8")


@pytest.fixture
def secret_file(lab, tmp_path):
    path = tmp_path / "secret"
    path.write_text(f"{lab.key}\n", encoding="utf-8")
    return str(path)


async def test_a_server_that_holds_ends_with_0(lab, secret_file):
    """The report on standard output, nothing on standard error where no terminal is there to see a bar."""
    async with running(lab.complete()) as url:
        status, out, err = await ran(
            url, "--secret-file", secret_file, "--only", "expired", "--only", "alg-none"
        )
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        "✓ held     alg-none  401 invalid_token",
        "✓ held     expired   401 invalid_token",
        "",
        "✓ 2 held",
    ]


async def test_a_server_that_does_not_hold_ends_with_1(lab, secret_file):
    """JSON has what interface and scripts rely on, and nothing else stands around it."""
    async with running(verifying(expiry=nothing)(lab)) as url:
        status, out, err = await ran(
            url,
            "--secret-file",
            secret_file,
            "--only",
            "expired",
            "--only",
            "jwks-public",
            "--json",
        )
    report = json.loads(out)
    assert (status, err) == (1, "")
    assert set(report) == {"probes", "summary"}
    assert report["summary"] == {"held": 0, "broken": 1, "not run": 1}
    broken = next(row for row in report["probes"] if row["verdict"] == "broken")
    assert (broken["name"], broken["got"], broken["expected"]) == (
        "expired",
        "expired a day ago: 200, accepted",
        "401 invalid_token",
    )


async def test_without_a_secret_the_status_speaks_of_what_was_run(lab):
    """What was not run is no fault of the server."""
    async with running(lab.complete()) as url:
        status, out, _ = await ran(url, "--only", "expired", "--only", "alg-none")
    assert status == 0
    assert "○ not run  the secret was not given:\n           expired" in out


BAD = {
    "not this machine": ("http://203.0.113.7:8080",),
    "no address": ("ftp://localhost",),
    "Nobody listens": ("http://127.0.0.1:1",),
    "No probe is called": ("http://127.0.0.1:1", "--only", "none"),
    "No such file": ("http://127.0.0.1:1", "--secret-file", "no-such-file"),
}


@pytest.mark.parametrize(("message", "arguments"), BAD.items(), ids=BAD)
async def test_what_cannot_be_run_ends_with_2(message, arguments):
    """One line on standard error, and no traceback."""
    status, out, err = await ran(*arguments)
    assert (status, out) == (2, ""), err
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="a Ctrl-C can't be sent to one process there")
async def test_ctrl_c_prints_what_is_known_so_far(lab, secret_file):
    """A run that was interrupted shows the verdicts it has, and says of the rest that it was not run."""
    reached = asyncio.Event()

    async def stuck(request, handler):
        reached.set()
        return await waits(request, handler)

    async with running(instead(expired, stuck)(lab)) as url:
        process = await started(url, "--secret-file", secret_file, "--limit", "60")
        await reached.wait()
        process.send_signal(signal.SIGINT)
        out, err = await process.communicate()
    text = out.decode("utf-8")
    assert "✓ held     alg-none" in text
    assert "○ not run  interrupted before it was run:" in text
    assert "Interrupted" in err.decode("utf-8")
    assert "Traceback" not in err.decode("utf-8")
    assert process.returncode == 2


async def test_the_number_of_logins_is_told_before_they_are_made(lab):
    """And that `login-limit` goes on after the 429 which ends all the others."""
    async with running(lab.complete()) as url:
        _, _, first_ends_it = await ran(url, "--only", "login")
        _, _, to_the_limit = await ran(url, "--only", "login-limit")
    assert "The first 429 ends them." in first_ends_it
    assert "Up to 206 login attempts follow" in to_the_limit
    assert "login-limit goes on after a 429" in to_the_limit
    assert "The first 429 ends them." not in to_the_limit
