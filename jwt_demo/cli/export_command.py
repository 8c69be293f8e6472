"""`jwt-demo export`: the course for nbgrader, Otter-Grader or GitHub Classroom."""

from __future__ import annotations

from pathlib import Path

import click

from ..course.working_copy import CourseError
from ..grading.github_classroom import export_github_classroom
from ..grading.nbgrader import export_nbgrader
from ..grading.otter import export_otter
from .check_command import FILE, read_points
from .console import fail

NBGRADER, OTTER, GITHUB = "nbgrader", "otter", "github-classroom"


@click.command()
@click.argument("grader", metavar=f"{NBGRADER}|{OTTER}|{GITHUB}")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--points", metavar="FILE", type=FILE, help="Lines EXERCISE = NUMBER (TOML).")
@click.option(
    "--step",
    "steps",
    metavar="NN",
    multiple=True,
    help="For github-classroom: judge these steps only.",
)
def export(grader: str, folder: Path, points: Path | None, steps: tuple[str, ...]) -> None:
    """Write the course into DIR in the form that another grader wants.

    DIR is made, or is empty: nothing is overwritten.
    """
    if grader not in (NBGRADER, OTTER, GITHUB):
        fail(
            f"The course cannot be exported for {grader}. It can for {NBGRADER}, {OTTER} and {GITHUB}."
        )
    worth = read_points(points)
    try:
        if folder.exists() and any(folder.iterdir()):
            fail(
                f"{folder} contains something already. Name a folder that is empty or does not exist."
            )
        if grader == NBGRADER:
            written = export_nbgrader(folder, worth)
            then = f"Next, in {folder}: nbgrader generate_assignment 02"
        elif grader == OTTER:
            written = export_otter(folder, worth)
            then = f"Next, in {folder / '02'}: otter generate"
        else:
            written = export_github_classroom(folder, tuple(step.zfill(2) for step in steps))
            then = "Next: push it to a repository, and make that the template of an assignment."
    except (CourseError, OSError) as error:
        fail(error)
    click.echo("\n".join([*map(str, written), then]))
