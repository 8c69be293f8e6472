"""`python benchmarks/servers.py NAME`: one server that answers GET /get-user with the user of a token, each on its natural server.

It says `http://127.0.0.1:PORT` on stderr when it is ready. The key is the environment's JWT_SECRET.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from pathlib import Path

from aiohttp import web

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from jwt_demo.stages import complete, decorator, login
from jwt_demo.stages.parts import users

KEY = os.environ["JWT_SECRET"]


def open_app() -> web.Application:
    """The handler of step 4 with nothing in front of it: no token is asked for."""

    async def get_user(request: web.Request) -> web.Response:
        return web.json_response({"user": "User id=1: <user@email.com, is_admin=False>"})

    app = login.make_app(key=KEY)
    app.router.add_get("/get-user", get_user)
    return app


def hashing_on_the_loop() -> web.Application:
    """Step 4 as it must not be: a password is verified on the event loop."""

    async def password_matches(password_hash: str, password: str) -> bool:
        try:
            return users.HASHER.verify(password_hash, password)
        except users.MISMATCH:
            return False

    users.password_matches = password_matches
    return decorator.make_app(key=KEY)


def aiohttp_security_app() -> web.Application:
    """aiohttp-security with its own JWT policy and an authorization policy that knows one user."""
    import aiohttp_security
    import jwt
    from aiohttp_security.jwt_identity import JWTIdentityPolicy

    class Known(aiohttp_security.AbstractAuthorizationPolicy):
        async def authorized_userid(self, identity: str) -> str | None:
            return identity if identity == "user@email.com" else None

        async def permits(self, identity: str, permission: str, context: object = None) -> bool:
            return identity == "user@email.com"

    async def log_in(request: web.Request) -> web.Response:
        return web.json_response(
            {"token": jwt.encode({"login": "user@email.com", "exp": int(time.time()) + 3600}, KEY)}
        )

    async def get_user(request: web.Request) -> web.Response:
        return web.json_response({"user": await aiohttp_security.check_authorized(request)})

    app = web.Application()
    aiohttp_security.setup(app, JWTIdentityPolicy(KEY, "HS256"), Known())
    app.router.add_post("/login", log_in)
    app.router.add_get("/get-user", get_user)
    return app


AIOHTTP = {
    "open": open_app,
    "decorator": lambda: decorator.make_app(key=KEY),
    "complete": lambda: complete.make_app(key=KEY),
    "hashing on the loop": hashing_on_the_loop,
    "aiohttp-security": aiohttp_security_app,
}


async def serve_aiohttp(app: web.Application) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    announce(listener)
    await asyncio.Event().wait()


def serve_uvicorn() -> None:
    import uvicorn

    from jwt_demo.frameworks import fastapi_documented

    uvicorn.run(
        fastapi_documented.make_app(KEY), host="127.0.0.1", port=0, access_log=False
    )  # it says where it runs


def serve_gunicorn(module: str) -> None:
    """Threads keep connections open, as the other servers do."""
    os.environ["PYTHONPATH"] = sys.path[0]
    options = [
        "--bind",
        "127.0.0.1:0",
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "--no-control-socket",
        "--keep-alive",
        "60",
    ]
    os.execv(
        sys.executable, [sys.executable, "-m", "gunicorn", f"{module}:make_app({KEY!r})", *options]
    )


def announce(listener: socket.socket) -> None:
    print(
        f"Listening at: http://127.0.0.1:{listener.getsockname()[1]}", file=sys.stderr, flush=True
    )


def main(name: str) -> None:
    if name in AIOHTTP:
        asyncio.run(serve_aiohttp(AIOHTTP[name]()))
    elif name == "FastAPI + PyJWT":
        serve_uvicorn()
    else:
        modules = {"Flask-JWT-Extended": "flask_documented", "Django simplejwt": "drf_documented"}
        serve_gunicorn(f"jwt_demo.frameworks.{modules[name]}")


if __name__ == "__main__":
    main(sys.argv[1])
