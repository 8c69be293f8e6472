"""07: a refresh token that works once."""

from __future__ import annotations

from typing import Any

from ..matchers import PAIR_TURNED_ROUND, raised, returned
from ..model import Case, Condition, Exercise, Mistake, Trial
from ..symbols import (
    Symbols,
    filled,
    given,
    gives_back,
    longer,
    other_case,
    preceded,
    shorter,
    text,
)

A, B, C = (text(name) for name in "ABC")
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
        mistakes=(
            PAIR_TURNED_ROUND,
            NO_TRUTH,
            EMPTY_ENTRY,
            *([] if wanted[0] else [OTHER_ENDS, STORED]),
            *mistakes,
            Mistake(granted_where_not(wanted), means),
        ),
    )


def no_truth(trial: Trial) -> bool:
    """Whether the first of the two values is neither True nor False."""
    return is_pair(trial.value) and not isinstance(trial.value[0], bool)


def other_ends(trial: Trial) -> bool:
    """Whether the family that was named goes on, while another that was there has ended."""
    before, family = trial.before[0], trial.before[1]
    after = families_in(trial)
    return after is not None and family in after and any(name not in after for name in before)


def granted_where_not(wanted: tuple[bool, dict[Any, Any]]) -> Condition:
    return lambda trial: granted(trial) and not wanted[0]


NO_TRUTH = Mistake(no_truth, "The first of the two values is `True` or `False`, and nothing else.")
EMPTY_ENTRY = Mistake(
    lambda trial: None in (families_in(trial) or {}).values(),
    "A family has None in place of its current token, and it is still there. A family that ends is removed from the dict.",
)
STORED = Mistake(
    lambda trial: (
        trial.value[0] is False
        and (families_in(trial) or {}).get(trial.before[1]) == trial.before[3]
    ),
    "The refresh was rejected, and `new` was stored all the same. Remove the family `F`.",
)
OTHER_ENDS = Mistake(
    other_ends,
    "Another family ended, and `F` is still there. Only the family that was named may change.",
)


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
EMPTY = "An empty `jti` is not the current token of `F`, so the family `F` ends."
NO_JTI = "The family is not in the dict, and a request without a `jti` was granted. Such a family has no current token: check `family in families` first."
WITHOUT_JTI = (
    "A request without a `jti` does not have the current token of `F`, so the family `F` ends."
)
NEW_SENT = (
    "The `jti` that was sent is the same as `new`. It is not the current token of `F`, so `F` ends."
)
GONE = "The family is not in the dict. This is not an error of the server: reject the refresh."
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
        "Three kinds of token can be sent: the current one of a family, an older one, and one of a family that is not in the dict. What happens to the family in each case?",
        "`families[family]` is the one token that may be used. If it is sent, store `new` in its place. If another token is sent, perhaps two clients have tokens of this login.",
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
                "The old token is still the current one, so it works forever, for everybody who has it.",
            ),
        ),
        rotated(
            {F: A, G: C},
            F,
            A,
            (True, {F: Z, G: C}),
            "`families` says that `A` is the current token of `F`: grant the refresh, whatever came in earlier calls. `G` is another login and stays as it is.",
            Mistake(
                gone(G), "`G` has ended. It is another login, and has nothing to do with this one."
            ),
        ),
        rotated(
            {F: B, G: C},
            F,
            A,
            (False, {G: C}),
            "`A` is not the current token of `F`: it was used before. Perhaps two clients have tokens of this login, so the family `F` ends.",
            Mistake(
                now_in(F, B),
                "The family has not ended, and `B` may be the token of an attacker, who can then continue to refresh. Remove the family `F`.",
            ),
            Mistake(gone(G), OTHERS_END),
        ),
        rotated(
            {G: C},
            F,
            A,
            (False, {G: C}),
            "The family `F` has ended before, or never existed. Nothing is granted, nothing changes.",
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
            for jti in (shorter(B), longer(B), preceded(B), other_case(B))
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
            for jti, means in (("", EMPTY), (None, WITHOUT_JTI), (Z, NEW_SENT))
        ),
    ),
    learnt="In a store this is one statement: when fifty refreshes come at once, one is granted.",
)

EXERCISES = (ROTATE_FAMILY,)
