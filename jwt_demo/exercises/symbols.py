"""Values that are drawn anew for each check and have names, so that nothing can be hard-coded and a message reads the same in each run.

>>> a, now = text("A"), Moment()
>>> {a: now + 300}
{A: now + 300}
"""

from __future__ import annotations

import inspect
import re
import secrets
import string
from collections.abc import Callable
from typing import Any

from ..escaping import plain
from .fixtures import Bench
from .matchers import same
from .messages import MOST, value
from .model import Call, From, Trial, Want


class Symbols(Bench):
    """A bench that draws a value for each symbol, and shows the symbol where that value stands in a message.

    >>> bench = Symbols()
    >>> drawn = text("A").made(bench)
    >>> bench.in_words(f"{ {drawn: 1} }, and {drawn[:9]} more")
    '{A: 1}, and <a part of A> more'
    """

    def __init__(self) -> None:
        super().__init__()
        self.drawn: dict[str, Any] = {}
        self.moment = 2_000_000_000 + secrets.randbelow(500_000_000)  # a second of 2033 to 2049

    def in_words(self, text: str) -> str:
        """A text with the names of symbols in place of their values."""
        return self.with_parts(self.with_symbols(self.with_names(text)))

    def with_symbols(self, text: str) -> str:
        for spelt, name in sorted(self.spellings(), key=lambda spelling: -len(spelling[0])):
            text = text.replace(repr(spelt), name).replace(spelt, name)
        for name, number in self.drawn.items():
            if isinstance(number, int) and not name.startswith("now"):
                text = re.sub(rf"\b{number}\b", name, text)
        text = re.sub(r"([\"'])([\w-]+)\1", lambda found: self.as_part(found[0], found[2]), text)
        text = re.sub(r"\b(\d{10})(\d{3})\b", lambda found: self.as_milliseconds(found), text)
        return re.sub(r"\b\d{10}(?:\.0)?\b", lambda found: self.as_moment(float(found[0])), text)

    def random_texts(self) -> dict[str, str]:
        """In `as_part` a drawn text has its say first; here parts of it inside of a longer text."""
        drawn = {text: name for name, text in self.drawn.items() if isinstance(text, str)}
        return {text: name for text, name in drawn.items() if len(text) > 2 * SHORTEST}

    def as_part(self, quoted: str, text: str) -> str:
        """The name of the drawn text that this is a part of; a text of four letters may be one by accident."""
        whole = [
            name for name, drawn in self.drawn.items() if isinstance(drawn, str) and text in drawn
        ]
        return f"<a part of {whole[0]}>" if len(text) > 4 and whole else quoted

    def as_milliseconds(self, found: re.Match[str]) -> str:
        moment = self.as_moment(float(found[1]))
        return f"1000 * ({moment})" if found[2] == "000" and moment != found[1] else found[0]

    def spellings(self) -> list[tuple[str, str]]:
        """The drawn texts with their names, in small and capital letters too."""
        texts = {name: value for name, value in self.drawn.items() if isinstance(value, str)}
        return [
            (spelt, f"{name}{suffix}")
            for name, value in texts.items()
            if len(value) >= SHORTEST
            for spelt, suffix in {
                value.lower(): ".lower()",
                value.upper(): ".upper()",
                value: "",
            }.items()
        ]

    def as_moment(self, second: float) -> str:
        offset = int(second) - self.moment
        return repr(Moment(offset)) if abs(offset) < FAR else f"{second:.0f}"


FAR = 100_000_000  # seconds from `now`, beyond which a number is none of ours
SHORTEST = 6  # a shorter text stands in many words by accident


class Symbol:
    """Stands in a case for a value that is drawn when the case is tried; shown by its name."""

    def __init__(self, name: str, draw: Callable[[Symbols], Any]):
        self.name, self.draw = name, draw

    def __repr__(self) -> str:
        return self.name

    def made(self, bench: Symbols) -> Any:
        if self.name not in bench.drawn:
            bench.drawn[self.name] = self.draw(bench)
        return bench.drawn[self.name]


class Moment(Symbol):
    """A second, counted from the `now` of the check.

    >>> Moment() - 1, Moment(60)
    (now - 1, now + 60)
    """

    def __init__(self, offset: int = 0):
        sign = f" {'+' if offset > 0 else '-'} {abs(offset)}" if offset else ""
        super().__init__(f"now{sign}", lambda bench: bench.moment + offset)
        self.offset = offset

    def __add__(self, seconds: int) -> Moment:
        return Moment(self.offset + seconds)

    def __sub__(self, seconds: int) -> Moment:
        return Moment(self.offset - seconds)


def text(name: str) -> Symbol:
    """A text of small and capital letters and digits. Texts of different names have different lengths."""
    return Symbol(name, lambda bench: random_text(14 + sum(map(ord, name)) % 10))


def random_text(length: int = 18) -> str:
    letters = [secrets.choice(string.ascii_letters + string.digits) for _ in range(length)]
    return (
        f"Kx{''.join(letters)}Xk"  # a beginning or an end of few letters reads the same in each run
    )


def near(name: str, symbol: Symbol, change: Callable[[Any], object]) -> Symbol:
    """A value that is nearly that of another symbol."""
    return Symbol(name, lambda bench: change(symbol.made(bench)))


def shorter(symbol: Symbol) -> Symbol:
    """The beginning of it."""
    return near(f"{symbol}[:-1]", symbol, lambda value: value[:-1])


def longer(symbol: Symbol) -> Symbol:
    """It, and something behind it."""
    return near(f"{symbol} + 'x'", symbol, lambda value: value + "x")


def preceded(symbol: Symbol) -> Symbol:
    """It, and something in front of it."""
    return near(f"'x' + {symbol}", symbol, lambda value: "x" + value)


def other_case(symbol: Symbol) -> Symbol:
    """It, with small letters for capital ones and capital ones for small."""
    return near(f"{symbol}.swapcase()", symbol, lambda value: value.swapcase())


def filled(thing: Any, bench: Symbols) -> Any:
    """A value with the drawn ones in place of the symbols."""
    if isinstance(thing, Symbol):
        return thing.made(bench)
    if isinstance(thing, dict):
        return {filled(name, bench): filled(item, bench) for name, item in thing.items()}
    if isinstance(thing, list | tuple):
        return type(thing)(filled(item, bench) for item in thing)
    return thing


def given(*args: Any, **kwargs: Any) -> Call:
    """A call whose arguments have symbols in them."""
    return Call(*map(drawn, args), **{name: drawn(value) for name, value in kwargs.items()})


def drawn(thing: Any) -> From:
    return From(lambda bench: filled(thing, bench))


def gives_back(wanted: Any, means: str = "") -> Want:
    """What comes back equals this, symbols drawn."""

    def made(trial: Trial) -> Any:
        return filled(wanted, trial.bench)

    return Want(
        repr(wanted), lambda trial: same(trial.value, made(trial)), shown, means, value=made
    )


def shown(trial: Trial) -> str:
    """What came back, with the symbols in it; cut to a line only then."""
    if callable(trial.value) or inspect.iscoroutine(trial.value):
        return value(trial.value)
    return plain(str(trial.bench.in_words(repr(trial.value)[:MOST])))


def unchanged(position: int, name: str) -> Want:
    """The argument at this position is afterwards what it was before."""

    def holds(trial: Trial) -> bool:
        return same(trial.args[position], trial.before[position])

    return Want(
        f"`{name}` as it was before the call",
        holds,
        lambda trial: trial.bench.in_words(f"{name} is now {trial.args[position]!r}"),
        f"Your function changed the `{name}` that it was given, and the caller still needs it. Change a copy, or make something new.",
    )
