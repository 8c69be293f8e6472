"""A traceback in a notebook, cut to what its reader wrote: their lines, and the message as the last line.

What libraries did in between is one line; `%tb` shows all of it.
"""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from ..escaping import cut, visible
from ..server.diagnosis import is_theirs

LONGEST = 12  # lines
AROUND = 2  # lines of a cell shown before the one that failed
LONGEST_MESSAGE = 600
BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def short_traceback(
    error: BaseException, tb: TracebackType | None, name_of: Callable[[FrameType], str]
) -> list[str]:
    """At most twelve lines, the last one the message; none where no line is the reader's. `name_of` names a frame's cell or file.

    >>> try:
    ...     {}["sub"]
    ... except KeyError as error:
    ...     lines = short_traceback(error, error.__traceback__, lambda frame: "Cell In[5]")
    >>> lines[0], lines[-1].replace(BOLD, "").replace(PLAIN, "")
    ('Cell In[5], line 2', "KeyError: 'sub'")
    """
    frames = list(traceback.walk_tb(tb))
    own = [(frame, line) for frame, line in frames if is_theirs(frame)]
    if not own:
        return []
    *outer, (frame, line) = own
    calls = [
        f"{name_of(one)}, line {at}: {visible(source(one, at).strip())}" for one, at in outer[-3:]
    ]
    inner = len(frames) - frames.index((frame, line)) - 1
    hidden = f"({inner} call{'' if inner == 1 else 's'} inside libraries not shown; %tb shows all)"
    message = [*([hidden] if inner else []), last_line(error)]
    code = around(frame, line, LONGEST - len(calls) - len(message) - 1)
    return [*calls, f"{name_of(frame)}, line {line}", *code, *message]


def around(frame: FrameType, line: int, most: int) -> list[str]:
    """The line that failed, marked, and those before it in the same cell."""
    numbers = range(max(1, line - min(AROUND, most - 1)), line + 1)
    width = len(str(line))
    return [
        f"{'-->' if number == line else '   '} {number:>{width}} {visible(source(frame, number))}".rstrip()
        for number in numbers
        if source(frame, line)
    ]


def source(frame: FrameType, line: int) -> str:
    return linecache.getline(frame.f_code.co_filename, line, frame.f_globals).rstrip()


def last_line(error: BaseException) -> str:
    """The exception's name and what it says, in one line."""
    said = " ".join(visible(cut(str(error), LONGEST_MESSAGE)).replace("\\n", " ").split())
    name = f"{BOLD}{type(error).__name__}{PLAIN}"
    return f"{name}: {said}" if said else name


def shorten_tracebacks(shell: Any) -> None:
    """From now on a cell that fails shows its short traceback; `%tb` still shows the whole one."""
    if getattr(shell.showtraceback, "is_short", False):
        return
    whole = shell.showtraceback

    def name_of(frame: FrameType) -> str:
        name = shell.compile.format_code_name(frame.f_code.co_filename)
        return " ".join(name) if name else frame.f_globals.get("__name__", "a file")

    def showtraceback(*arguments: Any, running_compiled_code: bool = False, **options: Any) -> None:
        lines: list[str] = []
        if running_compiled_code and not arguments and not options:
            kind, error, tb = shell._get_exc_info()
            if not issubclass(kind, SyntaxError) and kind.__name__ != "UsageError":
                lines = short_traceback(error, tb, name_of)
        if lines:
            shell._showtraceback(kind, error, lines)
        else:
            whole(*arguments, running_compiled_code=running_compiled_code, **options)

    showtraceback.is_short = True  # type: ignore[attr-defined]  # set once, however often the package is imported
    shell.showtraceback = showtraceback
