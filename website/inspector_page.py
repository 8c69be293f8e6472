"""`inspector.html`: the inspector as a page of its own, from the same files that a notebook's widget has."""

from __future__ import annotations

import shutil
from pathlib import Path

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL

HERE = Path(__file__).parent
DISPLAY = HERE.parent / "jwt_demo" / "display"
HS_ALONE = "This copy of the page has HS256, HS384 and HS512; signatures of RSA, ECDSA and EdDSA are shown and not checked."
ALL = "It has every algorithm that the course has."


def build(target: Path, *, hosted: bool) -> None:
    """The page and its folder into the site; Python is taken from the folder of JupyterLite."""
    folder = target / "inspector"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("page.js", "page.css", "theme.js"):
        shutil.copy(HERE / "inspector" / name, folder)
    for name in ("inspector.js", "inspector.css", "outputs.css"):
        shutil.copy(DISPLAY / name, folder)
    page = (HERE / "inspector" / "page.html").read_text("utf-8")
    page = page.replace("{sources}", f" {PYODIDE_CDN_URL}/" if hosted else "")
    page = page.replace("{algorithms}", ALL if hosted else HS_ALONE)
    (target / "inspector.html").write_text(page, "utf-8")
