"""`jwt-demo check`: learners' copies judged, a table on standard output, progress on standard error."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

import click

from ..course.working_copy import find
from ..exercises.messages import INCORRECT, NOT_ATTEMPTED, RAISED, SYMBOLS
from .batch import NOT_RUN, Learner, Limits, NothingToJudge, judge_all, learners_in

ALL_SYMBOLS = {**SYMBOLS, NOT_RUN: "·"}


@click.command()
@click.argument("copies", metavar="DIR|NOTEBOOK ...", nargs=-1, type=click.Path(path_type=Path))
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
    is_flag=True,
    help="CSV instead of the table: a line for each learner, a column for each exercise.",
)
@click.option(
    "--junit",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write JUnit XML too.",
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
def check(
    copies: tuple[Path, ...],
    steps: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    junit: Path | None,
    at_once: int,
    seconds: float,
    memory: int,
) -> None:
    """Run learners' copies of the notebooks and report each exercise.

    DIR is one learner's copy, or a folder of such copies; without any it is your own working copy.
    Their code runs on this machine with your rights: see docs/teaching.md.
    Ends with 0 when every exercise is correct, 1 when one is not, 2 when nothing could be run.
    """
    if as_json and as_csv:
        fail("Choose --json or --csv.")
    steps = tuple(step.zfill(2) for step in steps)
    try:
        learners = learners_in(list(copies) or [find() or Path.cwd()], steps)
    except (NothingToJudge, OSError) as error:
        fail(str(error))
    limits = Limits(seconds=seconds, cell_seconds=min(60.0, seconds), memory=memory << 20)
    interrupted = False
    with progress(sum(len(learner.notebooks) for learner in learners)) as tell:
        try:
            asyncio.run(judge_all(learners, limits=limits, at_once=at_once, tell=tell))
        except KeyboardInterrupt:
            interrupted = True

    if junit is not None:
        try:
            junit.write_text(in_junit(learners), "utf-8")
        except OSError as error:
            fail(f"{junit} cannot be written: {error.strerror}")
    if as_json:
        click.echo(json.dumps(in_json(learners), ensure_ascii=True, indent=2))
    elif as_csv:
        click.echo(in_csv(learners), nl=False)
    else:
        show(learners)
    if interrupted:
        fail("Interrupted; this is what is known so far.")
    sys.exit(
        0
        if all(result["correct"] for learner in learners for result in learner.results.values())
        else 1
    )


def fail(message: str) -> NoReturn:
    click.echo(clean(message), err=True)
    sys.exit(2)


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error, where somebody is there to see it."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    columns = (
        TextColumn("Judging"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("notebooks"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda: bar.advance(task)


def names_of(learners: list[Learner]) -> list[str]:
    return sorted({name for learner in learners for name in learner.results})


def outcome(learner: Learner, name: str) -> str:
    return learner.results.get(name, {}).get("outcome", "")


def solved(learner: Learner) -> int:
    return sum(1 for result in learner.results.values() if result["correct"])


def in_json(learners: list[Learner]) -> dict[str, Any]:
    outcomes = [outcome(learner, name) for learner in learners for name in learner.results]
    rows = [
        {
            "learner": clean(learner.name),
            "exercises": learner.results,
            "problems": learner.problems,
            "correct": solved(learner),
            "of": len(learner.results),
        }
        for learner in learners
    ]
    return {"learners": rows, "summary": {state: outcomes.count(state) for state in ALL_SYMBOLS}}


def in_csv(learners: list[Learner]) -> str:
    """A word for each exercise; a name that a spreadsheet would take for a formula gets a quote in front."""
    names = names_of(learners)
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["learner", *names, "correct", "of", "problems"])
    for learner in learners:
        problems = "; ".join(
            f"{notebook}: {problem}" for notebook, problem in learner.problems.items()
        )
        lines.writerow(
            [
                harmless(learner.name),
                *(outcome(learner, name) for name in names),
                solved(learner),
                len(learner.results),
                harmless(problems),
            ]
        )
    return text.getvalue()


def in_junit(learners: list[Learner]) -> str:
    """A suite for each learner, a case for each exercise: failure, error (raised or not run) or skipped (not attempted)."""
    root = ElementTree.Element("testsuites")
    for learner in learners:
        suite = ElementTree.SubElement(
            root, "testsuite", name=clean(learner.name), tests=str(len(learner.results))
        )
        counts = {"failure": 0, "error": 0, "skipped": 0}
        for name, result in sorted(learner.results.items()):
            case = ElementTree.SubElement(
                suite, "testcase", classname=clean(learner.name), name=name
            )
            kind = {
                INCORRECT: "failure",
                RAISED: "error",
                NOT_RUN: "error",
                NOT_ATTEMPTED: "skipped",
            }.get(result["outcome"])
            if kind is not None:
                counts[kind] += 1
                told = [
                    f"{part}: {result[part]}"
                    for part in ("sent", "wanted", "got")
                    if result.get(part)
                ]
                ElementTree.SubElement(case, kind, message=clean(result["message"])).text = clean(
                    "\n".join(told), keep="\n"
                )
        for attribute, kind in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            suite.set(attribute, str(counts[kind]))
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def show(learners: list[Learner]) -> None:
    """Learners down, exercises across; a symbol where there are many of them, a word beside it where there is room."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    names = names_of(learners)
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="")
    table.add_column("learner", overflow="fold")
    room = console.width - max(len(learner.name) for learner in learners) - 14
    columns = (
        names
        if sum(max(len(name), 17) + 2 for name in names) <= room
        else sorted({name[:2] for name in names})
    )
    for column in columns:
        table.add_column(column, no_wrap=True)
    table.add_column("correct", justify="right", no_wrap=True)
    for learner in learners:
        cells = [told(learner, names, column) for column in columns]
        table.add_row(
            *(
                Text(cell)
                for cell in (
                    clean(learner.name),
                    *cells,
                    f"{solved(learner)} of {len(learner.results)}",
                )
            )
        )
    console.print(table)
    if columns != names:
        console.print(
            Text("\n" + "   ".join(f"{symbol} {word}" for word, symbol in ALL_SYMBOLS.items()))
        )
        for step in columns:
            console.print(
                Text(f"{step}: {', '.join(name[3:] for name in names if name[:2] == step)}")
            )
    for learner in learners:
        for notebook, problem in learner.problems.items():
            console.print(Text(f"{clean(learner.name)}, {clean(notebook)}: {clean(problem)}"))


def told(learner: Learner, names: list[str], column: str) -> str:
    if column in names:
        state = outcome(learner, column)
        return f"{ALL_SYMBOLS[state]} {state}" if state else ""
    return " ".join(
        ALL_SYMBOLS.get(outcome(learner, name), " ") for name in names if name[:2] == column
    )


def clean(text: str, keep: str = "") -> str:
    r"""Text from a stranger for a terminal or for XML: what cannot be printed is left out.

    >>> clean("a\x1b[31mb\u202ec\ud800")
    'a[31mbc'
    """
    return "".join(letter for letter in text if letter.isprintable() or letter in keep)


def harmless(text: str) -> str:
    """For a cell of a spreadsheet.

    >>> harmless("=1+1"), harmless("ada")
    ("'=1+1", 'ada')
    """
    text = clean(text)
    return f"'{text}" if re.match(r"\s*[=+\-@]", text) else text
