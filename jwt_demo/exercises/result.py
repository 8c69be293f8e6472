"""The outcome of a check as a value, and how it shows itself: text that is complete, HTML on top, a symbol and a word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..display.card import card, code, fold, page, prose, rows

NOT_ATTEMPTED, INCORRECT, RAISED, CORRECT = (
    "not attempted",
    "incorrect",
    "your code raised",
    "correct",
)
SYMBOLS = {NOT_ATTEMPTED: "○", INCORRECT: "✗", RAISED: "!", CORRECT: "✓"}


@dataclass(frozen=True, repr=False)
class Result:
    """What a check found. True when correct."""

    exercise: str
    outcome: str
    message: str  # what it means, and what to do
    sent: str = ""
    wanted: str = ""
    got: str = ""
    where: tuple[
        str, ...
    ] = ()  # the learner's own lines an exception came through, outermost first
    mistake: bool = False  # whether the message is one for a named mistake
    hints: str = ""  # how to go on
    hints_to_open: tuple[str, ...] = ()
    solution: str = ""  # only where the reader may see it

    def __bool__(self) -> bool:
        return self.outcome == CORRECT

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON has it."""
        fields = {
            name: getattr(self, name)
            for name in ("exercise", "outcome", "message", "sent", "wanted", "got")
        }
        return {**fields, "where": list(self.where), "correct": bool(self)}

    def rows(self) -> list[tuple[str, str]]:
        rows = [
            ("sent", self.sent),
            ("wanted", self.wanted),
            ("got", self.got),
            *(("in", line) for line in self.where),
        ]
        return [(name, text) for name, text in rows if text]

    def __repr__(self) -> str:
        lines = [f"{SYMBOLS[self.outcome]} {self.outcome} · {self.exercise}"]
        lines += [f"  {name:<8}{text}" for name, text in self.rows()]
        return "\n".join([*lines, *(f"  {line}" for line in (self.message, self.hints) if line)])

    def _repr_html_(self) -> str:
        return page(self.card(), label=f"Result of {self.exercise}")

    def card(self) -> str:
        hints = [
            fold(f"Hint {number} of {len(self.hints_to_open)}", prose(hint))
            for number, hint in enumerate(self.hints_to_open, start=1)
        ]
        title = "How we wrote it" if self else "Solution"
        solution = fold(title, code(self.solution)) if self.solution else ""
        later = "" if hints or solution else prose(self.hints)
        return card(
            f"{SYMBOLS[self.outcome]} {self.outcome}",
            rows(self.rows()),
            prose(self.message),
            later,
            *hints,
            solution,
            name=self.exercise,
        )


@dataclass(frozen=True, repr=False)
class Note:
    """Something said to the reader: a hint, a solution, a question. `code` shows as code."""

    title: str
    text: str = ""
    code: str = ""
    items: tuple[str, ...] = field(default=())
    after: str = ""

    def __repr__(self) -> str:
        code = ["", *self.code.rstrip().splitlines(), ""] if self.code else []
        return "\n".join(
            [
                self.title,
                *(
                    f"  {line}"
                    for line in (self.text, *code, *self.items, self.after)
                    if line or code
                ),
            ]
        ).rstrip()

    def _repr_html_(self) -> str:
        items = "".join(map(prose, self.items))
        title, _, name = (
            self.title.rpartition(" · ") if " · " in self.title else (self.title, "", "")
        )
        text = (prose(self.text), code(self.code), items, prose(self.after))
        return page(card(title, *text, name=name), label=self.title)
