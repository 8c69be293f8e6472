"""06: when claims are in time, and which tokens a service accepts; quizzes on what is checked and in which order."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jwt

from ...stages.parts.secret_key import new_key
from ..matchers import raised, returned, returns
from ..model import Call, Case, Exercise, From, Mistake, Quiz, Trial, Want, Wrong, but_with

GIVEN = """
import time

import jwt

from jwt_demo.tokens.claims import is_numeric_date
"""

# --- in time ---------------------------------------------------------------------------------------------------------

EIGHT = 1_800_000_000  # 15 January 2027, 08:00:00 UTC
FIVE_PAST = EIGHT + 300
LATER = {"nbf": EIGHT + 60, "exp": FIVE_PAST}


def at(
    what: str,
    claims: dict[str, Any],
    moment: int,
    live: bool,
    means: str,
    *mistakes: Mistake,
    leeway: int | None = None,
) -> Case:
    options = {"now": moment} if leeway is None else {"now": moment, "leeway": leeway}
    return Case(f"is_live({what})", Call(claims, **options), (returns(live),), means, mistakes)


CLOCK = "Did the code look at the clock of this machine? The moment is the argument `now`, and the clock has nothing to do with it."
EXP_EDGE = "At the second of `exp` it is over: on or after that time a token must not be accepted (RFC 7519 §4.1.4). `now < exp`."
EXP_LEEWAY = "The leeway is a tolerance for clocks that differ: it lets a token live that much beyond its `exp`."
USED_UP = "The leeway is used up at that second: the edge has moved, and is still an edge."
NBF_LEEWAY = (
    "The leeway stretches both ends: a token whose `nbf` lies that little ahead is accepted too."
)
NO_NUMBER = "An `exp` in quotes is text, not a NumericDate (RFC 7519 §2). `is_numeric_date` knows the difference; `int()` would hide it."

LIVE_SOLUTION = """
def is_live(claims, *, now, leeway=0):
    exp, nbf = claims.get("exp"), claims.get("nbf", 0)
    if not (is_numeric_date(exp) and is_numeric_date(nbf)):
        return False
    return nbf <= now + leeway and now < exp + leeway
"""
live = functools.partial(but_with, LIVE_SOLUTION)

LIVE = Exercise(
    name="06-live",
    function="is_live",
    idea="Whether a token is in time follows from its claims and a moment; no clock is asked.",
    stub="""
def is_live(claims, *, now, leeway=0):
    ...
""",
    given=GIVEN,
    solution=LIVE_SOLUTION,
    also_right=(
        """
def is_live(claims, *, now, leeway=0):
    for name in {"exp", "nbf"} & claims.keys():
        if type(claims[name]) not in (int, float):
            return False
    if "exp" not in claims or claims["exp"] <= now - leeway:
        return False
    return not ("nbf" in claims and claims["nbf"] > now + leeway)
""",
    ),
    wrong=(
        Wrong("the clock of the machine", live("    return nbf", "    now = time.time()\n    return nbf"), "clock of this machine"),
        Wrong("good at exp", live("now < exp", "now <= exp"), "on or after that time"),
        Wrong("nbf forgotten", live("nbf <= now + leeway and now", "now"), "before `nbf`"),
        Wrong("not yet good at nbf", live("nbf <= now", "nbf < now"), "from `nbf` on"),
        Wrong("the leeway forgotten", live("return nbf <= now + leeway and now < exp + leeway", "return nbf <= now < exp"), "beyond its `exp`"),
        Wrong("the leeway at one end", live("nbf <= now + leeway", "nbf <= now"), "both ends"),
        Wrong("the leeway the wrong way round", live("exp + leeway", "exp - leeway"), "beyond its `exp`"),
        Wrong(
            "a KeyError where exp is missing",
            """
def is_live(claims, *, now, leeway=0):
    return claims.get("nbf", 0) - leeway <= now < claims["exp"] + leeway
""",
            "`claims.get",
        ),
        Wrong(
            "no exp is for ever",
            live('claims.get("exp")', 'claims.get("exp", now + 1)'),
            "good for ever",
        ),
        Wrong(
            "a TypeError where exp is text",
            live("    if not (is_numeric_date(exp) and is_numeric_date(nbf)):\n        return False\n", "    if exp is None:\n        return False\n"),
            "NumericDate",
        ),
        Wrong(
            "int() over everything",
            """
def is_live(claims, *, now, leeway=0):
    try:
        exp, nbf = int(claims["exp"]), int(claims.get("nbf", 0))
    except (KeyError, ValueError, TypeError):
        return False
    return nbf <= now + leeway and now < exp + leeway
""",
            "NumericDate",
        ),
        Wrong("true is a number to Python", live("is_numeric_date(nbf)", "isinstance(nbf, (int, float))"), "`True` is an `int`"),
        Wrong("something true instead of True", live("now < exp + leeway", "max(exp + leeway - now, 0)"), "`True` or `False`"),
    ),
    hints=(
        "Two edges, one on each side of `now`. What should come of it when the claim for an edge is missing, or is no number?",
        "Look at the claims first: no `exp`, or a time that `is_numeric_date` denies, is `False`. Then compare; the leeway moves `nbf` back and `exp` on.",
        "`nbf <= now + leeway and now < exp + leeway`, with `nbf = claims.get('nbf', 0)` for claims that have none.",
    ),
    cases=(
        at("exp at 8:05, now 8:02", {"exp": FIVE_PAST}, EIGHT + 120, True, "It ends in three minutes. " + CLOCK),
        at("exp at 8:05, now 8:06", {"exp": FIVE_PAST}, EIGHT + 360, False, "It was over a minute ago. " + CLOCK),
        at("exp at 8:05, now 8:04:59", {"exp": FIVE_PAST}, FIVE_PAST - 1, True, "The last second counts."),
        at("exp at 8:05, now 8:05", {"exp": FIVE_PAST}, FIVE_PAST, False, EXP_EDGE),
        at("nbf at 8:01, exp at 8:05, now 8:00", LATER, EIGHT, False, "It is not good before `nbf` (RFC 7519 §4.1.5)."),
        at("nbf at 8:01, exp at 8:05, now 8:01", LATER, EIGHT + 60, True, "It is good from `nbf` on, that second included."),
        at("exp at 8:05, now 8:05:10, leeway 30", {"exp": FIVE_PAST}, FIVE_PAST + 10, True, EXP_LEEWAY, leeway=30),
        at("exp at 8:05, now 8:05:30, leeway 30", {"exp": FIVE_PAST}, FIVE_PAST + 30, False, USED_UP, leeway=30),
        at("nbf at 8:00:20, exp at 8:05, now 8:00, leeway 30", {"nbf": EIGHT + 20, "exp": FIVE_PAST}, EIGHT, True, NBF_LEEWAY, leeway=30),
        at(
            "no exp, now 8:00", {"sub": "1"}, EIGHT, False, "A token without an end would be good for ever, and nobody meant that.",
            Mistake(raised(KeyError), "Claims come from strangers and may lack any name: `claims.get(\"exp\")` gives None where `claims[\"exp\"]` raises."),
        ),
        at("exp is '1800000300', now 8:00", {"exp": str(FIVE_PAST)}, EIGHT, False, NO_NUMBER, Mistake(raised(TypeError), NO_NUMBER)),
        at(
            "nbf is True, exp at 8:05, now 8:00", {"nbf": True, "exp": FIVE_PAST}, EIGHT, False,
            "JSON's true is no time. To Python `True` is an `int`, the number 1; `is_numeric_date` leaves it out.",
        ),
    ),
    mistakes=(Mistake(returned(lambda value: value is not None and not isinstance(value, bool)), "The answer is `True` or `False`, nothing like one."),),
    learnt="Five minutes, an hour, a year: each was one call. A function that is given its `now` never waits.",
)  # fmt: skip

# --- accepted --------------------------------------------------------------------------------------------------------

ISSUER, SHOP = "https://login.example", "https://shop.example"


def full(bench: Any, **changed: Any) -> str:
    """A token as the login service writes it for the shop, with these claims changed; None leaves one out."""
    return bench.sign(**{"iss": ISSUER, "aud": SHOP, "jti": "a-17", **changed})


ALGORITHMS = 'PyJWT wants a list of what it may accept, `algorithms=["HS256"]`: the token\'s own header must not choose.'
LEEWAY = "Clocks differ: 30 seconds of leeway were asked for."


def seconds(bench: Any, offset: int) -> int:
    return int(bench.now.timestamp()) + offset


def no_algorithms(trial: Trial) -> bool:
    return any(algorithms is None for _, algorithms in trial.bench.decodes)


def takes(what: str, make: Callable[[Any], str], means: str, *mistakes: Mistake) -> Case:
    def holds(trial: Trial) -> bool:
        return (
            isinstance(trial.value, dict)
            and trial.value.get("jti") == "a-17"
            and trial.value.get("sub") == "1"
        )

    refused = Mistake(returned(lambda value: value is None), means)
    return Case(
        f"accept({what})",
        Call(From(make), From(lambda bench: bench.key)),
        (Want("its claims", holds),),
        means,
        (*mistakes, refused),
    )


def refuses(what: str, make: Callable[[Any], str], means: str, *mistakes: Mistake) -> Case:
    return Case(
        f"accept({what})",
        Call(From(make), From(lambda bench: bench.key)),
        (returns(None),),
        means,
        mistakes,
    )


def lacks(name: str) -> Case:
    means = f"`{name}` is demanded: name it in `require`, PyJWT asks for nothing by itself."
    return refuses(
        f"no {name}",
        lambda bench: full(bench, **{name: None}),
        means,
        Mistake(raised(KeyError), means),
    )


ACCEPT_SOLUTION = """
def accept(token, key):
    try:
        claims = jwt.decode(
            token, key, algorithms=["HS256"], issuer="https://login.example", audience="https://shop.example",
            leeway=30, options={"require": ["sub", "jti", "iat", "exp"]},
        )
    except (jwt.InvalidTokenError, UnicodeEncodeError):
        return None
    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])):
        return None
    return claims if claims["exp"] - claims["iat"] <= 3600 else None
"""
accept = functools.partial(but_with, ACCEPT_SOLUTION)

ACCEPT = Exercise(
    name="06-accept",
    function="accept",
    idea="A verifier says what it demands: key, algorithm, issuer, audience, names, times, a longest life.",
    stub="""
def accept(token, key):
    ...
""",
    given=GIVEN,
    solution=ACCEPT_SOLUTION,
    also_right=(
        """
def accept(token, key):
    try:
        parts = jwt.PyJWT(options={"require": ["sub", "jti", "iat", "exp", "iss", "aud"]}).decode_complete(
            token.encode("ascii"), key, ["HS256"], leeway=30, issuer=["https://login.example"], audience=["https://shop.example"]
        )
        life = parts["payload"]["exp"] - parts["payload"]["iat"]
    except Exception:
        return None
    if life > 60 * 60 or any(type(parts["payload"][name]) is bool for name in ("iat", "exp")):
        return None
    return parts["payload"]
""",
    ),
    wrong=(
        Wrong("no algorithms", accept('algorithms=["HS256"], ', ""), "PyJWT wants a list"),
        Wrong("every HMAC", accept('["HS256"]', '["HS256", "HS384", "HS512"]'), "One key, one algorithm"),
        Wrong("the signature is not asked for", accept('options={', 'options={"verify_signature": False, '), "switches off"),
        Wrong("issuer forgotten", accept('issuer="https://login.example", ', ""), "`issuer=`"),
        Wrong("audience forgotten", accept(', audience="https://shop.example"', ""), "`audience=`"),
        Wrong("the bank's name beside its own", accept('="https://shop.example"', '=["https://bank.example", "https://shop.example"]'), "the bank"),
        Wrong("leeway forgotten", accept("leeway=30, ", ""), "30 seconds"),
        Wrong("a leeway of an hour", accept("leeway=30", "leeway=3600"), "30 seconds"),
        Wrong("exp not required", accept('"iat", "exp"]', '"iat"]'), "`require`"),
        Wrong("jti not required", accept('"jti", ', ""), "`require`"),
        Wrong("no longest life", accept('return claims if claims["exp"] - claims["iat"] <= 3600 else None', "return claims"), "milliseconds"),
        Wrong("the end is measured from now", accept('claims["exp"] - claims["iat"] <= 3600', 'claims["exp"] <= time.time() + 86400'), "two hours"),
        Wrong(
            "calculating with text",
            accept('    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])):\n        return None\n', ""),
            "is_numeric_date",
        ),
        Wrong("the article's two exceptions", accept("InvalidTokenError, UnicodeEncodeError", "ExpiredSignatureError, jwt.DecodeError"), "one parent"),
        Wrong("bytes beyond ASCII", accept("(jwt.InvalidTokenError, UnicodeEncodeError)", "jwt.InvalidTokenError"), "`UnicodeEncodeError`"),
        Wrong("True instead of the claims", accept("return claims if", "return True if"), "the claims"),
        Wrong("nothing passes", accept('claims["exp"] - claims["iat"] <= 3600', "False"), "good token"),
    ),
    hints=(
        "Most of the list is arguments of `jwt.decode`; each point of the task is one of them. What is left over is what PyJWT lets through.",
        "`algorithms`, `issuer`, `audience`, `leeway`, `options={'require': [...]}`; one `except` for the parent of all refusals; then the two times.",
        "`jwt.decode(token, key, algorithms=['HS256'], issuer=…, audience=…, leeway=30, options={'require': ['sub', 'jti', 'iat', 'exp']})` in a `try`, "
        "`except (jwt.InvalidTokenError, UnicodeEncodeError): return None`; then `is_numeric_date` for `iat` and `exp`, and `exp - iat <= 3600`.",
    ),
    cases=(
        takes(
            "a good token", full,
            "The good token is to be accepted, and you return None. A token that names an audience is refused where no `audience=` is given; "
            "if that is not it, print what `jwt.decode` raises.",
            Mistake(returned(lambda value: value is True), "Return the claims: whoever asked wants to know whose token it is."),
            Mistake(no_algorithms, ALGORITHMS),
        ),
        refuses("signed with another key", lambda bench: full(bench, key=new_key()), "`verify_signature: False` switches off all that a token is good for."),
        refuses("signed by HS512", lambda bench: full(bench, algorithm="HS512"), "One key, one algorithm (RFC 8725 §3.1): one name in `algorithms`."),
        refuses("not a token", lambda bench: "not-a-token", "What can't be read is refused like the rest."),
        refuses("from another issuer", lambda bench: full(bench, iss="https://evil.example"), "Who wrote it counts: `issuer=` makes PyJWT compare it."),
        refuses("no iss", lambda bench: full(bench, iss=None), "A token that does not say who wrote it is not from the login service."),
        refuses("for the bank", lambda bench: full(bench, aud="https://bank.example"), "A token for the bank is not for the shop: your own name, `audience=`."),
        refuses("no aud", lambda bench: full(bench, aud=None), "A token for nobody in particular is not for the shop."),
        *(lacks(name) for name in ("sub", "jti", "iat", "exp")),
        takes("expired 15 s ago", lambda bench: full(bench, exp=seconds(bench, -15)), LEEWAY),
        takes("issued 15 s from now", lambda bench: full(bench, iat=seconds(bench, 15)), LEEWAY),
        refuses("expired 10 min ago", lambda bench: full(bench, iat=seconds(bench, -900), exp=seconds(bench, -600)), "The leeway is 30 seconds, no more."),
        refuses("good in an hour", lambda bench: full(bench, nbf=seconds(bench, 3600)), "It is not good yet."),
        refuses("sub is the number 1", lambda bench: full(bench, sub=1), "`sub` is a string."),
        refuses("exp in milliseconds", lambda bench: full(bench, exp=seconds(bench, 300) * 1000), "In milliseconds it never ends: an hour is the most."),
        refuses("a life of two hours", lambda bench: full(bench, exp=seconds(bench, 7200)), "It lives two hours. From `iat` to `exp` an hour is the most."),
        refuses("exp in quotes", lambda bench: full(bench, exp=str(seconds(bench, 300))), "PyJWT takes such digits for a number, `is_numeric_date` does not."),
        refuses("iat is true", lambda bench: full(bench, iat=True, exp=seconds(bench, 300)), "JSON's true is no time; `is_numeric_date` says so."),
        refuses("a byte beyond ASCII", lambda bench: full(bench) + "\udcff", "A token is ASCII."),
    ),
    mistakes=(
        Mistake(lambda trial: trial.error is not None and no_algorithms(trial), ALGORITHMS),
        Mistake(
            lambda trial: isinstance(trial.error, jwt.InvalidAudienceError) and "a good token" in trial.case.sent,  # type: ignore[union-attr]
            'The token names an audience, and PyJWT was not told that it is us: `audience="https://shop.example"`.',
        ),
        Mistake(raised(jwt.InvalidTokenError), "This refusal flew past your `except`. They all have one parent, `jwt.InvalidTokenError`; return None."),
        Mistake(raised(UnicodeEncodeError), "PyJWT raises `UnicodeEncodeError` for a byte beyond ASCII, which is no refusal of its own: catch it as well."),
        Mistake(raised(TypeError), "PyJWT accepted a time in quotes, and the subtraction fell over the text: ask `is_numeric_date` before you calculate."),
    ),
    learnt="The good token passes, and every other has one answer. This function is most of what a resource server does.",
)  # fmt: skip

EXERCISES = (LIVE, ACCEPT)
QUIZZES = (
    Quiz(
        "no-audience",
        'A token says `aud: shop`. A server calls `jwt.decode(token, key, algorithms=["HS256"])`, without `audience`. What happens?',
        {
            "a": "accepted: no audience was asked for, so none is checked",
            "b": "refused: the token is for somebody, and the server did not say that it is them",
            "c": "accepted, with a warning",
        },
        right="b",
        because="A token that names its audience must be refused by everybody who is not named (RFC 7519 §4.1.3). "
        "The mending is to say your name, `audience=`, not to switch the check off.",
        reasons={
            "a": "That is so for `iss`: no `issuer=`, no check. `aud` is the other way round, since it is the token that makes the demand.",
            "c": "There is no warning. A server that nobody told its name can't be the one the token is for.",
        },
    ),
    Quiz(
        "thirteen-digits",
        "`exp` is 1800000300000: milliseconds, where seconds belong. When does PyJWT refuse this token?",
        {
            "a": "at once: the number is too large",
            "b": "five minutes after it was issued",
            "c": "in about 57,000 years",
        },
        right="c",
        because="It is a number, and it lies ahead. Only a verifier that limits the lifetime, `exp - iat`, notices.",
        reasons={
            "a": "Too large for what? The standard knows seconds since 1970 and no upper limit.",
            "b": "Nothing tells PyJWT that these are milliseconds. It reads seconds, a thousand times as many.",
        },
    ),
    Quiz(
        "three-faults",
        "A token is signed with another key, it is expired, and its `sub` is a number. Which exception does PyJWT raise?",
        {"a": "InvalidSubjectError", "b": "ExpiredSignatureError", "c": "InvalidSignatureError"},
        right="c",
        because="The signature comes first. Before it holds, the claims are text that somebody sent, and what they say of time or subject is worth nothing.",
        reasons={
            "a": "To complain about `sub` PyJWT would have to take the claims seriously. It does not before the signature holds.",
            "b": "The name misleads: the token expires, not its signature. And `exp` is a claim, read after the signature has held.",
        },
    ),
)
