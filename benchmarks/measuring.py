"""Ratios within one run: two or more ways take turns, and medians are compared. Seconds of one machine say nothing on another."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Result:
    """One line of the table: how many times `baseline` the `subject` takes; `aim` is the most it should, or None."""

    benchmark: str
    subject: str
    baseline: str
    ratio: float
    aim: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool | None:
        return None if self.aim is None else self.ratio <= self.aim

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "ratio": round(self.ratio, 3), "reached": self.reached}


def taking_turns(ways: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Each way once per round, `rounds` times, after one round that does not count; what each call returned."""
    for way in ways.values():
        way()
    measured: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds):
        names = list(ways) if turn % 2 else list(reversed(ways))
        for name in names:
            measured[name].append(ways[name]())
    return measured


def ratio(measured: dict[str, list[float]], subject: str, baseline: str) -> float:
    """The median over the rounds of subject / baseline: what slows both in a round falls out."""
    return statistics.median(
        a / b for a, b in zip(measured[subject], measured[baseline], strict=True)
    )


def seconds(action: Callable[[], object], times: int) -> Callable[[], float]:
    """A way for `taking_turns`: the median seconds of one call among `times`."""

    def run() -> float:
        taken = []
        gc.disable()
        try:
            for _ in range(times):
                started = time.perf_counter()
                action()
                taken.append(time.perf_counter() - started)
        finally:
            gc.enable()
        return statistics.median(taken)

    return run
