"""The files that tools and services read: each can be parsed, and names what is there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

import jwt_demo
from jwt_demo.cli.main import main
from rerun import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
YAML = [
    *WORKFLOWS,
    *sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")),
    ROOT / ".github" / "dependabot.yml",
    ROOT / ".pre-commit-config.yaml",
    ROOT / "CITATION.cff",
]
VERBS = set(re.findall(r"^([a-z-]+)(?=[ a-z%-]*:)", (ROOT / "Makefile").read_text(), re.MULTILINE))
VERBS |= {"lab-environment", "test-environment"}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def verbs_in(text: str) -> set[str]:
    return set(re.findall(r"\bmake ([a-z-]+)", text))


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_it_is_yaml(path: Path) -> None:
    """A mapping, as all of them are."""
    assert isinstance(read(path), dict)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_bounded_and_may_write_nothing(path: Path) -> None:
    """Every job ends, no job has more rights than it says, and what has never run says so."""
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    assert "Not run yet" in path.read_text().splitlines()[0]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 30
        for step in job["steps"]:
            assert verbs_in(step.get("run", "")) <= VERBS


def test_the_matrix_is_what_the_package_promises() -> None:
    """Every Python that a classifier names, and no other."""
    matrix = read(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]["python"]["strategy"]
    pythons = matrix["matrix"]["python"]
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if ":: 3." in line]
    assert pythons == named
    assert all(version in SpecifierSet(PROJECT["requires-python"]) for version in pythons)


def test_the_version_stands_in_two_places_and_is_the_same() -> None:
    """CITATION.cff is read by people who cite; the package has it otherwise."""
    assert str(read(ROOT / "CITATION.cff")["version"]) == jwt_demo.__version__


def test_the_container_opens_in_the_course() -> None:
    """Its commands exist, and the file it opens is one of the course."""
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    commands = container["postCreateCommand"]
    assert verbs_in(commands) <= VERBS
    assert set(re.findall(r"jwt-demo ([a-z]+)", commands)) <= set(main.commands)
    (opened,) = container["customizations"]["codespaces"]["openFiles"]
    assert (ROOT / "notebooks" / Path(opened).name).is_file()


def test_binder_has_a_fixed_python_and_opens_a_working_copy() -> None:
    """A version that the course supports, commands that exist, and files that may be run."""
    wanted = read(ROOT / "binder" / "environment.yml")["dependencies"]
    (python,) = [entry for entry in wanted if entry.startswith("python")]
    assert re.fullmatch(r"python=3\.\d+", python)
    assert SpecifierSet(PROJECT["requires-python"]).contains(python.partition("=")[2])
    for name in ("postBuild", "start"):
        script = ROOT / "binder" / name
        assert os.access(script, os.X_OK)
        assert "copy" in re.findall(r"jwt-demo ([a-z]+)", script.read_text())
    assert "lab/tree/jwt-course/00_start_here.ipynb" in (ROOT / "docs" / "teaching.md").read_text()


def test_hooks_run_what_lint_runs() -> None:
    """The same programs, from the same environment."""
    entries = [
        hook["entry"] for hook in read(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    ]
    lint = (ROOT / "Makefile").read_text().partition("\nlint:")[2].partition("\n\n")[0]
    for program in ("ruff check", "ruff format", "mypy"):
        assert any(entry.startswith(f".venv/bin/{program}") for entry in entries)
        assert f"$(BIN)/{program}" in lint


def test_blame_skips_commits_that_exist() -> None:
    """Each a whole hash; `git blame` refuses a file with a wrong one."""
    lines = (ROOT / ".git-blame-ignore-revs").read_text().splitlines()
    revisions = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch("[0-9a-f]{40}", revision) for revision in revisions)
    if (ROOT / ".git").exists():
        asked = ["git", "-C", str(ROOT), "rev-parse", "--is-shallow-repository"]
        shallow = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
        for revision in revisions if shallow == "false" else ():
            subprocess.run(["git", "-C", str(ROOT), "cat-file", "-e", revision], check=True)


def test_the_readme_maps_every_folder_of_the_package() -> None:
    """And names nothing that is not there."""
    section = (ROOT / "README.md").read_text().partition("## Files")[2]
    rows = [line.split("|")[1:4] for line in section.splitlines() if line.startswith("| `")]
    places = [place for where, _, _ in rows for place in re.findall("`([^`]+)`", where)]
    folders = [
        f"jwt_demo/{path.name}/"
        for path in (ROOT / "jwt_demo").iterdir()
        if (path / "__init__.py").is_file()
    ]
    assert set(folders) <= set(places)
    for where, what, begin in rows:
        folder = ROOT / re.findall("`([^`]+)`", where)[0]
        assert folder.exists(), where
        for name in re.findall("`([a-z0-9_/]+(?:/|[.](?:py|ipynb|md)))`", f"{what} {begin}"):
            assert (folder / name).exists() or (folder.parent / name).exists(), name


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md", "README.md"])
def test_a_path_that_a_page_names_exists(page: str) -> None:
    """Pages go stale where files move."""
    text = (ROOT / page).read_text()
    paths = re.findall("`((?:jwt_demo|tests|tools|notebooks|docs|[.]github|[.]ci)/[^`*… ]*)`", text)
    made_up = ("NN", "name.py")
    for path in paths:
        if not any(word in path for word in made_up):
            assert (ROOT / path).exists(), path


def test_every_verb_that_a_page_names_is_in_the_makefile() -> None:
    """`make nosuch` helps nobody."""
    for page in ("README.md", "CONTRIBUTING.md"):
        spans = re.findall("`(make [^`]+)`", (ROOT / page).read_text())
        for span in spans:
            assert verbs_in(span) <= VERBS, span


def test_an_ignored_type_has_its_reason() -> None:
    """`# type: ignore[error]  # why`, so that whoever comes next can tell whether it still holds."""
    for path in (ROOT / "jwt_demo").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "# type: ignore" not in line or re.search(r"ignore\[[\w,-]+\]  # \S", line), (
                f"{path.name}: {line.strip()}"
            )
