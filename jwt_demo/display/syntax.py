"""Syntax colours: the lines of a listing in pieces, each with its kind; what the kinds look like is up to the page."""

from __future__ import annotations

import functools
from typing import Any

Piece = tuple[str, str]  # kind (keyword, string, number, comment, function or "") and text


def pieces(lines: list[str], language: str) -> list[list[Piece]]:
    """Each line in pieces; whole lines without a kind where there is no such language, or the lexer disagrees about the text.

    >>> pieces(["if x:", "    return 1"], "python")[1]
    [('', '    '), ('keyword', 'return'), ('', ' '), ('number', '1')]
    """
    plain: list[list[Piece]] = [[("", line)] for line in lines]
    if language not in ("python", "json"):
        return plain
    text = "\n".join(lines)
    found: list[list[Piece]] = [[]]
    for token, value in lexer(language).get_tokens(text):
        first, *more = value.split("\n")
        found[-1].append((kind_of(token), first))
        for rest in more:
            found.append([(kind_of(token), rest)])
    told = [merged(line) for line in found]
    same = ["".join(piece for _, piece in line) for line in told] == lines
    return told if same else plain


@functools.cache
def lexer(language: str) -> Any:
    from pygments.lexers.data import JsonLexer
    from pygments.lexers.python import PythonLexer

    options = {"stripnl": False, "ensurenl": False}
    return PythonLexer(**options) if language == "python" else JsonLexer(**options)


@functools.cache
def kind_of(token: Any) -> str:
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    kinds = {
        "string": (String,),
        "comment": (Comment,),
        "number": (Number,),
        "keyword": (Keyword, Operator.Word),
        "function": (Name.Function, Name.Class, Name.Decorator, Name.Tag),  # a tag: a name in JSON
    }
    return next((kind for kind, types in kinds.items() if any(token in one for one in types)), "")


def merged(line: list[Piece]) -> list[Piece]:
    """Neighbours of one kind in one piece, none that is empty."""
    joined: list[Piece] = []
    for kind, text in line:
        if joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + text)
        elif text:
            joined.append((kind, text))
    return joined
