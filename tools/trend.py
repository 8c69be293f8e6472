"""Whether a process that is sampled over time goes on growing."""

from __future__ import annotations

import statistics
from typing import NamedTuple


def growth(samples: list[Sample], name: str) -> float:
    """By how much the straight line through the last two thirds rises, as a part of where it starts; the first third is for warming up."""
    late = [sample for sample in samples if sample.seconds >= samples[-1].seconds / 3]
    seconds = [sample.seconds for sample in late]
    slope, start = statistics.linear_regression(seconds, [getattr(sample, name) for sample in late])
    first = start + slope * seconds[0]
    return slope * (seconds[-1] - seconds[0]) / first


def by_minute(samples: list[Sample], name: str) -> list[str]:
    """The median of each minute."""
    minutes: dict[int, list[float]] = {}
    for sample in samples:
        minutes.setdefault(int(sample.seconds // 60), []).append(getattr(sample, name))
    return [f"{statistics.median(values):.0f}" for values in minutes.values()]


class Sample(NamedTuple):
    """A process at one moment."""

    seconds: float  # since the start
    megabytes: float
    files: int
