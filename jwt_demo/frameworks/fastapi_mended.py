"""FastAPI with PyJWT, mended: issuer, audience and required claims, one answer for every bad token, form or JSON, nothing kept in caches."""

import time

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

from . import AUDIENCE, EMAIL, ISSUER, PASSWORD
from .common import CHALLENGE, INVALID, LOGIN_FAILED, NO_STORE, too_many_credentials, trustworthy

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
LIFETIME = 1800  # seconds
LARGEST_BODY = 16 * 1024  # bytes


def make_app(secret):
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    users = {"1": (EMAIL, HASHER.hash(PASSWORD))}
    nobody = HASHER.hash("nobody")
    verifier = jwt.PyJWT(options={"require": ["iss", "aud", "sub", "iat", "exp"], "enforce_minimum_key_length": True})

    def current_user(request: Request):
        authorization = request.headers.getlist("authorization")
        if len(authorization) > 1 or too_many_credentials("".join(authorization), request.query_params):
            raise HTTPException(400, "More than one way to send a token was used")
        scheme, _, token = "".join(authorization).partition(" ")
        if scheme.lower() != "bearer":
            raise HTTPException(401, "Log in first", headers={"WWW-Authenticate": CHALLENGE})
        refusal = HTTPException(401, INVALID, headers={"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token", error_description="{INVALID}"'})
        if "=" in token or not token.isascii():
            raise refusal
        try:
            parts = verifier.decode_complete(token.strip(), secret, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE)
        except jwt.InvalidTokenError:
            raise refusal from None
        claims = parts["payload"]
        if not trustworthy(parts["header"], claims) or claims["sub"] not in users:
            raise refusal
        return users[claims["sub"]][0]

    @app.post("/login")
    async def login(request: Request):
        fields = await read_fields(request, "email", "password")
        found = next(((subject, hashed) for subject, (email, hashed) in users.items() if email == fields["email"]), None)
        if not await matches(found[1] if found else nobody, fields["password"]) or found is None:
            raise HTTPException(401, LOGIN_FAILED, headers={"WWW-Authenticate": CHALLENGE})
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": found[0], "iat": now, "exp": now + LIFETIME}
        return {"access_token": jwt.encode(claims, secret, algorithm="HS256"), "token_type": "bearer"}

    @app.get("/get-user")
    def get_user(request: Request):
        return {"user": current_user(request)}

    @app.exception_handler(HTTPException)
    async def in_our_words(request: Request, error: HTTPException):
        return JSONResponse({"message": error.detail}, error.status_code, headers=error.headers)

    @app.middleware("http")
    async def no_store(request: Request, call_next):
        response = await call_next(request)
        response.headers.update(NO_STORE)
        return response

    return app


async def read_fields(request: Request, *names: str) -> dict[str, str]:
    """The named text fields of a form or JSON body; 413 when it is too large, 400 naming the first field that is missing."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, "The body is too large")
    fields = parse(request.headers.get("content-type", ""), body)
    for name in names:
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise HTTPException(400, f"The field {name} is missing or no text")
    return fields


def parse(content_type: str, body: bytes) -> dict[str, str]:
    import json
    from urllib.parse import parse_qsl

    try:
        text = body.decode("utf-8")
        fields = json.loads(text) if content_type.startswith("application/json") else dict(parse_qsl(text))
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


async def matches(hashed: str, password: str) -> bool:
    """Argon2 takes tens of milliseconds, so not on the event loop."""
    import asyncio

    try:
        return await asyncio.to_thread(HASHER.verify, hashed, password.encode("utf-8", "replace"))
    except VerifyMismatchError:
        return False
