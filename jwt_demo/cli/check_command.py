"""`jwt-demo check`: learners' copies judged; a table or a file on standard output, progress on standard error."""

from __future__ import annotations

import csv
import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from ..files import find_copy
from ..grading import report as reports
from ..grading.batch import cache_folder, judge_all, steps_of
from ..grading.gradebook import in_csv, in_gradebook
from ..grading.handed_in import Learner, NothingToJudge, learners_in
from ..grading.in_container import PROGRAMS, container_program
from ..grading.in_forks import JudgeEnded
from ..grading.junit import in_junit
from ..grading.pages import write_pages
from ..grading.room import Limits
from ..grading.task import CAN_FORK, Options
from .console import fail, progress_bar

PLAIN, MOODLE, CANVAS = "plain", "moodle", "canvas"
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("copies", metavar="DIR|NOTEBOOK|ZIP ...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--step",
    "steps",
    metavar="NN",
    multiple=True,
    help="Judge this step only; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of the table.")
@click.option(
    "--csv",
    "as_csv",
    metavar="[plain|moodle|canvas]",
    is_flag=False,
    flag_value=PLAIN,
    help="CSV instead of the table: plain, or as Moodle or Canvas imports grades.",
)
@click.option(
    "--ids",
    metavar="FILE",
    type=FILE,
    help="CSV with the columns learner and id, for --csv moodle and canvas.",
)
@click.option(
    "--points",
    metavar="FILE",
    type=FILE,
    help="Lines EXERCISE = NUMBER (TOML); one point each without it.",
)
@click.option("--junit", metavar="FILE", type=FILE, help="Write JUnit XML too.")
@click.option(
    "--pages",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a page for each learner and one for the class.",
)
@click.option(
    "--at-once",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Notebooks that run at the same time.",
)
@click.option(
    "--seconds",
    default=180.0,
    show_default=True,
    type=click.FloatRange(1),
    help="Time for one notebook.",
)
@click.option(
    "--memory",
    default=2048,
    show_default=True,
    type=click.IntRange(0),
    help="MiB for each process; 0 for no limit.",
)
@click.option(
    "--kernels",
    is_flag=True,
    help="A Jupyter kernel for each notebook, all cells: slower, and the only way on Windows and macOS.",
)
@click.option(
    "--container",
    "image",
    metavar="IMAGE",
    default="",
    help="A container of docker or podman for each notebook, without a network; IMAGE has this package.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with a run that was interrupted: what it found is not judged again.",
)
@click.option("--no-cache", is_flag=True, help="Judge everything again, keep nothing.")
@click.option(
    "--shard",
    metavar="K/N",
    help="Judge the K-th of N parts of the class; --merge puts the parts together.",
)
@click.option(
    "--merge",
    "parts",
    metavar="FILE",
    multiple=True,
    type=FILE,
    help="Put reports together that --json wrote, judge nothing.",
)
def check(
    copies: tuple[Path, ...],
    steps: tuple[str, ...],
    as_json: bool,
    as_csv: str | None,
    ids: Path | None,
    points: Path | None,
    junit: Path | None,
    pages: Path | None,
    at_once: int,
    seconds: float,
    memory: int,
    kernels: bool,
    image: str,
    resume: bool,
    no_cache: bool,
    shard: str | None,
    parts: tuple[Path, ...],
) -> None:
    """Run learners' notebooks and report each exercise.

    Give a class (a folder of folders, zips or notebooks), one learner's copy or a notebook; without any it is your own
    working copy. Their code runs on this machine with your rights: see docs/teaching.md.
    Ends with 0 when everybody has a verdict and all are correct, 1 when not, 2 when it could not be run or was interrupted.
    """
    if as_csv not in (None, PLAIN, MOODLE, CANVAS):  # `check --csv class`
        copies, as_csv = (Path(as_csv), *copies), PLAIN
    if as_json and as_csv:
        fail("Choose --json or --csv.")
    if image and container_program() is None:
        fail(f"--container needs {' or '.join(PROGRAMS)} on the PATH; neither is there.")
    worth, known = read_points(points), read_ids(ids)
    for path in (junit, pages):
        if path is not None and not path.absolute().parent.is_dir():
            fail(f"{path} cannot be written: {path.absolute().parent} is not a folder.")
    if parts:
        if copies:
            fail("--merge judges nothing: leave out the folders.")
        interrupted, report = "", merged_report(parts)
    else:
        options = Options(
            limits=Limits(seconds=seconds, cell_seconds=min(60.0, seconds), memory=memory << 20),
            at_once=at_once,
            kernels=kernels or not CAN_FORK,
            image=image,
            resume=resume,
            cache=None if no_cache else cache_folder(),
        )
        with tempfile.TemporaryDirectory(prefix="jwt-demo-zips-") as room:
            learners, steps_in = collect(copies, steps, shard, Path(room))
            interrupted = judge(learners, steps_in, options)
        report = reports.report_on(learners, worth)
    written(junit, pages, report)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=True, indent=2))
    elif as_csv == PLAIN:
        click.echo(in_csv(report), nl=False)
    elif as_csv:
        click.echo(in_gradebook(report, as_csv, known), nl=False)
    else:
        reports.show(report)
    if interrupted:
        fail(interrupted)
    sys.exit(0 if reports.is_all_correct(report) else 1)


def collect(
    copies: tuple[Path, ...], steps: tuple[str, ...], shard: str | None, room: Path
) -> tuple[list[Learner], list[str]]:
    """The learners of this run, each with their place in the class, and the steps that count."""
    asked = tuple(step.zfill(2) for step in steps)
    part, of = read_shard(shard)
    try:
        learners = learners_in(list(copies) or [find_copy() or Path.cwd()], asked, room=room)
    except (NothingToJudge, OSError) as error:
        fail(error)
    counted = sorted(asked) or steps_of(learners)
    for place, learner in enumerate(learners):
        learner.place = place
    return learners[part - 1 :: of], counted


def judge(learners: list[Learner], steps: list[str], options: Options) -> str:
    """Judge all; why it ended early, or ''."""
    count = sum(len(learner.notebooks) for learner in learners)
    try:
        with progress_bar("Judging", count, "notebooks") as tell:
            cache = judge_all(learners, steps, options, tell)
    except KeyboardInterrupt:
        return "Interrupted; this is what is known so far. `--resume` goes on from here."
    except (JudgeEnded, OSError) as error:
        return f"{error} What is above was judged before that; `--resume` goes on from here."
    if cache.failure:
        click.echo(f"The verdicts could not be kept for another run: {cache.failure}.", err=True)
    return ""


def read_shard(text: str | None) -> tuple[int, int]:
    """`2/8` as (2, 8)."""
    part, _, of = (text or "1/1").partition("/")
    if not (part.isdecimal() and of.isdecimal() and 1 <= int(part) <= int(of)):
        fail(f"--shard takes K/N, such as 2/8; this is {text}.")
    return int(part), int(of)


def merged_report(parts: tuple[Path, ...]) -> reports.Report:
    found = []
    for path in parts:
        try:
            found.append(json.loads(path.read_text("utf-8")))
        except OSError as error:
            fail(f"{path} cannot be read: {error.strerror}.")
        except (ValueError, RecursionError):
            fail(f"{path} is no JSON.")
    try:
        return reports.merged(found)
    except ValueError as error:
        fail(f"These reports cannot be put together: {error}.")


def read_points(path: Path | None) -> dict[str, float]:
    """Points by exercise, from TOML."""
    if path is None:
        return {}
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    from ..exercises.registry import exercises

    try:
        read: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")
    except (ValueError, RecursionError) as error:
        fail(f'{path} is no list of points ({error}). A line of it reads "02-login" = 2')
    for name, value in read.items():
        if name not in exercises():
            fail(f"{path} gives points for {name}, and no exercise is called that.")
        if type(value) not in (int, float) or not 0 <= value < math.inf:
            fail(f"{path} gives {value!r} for {name}; points are a number, 0 or more.")
    return {name: float(value) for name, value in read.items()}


def read_ids(path: Path | None) -> dict[str, str]:
    """A platform's ids by learner."""
    if path is None:
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if not {"learner", "id"} <= set(rows.fieldnames or ()):
                raise ValueError
            return {row["learner"]: row["id"] or "" for row in rows}
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}.")
    except (ValueError, csv.Error):
        fail(f"{path} needs a first line that names the columns learner and id.")


def written(junit: Path | None, pages: Path | None, report: reports.Report) -> None:
    """The files that were asked for, beside what is printed."""
    try:
        if junit is not None:
            junit.write_text(in_junit(report), "utf-8")
        if pages is not None:
            write_pages(report, pages)
    except OSError as error:
        fail(f"{error.filename or junit or pages} cannot be written: {error.strerror}.")
