"""Servers that do things otherwise and are as right: no probe may accuse any of them."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from aiohttp import web

import tests.probes.holes.keys as keys
from jwt_demo.stages import complete
from jwt_demo.stages.parts import request_body
from tests.probes.holes.base import (
    Lab,
    afterwards,
    answers,
    at,
    authorization,
    bare,
    instead,
    logged_in,
    patched,
)
from tests.probes.holes.login import logged, logging_in
from tests.probes.holes.steps import Case, refuse, verifying


@dataclass(frozen=True)
class Lawful:
    """A server that holds, and what has to be said to `probe` about it."""

    says: str
    build: Callable[[Lab], web.Application]
    options: dict[str, Any] = field(default_factory=dict)
    where: str = "token"  # what is otherwise: what a "token" gets, the "login", or "all"


def lawful(says: str, build: Callable[[Lab], web.Application], **options: Any) -> Lawful:
    return Lawful(says, build, options)


def at_login(says: str, build: Callable[[Lab], web.Application], **options: Any) -> Lawful:
    return Lawful(says, build, options, "login")


def everywhere(says: str, build: Callable[[Lab], web.Application], **options: Any) -> Lawful:
    return Lawful(says, build, options, "all")


def json_bodies(change: Callable[[dict[str, Any], web.Response], Any]) -> Any:
    """Each JSON body changed on its way out."""

    async def answer(request: web.Request, handler: Any) -> web.StreamResponse:
        response = await handler(request)
        if response.body and response.content_type == "application/json":
            response.text = json.dumps(change(json.loads(response.text), response))
        return response

    return answer


def always(request: web.Request) -> bool:
    return True


def unauthorized(value: Callable[[str], str]) -> Any:
    """Each challenge written otherwise."""

    def change(response: web.Response) -> None:
        if "WWW-Authenticate" in response.headers:
            response.headers["WWW-Authenticate"] = value(response.headers["WWW-Authenticate"])

    return afterwards(change)


def reordered(value: str) -> str:
    parts = [part.strip() for part in value.removeprefix("Bearer ").split(",")]
    return "bEARER " + " , ".join(
        name.upper() + "=" + rest
        for name, _, rest in (part.partition("=") for part in reversed(parts))
    )


def with_basic(value: str) -> str:
    return f'Basic realm="a, \\"b\\"", charset="UTF-8", {value}'


def without_error_text(value: str) -> str:
    return value.partition(", error_description")[0]


async def nested_token(request, email, password, user):
    token = complete.issue(user, request.app[complete.SETTINGS], now=time.time()) if user else None
    return (
        web.json_response({"status": "ok", "data": {"accessToken": token}})
        if user
        else complete.challenge(401, "Wrong")
    )


async def oauth(request, email, password, user):
    if user is None:
        return web.json_response({"error": "invalid_grant"}, status=400)
    token = complete.issue(user, request.app[complete.SETTINGS], now=time.time())
    return web.json_response({"access_token": token, "token_type": "bearer", "expires_in": 300})


async def repeating(request, email, password, user):
    """The address of the request comes back, whether it has an account or not: in the body, in a header, in a link."""
    if user is not None:
        return await logged(request, user)
    name, quoted = email.partition("@")[0], quote(email, errors="replace")
    return web.json_response(
        {"error": f"Wrong password for {email}, {name}", "forgot": f"/reset?for={quoted}"},
        status=401,
        headers={"WWW-Authenticate": "Bearer", "X-Login": quoted.upper()},
    )


NUMBERS = itertools.count()


async def numbered(request, email, password, user):
    """Each answer has an id of its own."""
    if user is not None:
        return await logged(request, user)
    return web.json_response(
        {"error": "wrong", "request": f"r{next(NUMBERS):x}", "at": time.time()},
        status=401,
        headers={"X-Request": str(next(NUMBERS))},
    )


def reading(kind: str, *names: str) -> Any:
    """A login that takes one kind of body, and calls its fields as it likes."""

    async def read(request: web.Request, *_: str) -> list[str]:
        if request.content_type != kind:
            raise web.HTTPUnsupportedMediaType(
                text='{"message": "send username, email and password otherwise"}',
                content_type="application/json",
            )
        return await request_body.read_fields(request, *names)

    return patched(complete, "read_fields", read)


def unprocessable(lab: Lab) -> web.Application:
    """422 with the fields, as FastAPI has it."""

    async def read(request: web.Request, *names: str) -> list[str]:
        try:
            return await request_body.read_fields(request, *names)
        except web.HTTPBadRequest:
            raise web.HTTPUnprocessableEntity(
                text='{"detail": [{"loc": ["body", "email"]}, {"loc": ["body", "password"]}]}',
                content_type="application/json",
            ) from None

    return patched(complete, "read_fields", read)(lab)


def limiting(lab: Lab) -> web.Application:
    """After a dozen wrong passwords it wants a pause; the right one is let in all the same."""
    wrong = itertools.count()

    async def login(request, email, password, user):
        if user is not None:
            return await logged(request, user)
        if next(wrong) > 12:
            return web.json_response(
                {"message": "Too many"}, status=429, headers={"Retry-After": "60"}
            )
        return complete.challenge(401, "Wrong e-mail or password")

    return logging_in(login)(lab)


def generous(case: Case) -> None:
    refuse("exp" in case.claims and case.claims["exp"] <= time.time() - 60)


async def fresh_expires(request: web.Request, handler: Any) -> web.StreamResponse:
    """A header with a clock, as Django's never_cache has it."""
    response = await handler(request)
    response.headers["Expires"] = f"Thu, 01 Jan 1970 00:00:{next(NUMBERS) % 60:02d} GMT"
    return response


async def front_end(request: web.Request, handler: Any) -> web.StreamResponse:
    """One page for every address that nobody else has."""
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        response = web.Response(status=404)
    if response.status == 404:
        return web.Response(text="<!doctype html><div id=app></div>", content_type="text/html")
    return response


async def answers_created(request, email, password, user):
    """201 for a login, as Litestar has it."""
    if user is None:
        return complete.challenge(401, "Wrong")
    response = await logged(request, user)
    response.set_status(201)
    return response


async def grant(request, email, password, user):
    """400 for wrong credentials at an OAuth token endpoint, in words of its own, as fastapi-users has it."""
    if user is None:
        return web.json_response({"detail": "LOGIN_BAD_CREDENTIALS"}, status=400)
    token = complete.issue(user, request.app[complete.SETTINGS], now=time.time())
    return web.json_response({"access_token": token, "token_type": "bearer"})


async def html_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    response = await handler(request)
    if response.status in (401, 403, 404, 405):
        response.text, response.content_type = "<h1>No</h1>", "text/html"
    return response


async def elsewhere(request: web.Request, handler: Any) -> web.StreamResponse:
    return web.Response(status=301, headers={"Location": "/get-user"})


async def chunked(request: web.Request, handler: Any) -> web.StreamResponse:
    response = await handler(request)
    stream = web.StreamResponse(
        status=response.status,
        headers={
            name: value for name, value in response.headers.items() if name != "Content-Length"
        },
    )
    await stream.prepare(request)
    for octet in response.body or b"":
        await stream.write(bytes([octet]))
    return stream


LAWFUL = (
    lawful("the verifier of the holes with no hole", verifying()),
    lawful("a challenge in another order and case", instead(always, unauthorized(reordered))),
    lawful("two challenges in one header", instead(always, unauthorized(with_basic))),
    lawful("a challenge without a description", instead(always, unauthorized(without_error_text))),
    lawful("a challenge of one word", instead(bare, answers(401, WWW_Authenticate="Bearer"))),
    lawful("a leeway of a minute", verifying(expiry=generous)),
    at_login("the token deep down as accessToken", logging_in(nested_token)),
    at_login("an OAuth token endpoint", logging_in(oauth)),
    at_login("the e-mail address in each answer", logging_in(repeating)),
    at_login("an id and a time in each answer", logging_in(numbered)),
    at_login("a login that takes JSON only", reading("application/json", "email", "password")),
    at_login("a login that takes forms only", reading("application/x-www-form-urlencoded", "email", "password")),
    at_login("a login with username", reading("application/x-www-form-urlencoded", "username", "password")),
    at_login("422 for what is missing", unprocessable),
    at_login("201 for a login", logging_in(answers_created)),
    at_login("400 in words of its own at a token endpoint", logging_in(grant)),
    at_login("a clock in a header of the login", instead(logged_in, fresh_expires)),
    everywhere("one page for every other address", instead(always, front_end)),
    at_login("429 for who tries too often", limiting),
    everywhere("other bodies", instead(always, json_bodies(lambda body, response: {"ok": response.status < 400, "result": body}))),
    everywhere("errors in HTML", instead(always, html_errors)),
    lawful("a redirect to the right spelling", instead(lambda request: request.raw_path in ("/get-user/", "//get-user"), elsewhere)),
    lawful("answers in many chunks", instead(at("/get-user"), chunked)),
    at_login("no-store among others", instead(logged_in, afterwards(lambda response: response.headers.update({"Cache-Control": "private, No-Store"})))),
    lawful("RS256 and a JWK Set", keys.asymmetric("RS256"), secret="RS256"),
    lawful("ES256 and a JWK Set", keys.asymmetric("ES256"), secret="ES256"),
    lawful("nothing at /admin", instead(at("/admin"), answers(404))),
    lawful("400 for a word after the token", instead(lambda request: authorization(request).startswith("Bearer ") and authorization(request).count(" ") > 1, answers(400))),
)  # fmt: skip
