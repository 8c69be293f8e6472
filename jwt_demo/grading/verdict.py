"""What came of one notebook, read from a process in which a learner's code ran: nothing in it is believed before it fits."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ..exercises.registry import exercises
from ..exercises.result import CORRECT, INCORRECT, NOT_ATTEMPTED, RAISED, SYMBOLS

NOT_RUN, NOT_JUDGED, NOT_HANDED_IN = "not run", "not judged", "not handed in"
ALL_SYMBOLS = {**SYMBOLS, NOT_RUN: "·", NOT_JUDGED: "?", NOT_HANDED_IN: "-"}
LONGEST_TEXT = 4_000  # characters of a message, and of what was sent, wanted and got
MOST_OCTETS = 2 << 20  # of answers of one notebook; what comes after that is not read
TEXTS = ("message", "sent", "wanted", "got")


@dataclass
class Verdict:
    """The results of one notebook by exercise, and what kept it from being judged, if something did."""

    step: str
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    problem: str = ""
    done: bool = False

    def read(self, octets: bytes) -> None:
        """Take the lines of JSON that a judging process wrote; a line that does not fit is left out."""
        for line in octets[:MOST_OCTETS].splitlines():
            try:
                self.take(json.loads(line))
            except (ValueError, RecursionError):
                continue

    def take(self, line: object) -> None:
        if not isinstance(line, dict):
            return
        result = result_from(line.get("result"))
        if result is not None and result["exercise"] in asked(self.step):
            self.results[result["exercise"]] = result
        if isinstance(line.get("problem"), str):
            self.problem = line["problem"][:LONGEST_TEXT]
        self.done = self.done or line.get("done") is True

    def completed(self) -> Verdict:
        """The same with a row for every exercise of the step: what gave no result was not run."""
        for name in asked(self.step):
            if name not in self.results:
                self.results[name] = without_result(
                    name, NOT_RUN, self.problem or "the check gave no result"
                )
        return self

    def as_line(self, how: str) -> dict[str, Any]:
        """What a judge tells of it, a row for every exercise; `how` it judged."""
        return {"results": self.completed().results, "problem": self.problem, "how": how}

    def is_settled(self) -> bool:
        """Whether every exercise has a verdict that running more cells would not change."""
        outcomes = [result["outcome"] for result in self.results.values()]
        complete = self.done and not self.problem and set(self.results) == set(asked(self.step))
        return complete and all(outcome == CORRECT for outcome in outcomes)


def asked(step: str) -> list[str]:
    """The exercises of a step."""
    return [exercise.name for exercise in exercises().values() if exercise.step == step]


def result_from(value: object) -> dict[str, Any] | None:
    """A result with the types it has to have, texts cut to a length; None where it is none."""
    if not isinstance(value, dict):
        return None
    name, outcome = value.get("exercise"), value.get("outcome")
    if not isinstance(name, str) or outcome not in (CORRECT, INCORRECT, RAISED, NOT_ATTEMPTED):
        return None
    texts = {key: value.get(key, "") for key in TEXTS}
    where = value.get("where", [])
    if not isinstance(where, list) or not all(
        isinstance(text, str) for text in (*texts.values(), *where)
    ):
        return None
    return {
        "exercise": name,
        "outcome": outcome,
        **{key: text[:LONGEST_TEXT] for key, text in texts.items()},
        "where": [line[:LONGEST_TEXT] for line in where[:20]],
        "correct": outcome == CORRECT,
    }


def without_result(name: str, outcome: str, message: str) -> dict[str, Any]:
    """A row for an exercise that was not judged."""
    return {
        "exercise": name,
        "outcome": outcome,
        "message": message,
        "sent": "",
        "wanted": "",
        "got": "",
        "where": [],
        "correct": False,
    }
