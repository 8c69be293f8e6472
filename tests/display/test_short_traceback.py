"""Tracebacks: at most twelve lines, the reader's own, the message last."""

import pytest

from jwt_demo.display.short_traceback import BOLD, PLAIN, short_traceback


def lines_of(source: str) -> list[str]:
    """The traceback of a cell with this source."""
    name = "<cell>"
    try:
        exec(compile(source, name, "exec"), {"__name__": "__main__"})
    except BaseException as error:
        shown = short_traceback(error, error.__traceback__, lambda frame: "Cell In[1]")
        return [line.replace(BOLD, "").replace(PLAIN, "") for line in shown]
    raise AssertionError("nothing was raised")


DEEP = "def f(n):\n    return f(n - 1) if n else 1 / 0\nf(50)"


@pytest.mark.parametrize(
    ("source", "last"),
    [
        ("raise ValueError('one\\ntwo')", "ValueError: one two"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise ValueError('x' * 5000)", None),
        ("raise ValueError('\\x1b[31m\\u202e')", "ValueError: \\x1b[31m\\u202e"),
        (DEEP, "ZeroDivisionError: division by zero"),
        ("import json\njson.loads('{')", None),
        ("class E(Exception):\n    def __str__(self): return '\\n' * 40\nraise E", "E"),
    ],
)
def test_any_traceback_is_short_and_ends_with_its_message(source, last):
    """Whatever the message, however deep the call."""
    lines = lines_of(source)
    assert 2 <= len(lines) <= 12
    assert last is None or lines[-1] == last
    assert max(map(len, lines)) < 1_000
    assert lines[0].startswith("Cell In[1], line ")


def test_what_libraries_did_is_counted_and_not_shown():
    """The number of their calls, and where to see them."""
    *_, hidden, message = lines_of("import json\njson.loads('{')")
    assert hidden.endswith("inside libraries not shown; %tb shows all)")
    assert message.startswith("JSONDecodeError: ")


def test_an_error_without_a_line_of_the_reader_is_left_to_ipython():
    """There is nothing to cut it to."""
    error = ValueError("no frames")
    assert short_traceback(error, None, lambda frame: "") == []
