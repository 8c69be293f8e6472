"""The HTTP side of the service of `own_service`: its routes, and the holes that are in them."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from aiohttp import web

from tests.probes.holes.own_service import Service, published

NO_STORE = {"Cache-Control": "no-store"}
CHALLENGE = 'Bearer realm="shop"'


def application(service: Service) -> web.Application:
    app = web.Application(client_max_size=16 * 1024)

    async def sign_in(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.text())
            account = body["account"]
            login, password = account["login"], account["pass"]
        except web.HTTPException:
            raise
        except Exception:
            return web.json_response({"message": "account: login and pass are needed"}, status=400)
        if not all(isinstance(value, str) and value.isascii() for value in (login, password)):
            return web.json_response({"message": "login and pass are texts"}, status=400)
        if (login, password) != ("ann@shop.example", "correct horse"):
            known = login == "ann@shop.example" or service.hole != "unknown users named"
            words = "Wrong login or password" if known else "We have no such customer"
            return web.json_response(
                {"message": words}, status=401, headers={"WWW-Authenticate": CHALLENGE}
            )
        return pair(secrets.token_hex(8))

    def pair(family: str) -> web.Response:
        data = {"jwt": service.issue("access", family), "refresh": service.issue("renewal", family)}
        return web.json_response({"data": data}, headers=NO_STORE)

    async def verified(request: web.Request, kind: str = "access") -> dict[str, Any] | None:
        """The claims of the one credential of a request; what is not accepted ends it."""
        values = request.headers.getall("Authorization", [])
        if service.hole == "in the address" and "token" in request.query and not values:
            values = [f"Bearer {request.query['token']}"]
        if service.hole == "in a cookie" and "jwt" in request.cookies and not values:
            values = [f"Bearer {request.cookies['jwt']}"]
        if len(values) > 1:
            raise web.HTTPBadRequest(text="two credentials")
        scheme, _, text = (values or [""])[0].partition(" ")
        if scheme.lower() != "bearer":
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": CHALLENGE})
        claims = await asyncio.to_thread(service.verify, text, kind)
        if claims is None:
            raise invalid()
        return claims

    async def me(request: web.Request) -> web.Response:
        if service.hole == "open to HEAD" and request.method == "HEAD":
            return web.json_response({})
        claims = await verified(request)
        assert claims is not None
        return web.json_response({"customer": "Ann"})

    async def renew(request: web.Request) -> web.Response:
        try:
            text = json.loads(await request.text())["renewal"]
        except Exception:
            return web.json_response({"message": "renewal is needed"}, status=400)
        claims = service.verify(text, "renewal") if isinstance(text, str) else None
        if claims is None or claims["use"] != "renewal":
            raise invalid()
        if (
            service.families.get(claims["fam"]) != claims["jti"]
            and service.hole != "renewal is used twice"
        ):
            service.ended.add(claims["fam"])
            raise invalid()
        return pair(claims["fam"])

    async def sign_out(request: web.Request) -> web.Response:
        claims = await verified(request)
        assert claims is not None
        if service.hole != "logout is nothing":
            service.ended.add(claims["fam"])
        return web.Response(status=204)

    async def keys(request: web.Request) -> web.Response:
        return web.json_response({"keys": [published(service)]})

    async def discovery(request: web.Request) -> web.Response:
        return web.json_response({"jwks_uri": f"http://{request.host}/auth/public-keys"})

    app.router.add_post("/auth/sign-in", sign_in)
    app.router.add_get("/api/v2/me", me)
    app.router.add_put("/auth/renew", renew)
    app.router.add_delete("/auth/session", sign_out)
    if not service.alg.startswith("HS"):
        app.router.add_get("/auth/public-keys", keys)
        app.router.add_get("/.well-known/openid-configuration", discovery)
    return app


def invalid() -> web.HTTPUnauthorized:
    return web.HTTPUnauthorized(headers={"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})
