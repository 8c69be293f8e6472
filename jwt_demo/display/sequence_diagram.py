"""The way of requests through a server as a sequence diagram: SVG, and a text twin that says the same."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from ..escaping import cut, escaped, shortened, visible
from ..server.exchange import Exchange
from .blocks import Arrow, Diagram

LONGEST_NAME = 24  # characters of a lane's name
LONGEST_LINE = 90  # characters on an arrow across the whole picture; the text twin has more


def diagram_of(exchanges: Iterable[Exchange], *, earlier: int = 0) -> Diagram:
    """What really happened, from the steps that were recorded inside the server.

    >>> from jwt_demo.server.exchange import Step
    >>> steps = [Step(0, "auth", "in"), Step(0, "auth", "out", "401")]
    >>> print(diagram_text(diagram_of([Exchange("GET", "/", status=401, reason="Unauthorized", steps=steps)])))
    client · auth · handler
    <BLANKLINE>
    client → auth: GET /
    client ← auth: 401 Unauthorized
    """
    exchanges = list(exchanges)
    middlewares = in_order(exchanges)
    lanes = ["client", *middlewares, "handler"]
    return Diagram(
        lanes,
        [list(arrows(exchange, lanes)) for exchange in exchanges],
        f"{earlier:,} earlier ones are not shown" if earlier else "",
    )


def in_order(exchanges: list[Exchange]) -> list[str]:
    """The middlewares of all exchanges, outermost first."""
    places: dict[str, int] = {}
    for exchange in exchanges:
        for step in exchange.steps:
            if step.way == "in" and not step.handler:
                places[step.name] = max(step.place, places.get(step.name, 0))
    return sorted(places, key=lambda name: places[name])


def arrows(exchange: Exchange, lanes: list[str]) -> Iterable[Arrow]:
    """One arrow for each step; the steps of a request that never got a response end where it stayed."""
    asked, answered = (
        f"{exchange.method} {exchange.path}",
        f"{exchange.status} {exchange.reason}".strip(),
    )
    way = [0]
    for step in exchange.steps:
        if step.way == "in":
            lane = len(lanes) - 1 if step.handler else lanes.index(step.name)
            yield Arrow(
                way[-1], lane, asked if way == [0] else f"{step.name}()" if step.handler else ""
            )
            way.append(lane)
        elif len(way) > 1:
            lane = way.pop()
            if way == [0] and exchange.status is not None:
                text = (
                    answered
                    if step.outcome == str(exchange.status)
                    else f"{answered} for {step.outcome}"
                )
            else:
                text = step.outcome
            yield Arrow(lane, way[-1], text, odd=not step.outcome.isdigit())
    if not exchange.steps:
        yield Arrow(0, 1, asked)
        yield Arrow(
            1,
            0,
            answered if exchange.status is not None else "no response",
            odd=exchange.status is None,
        )
    elif exchange.status is None:
        yield Arrow(way[-1], 0, "no response", odd=True)


def label(text: str, longest: int) -> str:
    text = shortened(text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def diagram_text(diagram: Diagram) -> str:
    names = [visible(lane_name(name)) for name in diagram.lanes]
    lines = [" · ".join(names)]
    for exchange in diagram.exchanges:
        lines.append("")
        for arrow in exchange:
            if arrow.start == arrow.end:
                lines.append(f"{'  ' * arrow.start}{names[arrow.start]}: {visible(arrow.text)}")
                continue
            outer, inner = names[min(arrow.start, arrow.end)], names[max(arrow.start, arrow.end)]
            margin = "  " * min(arrow.start, arrow.end)
            text = visible(label(arrow.text, 160))
            lines.append(
                f"{margin}{outer} {'→' if arrow.start < arrow.end else '←'} {inner}"
                + (f": {'✗ ' if arrow.odd else ''}{text}" if text else "")
            )
    return "\n".join([*lines, *(["", diagram.rest] if diagram.rest else [])])


ROW, TOP = 30, 30  # in units of the picture
LETTER = 8  # how wide a letter is, at most
LINE = 17  # from one line of a note to the next
NOTE_WIDTH = 26  # characters of one line of a note


def svg(diagram: Diagram) -> str:
    """The picture; its colours come from the page's theme."""
    lane = lane_width(diagram)
    parts, y = [], TOP
    for exchange in diagram.exchanges:
        y += 14
        for arrow in exchange:
            if arrow.start == arrow.end:
                drawing, height = note(arrow, y + 6, lane)
            else:
                drawing, height = drawn(arrow, y + ROW - 8, diagram), ROW
            parts.append(drawing)
            y += height
    width, height = lane * len(diagram.lanes), y + 10
    names = [
        f'<text class="jd-lane" x="{center(place, lane)}" y="16" text-anchor="middle">{escaped(lane_name(name))}</text>'
        f'<line x1="{center(place, lane)}" y1="24" x2="{center(place, lane)}" y2="{height}" stroke-dasharray="2 4"></line>'
        for place, name in enumerate(diagram.lanes)
    ]
    count = len(diagram.exchanges)
    summary = f"Sequence diagram of {count} exchange{'' if count == 1 else 's'} between {', '.join(diagram.lanes)}"
    rest = f"\n<p><small>{escaped(diagram.rest)}</small></p>" if diagram.rest else ""
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{escaped(cut(summary, 300))}">\n'
        + "\n".join([*names, *parts])
        + f"\n</svg>{rest}"
    )


def lane_width(diagram: Diagram) -> int:
    """Wide enough for every text on an arrow, and for every name."""
    arrows = [
        arrow for exchange in diagram.exchanges for arrow in exchange if arrow.start != arrow.end
    ]
    needed = [
        len(shown(arrow, len(diagram.lanes))) * LETTER // abs(arrow.end - arrow.start) + 2 * LETTER
        for arrow in arrows
    ]
    return max(
        [150, *needed, *((len(name) + 2) * LETTER for name in map(lane_name, diagram.lanes))]
    )


def lane_name(name: str) -> str:
    return cut(name, LONGEST_NAME)


def shown(arrow: Arrow, lanes: int) -> str:
    """What stands on an arrow: the fewer lanes, the more there is room for."""
    room = max(LONGEST_LINE // (lanes - 1), 26) * abs(arrow.end - arrow.start)
    text = label(arrow.text, room)
    return f"✗ {text}" if arrow.odd else text


def drawn(arrow: Arrow, y: int, diagram: Diagram) -> str:
    """A line, two strokes for its head, and its text above it."""
    lane = lane_width(diagram)
    x1, x2 = center(arrow.start, lane), center(arrow.end, lane)
    back = 7 if x2 < x1 else -7
    dash = ' stroke-dasharray="6 3"' if x2 < x1 else ""
    lines = f'<line x1="{x1}" y1="{y}" x2="{x2}" y2="{y}"{dash}></line>' + "".join(
        f'<line x1="{x2}" y1="{y}" x2="{x2 + back}" y2="{y + tip}"></line>' for tip in (-4, 4)
    )
    if not arrow.text:
        return lines
    odd = ' class="jd-odd"' if arrow.odd else ""
    text = escaped(shown(arrow, len(diagram.lanes)))
    return f'{lines}<text{odd} x="{(x1 + x2) // 2}" y="{y - 6}" text-anchor="middle">{text}</text>'


def note(arrow: Arrow, y: int, lane: int) -> tuple[str, int]:
    """A box on a lane, and how high it is."""
    lines = textwrap.wrap(arrow.text, min(NOTE_WIDTH, lane // LETTER - 2)) or [""]
    width = max(map(len, lines)) * LETTER + 12
    x, height = center(arrow.start, lane), LINE * len(lines) + 8
    box = f'<rect x="{x - width // 2}" y="{y}" width="{width}" height="{height}" rx="4"></rect>'
    texts = "".join(
        f'<text x="{x}" y="{y + LINE * place - 3}" text-anchor="middle">{escaped(line)}</text>'
        for place, line in enumerate(lines, start=1)
    )
    return box + texts, height + 8


def center(lane: int, width: int) -> int:
    return width * lane + width // 2
