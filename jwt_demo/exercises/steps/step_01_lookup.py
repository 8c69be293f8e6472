"""01-lookup: a user who is found, or None."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...stages.parts.users import User
from ..fixtures import Bench
from ..matchers import finds, gives, returned, user_or
from ..model import Call, Case, Exercise, From, Mistake, Want


class People(Bench):
    """A bench with a list of users, one of whom has no e-mail."""

    def __init__(self) -> None:
        super().__init__()
        self.without_email = User(0, None, False)  # type: ignore[arg-type]  # the case: no e-mail
        self.admin_without_email = dataclasses.replace(self.without_email, id=2, is_admin=True)
        self.people = [self.admin, self.user]


def users_of(bench: Any) -> list[Any]:
    return list(bench.people)


def asks(sent: str, wanted: Want, means: str, *mistakes: Mistake, **values: Any) -> Case:
    """`lookup(users, …)`; a value that is a function takes the bench."""
    made = {
        name: From(given) if callable(given) else given  # each check has users of its own
        for name, given in values.items()
    }
    return Case(sent, Call(From(users_of), **made), (wanted,), means, mistakes)


def somebody(trial: Any) -> bool:
    return trial.error is None and hasattr(trial.value, "email")


NOBODY = gives("None", lambda found: found is None, got=user_or)
USER = finds("<the user>", "user")
ADMIN = finds("<the administrator>", "admin")
NOT_FOUND = "This user is in the list, and every value that was asked for is theirs."
NO_SUCH_USER = "No user in the list has this value, so the result is None."
SOMEBODY = Mistake(
    somebody,
    "No user in the list has this value, and your function returned one. The caller would give them another user's account.",
)
SKIPPED = Mistake(
    lambda trial: somebody(trial) and trial.value is trial.args[0][0],  # as if nothing was asked
    "No user in the list has this value, and your function returned one. A value that is false (0, '', None, False) is a value too: compare it like any other.",
)
NOT_ASKED_FOR = Mistake(
    somebody,
    "No user in the list has this value, and your function returned one. Compare each value with the attribute of its name.",
)
OTHER = Mistake(
    lambda trial: (
        somebody(trial)
        and trial.wanted in (USER, ADMIN)
        and any(getattr(trial.value, name) != value for name, value in trial.kwargs.items())
    ),
    "Your function returned a user who does not have these values. Compare every value that was asked for.",
)
LISTED = Mistake(
    returned(lambda found: isinstance(found, (list, tuple))),
    "Return one user or None, not a list of users.",
)
TRUTH = Mistake(
    returned(lambda found: found is True or found is False),
    "Return the user, or None where there is none; not True or False.",
)
RAISES = Mistake(
    lambda trial: isinstance(trial.error, Exception) and trial.wanted is NOBODY,
    "No user fits here, and your code raised. Return None: an exception that the caller does not catch becomes a 500.",
)

LOOKUP = Exercise(
    name="01-lookup",
    function="lookup",
    idea="If nobody is found, the result is None, never another user.",
    stub="""
def lookup(users, **wanted):
    # return None if no user matches, and also if `wanted` is empty
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
    hints=(
        "Read the condition for `lookup(users, id=0)`. Which comparisons are left?",
        "`if value` was meant to skip what was not given. But what was not given is not in `wanted` at all, so nothing has to be skipped.",
        "Remove `if value`. One problem is left: `lookup(users)` asks for nothing, and `all` of nothing is True. Return None for it first.",
    ),
    cases=(
        asks("lookup(users, id=<the user's id>)", USER, NOT_FOUND, LISTED, TRUTH, id=lambda bench: bench.user.id),
        asks("lookup(users, email=<the administrator's e-mail>)", ADMIN, NOT_FOUND, email=lambda bench: bench.admin.email),
        asks(
            "lookup(users, id=<the user's id>, is_admin=False)", USER, NOT_FOUND,
            id=lambda bench: bench.user.id, is_admin=False,
        ),
        asks("lookup(users, id=<an id that nobody has>)", NOBODY, NO_SUCH_USER, SOMEBODY, id=lambda bench: bench.nobodys_id),
        asks(
            "lookup(users, email=<the first letters of the user's e-mail>)", NOBODY, NO_SUCH_USER,
            Mistake(somebody, "A part of an e-mail is another value. Compare with `==`."),
            email=lambda bench: bench.user.email[:6],
        ),
        asks(
            "lookup(users, email=<the user's e-mail in capital letters>)", NOBODY, NO_SUCH_USER,
            Mistake(somebody, "Capital letters make it another value. Compare with `==`, each value as it is."),
            email=lambda bench: bench.user.email.upper(),
        ),
        asks(
            "lookup(users, email=<the user's e-mail, and more behind it>)", NOBODY, NO_SUCH_USER,
            Mistake(somebody, "An e-mail that is longer is another value. Compare with `==`."),
            email=lambda bench: bench.user.email + ".attacker.example",
        ),
        asks("lookup(users, id=0)", NOBODY, NO_SUCH_USER, SKIPPED, NOT_ASKED_FOR, id=0),
        asks("lookup(users, id=None)", NOBODY, NO_SUCH_USER, SKIPPED, NOT_ASKED_FOR, id=None),
        asks("lookup(users, email='')", NOBODY, NO_SUCH_USER, SKIPPED, NOT_ASKED_FOR, email=""),
        asks(
            "lookup(users, is_admin=False)", finds("<the user>, who is no administrator", "user"), NOT_FOUND,
            Mistake(
                lambda trial: trial.value is trial.bench.admin,
                "The administrator was returned, and `is_admin` is True there. False is a value too: compare it like any other.",
            ),
            is_admin=False,
        ),
        Case(
            "lookup(users, is_admin=True), where <the user> comes first",
            Call(From(lambda bench: [bench.user, bench.admin]), is_admin=True),
            (ADMIN,),
            NOT_FOUND,
        ),
        Case(
            "lookup(users, is_admin=False), where two users fit",
            Call(From(lambda bench: [bench.admin, bench.user, bench.without_email]), is_admin=False),
            (finds("<the user>, the first of the two", "user"),),
            "Two users fit. Return the first of them.",
        ),
        Case(
            "lookup(users, email=None), where two users have no e-mail",
            Call(
                From(lambda bench: [bench.user, bench.without_email, bench.admin_without_email]),
                email=None,
            ),
            (finds("<the first of the two>", "without_email"),),
            "Two users have None as their e-mail. Return the first of them: None is a value too.",
        ),
        Case(
            "lookup(users, email=<the user's e-mail>), where the first in the list has no e-mail (None)",
            Call(
                From(lambda bench: [bench.without_email, bench.user]),
                email=From(lambda bench: bench.user.email),
            ),
            (USER,),
            NOT_FOUND,
        ),
        asks(
            "lookup(users, id=<the user's id>, email=<the administrator's e-mail>)", NOBODY,
            "No user has both values, so the result is None.",
            Mistake(somebody, "No user has both values, and your function returned one. Every value that was asked for must fit."),
            id=lambda bench: bench.user.id, email=lambda bench: bench.admin.email,
        ),
        asks(
            "lookup(users, email=<the administrator's e-mail>, id=<the user's id>)", NOBODY,
            "No user has both values, so the result is None.",
            Mistake(somebody, "No user has both values, and your function returned one. Every value that was asked for must fit, whichever is named first."),
            email=lambda bench: bench.admin.email, id=lambda bench: bench.user.id,
        ),
        asks(
            "lookup(users, id='<the user's id>')", NOBODY, "The ids are numbers, and this one is a text: '1' and 1 are different values, so the result is None.",
            Mistake(somebody, "The ids are numbers, and this one is a text: '1' and 1 are different values. Compare with `==`, each as it is."),
            id=lambda bench: str(bench.user.id),
        ),
        asks(
            "lookup(users)", NOBODY, "Nothing was asked for, so the result is None.",
            Mistake(somebody, "Nothing was asked for, and a user was returned. Return None where `wanted` is empty. (`all` of nothing is True.)"),
        ),
        Case(
            "lookup([], id=<the user's id>)",
            Call([], id=From(lambda bench: bench.user.id)),
            (NOBODY,),
            "There are no users at all, so the result is None.",
        ),
    ),
    mistakes=(RAISES, OTHER),
    learnt="In step 3 a lookup decides whose token it is. A lookup that returns another user is worse than one that fails.",
    bench=People.make,
)  # fmt: skip

EXERCISES = (LOOKUP,)
