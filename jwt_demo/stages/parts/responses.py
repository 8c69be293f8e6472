"""Rejections: a fixed sentence as JSON and the challenge that RFC 6750 §3 asks for. Nothing of the request is repeated in them.

>>> challenge(401, "This token is not valid here", error="invalid_token").headers["WWW-Authenticate"]
'Bearer realm="jwt-demo", error="invalid_token", error_description="This token is not valid here"'
"""

from __future__ import annotations

import json
from typing import TypeVar

from aiohttp import web

REALM = "jwt-demo"

Rejection = TypeVar("Rejection", bound=web.HTTPException)


def challenge(
    status: int, message: str, *, error: str | None = None, scope: str | None = None
) -> web.Response:
    """A response with `WWW-Authenticate: Bearer`; without `error` it only names the scheme (RFC 6750 §3.1)."""
    parts = [f'Bearer realm="{REALM}"']
    if error:
        parts += [f'error="{error}"', f'error_description="{message}"']
    if scope:
        parts.append(f'scope="{scope}"')
    return web.json_response(
        {"message": message}, status=status, headers={"WWW-Authenticate": ", ".join(parts)}
    )


def refusal(
    kind: type[Rejection], message: str, *, headers: dict[str, str] | None = None
) -> Rejection:
    """A response as an exception, for a place deep inside a handler."""
    text = json.dumps({"message": message})
    return kind(text=text, content_type="application/json", headers=headers)


def bad_request(message: str) -> web.HTTPBadRequest:
    return refusal(web.HTTPBadRequest, message)


def try_later(message: str, *, seconds: int) -> web.HTTPServiceUnavailable:
    """503: the server can't do this now; `Retry-After` says when to ask again."""
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return refusal(web.HTTPServiceUnavailable, message, headers=headers)
