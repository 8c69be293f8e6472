"""What a server demands of a token beyond a good signature; whatever is missing or odd is refused. No clock, no key.

>>> token = Token.parse("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxNzAwMDAwMDAwfQ.c2lnbmF0dXJl")
>>> Policy().objections(token, now=1_700_000_007)
['expired 7 s ago']
>>> Policy(audience="shop").objections(token, now=1_699_999_999)
['`aud` is missing']
"""

from __future__ import annotations

from dataclasses import dataclass

from .anatomy import Token
from .claims import in_words, is_numeric_date

ALGORITHMS = (
    "HS256",
    "HS384",
    "HS512",
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)


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
        """Why this policy refuses a token whose signature is good; an empty list: it accepts (RFC 7519 §7.2, RFC 8725 §3)."""
        if token.claims is None:
            return ["the payload holds no claims"]
        return [
            *self._on_header(token),
            *self._on_names(token.claims),
            *self._on_times(token.claims, now),
        ]

    def _on_header(self, token: Token) -> list[str]:
        found = []
        if token.header.get("alg") not in self.algorithms:
            found.append("its algorithm is not on the list")
        if self.typ is not None and media_type(token.header.get("typ")) != media_type(self.typ):
            found.append(f"`typ` is not {self.typ}")
        return found

    def _on_names(self, claims: dict) -> list[str]:
        demanded = [
            *self.require,
            *(["iss"] if self.issuer is not None else []),
            *(["aud"] if self.audience is not None else []),
        ]
        found = [
            f"`{name}` is missing" for name in dict.fromkeys(demanded) if claims.get(name) is None
        ]
        found += [
            f"`{name}` is not a string"
            for name in ("sub", "jti")
            if name in claims and not isinstance(claims[name], str)
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

    def _on_times(self, claims: dict, now: float) -> list[str]:
        times = {
            name: claims[name] for name in ("exp", "nbf", "iat") if claims.get(name) is not None
        }
        odd = [name for name, value in times.items() if not is_numeric_date(value)]
        if odd:
            return [f"`{name}` is not a time" for name in odd]
        exp, nbf, iat = (times.get(name) for name in ("exp", "nbf", "iat"))
        found = []
        if exp is not None and exp <= now - self.leeway:
            found.append(f"expired {in_words(exp, now=now)}")
        if nbf is not None and nbf > now + self.leeway:
            found.append(f"not valid yet, it starts {in_words(nbf, now=now)}")
        if iat is not None and iat > now + self.leeway:
            found.append(f"issued in the future, {in_words(iat, now=now)}")
        if (
            exp is not None
            and self.longest_lifetime is not None
            and exp - (iat if iat is not None else now) > self.longest_lifetime
        ):
            found.append("it lives too long")
        return found


def audiences(aud: object) -> list[object]:
    return aud if isinstance(aud, list) else [aud]


def media_type(typ: object) -> str:
    """`typ` in one spelling: `application/` may be left out, case does not count (RFC 7515 §4.1.9)."""
    return typ.lower().removeprefix("application/") if isinstance(typ, str) else ""
