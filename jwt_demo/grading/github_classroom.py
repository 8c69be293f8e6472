"""The course for GitHub Classroom: a template repository whose workflow judges what a learner pushes."""

from __future__ import annotations

from pathlib import Path

from .. import __version__


def export_github_classroom(folder: Path, steps: tuple[str, ...]) -> list[Path]:
    """Write a template repository: the notebooks, and a workflow that judges them at each push."""
    from ..course.working_copy import update

    update(folder / "notebooks")
    workflow = folder / ".github" / "workflows" / "check.yml"
    workflow.parent.mkdir(parents=True, exist_ok=True)
    chosen = "".join(f" --step {step}" for step in steps)
    workflow.write_text(
        WORKFLOW.replace("{version}", __version__).replace("{steps}", chosen), "utf-8"
    )
    return [folder / "notebooks", workflow]


WORKFLOW = """\
# Judges what a learner pushes. Not run by us: GitHub Classroom reads the result of the job.
name: check
on: [push, workflow_dispatch]
permissions:
  contents: read
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: python -m pip install "jwt_demo[all]=={version}"
      - run: jwt-demo check notebooks{steps} --junit report.xml
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: report
          path: report.xml
"""
