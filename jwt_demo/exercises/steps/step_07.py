"""07: a denylist that forgets, a refresh token that works once; quizzes on what ends a token."""

from __future__ import annotations

from typing import Any

from ..matchers import PAIR_TURNED_ROUND, raised, returned
from ..model import Case, Condition, Exercise, Mistake, Quiz, Trial
from ..symbols import (
    Moment,
    Symbols,
    filled,
    given,
    gives_back,
    longer,
    other_case,
    preceded,
    shorter,
    text,
    unchanged,
)

SUB, A, B, C, D = (text(name) for name in ("SUB", "A", "B", "C", "D"))
NOW = Moment()

# --- a denylist ------------------------------------------------------------------------------------------------------

REMEMBER = """
def remember_logout(denylist, claims, *, now):
    denylist[claims["jti"]] = claims["exp"]
    for jti in [jti for jti, until in denylist.items() if until <= now]:
        del denylist[jti]
    return denylist
"""


def listed(start: dict[Any, Any], wanted: dict[Any, Any], means: str, *mistakes: Mistake) -> Case:
    """The token A is logged out, with this on the list before, and that afterwards."""
    claims = {"sub": SUB, "jti": A, "iat": NOW - 60, "exp": wanted[A]}
    return Case(
        f"remember_logout({start!r}, {claims!r}, now=now)",
        given(start, claims, now=NOW),
        (gives_back(wanted), unchanged(1, "claims")),
        means,
        mistakes=mistakes,
    )


def has(symbol: Any) -> Condition:
    """Whether this is still on the list that came back."""
    return lambda trial: filled(symbol, trial.bench) in list_in(trial)


def lacks(symbol: Any) -> Condition:
    return lambda trial: list_in(trial) and filled(symbol, trial.bench) not in list_in(trial)


def list_in(trial: Trial) -> dict[Any, Any]:
    return trial.value if isinstance(trial.value, dict) else {}


FORGOTTEN = (
    "An entry that has not expired is missing from the list: its token would be accepted again."
)
GROWS = "An entry that has expired is still on the list, so the list grows without end. Remove it: its token is rejected for its `exp` now."
NEARLY_A = (other_case(A), longer(A), shorter(A))
OTHER_TOKEN = "These ids are nearly the same, and they are different tokens: a `jti` is compared as a whole, capital letters included (RFC 7519 §4.1.7)."

REMEMBER_LOGOUT = Exercise(
    name="07-remember-logout",
    function="remember_logout",
    idea="A denylist contains the ids of revoked tokens, each until the token expires anyway.",
    stub="""
def remember_logout(denylist, claims, *, now):
    # add the token with these claims, remove what has expired at `now`, return the dict
    ...
""",
    solution=REMEMBER,
    may_change_arguments=True,  # the list, at least
    bench=Symbols.make,
    hints=(
        "A token that has expired is rejected for its `exp` alone. Which entries are still needed at `now`?",
        'The key is `claims["jti"]`. The value is the second from which the entry is not needed any more: `claims["exp"]`.',
        'First `denylist[claims["jti"]] = claims["exp"]`. Then return `{jti: until for jti, until in denylist.items() if until > now}`.',
    ),
    cases=(
        listed(
            {},
            {A: NOW + 300},
            "The list must contain the token's id, and with it the second in which the token expires.",
            Mistake(
                has(SUB),
                "The list has the user, not the token: every other login of that user would end too.",
            ),
            Mistake(
                returned(lambda value: value == {}),
                "The list is empty. The entry has to stay until the token expires by itself, at `exp`.",
            ),
        ),
        listed(
            {B: NOW + 200},
            {B: NOW + 200, A: NOW + 250},
            "Two tokens ended early, and neither has expired: both stay on the list, each with its own `exp`.",
            Mistake(lacks(B), FORGOTTEN),
        ),
        listed(
            {B: NOW - 100, C: NOW + 7200},
            {C: NOW + 7200, A: NOW + 900},
            "The entry that ended 100 seconds ago is removed. The others stay, each with its own second.",
            Mistake(has(B), GROWS),
            Mistake(lacks(C), FORGOTTEN),
        ),
        listed(
            {B: NOW - 100, C: NOW + 1, D: NOW - 5},
            {C: NOW + 1, A: NOW + 300},
            "Two entries have expired and are removed. One has a second left and stays.",
            Mistake(
                lambda trial: has(B)(trial) or has(D)(trial),
                "An entry that has expired is still on the list. There may be several of them at once: remove each.",
            ),
            Mistake(lacks(C), FORGOTTEN),
        ),
        listed(
            {B: NOW},
            {A: NOW + 300},
            "`exp` is the first second in which a token is rejected (RFC 7519 §4.1.4), so this entry is removed.",
            Mistake(
                has(B),
                "A token whose `exp` is `now` is rejected at this very second, so its entry can be dropped.",
            ),
        ),
        listed(
            {other_case(A): NOW + 100, longer(A): NOW + 200, shorter(A): NOW + 400, C: NOW + 1},
            {
                other_case(A): NOW + 100,
                longer(A): NOW + 200,
                shorter(A): NOW + 400,
                C: NOW + 1,
                A: NOW + 300,
            },
            "All of these entries are of other tokens, and none has expired: they stay.",
            Mistake(lacks(C), FORGOTTEN),
            Mistake(lambda trial: any(lacks(name)(trial) for name in NEARLY_A), OTHER_TOKEN),
        ),
        listed(
            {A: NOW + 300},
            {A: NOW + 300},
            "The same token was logged out twice: it has one entry, as before.",
        ),
    ),
    learnt="The list has one entry for each logout within one lifetime. With a short lifetime, the list stays short.",
)

# --- a refresh token -------------------------------------------------------------------------------------------------

F, G, Z = (text(name) for name in "FGZ")

ROTATE = """
def rotate_family(families, family, jti, new):
    if family in families and families[family] == jti:
        return True, {**families, family: new}
    return False, {name: current for name, current in families.items() if name != family}
"""


def rotated(
    families: dict[Any, Any],
    family: Any,
    jti: Any,
    wanted: tuple[bool, dict[Any, Any]],
    means: str,
    *mistakes: Mistake,
) -> Case:
    return Case(
        f"rotate_family({families!r}, {family!r}, {jti!r}, Z)",
        given(families, family, jti, Z),
        (gives_back(wanted),),
        means,
        mistakes=(PAIR_TURNED_ROUND, *mistakes, Mistake(granted_where_not(wanted), means)),
    )


def granted_where_not(wanted: tuple[bool, dict[Any, Any]]) -> Condition:
    return lambda trial: granted(trial) and not wanted[0]


def granted(trial: Trial) -> bool:
    return is_pair(trial.value) and trial.value[0] is True


def is_pair(value: Any) -> bool:
    return isinstance(value, tuple | list) and len(value) == 2 and isinstance(value[1], dict)


def families_in(trial: Trial) -> dict[Any, Any] | None:
    """The second half of what came back, where there is one."""
    return trial.value[1] if is_pair(trial.value) else None


def now_in(symbol: Any, current: Any = None) -> Condition:
    """Whether this family is among the families afterwards, with this current token."""

    def holds(trial: Trial) -> bool:
        families = families_in(trial) or {}
        found = families.get(filled(symbol, trial.bench))
        return found is not None and (current is None or found == filled(current, trial.bench))

    return holds


def gone(symbol: Any) -> Condition:
    def holds(trial: Trial) -> bool:
        families = families_in(trial)
        return families is not None and filled(symbol, trial.bench) not in families

    return holds


NEARLY = "This is not the current token of the family. Nearly the same text is not the same token: compare the two with `==`, and end the family."
NO_JTI = "No such family is there, and a request without a `jti` got a token. Ask `family in families` first: `families.get(family)` gives None for it, and `None == None` is True."
WITHOUT_JTI = (
    "A request without a `jti` does not have the current token of `F`, so the family `F` ends."
)
NEW_SENT = "The `jti` that was sent is the one that was to be given next. It is not the current token of `F`, so `F` ends."
GONE = "The family is not there. That is no error of the server: the refresh is rejected."
OTHERS_END = "Another family ended as well. Other logins have nothing to do with this one."

ROTATE_FAMILY = Exercise(
    name="07-rotate-family",
    function="rotate_family",
    idea="A refresh token works once. If it is sent again, its whole family ends.",
    stub="""
def rotate_family(families, family, jti, new):
    # return whether the refresh is granted, and the families afterwards
    ...
""",
    solution=ROTATE,
    may_change_arguments=True,
    bench=Symbols.make,
    hints=(
        "Three tokens can come: the current one of a family, an older one, one of a family that is not there. What happens to the family in each case?",
        "`families[family]` is the one token that may be used. When it comes, `new` takes its place. When another comes, two people have tokens of this login.",
        "When `family in families and families[family] == jti`, return `True, {**families, family: new}`. "
        "Otherwise return `False, {name: current for name, current in families.items() if name != family}`.",
    ),
    cases=(
        rotated(
            {F: A},
            F,
            A,
            (True, {F: Z}),
            "The current token was used: the refresh is granted, and the new one takes its place.",
            Mistake(
                returned(lambda value: isinstance(value, bool)),
                "Return two things: whether the refresh is granted, and the families afterwards.",
            ),
            Mistake(
                now_in(F, A),
                "The old token is still the current one, so it works for ever, for everybody who has it.",
            ),
        ),
        rotated(
            {F: A, G: C},
            F,
            A,
            (True, {F: Z, G: C}),
            "The current token of `F` was used. `G` is another login and stays as it is.",
            Mistake(gone(G), OTHERS_END),
        ),
        rotated(
            {F: B, G: C},
            F,
            A,
            (False, {G: C}),
            "`A` is not the current token of `F`: it was used before. Two people have tokens of this login, so the family `F` ends.",
            Mistake(
                now_in(F, B),
                "The family goes on, and `B` may be an attacker's, who can go on refreshing. Remove the family `F`.",
            ),
            Mistake(gone(G), OTHERS_END),
        ),
        rotated(
            {G: C},
            F,
            A,
            (False, {G: C}),
            "The family `F` has ended before, or never was. Nothing is granted, nothing changes.",
            Mistake(
                raised(KeyError),
                GONE,
            ),
            Mistake(
                now_in(F),
                "A refresh started a family that was not there. Only a login may do that: reject this refresh.",
            ),
        ),
        rotated(
            {F: B, G: C},
            F,
            C,
            (False, {G: C}),
            "`C` is the current token of `G`, and it was sent for `F`. It is not the current one of `F`, so `F` ends.",
            Mistake(gone(G), OTHERS_END),
        ),
        rotated(
            {G: C},
            F,
            C,
            (False, {G: C}),
            "`C` is of the family `G`, and `F` is not there. Nothing is granted, nothing changes.",
        ),
        rotated(
            {G: C},
            F,
            None,
            (False, {G: C}),
            "The family is not there, and the token has no `jti`. Nothing is granted, nothing changes.",
            Mistake(granted, NO_JTI),
        ),
        rotated(
            {G: C},
            F,
            "",
            (False, {G: C}),
            "The family is not there, and the `jti` is empty. Nothing is granted, nothing changes.",
        ),
        *(
            rotated({F: B, G: C}, F, jti, (False, {G: C}), NEARLY)
            for jti in ("", shorter(B), longer(B), preceded(B), other_case(B))
        ),
        *(
            rotated(
                {F: A, name: C},
                F,
                B,
                (False, {name: C}),
                "Two families have nearly the same name, and they are two logins. Only `F` ends.",
            )
            for name in (shorter(F), longer(F), preceded(F), other_case(F))
        ),
        *(
            rotated(
                {name: A},
                F,
                A,
                (False, {name: A}),
                "The family `F` is not there, only one with nearly the same name. Nothing is granted, nothing changes.",
                Mistake(raised(KeyError), GONE),
            )
            for name in (other_case(F), longer(F), shorter(F))
        ),
        *(
            rotated(
                {F: B, G: C},
                F,
                jti,
                (False, {G: C}),
                means,
                Mistake(now_in(F, B), f"{means} Remove the family `F`."),
            )
            for jti, means in ((None, WITHOUT_JTI), (Z, NEW_SENT))
        ),
    ),
    learnt="In a store this is one statement: when fifty refreshes come at once, one is granted.",
)

EXERCISES = (REMEMBER_LOGOUT, ROTATE_FAMILY)

QUIZZES = (
    Quiz(
        "two-tabs",
        "A browser has two tabs of one page. Both notice that the access token has expired, and both send the same refresh token. What happens?",
        {
            "a": "both get a new pair",
            "b": "one gets a pair, the other 401; the first continues",
            "c": "one gets a pair, the other 401, and the family ends",
        },
        right="c",
        because="The server cannot distinguish a second tab from an attacker, so the family ends. In a client with several tabs, one of them must refresh for all.",
        reasons={
            "a": "Then a refresh token would work twice, and a stolen one as well.",
            "b": "The second use looks like a theft, and the server cannot know which of the two is the attacker. It ends both.",
        },
    ),
    Quiz(
        "store-away",
        "The store with the denylist does not respond. A request arrives with a token that has a valid signature. What should the server return?",
        {
            "a": "200: the signature is good",
            "b": "401: the token is bad",
            "c": "503: not available at the moment",
        },
        right="c",
        because="The server cannot know whether this token was logged out. 503 says that the fault is on the server's side and that trying again later makes sense.",
        reasons={
            "a": "Every token that was logged out would be accepted again, just when an attacker has disabled the store.",
            "b": "Nobody knows whether it is bad. A client that gets 401 deletes a good token and logs out its user.",
        },
    ),
)
