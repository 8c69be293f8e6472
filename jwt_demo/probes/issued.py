"""Finding the tokens in the response to a login or a refresh, whatever they are called and wherever they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

from .http_client import Answer

TOKEN_FIELDS = ("token", "access_token", "accessToken", "access", "jwt", "id_token")
REFRESH_FIELDS = ("refresh_token", "refreshToken", "refresh")
COMPACT = re.compile(r"[\w-]{8,}\.[\w-]{2,}\.[\w-]*", re.ASCII)


@dataclass(frozen=True)
class Place:
    """Where a server puts its access token: a field of the body, a response header or a cookie; all empty: searched for."""

    field: str = ""
    header: str = ""
    cookie: str = ""

    def tokens(self, answer: Answer) -> dict[str, str]:
        """The tokens of a response, under `token` and `refresh`; {} where there is no access token."""
        if not succeeded(answer):
            return {}
        found = named_tokens(answer.json())
        if self.field:
            found.pop("token", None)
            value = field_at(answer.json(), self.field)
            found |= {"token": value} if isinstance(value, str) else {}
        elif self.header:
            found.pop("token", None)
            value = "".join(answer.header(self.header)[:1]).strip().rpartition(" ")[2]
            found |= {"token": value} if value else {}
        elif self.cookie:
            found.pop("token", None)
            value = cookies_of(answer).get(self.cookie, "")
            found |= {"token": value} if value else {}
        elif "token" not in found and (text := lone_token(answer)):
            found["token"] = text
        if "refresh" not in found:
            for name, value in cookies_of(answer).items():
                if "refresh" in name.lower() and value:
                    found["refresh"] = value
        return found if "token" in found else {}


def succeeded(answer: Answer) -> bool:
    return not answer.trouble and answer.status is not None and 200 <= answer.status < 300


def named_tokens(body: Any) -> dict[str, str]:
    """Tokens by the names that logins use; else the first text that has the form of a token."""
    found: dict[str, str] = {}
    collect(body, found)
    tokens = {}
    for kind, names in (("token", TOKEN_FIELDS), ("refresh", REFRESH_FIELDS)):
        name = next((name for name in names if name in found), None)
        if name is not None:
            tokens[kind] = found[name]
    shaped = {name: text for name, text in found.items() if COMPACT.fullmatch(text)}
    for name, text in shaped.items():
        kind = "refresh" if "refresh" in name.lower() else "token"
        tokens.setdefault(kind, text)
    return tokens


def collect(value: Any, found: dict[str, str], depth: int = 0) -> None:
    if isinstance(value, dict) and depth < 5:
        for name, inner in value.items():
            if isinstance(inner, str) and (
                name in (*TOKEN_FIELDS, *REFRESH_FIELDS) or COMPACT.fullmatch(inner)
            ):
                found.setdefault(name, inner)
            collect(inner, found, depth + 1)
    elif isinstance(value, list) and depth < 5:
        for inner in value[:20]:
            collect(inner, found, depth + 1)


def field_at(body: Any, name: str) -> Any:
    """A member by its name, or by a path with dots: `data.session.jwt`.

    >>> field_at({"data": {"jwt": "x"}}, "data.jwt")
    'x'
    """
    if isinstance(body, dict) and name in body:
        return body[name]
    for part in name.split("."):
        body = body.get(part) if isinstance(body, dict) else None
    return body


def text_at(answer: Answer, name: str) -> str:
    """A text of this name in the body, however deep, or in a cookie that the response sets; '' where there is none.

    >>> text_at(Answer(200, [], b'{"data": {"renewal": "x"}}'), "renewal"), text_at(Answer(200), "")
    ('x', '')
    """
    queue = [answer.json()] if name else []
    while queue:
        value = queue.pop(0)
        if isinstance(value, dict):
            if isinstance(value.get(name), str):
                return str(value[name])
            queue += value.values()
    return cookies_of(answer).get(name, "")


def lone_token(answer: Answer) -> str:
    """A body that is nothing but a token, as text or as a JSON string."""
    text = answer.text.strip()
    body = answer.json()
    if isinstance(body, str):
        text = body.strip()
    return text if COMPACT.fullmatch(text) else ""


def cookies_of(answer: Answer) -> dict[str, str]:
    """The cookies that a response sets, by name."""
    found: dict[str, str] = {}
    for value in answer.header("Set-Cookie"):
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(value)
        except CookieError:
            continue
        found |= {name: morsel.value for name, morsel in jar.items()}
    return found


def elsewhere(answer: Answer) -> str:
    """Where a token seems to be that `Place()` does not find, as the option that names it; or ''.

    >>> elsewhere(Answer(200, [("x-auth-token", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln")]))
    '--token-header x-auth-token'
    """
    for name, value in cookies_of(answer).items():
        if COMPACT.fullmatch(value) and "refresh" not in name.lower():
            return f"--token-cookie {name}"
    for name, value in answer.headers:
        if name != "set-cookie" and COMPACT.fullmatch(value.strip().rpartition(" ")[2]):
            return f"--token-header {name}"
    body = answer.json()
    if isinstance(body, dict):
        for name, value in body.items():
            if isinstance(value, str) and ("token" in name.lower() or "jwt" in name.lower()):
                return f"--token-field {name}"
    return ""
