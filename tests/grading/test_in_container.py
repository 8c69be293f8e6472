"""A container for each notebook: what docker is told, and what is believed of what comes back. A program of that name stands for docker."""

from __future__ import annotations

import json
import os
import sys

import pytest

from jwt_demo.grading.verdict import MOST_OCTETS
from tests.grading.test_batch import LOOKUP, notebook, run

CORRECT = {
    "exercise": "01-lookup",
    "outcome": "correct",
    "message": "",
    "sent": "",
    "wanted": "",
    "got": "",
}
DOCKER = """#!{python}
import json, os, sys
with open({log!r}, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1] == "run":
    sys.stdout.write({answer})
"""


@pytest.fixture
def docker(tmp_path, monkeypatch):
    """`docker(answer)` puts a docker on the PATH that prints this; gives the commands that it gets."""

    def make(answer):
        program, log = tmp_path / "bin" / "docker", tmp_path / "log"
        program.parent.mkdir()
        text = DOCKER.format(python=sys.executable, log=str(log), answer=answer)
        program.write_text(text)
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return lambda: [json.loads(line) for line in log.read_text().splitlines()]

    return make


def judged(tmp_path):
    notebook(tmp_path / "class" / "ada", LOOKUP.solution)
    _, out, err = run(tmp_path / "class", "--container", "jwt-demo:1", "--json", "--no-cache")
    (row,) = json.loads(out)["learners"]
    return row, err


def test_a_container_has_no_network_no_rights_and_one_notebook(tmp_path, docker):
    """And is ended by its name afterwards, whatever became of the command that started it."""
    report = {"learners": [{"exercises": {"01-lookup": CORRECT}, "problems": {}}]}
    commands = docker(repr(json.dumps(report)))
    row, _ = judged(tmp_path)
    assert row["how"] == {"01_setup.ipynb": "container"}
    assert row["exercises"]["01-lookup"]["outcome"] == "correct"
    assert row["exercises"]["01-add-route"]["outcome"] == "not run"
    started, ended = commands()
    for words in (
        ["--network", "none"],
        ["--cap-drop", "ALL"],
        ["--user", "65534:65534"],
        ["--security-opt", "no-new-privileges"],
        ["--read-only"],
        ["jwt-demo:1", "jwt-demo", "check", "/handed-in/01_setup.ipynb", "--step", "01"],
    ):
        place = started.index(words[0])
        assert started[place : place + len(words)] == words
    (mount,) = [word for word in started if word.startswith("type=bind")]
    assert mount.endswith(",target=/handed-in,readonly")
    assert ended == ["kill", started[started.index("--name") + 1]]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("''", "no report"),
        ("'5'", "no report"),
        ('\'{"learners": [{"exercises": {"a": 5}, "problems": 7}]}\'', "no report"),
        (f"'x' * {MOST_OCTETS + 70_000}", "larger than results can be"),
    ],
)
def test_what_comes_back_is_believed_only_where_it_fits(tmp_path, docker, answer, problem):
    """No report, one of other types, one without end: a row that says so."""
    docker(answer)
    row, _ = judged(tmp_path)
    assert problem in row["problems"]["01_setup.ipynb"]
    assert {result["outcome"] for result in row["exercises"].values()} == {"not run"}


def test_without_docker_and_podman_it_is_one_line_and_2(tmp_path, monkeypatch):
    """Nothing is judged in another way than was asked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    status, out, err = run(tmp_path, "--container", "jwt-demo:1", "--no-cache")
    assert (status, out) == (2, "")
    assert "docker or podman" in err
