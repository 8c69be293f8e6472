"""What JupyterLab's server does with the messages of a kernel."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import tornado.httpserver
import tornado.web
import traitlets
from tornado.testing import bind_unused_port
from tornado.websocket import WebSocketHandler, websocket_connect

from jwt_demo.course.kernel_messages import SentAtOnce, ZMQChannelsWebsocketConnection
from jwt_demo.course.lab import environment

ASKS = """
from jupyter_server.serverapp import ServerApp
app = ServerApp()
app.load_config_file()
print(app.kernel_websocket_connection_class.__name__)
"""


def test_the_server_of_jupyterlab_uses_it(tmp_path):
    """It is named in the settings that `jwt-demo lab` gives to JupyterLab."""
    given = {**environment(os.environ), "HOME": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", ASKS], env=given, capture_output=True, text=True, check=True
    )
    assert told.stdout == "SentAtOnce\n"


async def test_a_message_does_not_wait_for_the_one_before(monkeypatch):
    """The option is set on the real socket, before the kernel is reached."""
    seen = []

    def reached(connection):
        stream = connection.websocket_handler.ws_connection.stream
        seen.append(stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", reached)

    class OfAnyHandler(SentAtOnce):
        websocket_handler = traitlets.Any()

    class Handler(WebSocketHandler):
        def open(self):
            OfAnyHandler(websocket_handler=self).connect()
            self.write_message("connected")

    own, port = bind_unused_port()
    server = tornado.httpserver.HTTPServer(tornado.web.Application([("/", Handler)]))
    server.add_socket(own)
    client = await websocket_connect(f"ws://127.0.0.1:{port}/")
    assert await client.read_message() == "connected"
    client.close()
    server.stop()
    await server.close_all_connections()
    assert seen
    assert all(seen)
