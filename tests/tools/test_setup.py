"""Set-up: the two commands on a bare machine, the conda environment, and the wheel."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import environment
from rerun import ROOT
from tests.support.services import free_port

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def all_requirements() -> list[str]:
    """Every line that pyproject.toml asks for, the extras' too."""
    extras = PROJECT["optional-dependencies"].values()
    return [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]


def is_for_here(requirement: Requirement) -> bool:
    """Whether it is wanted on this platform; some are for a browser tab alone."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


class TestCondaEnvironment:
    """environment.yml."""

    def test_names_the_five_packages_the_course_is_about(self) -> None:
        """A reader recognises the course by them; each stands there in the words of pyproject.toml."""
        wanted = {one.name: one for one in map(Requirement, all_requirements()) if is_for_here(one)}
        for one in wanted.values():
            one.marker = None
        named = [Requirement(line) for line in self.pip_lines()[:-1]]
        assert {one.name for one in named} == {"jupyterlab", "PyJWT", "aiohttp", "nbval", "pytest"}
        assert [str(one) for one in named] == [str(wanted[one.name]) for one in named]

    def test_takes_everything_else_from_pyproject(self) -> None:
        """One line, with the same extras that `make test` installs: there is no second list that could differ."""
        assert self.pip_lines()[-1] == f"-e .[{environment.WANTED['test']}]"

    def test_asks_for_the_same_python(self) -> None:
        """And for pip, which conda warns about otherwise."""
        assert [entry for entry in self.dependencies() if isinstance(entry, str)] == [
            f"python{PROJECT['requires-python']}",
            "pip",
        ]

    def pip_lines(self) -> list[str]:
        (lines,) = [entry["pip"] for entry in self.dependencies() if isinstance(entry, dict)]
        return lines

    def dependencies(self) -> list[str | dict[str, list[str]]]:
        return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))[
            "dependencies"
        ]


class TestEnvironmentTool:
    """tools/environment.py, without installing anything."""

    @pytest.fixture
    def calls(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """What the tool would run; `make` and `pip` succeed unless a test says otherwise."""
        calls: list[list[str]] = []
        self.status = 0

        def call(command: list[str], **_: object) -> int:
            calls.append(command)
            return self.status

        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        monkeypatch.setattr(environment, "ROOT", tmp_path)
        monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
        monkeypatch.setattr(environment, "works", lambda python: python.parent.is_dir())
        monkeypatch.setattr(
            environment, "make_environment", lambda uv: (tmp_path / ".venv/bin").mkdir(parents=True)
        )
        monkeypatch.setattr(environment.subprocess, "call", call)
        monkeypatch.setenv("WITHOUT_UV", "1")
        return calls

    def test_installs_once(self, calls: list[list[str]]) -> None:
        """The second run starts at once."""
        assert environment.main("test") == 0
        assert calls[0][1:4] == ["-m", "pip", "install"]
        assert calls[0][-1].endswith("[all,test]")
        assert environment.main("test") == 0
        assert len(calls) == 1

    def test_what_the_tests_need_is_enough_for_the_lab(self, calls: list[list[str]]) -> None:
        """But not the other way round."""
        environment.main("lab")
        assert calls[0][-1].endswith("[all]")
        environment.main("test")
        environment.main("lab")
        assert len(calls) == 2

    def test_an_install_that_failed_is_tried_again(self, calls: list[list[str]]) -> None:
        """Also where an earlier one had worked: what it left may be half of something."""
        environment.main("lab")
        self.status = 1
        assert environment.main("test") == 1
        self.status = 0
        environment.main("lab")
        assert len(calls) == 3

    def test_an_interrupted_install_is_not_taken_for_a_finished_one(
        self, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ctrl+C in the middle of an upgrade leaves no mark of success."""
        environment.main("lab")
        (environment.ROOT / "pyproject.toml").write_text("changed")
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(environment.subprocess, "call", self.interrupted)
            environment.main("lab")
        assert list(environment.VENV.glob("installed-*")) == []
        environment.main("lab")
        assert len(calls) == 2

    def interrupted(self, *_: object, **__: object) -> int:
        raise KeyboardInterrupt

    def test_a_changed_pyproject_installs_again(self, calls: list[list[str]]) -> None:
        """Somebody pulled."""
        environment.main("lab")
        (environment.ROOT / "pyproject.toml").write_text("changed")
        environment.main("lab")
        assert len(calls) == 2

    def test_uv_is_used_where_it_is_found(
        self, calls: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is faster, and needs neither venv nor pip."""
        uv = program(tmp_path / "programs" / "uv", "exit 0")
        monkeypatch.delenv("WITHOUT_UV")
        monkeypatch.setenv("PATH", str(uv.parent))
        environment.main("lab")
        assert calls[0][:3] == [str(uv), "pip", "install"]

    @pytest.mark.parametrize("module", ["venv", "ensurepip"])
    def test_a_python_without_venv_is_told_what_to_install(
        self, module: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Debian splits both off."""
        monkeypatch.setattr(environment, "has", lambda name: name != module)
        with pytest.raises(SystemExit) as stop:
            environment.make_environment(None)
        assert f"the module {module} is missing" in str(stop.value)
        assert "apt install python3-venv" in str(stop.value)


OLD_PYTHONS = sorted(
    str(path)
    for pattern in ("python2.7", "python3.[6-9]")
    for path in [
        *Path("/usr/bin").glob(pattern),
        *Path.home().glob(f".pyenv/versions/[23].[6-9]*/bin/{pattern}"),
    ]
)


class TestOldPythons:
    """A Python that is too old must get far enough to say so."""

    def test_the_tool_reads_on_python_3_4(self) -> None:
        """No syntax newer than what it refuses."""
        ast.parse(
            (ROOT / "tools" / "environment.py").read_text(encoding="ascii"), feature_version=(3, 4)
        )

    def test_it_says_what_to_do(self) -> None:
        """For each platform, status 2, and nothing else."""
        script = (
            "import sys; sys.version_info = (3, 9, 2); exec(open('tools/environment.py').read())"
        )
        answer = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert answer.returncode == 2
        assert "This is Python 3.9.2, the course needs 3.10 or newer" in answer.stderr
        assert all(
            platform in answer.stderr
            for platform in ("Debian, Ubuntu", "macOS", "Windows", "conda")
        )

    def test_real_old_pythons_agree(self) -> None:
        """Those that this machine happens to have."""
        for python in OLD_PYTHONS:
            answer = subprocess.run(
                [python, "tools/environment.py", "lab"],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (answer.returncode, "the course needs 3.10" in answer.stderr) == (2, True), (
                python
            )

    def test_the_first_name_that_is_new_enough_is_taken(self, tmp_path: Path) -> None:
        """An old python3 in front of a python3.12 does not matter."""
        program(tmp_path / "python3", 'case "$2" in *version_info*) exit 1;; esac')
        assert self.chosen(tmp_path) == "python3\n"
        program(tmp_path / "python3.12", "exit 0")
        assert self.chosen(tmp_path) == "python3.12\n"

    def test_a_path_with_a_blank_is_one_name(self, tmp_path: Path) -> None:
        """`make lab PYTHON="/my py/python3"`."""
        folder = tmp_path / "my py"
        folder.mkdir()
        program(folder / "python3", "exit 0")
        answer = subprocess.run(
            ["/bin/sh", "tools/python.sh"],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "PYTHON": str(folder / "python3")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.stdout == f"{folder / 'python3'}\n"

    def test_without_any_python_it_says_what_to_do_too(self, tmp_path: Path) -> None:
        """And does not go on."""
        tmp_path.joinpath("empty").mkdir()
        answer = subprocess.run(
            ["/bin/sh", "tools/python.sh"],
            cwd=ROOT,
            env={"PATH": str(tmp_path / "empty")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 2
        assert "No Python found" in answer.stderr

    def chosen(self, folder: Path) -> str:
        return subprocess.run(
            ["/bin/sh", "tools/python.sh"],
            cwd=ROOT,
            env={"PATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        ).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout and unpacked as an installer would."""
    place = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = place.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(place / "installed")
    return place / "installed"


def test_the_wheel_carries_the_notebooks(wheel: Path) -> None:
    """All of them, the settings of JupyterLab, and nothing of the tests."""
    originals = {path.name: path.read_bytes() for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert {
        path.name: path.read_bytes() for path in (wheel / "jwt_demo" / "notebooks").glob("*.ipynb")
    } == originals
    assert (
        wheel
        / "jwt_demo"
        / "course"
        / "lab_settings"
        / "labconfig"
        / "default_setting_overrides.json"
    ).is_file()
    assert sorted(
        path.name for path in wheel.iterdir() if not path.name.endswith(".dist-info")
    ) == ["jwt_demo"]


def test_the_wheel_serves_jupyterlab_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """`jwt-demo lab -- --no-browser` far from any checkout."""
    surroundings = {**os.environ, "PYTHONPATH": str(wheel), "HOME": str(tmp_path / "home")}
    command = (
        [sys.executable, "-P", "-m", "jwt_demo"]
        if sys.version_info >= (3, 11)
        else [sys.executable, "-m", "jwt_demo"]
    )
    with subprocess.Popen(
        [*command, "lab", "--", "--no-browser", f"--port={free_port()}"],
        cwd=tmp_path,
        env=surroundings,
        stderr=subprocess.PIPE,
        text=True,
    ) as lab:
        try:
            assert lab.stderr is not None
            lines = iter(lab.stderr.readline, "")
            address = next(
                match for line in lines if (match := re.search(r"http://127\.0\.0\.1:\d+/", line))
            )[0]
            assert status_of(address + "api", while_running=lab) == 200
        finally:
            lab.terminate()
    assert {path.name for path in (tmp_path / "jwt-course").glob("*.ipynb")} == {
        path.name for path in (ROOT / "notebooks").glob("*.ipynb")
    }


def status_of(address: str, *, while_running: subprocess.Popen[str]) -> int:
    """What an address answers; JupyterLab prints its own a moment before it listens there."""
    while True:
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:
                return answer.status
        except urllib.error.URLError:
            if while_running.poll() is not None:
                raise
            time.sleep(0.05)


def program(path: Path, script: str) -> Path:
    """A program of that name which runs a line of shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path
