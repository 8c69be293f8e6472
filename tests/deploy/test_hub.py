"""A hub for a class, run as deploy/jupyterhub_config.py says, with two learners: what each has, and what neither gets of the other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support.hub import hub, what_is_missing
from tests.support.services import ROOT, missing

SERVES = """
from aiohttp import web
from jwt_demo import serve
app = web.Application()
async def secret(request):
    return web.Response(text="of ada")
app.router.add_get("/", secret)
server = await serve(app)
print(server.url, (await server.get("/")).text)
"""
ASKS = """
import urllib.request, urllib.error
try:
    print(urllib.request.urlopen({url!r}).read().decode())
except urllib.error.HTTPError as refused:
    print(refused.code)
"""


def learners_are_apart() -> bool:
    """Whether the hub can give each learner a user: it is root, other users can run this Python, and nobody asked for CLASS_USERS=one."""
    if os.geteuid() != 0 or os.environ.get("CLASS_USERS") == "one":
        return False
    command = [sys.executable, "-c", "import jwt_demo"]
    try:
        nobody = {"user": 65534, "group": 65534, "extra_groups": []}
        return (
            subprocess.run(command, cwd="/", env={"PYTHONPATH": str(ROOT)}, **nobody).returncode
            == 0
        )
    except PermissionError:
        return False


@pytest.fixture(scope="module")
def folder():
    """A short path: sockets of kernels lie below it."""
    place = Path(tempfile.mkdtemp(prefix="hub-"))
    place.chmod(0o755)  # learners go through it
    yield place
    shutil.rmtree(place)


async def test_two_learners_in_a_hub(folder):
    """Login with a password of their own, a working copy, a kernel with limits, a server; nothing of the other's."""
    if why := what_is_missing():
        missing("REQUIRE_HUB", why)
    apart = learners_are_apart()
    with hub(folder, ["ada", "bob"], one_user=not apart) as running:
        assert await running.log_in("ada", "correct horse") == 302
        assert await running.log_in("ada", "another horse") != 302
        assert await running.log_in("eve", "correct horse") != 302
        assert await running.log_in("bob", "battery staple") == 302
        for name in ("ada", "bob"):
            await running.start_server(name)
        async with (
            running.notebook("ada", "01_setup.ipynb") as of_ada,
            running.notebook("bob", "01_setup.ipynb") as of_bob,
        ):
            assert await of_ada.run("1 + 1") == ("2", "")
            said, error = await of_ada.run(SERVES)
            assert error == ""
            url, text = said.split(maxsplit=1)
            assert text.strip() == "of ada"
            _, error = await of_bob.run("hog = bytearray(64 << 30)")
            assert error.startswith("MemoryError")
            said, error = await of_bob.run(ASKS.format(url=url))
            assert error == ""
            assert said.strip() == ("403" if apart else "of ada")
            secrets = running.homes / "ada"
            _, error = await of_bob.run(f"import os; os.listdir({str(secrets)!r})")
            assert error.startswith("PermissionError") if apart else error == ""
        owners = {
            path.stat().st_uid
            for name in ("ada", "bob")
            for path in (running.homes / name / "jwt-course").iterdir()
        }
        assert len(owners) == (2 if apart else 1)
        assert not apart or 0 not in owners
