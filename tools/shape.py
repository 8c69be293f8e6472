"""The shape of a lesson: how much prose to a line of code, how long its cells are, how soon something is seen.

Usage: python tools/shape.py [NOTEBOOK | STEP ...]
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from typing import Any

from minutes import lines, words
from rerun import chosen, code_cells, read

LEAST_WORDS, MOST_WORDS = 10, 22  # of prose to a line of code
MEDIAN = 5  # lines of a code cell
LONGEST = 20
WIDEST = 88  # columns: no cell scrolls sideways in a window of 1280 pixels
MOST_DEFINITIONS = 2  # code cells in a row that show nothing


def measures(notebook: Any) -> dict[str, float]:
    cells = [cell.source for cell in code_cells(notebook)]
    prose = sum(
        words(without_tables(cell.source))
        for cell in notebook.cells
        if cell.cell_type == "markdown"
    )
    code = sum(map(lines, cells))
    return {
        "prose cells": len(notebook.cells) - len(cells),
        "code cells": len(cells),
        "words": prose,
        "lines": code,
        "words to a line": prose / max(code, 1),
        "median lines": statistics.median(map(lines, cells)),
        "longest": max(map(lines, cells)),
    }


def without_tables(text: str) -> str:
    """Prose alone: a table is looked up, not read."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("|"))


def findings(notebook: Any) -> Iterator[str]:
    """What is wrong with the shape of a notebook as it is stored."""
    measured = measures(notebook)
    ratio = measured["words to a line"]
    if not LEAST_WORDS <= ratio <= MOST_WORDS:
        yield f"{ratio:.1f} words of prose to a line of code, {LEAST_WORDS} to {MOST_WORDS} are wanted"
    if measured["median lines"] > MEDIAN:
        yield f"a code cell has {measured['median lines']} lines (median), {MEDIAN} at most"
    for cell in code_cells(notebook):
        if lines(cell.source) > LONGEST:
            yield f"{cell.id}: {lines(cell.source)} lines, {LONGEST} at most"
        for line in cell.source.splitlines():
            if len(line) > WIDEST:
                yield f"{cell.id}: a line of {len(line)} columns, {WIDEST} at most: {line.strip()[:40]}…"
    yield from unseen(notebook)


def unseen(notebook: Any) -> Iterator[str]:
    """Cells that only define, one after the other, so that the reader types on without a result."""
    silent: list[str] = []
    for cell in code_cells(notebook):
        if cell.outputs or "-try-" in cell.id:
            silent = []
            continue
        silent.append(cell.id)
        if len(silent) > MOST_DEFINITIONS:
            yield f"{', '.join(silent)}: {len(silent)} code cells in a row show nothing, {MOST_DEFINITIONS} at most"


def main(arguments: list[str]) -> int:
    found = 0
    for path in chosen(arguments):
        notebook = read(path)
        told = "  ".join(f"{name} {value:.4g}" for name, value in measures(notebook).items())
        print(f"{path.stem}: {told}")
        for finding in findings(notebook):
            found += 1
            print(f"   {finding}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
