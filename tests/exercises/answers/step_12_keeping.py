"""Wrong answers to step 12's exercises: what one call kept decides the next; times as text; a header without `alg`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_12 import ISSUE
from jwt_demo.exercises.steps.step_12_verifying import VERIFY
from tests.exercises.answers.model import Wrong, but_with
from tests.exercises.answers.step_10_keeping import (
    EXPIRED_SINCE,
    OLD_TOKEN,
    by_token,
    cached,
)

AGAIN = "With other values in it, the same call came out right before"
NUMBERS = '    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])):\n        return None\n'
BY_HAND = """
import base64
import hmac
import json
import time


def claims_of(token, key):
    try:
        parsed = Token.parse(token)
        header, claims = parsed.header, parsed.claims
        expected = hmac.digest(key.encode(), parsed.signing_input, "sha256")
        if not hmac.compare_digest(expected, parsed.signature):
            return None
        if ALGORITHM or header["typ"] != "at+jwt":
            return None
        if claims["iss"] != ISSUER or claims["aud"] != AUDIENCE:
            return None
        if not all(isinstance(claims[name], str) and claims[name] for name in ("sub", "jti")):
            return None
        if not is_numeric_date(claims["iat"]) or not is_numeric_date(claims["exp"]):
            return None
        if claims.get("nbf", 0) > time.time():
            return None
        return claims if claims["iat"] <= time.time() < claims["exp"] else None
    except (TokenError, KeyError, TypeError):
        return None
"""

WRONG = {
    "12-claims-of": (
        Wrong("keeps results by token", by_token(VERIFY, "claims_of", "key"), OLD_TOKEN),
        Wrong("keeps results by token and key", cached(VERIFY), EXPIRED_SINCE),
        Wrong(
            "keeps the first key",
            "keys = []\n"
            + but_with(
                VERIFY,
                "        Token.parse(token)\n",
                "        keys.append(key)\n        Token.parse(token)\n",
            ).replace("token, key, algorithms", "token, keys[0], algorithms"),
            "Use it, and keep no key from earlier calls",
        ),
        Wrong(
            "a time that is a text raises",
            but_with(VERIFY, NUMBERS, ""),
            "Your code raised, and a client can send such a token",
        ),
        Wrong(
            "by hand, without a look at alg",
            BY_HAND.replace("ALGORITHM or ", ""),
            "The header does not say HS256",
        ),
        Wrong(
            "by hand, HS256 where there is no alg",
            BY_HAND.replace("ALGORITHM", 'header.get("alg", "HS256") != "HS256"'),
            "The header does not say HS256",
        ),
        Wrong(
            "by hand, alg is a text",
            BY_HAND.replace("ALGORITHM", 'header["alg"].upper() != "HS256"'),
            "Your code raised, and a client can send such a token",
        ),
    ),
    "12-issue-access-token": (
        Wrong(
            "keeps the first key",
            "keys = []\n"
            + but_with(
                ISSUE,
                "return jwt.encode(claims, key,",
                "keys.append(key)\n    return jwt.encode(claims, keys[0],",
            ),
            AGAIN,
        ),
        Wrong(
            "keeps the first moment",
            "moments = []\n"
            + but_with(
                ISSUE,
                "    claims = {",
                "    moments.append(now)\n    now = moments[0]\n    claims = {",
            ),
            "It is an hour later than before",
        ),
    ),
}
