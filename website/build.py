"""`make site`: all of the site in dist/site. Fetches from the package indexes what `dist/site-cache` has not.

Usage: python -m website.build [offline | hosted] [FOLDER]
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

from . import inspector_page, lite, pages
from .wheels import ROOT

WORDS = {
    "offline": "asks no other machine: secrets (HS256) only",
    "hosted": "loads `cryptography` and Argon2 from Pyodide's own distribution, so it needs the network",
}


def build(site: Path, *, hosted: bool) -> None:
    work, cache = site.parent / "site-work", site.parent / "site-cache"
    cache.mkdir(parents=True, exist_ok=True)
    pages.build(work / "pages", site, hosted=hosted)
    lite.build(work / "lite", cache, site / "lite", hosted=hosted)
    inspector_page.build(site, hosted=hosted)
    shutil.copytree(work / "lite" / "wheel", site / "wheels")
    (site / ".nojekyll").touch()
    if loading := pages.outside(site):
        sys.exit(f"Pages that load something from another machine: {', '.join(loading[:10])}")


def size(folder: Path) -> str:
    files = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return f"{sum(files) / 1e6:.0f} MB in {len(files)} files"


def main(arguments: list[str]) -> int:
    mode, folder = (*arguments, *("offline", "")[len(arguments) :])
    if mode not in WORDS:
        sys.exit(f"Usage: python -m website.build [{' | '.join(WORDS)}] [FOLDER]")
    site = Path(folder or ROOT / "dist" / "site").resolve()
    started = time.perf_counter()
    build(site, hosted=mode == "hosted")
    print(f"{site}: {size(site)}, in {time.perf_counter() - started:.0f} s; it {WORDS[mode]}")
    print(f"To look at it: python -m http.server --bind 127.0.0.1 --directory {site}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
