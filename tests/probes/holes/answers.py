"""Answers that are wrong whatever was asked: crashes, drops, delays, streams, redirects, echoes; and holes of logout and refresh."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from jwt_demo.stages import complete, logout
from jwt_demo.stages.parts.stores.memory import MemoryStore
from jwt_demo.tokens.anatomy import Token
from tests.probes.holes.base import Lab, authorization, token_of


async def drops(request: web.Request, handler: Any) -> web.Response:
    request.transport.abort()
    return web.Response()


async def breaks_off(request: web.Request, handler: Any) -> web.StreamResponse:
    response = web.StreamResponse(status=401, headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b"half")
    request.transport.close()
    return response


async def talks_nonsense(request: web.Request, handler: Any) -> web.Response:
    request.transport.write(b"+OK who are you\r\n\r\n")
    request.transport.close()
    return web.Response()


async def waits(request: web.Request, handler: Any) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()


async def never_ends(request: web.Request, handler: Any) -> web.StreamResponse:
    response = web.StreamResponse(status=401)
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65536)


async def drips(request: web.Request, handler: Any) -> web.StreamResponse:
    response = web.StreamResponse(status=401)
    await response.prepare(request)
    while True:
        await response.write(b".")
        await asyncio.sleep(0.05)


async def redirects(request: web.Request, handler: Any) -> web.Response:
    return web.Response(status=302, headers={"Location": "http://203.0.113.7/login"})


async def echoes_in_body(request: web.Request, handler: Any) -> web.Response:
    response = await handler(request)
    response.text = f'{{"message": "cannot read {authorization(request)[30:90]}"}}'
    return response


async def echoes_in_header(request: web.Request, handler: Any) -> web.Response:
    response = await handler(request)
    response.headers["X-Token"] = authorization(request)[7:]
    return response


async def echoes_in_challenge(request: web.Request, handler: Any) -> web.Response:
    response = await handler(request)
    response.headers["WWW-Authenticate"] = (
        f'Bearer error="invalid_token", error_description="{authorization(request)[7:]}"'
    )
    return response


def locking_out(when: Any) -> Any:
    """After a bad token the good one with the same jti is dead as well."""
    dead: set[str] = set()

    def build(lab: Lab) -> web.Application:
        @web.middleware
        async def hole(request: web.Request, handler: Any) -> web.StreamResponse:
            token = token_of(request)
            jti = (token.claims or {}).get("jti") if token else None
            if when(request):
                dead.add(jti)
            return (
                complete.invalid_token()
                if isinstance(jti, str) and jti in dead
                else await handler(request)
            )

        app = lab.complete()
        app.middlewares.insert(0, hole)
        return app

    return build


async def accepts_refresh(request: web.Request, handler: Any) -> web.StreamResponse:
    token = token_of(request)
    user = await request.app[complete.USERS].by_id(token.claims["sub"])
    return web.json_response({"user": str(user)})


async def refreshes_anything(request: web.Request, handler: Any) -> web.StreamResponse:
    response = await handler(request)
    return (
        web.json_response({"token": "new"})
        if response.status == 401 and await is_access(request)
        else response
    )


async def is_access(request: web.Request) -> bool:
    return Token.parse((await request.json())["refresh_token"]).header.get("typ") == "at+jwt"


async def forgets_logout(request: web.Request) -> web.Response:
    return web.Response(status=204)


async def logs_out_again(request: web.Request, handler: Any) -> web.StreamResponse:
    response = await handler(request)
    return (
        web.Response(status=204) if response.status == 401 and authorization(request) else response
    )


async def gives_back(request: web.Request, handler: Any) -> web.StreamResponse:
    """A new access token for a good refresh token, which stays as good as it was."""
    old = Token.parse((await request.json())["refresh_token"])
    user = await request.app[complete.USERS].by_id(old.claims["sub"])
    if old.header.get("typ") != "rt+jwt":
        return complete.invalid_token()
    pair = json.loads(logout.token_pair(request, user, old.claims).text)
    return web.json_response({**pair, "refresh_token": old.text})


class Forgiving(MemoryStore):
    """A used refresh token is rejected, and its family lives on."""

    async def rotate(self, family: str, old: str, new: str) -> bool:
        return self.families.get(family, ("", 0))[0] == old and await super().rotate(
            family, old, new
        )


class Hasty(MemoryStore):
    """Looks, does something else for a moment, and then writes."""

    async def rotate(self, family: str, old: str, new: str) -> bool:
        current, until = self.families.get(family, (None, 0))
        await asyncio.sleep(0.02)
        if current != old:
            await self.end_family(family)
            return False
        self.families[family] = new, until
        return True


class Unrotating(MemoryStore):
    """The same refresh token for as long as it lives."""

    async def rotate(self, family: str, old: str, new: str) -> bool:
        return family in self.families


def with_store(store: Any) -> Any:
    def build(lab: Lab) -> web.Application:
        return logout.make_app(key=lab.key, users=lab.users, store=store())

    return build
