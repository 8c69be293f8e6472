"""Tests over many values of one kind: some run always, the others with `make test THOROUGH=1`."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest


def some_always(values: Iterable[Any], always: Callable[[Any], bool]) -> list[Any]:
    """The values as parameters; those that are not `always` run are marked `thorough`."""
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else (value,)),
            marks=() if always(value) else pytest.mark.thorough,
        )
        for value in values
    ]
