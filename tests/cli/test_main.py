"""The command line as it is typed: what it prints, where, and with which status."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from jwt_demo.cli.main import ELSEWHERE, main
from jwt_demo.course import doctor
from jwt_demo.course.lab import SETTINGS, command, environment


def run(*arguments: str, cwd: Path, **surroundings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jwt_demo", *arguments],
        cwd=cwd,
        env={**os.environ, **surroundings},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )


def typed(*arguments: str) -> str:
    """What a command prints on standard output that ends well, in this process: for much of one kind."""
    answer = CliRunner().invoke(main, arguments)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def refused(answer: subprocess.CompletedProcess[str]) -> str:
    """The one line of a rejection: status 2, nothing on stdout, no traceback."""
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1, answer.stderr
    return answer.stderr


def test_help_lists_every_command(tmp_path: Path) -> None:
    """Each with a sentence."""
    answer = run("--help", cwd=tmp_path)
    assert answer.returncode == 0
    for name in ("lab", "copy", "reset", "doctor", *ELSEWHERE):
        assert re.search(rf"^  {name} +\w", answer.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_commands_of_other_modules_are_there(name: str) -> None:
    """They are imported when asked for."""
    assert typed(name, "--help").startswith("Usage: ")


class TestLab:
    """`jwt-demo lab`, as far as it goes without JupyterLab; tests/tools/test_setup.py starts it for real."""

    def test_says_what_it_would_do(self, tmp_path: Path) -> None:
        """And makes nothing."""
        answer = run("lab", "copy", "--dry-run", cwd=tmp_path)
        assert answer.returncode == 0
        assert "00_start_here.ipynb: new" in answer.stdout
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "arguments", [["--", "--no-browser"], ["--no-browser"], ["--port", "8899"], []]
    )
    def test_without_a_folder_it_is_jwt_course(
        self, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whether what is meant for JupyterLab stands behind -- or not."""
        monkeypatch.chdir(tmp_path)
        assert "changes in jwt-course were to be made" in typed("lab", "--dry-run", *arguments)

    def test_a_copy_that_cannot_be_written_to_is_opened_as_it_is(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With a warning that names the file; a copy that is not there yet is an error."""

        def refuse(folder: Path, **options: object) -> None:
            raise PermissionError(13, "Permission denied", "02_login.ipynb")

        opened: list[Path] = []
        monkeypatch.setattr("jwt_demo.course.working_copy.update", refuse)
        monkeypatch.setattr(
            "jwt_demo.course.lab.open_lab", lambda folder, *_, **__: opened.append(folder)
        )
        answer = CliRunner().invoke(main, ["lab", str(tmp_path / "copy")])
        assert (answer.exit_code, opened) == (2, [])
        (tmp_path / "copy" / ".jwt_demo").mkdir(parents=True)
        answer = CliRunner().invoke(main, ["lab", str(tmp_path / "copy")])
        assert opened == [tmp_path / "copy"]
        assert "02_login.ipynb" in answer.stderr
        assert CliRunner().invoke(main, ["copy", str(tmp_path / "copy")]).exit_code == 2

    def test_refuses_a_folder_with_something_else(self, tmp_path: Path) -> None:
        """One line that names what is in the way."""
        (tmp_path / "thesis.docx").write_text("mine")
        assert "contains something else (thesis.docx), nothing was touched" in refused(
            run("lab", ".", cwd=tmp_path)
        )
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]

    def test_arguments_for_jupyter_come_last_and_root_is_allowed(self) -> None:
        """What the reader typed wins over what we set."""
        line = command(
            Path("x"), ["--port=1", "--LabApp.default_url=/tree"], first=True, is_root=True
        )
        assert line[-3:] == ["--allow-root", "--port=1", "--LabApp.default_url=/tree"]
        assert "--allow-root" not in command(Path("x"), [], first=False, is_root=False)

    def test_programs_and_settings_are_within_reach(self) -> None:
        """`http` and `gunicorn` of this environment from a cell; the user's own settings of JupyterLab go before ours."""
        made = environment({"PATH": "/bin", "JUPYTER_CONFIG_PATH": "/theirs"})
        assert made["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/bin"]
        assert made["JUPYTER_CONFIG_PATH"].split(os.pathsep) == ["/theirs", str(SETTINGS)]
        assert json.loads((SETTINGS / "labconfig" / "default_setting_overrides.json").read_text())


class TestCopy:
    """`jwt-demo copy`: for a hook or a container, which open JupyterLab themselves."""

    def test_makes_the_copy_and_opens_nothing(self, tmp_path: Path) -> None:
        """It ends, and the notebooks are there."""
        answer = run("copy", "mine", cwd=tmp_path)
        assert (answer.returncode, answer.stdout) == (0, "")
        assert answer.stderr == "Your notebooks are in mine.\n"
        assert (tmp_path / "mine" / "00_start_here.ipynb").is_file()

    def test_a_second_time_changes_nothing(self, tmp_path: Path) -> None:
        """What the reader wrote stays."""
        run("copy", cwd=tmp_path)
        own = tmp_path / "jwt-course" / "02_login.ipynb"
        own.write_text("mine")
        answer = run("copy", cwd=tmp_path)
        assert (answer.returncode, answer.stderr) == (0, "")
        assert own.read_text() == "mine"

    def test_refuses_a_folder_with_something_else(self, tmp_path: Path) -> None:
        """As `lab` does."""
        (tmp_path / "thesis.docx").write_text("mine")
        assert "nothing was touched" in refused(run("copy", ".", cwd=tmp_path))


class TestReset:
    """`jwt-demo reset`."""

    def test_needs_a_working_copy(self, tmp_path: Path) -> None:
        """Here is none, and the line says how to make one."""
        assert "jwt-demo lab" in refused(run("reset", "02", cwd=tmp_path))
        assert "not a copy of the course" in refused(
            run("reset", "02", "--dir", "elsewhere", cwd=tmp_path)
        )

    def test_lists_the_steps_when_there_is_no_such(self, tmp_path: Path) -> None:
        """The names to choose from."""
        (tmp_path / ".jwt_demo").mkdir()
        (tmp_path / ".jwt_demo" / "course.json").write_text("{}")
        assert "02_login" in refused(run("reset", "77", cwd=tmp_path))

    def test_says_where_the_readers_own_went(self, tmp_path: Path) -> None:
        """And leaves it there."""
        (tmp_path / ".jwt_demo").mkdir()
        (tmp_path / ".jwt_demo" / "course.json").write_text("{}")
        (tmp_path / "02_login.ipynb").write_text("mine")
        answer = run("reset", "login", cwd=tmp_path)
        assert answer.returncode == 0
        backup = re.search(r"Yours is kept: (.+)", answer.stdout)
        assert backup is not None
        assert Path(backup[1]).read_text() == "mine"
        assert (tmp_path / "02_login.ipynb").read_text() != "mine"


class TestServe:
    """`jwt-demo serve`."""

    def test_unknown_stage(self, tmp_path: Path) -> None:
        """Lists those there are."""
        assert "article, " in refused(run("serve", "nosuch", cwd=tmp_path))

    def test_port_taken(self, tmp_path: Path) -> None:
        """Says so and names another."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert f"Port {port} of 127.0.0.1 cannot be had (Address already in use)" in refused(
                run("serve", "login", "--port", str(port), cwd=tmp_path)
            )

    @pytest.mark.parametrize("stage", ["login", "decorator", "complete"])
    def test_a_short_key_is_refused(self, stage: str, tmp_path: Path) -> None:
        """With the line that makes a good one, and without repeating the bad one."""
        line = refused(run("serve", stage, "--port", "0", cwd=tmp_path, JWT_SECRET="hunter2"))
        assert "at least 32" in line
        assert "token_urlsafe" in line
        assert "hunter2" not in line

    def test_answers_on_the_loopback_only(self, tmp_path: Path) -> None:
        """At the address it prints; SIGTERM ends it."""
        arguments = [sys.executable, "-u", "-m", "jwt_demo", "serve", "decorator", "--port", "0"]
        with subprocess.Popen(
            arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            try:
                assert server.stdout is not None
                address = re.search(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
                assert address is not None
                with urllib.request.urlopen(address[0], timeout=20) as answer:
                    assert json.load(answer) == {"hello": "stranger"}
            finally:
                server.terminate()


class TestDoctor:
    """`jwt-demo doctor` and `examine()`."""

    def test_a_ready_machine(self, tmp_path: Path) -> None:
        """Status 0, each package with the version found."""
        answer = run("doctor", cwd=tmp_path)
        assert answer.returncode == 0, answer.stdout
        assert re.search(r"✓ aiohttp 3\.14\.4 or newer \(found \d", answer.stdout)
        assert answer.stdout.endswith("Ready.\n")

    def test_in_a_notebook_it_says_the_same_everywhere(self) -> None:
        """No version, no path: what the course shows is what the reader gets."""
        assert not re.search(r"found|/|\\", str(doctor.examine()))

    @pytest.mark.parametrize("name", ["jwt.py", "jwt/__init__.py", "token.py"])
    def test_a_file_of_yours_in_the_way(self, name: str, tmp_path: Path) -> None:
        """The command that moves it aside moves it aside."""
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
        diagnosis = doctor.examine(tmp_path)
        assert not diagnosis
        (answer,) = [answer for answer in diagnosis if not answer.ok]
        subprocess.run(answer.fix, shell=True, check=True)
        assert doctor.examine(tmp_path)

    def test_a_package_named_jwt(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It takes the name of PyJWT's module; removing it damages PyJWT, so both commands are named."""
        known = doctor.is_installed
        monkeypatch.setattr(doctor, "is_installed", lambda name: name == "jwt" or known(name))
        (answer,) = [answer for answer in doctor.examine() if not answer.ok]
        assert "uninstall" in answer.fix
        assert "--force-reinstall 'PyJWT[crypto]" in answer.fix

    def test_too_old_and_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Both get the line that installs what is wanted; what only later steps need does not stop the course."""
        versions = {"PyJWT": "2.9.0", "pyjwt": "2.9.0"}
        true_version = doctor.metadata.version

        def version(name: str) -> str:
            if name in ("rich", "redis"):
                raise doctor.metadata.PackageNotFoundError(name)
            return versions.get(name) or true_version(name)

        monkeypatch.setattr(doctor.metadata, "version", version)
        diagnosis = doctor.examine()
        flawed = {answer.text.split()[0].lower(): answer for answer in diagnosis if not answer.ok}
        assert not diagnosis
        assert sorted(flawed) == ["pyjwt", "redis", "rich"]
        assert flawed["redis"].mark == "○"
        assert flawed["pyjwt"].found == "2.9.0"
        assert "[crypto]>=2.15.1'" in flawed["pyjwt"].fix
        assert flawed["rich"].fix.endswith("'rich>=13.7'")

    def test_without_pip_it_names_uv(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """An environment made by uv has no pip."""
        monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
        monkeypatch.setattr(doctor.shutil, "which", lambda name: "/bin/uv")
        assert doctor.install("rich>=13.7").startswith("uv pip install --python ")
