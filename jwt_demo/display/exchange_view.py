"""What went over the wire, as HTTPie shows it: request, response, and under them what went wrong, if something did."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from typing import Any

from ..escaping import TOKEN, cut, shortened
from ..server.exchange import Exchange
from .blocks import Line, Listing, Note, Picture
from .sequence_diagram import diagram_of

ORDINARY = {
    "host", "content-length", "connection", "date", "server", "accept", "accept-encoding", "user-agent", "transfer-encoding", "keep-alive",
}  # fmt: skip
LONGEST_BODY = 4_000  # characters shown of one body
LONGEST_LINE = 400
MOST_EXCHANGES = 12


def exchange_picture(exchange: Exchange, *, all: bool = False, reveal: bool = False) -> Picture:
    """Request and response; `all` shows every header, `reveal` shows tokens whole."""
    say = str if reveal else shortened
    asked = [Line(cut(say(f"{exchange.method} {exchange.path} HTTP/1.1"), LONGEST_LINE), "head")]
    request = message(asked, exchange.request_headers, exchange.request_body, all=all, say=say)
    blocks: list[Any] = [Listing("request", request, "json")]
    if exchange.status is not None:
        status = Line(
            cut(f"HTTP/1.1 {exchange.status} {exchange.reason}".rstrip(), LONGEST_LINE), "head"
        )
        blocks.append(
            Listing(
                "response",
                message([status], pairs(exchange.headers), exchange.body, all=all, say=say),
                "json",
            )
        )
    if exchange.problem:
        blocks.append(Note("What went wrong", cut(say(exchange.problem), 2_000)))
    elif exchange.status is None:
        blocks.append(Note("What went wrong", "no response"))
    blocks += [
        Note("Warning", cut(say(warning), 2_000), "warning")
        for warning in dict.fromkeys(exchange.warnings)
    ]
    blocks += [
        Note("Logged", cut(say(line), 2_000), "warning") for line in dict.fromkeys(exchange.log)
    ]
    return Picture(
        f"{cut(say(f'{exchange.method} {exchange.path}'), 80)}, status {exchange.status or 'none'}",
        blocks,
    )


def message(
    lines: list[Line], headers: Iterable[tuple[str, str]], body: bytes, *, all: bool, say: Any
) -> list[Line]:
    headers = list(headers)
    shown = [(name, value) for name, value in headers if all or name.lower() not in ORDINARY]
    if say is shortened:
        shown = [
            (name, masked_cookies(value) if name.lower() == "cookie" else value)
            for name, value in shown
        ]
    lines += [Line(cut(say(f"{name}: {value}"), LONGEST_LINE), "field") for name, value in shown]
    if hidden := len(headers) - len(shown):
        lines.append(Line(f"+ {hidden} ordinary header{'' if hidden == 1 else 's'}", "dim"))
    if body:
        lines += [Line(""), *body_lines(body, say)]
    return lines


def masked_cookies(value: str) -> str:
    """A browser brings the cookies of every server on this machine; of those that are no token only the length shows.

    >>> masked_cookies("theme=dark; other-server=2|0c1d|9e8f7a6b")
    'theme=dark; other-server=…15 characters…'
    """

    def masked(cookie: str) -> str:
        name, _, content = cookie.partition("=")
        return (
            cookie
            if len(content) <= 8 or TOKEN.search(content)
            else f"{name}=…{len(content)} characters…"
        )

    return "; ".join(masked(cookie.strip()) for cookie in value.split(";"))


def body_lines(body: bytes, say: Any) -> list[Line]:
    """JSON indented, other text as it is, bytes that are no text by their number."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return [Line(f"({len(body):,} bytes that are not text)", "dim")]
    role = "body"
    with contextlib.suppress(ValueError, RecursionError):
        text = json.dumps(json.loads(text), indent=4, ensure_ascii=False)
        role = "json"
    cut_off = len(text) > LONGEST_BODY
    # A token cut in its middle would no longer be recognised as one, so shortening comes first.
    lines = [
        Line(cut(line, LONGEST_LINE), role)
        for line in say(text[: LONGEST_BODY * 4])[:LONGEST_BODY].split("\n")
    ]
    return [*lines, Line(f"… {len(body):,} bytes in all", "dim")] if cut_off else lines


def tokens_in(exchange: Exchange) -> list[str]:
    """Every token that went over the wire, in order, each once."""
    places = [
        exchange.path,
        *(value for _, value in exchange.request_headers),
        exchange.request_body.decode("latin-1"),
    ]
    places += [*(value for _, value in pairs(exchange.headers)), exchange.body.decode("latin-1")]
    return list(
        dict.fromkeys(
            match[0]
            for place in places
            for match in TOKEN.finditer(place)
            if match[0].count(".") == 2
        )
    )


def pairs(headers: Any) -> list[tuple[str, str]]:
    return list(headers.items()) if hasattr(headers, "items") else list(headers)


def server_picture(server: Any) -> Picture:
    """Where a server listens, and its routes."""
    lines = [Line(f"Server at {server.url}" if server.running else "Server, stopped", "head")]
    if server.running and server.app is not None:
        routes = [
            (route.method, route.resource.canonical, route.handler)
            for route in server.app.router.routes()
            if route.resource and route.method != "HEAD"
        ]
        width = max((len(method) for method, _, _ in routes), default=0)
        lines += [Line(f"{method:<{width}} {path}") for method, path, _ in routes] or [
            Line("no routes", "dim")
        ]
    return Picture("Server", [Listing("", lines)])


def exchanges_picture(exchanges: Iterable[Exchange]) -> Picture:
    """The way of each exchange through the server, the last ones where there are many."""
    known = list(exchanges)
    if not known:
        return Picture("Exchanges", [Listing("", [Line("no exchanges yet", "dim")])])
    return Picture(
        "Exchanges",
        [diagram_of(known[-MOST_EXCHANGES:], earlier=max(len(known) - MOST_EXCHANGES, 0))],
    )
