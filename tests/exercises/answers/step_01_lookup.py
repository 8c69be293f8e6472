"""Right and wrong answers to the exercises of `step_01_lookup`."""

from __future__ import annotations

from tests.exercises.answers.model import Wrong

RIGHT = {
    "01-lookup": (
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
}

WRONG = {
    "01-lookup": (
        Wrong(
            "administrators first",
            """
def lookup(users, **wanted):
    if not wanted:
        return None
    for user in sorted(users, key=lambda user: not user.is_admin):
        if all(getattr(user, n) == v for n, v in wanted.items()):
            return user
    return None
""",
            "Return the first of them",
        ),
        Wrong(
            "values without names",
            """
def lookup(users, **wanted):
    for user in users:
        found = {user.id, user.email, user.is_admin}
        if wanted and all(value in found for value in wanted.values()):
            return user
""",
            "with the attribute of its name",
        ),
        Wrong(
            "the same object",
            """
def lookup(users, **wanted):
    if not wanted:
        return None
    for user in users:
        if all(getattr(user, name) is value for name, value in wanted.items()):
            return user
    return None
""",
            "This user is in the list",
        ),
        Wrong(
            "a part, with in",
            """
def lookup(users, **wanted):
    if not wanted:
        return None
    for user in users:
        if all(str(value) in str(getattr(user, name)) for name, value in wanted.items()):
            return user
    return None
""",
            "A part of an e-mail is another value",
        ),
        Wrong(
            "only None is skipped",
            """
def lookup(users, **wanted):
    for user in users:
        if all(getattr(user, name) == value for name, value in wanted.items() if value is not None):
            return user
    return None
""",
            "No user in the list has this value, and",
        ),
        Wrong(
            "falsy values are let through otherwise",
            """
def lookup(users, **wanted):
    for user in users:
        if all(not value or getattr(user, name) == value for name, value in wanted.items()):
            return user
""",
            "No user in the list has this value, and",
        ),
        Wrong(
            "one match is enough",
            """
def lookup(users, **wanted):
    for user in users:
        if any(getattr(user, name) == value for name, value in wanted.items()):
            return user
""",
            "Every value that was asked for must fit",
        ),
        Wrong(
            "the first user in place of nobody",
            """
def lookup(users, **wanted):
    found = [user for user in users if all(getattr(user, name) == value for name, value in wanted.items())]
    return found[0] if found else users[0]
""",
            "No user in the list has this value, and",
        ),
        Wrong(
            "always the first one",
            "def lookup(users, **wanted):\n    return users[0]",
            "Your function returned a user who does not have",
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
            "Return None",
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
            "no `return` in it has a value",
        ),
        Wrong(
            "the last one who fits",
            """
def lookup(users, **wanted):
    match = None
    for user in users:
        if wanted and all(getattr(user, n) == v for n, v in wanted.items()):
            match = user
    return match
""",
            "Two users fit. Return the first",
        ),
        Wrong(
            "the case of letters ignored",
            """
def lookup(users, **wanted):
    def norm(v): return v.lower() if isinstance(v, str) else v
    for user in users:
        if wanted and all(norm(getattr(user, name)) == norm(value) for name, value in wanted.items()):
            return user
""",
            "Capital letters make it another value",
        ),
    ),
}

EQUIVALENT = {
    "01-lookup": {
        "return False → return None": "both are false to `filter`",
        "wanted[name] → wanted.get(name)": "what is asked for is always there at this point",
    },
}
