"""A server in a notebook answers the programs of its own user: shown with a second user, which root can become."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from aiohttp import web

from jwt_demo.server import peers
from jwt_demo.server.listeners import TCP
from jwt_demo.server.processes import run
from jwt_demo.server.server import serve

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says whose it is")
NOBODY = 65534
ASK = """
import os, socket, sys
port, uid, then = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
if uid:
    os.setgroups([])
    os.setuid(uid)
family, address = (socket.AF_INET6, "::ffff:127.0.0.1") if then == "mapped" else (socket.AF_INET, "127.0.0.1")
with socket.socket(family) as client:
    client.connect((address, port))
    client.sendall(b"GET / HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n")
    if then != "leave":
        while piece := client.recv(1000):
            sys.stdout.buffer.write(piece)
"""


def ask(port, *, uid=0, then="read"):
    """What a program of this user gets; `leave` closes the connection as soon as the request is sent."""
    command = [sys.executable, "-c", ASK, str(port), str(uid), then]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
async def server():
    async def hello(request):
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_get("/", hello)
    async with await serve(app, name="hello", transport=TCP) as running:
        yield running


@pytest.fixture
def somebody():
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    return NOBODY


@pytest.mark.parametrize("then", ["read", "mapped"])
async def test_another_user_is_refused(server, somebody, then):
    """403, with the words that open the server; the handler is not asked."""
    answer = ask(server.port, uid=somebody, then=then)
    assert answer.startswith("HTTP/1.1 403 ")
    assert "serve(app, others=True)" in answer
    assert not server.exchanges


async def test_one_who_leaves_at_once_is_refused_too(server, somebody):
    """A connection that nobody holds any more has no user; the system's table then names root."""
    ask(server.port, uid=somebody, then="leave")
    assert ask(server.port).endswith("hello")
    assert len(server.exchanges) == 1


async def test_own_programs_are_answered(server):
    """The client of the notebook, and HTTPie in a terminal, without a secret."""
    assert (await server.get("/")).text == "hello"
    assert (await run(f"http --ignore-stdin {server.url}/")).output.endswith("hello")


async def test_others_are_answered_where_that_was_asked_for(server, somebody):
    """And no longer after the next `serve` that does not say so."""
    assert await serve(server.app, name="hello", others=True) is server
    assert ask(server.port, uid=somebody).endswith("hello")
    await serve(server.app, name="hello")
    assert ask(server.port, uid=somebody).startswith("HTTP/1.1 403 ")


async def test_kernel_and_table_say_the_same(server):
    """Of a connection that is open: our user, and the inode of its socket."""
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        peer, own = client.getsockname(), client.getpeername()
        found = peers.asked_of_the_kernel(peer, own)
        assert found == [(os.geteuid(), os.fstat(client.fileno()).st_ino)]
        assert peers.read_from_tables(peer, own) == found


LINE = "   7: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000 {uid}        0 {inode} 1 0 20 4 30 10 -1"


@pytest.mark.parametrize(
    ("uid", "inode", "refused"),
    [(os.geteuid() + 1, 42, True), (os.geteuid(), 42, False), (0, 42, False), (0, 0, True)],
)
@pytest.mark.skipif(sys.byteorder != "little", reason="the line is of such a machine")
def test_the_systems_table_is_read(tmp_path, monkeypatch, uid, inode, refused):
    """Another user's, ours, root's, and one that no process has open; what is not in the table is rejected."""
    monkeypatch.setattr(peers, "asked_of_the_kernel", lambda peer, own: [])
    (tmp_path / "tcp").write_text(f"  sl  local_address\n{LINE.format(uid=uid, inode=inode)}\n")
    monkeypatch.setattr(peers, "TABLES", (tmp_path / "tcp", tmp_path / "tcp6"))
    assert peers.is_somebody_elses(("127.0.0.1", 50000), ("127.0.0.1", 8080)) is refused
    assert peers.is_somebody_elses(("127.0.0.1", 50001), ("127.0.0.1", 8080))


def test_where_the_system_does_not_tell_nobody_is_refused(tmp_path, monkeypatch):
    """No /proc, as on macOS."""
    monkeypatch.setattr(peers, "asked_of_the_kernel", lambda peer, own: [])
    monkeypatch.setattr(peers, "TABLES", (tmp_path / "tcp",))
    assert not peers.is_somebody_elses(("127.0.0.1", 50000), ("127.0.0.1", 8080))
