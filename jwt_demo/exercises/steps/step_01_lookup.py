"""01-lookup: a user who is found, or nobody."""

from __future__ import annotations

from typing import Any

from ..matchers import gives, returned
from ..messages import value
from ..model import Call, Case, Exercise, From, Mistake, Want, Wrong


def users_of(bench: Any) -> list[Any]:
    return [bench.admin, bench.user]


def user_or(found: Any) -> str:
    return str(found) if hasattr(found, "email") else value(found)


def finds(text: str, name: str) -> Want:
    return Want(
        text,
        lambda trial: trial.value is getattr(trial.bench, name),
        lambda trial: user_or(trial.value),
    )


NOBODY = gives("None", lambda found: found is None, got=user_or)
SOMEBODY_ELSE = "Nobody has that, and somebody was found all the same: whoever asks this way gets another one's account."
LISTED = Mistake(
    returned(lambda found: isinstance(found, (list, tuple))),
    "One user or None is wanted, not a list of them.",
)
TRUTH = Mistake(
    returned(lambda found: found is True or found is False),
    "The user is wanted, not whether there is one.",
)
OTHER = Mistake(
    lambda trial: (
        hasattr(trial.value, "email")
        and trial.case is not None
        and trial.case.means.endswith("was not found.")
    ),
    "Another user came back than the one who was asked for. Compare before you return.",
)
SKIPPED = "A value that is false (0, '', None, False) was skipped, nothing was left to compare, and the first one matched. Compare every value that was asked for."
RAISES = Mistake(
    lambda trial: (
        trial.error is not None and trial.case is not None and trial.case.wants[0] is NOBODY
    ),
    "Nobody found is an ordinary answer here: return None. What must be caught is forgotten one day.",
)

LOOKUP = Exercise(
    name="01-lookup",
    function="lookup",
    idea="Nobody found is None, never somebody else.",
    stub="""
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items() if value):
            return user
    return None
""",
    solution="""
def lookup(users, **wanted):
    if not wanted:
        return None
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items()):
            return user
    return None
""",
    also_right=(
        """
def lookup(users, **wanted):
    def matches(user):
        for name in wanted:
            if getattr(user, name) != wanted[name]:
                return False
        return len(wanted) > 0

    return next(filter(matches, users), None)
""",
    ),
    wrong=(
        Wrong(
            "only None is skipped",
            """
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items() if value is not None):
            return user
    return None
""",
            "Compare every value",
        ),
        Wrong(
            "falsy values are let through otherwise",
            """
def lookup(users, **wanted):
    for user in users:
        if all(not value or getattr(user, name) == value for name, value in wanted.items()):
            return user
""",
            "Compare every value",
        ),
        Wrong(
            "one match is enough",
            """
def lookup(users, **wanted):
    for user in users:
        if any(getattr(user, name) == value for name, value in wanted.items()):
            return user
""",
            "`all`, not `any`",
        ),
        Wrong(
            "the first user in place of nobody",
            """
def lookup(users, **wanted):
    found = [user for user in users if all(getattr(user, name) == value for name, value in wanted.items())]
    return found[0] if found else users[0]
""",
            "another one's account",
        ),
        Wrong(
            "always the first one",
            "def lookup(users, **wanted):\n    return users[0]",
            "Another user came back",
        ),
        Wrong(
            "raises for nobody",
            """
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items()):
            return user
    raise LookupError("no such user")
""",
            "return None",
        ),
        Wrong(
            "compared as text",
            """
def lookup(users, **wanted):
    for user in users:
        if all(str(getattr(user, name)) == str(value) for name, value in wanted.items()):
            return user
""",
            "'1' and 1",
        ),
        Wrong(
            "a list",
            """
def lookup(users, **wanted):
    return [user for user in users if all(getattr(user, name) == value for name, value in wanted.items())]
""",
            "not a list",
        ),
        Wrong(
            "nothing asked for",
            """
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items()):
            return user
""",
            "`all` of nothing is True",
        ),
        Wrong(
            "return forgotten",
            """
def lookup(users, **wanted):
    [user for user in users if all(getattr(user, name) == value for name, value in wanted.items())]
""",
            "Is a `return` missing?",
        ),
    ),
    hints=(
        "Read the condition aloud for `lookup(users, id=0)`. What is left to compare?",
        "`if value` was meant to skip what was not given. What was not given is not in `wanted` at all, so nothing needs to be skipped.",
        "Drop `if value`. Then one way in is left: `lookup(users)` asks for nothing, and `all` of nothing is True. Return None for it first.",
    ),
    cases=(
        Case(
            "lookup(users, id=1)",
            Call(From(users_of), id=1),
            (finds("the user with id 1", "user"),),
            "This user exists, and was not found.",
            mistakes=(LISTED, TRUTH),
        ),
        Case(
            "lookup(users, id=1, is_admin=False)",
            Call(From(users_of), id=1, is_admin=False),
            (finds("the user with id 1", "user"),),
            "This user is no administrator, and was not found.",
        ),
        Case("lookup(users, id=99)", Call(From(users_of), id=99), (NOBODY,), SOMEBODY_ELSE),
        Case("lookup(users, id=0)", Call(From(users_of), id=0), (NOBODY,), SKIPPED),
        Case("lookup(users, id=None)", Call(From(users_of), id=None), (NOBODY,), SKIPPED),
        Case("lookup(users, email='')", Call(From(users_of), email=""), (NOBODY,), SKIPPED),
        Case(
            "lookup(users, is_admin=False)",
            Call(From(users_of), is_admin=False),
            (finds("the user who is no administrator", "user"),),
            SKIPPED,
        ),
        Case(
            "lookup(users, id=1, email='admin@email.com')",
            Call(From(users_of), id=1, email="admin@email.com"),
            (NOBODY,),
            "No user has both. Everything that was asked for must fit: `all`, not `any`.",
        ),
        Case(
            "lookup(users, id='1')",
            Call(From(users_of), id="1"),
            (NOBODY,),
            "'1' and 1 are different values. What is compared as text lets in what looks alike.",
        ),
        Case(
            "lookup(users)",
            Call(From(users_of)),
            (NOBODY,),
            "Nothing was asked for, and `all` of nothing is True, so the first user matched. Who asks for nobody gets nobody.",
        ),
    ),
    mistakes=(RAISES, OTHER),
    learnt="A lookup that answers with somebody else is worse than one that fails. In step 3 this very line decides who a token's bearer is.",
)

EXERCISES = (LOOKUP,)
