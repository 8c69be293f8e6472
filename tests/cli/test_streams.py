"""Terminals as they are: other encodings, full disks, closed streams, readers that leave. No traceback, and a status that says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

TOKEN = jwt.encode({"sub": "1", "name": "Zoë 🦊", "exp": 4_000_000_000}, "k" * 32)
LINUX = pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`jwt-demo` in a shell, which closes and redirects streams as people do."""
    program = f"'{sys.executable}' -m jwt_demo"
    return subprocess.run(
        ["bash", "-c", command.replace("jwt-demo", program)],
        env={**os.environ, **environment},
        capture_output=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        errors="replace",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize("command", ["doctor", f"inspect {TOKEN}", f"inspect {TOKEN} --json"])
def test_what_an_encoding_lacks_is_escaped(encoding: str, command: str) -> None:
    """The report is there, to its last line."""
    answer = shell(f"jwt-demo {command}", PYTHONIOENCODING=encoding)
    assert "Traceback" not in answer.stderr
    assert answer.returncode in (0, 1)
    assert "Ready" in answer.stdout or "sub" in answer.stdout or "Not ready" in answer.stdout


@LINUX
@pytest.mark.parametrize(
    "command", ["doctor", "--help", f"inspect {TOKEN}", f"inspect {TOKEN} --json"]
)
def test_a_full_disk_is_one_line_and_status_2(command: str) -> None:
    """What was lost at the last write is not called a success."""
    answer = shell(f"jwt-demo {command} > /dev/full")
    assert answer.returncode == 2
    assert answer.stderr == "The result could not be written: No space left on device\n"


@pytest.mark.parametrize("command", ["doctor", f"inspect {TOKEN}"])
def test_a_closed_output_is_one_line_and_status_2(command: str) -> None:
    """`>&-`, and with standard error closed too the status alone."""
    answer = shell(f"jwt-demo {command} >&-")
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert shell(f"jwt-demo {command} >&- 2>&-").returncode == 2


@pytest.mark.parametrize("arguments", ["", "-"])
def test_a_closed_input_has_nothing_to_read(arguments: str) -> None:
    """`<&-`: one line, status 2."""
    answer = shell(f"jwt-demo inspect {arguments} <&-")
    assert answer.returncode == 2
    assert answer.stderr.startswith("token: ")
    assert answer.stderr.count("\n") == 1


def test_a_reader_that_leaves_is_no_error_with_a_word() -> None:
    """`| true`: silence, and no status 1, which would be a judgement."""
    answer = shell("set -o pipefail; jwt-demo doctor | true")
    assert answer.stderr == ""
    assert answer.returncode in (0, 2)


def test_a_place_for_results_is_tried_before_the_work(tmp_path: Path) -> None:
    """`check --junit` into a folder that is not there: refused at once, nothing was run."""
    answer = shell(f"cd '{tmp_path}' && jwt-demo check --junit none/report.xml .")
    assert answer.returncode == 2
    assert "none/report.xml cannot be written" in answer.stderr
    assert answer.stderr.count("\n") == 1
