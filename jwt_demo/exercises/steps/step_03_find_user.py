"""03-find-user: a good signature says that nobody changed the claims, and not that they name a user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..fixtures import ARTICLES_USER, OUTAGES, Bench, Storage, new_user, with_article
from ..matchers import finds, gives, user_or
from ..model import Call, Case, Exercise, From, Mistake, Want
from ..shapes import returns_no_value

USER = finds("<the user>", "user")
ADMIN = finds("<the administrator>", "admin")
NOBODY = gives("None", lambda found: found is None, got=user_or)


def finds_user(sent: str, wanted: Want, means: str, *mistakes: Mistake, **claims: Any) -> Case:
    """`find_user(users, claims)`; a claim that is a function takes the bench."""

    def made(bench: Any) -> dict[str, Any]:
        return {name: value(bench) if callable(value) else value for name, value in claims.items()}

    call = Call(From(lambda bench: bench.users), From(made))
    return Case(f"find_user(users, {sent})", call, (wanted,), means, mistakes)


def raises_outage(kind: str) -> Want:
    return Want(
        "the exception of the storage",
        lambda trial: (
            trial.bench.outage(kind) in (trial.error, getattr(trial.error, "__cause__", None))
        ),
        lambda trial: user_or(trial.value),
        "The user storage fails for this id, so nobody knows whether such a user exists. Let the exception of `by_id` pass: None would become a 401.",
        of_error=True,
    )


def outage(kind: str) -> Case:
    return Case(
        f"find_user(users, {{'sub': …}}), and the user storage raises {with_article(kind)}",
        Call(From(lambda bench: bench.users), From(lambda bench: {"sub": str(bench.lost[kind])})),
        (raises_outage(kind),),
        "",
    )


class People(Bench):
    """A bench with other storages: one with the user alone, one where their id is another's, one without them."""

    def __init__(self) -> None:
        super().__init__()
        self.alone, self.elsewhere, self.without = Storage({}), Storage({}), Storage({})
        self.alone.hold(
            ARTICLES_USER
        )  # the id of the lessons, for code that has it written into it
        self.namesake, _ = new_user(self.user.id)
        self.elsewhere.hold(self.namesake)
        self.without.hold(self.admin)

    def names(self) -> dict[str, str]:
        return {
            **super().names(),
            str(self.namesake): "<another user>",
            self.namesake.email: "<another user's e-mail>",
        }


KEPT = Mistake(
    lambda trial: trial.error is None and trial.value is trial.bench.user,
    "This is the user of another storage, whom an earlier call found. Keep nobody from one call to the next: "
    "a user who was deleted or changed meanwhile would go on as before. Ask the storage that is given, each time.",
)


def in_storage(name: str, sent: str, wanted: Want, means: str) -> Case:
    call = Call(From(lambda bench: getattr(bench, name)), From(lambda bench: {"sub": bench.sub}))
    return Case(sent, call, (wanted,), means, (KEPT,))


def no_subject(text: str, make: Callable[[Bench], Any]) -> Case:
    """A `sub` in which the id stands, and which is another text."""
    return finds_user(
        f"{{'sub': {text}}}",
        NOBODY,
        NO_USER,
        Mistake(
            lambda trial: trial.error is None and hasattr(trial.value, "email"),
            "This text is not the id of a user, and your function returned one. Another text is another subject: pass it to `by_id` unchanged.",
        ),
        sub=make,
    )


FIND_SOLUTION = """
async def find_user(users, claims):
    return await users.by_id(claims.get("sub"))
"""

SOMEBODY = Mistake(
    lambda trial: trial.error is None and hasattr(trial.value, "email"),
    "These claims name no user, and your function returned one: the server would take this request for theirs.",
)
NO_USER = "These claims name no user, so the result is None."
NOT_FOUND = "The claim `sub` is the id of this user, as a string."

OTHER_CLAIMS = (
    "id", "uid", "userid", "username", "name", "jti", "aud", "client_id", "oid", "sid", "nameid",
    "preferred_username",
)  # fmt: skip

FIND_USER = Exercise(
    name="03-find-user",
    function="find_user",
    idea="A good signature says that nobody changed the claims. The server has to look up whether they name a user.",
    stub="""
async def find_user(users, claims):
    # `await users.by_id(subject)` returns the user with this id, or None
    ...
""",
    solution=FIND_SOLUTION,
    hints=(
        "What if the claim is not there at all? What if it is a number?",
        '`claims["sub"]` raises where there is none, `claims.get("sub")` gives None. `users.by_id` takes the unchanged claim and gives None for everything that is not the id of a user.',
        'One line: `return await users.by_id(claims.get("sub"))`. Nothing has to be turned into a number or a text on the way.',
    ),
    cases=(
        finds_user(
            "{'sub': '<the user's id>'}",
            USER,
            NOT_FOUND,
            Mistake(
                lambda trial: (
                    trial.error is None
                    and trial.value is None
                    and not returns_no_value(trial.candidate)
                ),
                "None came back. The user's id is in the claim `sub`, and `by_id` takes it unchanged, as a string.",
            ),
            sub=lambda bench: bench.sub,
        ),
        finds_user(
            "{'iss': …, 'exp': …, 'sub': '<the administrator's id>'}",
            ADMIN,
            NOT_FOUND,
            iss="https://login.example",
            exp=1_900_000_000,
            sub=lambda bench: bench.admin_sub,
        ),
        finds_user(
            "{'sub': '<an id that nobody has>'}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            sub=lambda bench: str(bench.nobodys_id),
        ),
        finds_user(
            "{}",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: isinstance(trial.error, KeyError) and str(trial.error) == "'sub'",
                'A token without `sub` can have a good signature too. `claims["sub"]` raises there, which becomes a 500; `claims.get("sub")` gives None.',
            ),
            SOMEBODY,
        ),
        *(outage(kind.__name__) for kind in OUTAGES),
        finds_user("{'sub': '0'}", NOBODY, NO_USER, SOMEBODY, sub="0"),
        finds_user("{'sub': 0}", NOBODY, NO_USER, SOMEBODY, sub=0),
        finds_user("{'sub': ''}", NOBODY, NO_USER, SOMEBODY, sub=""),
        finds_user("{'sub': None}", NOBODY, NO_USER, SOMEBODY, sub=None),
        finds_user(
            "{'sub': '0<the user's id>'}",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: trial.error is None and hasattr(trial.value, "email"),
                "With a zero in front it is another text, and another subject. Pass it to `by_id` unchanged.",
            ),
            sub=lambda bench: f"0{bench.sub}",
        ),
        finds_user(
            "{'sub': ' <the user's id>'}",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: trial.error is None and hasattr(trial.value, "email"),
                "With a space in front it is another text, and another subject. Pass it to `by_id` unchanged.",
            ),
            sub=lambda bench: f" {bench.sub}",
        ),
        no_subject("'auth0|<the user's id>'", lambda bench: f"auth0|{bench.sub}"),
        no_subject("'user:<the user's id>'", lambda bench: f"user:{bench.sub}"),
        no_subject("'<the user's id>|auth0'", lambda bench: f"{bench.sub}|auth0"),
        no_subject("'<the user's id>@example.com'", lambda bench: f"{bench.sub}@example.com"),
        no_subject("'#<the user's id>'", lambda bench: f"#{bench.sub}"),
        no_subject("'+<the user's id>'", lambda bench: f"+{bench.sub}"),
        no_subject("'<the user's id>.0'", lambda bench: f"{bench.sub}.0"),
        no_subject("'<the user's id> ', with a space behind it", lambda bench: f"{bench.sub} "),
        no_subject(
            "'<the user's id>\\n', with a line break behind it", lambda bench: f"{bench.sub}\n"
        ),
        no_subject("'\"<the user's id>\"', in quotes", lambda bench: f'"{bench.sub}"'),
        no_subject(
            "'<the user's id> <the administrator's id>'",
            lambda bench: f"{bench.sub} {bench.admin_sub}",
        ),
        no_subject(
            "the user's id in full-width digits",
            lambda bench: "".join(chr(ord(digit) + 0xFEE0) for digit in bench.sub),
        ),
        finds_user(
            "{'sub': <the user's id>}, a number",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: trial.error is None and hasattr(trial.value, "email"),
                "A number is no subject: `sub` is a string (RFC 7519 §4.1.2). Pass the claim to `by_id` unchanged; our server did not issue this one.",
            ),
            sub=lambda bench: bench.user.id,
        ),
        finds_user(
            "{'sub': <the user's id>.0}, a number with a fraction",
            NOBODY,
            NO_USER,
            SOMEBODY,
            sub=lambda bench: float(bench.user.id),
        ),
        in_storage(
            "elsewhere",
            "find_user(another storage, {'sub': '<the user's id>'}), where another user has this id",
            Want(
                "<another user>",
                lambda trial: trial.value is trial.bench.namesake,
                lambda trial: user_or(trial.value),
            ),
            "Look the user up in the storage that is given.",
        ),
        in_storage(
            "without",
            "find_user(another storage, {'sub': '<the user's id>'}), where nobody has this id",
            NOBODY,
            NO_USER,
        ),
        finds_user(
            "{'sub': {'id': '<the user's id>'}}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            sub=lambda bench: {"id": bench.sub},
        ),
        finds_user(
            "{'sub': ['<the user's id>']}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            sub=lambda bench: [bench.sub],
        ),
        finds_user(
            "{'user_id': '<the user's id>'}",
            NOBODY,
            NO_USER,
            Mistake(
                lambda trial: trial.error is None and hasattr(trial.value, "email"),
                "`user_id` is the article's own claim. The registered claim is `sub`: look up that one alone.",
            ),
            user_id=lambda bench: bench.sub,
        ),
        finds_user(
            "{'subject': '<the user's id>'}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            subject=lambda bench: bench.sub,
        ),
        finds_user(
            "{'SUB': '<the user's id>'}", NOBODY, NO_USER, SOMEBODY, SUB=lambda bench: bench.sub
        ),
        finds_user(
            "{'su': '<the user's id>'}", NOBODY, NO_USER, SOMEBODY, su=lambda bench: bench.sub
        ),
        finds_user(
            "{'email': '<the user's e-mail>'}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            email=lambda bench: bench.user.email,
        ),
        *(
            finds_user(
                f"{{'{name}': '<the user's id>'}}",
                NOBODY,
                NO_USER,
                Mistake(
                    lambda trial: trial.error is None and trial.value is trial.bench.user,
                    "This claim is not `sub`, and your function returned the user whose id is in it. The subject of a token is in `sub` (RFC 7519 §4.1.2): look up that one alone.",
                ),
                SOMEBODY,
                **{name: lambda bench: bench.sub},
            )
            for name in OTHER_CLAIMS
        ),
        finds_user(
            "{'user': {'id': '<the user's id>'}}",
            NOBODY,
            NO_USER,
            SOMEBODY,
            user=lambda bench: {"id": bench.sub},
        ),
        Case(
            "find_user(users, {}), where one user is in the storage",
            Call(From(lambda bench: bench.alone), {}),
            (NOBODY,),
            NO_USER,
            (SOMEBODY,),
        ),
    ),
    bench=People.make,
    mistakes=(
        Mistake(
            lambda trial: trial.error is None and (trial.value is True or trial.value is False),
            "Return the user, not whether there is one.",
        ),
        Mistake(
            lambda trial: isinstance(trial.error, LookupError) and trial.wanted is NOBODY,
            "These claims name no user, and your code raised. Return None: the middleware then sends 401.",
        ),
        Mistake(
            lambda trial: isinstance(trial.error, TypeError) and "unhashable" in str(trial.error),
            "A claim may have any value of JSON, and a dict or a list cannot be a key of a dict or a member of a set. Pass the claim to `by_id` unchanged, each time.",
        ),
        Mistake(
            lambda trial: (
                isinstance(trial.error, (ValueError, TypeError)) and "int()" in str(trial.error)
            ),
            "A claim may have any value, and `int()` raised for this one. Pass the claim to `by_id` unchanged, as a string.",
        ),
    ),
    learnt="A good signature says that the claims are unchanged. Your function checks that they name an existing user.",
)

EXERCISES = (FIND_USER,)
