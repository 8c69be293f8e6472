"""The floors of the package: an import never points upward, not even one inside a function."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from rerun import ROOT

PACKAGE = ROOT / "jwt_demo"
FLOORS = {  # a module's floor, by its name or that of its folder; what is listed nowhere fails the test
    0: "tokens escaping files",
    1: "stages server",
    2: "probes display frameworks",
    3: "exercises testing",
    4: "course",
    5: "grading",
    6: "cli __main__",
}
FLOOR = {name: floor for floor, names in FLOORS.items() for name in names.split()}
PURE = (
    "algorithms",
    "anatomy",
    "claims",
    "finding_codes",
    "findings",
    "forms",
    "kinds",
    "member_types",
    "registry",
    "repair",
    "strict_json",
)
MODULES = sorted(PACKAGE.rglob("*.py"))


def inner_imports(path: Path) -> set[str]:
    """The rooms of the package that a module imports anywhere in its text, by the first part of their name."""
    folder = path.relative_to(PACKAGE).parent.parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = folder[: len(folder) - node.level + 1]
            full = (*base, *(node.module.split(".") if node.module else ()))
            found |= {full[0]} if full else {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "jwt_demo":
            parts = (node.module or "").split(".")[1:]
            found |= {parts[0]} if parts else {name.name for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {
                name.name.split(".")[1] for name in node.names if name.name.startswith("jwt_demo.")
            }
    return found


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if room(path) != "__init__"],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_no_import_points_upward(path: Path) -> None:
    """A module knows its own floor and those below."""
    own = FLOOR[room(path)]
    assert [name for name in inner_imports(path) if name in FLOOR and FLOOR[name] > own] == []


@pytest.mark.parametrize("name", PURE)
def test_the_ground_floor_is_pure(name: str) -> None:
    """What a token is needs no clock, no key, no network, and nothing but the standard library."""
    for node in ast.walk(
        ast.parse((PACKAGE / "tokens" / f"{name}.py").read_text(encoding="utf-8"))
    ):
        modules = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
        for module in modules:
            assert module.split(".")[0] in sys.stdlib_module_names
            assert module.split(".")[0] not in {
                "time",
                "os",
                "socket",
                "asyncio",
                "secrets",
                "random",
                "io",
                "pathlib",
                "subprocess",
            }


def test_every_room_has_a_floor() -> None:
    """A new module is put on a floor by hand."""
    assert sorted({room(path) for path in MODULES} - FLOOR.keys()) == ["__init__"]


def test_importing_the_package_costs_next_to_nothing() -> None:
    """Names are imported when they are used: neither aiohttp nor PyJWT comes along."""
    script = "import sys, jwt_demo; print(sorted({'aiohttp', 'jwt', 'click', 'rich', 'IPython'} & sys.modules.keys()))"
    assert (
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_help_imports_no_command() -> None:
    """`jwt-demo --help` answers at once, and also where one command is broken."""
    script = (
        "import sys; from jwt_demo.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print(sorted({'aiohttp', 'jwt', 'rich', 'nbclient'} & sys.modules.keys()))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        ).stdout.splitlines()[-1]
        == "[]"
    )


def test_every_public_name_can_be_had() -> None:
    """What `jwt_demo` promises is there."""
    import jwt_demo

    assert all(getattr(jwt_demo, name) is not None for name in jwt_demo.__all__)
