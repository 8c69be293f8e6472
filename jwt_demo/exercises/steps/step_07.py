"""07: a denylist that forgets; quizzes on what ends a token."""

from __future__ import annotations

from typing import Any

from ..matchers import returned
from ..model import Case, Condition, Exercise, Mistake, Quiz, Trial
from ..symbols import (
    Moment,
    Symbols,
    filled,
    given,
    gives_back,
    longer,
    other_case,
    shorter,
    text,
    unchanged,
)
from .step_06 import READS_CLOCK

SUB, A, B, C, D, F, G = (text(name) for name in ("SUB", "A", "B", "C", "D", "F", "G"))
NOW = Moment()

# --- a denylist ------------------------------------------------------------------------------------------------------

REMEMBER = """
def remember_logout(denylist, claims, *, now):
    denylist[claims["jti"]] = claims["exp"]
    for jti in [jti for jti, until in denylist.items() if until <= now]:
        del denylist[jti]
    return denylist
"""


def listed(
    start: dict[Any, Any],
    wanted: dict[Any, Any],
    means: str,
    *mistakes: Mistake,
    exp: Any = None,
    family: Any = F,
) -> Case:
    """The token A is logged out, with this on the list before, and that afterwards."""
    claims = {"sub": SUB, "sid": family, "jti": A, "iat": NOW - 600, "exp": exp or wanted[A]}
    return Case(
        f"remember_logout({start!r}, {claims!r}, now=now)",
        given(start, claims, now=NOW),
        (gives_back(wanted), unchanged(1, "claims")),
        means,
        mistakes=(READS_CLOCK, *mistakes),
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
NEIGHBOURS = "Several entries beside each other have expired: remove each of them, and no other."
EXPIRED = (
    "The token has itself expired at `now`, so its entry is removed too: first add, then remove."
)
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
                lambda trial: has(SUB)(trial) and not has(A)(trial),
                "The list has the user, not the token: every other login of that user would end too.",
            ),
            Mistake(
                lambda trial: has(F)(trial) and not has(A)(trial),
                "The list has the family, `sid`, not the token. The key is the id of the token: `jti`.",
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
            "The entry that ended 100 seconds ago is removed. The others stay, each with its own time.",
            Mistake(has(B), GROWS),
            Mistake(lacks(C), FORGOTTEN),
        ),
        listed(
            {B: NOW - 100, C: NOW + 1, D: NOW - 5},
            {C: NOW + 1, A: NOW + 300},
            "Two entries have expired and are removed. One has a second left and stays.",
            Mistake(
                lambda trial: has(B)(trial) or has(D)(trial),
                "An entry that has expired is still on the list. Several entries may have expired, some of them only 5 seconds ago: remove each of them.",
            ),
            Mistake(lacks(C), FORGOTTEN),
        ),
        listed(
            {B: NOW},
            {A: NOW + 300},
            "`exp` is the first second in which a token is rejected (RFC 7519 §4.1.4), so this entry is removed.",
            Mistake(
                has(B),
                "A token whose `exp` is `now` is rejected from this second on, so remove its entry.",
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
        *(
            listed(
                start,
                {**kept, A: NOW + 300},
                NEIGHBOURS,
                *(Mistake(lacks(name), FORGOTTEN) for name in kept),
            )
            for start, kept in (
                ({B: NOW - 1, D: NOW - 2}, {}),
                ({B: NOW - 1, D: NOW - 2, G: NOW - 3, C: NOW + 9}, {C: NOW + 9}),
                ({C: NOW + 9, B: NOW - 3, D: NOW - 2, G: NOW}, {C: NOW + 9}),
            )
        ),
        *(
            listed(start, start, EXPIRED, Mistake(has(A), EXPIRED), exp=exp)
            for start in ({}, {C: NOW + 9})
            for exp in (NOW - 5, NOW)
        ),
        listed(
            {A: NOW - 5, B: NOW + 1},
            {B: NOW + 1},
            "The token has expired, and so has its entry from an earlier logout: the entry is removed.",
            exp=NOW - 5,
        ),
        listed(
            {B: NOW + 100},
            {B: NOW + 100, A: NOW + 300},
            "The id of this entry happens to be the id of the family, but it is the entry of another token: it stays.",
            Mistake(lacks(B), FORGOTTEN),
            family=B,
        ),
    ),
    learnt="The list has one entry for each logout within one lifetime. With a short lifetime, the list stays short.",
)

EXERCISES = (REMEMBER_LOGOUT,)

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
            "b": "The second use looks like a theft, and the server cannot know which of the two is the attacker. So it ends the family.",
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
