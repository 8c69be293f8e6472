"""A login as one server takes it: the names of its fields, how deep they are, form or JSON."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from .loopback import CannotProbe

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
USER_NAMES = ("email", "username", "user", "login", "userName", "user_name", "mail", "identifier", "identity", "name", "id")  # fmt: skip
PASSWORD_NAMES = ("password", "pass", "passwd", "pwd", "secret", "passphrase", "pin")


@dataclass(frozen=True)
class Credentials:
    """The body of a login: a template, and where in it the user and the password are."""

    template: dict[str, Any] = field(repr=False)
    user: tuple[str, ...]
    password: tuple[str, ...]
    kind: str = FORM

    @property
    def names(self) -> tuple[str, str]:
        """The names of the two fields, as the server calls them."""
        return self.user[-1], self.password[-1]

    @property
    def email(self) -> str:
        return str(value_at(self.template, self.user))

    def fields(self, *, email: Any = None, password: Any = None) -> dict[str, Any]:
        """The fields, with another user or another password."""
        fields = copy.deepcopy(self.template)
        for place, value in ((self.user, email), (self.password, password)):
            if value is not None:
                put(fields, place, value)
        return fields

    def with_value(self, name: str, value: Any) -> dict[str, Any]:
        """The fields with one of the two set to a value, None included."""
        fields = copy.deepcopy(self.template)
        put(fields, self.user if name == self.names[0] else self.password, value)
        return fields

    def without(self, name: str) -> dict[str, Any]:
        """The fields with one of the two left out."""
        fields = copy.deepcopy(self.template)
        place = self.user if name == self.names[0] else self.password
        inner = value_at(fields, place[:-1])
        del inner[place[-1]]
        return fields

    def encode(self, fields: dict[str, Any]) -> bytes:
        if self.kind == JSON:
            return json.dumps(fields).encode("utf-8")
        return urlencode(fields).encode("ascii")


def plain(names: tuple[str, str], email: str, password: str, kind: str) -> Credentials:
    template = {names[0]: email, names[1]: password}
    return Credentials(template, (names[0],), (names[1],), kind)


def from_json(text: str | dict[str, Any]) -> Credentials:
    """The body of a login as it was given to `--login-json`; CannotProbe where it has no user or no password.

    >>> from_json('{"user": {"email": "a@b.c", "password": "x"}}').user
    ('user', 'email')
    >>> from_json('{"who": "ann", "code": "x"}').names
    ('who', 'code')
    """
    try:
        template = json.loads(text) if isinstance(text, str) else text
    except ValueError as error:
        raise CannotProbe(f"--login-json is no JSON: {error}") from None
    if not isinstance(template, dict):
        raise CannotProbe('--login-json is no JSON object; write {"email": …, "password": …}')
    texts = dict(texts_in(template))
    password = find(texts, PASSWORD_NAMES)
    user = find({place: text for place, text in texts.items() if place != password}, USER_NAMES)
    if (
        len(texts) == 2
    ):  # whatever they are called, one is the user and the other, mostly the second, the password
        password = password or next(place for place in reversed(texts) if place != user)
        user = user or next(place for place in texts if place != password)
    if password is None or user is None:
        raise CannotProbe(
            "--login-json has no field that is a user and one that is a password: of three texts and more they are known by their names, "
            f"{', '.join(USER_NAMES[:4])} and {', '.join(PASSWORD_NAMES[:4])}"
        )
    return Credentials(template, user, password, JSON)


def find(texts: dict[tuple[str, ...], str], names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The place of the first name of the list, else of one that contains it."""
    for name in names:
        for place in texts:
            if place[-1].lower() == name.lower():
                return place
    for name in names[:4]:
        for place in texts:
            if name in place[-1].lower():
                return place
    return None


def texts_in(
    value: dict[str, Any], place: tuple[str, ...] = ()
) -> list[tuple[tuple[str, ...], str]]:
    found: list[tuple[tuple[str, ...], str]] = []
    for name, inner in value.items():
        if isinstance(inner, str):
            found.append(((*place, name), inner))
        elif isinstance(inner, dict) and len(place) < 4:
            found += texts_in(inner, (*place, name))
    return found


def value_at(fields: Any, place: tuple[str, ...]) -> Any:
    for name in place:
        fields = fields[name]
    return fields


def put(fields: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    value_at(fields, place[:-1])[place[-1]] = value
