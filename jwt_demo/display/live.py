"""Two layers of an output: what every page shows, and the widget that takes its place while a kernel runs."""

from __future__ import annotations

from typing import Any

# The style sheet hides whichever of the two is not wanted: `.jd-still` beside a live `.jd-live`, and a placeholder beside none.


def display_both(still: dict[str, str], widget: Any, text: str) -> None:
    """Show the still picture (text and HTML), then the widget; `text` stands for the widget where it cannot be shown."""
    html = f'<div class="jd-still">{still["text/html"]}</div>'
    for shown in (
        {**still, "text/html": html},
        {**widget._repr_mimebundle_()[0], "text/plain": text},
    ):
        display_bundle(shown)


def display_bundle(bundle: dict[str, str]) -> None:
    """Show one output, given by media type, under the cell that runs."""
    from IPython.display import display

    display(bundle, raw=True)  # type: ignore[no-untyped-call]  # IPython has no types here
