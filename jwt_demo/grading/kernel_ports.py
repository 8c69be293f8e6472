"""How kernels are started that run notebooks without a reader."""

from __future__ import annotations

import contextlib
import secrets
import socket

from traitlets.config import Config

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
QUIET = range(
    20_000, 32_000
)  # below the ports that Linux, macOS and Windows hand out to connections


def kernel_settings() -> Config:
    """Ports for one kernel that no connection takes meanwhile.

    A kernel is told its ports and binds them a moment later. Jupyter chooses them among those that connections get as well;
    where many are opened, by tests or by other notebooks, one is taken now and then and the kernel dies.
    """
    ports = quiet_ports(len(CHANNELS))
    return Config(
        {
            "KernelManager": {
                "cache_ports": False,
                **{f"{name}_port": port for name, port in zip(CHANNELS, ports, strict=True)},
            }
        }
    )


def quiet_ports(count: int) -> list[int]:
    """So many ports of 127.0.0.1 that nobody listens on and no connection is given, for programs that can't be told 0."""
    choose = secrets.SystemRandom().sample
    while True:
        ports = choose(QUIET, count)
        if all(is_free(port) for port in ports):
            return ports


def is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False
