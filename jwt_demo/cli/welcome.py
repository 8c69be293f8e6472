"""What `jwt-demo` alone says: what to do next, here and now."""

from __future__ import annotations

from pathlib import Path

import click

from ..files import find_copy

NEXT = (
    ("lab", "open the course in JupyterLab, in a copy of your own"),
    ("inspect TOKEN", "what a token says, and what is odd about it"),
    ("probe URL", "test how a server on this machine handles tokens"),
    ("serve", "run the finished server of the course"),
    ("doctor", "is everything installed?"),
)


def welcome() -> str:
    """A few lines; where a copy of the course is near, how far its reader is comes first."""
    width = max(len(command) for command, _ in NEXT)
    commands = [f"  jwt-demo {command:<{width}}  {says}" for command, says in NEXT]
    return "\n".join(
        [
            click.style(
                "JSON Web Tokens in Python: notebooks with a real server inside", bold=True
            ),
            "",
            *how_far(),
            "What next?",
            *commands,
            "",
            "jwt-demo --help lists every command.",
        ]
    )


def how_far() -> list[str]:
    """Where the reader's copy is, what is solved in it, and what comes next; nothing where there is no copy."""
    copy = find_copy(None)
    if copy is None:
        return []
    from ..exercises.progress import solved_in
    from ..exercises.registry import exercises

    known = exercises()
    solved = solved_in(copy)
    open_ones = [name for name in known if name not in solved]
    after = f"next: {open_ones[0]}" if open_ones else "every exercise is solved"
    shown = copy.relative_to(Path.cwd()) if copy.is_relative_to(Path.cwd()) else copy
    return [
        f"Your copy is {shown}: {len(known) - len(open_ones)} of {len(known)} exercises solved, {after}.",
        f"Go on with: jwt-demo lab {shown}",
        "",
    ]
