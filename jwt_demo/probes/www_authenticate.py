"""Reading `WWW-Authenticate`: one header or several, one challenge or several, parameters in any order and case (RFC 9110 §11.6.1)."""

from __future__ import annotations

import re

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105  # the `token` of RFC 9110 §5.6.2
PARAMETER = re.compile(rf"""({TOKEN})[ \t]*=[ \t]*("(?:[^"\\]|\\.)*"|{TOKEN})[ \t]*(?=,|$)""")
SCHEME = re.compile(rf"({TOKEN})(?:[ \t]+|(?=,)|$)")
TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*[ \t]*(?=,|$)")


def parse_challenges(values: list[str]) -> list[tuple[str, dict[str, str]]]:
    """Schemes and their parameters, names in lower case; what can't be read ends its header.

    >>> parse_challenges(['Basic realm="a, b", bearer Error=invalid_token , realm="x"', "DPoP"])
    [('basic', {'realm': 'a, b'}), ('bearer', {'error': 'invalid_token', 'realm': 'x'}), ('dpop', {})]
    """
    challenges: list[tuple[str, dict[str, str]]] = []
    for value in values:
        rest = value.strip()
        while rest:
            if challenges and (match := PARAMETER.match(rest)):
                challenges[-1][1][match[1].lower()] = unquoted(match[2])
            elif match := SCHEME.match(rest):
                challenges.append((match[1].lower(), {}))
                if (blob := TOKEN68.match(rest, match.end())) and not PARAMETER.match(
                    rest, match.end()
                ):
                    match = blob
            else:
                break
            rest = rest[match.end() :].lstrip(" \t,")
    return challenges


def unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def bearer_challenge(values: list[str]) -> dict[str, str] | None:
    """The parameters of the first Bearer challenge; None when there is none."""
    return next(
        (parameters for scheme, parameters in parse_challenges(values) if scheme == "bearer"), None
    )
