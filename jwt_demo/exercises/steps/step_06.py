"""06: when claims are in time; quizzes on what is checked and in which order."""

from __future__ import annotations

import time
from typing import Any

from ..matchers import gives, raised, returned
from ..model import Case, Exercise, Mistake, Quiz
from ..shapes import reads_the_clock
from ..symbols import Symbol, Symbols, given, gives_back, near

GIVEN = """
import time

import jwt

from jwt_demo.tokens.claims import is_numeric_date
"""


def at(clock: str) -> Symbol:
    """A moment of the morning of a day that is drawn: `at("8:04:59")`."""
    hours, minutes, *rest = map(int, clock.split(":"))
    second = hours * 3600 + minutes * 60 + sum(rest)
    return Symbol(clock, lambda bench: bench.moment // 86_400 * 86_400 + second)


def long_ago(clock: str) -> Symbol:
    """A moment of a day of 2004."""
    hours, minutes = map(int, clock.split(":"))
    return Symbol(f"{clock} in 2004", lambda bench: 1_080_000_000 + hours * 3600 + minutes * 60)


def half_past(moment: Symbol) -> Symbol:
    """Half a second later."""
    return near(
        f"{moment}.5" if str(moment).count(":") == 2 else f"{moment}:00.5",
        moment,
        lambda second: second + 0.5,
    )


class OneDay(Symbols):
    """A bench that shows the seconds of its day as the time of the clock."""

    def as_moment(self, second: float) -> str:
        return time.strftime("%-H:%M:%S", time.gmtime(second))


EIGHT, FIVE_PAST = at("8:00"), at("8:05")
LATER = {"nbf": at("8:01"), "exp": FIVE_PAST}


def lives(
    claims: dict[str, Any],
    now: Symbol | int,
    live: bool,
    means: str,
    *mistakes: Mistake,
    leeway: int | None = None,
) -> Case:
    options = {"now": now} if leeway is None else {"now": now, "leeway": leeway}
    said = ", ".join(f"{name}={value}" for name, value in options.items())
    return Case(
        f"is_live({claims!r}, {said})",
        given(claims, **options),
        (gives_back(live),),
        means,
        mistakes,
    )


NO_NUMBERS = (
    Symbol("NaN", lambda bench: float("nan")),
    Symbol("Infinity", lambda bench: float("inf")),
    Symbol("-Infinity", lambda bench: float("-inf")),
)
ENORMOUS = Symbol("10**400", lambda bench: 10**400)
OTHER_KINDS: tuple[Any, ...] = ("", [], {}, [FIVE_PAST])


def huge_exp() -> Case:
    """Whether a number that no float can hold is a NumericDate is left to the answer: it returns, and does not raise."""
    text = "True or False"
    return Case(
        "is_live({'exp': 10**400}, now=8:00)",
        given({"exp": ENORMOUS}, now=EIGHT),
        (gives(text, lambda value: isinstance(value, bool), HUGE),),
        HUGE,
        (Mistake(raised(OverflowError), HUGE),),
    )


EXP = "The token expires at 8:05: it is live before, and not live from then on."
EXP_EDGE = "At the second of `exp` the token is not live any more: on or after that time a token must not be accepted (RFC 7519 §4.1.4). `now < exp`."
NBF_EDGE = "The token is valid from `nbf` on, at exactly this second too (RFC 7519 §4.1.5)."
EXP_LEEWAY = "The leeway makes `exp` later: a token is valid until just before `exp + leeway`, and not longer."
NBF_LEEWAY = (
    "The leeway makes `nbf` earlier: the token is valid from `nbf - leeway` on, and not before."
)
NO_LEEWAY = "No leeway was asked for, so there is none."
OTHERS = "Only `exp` and `nbf`, in exactly this spelling, say when a token is valid. Other claims may have any value."
NO_EXP = "Without `exp` the token would never end: False."
NO_NUMBER = "This time is no number, so it is not a NumericDate (RFC 7519 §2): False. `is_numeric_date` says that before you compare."
EMPTY = "This `nbf` is there, and is no number: False. `nbf` counts as missing only if the claims do not contain this name."
FALSY: tuple[Any, ...] = (None, "", [])
FRACTION = "A NumericDate is any number of seconds, here with half a second (RFC 7519 §2). Compare it as it is."
OLD = "The moment is the argument `now`. Here it is a day of 2004."
NO_JSON_NUMBER = "Python's `json` reads NaN and Infinity, but JSON has no such numbers (RFC 8259 §6). Such a time is not a number: False. `is_numeric_date` knows that."
HUGE = "A client can send a number with 400 digits. Python cannot make a `float` of it: `math.isfinite` and `float` raise OverflowError. `is_numeric_date` does not."
TRUE = "JSON's `true` is not a time. To Python `True` is an `int`, the number 1; `is_numeric_date` leaves it out."
READS_CLOCK = Mistake(
    lambda trial: reads_the_clock(trial.candidate),
    "Your code looked at the clock of this machine. The moment is the argument `now`.",
)
MISSING = Mistake(
    raised(KeyError),
    'Claims come from strangers and may lack any name: `claims.get("exp")` gives None where `claims["exp"]` raises.',
)
NOT_COMPARABLE = Mistake(raised(TypeError), NO_NUMBER)

LIVE_SOLUTION = """
def is_live(claims, *, now, leeway=0):
    exp, nbf = claims.get("exp"), claims.get("nbf", 0)
    if not (is_numeric_date(exp) and is_numeric_date(nbf)):
        return False
    return nbf <= now + leeway and now < exp + leeway
"""


LIVE = Exercise(
    name="06-live",
    function="is_live",
    idea="The claims and the moment are enough to say whether a token is valid. No clock is needed.",
    stub="""
def is_live(claims, *, now, leeway=0):
    ...
""",
    given=GIVEN,
    solution=LIVE_SOLUTION,
    bench=OneDay.make,
    hints=(
        "Two comparisons decide: `nbf` with `now`, and `now` with `exp`. What do you return if one of the claims is missing, or is no number?",
        "Look at the claims first: no `exp`, or a time that is no NumericDate for `is_numeric_date`, is `False`. Then compare; the leeway makes `nbf` earlier and `exp` later.",
        'First `exp, nbf = claims.get("exp"), claims.get("nbf", 0)`. False unless `is_numeric_date(exp) and is_numeric_date(nbf)`. Then `nbf <= now + leeway and now < exp + leeway`.',
    ),
    cases=(
        lives({"exp": FIVE_PAST}, at("8:02"), True, EXP),
        lives({"exp": FIVE_PAST}, at("8:06"), False, EXP),
        lives({"exp": FIVE_PAST}, at("8:04:59"), True, "In the last second before `exp`, the token is valid."),
        lives({"exp": FIVE_PAST}, FIVE_PAST, False, EXP_EDGE),
        lives({"exp": at("9:30")}, EIGHT, True, "A token may be valid for longer than some minutes."),
        lives({"exp": FIVE_PAST}, at("8:05:01"), False, NO_LEEWAY),
        lives(LATER, EIGHT, False, "The token is not valid before `nbf` (RFC 7519 §4.1.5)."),
        lives(LATER, at("8:00:59"), False, NBF_EDGE),
        lives(LATER, at("8:01"), True, NBF_EDGE),
        lives(LATER, at("8:06"), False, "The token has expired: look at both, `nbf` and `exp`."),
        lives({"exp": FIVE_PAST}, at("8:05:10"), True, EXP_LEEWAY, leeway=30),
        lives({"exp": FIVE_PAST}, at("8:05:29"), True, EXP_LEEWAY, leeway=30),
        lives({"exp": FIVE_PAST}, at("8:05:30"), False, EXP_LEEWAY, leeway=30),
        lives({"exp": FIVE_PAST}, at("8:05:06"), True, EXP_LEEWAY, leeway=7),
        lives({"exp": FIVE_PAST}, at("8:05:07"), False, EXP_LEEWAY, leeway=7),
        lives(LATER, at("8:00:30"), True, NBF_LEEWAY, leeway=30),
        lives(LATER, at("8:00:29"), False, NBF_LEEWAY, leeway=30),
        lives(LATER, at("8:00:53"), True, NBF_LEEWAY, leeway=7),
        lives(LATER, at("8:00:52"), False, NBF_LEEWAY, leeway=7),
        lives({"sub": "1", "exp": FIVE_PAST, "NBF": at("9:00"), "nbf_of": at("9:00"), "n": "1"}, at("8:02"), True, OTHERS),
        lives({"EXP": FIVE_PAST, "expires": FIVE_PAST, "ex": FIVE_PAST}, at("8:02"), False, f"{OTHERS} {NO_EXP}", MISSING),
        lives({"sub": "1"}, EIGHT, False, NO_EXP, MISSING),
        lives({"nbf": at("7:00")}, EIGHT, False, NO_EXP, MISSING),
        lives({"exp": None}, EIGHT, False, "An `exp` that is null is not a time.", NOT_COMPARABLE),
        lives({"exp": "1800000300"}, EIGHT, False, NO_NUMBER, NOT_COMPARABLE),
        lives({"exp": "9999999999"}, EIGHT, False, NO_NUMBER, NOT_COMPARABLE),
        lives({"nbf": "1", "exp": FIVE_PAST}, EIGHT, False, NO_NUMBER, NOT_COMPARABLE),
        *(
            lives({"nbf": nbf, "exp": FIVE_PAST}, EIGHT, False, EMPTY, NOT_COMPARABLE)
            for nbf in FALSY
        ),
        lives({"iat": at("8:04"), "exp": FIVE_PAST}, at("8:02"), True, OTHERS),
        lives({"exp": half_past(FIVE_PAST)}, FIVE_PAST, True, FRACTION),
        lives({"nbf": half_past(EIGHT), "exp": FIVE_PAST}, EIGHT, False, FRACTION),
        lives({"nbf": True, "exp": FIVE_PAST}, EIGHT, False, TRUE),
        lives({"exp": True}, 0, False, TRUE),
        lives({"nbf": False, "exp": FIVE_PAST}, EIGHT, False, TRUE),
        lives({"exp": FIVE_PAST}, half_past(at("8:04:59")), True, "The moment may be any number of seconds, here with half a second. Compare it as it is."),
        lives(LATER, half_past(at("8:00:59")), False, NBF_EDGE),
        *(lives({"exp": long_ago("8:05")}, long_ago(clock), live, OLD) for clock, live in (("8:02", True), ("8:06", False))),
        *(lives({"nbf": long_ago("8:01"), "exp": long_ago("8:05")}, long_ago(clock), live, OLD) for clock, live in (("8:00", False), ("8:02", True))),
        *(
            lives({"exp": FIVE_PAST, name: number}, EIGHT, False, NO_JSON_NUMBER, Mistake(raised(OverflowError, ValueError), NO_JSON_NUMBER))
            for name in ("nbf", "exp")
            for number in NO_NUMBERS
        ),
        lives({"nbf": ENORMOUS, "exp": FIVE_PAST}, EIGHT, False, HUGE, Mistake(raised(OverflowError), HUGE)),
        huge_exp(),
        *(lives({"exp": exp}, EIGHT, False, NO_NUMBER, NOT_COMPARABLE) for exp in OTHER_KINDS),
    ),
    mistakes=(
        Mistake(returned(lambda value: not isinstance(value, bool)), "The answer is `True` or `False`, and nothing else."),
        READS_CLOCK,
    ),
    learnt="You can test any moment with one call, because the function gets `now` as an argument.",
)  # fmt: skip

EXERCISES = (LIVE,)

QUIZZES = (
    Quiz(
        "no-audience",
        'A token says `aud: shop`. A server calls `jwt.decode(token, key, algorithms=["HS256"])`, without `audience`. What happens?',
        {
            "a": "accepted: the call names no audience, so none is checked",
            "b": "rejected: the token has an audience, and the server did not give its own name",
            "c": "accepted, with a warning",
        },
        right="b",
        because="A token that names its audience must be rejected by every server that is not named (RFC 7519 §4.1.3). "
        "Pass your own name as `audience=`, and do not switch the check off.",
        reasons={
            "a": "PyJWT does that with `iss`. With `aud` it does not: a server must reject a token that is for another server, and here PyJWT does not know which server it works for.",
            "c": "There is no warning: PyJWT raises InvalidAudienceError.",
        },
    ),
    Quiz(
        "thirteen-digits",
        "`exp` is 1800000300000: milliseconds instead of seconds. When does PyJWT reject this token?",
        {
            "a": "at once: the number is too large",
            "b": "five minutes after it was issued",
            "c": "in about 57,000 years",
        },
        right="c",
        because="It is a number, and it is in the future. Only a verifier that limits the lifetime, `exp - iat`, notices.",
        reasons={
            "a": "The standard defines seconds since 1970, and no upper limit.",
            "b": "Nothing tells PyJWT that these are milliseconds. It reads the number as seconds.",
        },
    ),
    Quiz(
        "three-faults",
        "A token is signed with another key, it is expired, and its `sub` is a number. Which exception does PyJWT raise?",
        {"a": "InvalidSubjectError", "b": "ExpiredSignatureError", "c": "InvalidSignatureError"},
        right="c",
        because="The signature is verified first. Before that, the claims are unverified text, and PyJWT does not look at time or subject.",
        reasons={
            "a": "PyJWT looks at `sub` only after the signature is verified.",
            "b": "The name misleads: the token expires, not its signature. And `exp` is a claim, read after the signature is verified.",
        },
    ),
)
