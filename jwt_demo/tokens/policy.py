"""What a server requires of a token beyond a good signature; what lacks something is rejected. No clock, no key.

>>> token = Token.parse("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxNzAwMDAwMDAwfQ.c2lnbmF0dXJl")
>>> Policy().objections(token, now=1_700_000_007)
['expired 7 s ago']
>>> Policy(audience="shop").objections(token, now=1_699_999_999)
['`aud` is missing']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .algorithms import SUPPORTED as ALGORITHMS
from .anatomy import Token
from .claims import in_words, is_numeric_date, on_unit
from .kinds import media_type
from .member_types import STRICT_CLAIMS, STRICT_HEADER, wrong_types

__all__ = ["ALGORITHMS", "Policy", "audiences", "media_type"]


@dataclass(frozen=True)
class Policy:
    """The demands of one server: times in seconds, `None` where it has no demand."""

    algorithms: tuple[str, ...] = ALGORITHMS
    require: tuple[str, ...] = ("exp",)
    issuer: str | None = None
    audience: str | None = None
    typ: str | None = None
    longest_lifetime: float | None = None
    leeway: float = 0

    def objections(self, token: Token, *, now: float) -> list[str]:
        """Why this policy rejects a token whose signature is good; an empty list: it accepts (RFC 7519 §7.2, RFC 8725 §3)."""
        if token.claims is None:
            return ["the payload contains no claims"]
        return [
            *self._on_header(token),
            *on_types(token),
            *self._on_names(token.claims),
            *self._on_times(token.claims, now),
        ]

    def _on_header(self, token: Token) -> list[str]:
        found = []
        if token.header.get("alg") not in self.algorithms:
            found.append("its algorithm is not on the list of allowed algorithms")
        if self.typ is not None and media_type(token.header.get("typ")) != media_type(self.typ):
            found.append(f"`typ` is not {self.typ}")
        return found

    def _on_names(self, claims: dict[str, Any]) -> list[str]:
        demanded = [
            *self.require,
            *(["iss"] if self.issuer is not None else []),
            *(["aud"] if self.audience is not None else []),
        ]
        found = [
            f"`{name}` is missing" for name in dict.fromkeys(demanded) if claims.get(name) is None
        ]
        if self.issuer is not None and claims.get("iss") not in (None, self.issuer):
            found.append("it is from another issuer")
        if claims.get("aud") is not None and self.audience not in audiences(claims["aud"]):
            found.append(
                "it is for another audience"
                if self.audience is not None
                else "it names an audience (`aud`), this server has no name to be it"
            )
        return found

    def _on_times(self, claims: dict[str, Any], now: float) -> list[str]:
        times = {
            name: claims[name]
            for name in ("exp", "nbf", "iat")
            if name in claims and not (claims[name] is None and name in self.require)
        }
        wrong = [name for name, value in times.items() if not is_numeric_date(value)]
        if wrong:
            return [f"`{name}` is not a time" for name in wrong]
        exp, nbf, iat = (times.get(name) for name in ("exp", "nbf", "iat"))
        found = []
        if exp is not None and exp <= now - self.leeway:
            odd = on_unit(exp, now=now)
            found.append(f"`exp` is {exp}: {odd}" if odd else f"expired {in_words(exp, now=now)}")
        if nbf is not None and nbf > now + self.leeway:
            found.append(f"not valid yet, it starts {when(nbf, now)}")
        if iat is not None and iat > now + self.leeway:
            found.append(f"issued in the future, {when(iat, now)}")
        if (
            exp is not None
            and self.longest_lifetime is not None
            and exp - (iat if iat is not None else now) > self.longest_lifetime
        ):
            found.append("it lives too long")
        return found


def when(moment: float, now: float) -> str:
    """How far a time is, and what it probably is where it is no number of seconds."""
    odd = on_unit(moment, now=now)
    return f"{in_words(moment, now=now)} (it is {odd})" if odd else in_words(moment, now=now)


def on_types(token: Token) -> list[str]:
    """Registered names whose value has a wrong type, header and claims; PyJWT rejects them too, or mistakes them."""
    strict = {"header": STRICT_HEADER, "claims": STRICT_CLAIMS}
    return [
        f"`{name}` is not a string" if flaw.startswith("must be a string, ") else f"`{name}` {flaw}"
        for part, name, flaw in wrong_types(token.header, token.claims)
        if name in strict[part]
    ]


def audiences(aud: object) -> list[object]:
    return aud if isinstance(aud, list) else [aud]
