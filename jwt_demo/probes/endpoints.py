"""Where a server refreshes and logs out: method, path, and where the token travels."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from .credentials import FORM, JSON
from .http_client import Request
from .loopback import CannotProbe

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Endpoint:
    """`POST /refresh`, with the token in a JSON field, a form field, the header or a cookie."""

    method: str
    path: str
    place: str  # "json", "form", "header" or "cookie"
    name: str = ""  # of the field or the cookie

    def request(self, token: str, headers: tuple[tuple[str, str | bytes], ...] = ()) -> Request:
        """The request with this token; `headers` is how the server takes a token in the header."""
        if self.place == "json":
            body = json.dumps({self.name: token}).encode("utf-8")
            return Request(self.method, self.path, (("Content-Type", JSON),), body, token)
        if self.place == "form":
            body = urlencode({self.name: token}).encode("ascii", "replace")
            return Request(self.method, self.path, (("Content-Type", FORM),), body, token)
        if self.place == "cookie":
            return Request(
                self.method, self.path, (("Cookie", f"{self.name}={token}"),), token=token
            )
        return Request(self.method, self.path, headers, token=token)


def endpoint(text: str, option: str, default: str) -> Endpoint:
    """Reads `POST /auth/refresh json:refresh`, of which only the path is needed; `default` is the rest.

    >>> endpoint("/auth/refresh", "--refresh-path", "POST json:refresh_token")
    Endpoint(method='POST', path='/auth/refresh', place='json', name='refresh_token')
    >>> endpoint("DELETE /session header", "--logout-path", "POST header")
    Endpoint(method='DELETE', path='/session', place='header', name='')
    """
    method, place = default.split()
    for part in text.split():
        if part.upper() in METHODS:
            method = part.upper()
        elif part.startswith("/") and re.fullmatch(r"[!-~]+", part):
            path = part
        elif re.fullmatch(r"(json|form|cookie):[\w.-]+|header", part):
            place = part
        else:
            raise CannotProbe(
                f'{option}: {part!r} is no method, no path and no place; write "POST /path json:field" (form:field, cookie:name, header)'
            )
    if not any(part.startswith("/") for part in text.split()):
        raise CannotProbe(f"{option} names no path; it begins with a slash")
    kind, _, name = place.partition(":")
    return Endpoint(method, path, kind, name)
