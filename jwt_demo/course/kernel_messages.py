"""JupyterLab's server sends each message of a kernel at once; `lab_settings/jupyter_server_config.json` names this class."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class SentAtOnce(ZMQChannelsWebsocketConnection):
    """A kernel's connection without Nagle's algorithm (RFC 896), which keeps a small message back until the one before is acknowledged.

    Linux acknowledges after up to 40 ms, and an output of ours always comes second, right behind "the kernel is busy".
    """

    def connect(self) -> Any:
        self.websocket_handler.set_nodelay(True)
        return super().connect()
