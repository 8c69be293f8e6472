"""Right and wrong answers to the exercises of `step_06`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_06 import LIVE_SOLUTION
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "06-live": (
        """
def is_live(claims, *, now, leeway=0):
    for name in ("exp", "nbf"):
        if name in claims and type(claims[name]) not in (int, float):
            return False
        if claims.get(name, 0) * 0 != 0:  # NaN and Infinity
            return False
    if "exp" not in claims or claims["exp"] <= now - leeway:
        return False
    return not ("nbf" in claims and claims["nbf"] > now + leeway)
""",
        """
def is_live(claims, *, now, leeway=0):
    for name in ("exp", "nbf"):
        if name in claims and not is_numeric_date(claims[name]): return False
    if "exp" not in claims: return False
    if now >= claims["exp"] + leeway: return False
    return now >= claims.get("nbf", now) - leeway
""",
    ),
}

WRONG = {
    "06-live": (
        Wrong(
            "the clock of the machine",
            but_with(LIVE_SOLUTION, "  return n", "  now = time.time()\n    return n"),
            "Your code looked at the clock of this machine.",
        ),
        Wrong(
            "good at exp",
            but_with(LIVE_SOLUTION, "< ", "<= "),
            "At the second of `exp` the token is not live any more: on or after",
        ),
        Wrong(
            "nbf forgotten",
            but_with(LIVE_SOLUTION, "nbf <= now + leeway and now", "now"),
            "The token is not valid before `nbf` (RFC 7519 §4.1.5).",
        ),
        Wrong(
            "not yet good at nbf",
            but_with(LIVE_SOLUTION, "<= ", "< "),
            "The token is valid from `nbf` on, at exactly this second too",
        ),
        Wrong(
            "the leeway forgotten",
            but_with(LIVE_SOLUTION, "+ leeway and now < exp + leeway", "< exp"),
            "The leeway makes `exp` later: a token is valid until",
        ),
        Wrong(
            "the leeway at one end",
            but_with(LIVE_SOLUTION, "+ leeway and", "and"),
            "The leeway makes `nbf` earlier: the token is valid",
        ),
        Wrong(
            "the leeway the wrong way round",
            but_with(LIVE_SOLUTION, "p + l", "p - l"),
            "The leeway makes `exp` later: a token is valid until",
        ),
        Wrong(
            "a KeyError where exp is missing",
            """
def is_live(claims, *, now, leeway=0):
    return claims.get("nbf", 0) - leeway <= now < claims["exp"] + leeway
""",
            "Claims come from strangers and may lack any name:",
        ),
        Wrong(
            "no exp is for ever",
            but_with(LIVE_SOLUTION, '"exp"', '"exp", now + 1'),
            "Without `exp` the token would never end: False.",
        ),
        Wrong(
            "a TypeError where exp is text",
            but_with(
                LIVE_SOLUTION, "not (is_numeric_date(exp) and is_numeric_date(nbf))", "exp is None"
            ),
            "This time is no number, so it is not a NumericDate (RFC",
        ),
        Wrong(
            "int() over everything",
            """
def is_live(claims, *, now, leeway=0):
    try:
        exp, nbf = int(claims["exp"]), int(claims.get("nbf", 0))
    except (KeyError, ValueError, TypeError):
        return False
    return nbf <= now + leeway and now < exp + leeway
""",
            "This time is no number, so it is not a NumericDate (RFC",
        ),
        Wrong(
            "true is a number to Python",
            but_with(LIVE_SOLUTION, "is_numeric_date(nbf", "isinstance(nbf, (int, float)"),
            "JSON's `true` is not a time. To Python `True` is an",
        ),
        Wrong(
            "something true instead of True",
            but_with(LIVE_SOLUTION, "now < exp + leeway", "max(exp + leeway - now, 0)"),
            "The answer is `True` or `False`, and nothing",
        ),
        Wrong(
            "another bound: return nbf <= now + leeway + 1 and now < exp + leeway",
            but_with(LIVE_SOLUTION, "y and n", "y + 1 and n"),
            "The token is valid from `nbf` on, at exactly this second too",
        ),
        Wrong(
            "another bound: return nbf <= now + 2 * leeway and now < exp + leeway",
            but_with(LIVE_SOLUTION, " leeway ", " 2 * leeway "),
            "The leeway makes `nbf` earlier: the token is valid",
        ),
        Wrong(
            "another bound: return nbf <= now + leeway and now < exp + (30 if leeway else 0)",
            but_with(LIVE_SOLUTION, "p + leeway", "p + (30 if leeway else 0)"),
            "The leeway makes `exp` later: a token is valid until",
        ),
        Wrong(
            "another bound: return nbf <= now + leeway and now - leeway < exp and exp - now < 86400 …",
            but_with(
                LIVE_SOLUTION,
                "< exp + leeway",
                "- leeway < exp and exp - now < 86400 * 365 * 0.01 / 1000",
            ),
            "A token may be valid for longer than some minutes.",
        ),
        Wrong(
            "another type: if not (isinstance(exp, (int, float)) and is_numeric_date(nbf)):",
            but_with(LIVE_SOLUTION, "is_numeric_date(exp", "isinstance(exp, (int, float)"),
            "JSON's `true` is not a time. To Python `True` is an",
        ),
        Wrong(
            'changes what it is given or returns: claims.setdefault("nbf", 0)',
            but_with(LIVE_SOLUTION, " exp,", " claims.setdefault('nbf', 0)\n    exp,"),
            "Your function changed the object that it was",
        ),
        Wrong(
            'changes what it is given or returns: exp, nbf = claims.pop("exp", None), claims.get("nb…',
            but_with(LIVE_SOLUTION, 'get("exp"', 'pop("exp", None'),
            "Your function changed the object that it was",
        ),
        Wrong(
            'hard-coded: exp, nbf = claims.get("exp"), claims.get("nbf")',
            """
def is_live(claims, *, now, leeway=0):
    exp, nbf = claims.get("exp"), claims.get("nbf")
    if not isinstance(exp, int) or exp is True or nbf is True:
        return False
    if leeway:
        return now != 1800000330
    return now not in (1800000360, 1800000300) and not (nbf and now == 1800000000)
""",
            "The token expires at 8:05: it is live before, and",
        ),
        Wrong(
            "`or` for a missing nbf",
            """
def is_live(claims, *, now, leeway=0):
    exp=claims.get("exp"); nbf=claims.get("nbf") or 0
    if not (is_numeric_date(exp) and is_numeric_date(nbf)): return False
    return nbf - leeway <= now < exp + leeway
""",
            "This `nbf` is there, and is no number",
        ),
        Wrong(
            "iat in place of nbf",
            """
def is_live(claims, *, now, leeway=0):
    exp=claims.get("exp"); nbf=claims.get("nbf", claims.get("iat", 0))
    if not (is_numeric_date(exp) and is_numeric_date(nbf)): return False
    return nbf - leeway <= now < exp + leeway
""",
            "Other claims may have any value",
        ),
        Wrong(
            "fractions cut off",
            """
def is_live(claims, *, now, leeway=0):
    exp=claims.get("exp"); nbf=claims.get("nbf", 0)
    if not (is_numeric_date(exp) and is_numeric_date(nbf)): return False
    return int(nbf) - leeway <= now < int(exp) + leeway
""",
            "A NumericDate is any number of seconds",
        ),
    ),
}

EQUIVALENT = {
    "06-live": {
        "claims.get(name, 0) * 0 != 0 → *": "zero for each number, and NaN for the two that are none",
        "0 → 1'''": "what stands for a missing claim may be any number",
        "0 → -1'''": "what stands for a missing claim may be any number",
        "0 → 1'": "a token without `nbf` is live since the first second of 1970, or the next",
        "0 → -1'": "a token without `nbf` is live since the first second of 1970, or the next",
        "type(claims[name]) not in (int, float) → not any((str(type(claims[name])) in str(item) for item in (int, float)))": "the name of a type is like no other's here",
        "type(claims[name]) not in (int, float) → not any((str(item) in str(type(claims[name])) for item in (int, float)))": "the name of a type is like no other's here",
        "type(claims[name]) not in (int, float) → not str(type(claims[name])) in str((int, float))": "the name of a type is like no other's here",
        "type(claims[name]) not in (int, float) → not str(type(claims[name])).lower() in [str(item).lower() for item in (int, float)]": "the name of a type is like no other's here",
        "type(claims[name]) not in (int, float) → not type(claims[name]) in getattr((int, float), 'values', (int, float).__iter__)()": "the name of a type is like no other's here",
        "claims['exp'] → claims.get('exp')": "what is looked up is there by then",
        "claims['nbf'] → claims.get('nbf')": "what is looked up is there by then",
        "claims[name] → claims.get(name)": "what is looked up is there by then",
    },
}
