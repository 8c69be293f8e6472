"""What `complete` has to be told before it may start; anything unsafe is rejected while nobody is served yet.

>>> settings = Settings(key="k3y-" * 3 + "0123456789-abcdefghij", issuer="https://id.example", audience="https://api.example")
>>> settings
Settings(issuer='https://id.example', audience='https://api.example', lifetime=300, leeway=30, store='memory:', proxies=0)
>>> Settings(key="a" * 64, issuer="https://id.example", audience="https://api.example")
Traceback (most recent call last):
jwt_demo.stages.parts.secret_key.ConfigurationError: The key has 1 different characters ...
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .secret_key import HOW_TO_MAKE_ONE, SHORTEST_KEY, ConfigurationError, key_from

LONGEST_LIFETIME = 3600  # seconds; nobody can take an access token back before it ends
LONGEST_LEEWAY = 60  # seconds; clocks that keep time differ by less
FEWEST_CHARACTERS = (
    16  # random text of 32 characters has more different ones; "changeme" repeated has not
)


@dataclass(frozen=True)
class Settings:
    """Key, names and limits of one server; `lifetime` and `leeway` in seconds. ConfigurationError says what is unsafe and what to do."""

    key: str = field(repr=False)
    issuer: str
    audience: str
    lifetime: int = 300
    leeway: int = 30
    store: str = "memory:"
    proxies: int = (
        0  # of our own, in front of the server; so many addresses in X-Forwarded-For are true
    )

    def __post_init__(self) -> None:
        check_key(self.key)
        for name, value in (("issuer", self.issuer), ("audience", self.audience)):
            require(
                isinstance(value, str)
                and value.isprintable()
                and value != ""
                and value == value.strip(),
                f"The {name} is empty, has spaces around it or is not text; give it a name, as a rule a URL",
            )
        require(
            self.issuer != self.audience,
            "Issuer and audience have the same name: then a token for one service is good at the other (RFC 8725 §3.9)",
        )
        require(
            0 < self.lifetime <= LONGEST_LIFETIME,
            f"A lifetime of {self.lifetime} s; an access token lives 1 to {LONGEST_LIFETIME} s",
        )
        require(
            0 <= self.leeway <= LONGEST_LEEWAY,
            f"A leeway of {self.leeway} s; 0 to {LONGEST_LEEWAY} s is for clocks, more is a longer lifetime",
        )
        require(
            self.store == "memory:"
            or sqlite_path(self.store) not in ("", ":memory:")
            or self.store.startswith(("redis://", "rediss://")),
            f"The store '{self.store.partition(':')[0]}:…' is not memory:, sqlite:///path or redis://host:port/0",
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """From JWT_SECRET, which has no fixed default, and JWT_ISSUER, JWT_AUDIENCE, JWT_LIFETIME, JWT_LEEWAY, JWT_DEMO_STORE, JWT_PROXIES."""
        return cls(
            key=key_from(environment),
            issuer=environment.get("JWT_ISSUER", "http://localhost:8080"),
            audience=environment.get("JWT_AUDIENCE", "jwt-demo"),
            lifetime=whole_number("JWT_LIFETIME", environment.get("JWT_LIFETIME", "300")),
            leeway=whole_number("JWT_LEEWAY", environment.get("JWT_LEEWAY", "30")),
            store=environment.get("JWT_DEMO_STORE", "memory:"),
            proxies=whole_number("JWT_PROXIES", environment.get("JWT_PROXIES", "0")),
        )


def require(condition: bool, message: str) -> None:
    if not condition:
        raise ConfigurationError(message)


def check_key(key: str) -> None:
    """An HMAC key is random bytes: not short, not a word written many times, not the public half of something (RFC 8725 §3.5)."""
    require(isinstance(key, str), "The key is no text")
    length = len(key.encode("utf-8", "surrogateescape"))
    require(
        length >= SHORTEST_KEY,
        f"The key has {length} bytes, HS256 needs at least {SHORTEST_KEY}. Make a key: {HOW_TO_MAKE_ONE}",
    )
    require(
        "-----BEGIN" not in key and not key.lstrip().startswith("{"),
        "The key is a PEM or a JWK: HS256 wants random bytes that nobody else has",
    )
    different = len(set(key))
    require(
        different >= FEWEST_CHARACTERS,
        f"The key has {different} different characters, so it was not made at random. Make a key: {HOW_TO_MAKE_ONE}",
    )


def whole_number(name: str, text: str) -> int:
    require(
        re.fullmatch(r"[0-9]{1,6}", text) is not None,
        f"{name} is {text!r}, and has to be a whole number",
    )
    return int(text)


def sqlite_path(store: str) -> str:
    """The file of a `sqlite:///path` (three slashes: from the working directory, four: absolute); empty for anything else.

    >>> sqlite_path("sqlite:///users.db"), sqlite_path("sqlite:////tmp/users.db"), sqlite_path("redis://localhost")
    ('users.db', '/tmp/users.db', '')
    """
    return store[len("sqlite:///") :] if store.startswith("sqlite:///") else ""
