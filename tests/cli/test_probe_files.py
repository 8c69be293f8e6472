"""The files of `jwt-demo probe`: one that cannot be used is a line with its option, before anything is sent."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from jwt_demo.cli.probe_command import probe

FILES = {
    "an empty key": ("--secret-file", b" \n", "is empty"),
    "a large key": ("--secret-file", b"a" * ((64 << 10) + 1), "is larger than 64 KiB"),
    "a token that is no text": ("--token-file", b"\xff\xfe", "is no text"),
    "a sample that is no text": ("--expired-token-file", b"\xff", "is no text"),
    "settings that are no text": ("--config", b"\xff", "is no text"),
    "large settings": ("--config", "é".encode() * (1 << 19) + b"x", "is larger than 1 MiB"),
    "settings nested too deep": ("--config", b"a = " + b"[" * 100_000, "is nested too deep"),
    "an accepted finding": ("--baseline", b"\xff", "is no text"),
}


def refused(*arguments: object) -> str:
    """The line on standard error of a run that ends with 2; port 1 is not asked."""
    result = CliRunner().invoke(probe, ["http://127.0.0.1:1", *map(str, arguments)])
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    return result.stderr


@pytest.mark.parametrize(("option", "octets", "said"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_used_is_one_line(
    option: str, octets: bytes, said: str, tmp_path: Path
):
    """It says which, and what is wrong with it."""
    path = tmp_path / "given"
    path.write_bytes(octets)
    assert refused(option, path) == f"{option}: {path} {said}\n"


READ = ("--secret-file", "--public-key-file", "--token-file", "--other-issuer-token-file", "--wordlist", "--config", "--baseline")  # fmt: skip


@pytest.mark.parametrize("option", READ)
@pytest.mark.skipif(sys.platform == "win32", reason="the system's words are others there")
def test_a_file_that_is_not_there_is_one_line(option: str, tmp_path: Path):
    """The system's reason stands behind its name."""
    for path, why in ((tmp_path / "none", "No such file or directory"), (tmp_path, "Is a directory")):  # fmt: skip
        assert refused(option, path) == f"{option}: {path} cannot be read: {why}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the system's words are others there")
def test_settings_that_cannot_be_saved_are_one_line(tmp_path: Path):
    """Before the probes, which may take a while."""
    line = refused("--save-config", tmp_path)
    assert line == f"--save-config: {tmp_path} cannot be written: Is a directory\n"


def test_a_key_may_be_no_text(tmp_path: Path):
    """DER is octets: it is read, and the next fault is that nobody listens."""
    path = tmp_path / "key.der"
    path.write_bytes(b"\x30\x82\xff\xfe")
    assert refused("--secret-file", path).startswith("Nobody listens at 127.0.0.1:1.")


def test_settings_that_some_editors_write_are_read(tmp_path: Path):
    """A mark stands at the beginning of the file; it belongs to no setting."""
    path = tmp_path / "probe.toml"
    path.write_text("limit = 2\n", "utf-8-sig")
    assert refused("--config", path).startswith("Nobody listens at 127.0.0.1:1.")


def test_a_file_of_the_settings_stands_beside_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`openapi` and the reports as well, whether written by hand or with --save-config."""
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    (here / "openapi.json").write_text("{}")
    monkeypatch.chdir(here)
    refused("--save-config", "../probe.toml", "--openapi", "openapi.json", "--junit", "out.xml")
    saved = (tmp_path / "probe.toml").read_text("utf-8")
    assert 'openapi = "here/openapi.json"\n' in saved.replace("\\\\", "/")
    assert 'junit = "here/out.xml"\n' in saved.replace("\\\\", "/")
    context = probe.make_context("probe", ["http://127.0.0.1:1", "--config", "../probe.toml"])
    assert Path(context.params["openapi"]).samefile("openapi.json")
    monkeypatch.chdir(elsewhere)
    context = probe.make_context("probe", ["--config", str(tmp_path / "probe.toml")])
    assert Path(context.params["openapi"]).samefile(here / "openapi.json")
    assert context.params["junit"] == tmp_path / "here" / "out.xml"
