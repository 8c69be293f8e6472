"""FastAPI with PyJWT, fixed: issuer, audience and kind, required claims, one token in one spelling, nothing of a request repeated."""

import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Form, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from . import AUDIENCES, ISSUER
from .common import LARGEST_BODY, NO_STORE, RESPONSES, People, Rejected, bearer_token, trustworthy

Next = Callable[[Request], Awaitable[Response]]
AUDIENCE = AUDIENCES["fastapi"]
LIFETIME = 1800  # seconds
KIND = "at+jwt"  # an access token (RFC 9068 §2.1)
REQUIRED = ["iss", "aud", "sub", "iat", "exp", "jti"]
VERIFIER = jwt.PyJWT(options={"require": REQUIRED, "enforce_minimum_key_length": True})


def make_app(secret: str) -> FastAPI:
    app = FastAPI(openapi_url=None)
    people = People()

    def current_user(request: Request) -> str:
        token = bearer_token(
            ", ".join(request.headers.getlist("authorization")), request.query_params
        )
        if token is None:
            raise Rejected("no token")
        try:
            parts = VERIFIER.decode_complete(
                token, secret, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE
            )
        except jwt.InvalidTokenError:
            raise Rejected("bad token") from None
        claims = parts["payload"]
        if (
            parts["header"].get("typ") != KIND
            or not trustworthy(claims)
            or claims["sub"] not in people.emails
        ):
            raise Rejected("bad token")
        return people.emails[claims["sub"]]

    @app.post("/login")
    def login(email: Annotated[str, Form()], password: Annotated[str, Form()]) -> dict[str, str]:
        subject = people.log_in(email, password)
        if subject is None:
            raise Rejected("bad login")
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + LIFETIME}
        claims["jti"] = secrets.token_urlsafe(16)
        token = jwt.encode(claims, secret, algorithm="HS256", headers={"typ": KIND})
        return {"access_token": token, "token_type": "bearer"}

    @app.get("/get-user")
    def get_user(user: Annotated[str, Depends(current_user)]) -> dict[str, str]:
        return {"user": user}

    set_responses(app)
    return app


def set_responses(app: FastAPI) -> None:
    @app.exception_handler(Rejected)
    def reject(request: Request, rejected: Rejected) -> Response:
        status, message, challenge = RESPONSES[str(rejected)]
        return JSONResponse({"message": message}, status, headers={"WWW-Authenticate": challenge})

    @app.exception_handler(RequestValidationError)
    def name_the_field(request: Request, error: RequestValidationError) -> Response:
        """FastAPI returns the values that it could not use; here the fields are named and nothing is repeated."""
        fields = sorted({str(each["loc"][-1]) for each in error.errors()})
        return JSONResponse({"message": f"Missing or no text: {', '.join(fields)}"}, 400)

    @app.middleware("http")
    async def around(request: Request, call_next: Next) -> Response:
        """A body states its length, and is short; no cache stores a response."""
        length = request.headers.get("content-length", "0")
        if (
            "transfer-encoding" in request.headers
            or not length.isdigit()
            or int(length) > LARGEST_BODY
        ):
            return JSONResponse(
                {"message": "The body is too large, or does not say how large it is"}, 413
            )
        response = await call_next(request)
        response.headers.update(NO_STORE)
        return response
