"""Boxes in columns and the arrows between them: SVG, and a text twin that says the same."""

from __future__ import annotations

import textwrap

from ..escaping import escaped, visible
from .blocks import Box, Flow, Link

LETTER, LINE = 8, 17  # in units of the picture: how wide a letter is at most, how high a line
WRAP = 24  # characters of a line in a box
GAP = 34  # between boxes of a column, and the least that is left and right of a label


def flow_text(flow: Flow) -> str:
    """
    >>> boxes = [[Box("payload", "what is claimed")], [Box("signing input")]]
    >>> print(flow_text(Flow(boxes, [Link("payload", "signing input", "base64url")])))
    payload: what is claimed
    payload → signing input (base64url)
    """
    boxes = [box for column in flow.columns for box in column if box.text]
    lines = [f"{box.title}: {box.text}" for box in boxes]
    lines += [
        f"{link.start} → {link.end}" + (f" ({link.label})" if link.label else "")
        for link in flow.links
    ]
    return "\n".join(map(visible, lines))


def flow_svg(flow: Flow) -> str:
    """The picture; its colours come from the page's theme."""
    places, width, height = layout(flow)
    boxes = [drawn_box(box, places[box.title]) for column in flow.columns for box in column]
    links = [drawn_link(link, places[link.start], places[link.end]) for link in flow.links]
    name = "Diagram: " + ", ".join(box.title for column in flow.columns for box in column)
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{escaped(name)}">\n'
        + "\n".join([*links, *boxes])
        + "\n</svg>"
    )


Place = tuple[int, int, int, int]  # x, y, width, height


def layout(flow: Flow) -> tuple[dict[str, Place], int, int]:
    """Where each box stands, and how large the picture is."""
    tallest = max(column_height(column) for column in flow.columns)
    places: dict[str, Place] = {}
    x = 2
    for column in flow.columns:
        width = max(len(line) for box in column for line in lines_of(box)) * LETTER + 28
        pitch = tallest // len(column)
        for row, box in enumerate(column):
            y = 2 + pitch * row + (pitch - box_height(box)) // 2
            places[box.title] = (x, y, width, box_height(box))
        titles = {box.title for box in column}
        labels = [len(link.label) for link in flow.links if link.start in titles]
        x += width + max([*labels, 3]) * LETTER + 2 * GAP
    right = max(place[0] + place[2] for place in places.values())
    return places, right + 2, tallest + 4


def column_height(column: list[Box]) -> int:
    """Each box of a column gets the same room."""
    return (max(map(box_height, column)) + GAP) * len(column)


def lines_of(box: Box) -> list[str]:
    return [box.title, *textwrap.wrap(box.text, WRAP)]


def box_height(box: Box) -> int:
    return LINE * len(lines_of(box)) + 14


def drawn_box(box: Box, place: Place) -> str:
    x, y, width, height = place
    texts = "".join(
        f'<text{"" if number else BOLD} x="{x + width // 2}" y="{y + LINE * (number + 1) + 2}" text-anchor="middle">{escaped(line)}</text>'
        for number, line in enumerate(lines_of(box))
    )
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6"></rect>{texts}'


BOLD = ' class="jd-lane"'


def drawn_link(link: Link, start: Place, end: Place) -> str:
    """A line with a head, and its label near its beginning, where the lines of one column are still apart."""
    x1, y1 = start[0] + start[2], start[1] + start[3] // 2
    x2, y2 = end[0], end[1] + end[3] // 2
    x = x1 + GAP // 2 + len(link.label) * LETTER // 2 if y1 != y2 else (x1 + x2) // 2
    y = y1 + (y2 - y1) * (x - x1) // (x2 - x1)
    slope = (y2 - y1) / (x2 - x1)
    head = "".join(
        f'<line x1="{x2}" y1="{y2}" x2="{x2 - 8}" y2="{round(y2 - 8 * slope + tip)}"></line>'
        for tip in (-4, 4)
    )
    line = f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"></line>{head}'
    if not link.label:
        return line
    return f'{line}<text class="jd-on-line" x="{x}" y="{y - 5}" text-anchor="middle">{escaped(link.label)}</text>'
