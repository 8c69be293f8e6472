"""Wrong answers to the exercises of step 07 that the id of a family, a token that has expired or neighbours on a list show."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_07 import REMEMBER
from jwt_demo.exercises.steps.step_07_rotation import ROTATE
from tests.exercises.answers.model import Wrong, but_with

WRONG = {
    "07-remember-logout": (
        Wrong(
            "removes first, then adds",
            """
def remember_logout(denylist, claims, *, now):
    for jti in [jti for jti, until in denylist.items() if until <= now]:
        del denylist[jti]
    denylist[claims["jti"]] = claims["exp"]
    return denylist
""",
            "The token has itself expired at `now`",
        ),
        Wrong(
            "adds what has expired at this second",
            """
def remember_logout(denylist, claims, *, now):
    kept = {jti: until for jti, until in denylist.items() if until > now}
    return kept if claims["exp"] < now else {**kept, claims["jti"]: claims["exp"]}
""",
            "The token has itself expired at `now`",
        ),
        Wrong(
            "an earlier entry of an expired token stays",
            """
def remember_logout(denylist, claims, *, now):
    jti = claims["jti"]
    kept = {name: until for name, until in denylist.items() if until > now or name == jti}
    return {**kept, jti: claims["exp"]} if claims["exp"] > now else kept
""",
            "so has its entry from an earlier logout",
        ),
        Wrong(
            "the family, where there is one",
            but_with(
                REMEMBER, 'denylist[claims["jti"]]', 'denylist[claims.get("sid", claims["jti"])]'
            ),
            "The list has the family, `sid`",
        ),
        Wrong(
            "removes the family too",
            but_with(
                REMEMBER, "    return", '    denylist.pop(claims.get("sid"), None)\n    return'
            ),
            "An entry that has not expired is missing",
        ),
        Wrong(
            "removes from the list that it goes through",
            """
def remember_logout(denylist, claims, *, now):
    denylist[claims["jti"]] = claims["exp"]
    ids = list(denylist)
    for jti in ids:
        if denylist[jti] <= now:
            ids.remove(jti)
    return {jti: denylist[jti] for jti in ids}
""",
            "remove each of them, and no other",
        ),
        Wrong(
            "a minute longer",
            but_with(REMEMBER, "until <= now", "until <= now - 60"),
            "some of them only 5 seconds ago",
        ),
    ),
    "07-rotate-family": (
        Wrong(
            "ends the family that has the token",
            """
def rotate_family(families, family, jti, new):
    if families.get(family) == jti and jti is not None:
        families[family] = new
        return True, families
    for name in [n for n, current in families.items() if current == jti] or [family]:
        families.pop(name, None)
    return False, families
""",
            "Another family ended, and `F` is still there.",
        ),
        Wrong(
            "the new token in place of True",
            but_with(ROTATE, "return True,", "return new,"),
            "The first of the two values is `True` or `False`",
        ),
    ),
}
