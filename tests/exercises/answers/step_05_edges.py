"""Wrong answers to the exercises of steps 05 and 06 that only an unusual token or moment shows."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_05 import UNVERIFIED_SOLUTION
from jwt_demo.exercises.steps.step_05_writing import BY_HAND_SOLUTION
from jwt_demo.exercises.steps.step_06 import LIVE_SOLUTION
from jwt_demo.exercises.steps.step_06_accept import ACCEPT_SOLUTION
from tests.exercises.answers.model import Wrong, but_with


def live_if(number: str) -> str:
    """`is_live` with its own way to know a number."""
    return f"""
import math


def is_live(claims, *, now, leeway=0):
    def number(x):
        return {number}
    exp, nbf = claims.get("exp"), claims.get("nbf", 0)
    if not (number(exp) and number(nbf)):
        return False
    return not now < nbf - leeway and now < exp + leeway
"""


FIRST_SEGMENT = but_with(
    UNVERIFIED_SOLUTION, 'token.split(".")[1]', '[p for p in token.split(".") if {}][{}]'
)
IS_INT = "isinstance(x, (int, float)) and not isinstance(x, bool)"

WRONG = {
    "05-unverified": (
        Wrong(
            "the last segment that starts with eyJ",
            FIRST_SEGMENT.format('p.startswith("eyJ")', -1),
            "The header was read. JSON may have white space",
        ),
        Wrong(
            "the segment that has a sub",
            """
def claims_unverified(token):
    for segment in token.split("."):
        try:
            claims = json.loads(from_b64url(segment))
        except ValueError:
            continue
        if "alg" not in claims:
            return claims
""",
            "The claims are the second of the three segments",
        ),
        Wrong(
            "PyJWT compares the audience",
            """
def claims_unverified(token):
    options = {"verify_signature": False, "verify_aud": True, "verify_exp": False}
    return jwt.decode(token, options=options)
""",
            "PyJWT raised this.",
        ),
        Wrong(
            "PyJWT looks at iat",
            """
def claims_unverified(token):
    options = {"verify_signature": False, "verify_iat": True}
    return jwt.decode(token, options=options)
""",
            "PyJWT raised this.",
        ),
        Wrong(
            "None for no claims",
            but_with(UNVERIFIED_SOLUTION, "(segment))", "(segment)) or None"),
            "A token may have no claims at all",
        ),
        Wrong(
            "literal_eval",
            but_with(
                UNVERIFIED_SOLUTION,
                "return json.loads(from_b64url(segment))",
                "import ast\n    return ast.literal_eval(from_b64url(segment).decode())",
            ),
            "`ast.literal_eval` reads Python",
        ),
        Wrong(
            "one dict, emptied for each call",
            """
claims = {}


def claims_unverified(token):
    claims.clear()
    claims.update(json.loads(from_b64url(token.split(".")[1])))
    return claims
""",
            "What an earlier call returned is changed by this one",
        ),
    ),
    "05-by-hand": (
        Wrong(
            "the key as hexadecimal text",
            but_with(BY_HAND_SOLUTION, "hmac.new(key", "hmac.new(key.hex().encode()"),
            "The segments are right, and the HMAC was made with another key",
        ),
        Wrong(
            "32 bytes of the key",
            but_with(BY_HAND_SOLUTION, "hmac.new(key", "hmac.new(key[:32]"),
            "The segments are right, and the HMAC was made with another key",
        ),
    ),
    "06-live": (
        Wrong("NaN is taken", live_if(IS_INT), "JSON has no such numbers"),
        Wrong("Infinity is taken", live_if(f"{IS_INT} and x == x"), "JSON has no such numbers"),
        Wrong(
            "isfinite of a very large number",
            live_if(f"{IS_INT} and math.isfinite(x)"),
            "`math.isfinite` and `float` raise OverflowError",
        ),
        Wrong(
            "the clock for a missing nbf",
            but_with(LIVE_SOLUTION, '"nbf", 0', '"nbf", int(time.time())'),
            "Your code looked at the clock of this machine.",
        ),
        Wrong(
            "a first day",
            but_with(LIVE_SOLUTION, "nbf <=", "now > 1_500_000_000 and nbf <="),
            "Here it is a day of 2004.",
        ),
        Wrong(
            "whole seconds only",
            but_with(LIVE_SOLUTION, "    return nbf", "    now = -(-now // 1)\n    return nbf"),
            "The moment may be any number of seconds",
        ),
        Wrong(
            "now must be an int",
            but_with(LIVE_SOLUTION, "return nbf", "return type(now) is int and nbf"),
            "The moment may be any number of seconds",
        ),
    ),
    "06-accept": (
        Wrong(
            "the answer for a token is kept, whatever the key",
            f"""
{ACCEPT_SOLUTION.replace("def accept", "def verified")}

seen = {{}}


def accept(token, key):
    if token not in seen:
        seen[token] = verified(token, key)
    return seen[token]
""",
            "This call brings another key, which did not sign it",
        ),
        Wrong(
            "a character that is not UTF-8 raises",
            but_with(
                ACCEPT_SOLUTION,
                "(jwt.InvalidTokenError, UnicodeEncodeError)",
                "jwt.InvalidTokenError",
            ),
            "PyJWT raises `UnicodeEncodeError`",
        ),
    ),
}
