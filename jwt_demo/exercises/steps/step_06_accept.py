"""06: which tokens a service accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt

from ...stages.parts.secret_key import new_key
from ...tokens.anatomy import Token, TokenError
from ..fixtures import Bench
from ..matchers import raised, returned, same
from ..model import Call, Case, Exercise, From, Mistake, Trial, Want
from ..shapes import result_of
from .step_06 import GIVEN

ISSUER, SHOP, BANK = "https://login.example", "https://shop.example", "https://bank.example"
KEY, OTHER_KEY = From(lambda bench: bench.key), From(lambda bench: bench.other_key)


class Shop(Bench):
    """A bench with a second key, and one token that is sent more than once."""

    def __init__(self) -> None:
        super().__init__()
        self.other_key = new_key()
        self.once = full(self)


def full(bench: Any, **changed: Any) -> str:
    """A token as the login service writes it for the shop, with these claims changed; None leaves one out."""
    usual = {"iss": ISSUER, "aud": SHOP, "jti": new_key()[:12]}
    return str(bench.sign(**{**usual, **changed}))


def with_claims(**changed: Any) -> Callable[[Any], str]:
    """The same, where a function of the bench may stand for a value."""

    def make(bench: Any) -> str:
        return full(
            bench,
            **{name: value(bench) if callable(value) else value for name, value in changed.items()},
        )

    return make


def after(seconds: int) -> Callable[[Any], int]:
    """So many seconds after the start of the check."""
    return lambda bench: int(bench.now.timestamp()) + seconds


def in_quotes(seconds: int) -> Callable[[Any], str]:
    return lambda bench: str(after(seconds)(bench))


def half_a_second_after(seconds: int) -> Callable[[Any], float]:
    return lambda bench: after(seconds)(bench) + 0.5


def rejects_for_typ(trial: Trial) -> bool:
    """Whether the same token is accepted as soon as its header says what a token of a login service often says."""
    bench = trial.bench
    claims = Token.parse(trial.args[0]).claims
    for typ in ("at+jwt", "application/at+jwt"):
        token = jwt.encode(claims or {}, bench.key, algorithm="HS256", headers={"typ": typ})
        if same(result_of(trial.candidate(token, bench.key)), claims):
            return True
    return False


def no_algorithms(trial: Trial) -> bool:
    return any(algorithms is None for _, algorithms in trial.bench.decodes)


def members(found: Any) -> str:
    """What came back instead of the claims, without values that differ in each run."""
    if isinstance(found, dict):
        return f"a dictionary with the members {', '.join(map(str, found))}"
    return (
        f"{found!r}"
        if found in (None, True, False)
        else f"an object of class {type(found).__name__}"
    )


def takes(
    what: str, make: Callable[[Any], str], means: str, *mistakes: Mistake, key: From = KEY
) -> Case:
    def holds(trial: Trial) -> bool:
        return same(trial.value, Token.parse(trial.args[0]).claims)

    rejected = Mistake(returned(lambda value: value is None), means)
    other = Mistake(
        returned(lambda value: True),
        "Return the claims, all of them as they stand in the token, and nothing else.",
    )
    wants = (Want("its claims", holds, lambda trial: members(trial.value)),)
    return Case(
        f"accept({what})", Call(From(make), key), wants, means, (*mistakes, rejected, other)
    )


def rejects(
    what: str, make: Callable[[Any], str], means: str, *mistakes: Mistake, key: From = KEY
) -> Case:
    nothing = Want("None", lambda trial: trial.value is None, lambda trial: members(trial.value))
    text = Mistake(lambda trial: trial.error is None and not are_claims(trial), NONE)
    return Case(f"accept({what})", Call(From(make), key), (nothing,), means, (*mistakes, text))


def is_rejected(trial: Trial) -> bool:
    """Whether the case is about a token that must be rejected."""
    return trial.is_about("None")


def are_claims(trial: Trial) -> bool:
    try:
        return same(trial.value, Token.parse(trial.args[0]).claims)
    except TokenError:
        return False


def unsigned(bench: Any) -> str:
    claims = Token.parse(full(bench)).claims
    return jwt.encode(claims or {}, "", algorithm="none")


def lacks(name: str) -> Case:
    means = f"`{name}` must be there: name it in `require`. Without that, PyJWT accepts a token that lacks it."
    return rejects(
        f"no {name}", with_claims(**{name: None}), means, Mistake(raised(KeyError), means)
    )


NONE = "For a token that is not accepted, return None. Why it is not is for your own log."
ALGORITHMS = 'PyJWT wants a list of what it may accept, `algorithms=["HS256"]`: the token\'s own header must not choose.'
ONE_ALGORITHM = "One key, one algorithm (RFC 8725 §3.1): `algorithms` is a list with one name, and your code writes it, not the header."
LEEWAY = "The task asks for a leeway of exactly 30 seconds."
LIFE = "From `iat` to `exp` an hour is the most, 3600 seconds. It does not matter how much of it is left now."
AN_HOUR = "From `iat` to `exp` it is exactly an hour, 3600 seconds, and so much is accepted: return the claims."
OVER_AN_HOUR = "From `iat` to `exp` it is 3601 seconds. At most 3600 are allowed. The leeway and the time of the check do not matter here."
WHOLE = "Compare the whole of it: `{}=` makes PyJWT do that."
DIGITS = "PyJWT takes digits in quotes for a number, `is_numeric_date` does not: ask it for `iat` and `exp`."
FRACTION = "A time may be any number of seconds, here with half a second (RFC 7519 §2). `is_numeric_date` accepts that: return the claims."
TYP = "Your function rejects this token for the `typ` in its header: with `at+jwt` there it accepts the same token. Accept any `typ`."
ANOTHER_KEY = "This token was accepted with its own key. This call brings another key, which did not sign it: verify each token with the key of the call."
NOT_UTF8 = "A byte that is not UTF-8 arrives as such a character, and PyJWT raises `UnicodeEncodeError`. That is no `InvalidTokenError`: catch it too, and return None."
NEAR_ISSUERS = ("https://login.example.evil.example", "https://login.example/", "http://login.example", "login.example", "https://LOGIN.example", "https://evil.example/?https://login.example")  # fmt: skip
NEAR_SHOPS = (f"{SHOP}/", "https://shop.example.evil.example", "https://shop.exampl", "shop.example", "https://SHOP.example")  # fmt: skip

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
    life = claims["exp"] - claims["iat"]
    if not 0 < life <= 3600:
        return None
    return claims
"""

ACCEPT = Exercise(
    name="06-accept",
    function="accept",
    idea="A verifier states its requirements: key, algorithm, issuer, audience, claims, times, and a longest lifetime.",
    stub="""
def accept(token, key):
    ...
""",
    given=GIVEN,
    solution=ACCEPT_SOLUTION,
    bench=Shop.make,
    hints=(
        "Most of the list is arguments of `jwt.decode`; each point of the task is one of them. What is left over is what PyJWT does not check.",
        "`algorithms`, `issuer`, `audience`, `leeway` and `options` are arguments of `jwt.decode`. Nearly all its rejections have one parent, `jwt.InvalidTokenError`; the other is `UnicodeEncodeError`. Then look at the two times.",
        'In a `try`: `claims = jwt.decode(token, key, algorithms=["HS256"], issuer="https://login.example", audience="https://shop.example", leeway=30, '
        'options={"require": ["sub", "jti", "iat", "exp"]})`, and None for `(jwt.InvalidTokenError, UnicodeEncodeError)`. '
        'Then the claims if `is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"]) and 0 < claims["exp"] - claims["iat"] <= 3600`.',
    ),
    cases=(
        takes(
            "a good token", lambda bench: bench.once,
            "This token has everything that the task demands, and you return None. `jwt.decode` needs the names of both, as `issuer=` and as `audience=`. "
            "Print what it raises. If it raises nothing, a check of your own demands more than the task.",
            Mistake(returned(lambda value: value is True), "Return the claims: the caller wants to know whose token it is."),
            Mistake(lambda trial: trial.value is None and no_algorithms(trial), ALGORITHMS),
            Mistake(lambda trial: trial.error is None and trial.value is None and rejects_for_typ(trial), TYP),
        ),
        rejects("signed with another key", with_claims(key=lambda bench: new_key()), "The signature was made with another key: it must be verified with yours."),
        *(rejects(f"signed by {name} with this key", with_claims(algorithm=name), ONE_ALGORITHM) for name in ("HS512", "HS384")),
        rejects(
            "alg none, no signature", unsigned, ONE_ALGORITHM,
            Mistake(raised(jwt.InvalidKeyError), f"PyJWT raised InvalidKeyError: `algorithms` allows what the token says. {ONE_ALGORITHM}"),
        ),
        rejects("not a token", lambda bench: "not-a-token", "A text that cannot be read is rejected too."),
        rejects("", lambda bench: "", "An empty text is no token."),
        rejects("the first good token, with another key", lambda bench: bench.once, ANOTHER_KEY, Mistake(are_claims, ANOTHER_KEY), key=OTHER_KEY),
        takes("a good token of this other key, with this key", lambda bench: full(bench, key=bench.other_key), "The key of this call has signed this token. The key is an argument: a call may bring another one.", key=OTHER_KEY),
        takes("the first good token, with its own key again", lambda bench: bench.once, "It was accepted before. What came in between must not change that."),
        rejects("from another issuer", with_claims(iss="https://evil.example"), "`iss` says who issued it: `issuer=` makes PyJWT compare it."),
        rejects("from the shop itself", with_claims(iss=SHOP), "The shop is the audience, not the issuer: only the login service issues tokens. Give its name alone as `issuer=`."),
        *(rejects(f"from {issuer}", with_claims(iss=issuer), f"This looks like the issuer, but it is another one. {WHOLE.format('issuer')}") for issuer in NEAR_ISSUERS),
        rejects("no iss", with_claims(iss=None), "A token that does not say who issued it is not from the login service: give `issuer=`, and PyJWT requires the claim."),
        rejects("for the bank", with_claims(aud=BANK), "A token for the bank is not for the shop: give the shop's name alone as `audience=`."),
        *(rejects(f"for {audience}", with_claims(aud=audience), f"This looks like the shop, but it is another audience. {WHOLE.format('audience')}") for audience in NEAR_SHOPS),
        rejects("no aud", with_claims(aud=None), "A token without `aud` is not for the shop: give `audience=`, and PyJWT requires the claim."),
        takes("for the bank and the shop", with_claims(aud=[BANK, SHOP]), "`aud` may be a list; the shop is in it (RFC 7519 §4.1.3)."),
        *(lacks(name) for name in ("sub", "jti", "iat", "exp")),
        takes("expired 15 s ago", with_claims(iat=after(-300), exp=after(-15)), LEEWAY),
        takes("issued 15 s from now", with_claims(iat=after(15), exp=after(315)), LEEWAY),
        rejects("expired 10 min ago", with_claims(iat=after(-900), exp=after(-600)), "It expired 10 minutes ago, and the leeway is 30 seconds."),
        rejects("expired 45 s ago", with_claims(iat=after(-300), exp=after(-45)), "It expired 45 seconds ago, and the leeway is 30 seconds."),
        rejects("good in 45 s", with_claims(nbf=after(45)), "Its `nbf` is 45 seconds ahead, and the leeway is 30 seconds."),
        rejects("good in an hour", with_claims(nbf=after(3600)), "It is not valid yet: its `nbf` is an hour ahead, and the leeway is 30 seconds."),
        rejects("sub is the number 1", with_claims(sub=1), "`sub` is a text (RFC 7519 §4.1.2). PyJWT rejects a number unless that is switched off."),
        rejects("exp in milliseconds", with_claims(exp=lambda bench: after(300)(bench) * 1000), "This `exp` is in milliseconds, so it lies thousands of years ahead. From `iat` to `exp` an hour is the most: compare the two."),
        takes("a life of one hour", with_claims(iat=after(0), exp=after(3600)), AN_HOUR),
        takes("a life of one hour, just issued by a clock ahead", with_claims(iat=after(15), exp=after(3615)), LIFE),
        rejects("a life of an hour and a second", with_claims(iat=after(-5), exp=after(3596)), OVER_AN_HOUR),
        rejects("a life of 75 minutes, 50 of them over", with_claims(iat=after(-3000), exp=after(1500)), LIFE),
        rejects("a life of two hours", with_claims(exp=after(7200)), LIFE),
        *(
            takes(f"a good token, with half a second in its {what}", with_claims(iat=iat(-5), exp=exp(300)), FRACTION)
            for what, iat, exp in (
                ("iat", half_a_second_after, after), ("exp", after, half_a_second_after), ("iat and exp", half_a_second_after, half_a_second_after),
            )
        ),
        rejects("exp in quotes", with_claims(exp=in_quotes(300)), DIGITS),
        rejects("iat in quotes", with_claims(iat=in_quotes(-5)), DIGITS),
        rejects("both in quotes", with_claims(iat=in_quotes(-5), exp=in_quotes(300)), DIGITS),
        takes("another good token", with_claims(jti=lambda bench: new_key()), "This is another good token, with its own claims. What you accept must not depend on one token, or on the tokens before it."),
        rejects("a good token with '\\udcff' behind it", lambda bench: f"{full(bench)}\udcff", NOT_UTF8, Mistake(raised(UnicodeError), NOT_UTF8)),
    ),
    mistakes=(
        Mistake(lambda trial: trial.error is not None and no_algorithms(trial), ALGORITHMS),
        Mistake(
            lambda trial: isinstance(trial.error, jwt.InvalidAudienceError) and "a good token" in trial.sent,
            'The token names an audience, and `jwt.decode` was not given the same one: `audience="https://shop.example"`.',
        ),
        Mistake(
            lambda trial: raised(jwt.InvalidTokenError)(trial) and not is_rejected(trial),
            "This token is good, and PyJWT raised this for it. Compare the arguments of `jwt.decode` with the task.",
        ),
        Mistake(raised(jwt.InvalidTokenError), "PyJWT rejected this token by raising an exception, and your code did not catch it. All of them have one parent, `jwt.InvalidTokenError`: catch that, and return None."),
        Mistake(
            lambda trial: raised(TypeError)(trial) and "quotes" in trial.sent,
            "PyJWT accepted a time in quotes, and your code calculated with this text: ask `is_numeric_date` before you calculate.",
        ),
    ),
    learnt="The good tokens are accepted, and every other gets the same result. A server that only verifies tokens needs little more than this function.",
)  # fmt: skip

EXERCISES = (ACCEPT,)
