"""What a learner has solved, as a page to show: no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from ..escaping import escaped
from .registry import exercises

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>JSON Web Tokens in Python</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; }}
td, th {{ border-bottom: 1px solid; padding: .3rem .6rem; text-align: left; vertical-align: top; }}
</style>
</head>
<body>
<h1>JSON Web Tokens in Python</h1>
<p>{whose}{moment}: {solved} of {of} exercises solved</p>
<table>
<thead><tr><th>exercise</th><th>state</th><th>what it is about</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def result_page(
    states: Mapping[str, str], *, solved: int, name: str = "", now: datetime | None = None
) -> str:
    """The page for these exercises, by name; `name` is whose page it is.

    >>> "0 of 1 exercises solved" in result_page({"02-login": "open"}, solved=0)
    True
    """
    known = exercises()
    rows = "\n".join(
        f"<tr><td>{escaped(exercise)}</td><td>{escaped(state)}</td><td>{escaped(known[exercise].idea)}</td></tr>"
        for exercise, state in states.items()
    )
    moment = (now or datetime.now(timezone.utc)).strftime("%Y-%m-%d")
    whose = f"{escaped(name)}, " if name else ""
    return PAGE.format(whose=whose, moment=moment, solved=solved, of=len(states), rows=rows)
