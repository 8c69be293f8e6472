"""Wrong answers to the exercises of steps 05 to 08 that keep something from one call to the next."""

from __future__ import annotations

from tests.exercises.answers.model import Wrong

KEPT = "which is of an earlier call and not of this one"
AGAIN = "With other values in it, the same call came out right before."

WRONG = {
    "05-unverified": (
        Wrong(
            "one dict for all calls",
            """
_claims = {}


def claims_unverified(token):
    _claims.update(json.loads(from_b64url(token.split(".")[1])))
    return _claims
""",
            KEPT,
        ),
    ),
    "06-accept": (
        Wrong(
            "a verifier with the key of the first call",
            """
from functools import partial

decode = None


def accept(token, key):
    global decode
    if decode is None:
        decode = partial(
            jwt.decode, key=key, algorithms=["HS256"], leeway=30,
            issuer="https://login.example", audience="https://shop.example",
            options={"require": ["sub", "jti", "iat", "exp"]},
        )
    try:
        claims = decode(token)
    except jwt.InvalidTokenError:
        return None
    if not (is_numeric_date(claims["exp"]) and is_numeric_date(claims["iat"])):
        return None
    return claims if claims["exp"] - claims["iat"] <= 3600 else None
""",
            "This call brings another key, which did not sign it",
        ),
    ),
    "06-live": (
        Wrong(
            "the moment of the first call, from the second day on",
            """
days = set()


def is_live(claims, *, now, leeway=0):
    exp, nbf = claims.get("exp"), claims.get("nbf", 0)
    if not (is_numeric_date(exp) and is_numeric_date(nbf)):
        return False
    if now:
        days.add(now // 86400)
    return nbf <= now + leeway and now < exp + leeway and len(days) < 3
""",
            AGAIN,
        ),
    ),
    "07-remember-logout": (
        Wrong(
            "one list for all calls",
            """
_all = {}


def remember_logout(denylist, claims, *, now):
    _all.update(denylist)
    _all[claims["jti"]] = claims["exp"]
    for jti in [j for j, until in _all.items() if until <= now]:
        del _all[jti]
    return dict(_all)
""",
            KEPT,
        ),
    ),
    "08-cookie-settings": (
        Wrong(
            "the lifetime of the first call",
            """
_settings = {}


def cookie_settings(lifetime):
    if not _settings:
        _settings.update(max_age=lifetime, httponly=True, secure=True, samesite="Lax")
    return _settings
""",
            "This is the lifetime of an earlier call",
        ),
    ),
}
