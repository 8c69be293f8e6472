"""Wrong answers to the exercises of step 08 that a short lifetime, another spelling of a method or odd bytes show."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_08 import SETTINGS
from jwt_demo.exercises.steps.step_08_changing import MAY
from tests.exercises.answers.model import Wrong, but_with

SAFE_METHODS = 'method in ("GET", "HEAD", "OPTIONS")'
COMPARED = 'hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), fitting.encode())'

WRONG = {
    "08-cookie-settings": (
        Wrong(
            "at least a minute",
            but_with(SETTINGS, ": lifetime,", ": max(60, lifetime),"),
            "after as many seconds as the function was given",
        ),
        Wrong(
            "at most a day",
            but_with(SETTINGS, ": lifetime,", ": min(86400, lifetime),"),
            "after as many seconds as the function was given",
        ),
        Wrong(
            "expires in place of max_age",
            """
def cookie_settings(lifetime):
    end = "Fri, 01 Feb 2041 08:05:00 GMT"
    return {"expires": end, "path": "/", "secure": True, "httponly": True, "samesite": "Lax"}
""",
            "`expires` is a moment",
        ),
    ),
    "08-may-change": (
        Wrong(
            "methods in any case of letters",
            but_with(MAY, SAFE_METHODS, SAFE_METHODS.replace("method", "method.upper()")),
            "The names of methods are case-sensitive",
        ),
        Wrong(
            "a proof that was sent beside a Bearer header is compared",
            but_with(MAY, "not by_cookie", "not by_cookie and not sent"),
            "no proof is needed, and a wrong one does not matter",
        ),
        Wrong(
            "a byte that is not UTF-8 raises",
            but_with(MAY, COMPARED, "hmac.compare_digest(sent.encode(), fitting.encode())"),
            "A byte that is not UTF-8 arrives as a character",
        ),
        Wrong(
            "bytes that are not UTF-8 are passed over",
            but_with(MAY, '"surrogatepass"', '"ignore"'),
            "This is not the proof of this session",
        ),
        Wrong(
            "a GET of another site is rejected",
            but_with(
                MAY,
                f"    if {SAFE_METHODS}:\n",
                f"    if {SAFE_METHODS} and origin in (None, own_origin):\n",
            ),
            "This method changes nothing, so it is accepted",
        ),
        Wrong(
            "the Origin counts for POST alone",
            but_with(MAY, "if origin is not None", 'if method == "POST" and origin is not None'),
            "whatever the method",
        ),
        Wrong(
            "no other method than POST",
            but_with(
                MAY,
                "    if origin is not None",
                '    if method != "POST":\n        return False\n    if origin is not None',
            ),
            "any method is accepted",
        ),
    ),
}
