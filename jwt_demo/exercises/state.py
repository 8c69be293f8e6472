"""What a function keeps from one call to the next: how a check knows it, and the sentence that says so."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator, Mapping
from typing import Any

from .model import Call, Trial

AGAIN = (
    "With other values in it, the same call came out right before. Does your function keep something from an earlier call? "
    "What it does may depend on its arguments only."
)
KEPT = (
    "What came back has {} in it, which is of an earlier call and not of this one. "
    "Your function keeps something between two calls: make what you return anew in each call."
)
CHANGED_LATER = (
    "What an earlier call returned is changed by this one: it is in the hands of the earlier caller. "
    "Make a new object in each call."
)
SHORTEST = 12  # letters of a text that cannot be equal by accident
LEAST = (
    1_000_000_000  # a number that large is a moment; a function that is given `now` may compute it
)


def what_is_kept(trial: Trial) -> str:
    """The sentence for a result that depends on earlier calls; empty where nothing shows that it does."""
    if trial.stuck or trial.case is None or not isinstance(trial.case.send, Call):
        return ""
    if trial.again:
        return AGAIN
    strays = sorted(stray_values(trial), key=str)
    return KEPT.format(strays[0]) if strays else ""


class Returned:
    """What the calls returned that can be changed, as it was then."""

    def __init__(self) -> None:
        self.values: list[tuple[Any, Any]] = []

    def note(self, value: Any) -> None:
        if isinstance(value, (dict, list, set)):
            with contextlib.suppress(Exception):  # something in it that cannot be copied
                self.values.append((value, copy.deepcopy(value)))

    def have_changed(self) -> bool:
        """Whether a later call changed one of them."""
        return any(value != before for value, before in self.values)


def stray_values(trial: Trial) -> set[Any]:
    """Drawn texts and moments in the result that were in an earlier call, and have nothing to do with this one."""
    if trial.wanted is None or trial.wanted.value is None:
        return set()
    here = {*leaves((trial.before, trial.kwargs, trial.wanted.value(trial)))}
    known = {
        leaf for each in trial.earlier for leaf in leaves((each.before, each.kwargs, each.value))
    }
    return {leaf for leaf in {*leaves(trial.value)} & known - here if is_drawn(leaf, trial)}


def is_drawn(leaf: Any, trial: Trial) -> bool:
    """Whether it stands for one drawn value, so that it can be in a result only if it was given."""
    if isinstance(leaf, str):
        drawn = getattr(trial.bench, "drawn", {}).values()
        return len(leaf) >= SHORTEST and any(leaf == value for value in drawn)
    return leaf >= LEAST and not trial.kwargs


def leaves(value: Any) -> Iterator[Any]:
    """The texts and numbers in a value, names of members too."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from leaves(name)
            yield from leaves(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from leaves(item)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield value
