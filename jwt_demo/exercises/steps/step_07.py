"""07: a denylist that forgets, a refresh token that works once; quizzes on who ends a token."""

from __future__ import annotations

from typing import Any

from ..matchers import raised, returned, returns
from ..model import Call, Case, Exercise, Mistake, Quiz, Wrong, but_with

REMEMBER = """
def remember_logout(denylist, claims, *, now):
    denylist[claims["jti"]] = claims["exp"]
    for jti in [jti for jti, until in denylist.items() if until <= now]:
        del denylist[jti]
    return denylist
"""


def listed(
    start: dict, claims: dict, now: int, wanted: dict, means: str, *mistakes: Mistake
) -> Case:
    return Case(
        f"remember_logout({start!r}, {claims!r}, now={now})",
        Call(dict(start), claims, now=now),
        (returns(wanted),),
        means,
        mistakes=mistakes,
    )


REMEMBER_LOGOUT = Exercise(
    name="07-remember-logout",
    function="remember_logout",
    idea="A denylist holds the ids of tokens that ended early, each until the token would have expired anyway.",
    stub="""
def remember_logout(denylist, claims, *, now):
    # add the token with these claims, drop what has expired at `now`, return the list
    ...
""",
    solution=REMEMBER,
    also_right=(
        """
def remember_logout(denylist, claims, *, now):
    return {jti: until for jti, until in {**denylist, claims["jti"]: claims["exp"]}.items() if until > now}
""",
    ),
    wrong=(
        Wrong(
            "keeps the user",
            'def remember_logout(denylist, claims, *, now):\n    denylist[claims["sub"]] = claims["exp"]\n    return denylist\n',
            "the user, not the token",
        ),
        Wrong(
            "never forgets", but_with(REMEMBER, "if until <= now]", "if False]"), "grows for ever"
        ),
        Wrong(
            "forgets one second late",
            but_with(REMEMBER, "until <= now", "until < now"),
            "at this very second",
        ),
        Wrong(
            "until now", but_with(REMEMBER, '= claims["exp"]', "= now"), "until the token expires"
        ),
        Wrong(
            "forgets everything",
            'def remember_logout(denylist, claims, *, now):\n    return {claims["jti"]: claims["exp"]}\n',
            "others who logged out",
        ),
    ),
    hints=(
        "A token that has expired is refused for its `exp` alone. Which entries are still of use at `now`?",
        'The key is `claims["jti"]`, the value the moment from which the entry is of no use: `claims["exp"]`.',
        'denylist[claims["jti"]] = claims["exp"], then keep only the entries whose value is greater than `now`.',
    ),
    cases=(
        listed(
            {},
            {"sub": "1", "jti": "a", "exp": 1300},
            1000,
            {"a": 1300},
            "The list is to hold the token's id and the second it expires.",
            Mistake(
                returned(lambda value: isinstance(value, dict) and "1" in value),
                "The list has the user, not the token: every other login of that user would end too.",
            ),
            Mistake(
                returned(lambda value: value in ({}, {"a": 1000})),
                "The entry has to stay until the token expires by itself, at `exp`; before that the token would be good again.",
            ),
        ),
        listed(
            {"b": 1200},
            {"sub": "2", "jti": "a", "exp": 1300},
            1000,
            {"b": 1200, "a": 1300},
            "Two tokens ended early, and neither has expired.",
            Mistake(
                returned(lambda value: isinstance(value, dict) and "b" not in value),
                "The others who logged out were forgotten, and their tokens are good again.",
            ),
        ),
        listed(
            {"b": 900, "c": 1200},
            {"sub": "2", "jti": "a", "exp": 1300},
            1000,
            {"c": 1200, "a": 1300},
            "The entry that ended at 900 is of no use any more.",
            Mistake(
                returned(lambda value: isinstance(value, dict) and "b" in value),
                "What has expired stays on the list, which grows for ever. The token is refused for its `exp` by now.",
            ),
        ),
        listed(
            {"b": 1000},
            {"sub": "2", "jti": "a", "exp": 1300},
            1000,
            {"a": 1300},
            "`exp` is the first second at which a token is refused (RFC 7519 §4.1.4).",
            Mistake(
                returned(lambda value: isinstance(value, dict) and "b" in value),
                "A token whose `exp` is 1000 is refused at this very second, 1000, so its entry may go.",
            ),
        ),
    ),
    learnt="The list is as long as the logouts within one lifetime. Short lifetimes keep it short.",
)

ROTATE = """
def rotate_family(families, family, jti, new):
    if family in families and families[family] == jti:
        return True, {**families, family: new}
    return False, {name: current for name, current in families.items() if name != family}
"""


def rotated(
    families: dict, family: str, jti: str, wanted: tuple[bool, dict], means: str, *mistakes: Mistake
) -> Case:
    return Case(
        f"rotate_family({families!r}, {family!r}, {jti!r}, 'z')",
        Call(families, family, jti, "z"),
        (returns(wanted),),
        means,
        mistakes=mistakes,
    )


def families_of(value: Any) -> dict:
    """The second half of an answer, where there is one."""
    return (
        value[1]
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict)
        else {}
    )


ROTATE_FAMILY = Exercise(
    name="07-rotate-family",
    function="rotate_family",
    idea="A refresh token works once; one that comes twice ends its whole family.",
    stub="""
def rotate_family(families, family, jti, new):
    # return whether the refresh is granted, and the families afterwards
    ...
""",
    solution=ROTATE,
    also_right=(
        """
def rotate_family(families, family, jti, new):
    afterwards = dict(families)
    granted = afterwards.pop(family, None) == jti and jti is not None
    if granted:
        afterwards[family] = new
    return granted, afterwards
""",
    ),
    wrong=(
        Wrong(
            "the old one stays",
            but_with(ROTATE, "{**families, family: new}", "families"),
            "works for ever",
        ),
        Wrong(
            "refused, nothing ends",
            but_with(
                ROTATE,
                "{name: current for name, current in families.items() if name != family}",
                "families",
            ),
            "the thief's",
        ),
        Wrong(
            "everybody ends",
            but_with(
                ROTATE,
                "{name: current for name, current in families.items() if name != family}",
                "{}",
            ),
            "other logins",
        ),
        Wrong(
            "unknown family raises",
            but_with(ROTATE, "family in families and ", ""),
            "never heard of",
        ),
        Wrong(
            "only the answer",
            but_with(ROTATE, "return True, {**families, family: new}", "return True"),
            "both",
        ),
        Wrong(
            "an unknown family is started",
            "def rotate_family(families, family, jti, new):\n    if families.get(family, jti) == jti:\n"
            "        return True, {**families, family: new}\n    return False, {k: v for k, v in families.items() if k != family}\n",
            "nobody logged in",
        ),
    ),
    hints=(
        "Three things can come: the current token of a family, an older one, one of a family that is not there. What happens to the family in each case?",
        "`families[family]` is the one token that may be used. When it is, the next takes its place; when another comes, two people have tokens of this login.",
        "if families.get(family) == jti: return True and a copy with `family: new`; else return False and a copy without `family`.",
    ),
    cases=(
        rotated(
            {"f": "a"},
            "f",
            "a",
            (True, {"f": "z"}),
            "The current token was used: granted, and the next one takes its place.",
            Mistake(
                returned(lambda value: isinstance(value, bool)),
                "The answer has two halves, and both are needed: whether it is granted, and the families afterwards.",
            ),
            Mistake(
                returned(lambda value: families_of(value) == {"f": "a"}),
                "The old token is still the current one, so it works for ever, for whoever has it.",
            ),
        ),
        rotated(
            {"f": "b", "g": "c"},
            "f",
            "a",
            (False, {"g": "c"}),
            "`a` was used before. Two people have tokens of this login, so the family `f` ends.",
            Mistake(
                returned(
                    lambda value: isinstance(value, tuple) and families_of(value).get("f") == "b"
                ),
                "The family goes on, and `b` may be the thief's: it refreshes for two weeks.",
            ),
            Mistake(
                returned(lambda value: isinstance(value, tuple) and "g" not in families_of(value)),
                "The family `g` ended as well: other logins have nothing to do with this one.",
            ),
        ),
        rotated(
            {"g": "c"},
            "f",
            "a",
            (False, {"g": "c"}),
            "The family `f` has ended before, or never was. Nothing is granted, nothing changes.",
            Mistake(
                raised(KeyError),
                "The server never heard of this family: that is no error, it is a refusal.",
            ),
            Mistake(
                returned(lambda value: isinstance(value, tuple) and "f" in families_of(value)),
                "A family began with a refresh: nobody logged in, and yet somebody has tokens.",
            ),
        ),
    ),
    learnt="In a store this is one statement, so that of fifty that come at once, one is granted.",
)

EXERCISES = (REMEMBER_LOGOUT, ROTATE_FAMILY)

QUIZZES = (
    Quiz(
        "two-tabs",
        "A browser has two tabs of one page. Both notice that the access token ran out, and both send the same refresh token. What happens?",
        {
            "a": "both get a new pair",
            "b": "one gets a pair, the other 401; the first goes on",
            "c": "one gets a pair, the other 401, and the family ends",
        },
        right="c",
        because="The server cannot tell a second tab from a thief, so the family ends. A client with tabs lets one of them refresh for all.",
        reasons={
            "a": "Then a refresh token would work twice, and a stolen one as well.",
            "b": "The second use is the sign of a theft, and the server cannot know which of the two was the thief. It ends both.",
        },
    ),
    Quiz(
        "store-away",
        "The store that holds the denylist does not answer. A request comes with a token whose signature is good. What should the server say?",
        {"a": "200: the signature is good", "b": "401: the token is bad", "c": "503: not now"},
        right="c",
        because="The server cannot know whether this token was logged out. 503 says that the fault is here and that trying again later makes sense.",
        reasons={
            "a": "Every token that was logged out would be good again, just when an attacker has taken the store away.",
            "b": "Nobody knows whether it is bad. A client that hears 401 throws a good token away and logs its user out.",
        },
    ),
)
