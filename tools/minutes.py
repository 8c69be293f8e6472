"""How long a step takes, by a formula, and the line at the top of each notebook that says so.

150 words of prose a minute, 6 seconds for a line of code, 15 seconds to look at an output, half a minute for a quiz,
and for each exercise the minutes written beside it (`· 5 min · must`). What stands under a heading that begins with
"Bonus", and an exercise marked `bonus`, counts as bonus.
Usage: python tools/minutes.py [--write] [NOTEBOOK | STEP ...]
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nbformat

from rerun import NOTEBOOKS, ROOT, chosen, read

WORDS_A_MINUTE = 150
SECONDS_A_LINE = 6
SECONDS_AN_OUTPUT = 15
SECONDS_A_QUIZ = 30
EXERCISE = re.compile(r"· (\d+) min · (must|bonus)")
STATED = re.compile(r"About \d+ minutes(?:, and \d+ more of bonus)?")
EVENING = ("00", "01", "02", "03", "04")  # the steps that README calls one evening
EVENING_STATED = re.compile(r"about \d+ minutes", re.IGNORECASE)


@dataclass(frozen=True)
class Minutes:
    """What every reader needs, and what those need in addition who take the bonus parts too."""

    must: float
    bonus: float

    @property
    def line(self) -> str:
        """As it stands at the top of a notebook, in steps of five minutes."""
        bonus = f", and {rounded(self.bonus)} more of bonus" if self.bonus >= 0.5 else ""
        return f"About {rounded(self.must)} minutes{bonus}"


def minutes_of(notebook: Any) -> Minutes:
    seconds = {"must": 0.0, "bonus": 0.0}
    for part, cell in parted(notebook):
        if cell.cell_type == "markdown":
            seconds[part] += words(cell.source) * 60 / WORDS_A_MINUTE
            for number, kind in EXERCISE.findall(cell.source):
                seconds["bonus" if part == "bonus" else kind] += 60 * int(number)
        elif "-try-" not in cell.id and "-check-" not in cell.id:
            seconds[part] += lines(cell.source) * SECONDS_A_LINE
            seconds[part] += SECONDS_AN_OUTPUT if cell.outputs else 0
            seconds[part] += cell.source.count("quiz(") * SECONDS_A_QUIZ
    return Minutes(seconds["must"] / 60, seconds["bonus"] / 60)


def parted(notebook: Any) -> Iterator[tuple[str, Any]]:
    """Each cell with `must` or `bonus`: a heading that begins with "Bonus" holds until one of its own level or above."""
    level = 0  # of the bonus heading that we are under; 0: none
    for cell in notebook.cells:
        for heading in re.finditer(r"(?m)^(#+) (.*)", headings_only(cell)):
            depth = len(heading[1])
            if level and depth <= level:
                level = 0
            if not level and heading[2].startswith("Bonus"):
                level = depth
        yield ("bonus" if level else "must"), cell


def headings_only(cell: Any) -> str:
    return without_code(cell.source) if cell.cell_type == "markdown" else ""


def without_code(text: str) -> str:
    return re.sub(r"(?ms)^```.*?^```", "", text)


def words(text: str) -> int:
    """Words a person reads: no code blocks, no addresses behind links, no rules of tables.

    >>> words("See [RFC 7519 §4.1](https://example.org/a#b), twice.")
    5
    """
    text = re.sub(r"\]\([^)]*\)", "]", without_code(text))
    text = re.sub(r"<[^>]*>", " ", text)
    return len([word for word in text.split() if re.search(r"\w", word)])


def lines(source: str) -> int:
    return sum(1 for line in source.splitlines() if line.strip())


def rounded(minutes: float) -> int:
    return max(5, 5 * round(minutes / 5))


def evening() -> int:
    """Minutes of the must parts of the steps that README calls one evening."""
    paths = [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if path.name[:2] in EVENING]
    return sum(rounded(minutes_of(read(path)).must) for path in paths)


def main(arguments: list[str]) -> int:
    write = "--write" in arguments
    for path in chosen([argument for argument in arguments if argument != "--write"]):
        notebook = read(path)
        minutes = minutes_of(notebook)
        print(f"{path.stem:24} must {minutes.must:5.1f}   bonus {minutes.bonus:5.1f}")
        if write:
            top = notebook.cells[0]
            top.source = STATED.sub(minutes.line, top.source, count=1)
            path.write_text(nbformat.writes(notebook, version=4) + "\n", encoding="utf-8")
    print(f"one evening, steps {EVENING[0]} to {EVENING[-1]}: {evening()} minutes")
    if write:
        readme = ROOT / "README.md"
        text = readme.read_text(encoding="utf-8")
        readme.write_text(
            EVENING_STATED.sub(f"about {evening()} minutes", text, count=1), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
