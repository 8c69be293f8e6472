"""`make notebooks`: run notebooks and store what they show, but only where it says something new.

A cell's outputs are rewritten where they differ after sanitising (tests/notebooks/nbval_sanitize.cfg), so that no commit carries a new
token, port or time. Usage: python tools/refresh.py [NOTEBOOK | STEP ...], for example `python tools/refresh.py 02`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import nbformat

from rerun import (
    COLOURS,
    RANDOM_ID,
    WIDGET,
    StoppedRun,
    chosen,
    code_cells,
    raised,
    read,
    run,
    same,
    sanitised,
    tags,
    texts,
)

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
KEPT_IN_A_CELL = ("tags", "jupyter")
ADDRESS = re.compile(r"\b(?:127\.0\.0\.1|localhost):\d+")
SIGNATURE = re.compile(r"\b(eyJ[\w-]+\.[\w-]*\.)[\w-]{8,}")


def main(arguments: list[str]) -> int:
    for path in chosen(arguments):
        before = path.read_text(encoding="utf-8")
        notebook = read(path)
        try:
            changed = refresh(notebook, path)
        except StoppedRun as stop:
            print(f"{path.name}: stopped, the file is as it was.\n{stop}", file=sys.stderr)
            return 1
        after = nbformat.writes(notebook, version=4) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8")
        print(
            f"{path.name}: {f'outputs of {changed} cells rewritten' if changed else 'tidied' if after != before else 'as it was'}"
        )
    return 0


def refresh(notebook: Any, path: Path) -> int:
    """Bring a notebook up to date in place; how many cells got new outputs."""
    fresh = run(notebook, folder=path.parent)
    cells = list(zip(code_cells(notebook), code_cells(fresh), strict=True))
    news = [differs(cell.outputs, now.outputs) for cell, now in cells]
    # A server has one address in all cells of a run, so cells with addresses are stored together.
    moved = any(
        new and shows_address(now.outputs) for new, (_, now) in zip(news, cells, strict=True)
    )
    changed = 0
    for count, (new, (cell, now)) in enumerate(zip(news, cells, strict=True), start=1):
        if "raises-exception" in tags(cell) and not raised(now):
            raise StoppedRun(
                f"cell {count} is tagged raises-exception and raised nothing:\n{cell.source}"
            )
        cell.execution_count = count
        if new or (moved and shows_address(now.outputs)):
            cell.outputs = now.outputs
            changed += 1
        cell.outputs = [presentable(output) for output in cell.outputs]
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    tidy(notebook, path)
    return changed


def differs(stored: list[Any], now: list[Any]) -> bool:
    return not same(stored, now) or look(stored) != look(now)


def shows_address(outputs: list[Any]) -> bool:
    return any(ADDRESS.search(text) for output in outputs for text in texts(output))


def look(outputs: list[Any]) -> list[Any]:
    """The style sheet, the elements, the classes and the words of our own HTML, which the rules leave out.

    A check in its first state, for example, is one line of text; its hints are in the page alone.
    """
    pages = [str(output.get("data", {}).get("text/html", "")) for output in outputs]
    sheet = re.compile(r"<style>.*?</style>", re.DOTALL)
    return [(sheet.findall(page), *elements_and_words(sheet.sub("", page))) for page in pages]


def elements_and_words(page: str) -> tuple[list[str], str]:
    """The elements with their classes and labels, and the text between them; both sanitised, without regard to line breaks.

    >>> elements_and_words('<p class="small" id="r7">Wait\\n<b>here</b>, at 127.0.0.1:8080</p>')
    (['<p', 'class="small"', '<b'], 'Wait here , at 127.0.0.1:PORT')
    """
    elements = re.findall(r'<\w+|(?:class|aria-label|title)="[^"]*"', page)
    return sanitised(elements), sanitised(" ".join(re.sub(r"<[^>]*>", " ", page).split()))


def presentable(output: Any) -> Any:
    """An output fit to be stored: no signature that opens a door, no live widget, no paths of this machine in a traceback."""
    if output.output_type == "error":
        output.traceback = short(output.traceback)
    if output.get("data"):
        output.data.pop(WIDGET, None)
    return masked(output)


def short(traceback: list[str]) -> list[str]:
    """The frames that are cells, and the last line; what libraries did in between is left out."""
    plain = [COLOURS.sub("", part) for part in traceback]
    return [part for part in plain if not part.startswith("File ")]


def masked(value: Any) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            value[key] = masked(inner)
        return value
    if isinstance(value, list):
        return [masked(inner) for inner in value]
    return SIGNATURE.sub(r"\1••••••", value) if isinstance(value, str) else value


def tidy(notebook: Any, path: Path) -> None:
    """Metadata without traces of a person or a moment, and a name for each cell that has only a random id."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    taken = {cell.get("id", "") for cell in notebook.cells}
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {key: value for key, value in cell.metadata.items() if key in KEPT_IN_A_CELL and value}
        )
        if not cell.source.strip() and cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
        if RANDOM_ID.fullmatch(cell.get("id", "") or "0" * 8):
            cell.id = new_id(path.stem[:2], cell.source, taken)
            taken.add(cell.id)


def new_id(step: str, source: str, taken: set[str]) -> str:
    """The step and the first words of the cell: `02-a-token-has-three`.

    >>> new_id("02", "# A token has three parts, and …", {"02-a-token-has-three"})
    '02-a-token-has-three-2'
    """
    words = "-".join(re.findall(r"[a-z0-9]+", source.lower())[:4])[:40] or "cell"
    name, number = f"{step}-{words}", 1
    while (candidate := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return candidate


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
