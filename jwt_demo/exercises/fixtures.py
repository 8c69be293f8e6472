"""What a check works with: users, a key, a moment and tokens, all of them made anew and at random for each check."""

from __future__ import annotations

import dataclasses
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

import jwt

from ..stages.parts.password_hash import quick_hasher
from ..stages.parts.users import User, Users

Made = TypeVar("Made", bound="Bench")


class Bench:
    """A random key, two users with random ids, e-mails and passwords beside the one of the lessons, and tokens by name.

    `in_words` gives the random values their names back, so that a message reads the same in each run.
    """

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(48)  # 64 characters, long enough for HS512 too
        self.now = datetime.now(timezone.utc).replace(microsecond=0)
        self.payloads: list[Any] = []  # what was given to jwt.encode during the check
        self.decodes: list[tuple[Any, Any]] = []  # token and algorithms given to jwt.decode
        self.bad_keys = 0  # how many keys PyJWT called unusable
        self.behind = timedelta(0)  # how far PyJWT's clock is behind, for a server of this bench
        # what handlers behind a middleware raise, which is to catch nothing but what is wrong with a token
        self.failures = {path: kind("a mistake of the handler") for path, kind in FAILURES.items()}
        self.handler_name = f"get_user_{secrets.token_hex(4)}"
        first, second, self.nobodys_id, *lost = distinct_numbers(3 + len(OUTAGES))
        self.user, self.password = new_user(first)
        self.admin, self.admin_password = new_user(second, is_admin=True)
        self.outages = [kind(text) for kind, text in OUTAGES.items()]
        # who asks for this id meets this exception
        self.lost = {kind.__name__: number for kind, number in zip(OUTAGES, lost, strict=True)}
        self.users = Storage(dict(zip(lost, self.outages, strict=True)))
        self.users.hold(ARTICLES_USER, self.admin, self.user)
        self.first: Bench | None = None  # the bench of the first application, where this is another
        self.ran: list[str] = []  # the paths whose handler came to run
        self.responses: list[Any] = []  # all that were returned to aiohttp
        self.meanwhile: list[Any] = []  # the exchanges of the second of two requests at once

    @classmethod
    async def make(cls: type[Made]) -> Made:
        return cls()

    def beside(self: Made) -> Made:
        """The bench of another application: another key, a user with the same id, an administrator with the same e-mail and password."""
        other = type(self)()
        while {other.admin.id, other.nobodys_id, *other.lost.values()} & {
            self.user.id,
            self.admin.id,
        }:
            other = type(self)()
        other.user = dataclasses.replace(other.user, id=self.user.id)
        other.admin = dataclasses.replace(self.admin, id=other.admin.id)
        other.admin_password = self.admin_password
        other.users._by_id = {}
        other.users.hold(ARTICLES_USER, other.admin, other.user)
        other.payloads, other.decodes, other.first = self.payloads, self.decodes, self
        return other

    def outage(self, kind: str) -> Exception:
        """What the storage raises for an id of `lost`."""
        return next(outage for outage in self.outages if type(outage).__name__ == kind)

    @property
    def failings(self) -> list[Exception]:
        """What handlers and storage raise, and no code of the learner's."""
        return [*self.failures.values(), *self.outages]

    @property
    def sub(self) -> str:
        """What `sub` is in a token of the user."""
        return str(self.user.id)

    @property
    def admin_sub(self) -> str:
        return str(self.admin.id)

    def token(self, name: str) -> str:
        """The token of this name; `TOKENS` says what is the matter with each."""
        return TOKENS[name](self)

    def sign(self, key: str | None = None, algorithm: str = "HS256", **claims: Any) -> str:
        """A token with these claims over the usual ones (the user, five minutes); None leaves a claim out."""
        usual = {
            "sub": self.sub,
            "scope": "profile",
            "iat": self.now,
            "exp": self.now + timedelta(minutes=5),
        }
        chosen = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(chosen, key or self.key, algorithm=algorithm)

    def in_words(self, text: str) -> str:
        """The text with a name in place of each random value of this bench.

        >>> bench = Bench()
        >>> bench.in_words(f"{bench.user} has {bench.password!r}; sub is {bench.user.id}")
        "<the user> has '<the user's password>'; sub is <the user's id>"
        """
        return self.with_parts(self.with_names(text))

    def with_names(self, text: str) -> str:
        names = self.names()
        if self.first is not None:
            for value, name in self.first.names().items():
                names.setdefault(value, f"<{name.strip('<>')} of the first application>")
        for value, name in names.items():
            if value in text:  # a pattern of a random value is compiled anew each time
                text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", lambda found: name, text)  # noqa: B023
        return text

    def with_parts(self, text: str) -> str:
        """What is left after the whole values have their names: longer parts of random texts."""
        for value, name in self.random_texts().items():
            text = with_parts_named(text, value, f"<a part of {name.strip('<>')}>")
        return text

    def random_texts(self) -> dict[str, str]:
        """Texts all of whose letters are random: a part of one is shown by name too."""
        return {self.key: "<the key>", self.password: "<the user's password>"}

    def names(self) -> dict[str, str]:
        return {
            str(self.user): "<the user>",
            str(self.admin): "<the administrator>",
            self.user.password_hash: "<the hash of the user's password>",
            self.admin.password_hash: "<the hash of the administrator's password>",
            self.user.email: "<the user's e-mail>",
            self.admin.email: "<the administrator's e-mail>",
            self.password: "<the user's password>",
            self.admin_password.strip(): "<the administrator's password>",
            self.key: "<the key>",
            self.handler_name: "get_user",
            self.sub: "<the user's id>",
            self.admin_sub: "<the administrator's id>",
            str(self.nobodys_id): "<an id that nobody has>",
            **{
                str(number): "<an id that cannot be looked up now>" for number in self.lost.values()
            },
        }


FAILURES: dict[str, type[Exception]] = {  # what the handler of a path raises
    "/fails": jwt.InvalidTokenError,
    "/breaks": KeyError,
    "/index": IndexError,
    "/attribute": AttributeError,
    "/type": TypeError,
    "/value": ValueError,
    "/permission": PermissionError,
}
OUTAGES: dict[type[Exception], str] = {  # what a storage may raise that fails
    ConnectionResetError: "the user storage does not answer",
    KeyError: "shard-7",
    TypeError: "the user storage has a mistake in it",
    ValueError: "the user storage cannot read its file",
    AttributeError: "the user storage is not open",
    PermissionError: "the user storage may not read its file",
    RuntimeError: "the user storage is closed",
}


def with_article(name: str) -> str:
    """
    >>> with_article("KeyError"), with_article("AttributeError")
    ('a KeyError', 'an AttributeError')
    """
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


class Storage(Users):
    """Users of whom some can't be reached: who asks for such an id, or for it as a name in a login, meets an exception."""

    def __init__(self, outages: dict[int, Exception]):
        super().__init__()
        self.outages = {str(number): error for number, error in outages.items()}
        self.authenticated: list[Any] = []  # the e-mails that `authenticate` was asked for
        self.meeting: Any = None  # an overlap.Meeting, while two requests are under way

    def hold(self, *everybody: User) -> None:
        self._by_id.update({str(user.id): user for user in everybody})

    async def by_id(self, subject: str) -> User | None:
        await self.looked_up(subject)
        return await super().by_id(subject)

    async def by_email(self, email: str) -> User | None:
        await self.looked_up(email)
        return await super().by_email(email)

    async def authenticate(self, email: str, password: str) -> User | None:
        self.authenticated.append(email)
        await self.looked_up(email)
        return await super().authenticate(email, password)

    async def looked_up(self, name: Any) -> None:
        if self.meeting is not None:
            await self.meeting.while_looking_up(name)
        outage = self.outages.get(str(name).removesuffix("@lost.example"))
        if outage is not None and isinstance(name, str):
            raise outage


def with_parts_named(text: str, whole: str, name: str) -> str:
    """The text with a name in place of each longer part of `whole`.

    >>> with_parts_named("got 'abcdefgh', not abc", "__abcdefghi", "<a part>")
    "got '<a part>', not abc"
    """
    shown, start = "", 0
    while start < len(text):
        end = start
        while end < len(text) and text[start : end + 1] in whole:
            end += 1
        is_part = end - start >= 8
        shown += name if is_part else text[start]
        start = end if is_part else start + 1
    return shown


def distinct_numbers(count: int) -> list[int]:
    """Different numbers of five digits: no status, no lifetime, and none a part of another."""
    return secrets.SystemRandom().sample(range(10_000, 80_000), count)


def new_user(number: int, *, is_admin: bool = False) -> tuple[User, str]:
    """A user and their password. It is hashed quickly: thousands of these users live for a check and no longer."""
    password = (
        f"{secrets.token_urlsafe(9)} {secrets.token_urlsafe(3)} "
        if is_admin
        else secrets.token_urlsafe(9)
    )
    email = f"{secrets.token_hex(4)}@{secrets.token_hex(3)}.example"
    return User(number, email, is_admin, QUICK.hash(password)), password


QUICK = quick_hasher()
# No case asks for this user: only code that has id, e-mail and password of the lessons written into it finds them.
ARTICLES_USER = User(1, "user@email.com", False, QUICK.hash("password"))


def tampered(bench: Bench) -> str:
    head, _, signature = bench.token("good").split(".")
    return ".".join((head, bench.token("admin").split(".")[1], signature))


def of_somebody_lost(outage: str) -> Callable[[Bench], str]:
    return lambda bench: bench.sign(sub=str(bench.lost[outage]))


TOKENS: dict[str, Callable[[Bench], str]] = {
    "good": lambda bench: bench.sign(),
    "admin": lambda bench: bench.sign(sub=bench.admin_sub, scope="admin profile"),
    "admin, scope profile": lambda bench: bench.sign(sub=bench.admin_sub, scope="profile"),
    "user, scope admin": lambda bench: bench.sign(scope="admin profile"),
    "not-admin": lambda bench: bench.sign(sub=bench.admin_sub, scope="profile not-admin"),
    "no scope": lambda bench: bench.sign(sub=bench.admin_sub, scope=None),
    "tampered": tampered,
    "another key": lambda bench: bench.sign(key=secrets.token_urlsafe(48)),
    "unsigned": lambda bench: jwt.encode(
        {"sub": bench.sub, "exp": bench.now + timedelta(minutes=5)}, "", algorithm="none"
    ),
    "HS512": lambda bench: bench.sign(key=bench.key, algorithm="HS512"),
    "HS384": lambda bench: bench.sign(key=bench.key, algorithm="HS384"),
    "expired": lambda bench: bench.sign(
        iat=bench.now - timedelta(hours=1), exp=bench.now - timedelta(minutes=55)
    ),
    "just expired": lambda bench: bench.sign(
        iat=bench.now - timedelta(minutes=5), exp=bench.now - timedelta(seconds=1)
    ),
    "not yet": lambda bench: bench.sign(nbf=bench.now + timedelta(hours=1)),
    "padded": lambda bench: bench.sign() + "=",
    "milliseconds": lambda bench: bench.sign(exp=int(bench.now.timestamp() + 300) * 1000),
    "exp as text": lambda bench: bench.sign(exp=str(int(bench.now.timestamp()) + 300)),
    "no exp": lambda bench: bench.sign(exp=None),
    "audience": lambda bench: bench.sign(aud="another-service"),
    "no sub": lambda bench: bench.sign(sub=None),
    "sub 0": lambda bench: bench.sign(sub="0"),
    "padded sub": lambda bench: bench.sign(sub=f"0{bench.sub}"),
    "number as sub": lambda bench: bench.sign(sub=bench.user.id),
    **{f"user lost, {kind.__name__}": of_somebody_lost(kind.__name__) for kind in OUTAGES},
    "user gone": lambda bench: bench.sign(sub=str(bench.nobodys_id)),
    "no token": lambda bench: "not-a-token",
    "beyond ASCII": lambda bench: bench.sign() + "\u00e9",
    "empty": lambda bench: "",
}
