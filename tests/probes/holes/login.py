"""Logins that are wrong in one thing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from jwt_demo.stages import complete
from jwt_demo.stages.parts import request_body
from jwt_demo.stages.parts.users import Users
from tests.probes.holes.base import Lab, crash, patched, token_of


def logging_in(login: Callable[..., Any]) -> Callable[[Lab], web.Application]:
    """`complete` with another login; `login(request, email, password, user)` gets what was read and found."""

    async def handler(request: web.Request) -> web.Response:
        email, password = await request_body.read_fields(request, "email", "password")
        user = await request.app[complete.USERS].authenticate(email, password)
        return await login(request, email, password, user)

    return patched(complete, "login", handler)


async def logged(request: web.Request, user: Any, **more: Any) -> web.Response:
    token = complete.issue(user, request.app[complete.SETTINGS], now=time.time())
    return web.json_response({"token": token, **more})


async def tells_who_is_there(request, email, password, user):
    if user is not None:
        return await logged(request, user)
    known = await request.app[complete.USERS].by_email(email)
    return complete.challenge(401, "Wrong password" if known else "No such user")


async def not_found(request, email, password, user):
    if user is not None:
        return await logged(request, user)
    known = await request.app[complete.USERS].by_email(email)
    return complete.challenge(401 if known else 404, "Wrong e-mail or password")


async def counts_attempts(request, email, password, user):
    if user is not None:
        return await logged(request, user)
    known = await request.app[complete.USERS].by_email(email)
    return web.json_response(
        {"message": "Wrong"}, status=401, headers={"X-Account": "known"} if known else None
    )


async def repeats_a_stranger(request, email, password, user):
    """In the same words, but only an unknown address comes back."""
    if user is not None:
        return await logged(request, user)
    known = await request.app[complete.USERS].by_email(email)
    return complete.challenge(401, f"Wrong password for {'you' if known else email}")


async def forbidden(request, email, password, user):
    return (
        await logged(request, user) if user else web.json_response({"message": "Wrong"}, status=403)
    )


async def token_elsewhere(request, email, password, user):
    return web.json_response({"result": "welcome"}) if user else complete.challenge(401, "Wrong")


def only_the_first(lab: Lab) -> web.Application:
    """The token of the first login is accepted, and no token of a later one."""
    known: list[str] = []

    @web.middleware
    async def first(request: web.Request, handler: Any) -> web.StreamResponse:
        token = token_of(request)
        if request.path == "/get-user" and token is not None and token.claims:
            jti = str(token.claims.get("jti"))
            if not known:
                known.append(jti)
            elif len(jti) == len(known[0]) and jti != known[0]:
                return complete.invalid_token()
        return await handler(request)

    app = lab.complete()
    app.middlewares.insert(0, first)
    return app


async def says_html(request, email, password, user):
    response = await logged(request, user) if user else complete.challenge(401, "Wrong")
    if user:
        response.content_type = "text/html"
    return response


async def hurried(self: Users, email: str, password: str) -> Any:
    user = await self.by_email(email)
    if user is None:
        return None
    return user if await slow_check(user.password_hash, password) else None


async def slow_check(password_hash: str, password: str) -> bool:
    """As long as a real hash takes, and no work for the machine of the tests."""
    await asyncio.sleep(0.03)
    return password == "password"


async def missing_crashes(request, *names):
    """KeyError for a field that is not there; everything else as it should be."""
    with contextlib.suppress(ValueError, UnicodeError, LookupError):
        if request.content_type == "application/x-www-form-urlencoded":
            fields = dict(
                part.split("=", 1) for part in (await request.text()).split("&") if "=" in part
            )
            if len(fields) == 1:
                crash()
    return await READ_FIELDS(request, *names)


async def missing_unnamed(request, *names):
    try:
        return await READ_FIELDS(request, *names)
    except web.HTTPBadRequest:
        raise request_body.bad_request("Something is missing") from None


async def odd_types_crash(request, *names):
    try:
        fields = (
            json.loads(await request.text()) if request.content_type == "application/json" else None
        )
    except Exception:
        fields = None
    if isinstance(fields, dict) and len(fields) == 2:
        [value.lower() for value in fields.values()]
    return await READ_FIELDS(request, *names)


async def bad_json_crashes(request, *names):
    if request.content_type == "application/json":
        with contextlib.suppress(UnicodeError, LookupError):
            json.loads(await request.text())
    return await READ_FIELDS(request, *names)


READ_FIELDS = request_body.read_fields
