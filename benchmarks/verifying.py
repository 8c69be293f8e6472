"""The check of one token, without HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time

import jwt
from measuring import Result, ratio, seconds, taking_turns

from jwt_demo.stages import complete, middleware
from jwt_demo.stages.login import claims_for, datetime, timezone
from jwt_demo.stages.parts.settings import Settings
from jwt_demo.stages.parts.users import User
from jwt_demo.tokens.anatomy import Token


def verification(quick: bool) -> list[Result]:
    """What the middleware of step 3 and what `complete` do with a token, against PyJWT's bare decode and HMAC with JSON alone."""
    key = secrets.token_urlsafe(32)
    user = User(1, "user@email.com")
    token = jwt.encode(claims_for(user, now=datetime.now(timezone.utc)), key, algorithm="HS256")
    settings = Settings.from_environment({"JWT_SECRET": key, "JWT_DEMO_STORE": "memory:"})
    full = complete.issue(user, settings, now=time.time())

    ways = {
        "step 3": lambda: as_step_3_does(token, key),
        "bare decode": lambda: jwt.decode(token, key, algorithms=["HS256"]),
        "hmac + json": lambda: hmac_and_json(token, key),
        "complete": lambda: complete.verify(full, settings),
        "bare decode of the same": lambda: jwt.decode(
            full, key, algorithms=["HS256"], audience=settings.audience, issuer=settings.issuer
        ),
        "Token.parse": lambda: Token.parse(full),
    }
    measured = taking_turns(
        {name: seconds(way, 500) for name, way in ways.items()}, rounds=5 if quick else 25
    )
    return [
        Result(
            "verification",
            "step 3's verification",
            "jwt.decode",
            ratio(measured, "step 3", "bare decode"),
            aim=1.15,
        ),
        Result(
            "verification",
            "step 3's verification",
            "hmac + json alone",
            ratio(measured, "step 3", "hmac + json"),
        ),
        Result(
            "verification",
            "complete's verification",
            "jwt.decode with iss and aud",
            ratio(measured, "complete", "bare decode of the same"),
            aim=1.15,
        ),
        Result(
            "verification",
            "Token.parse",
            "jwt.decode with iss and aud",
            ratio(measured, "Token.parse", "bare decode of the same"),
        ),
    ]


def as_step_3_does(token: str, key: str) -> dict[str, object]:
    Token.parse(token)
    return middleware.check_times(
        middleware.VERIFIER.decode(token, key, algorithms=[middleware.ALGORITHM])
    )


def hmac_and_json(token: str, key: str) -> dict[str, object]:
    """The least that can be done: one MAC over the signing input, one JSON object, one comparison of times."""
    signing_input, _, signature = token.rpartition(".")
    mac = hmac.digest(key.encode(), signing_input.encode(), hashlib.sha256)
    if not hmac.compare_digest(mac, base64.urlsafe_b64decode(signature + "==")):
        raise ValueError("signature")
    claims = json.loads(base64.urlsafe_b64decode(signing_input.partition(".")[2] + "=="))
    if claims["exp"] <= time.time():
        raise ValueError("expired")
    return claims
