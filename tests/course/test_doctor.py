"""`jwt-demo doctor`: each fix that it names is applied, and the same question is asked again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from jwt_demo.course import doctor
from jwt_demo.escaping import escaped


def apply(fix: str, **environment: str) -> None:
    """In a shell, as a reader types it."""
    subprocess.run(fix, shell=True, check=True, capture_output=True, env={**os.environ, **environment}, timeout=120)  # fmt: skip


def kernel(folder: Path, program: str) -> Path:
    """A kernel `python3` that starts another program."""
    spec = folder / "kernels" / "python3"
    spec.mkdir(parents=True)
    described = {"argv": [program, "-m", "ipykernel_launcher"], "display_name": "Other", "language": "python"}  # fmt: skip
    (spec / "kernel.json").write_text(json.dumps(described))
    return spec


@pytest.fixture
def other_python(tmp_path: Path) -> str:
    """The Python of another environment: a link to the same file as ours."""
    program = tmp_path / "other" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.symlink_to(os.path.realpath(sys.executable))
    return str(program)


class TestKernel:
    """A kernel named python3 that is not this Python."""

    @pytest.mark.parametrize("variable", ["JUPYTER_PATH", "JUPYTER_DATA_DIR"])
    def test_of_another_environment_is_set_aside(
        self, variable: str, tmp_path: Path, other_python: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Found before ours: it keeps its files under another name, and then ours is found."""
        spec = kernel(tmp_path / "jupyter", other_python)
        monkeypatch.setenv(variable, str(tmp_path / "jupyter"))
        monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        (answer,) = doctor.ask_kernel()
        assert not answer.ok
        assert answer.found == other_python

        apply(answer.fix)
        assert [answer.ok for answer in doctor.ask_kernel()] == [True]
        assert (spec.with_name("python3-other") / "kernel.json").is_file()

    def test_two_of_them(
        self, tmp_path: Path, other_python: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One fix for both."""
        folders = [tmp_path / "one", tmp_path / "two"]
        for folder in folders:
            kernel(folder, other_python)
        monkeypatch.setenv("JUPYTER_PATH", os.pathsep.join(map(str, folders)))
        (answer,) = doctor.ask_kernel()
        apply(answer.fix)
        assert [answer.ok for answer in doctor.ask_kernel()] == [True]

    def test_in_our_own_environment_is_overwritten(
        self, tmp_path: Path, other_python: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As after an environment was copied; `--sys-prefix` is aimed at a folder of the test."""
        share = tmp_path / "share" / "jupyter"
        kernel(share, other_python)
        monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [str(share)])
        (answer,) = doctor.ask_kernel()
        assert answer.fix.endswith("ipykernel install --sys-prefix")

        apply(answer.fix.replace("--sys-prefix", f"--prefix '{tmp_path}'"))
        assert [answer.ok for answer in doctor.ask_kernel()] == [True]

    @pytest.mark.parametrize("content", ["", "{}", '{"argv": []}', "no json"])
    def test_that_is_broken_is_one_too(
        self, content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Named, set aside, gone."""
        spec = kernel(tmp_path, "x")
        (spec / "kernel.json").write_text(content)
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
        (answer,) = doctor.ask_kernel()
        apply(answer.fix)
        assert [answer.ok for answer in doctor.ask_kernel()] == [True]


class TestOwnFiles:
    """A reader's file with the name of a module."""

    @pytest.mark.parametrize("name", ["jwt.py", "jwt/__init__.py", "token.py", "asyncio.py", "http/__init__.py", "email.py", "cryptography.py"])  # fmt: skip
    def test_is_set_aside(self, name: str, tmp_path: Path) -> None:
        """Also in a folder with a blank, and where that was done before."""
        folder = tmp_path / "my course"
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_text("")
        (folder / f"my_{Path(name).parts[0]}").write_text("older")
        (answer,) = doctor.ask_own_files(folder)
        assert not answer.ok
        apply(answer.fix)
        assert [answer.ok for answer in doctor.ask_own_files(folder)] == [True]
        assert (folder / f"my_{Path(name).parts[0]}").read_text() == "older"

    @pytest.mark.parametrize("name", ["notes.py", "server.py", "time.py", "sys.py", "jwt.txt"])
    def test_that_hides_nothing_stays(self, name: str, tmp_path: Path) -> None:
        """`time` is built into Python and cannot be hidden."""
        (tmp_path / name).write_text("")
        assert [answer.ok for answer in doctor.ask_own_files(tmp_path)] == [True]


class TestProxies:
    """`HTTP_PROXY` in the environment."""

    def test_the_fix_lets_loopback_past(self) -> None:
        """What the shell has after it satisfies the question; the proxy's address, with its password, is not shown."""
        given = {"HTTP_PROXY": "http://user:password@proxy.example:3128", "NO_PROXY": "intranet"}
        (answer,) = doctor.ask_proxies(given)
        assert not answer.ok
        assert answer.optional
        assert "password" not in f"{answer.text} {answer.found} {answer.fix}"

        printed = subprocess.run(["bash", "-c", f"{answer.fix}; env -0"], capture_output=True, text=True, check=True).stdout  # fmt: skip
        after = dict(line.split("=", 1) for line in printed.split("\0") if "=" in line)
        assert [answer.ok for answer in doctor.ask_proxies({**given, **after})] == [True]
        assert after["NO_PROXY"].startswith("intranet,")

    @pytest.mark.parametrize("past", ["*", "127.0.0.1,localhost", "localhost, 127.0.0.1, ::1"])
    def test_that_are_passed_already(self, past: str) -> None:
        """No flaw."""
        given = {"https_proxy": "x", "http_proxy": "x", "no_proxy": past}
        assert [answer.ok for answer in doctor.ask_proxies(given)] == [True]

    def test_none_is_no_line(self) -> None:
        """A ready machine shows the same everywhere."""
        assert list(doctor.ask_proxies({"HOME": "/root"})) == []


def wheel(folder: Path, name: str, version: str, module: str, extra: str = "") -> None:
    """A package that pip can install without a network."""
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{module}.py", f"SOURCE = {name!r}\n")
        extras = f"Provides-Extra: {extra}\n" if extra else ""
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{extras}")  # fmt: skip
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")  # fmt: skip
        archive.writestr(f"{info}/RECORD", "")


@pytest.mark.thorough
def test_the_commands_for_packages_install_and_remove(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In an environment of its own, from a folder of wheels: a package named jwt goes, PyJWT comes back whole; what is missing is there."""
    room, wheels = tmp_path / "a room", tmp_path / "wheels"
    wheels.mkdir()
    venv.create(room, with_pip=True)
    program = room / "bin" / "python"
    wheel(wheels, "jwt", "1.3.1", "jwt")
    wheel(wheels, "PyJWT", "99.0", "jwt", extra="crypto")
    wheel(wheels, "rich", "99.0", "rich")
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}  # fmt: skip
    monkeypatch.setattr(doctor.sys, "executable", str(program))
    apply(doctor.install("PyJWT[crypto]>=2.15.1"), **offline)
    apply(doctor.install("jwt"), **offline)  # over PyJWT's module, as on a reader's machine
    ask = [program, "-c", "import jwt; print(jwt.SOURCE)"]
    assert subprocess.run(ask, capture_output=True, text=True, check=True).stdout == "jwt\n"

    monkeypatch.setattr(doctor, "is_installed", lambda name: name == "jwt")
    (answer,) = doctor.ask_jwt()
    apply(answer.fix, **offline)
    assert subprocess.run(ask, capture_output=True, text=True, check=True).stdout == "PyJWT\n"
    apply(doctor.install("rich>=13.7"), **offline)
    subprocess.run([program, "-c", "import rich"], check=True)


def test_a_notebook_shows_the_same_answers_as_text() -> None:
    """Each line of the text stands on the card, the command as code; what was found on this machine is text."""
    diagnosis = doctor.Diagnosis(
        [
            doctor.Answer(True, "Python 3.10 or newer"),
            doctor.Answer(
                False,
                "no file in this folder has the name of a Python package or module",
                "<b>.py",
                "mv a b && mv c d",
            ),
        ]
    )
    page = str(diagnosis._repr_html_())
    assert "✗ Not ready" in page
    for line in diagnosis.found():
        assert escaped(line.text) in page
    assert "<code>mv a b &amp;&amp; mv c d</code>" in page
    assert "<b>.py" not in page


def test_the_text_is_shown_where_the_card_cannot_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the course's packages is told what to install, and not how an import failed."""
    monkeypatch.setitem(sys.modules, "jwt_demo.course.doctor_card", None)
    diagnosis = doctor.Diagnosis([doctor.Answer(False, "aiohttp", "none", "pip install aiohttp")])
    assert diagnosis._repr_html_() is None
    assert "pip install aiohttp" in repr(diagnosis)
