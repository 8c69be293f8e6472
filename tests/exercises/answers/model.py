"""A wrong answer, and how to make one out of a right answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that a learner is likely to give, and a piece of the message it must get."""

    what: str
    source: str
    says: str


def but_with(source: str, old: str, new: str) -> str:
    """A right answer with one thing changed; ValueError when `old` is not in it, so that no wrong answer is right by accident."""
    if source.count(old) != 1:
        raise ValueError(f"{old!r} is in the source {source.count(old)} times")
    return source.replace(old, new)
