"""What `make site` writes, read and not opened: wheels, their list, and the settings of the hosted site, which needs the network."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

from website import inspector_page, lite, pyodide
from website.pages import outside

pytestmark = pytest.mark.site
CONNECT = "connect-src 'self'{};"


@pytest.fixture(scope="module")
def static(site: Path) -> Path:
    return site / "lite" / "static" / "pyodide"


@pytest.fixture
def hosted(site: Path, static: Path, tmp_path: Path) -> dict[str, Any]:
    """The list of packages that a hosted site would have."""
    for wheel in static.glob("*.whl"):
        shutil.copy(wheel, tmp_path)
    pyodide.lock(pyodide.fetch(site.parent / "site-cache"), tmp_path, hosted=True)
    return json.loads((tmp_path / pyodide.LOCK).read_text("utf-8"))["packages"]


def listed(static: Path) -> dict[str, Any]:
    return json.loads((static / pyodide.LOCK).read_text("utf-8"))["packages"]


def test_the_list_names_the_wheels_that_are_there_and_no_other(static: Path) -> None:
    """With their hashes; so no package is looked for anywhere else."""
    wheels = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in static.glob("*.whl")
    }
    packages = listed(static).values()
    assert {one["file_name"]: one["sha256"] for one in packages} == wheels


def test_every_module_is_there_as_bytecode(static: Path) -> None:
    """Of the course the source too, which lessons show; the lessons themselves stand beside the kernel and not in its wheel."""
    for archive in [*static.glob("*.whl"), static / "python_stdlib.zip"]:
        names = zipfile.ZipFile(archive).namelist()
        sources = {name for name in names if name.endswith(".py")}
        if archive.name.startswith("jwt_demo-"):
            compiled = sum(name.endswith(".cpython-314.pyc") for name in names)
            assert len(sources) == compiled > 200
            assert not any(name.startswith("jwt_demo/notebooks/") for name in names)
        else:
            assert sources == set(), archive.name


def test_the_wheel_to_download_is_whole(site: Path) -> None:
    """With the lessons, and without bytecode of one Python."""
    [wheel] = (site / "wheels").glob("jwt_demo-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "jwt_demo/notebooks/02_login.ipynb" in names
    assert not any(name.endswith(".pyc") for name in names)


def test_a_kernel_names_every_package_and_asks_no_index(site: Path, static: Path) -> None:
    """A package that is not named would be looked for."""
    settings = json.loads((site / "lite" / "jupyter-lite.json").read_text("utf-8"))
    kernel = settings["jupyter-config-data"]["litePluginSettings"][lite.KERNEL]
    assert kernel["disablePyPIFallback"] is True
    assert kernel["loadPyodideOptions"]["packages"] == sorted(listed(static))


def test_hosted_adds_what_is_compiled_from_pyodides_own_distribution(hosted) -> None:
    """`cryptography` and Argon2 with all that they need, by address and hash; everything else stays what it is offline."""
    from_outside = {
        name: one for name, one in hosted.items() if one["file_name"].startswith("https:")
    }
    assert {"cryptography", "argon2-cffi", "argon2-cffi-bindings", "cffi"} <= from_outside.keys()
    for name, one in from_outside.items():
        assert one["file_name"].startswith(f"{PYODIDE_CDN_URL}/"), name
        assert len(one["sha256"]) == 64
    assert all(needed in hosted for one in hosted.values() for needed in one["depends"])
    assert "pyjwt" not in from_outside


def test_hosted_runs_all_lessons() -> None:
    """Offline those that need no keys but secrets."""
    every = {path.name[:2] for path in (lite.ROOT / "notebooks").glob("*.ipynb")}
    assert every == set(lite.steps(hosted=True))
    assert every - set(lite.steps(hosted=False)) == {"09", "10", "12"}


@pytest.mark.parametrize(("mode", "sources"), [(False, ""), (True, f" {PYODIDE_CDN_URL}/")])
def test_the_inspector_may_load_from_this_site_and_hosted_from_pyodides(
    tmp_path: Path, mode: bool, sources: str
) -> None:
    """The policy in the page says it, and the browser keeps to it."""
    inspector_page.build(tmp_path, hosted=mode)
    assert CONNECT.format(sources) in (tmp_path / "inspector.html").read_text("utf-8")
    assert outside(tmp_path) == []
