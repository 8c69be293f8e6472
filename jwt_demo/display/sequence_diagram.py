"""The way of requests through a server as a sequence diagram: SVG, and a text twin that says the same."""

from __future__ import annotations

from collections.abc import Iterable

from ..escaping import cut, escaped, shortened, visible
from ..server.exchange import Exchange
from .token_view import Arrow, Diagram

LONGEST_NAME = 24  # characters of a lane's name
LONGEST_TEXT = 26  # characters on an arrow of the picture; the text twin has more


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
    """One arrow for each step; the steps of a request that was never answered end where it stayed."""
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
            answered if exchange.status is not None else "no answer",
            odd=exchange.status is None,
        )
    elif exchange.status is None:
        yield Arrow(way[-1], 0, "no answer", odd=True)


def label(text: str, longest: int) -> str:
    text = shortened(text)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def diagram_text(diagram: Diagram) -> str:
    names = [visible(cut(name, LONGEST_NAME)) for name in diagram.lanes]
    lines = [" · ".join(names)]
    for exchange in diagram.exchanges:
        lines.append("")
        for arrow in exchange:
            outer, inner = names[min(arrow.start, arrow.end)], names[max(arrow.start, arrow.end)]
            margin = "  " * min(arrow.start, arrow.end)
            text = visible(label(arrow.text, 160))
            lines.append(
                f"{margin}{outer} {'→' if arrow.start < arrow.end else '←'} {inner}"
                + (f": {'✗ ' if arrow.odd else ''}{text}" if text else "")
            )
    return "\n".join([*lines, *(["", diagram.rest] if diagram.rest else [])])


LANE, ROW, TOP = 230, 30, 30  # in units of the picture


def svg(diagram: Diagram) -> str:
    """The picture; its colours come from the page's theme."""
    width, rows = LANE * len(diagram.lanes), sum(len(exchange) for exchange in diagram.exchanges)
    height = TOP + ROW * rows + 14 * len(diagram.exchanges) + 10
    parts = []
    for place, name in enumerate(diagram.lanes):
        x = center(place)
        parts.append(
            f'<text class="jd-lane" x="{x}" y="16" text-anchor="middle">{escaped(cut(name, LONGEST_NAME))}</text>'
        )
        parts.append(
            f'<line x1="{x}" y1="24" x2="{x}" y2="{height}" stroke-dasharray="2 4"></line>'
        )
    y = TOP
    for exchange in diagram.exchanges:
        y += 14
        for arrow in exchange:
            y += ROW
            parts.append(drawn(arrow, y - 8))
    summary = f"Sequence diagram of {len(diagram.exchanges)} exchange{'s' * (len(diagram.exchanges) != 1)} between {', '.join(diagram.lanes)}"
    rest = f"\n<p><small>{escaped(diagram.rest)}</small></p>" if diagram.rest else ""
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{escaped(cut(summary, 300))}">\n'
        + "\n".join(parts)
        + f"\n</svg>{rest}"
    )


def drawn(arrow: Arrow, y: int) -> str:
    """A line, two strokes for its head, and its text above it."""
    x1, x2 = center(arrow.start), center(arrow.end)
    back = 7 if x2 < x1 else -7
    dash = ' stroke-dasharray="6 3"' if x2 < x1 else ""
    lines = f'<line x1="{x1}" y1="{y}" x2="{x2}" y2="{y}"{dash}></line>' + "".join(
        f'<line x1="{x2}" y1="{y}" x2="{x2 + back}" y2="{y + tip}"></line>' for tip in (-4, 4)
    )
    text = ("✗ " if arrow.odd else "") + label(arrow.text, LONGEST_TEXT)
    odd = ' class="jd-odd"' if arrow.odd else ""
    return lines + (
        f'<text{odd} x="{(x1 + x2) // 2}" y="{y - 6}" text-anchor="middle">{escaped(text)}</text>'
        if arrow.text
        else ""
    )


def center(lane: int) -> int:
    return LANE * lane + LANE // 2
