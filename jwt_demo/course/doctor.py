"""Is this machine ready for the course? Every answer that is no brings the command that fixes it.

What is demanded is read from the package's own metadata. Nothing here changes anything.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import shlex
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from ..server.processes import past_proxies
from ..server.runtime import HAS_THREADS

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PYTHON = (3, 10)
PACKAGES = ("jwt", "aiohttp", "cryptography", "argon2", "IPython", "ipykernel", "anywidget", "h11", "click", "rich")  # fmt: skip
# A reader's file of such a name hides the real module; one that is built into Python can't be hidden.
HIDEABLE = {*PACKAGES, *sys.stdlib_module_names} - {*sys.builtin_module_names, "__future__"}


@dataclass(frozen=True)
class Answer:
    """One question to the machine; `found` is what the shell command adds, `fix` the command to type."""

    ok: bool
    text: str
    found: str = ""
    fix: str = ""
    optional: bool = False  # a step near the end needs it, the others do not
    group: str = ""  # what it is one of; a group without a flaw is one line

    @property
    def mark(self) -> str:
        return "✓" if self.ok else "○" if self.optional else "✗"


@dataclass(frozen=True)
class Line:
    """One answer, or a whole group without a flaw, and the command that fixes it."""

    mark: str
    text: str
    fix: str = ""


class Diagnosis(tuple[Answer, ...]):
    """All answers; true when the course can start. It shows itself at the end of a cell, the same on every machine that is ready."""

    def __bool__(self) -> bool:
        return all(answer.ok or answer.optional for answer in self)

    def found(self, *, all: bool = False) -> list[Line]:
        """Each answer and what fixes it; with `all`, also what was found, and each package by itself."""
        flawed = {answer.group for answer in self if not answer.ok}
        lines: list[Line] = []
        for answer in self:
            folded = answer.group and answer.group not in flawed and not all
            text = answer.group if folded else answer.text
            if answer.found and not folded and (all or not answer.ok):
                text += f" (found {answer.found})"
            line = Line(answer.mark, text, "" if answer.ok else answer.fix)
            lines += [line] if line not in lines else []
        return lines

    def verdict(self) -> str:
        return (
            "Ready."
            if self
            else "Not ready. Do what the line under each ✗ says (run commands in a terminal), then check again."
        )

    def lines(self, *, all: bool = False) -> list[str]:
        """The whole as text."""
        lines: list[str] = []
        for line in self.found(all=all):
            lines.append(f"{line.mark} {line.text}")
            lines += [f"    {line.fix}"] if line.fix else []
        return [*lines, "", self.verdict()]

    def __str__(self) -> str:
        return "\n".join(self.lines())

    __repr__ = __str__

    def _repr_html_(self) -> str | None:
        """A card; nothing where a package is missing that draws it, and then the text is shown."""
        try:
            from .doctor_card import diagnosis_page

            return diagnosis_page(self)
        except ImportError:
            return None


def examine(folder: Path | None = None) -> Diagnosis:
    """Ask this machine, and look in `folder` (default: here) for files that hide a package."""
    if not HAS_THREADS:
        return Diagnosis([*ask_python(), *ask_packages(), *ask_jwt(), *ask_tab()])
    return Diagnosis(
        [
            *ask_python(),
            *ask_packages(),
            *ask_jwt(),
            *ask_own_files(folder or Path.cwd()),
            *ask_kernel(),
            *ask_loopback(),
            *ask_proxies(os.environ),
        ]
    )


def ask_python() -> Iterator[Answer]:
    wanted, found = ".".join(map(str, PYTHON)), ".".join(map(str, sys.version_info[:3]))
    # No fix: what is older cannot import this module; pip and `make` say what to do there.
    yield Answer(sys.version_info >= PYTHON, f"Python {wanted} or newer", found)


def ask_packages() -> Iterator[Answer]:
    """Every requirement of jwt_demo, those of its extras as optional."""
    try:
        from packaging.requirements import Requirement

        lines = metadata.requires("jwt_demo") or []
    except (ImportError, metadata.PackageNotFoundError) as error:
        yield Answer(False, f"jwt_demo is installed ({error})", fix=install("jwt_demo"))
        return

    for requirement in map(Requirement, lines):
        if requirement.name == "jwt_demo" or (
            requirement.marker and "test" in str(requirement.marker)
        ):
            continue
        base = wanted_with(requirement, "")
        later = HAS_THREADS and any(
            wanted_with(requirement, one) for one in ("redis", "frameworks")
        )
        if base or later:
            yield ask_package(requirement, optional=not base)


def wanted_with(requirement: Requirement, extra: str) -> bool:
    """Whether an installation with this extra ('' for none) takes the requirement, on this machine."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def ask_package(requirement: Requirement, *, optional: bool) -> Answer:
    wanted = f"{requirement.name}{extras(requirement)}{requirement.specifier}"
    text = f"{requirement.name} {str(requirement.specifier).removeprefix('>=')} or newer{', for a later step' if optional else ''}"
    group = (
        "the additional packages of later steps are installed"
        if optional
        else "the packages of the course are installed"
    )
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


def extras(requirement: Requirement) -> str:
    return f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""


def needed_by_extras(requirement: Requirement) -> list[str]:
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
        "PyJWT is the only installed package that is imported as jwt",
        "another one, named jwt" if stranger else "",
        f"{uninstall('jwt')} && {again}",
    )


def ask_own_files(folder: Path) -> Iterator[Answer]:
    paths = hiding_files(folder)
    fix = " && ".join(rename(path, free_name(path, "my_")) for path in paths)
    yield Answer(
        not paths,
        "no file in this folder has the name of a Python package or module",
        ", ".join(path.name for path in paths),
        fix,
    )


def hiding_files(folder: Path) -> list[Path]:
    """Files and packages in a folder that Python would import in place of a module of that name: `jwt.py` in place of PyJWT."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        path
        for path in entries
        if (path.suffix == ".py" and path.stem in HIDEABLE and path.is_file())
        or (path.name in HIDEABLE and (path / "__init__.py").is_file())
    ]


def ask_kernel() -> Iterator[Answer]:
    """The kernel `python3` of JupyterLab must run this very Python; the first folder that has one of that name counts."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_core.paths import ENV_JUPYTER_PATH
    except ImportError:
        return  # the packages said so already
    own = [str(Path(path) / "kernels") for path in ENV_JUPYTER_PATH]
    found, fixes = "", []
    for kernels in KernelSpecManager().kernel_dirs:
        spec = Path(kernels) / "python3"
        program = program_of(spec)
        if program is None:
            continue
        if runs_here(program):
            break
        found = found or program
        if kernels in own:  # a folder of this very Python: it is overwritten
            fixes.append(f"{python()} -m ipykernel install --sys-prefix")
            break
        if os.access(kernels, os.W_OK):  # kept, under another name
            fixes.append(rename(spec, free_name(spec, "", "-other")))
        else:
            fixes.append(f"{python()} -m ipykernel install --sys-prefix")
            break
    yield Answer(
        not fixes, "notebooks run with this installation of Python", found, " && ".join(fixes)
    )


def program_of(spec: Path) -> str | None:
    """What a kernel's folder starts; None where there is no kernel."""
    try:
        argv = json.loads((spec / "kernel.json").read_text("utf-8"))["argv"]
    except OSError:
        return None
    except (ValueError, KeyError, TypeError):
        return "a kernel.json that cannot be read"
    return str(argv[0]) if isinstance(argv, list) and argv else "nothing"


def runs_here(program: str) -> bool:
    """Whether a kernel's program is this Python. Pythons of two environments may be links to one file."""
    if program in ("python", "python3", f"python3.{sys.version_info[1]}"):
        return True  # Jupyter puts its own Python there
    path = Path(shutil.which(program) or program)
    here = Path(sys.executable)
    same_folder = os.path.realpath(path.parent) == os.path.realpath(here.parent)
    return same_folder and os.path.realpath(path) == os.path.realpath(here)


def ask_loopback() -> Iterator[Answer]:
    try:
        socket.create_server(("127.0.0.1", 0)).close()
        problem = ""
    except OSError as error:
        problem = str(error)
    yield Answer(
        not problem,
        "a server can run on this machine, at the address 127.0.0.1",
        problem,
        "ask the administrator of this machine to allow programs to listen on 127.0.0.1",
    )


def ask_tab() -> Iterator[Answer]:
    """In a browser tab there is no loopback to listen on, and there are things to know."""
    from .tab import differences

    yield Answer(True, "servers listen in the memory of this tab; nothing leaves it")
    for sentence in differences():
        yield Answer(False, sentence, optional=True)


def ask_proxies(environment: Mapping[str, str]) -> Iterator[Answer]:
    """A proxy that is asked for this machine too would be sent the tokens. What a lesson starts is told; a terminal is not."""
    names = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
    proxies = [name for name in names if environment.get(name)]
    if not proxies:
        return
    wanted = past_proxies(environment)["NO_PROXY"]
    past = {
        name.strip()
        for name in environment.get("no_proxy", environment.get("NO_PROXY", "")).split(",")
    }
    verb = "set" if os.name == "nt" else "export"
    yield Answer(
        "*" in past or {"127.0.0.1", "localhost"} <= past,
        "programs in a terminal reach servers on this machine without a proxy",
        ", ".join(proxies),
        f"{verb} NO_PROXY={wanted}" + ("" if os.name == "nt" else f" no_proxy={wanted}"),
        optional=True,
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


def rename(path: Path, target: Path) -> str:
    if os.name == "nt":
        return f'ren "{path}" "{target.name}"'
    return f"mv {shlex.quote(str(path))} {shlex.quote(str(target))}"


def free_name(path: Path, before: str, after: str = "") -> Path:
    """A name beside it that nobody has."""
    stem, suffix = (path.stem, path.suffix) if path.suffix == ".py" else (path.name, "")
    names = (f"{before}{stem}{after}{number or ''}{suffix}" for number in itertools.count())
    return next(path.with_name(name) for name in names if not path.with_name(name).exists())
