"""`make test-oldest`: the package's tests on the oldest version of each requirement that pyproject.toml admits.

A floor that is not true shows here: a version that cannot be installed together with the others, or on which tests fail.
The environment stands in .venv-oldest, on the oldest Python that the package promises where this machine has it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from packaging.requirements import Requirement

from other_pythons import FLOOR, ROOT, named, pythons, run_tests

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

VENV = ROOT / ".venv-oldest"


def main() -> int:
    python = pythons().get(FLOOR, sys.executable)
    constraints = ROOT / ".venv-oldest.txt"
    constraints.write_text("".join(f"{line}\n" for line in floors(ROOT / "pyproject.toml")))
    where = f"Python {named(FLOOR)}" if python != sys.executable else "this Python"
    print(f"The oldest version of each requirement on {where}: the package's tests", flush=True)
    chosen = str(constraints)
    return run_tests(python, VENV, PIP_CONSTRAINT=chosen, UV_CONSTRAINT=chosen)


def floors(pyproject: Path) -> list[str]:
    """`name==version` for each requirement, with the oldest version that it admits."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for name in INSTALLED for line in extras[name])]
    requirements = [Requirement(line) for line in lines]
    return [
        f"{requirement.name}=={floor_of(requirement)}"
        for requirement in requirements
        if requirement.name != project["name"]
    ]


INSTALLED = ("redis", "frameworks", "test")  # the extras that `make test` installs


def floor_of(requirement: Requirement) -> str:
    """The version behind `>=`; every requirement of the course has one."""
    (floor,) = [each.version for each in requirement.specifier if each.operator == ">="]
    return floor


if __name__ == "__main__":
    sys.exit(main())
