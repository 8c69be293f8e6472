"""Programs of a terminal, run from a cell: what was typed and what came back. Nothing waits for the kernel that waits for it.

`await run("http …")` gives the program to the operating system and lets the kernel's loop turn meanwhile;
`await start("jwt-demo serve …")` leaves it running until `stop()` or the end of the kernel.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import os
import re
import shlex
import shutil
import signal
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..escaping import shortened
from . import tab_programs
from .runtime import HAS_THREADS


@dataclass
class Printed:
    """A command and what it printed."""

    command: str
    output: str
    exit_status: int
    note: str = ""  # on how it was done, where it was no program

    def __repr__(self) -> str:
        ended = "" if self.exit_status == 0 else f"\n(exit status {self.exit_status})"
        note = f"({self.note})\n" if self.note else ""
        return shortened(f"$ {self.command}\n{note}{self.output.strip()}{ended}")


async def run(
    command: str, *, limit: float = 20.0, environment: dict[str, str] | None = None
) -> Printed:
    """Run one program, `limit` seconds at most, without a shell; TimeoutError names the command."""
    if not HAS_THREADS:
        return Printed(command, *await tab_programs.run(command, limit))
    process = await launch(command, environment)
    try:
        output, _ = await asyncio.wait_for(process.communicate(), limit)
    except asyncio.TimeoutError:
        process.kill()
        await process.wait()
        raise TimeoutError(f"`{command}` did not end within {limit:g} s and was stopped") from None
    return Printed(command, output.decode("utf-8", "replace"), process.returncode or 0)


@dataclass
class Running:
    """A program that goes on in the background."""

    command: str
    process: asyncio.subprocess.Process = field(repr=False)
    lines: list[str] = field(default_factory=list, repr=False)
    reader: asyncio.Task[None] | None = field(
        default=None, repr=False
    )  # kept, so that it is not collected while it reads

    @property
    def address(self) -> str:
        """Where it says that it listens; RuntimeError if it did not say. Port 0 in a command means: any that is free."""
        found = re.search(r"http://[^\s/]+:\d+", "".join(self.lines))
        if found is None:
            raise RuntimeError(f"`{self.command}` did not say where it listens")
        return found[0]

    async def stop(self) -> None:
        """End it, and what it started; a second time does nothing."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(end_signal(self.command))
            try:
                await asyncio.wait_for(self.process.wait(), 10)
            except asyncio.TimeoutError:
                kill_group(self.process.pid)
                await self.process.wait()


def end_signal(command: str) -> int:
    """What ends a program. gunicorn's idle worker goes on for up to a second after SIGTERM; SIGQUIT is its quick shutdown, in which
    aiohttp's worker still cleans up.
    """
    return signal.SIGQUIT if shlex.split(command)[0] == "gunicorn" else signal.SIGTERM


async def start(
    command: str,
    *,
    until: str,
    limit: float = 20.0,
    environment: dict[str, str] | None = None,
) -> Running | tab_programs.Serving:
    """Start a program and wait until it has printed `until`; RuntimeError with its last lines if it ends or `limit` passes first."""
    if not HAS_THREADS:
        return await tab_programs.start(command, environment)
    running = Running(command, await launch(command, environment))
    _started.append(running)
    assert running.process.stdout is not None
    try:
        while not any(until in line for line in running.lines):
            line = (await asyncio.wait_for(running.process.stdout.readline(), limit)).decode(
                "utf-8", "replace"
            )
            if not line:
                raise RuntimeError(
                    f"`{command}` ended before it was ready:\n" + "".join(running.lines[-5:])
                )
            running.lines.append(line)
    except asyncio.TimeoutError:
        await running.stop()
        raise RuntimeError(
            f"`{command}` was not ready within {limit:g} s:\n" + "".join(running.lines[-5:])
        ) from None
    running.reader = asyncio.ensure_future(drain(running))  # a full pipe would stop the program
    return running


async def drain(running: Running) -> None:
    assert running.process.stdout is not None
    while line := await running.process.stdout.readline():
        running.lines.append(line.decode("utf-8", "replace"))


async def launch(command: str, environment: dict[str, str] | None) -> asyncio.subprocess.Process:
    program, *arguments = shlex.split(command)
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    found = shutil.which(program, path=path)
    if found is None:
        raise FileNotFoundError(
            f"`{program}` is not installed for this Python; `jwt-demo doctor` tells how to get it"
        )
    return await asyncio.create_subprocess_exec(
        found,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={
            **os.environ,
            "PATH": path,
            **quiet_environment(),
            **past_proxies(os.environ),
            **(environment or {}),
        },
        start_new_session=sys.platform != "win32",
    )


def quiet_environment() -> dict[str, str]:
    """HTTPie looks for updates on the network and gunicorn opens a control socket in the home directory, unless told.

    HTTPie also waits for input and leaves out the headers where it is not in a terminal; a cell shows what a terminal would.
    """
    return {"HTTPIE_CONFIG_DIR": httpie_settings(), "GUNICORN_CMD_ARGS": "--no-control-socket"}


LOOPBACK = ("127.0.0.1", "localhost", "::1")


def past_proxies(given: Mapping[str, str]) -> dict[str, str]:
    """`NO_PROXY` in both spellings, so that requests to this machine go to it and not, with their tokens, to a proxy.

    >>> past_proxies({"NO_PROXY": "intranet"})["no_proxy"]
    'intranet,127.0.0.1,localhost,::1'
    """
    own = [given.get(name, "") for name in ("no_proxy", "NO_PROXY")]
    names = [name.strip() for value in own for name in value.split(",") if name.strip()]
    value = "*" if "*" in names else ",".join(dict.fromkeys([*names, *LOOPBACK]))
    return {"NO_PROXY": value, "no_proxy": value}


HTTPIE_SETTINGS = """{"disable_update_warnings": true, "default_options": ["--ignore-stdin", "--print=hb", "--pretty=format"]}"""


@functools.cache
def httpie_settings() -> str:
    folder = tempfile.mkdtemp(prefix="jwt-demo-httpie-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (Path(folder) / "config.json").write_text(HTTPIE_SETTINGS)
    return folder


def kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)


_started: list[Running] = []


@atexit.register
def _stop_all() -> None:
    for running in _started:
        if running.process.returncode is None:
            kill_group(running.process.pid)


__all__: list[str] = ["Printed", "Running", "past_proxies", "run", "start"]
