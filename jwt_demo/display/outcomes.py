"""A table of cases: who sent what, what was expected and what came back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from ..escaping import TOKEN, cut, shortened
from ..server.exchange import Exchange
from ..tokens.anatomy import Token
from .blocks import Outcome, OutcomeTable, Picture

Cases: TypeAlias = "Mapping[str, Any] | Iterable[tuple[Any, ...]]"
REQUEST = ("method", "path", "token", "headers", "data", "json", "params")
LONGEST_GOT = 160


async def outcomes(
    server: Any,
    cases: Cases,
    *,
    method: str = "GET",
    path: str = "/get-user",
    expected: Any = None,
    details: bool | None = None,
    who: str = "who",
) -> Outcomes:
    """Send each case to `server`, one after the other, and show who sent what, what was expected and what came back.

    `cases` is a dict of name → (what is sent, expected status), or a list of (name, what is sent, expected status).
    What is sent is a token, None for no token, or a dict with any of method, path, token, headers, data, json, params.
    The status can be left out; `expected` then holds for all. It is a number, a tuple of numbers, or None: not judged.
    `who` is the title of the first column.

    What a response says besides its status stands under a row that is not as expected; `details` shows it under each row
    (True) or under none (False).

    >>> import asyncio
    >>> from jwt_demo import serve
    >>> from jwt_demo.stages import decorator
    >>> async def example():
    ...     server = await serve(decorator.make_app(key="k" * 32), name="outcomes")
    ...     login = {"method": "POST", "path": "/login", "json": {"email": "user@email.com"}}
    ...     cases = {"no token": (None, 401), "not a token": ("abc", 200), "no password": (login, 400)}
    ...     shown = await outcomes(server, cases)
    ...     await server.stop()
    ...     return shown
    >>> shown = asyncio.run(example())
    >>> print(shown)
    who          sent                       expected  got
    no token     GET /get-user, no token    401       401 Unauthorized  ✓ as expected
    not a token  GET /get-user, Bearer abc  200       401 Unauthorized  ✗ not as expected
                 {"message": "This token is not valid here"}
    no password  POST /login, JSON: email   400       400 Bad Request   ✓ as expected
    <BLANKLINE>
    2 of 3 as expected
    >>> bool(shown), shown["no token"].result.status
    (False, 401)
    """
    rows = []
    for name, sent, wanted in pairs_of(cases, expected):
        request = request_of(sent, method=method, path=path)
        try:
            got: Any = await server.request(
                request["method"],
                request["path"],
                headers=headers_of(request),
                **{key: request[key] for key in ("data", "json", "params") if key in request},
            )
        except (ValueError, TypeError) as error:
            got = f"not sent: {error}"
        rows.append(outcome(name, in_words(request), wanted, got, details=details))
    return Outcomes(rows, who)


def outcome_table(
    rows: Iterable[tuple[Any, Any, Any, Any]], *, details: bool | None = None, who: str = "who"
) -> Outcomes:
    """The same table of results you already have: each row is (who, sent, expected, got).

    `got` is an exchange, a status, a text, or anything that can be compared with `expected`.

    >>> print(outcome_table([("token of flask", "GET /get-user at drf", 401, 200)]))
    who             sent                  expected  got
    token of flask  GET /get-user at drf  401       200  ✗ not as expected
    <BLANKLINE>
    0 of 1 as expected
    """
    return Outcomes([outcome(*checked(row, 4), details=details) for row in rows], who)


class Outcomes:
    """A table of outcomes. True when every case that says what it expects got it."""

    def __init__(self, rows: list[Outcome], who: str = "who"):
        self.rows, self.who = rows, who

    def __bool__(self) -> bool:
        return all(row.as_expected is not False for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.rows)

    def __getitem__(self, who: str) -> Outcome:
        for row in self.rows:
            if row.who == who:
                return row
        raise KeyError(who)

    def picture(self) -> Picture:
        return Picture("Outcomes", [OutcomeTable(self.who, self.rows)])

    def __repr__(self) -> str:
        from .text import as_text

        return as_text(self.picture())

    def _repr_html_(self) -> str:
        from .html import as_html

        return as_html(self.picture())


def pairs_of(cases: Cases, expected: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, what is sent, expected; whichever way the cases were written."""
    if isinstance(cases, Mapping):
        for name, case in cases.items():
            sent, wanted = checked(case, 2) if isinstance(case, tuple) else (case, expected)
            yield str(name), sent, wanted
        return
    for case in cases:
        name, sent, wanted = (
            (*checked(case, 2), expected)
            if isinstance(case, tuple) and len(case) == 2
            else checked(case, 3)
        )
        yield str(name), sent, wanted


def checked(row: Any, length: int) -> tuple[Any, ...]:
    names = {
        2: "what is sent and the status",
        3: "who, sent, expected",
        4: "who, sent, expected, got",
    }
    if not isinstance(row, tuple | list) or len(row) != length:
        raise TypeError(f"A row of this table has {length} parts, {names[length]}: {row!r:.80}")
    return tuple(row)


def request_of(sent: Any, *, method: str, path: str) -> dict[str, Any]:
    """The request of a case, complete."""
    if isinstance(sent, Mapping):
        unknown = [name for name in sent if name not in REQUEST]
        if unknown:
            raise TypeError(f"A request has {', '.join(REQUEST)}; this one has {unknown[0]!r}.")
        return {"method": method, "path": path, **sent}
    if sent is None or isinstance(sent, str | Token):
        return {"method": method, "path": path, "token": sent}
    raise TypeError(
        f"What is sent is a token, None or a dict with any of {', '.join(REQUEST)}; "
        f"this is {type(sent).__name__}."
    )


def headers_of(request: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Its own headers, and the token as RFC 6750 sends one."""
    headers = request.get("headers") or {}
    own = list(headers.items() if hasattr(headers, "items") else headers)
    token = str(request.get("token") or "")
    return [*own, ("Authorization", f"Bearer {token}")] if token else own


def in_words(request: Mapping[str, Any]) -> str:
    """A request in a few words: method, path, the token's beginning where it is no token, names of what else is sent."""
    parts = [f"{request['method']} {request['path']}"]
    names = ", ".join(name for name, _ in headers_of({"headers": request.get("headers")}))
    if names:
        parts.append(names)
    if token := str(request.get("token") or ""):
        parts.append(f"Bearer {'token' if TOKEN.match(token) else cut(shortened(token), 24)}")
    elif "token" in request:
        parts.append("no token")
    for kind, label in (("data", "form"), ("json", "JSON")):
        if (body := request.get(kind)) is not None:
            parts.append(
                f"{label}: {', '.join(map(str, body))}" if isinstance(body, Mapping) else label
            )
    return cut(shortened(", ".join(parts)), LONGEST_GOT)


def outcome(who: Any, sent: Any, expected: Any, got: Any, *, details: bool | None) -> Outcome:
    """One row, judged."""
    said, detail = came_back(got)
    as_expected = judged(expected, got)
    if details is False or (details is None and as_expected):
        detail = ""
    return Outcome(str(who), str(sent), wording(expected), said, detail, as_expected, got)


def came_back(got: Any) -> tuple[str, str]:
    """What came back in short, and what it says besides."""
    if not isinstance(got, Exchange):
        return cut(shortened(str(got)), LONGEST_GOT), ""
    if got.status is None:
        return "no response", cut(shortened(got.problem), LONGEST_GOT)
    status = f"{got.status} {got.reason}".strip()
    repeated = got.text == f"{got.status}: {got.reason}"  # aiohttp repeats the status there
    return status, cut(shortened(got.problem or ("" if repeated else got.text)), LONGEST_GOT)


def judged(expected: Any, got: Any) -> bool | None:
    """Whether it is what was expected; None where nothing was."""
    if expected is None:
        return None
    value = got.status if isinstance(got, Exchange) else got
    if isinstance(expected, tuple | set | frozenset | range):
        return value in expected
    return bool(value == expected)


def wording(expected: Any) -> str:
    if expected is None:
        return ""
    if isinstance(expected, tuple | set | frozenset):
        return " or ".join(sorted(map(str, expected)))
    return (
        f"{expected.start} to {expected.stop - 1}" if isinstance(expected, range) else str(expected)
    )
