"""FastAPI with the endpoints, the user and the names of its tutorial; Argon2 is as cheap as it gets."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm

SECRET_KEY = Path("key.txt").read_text("ascii")
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
USERS = {"johndoe": HASHER.hash("secret")}
NOBODY = HASHER.hash("nobody")
CHALLENGE = {"WWW-Authenticate": "Bearer"}

app = FastAPI()
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")


def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> str:
    refusal = HTTPException(401, "Could not validate credentials", headers=CHALLENGE)
    try:
        username = jwt.decode(token, SECRET_KEY, algorithms=["HS256"]).get("sub")
    except jwt.InvalidTokenError:
        raise refusal from None
    if username not in USERS:
        raise refusal
    return str(username)


@app.post("/token")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> dict[str, str]:
    try:
        HASHER.verify(USERS.get(form.username, NOBODY), form.password)
    except VerificationError:
        raise HTTPException(401, "Incorrect username or password", headers=CHALLENGE) from None
    claims = {"sub": form.username, "exp": datetime.now(timezone.utc) + timedelta(minutes=30)}
    return {"access_token": jwt.encode(claims, SECRET_KEY), "token_type": "bearer"}


@app.get("/users/me/")
def read_users_me(user: Annotated[str, Depends(get_current_user)]) -> dict[str, str]:
    return {"username": user}
