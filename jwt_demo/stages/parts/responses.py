"""Refusals: a fixed sentence as JSON and the challenge that RFC 6750 §3 asks for. Nothing of the request is repeated in them.

>>> challenge(401, "This token is not valid here", error="invalid_token").headers["WWW-Authenticate"]
'Bearer realm="jwt-demo", error="invalid_token", error_description="This token is not valid here"'
"""

from __future__ import annotations

import json

from aiohttp import web

REALM = "jwt-demo"


def challenge(
    status: int, message: str, *, error: str | None = None, scope: str | None = None
) -> web.Response:
    """An answer with `WWW-Authenticate: Bearer`; without `error` it only says how to come in (RFC 6750 §3.1)."""
    parts = [f'Bearer realm="{REALM}"']
    if error:
        parts += [f'error="{error}"', f'error_description="{message}"']
    if scope:
        parts.append(f'scope="{scope}"')
    return web.json_response(
        {"message": message}, status=status, headers={"WWW-Authenticate": ", ".join(parts)}
    )


def bad_request(message: str) -> web.HTTPBadRequest:
    """The same as an exception, for a place deep inside a handler."""
    return web.HTTPBadRequest(
        text=json.dumps({"message": message}), content_type="application/json"
    )
