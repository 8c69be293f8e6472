"""What deploy/ says for machines that we have not: that it can be read, and that its commands make a copy before the server starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests.support.hub import DEPLOY, what_is_missing
from tests.support.services import ROOT, missing

VALUES = yaml.safe_load((DEPLOY / "zero-to-jupyterhub.yaml").read_text("utf-8"))


def tljh_command() -> list[str]:
    """What The Littlest JupyterHub starts for a learner."""
    (source,) = re.findall(
        r"```python\n(.*?)```", (DEPLOY / "tljh.md").read_text("utf-8"), re.DOTALL
    )
    c = SimpleNamespace(Spawner=SimpleNamespace())
    exec(re.sub("^   ", "", source, flags=re.MULTILINE), {"c": c})
    return [*c.Spawner.cmd, *c.Spawner.args]


@pytest.mark.parametrize(
    "command", [VALUES["singleuser"]["cmd"], tljh_command()], ids=["Kubernetes", "TLJH"]
)
def test_a_learners_copy_is_there_when_their_server_starts(tmp_path: Path, command: list[str]):
    """With what the hub adds as arguments; programs of these names stand for the installed ones."""
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    server = f'ls "{home}/jwt-course"; echo "$@"'
    for name, does in (
        ("jwt-demo", f'exec "{sys.executable}" -m jwt_demo "$@"'),
        ("jupyterhub-singleuser", server),
    ):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o755)
    moved = [
        word.replace("/home/jovyan", str(home)).replace("/opt/tljh/user/bin", str(programs))
        for word in command
    ]
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    surroundings = {**os.environ, "PATH": path, "HOME": str(home), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        [*moved, "--added-by=hub"], env=surroundings, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "00_start_here.ipynb" in ended.stdout
    assert ended.stdout.splitlines()[-1].endswith("--added-by=hub")


def test_versions_are_pinned():
    """Of the hub, its proxy and the image; the image has the hub's version unless it is told another."""
    hub = re.search(r"^jupyterhub==(.+)$", (DEPLOY / "requirements.txt").read_text(), re.MULTILINE)
    docker = (DEPLOY / "Dockerfile").read_text()
    assert hub[1] == re.search(r"^ARG HUB=(.+)$", docker, re.MULTILINE)[1]
    assert re.search(r"^FROM python:\d+\.\d+\.\d+-slim-\w+$", docker, re.MULTILINE)


def test_settings_of_the_chart_are_settings_of_the_hub():
    """What stands below `hub.config` is read by JupyterHub's own classes; a name that none has is an error."""
    if why := what_is_missing():
        missing("REQUIRE_HUB", why)
    from jupyterhub.app import JupyterHub
    from traitlets.config import Config

    config = VALUES["hub"]["config"]
    authenticator = JupyterHub(config=Config(config)).authenticator_class(config=Config(config))
    assert authenticator.allowed_users == {"ada", "bob"}
    assert not authenticator.allow_all
    assert authenticator.min_password_length == 8
