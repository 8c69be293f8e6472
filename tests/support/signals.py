"""Ctrl-C for a program that a test starts."""

import signal
import subprocess
from typing import Any


def started_for_ctrl_c(command: list[str], **options: Any) -> "subprocess.Popen[str]":
    """This program, with its output in pipes, ready for SIGINT."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, preexec_fn=hears_ctrl_c, **options
    )


def hears_ctrl_c() -> None:
    """Tests that a shell started in its background were told to ignore Ctrl-C, and would pass that on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
