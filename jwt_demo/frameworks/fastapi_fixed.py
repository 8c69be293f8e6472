"""FastAPI with PyJWT, mended: issuer, audience and kind, required claims, one token in one spelling, nothing of a request repeated."""

import secrets
import time
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from . import AUDIENCES, ISSUER
from .common import ANSWERS, LARGEST_BODY, NO_STORE, People, Refused, bearer_token, trustworthy

AUDIENCE = AUDIENCES["fastapi"]
LIFETIME = 1800  # seconds
KIND = "at+jwt"  # an access token (RFC 9068 §2.1)
REQUIRED = ["iss", "aud", "sub", "iat", "exp", "jti"]
VERIFIER = jwt.PyJWT(options={"require": REQUIRED, "enforce_minimum_key_length": True})


def make_app(secret):
    app = FastAPI(openapi_url=None)
    people = People()

    def current_user(request: Request):
        token = bearer_token(
            ", ".join(request.headers.getlist("authorization")), request.query_params
        )
        if token is None:
            raise Refused("no token")
        try:
            parts = VERIFIER.decode_complete(
                token, secret, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE
            )
        except jwt.InvalidTokenError:
            raise Refused("bad token") from None
        claims = parts["payload"]
        if (
            parts["header"].get("typ") != KIND
            or not trustworthy(claims)
            or claims["sub"] not in people.emails
        ):
            raise Refused("bad token")
        return people.emails[claims["sub"]]

    @app.post("/login")
    def login(email: Annotated[str, Form()], password: Annotated[str, Form()]):
        subject = people.log_in(email, password)
        if subject is None:
            raise Refused("bad login")
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + LIFETIME}
        claims["jti"] = secrets.token_urlsafe(16)
        token = jwt.encode(claims, secret, algorithm="HS256", headers={"typ": KIND})
        return {"access_token": token, "token_type": "bearer"}

    @app.get("/get-user")
    def get_user(user: Annotated[str, Depends(current_user)]):
        return {"user": user}

    mend_answers(app)
    return app


def mend_answers(app):
    @app.exception_handler(Refused)
    def refuse(request: Request, refused: Refused):
        status, message, challenge = ANSWERS[str(refused)]
        return JSONResponse({"message": message}, status, headers={"WWW-Authenticate": challenge})

    @app.exception_handler(RequestValidationError)
    def name_the_field(request: Request, error: RequestValidationError):
        """FastAPI answers with the values that it could not use; here the fields are named and nothing is repeated."""
        fields = sorted({str(each["loc"][-1]) for each in error.errors()})
        return JSONResponse({"message": f"Missing or no text: {', '.join(fields)}"}, 400)

    @app.middleware("http")
    async def around(request: Request, call_next):
        """A body says how long it is, and is short; an answer is kept in no cache."""
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
