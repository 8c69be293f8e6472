"""JupyterLite: JupyterLab in a tab, with the lessons that run there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from . import bytecode, pyodide, wheels
from .commands import python

ROOT = Path(__file__).parent.parent
OFFLINE = ("00", "01", "02", "03", "04", "05", "06", "07", "08", "11", "13")
HOSTED = ("09", "10", "12")  # they want `cryptography`
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
LAB_SETTINGS = ROOT / "jwt_demo" / "course" / "lab_settings" / "labconfig"


def build(work: Path, cache: Path, target: Path, *, hosted: bool) -> None:
    """JupyterLite into `target`; `work` holds what it is built from."""
    shutil.rmtree(work, ignore_errors=True)
    static = work / "static" / "pyodide"
    static.mkdir(parents=True)
    wheels.collect(cache / "wheels", work / "wheel", static)
    core = pyodide.fetch(cache)
    pyodide.copy(core, static)
    bytecode.compile_all(core, static, work / "bytecode")
    names = pyodide.lock(core, static, hosted=hosted)
    (work / "jupyter-lite.json").write_text(json.dumps(settings(names), indent=1), "utf-8")
    shutil.copy(LAB_SETTINGS / "default_setting_overrides.json", work / "overrides.json")
    content = work / "content"
    content.mkdir()
    for notebook in lessons(steps(hosted=hosted)):
        shutil.copy(notebook, content)
    python(
        "-m", "jupyterlite_core", "build", "--lite-dir", work, "--output-dir", target, "--contents", content,
        "--no-sourcemaps", "--apps", "lab", "--no-unused-shared-packages", cwd=work,
    )  # fmt: skip


def steps(*, hosted: bool) -> tuple[str, ...]:
    """The steps whose lessons run in a tab."""
    return (*OFFLINE, *(HOSTED if hosted else ()))


def lessons(steps: Iterable[str]) -> list[Path]:
    wanted = set(steps)
    return [
        path for path in sorted((ROOT / "notebooks").glob("*.ipynb")) if path.name[:2] in wanted
    ]


def settings(packages: list[str]) -> dict[str, object]:
    """Every package is named, so that none is looked for anywhere else; no other index is asked."""
    kernel = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": packages, "env": {"HOME": "/home/pyodide"}},
    }
    return {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "appName": "JSON Web Tokens in Python",
            "exposeAppInBrowser": True,
            "litePluginSettings": {KERNEL: kernel},
        },
    }
