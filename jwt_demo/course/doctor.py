"""Is this machine ready for the course? Every answer that is no brings the command that mends it.

What is demanded is read from the package's own metadata. Nothing here changes anything.
"""

from __future__ import annotations

import html
import importlib.util
import os
import shlex
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

PYTHON = (3, 10)
OWN_NAMES = (
    "jwt",
    "aiohttp",
    "token",
    "secrets",
    "base64",
    "hmac",
    "json",
)  # a reader's file of such a name hides the real one


@dataclass(frozen=True)
class Answer:
    """One question to the machine; `found` is what the shell command adds, `mend` the command to type."""

    ok: bool
    text: str
    found: str = ""
    mend: str = ""
    optional: bool = False  # a step near the end needs it, the others do not
    group: str = ""  # what it is one of; a group without a flaw is one line

    @property
    def mark(self) -> str:
        return "✓" if self.ok else "○" if self.optional else "✗"


class Diagnosis(tuple[Answer, ...]):
    """All answers; true when the course can start. It shows itself at the end of a cell, the same on every machine that is ready."""

    def __bool__(self) -> bool:
        return all(answer.ok or answer.optional for answer in self)

    def lines(self, *, all: bool = False) -> list[str]:
        """Each answer and what mends it; with `all`, also what was found, and each package by itself."""
        flawed = {answer.group for answer in self if not answer.ok}
        lines: list[str] = []
        for answer in self:
            folded = answer.group and answer.group not in flawed and not all
            line = f"{answer.mark} {answer.group if folded else answer.text}"
            if answer.found and not folded and (all or not answer.ok):
                line += f" (found {answer.found})"
            lines += [line] if line not in lines else []
            if answer.mend and not answer.ok:
                lines.append(f"    {answer.mend}")
        return [
            *lines,
            "",
            "Ready." if self else "Not ready. Type what stands under each ✗, then ask again.",
        ]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f'<pre class="jwt-demo">{html.escape(str(self))}</pre>'


def examine(folder: Path | None = None) -> Diagnosis:
    """Ask this machine, and look in `folder` (default: here) for files that hide a package."""
    return Diagnosis(
        [
            *ask_python(),
            *ask_packages(),
            *ask_jwt(),
            *ask_own_files(folder or Path.cwd()),
            *ask_kernel(),
            *ask_loopback(),
        ]
    )


def ask_python() -> Iterator[Answer]:
    wanted, found = ".".join(map(str, PYTHON)), ".".join(map(str, sys.version_info[:3]))
    yield Answer(
        sys.version_info >= PYTHON,
        f"Python {wanted} or newer",
        found,
        "conda env create -f environment.yml",
    )


def ask_packages() -> Iterator[Answer]:
    """Every requirement of jwt_demo, those of its extras as optional."""
    try:
        from packaging.requirements import Requirement

        lines = metadata.requires("jwt_demo") or []
    except (ImportError, metadata.PackageNotFoundError) as error:
        yield Answer(False, f"jwt_demo is installed ({error})", mend=install("jwt_demo"))
        return

    for requirement in map(Requirement, lines):
        if requirement.name == "jwt_demo" or (
            requirement.marker and "test" in str(requirement.marker)
        ):
            continue
        base = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if not base and not any(
            requirement.marker.evaluate({"extra": extra}) for extra in ("redis", "frameworks")
        ):
            continue
        yield ask_package(requirement, optional=not base)


def ask_package(requirement: Any, *, optional: bool) -> Answer:
    wanted = f"{requirement.name}{extras(requirement)}{requirement.specifier}"
    text = f"{requirement.name} {str(requirement.specifier).removeprefix('>=')} or newer{', for a later step' if optional else ''}"
    group = "the packages of later steps" if optional else "the packages of the course"
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return Answer(False, text, "none", install(wanted), optional, group)
    missing = [name for name in needed_by_extras(requirement) if not is_installed(name)]
    good = requirement.specifier.contains(found, prereleases=True) and not missing
    return Answer(
        good,
        text,
        f"{found}, without {', '.join(missing)}" if missing else found,
        install(wanted),
        optional,
        group,
    )


def extras(requirement: Any) -> str:
    return f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""


def needed_by_extras(requirement: Any) -> list[str]:
    """What PyJWT[crypto] needs beyond PyJWT."""
    from packaging.requirements import Requirement

    found = []
    for need in map(Requirement, metadata.requires(requirement.name) or []):
        if (
            need.marker
            and not need.marker.evaluate({"extra": ""})
            and any(need.marker.evaluate({"extra": extra}) for extra in requirement.extras)
        ):
            found.append(need.name)
    return found


def is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def ask_jwt() -> Iterator[Answer]:
    """`import jwt` must bring PyJWT; a package that is called jwt brings another module of that name."""
    stranger = is_installed("jwt")
    again = install("--force-reinstall", "PyJWT[crypto]>=2.15.1")
    yield Answer(
        not stranger,
        "no package named jwt beside PyJWT",
        "jwt" if stranger else "",
        f"{uninstall('jwt')} && {again}",
    )


def ask_own_files(folder: Path) -> Iterator[Answer]:
    found = [
        path
        for name in OWN_NAMES
        for path in (folder / f"{name}.py", folder / name / "__init__.py")
        if path.is_file()
    ]
    paths = [path.parent if path.name == "__init__.py" else path for path in found]
    mend = " && ".join(rename(path) for path in paths)
    yield Answer(
        not paths, "no file of yours hides a package", ", ".join(path.name for path in paths), mend
    )


def ask_kernel() -> Iterator[Answer]:
    """The kernel `python3` of JupyterLab must run this very Python."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return  # the packages said so already
    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except NoSuchKernel:
        program = "none"
    same = os.path.realpath(shutil.which(program) or program) == os.path.realpath(
        sys.executable
    ) or program in ("python", "python3")
    yield Answer(
        same,
        "notebooks run in this Python",
        program,
        f"{python()} -m ipykernel install --sys-prefix",
    )


def ask_loopback() -> Iterator[Answer]:
    try:
        socket.create_server(("127.0.0.1", 0)).close()
        problem = ""
    except OSError as error:
        problem = str(error)
    yield Answer(
        not problem,
        "a server can listen on 127.0.0.1",
        problem,
        "ask whoever looks after this machine to allow programs to listen on 127.0.0.1",
    )


def install(*what: str) -> str:
    return f"{installer('install')} {' '.join(map(shlex.quote, what))}"


def uninstall(name: str) -> str:
    return (
        f"{installer('uninstall')} {name}"
        if "uv pip" in installer("uninstall")
        else f"{installer('uninstall')} -y {name}"
    )


def installer(verb: str) -> str:
    if importlib.util.find_spec("pip") is None and shutil.which("uv"):
        return f"uv pip {verb} --python {python()}"
    return f"{python()} -m pip {verb}"


def python() -> str:
    return f'"{sys.executable}"' if os.name == "nt" else shlex.quote(sys.executable)


def rename(path: Path) -> str:
    verb = "ren" if os.name == "nt" else "mv"
    target = path.with_name(f"my_{path.name}")
    return f"{verb} {shlex.quote(str(path))} {shlex.quote(target.name if os.name == 'nt' else str(target))}"
