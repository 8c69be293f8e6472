"""A page for each probe: what it sends, why, and how to fix what it found. The pages are files of this package."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def page_of(name: str, *, whole: bool = False) -> str:
    """Where the page of a probe is, in the package or (`whole`) on this machine; '' where it has none."""
    path = FOLDER / f"{name}.md"
    if not path.exists():
        return ""
    return str(path) if whole else f"jwt_demo/probes/pages/{name}.md"
