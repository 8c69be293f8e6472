"""What `complete` has to be told before it may start; anything unsafe is refused while nobody is served yet.

>>> settings = Settings(key="k3y-" * 3 + "0123456789-abcdefghij", issuer="https://id.example", audience="https://api.example")
>>> settings
Settings(issuer='https://id.example', audience='https://api.example', lifetime=300, leeway=30, store='memory:')
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

    def __post_init__(self) -> None:
        check_key(self.key)
        for name, value in (("issuer", self.issuer), ("audience", self.audience)):
            require(
                isinstance(value, str) and value.strip() == value != "",
                f"The {name} is empty or has spaces around it; give it a name, as a rule a URL",
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
            self.store == "memory:" or sqlite_path(self.store) != "",
            f"The store {self.store!r} is neither memory: nor sqlite:///path",
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """From JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE, JWT_LIFETIME, JWT_LEEWAY and JWT_DEMO_STORE; only the first has no fixed default."""
        return cls(
            key=key_from(environment),
            issuer=environment.get("JWT_ISSUER", "http://localhost:8080"),
            audience=environment.get("JWT_AUDIENCE", "jwt-demo"),
            lifetime=seconds("JWT_LIFETIME", environment.get("JWT_LIFETIME", "300")),
            leeway=seconds("JWT_LEEWAY", environment.get("JWT_LEEWAY", "30")),
            store=environment.get("JWT_DEMO_STORE", "memory:"),
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
        f"The key has {length} bytes, HS256 needs at least {SHORTEST_KEY}. Make one: {HOW_TO_MAKE_ONE}",
    )
    require(
        "-----BEGIN" not in key and not key.lstrip().startswith("{"),
        "The key is a PEM or a JWK: HS256 wants random bytes that nobody else has",
    )
    different = len(set(key))
    require(
        different >= FEWEST_CHARACTERS,
        f"The key has {different} different characters, so it was not made at random. Make one: {HOW_TO_MAKE_ONE}",
    )


def seconds(name: str, text: str) -> int:
    require(
        re.fullmatch(r"[0-9]{1,6}", text) is not None,
        f"{name} is {text!r}, and wants a whole number of seconds",
    )
    return int(text)


def sqlite_path(store: str) -> str:
    """The file of a `sqlite:///path` (three slashes: from the working directory, four: absolute); empty for anything else.

    >>> sqlite_path("sqlite:///users.db"), sqlite_path("sqlite:////tmp/users.db"), sqlite_path("redis://localhost")
    ('users.db', '/tmp/users.db', '')
    """
    return store[len("sqlite:///") :] if store.startswith("sqlite:///") else ""
