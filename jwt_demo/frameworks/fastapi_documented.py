"""FastAPI with PyJWT, similar to the code of its security tutorial."""

from datetime import datetime, timedelta, timezone
from typing import Annotated

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, FastAPI, Form, HTTPException
from fastapi.security import OAuth2PasswordBearer

from . import EMAIL, PASSWORD

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
CHALLENGE = {"WWW-Authenticate": "Bearer"}


def make_app(secret):
    app = FastAPI()
    bearer = OAuth2PasswordBearer(tokenUrl="login")
    hashes, nobody = {EMAIL: HASHER.hash(PASSWORD)}, HASHER.hash("nobody")

    def current_user(token: Annotated[str, Depends(bearer)]):
        refusal = HTTPException(401, "The token can't be trusted", headers=CHALLENGE)
        try:
            email = jwt.decode(token, secret, algorithms=["HS256"]).get("sub")
        except jwt.InvalidTokenError:
            raise refusal from None
        if email not in hashes:
            raise refusal
        return email

    @app.post("/login")
    def login(email: Annotated[str, Form()], password: Annotated[str, Form()]):
        try:
            HASHER.verify(hashes.get(email, nobody), password)
        except VerifyMismatchError:
            raise HTTPException(401, "Wrong e-mail or password", headers=CHALLENGE) from None
        claims = {"sub": email, "exp": datetime.now(timezone.utc) + timedelta(minutes=30)}
        token = jwt.encode(claims, secret, algorithm="HS256")
        return {"access_token": token, "token_type": "bearer"}

    @app.get("/get-user")
    def get_user(user: Annotated[str, Depends(current_user)]):
        return {"user": user}

    return app
