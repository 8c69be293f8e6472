"""The strict gate: what must be true of a stored notebook, and of a fresh run of it, that nbval does not look at.

nbval never looks at a kernel's reply, so an unknown magic passes; it skips cells that were never run; and a cell tagged
`raises-exception` that raises nothing suits it too. Usage: python tools/gate.py [NOTEBOOK | STEP ...]
"""

from __future__ import annotations

import getpass
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rerun import (
    NOTEBOOKS,
    RANDOM_ID,
    StoppedRun,
    chosen,
    code_cells,
    raised,
    read,
    run,
    sanitised,
    tags,
    texts,
)


@dataclass(frozen=True)
class Finding:
    rule: str
    cell: str  # its id, or "" for the notebook as a whole
    message: str

    def __str__(self) -> str:
        return f"[{self.rule}] {self.cell + ': ' if self.cell else ''}{self.message}"


def examine(notebook: Any, *, user: str | None = None) -> list[Finding]:
    """What is wrong with a notebook as it is stored; nothing is run."""
    checks = (
        never_run,
        counts,
        failures,
        kernel,
        ids,
        metadata,
        length,
        prose,
        stderr,
        places,
        secrets,
        images,
    )
    findings = [finding for check in checks for finding in check(notebook)]
    return findings + list(persons(notebook, user if user is not None else getpass.getuser()))


def examine_run(notebook: Any, *, folder: Path = NOTEBOOKS, timeout: int = 60) -> list[Finding]:
    """What is wrong with a fresh run from top to bottom. The kernel's reply is honoured, so an unknown magic is an error."""
    try:
        fresh = run(notebook, folder=folder, timeout=timeout)
    except StoppedRun as stop:
        return [Finding("run", "", str(stop))]
    return [finding for check in (failures, stderr) for finding in check(fresh)]


def never_run(notebook: Any) -> Iterator[Finding]:
    for cell in code_cells(notebook):
        if cell.execution_count is None:
            yield Finding("never-run", cell.get("id", ""), "was never run: `make notebooks`")


def counts(notebook: Any) -> Iterator[Finding]:
    found = [cell.execution_count for cell in code_cells(notebook)]
    if None not in found and found != list(range(1, len(found) + 1)):
        yield Finding(
            "counts",
            "",
            f"the cells were not run in order from the top, their counts are {found}: `make notebooks`",
        )


def failures(notebook: Any) -> Iterator[Finding]:
    for cell in code_cells(notebook):
        tagged = "raises-exception" in tags(cell)
        if tagged and not raised(cell):
            yield Finding(
                "silent", cell.get("id", ""), "is tagged raises-exception and raises nothing"
            )
        if raised(cell) and not tagged:
            yield Finding("failed", cell.get("id", ""), "failed and is not tagged raises-exception")


def kernel(notebook: Any) -> Iterator[Finding]:
    name = notebook.metadata.get("kernelspec", {}).get("name")
    if name != "python3":
        yield Finding("kernel", "", f"the kernel is {name!r}, every machine has 'python3'")


def ids(notebook: Any) -> Iterator[Finding]:
    found = [cell.get("id", "") for cell in notebook.cells]
    for name, number in Counter(found).items():
        if number > 1:
            yield Finding("ids", name, f"{number} cells have this id")
        elif RANDOM_ID.fullmatch(name) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,62}", name):
            yield Finding("ids", name, "is no lasting name, say 02-first-token: `make notebooks`")


def metadata(notebook: Any) -> Iterator[Finding]:
    for name in notebook.metadata:
        if name not in ("kernelspec", "language_info"):
            yield Finding("metadata", "", f"the notebook carries {name!r}: `make notebooks`")
    for cell in notebook.cells:
        for name in cell.metadata:
            if name not in ("tags", "jupyter"):
                yield Finding("metadata", cell.get("id", ""), f"carries {name!r}: `make notebooks`")


def length(notebook: Any) -> Iterator[Finding]:
    for cell in code_cells(notebook):
        lines = len(cell.source.splitlines())
        if lines > LONGEST:
            yield Finding("length", cell.get("id", ""), f"has {lines} lines, {LONGEST} at most")


def prose(notebook: Any) -> Iterator[Finding]:
    words, code = (
        sum(cell.cell_type == "markdown" for cell in notebook.cells),
        len(code_cells(notebook)),
    )
    if words < LEAST_PROSE * code:
        yield Finding(
            "prose", "", f"{words} prose cells to {code} code cells, at least {LEAST_PROSE} to 1"
        )


def stderr(notebook: Any) -> Iterator[Finding]:
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                yield Finding(
                    "stderr", cell.get("id", ""), f"wrote to stderr: {output.text.strip()[:200]!r}"
                )


def places(notebook: Any) -> Iterator[Finding]:
    """Paths of one machine, and addresses that the sanitise rules do not know."""
    for cell, text in shown(notebook):
        for match in ABSOLUTE_PATH.finditer(text):
            yield Finding("path", cell.get("id", ""), f"shows an absolute path: {match[0]!r}")
        for match in ADDRESS.finditer(sanitised(text)):
            yield Finding(
                "address",
                cell.get("id", ""),
                f"shows an address that differs from run to run: {match[0]!r}",
            )


def persons(notebook: Any, user: str) -> Iterator[Finding]:
    """The name of whoever ran it last; a name that the lesson itself uses is no trace."""
    lesson = "\n".join(cell.source for cell in notebook.cells)
    word = re.compile(rf"(?<!\w){re.escape(user)}(?!\w)")
    if len(user) < 3 or word.search(lesson):
        return
    for cell, text in shown(notebook):
        if word.search(text):
            yield Finding(
                "user", cell.get("id", ""), f"shows the name of a user of this machine: {user!r}"
            )


def secrets(notebook: Any) -> Iterator[Finding]:
    for cell, text in shown(notebook):
        for pattern in SECRETS:
            for match in pattern.finditer(text):
                yield Finding(
                    "secret",
                    cell.get("id", ""),
                    f"shows what looks like a token or a key: {match[0][:24]!r}…",
                )


def images(notebook: Any) -> Iterator[Finding]:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (
            re.search(r"!\[\s*\]", cell.source) or mute(cell.source)
        ):
            yield Finding("alt", cell.get("id", ""), "has an image without a text in its place")
    for cell in code_cells(notebook):
        for data in (output.get("data", {}) for output in cell.outputs):
            pictured = any(mime.startswith("image/") for mime in data)
            unnamed = re.fullmatch(r"(<[^>]*>)?", str(data.get("text/plain", "")).strip())
            if (pictured and unnamed) or mute(str(data.get("text/html", ""))):
                yield Finding(
                    "alt", cell.get("id", ""), "shows an image without a text in its place"
                )


def mute(html: str) -> bool:
    """Whether an image in a piece of HTML says nothing to those who do not see it; alt="" marks a decoration."""
    pictures = [
        tag for tag in re.findall(r"<img\b[^>]*>", html) if not re.search(r"\balt\s*=", tag)
    ]
    drawings = [
        svg
        for svg in re.findall(r"<svg\b.*?</svg>", html, re.DOTALL)
        if not re.search(r"^<svg\b[^>]*aria-(label|hidden)|<title", svg)
    ]
    return bool(pictures or drawings)


def shown(notebook: Any) -> Iterator[tuple[Any, str]]:
    for cell in code_cells(notebook):
        for output in cell.outputs:
            for text in texts(output):
                yield cell, text


LONGEST = 25  # lines of a code cell
LEAST_PROSE = 0.6  # prose cells to a code cell
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/<~-])/(?:home|root|Users|tmp|private|var|opt|usr|mnt|work|workspace|builds?|app)/[^\s'\"<>)]*"
    r"|\b[A-Z]:\\\\?(?!n\b)\w[^\s'\"<>]*"
)
ADDRESS = re.compile(
    r"\b0x[0-9a-fA-F]{6,}"  # in memory
    r"|\b(?:127\.0\.0\.1|localhost|::1)['\"\]]?[:, ]+\d{4,5}\b"  # a port the rules do not see, say ('127.0.0.1', 40123)
    r"|(?<![\d.])(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)(?:\.\d{1,3}){2,3}(?![\d.])"  # of one network
    r"|\bport[ =:]+[3-6]\d{4}\b"
)
SECRETS = (
    re.compile(r"\bey[A-Za-z0-9_-]{17,}\.ey[A-Za-z0-9_-]{17,}\.[A-Za-z0-9_-]{10,}"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(
        r"(?i)(?:secret|private|password|passwd|api[_-]?key|\bkey|\b[dk])['\"]?\s*[:=]\s*['\"]?(?=[\w+/-]*\d)[\w+/-]{32,}"
    ),
)


def main(arguments: list[str]) -> int:
    found = 0
    for path in chosen(arguments):
        notebook = read(path)
        for finding in [*examine(notebook), *examine_run(notebook, folder=path.parent)]:
            found += 1
            print(f"{path.name} {finding}")
    print(f"{found} findings" if found else "Nothing found.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
