"""Answers as a notebook would have them: defined from their source, under the warnings of a kernel."""

from __future__ import annotations

import itertools
import linecache
import warnings

import pytest

AS_IN_A_NOTEBOOK = [
    # what a wrong answer does to the interpreter is its own affair, as in a notebook, where none of these is an error
    pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning"),
    pytest.mark.filterwarnings("ignore::aiohttp.web.NotAppKeyWarning"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def defined(exercise, source):
    """What an answer defines, with the names the notebook has by then."""
    names = {"__name__": "__main__"}
    exec(exercise.given, names)  # as the cells before it
    filename = f"<learner {exercise.name} {next(_numbers)}>"
    source = source.strip() + "\n"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        exec(compile(source, filename, "exec", dont_inherit=True), names)
    return names[exercise.function]


_numbers = itertools.count()
