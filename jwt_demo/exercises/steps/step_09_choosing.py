"""09: which of the server's keys may verify a token."""

from __future__ import annotations

from typing import Any

import jwt

from ..matchers import raised, same
from ..model import Case, Exercise, Mistake, Trial, Want
from ..symbols import (
    Symbols,
    filled,
    given,
    longer,
    near,
    other_case,
    preceded,
    shorter,
    shown,
    text,
)
from .step_09_keys import EC, K1, K2, OKP, RSA, SECOND

CHOOSE = """
def choose_key(header, jwks):
    kid = header.get("kid")
    named = [jwk for jwk in jwks if isinstance(kid, str) and jwk.get("kid") == kid]
    if len(named) != 1:
        return None
    (jwk,) = named
    if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or jwk["alg"] != header.get("alg"):
        return None
    return jwk
"""


def is_key(wanted: dict[str, Any]) -> Want:
    """This JWK, as a dict or as an object of PyJWT."""

    def holds(trial: Trial) -> bool:
        jwk = filled(wanted, trial.bench)
        if not isinstance(trial.value, jwt.PyJWK):
            return same(trial.value, jwk)
        numbers = trial.value.Algorithm.to_jwk(trial.value.key, as_dict=True)
        return all(numbers.get(name) == jwk.get(name) for name in ("kty", "x", "y", "n"))

    return Want(name_of(wanted), holds, shown)


NO_KEY = Want("None", lambda trial: trial.value is None, shown)


def name_of(jwk: dict[str, Any]) -> str:
    """A JWK in a few words, for a list of several."""
    use = jwk.get("use")
    extra = "" if use == "sig" else f", use {use or repr('')}" if "use" in jwk else ", no use"
    kty = "another EC" if jwk["x" if "x" in jwk else "n"] is SECOND["x"] else jwk["kty"]
    return f"{kty} {jwk.get('kid', 'no kid')}: {jwk.get('alg', 'no alg')}{extra}"


def chosen(
    header: dict[str, Any],
    jwks: list[dict[str, Any]],
    wanted: dict[str, Any] | None,
    means: str,
    *mistakes: Mistake,
) -> Case:
    said = ", ".join(f"{name!r}: {short(value)}" for name, value in header.items())
    return Case(
        f"choose_key({{{said}}}, [{', '.join(map(name_of, jwks))}])",
        given(header, jwks),
        (NO_KEY if wanted is None else is_key(wanted),),
        means,
        (*mistakes, *([] if wanted is None else [OURS_CHANGED]), RAISES),
    )


def ours_changed(trial: Trial) -> bool:
    """Whether a key of the list that was given came back, and is not as it was."""
    return any(
        trial.value is jwk and not same(jwk, before)
        for jwk, before in zip(trial.args[1], trial.before[1], strict=False)
    )


def short(value: Any) -> str:
    return "a key of its own" if isinstance(value, dict) and "kty" in value else repr(value)


def any_key(trial: Trial) -> bool:
    return isinstance(trial.value, dict | jwt.PyJWK)


def another_key(trial: Trial) -> bool:
    """A key of the list came back, and not the one that `K2` stands for."""
    return trial.value in [jwk for jwk in trial.before[1] if jwk["kid"] != filled(K2, trial.bench)]


OURS_CHANGED = Mistake(
    ours_changed,
    "This key is of our list, and your function changed it. Return it as it is: `get` reads a value, but `setdefault` and `pop` change the dict.",
)
RAISES = Mistake(
    lambda trial: (
        raised(KeyError, IndexError, StopIteration, TypeError, AttributeError)(trial)
        and trial.wanted is NO_KEY
    ),
    "Your code raised, which becomes a 500. In a header any name may be missing, and a value may have any type. In a key a name may be missing too. Here no key matches: return None.",
)
NOT_MENTIONED = "The header has no `kid`, so it names no key: None, whatever is in the list. First check that `kid` is a text."
OTHER_NAME = (
    "This is nearly the name of a key, and no key has it. Compare the whole name with `==`."
)
OTHER_ALGORITHM = "The key is for another algorithm than the header says. Compare the two with `==`: an algorithm belongs to a key."
HMAC = "The key is for another algorithm than the header says, and your function returned it. In this way a public key is used as a secret for HMAC."
RS = {"alg": "RS256", "kid": K2}
ES = {"alg": "ES256", "kid": K1}
MINE = text("MINE")
THEIRS = {**SECOND, "kid": MINE}
NAMELESS = {**EC, "kid": None}
UNNAMED_ALGORITHM = {**EC, "alg": None}


def without(jwk: dict[str, Any], left_out: str) -> dict[str, Any]:
    return {name: value for name, value in jwk.items() if name != left_out}


USE_NOT_SAID = without(EC, "use")
ONE_KEY = "No key has this name. That the list has one key only is no reason to take it."
NO_TEXT = "This `kid` is no text, and no key has it (RFC 7515 §4.1.4). A header can contain any JSON value."
NO_TEXT_ALG = "This `alg` is no text, and no key has it (RFC 7515 §4.1.1). A header can contain any JSON value."
TWO = "Two keys have the `kid` of the header: None."

CHOOSE_KEY = Exercise(
    name="09-choose-key",
    function="choose_key",
    idea="The header may name a key. The server decides which keys exist, and what each of them is for.",
    stub="""
def choose_key(header, jwks):
    # header: what the token says; jwks: our own list
    # return the one JWK that may verify the token, or None
    ...
""",
    solution=CHOOSE,
    bench=Symbols.make,
    hints=(
        "An attacker may have written the header. Which of its values chooses a key, and which must only be the same as in the key?",
        "`kid` chooses among your keys: exactly one, or none. Then look at the `alg` and the `use` of this key. The `alg` of the header must be the same.",
        'First `named = [jwk for jwk in jwks if jwk.get("kid") is not None and jwk["kid"] == header.get("kid")]`. None when `len(named) != 1`. '
        'Then, for that one, None if it has a `use` other than `"sig"`, and None if its `alg` is missing or is not `header.get("alg")`.',
    ),
    cases=(
        chosen(
            RS,
            [EC, RSA],
            RSA,
            "The header names the second key, and says the algorithm that it is for.",
            Mistake(
                another_key,
                "That is another key than the header names; it can't verify this signature.",
            ),
            Mistake(
                any_key,
                "This is none of the keys as they are in the list. Return one of them, unchanged.",
            ),
        ),
        chosen(ES, [EC, RSA, OKP], EC, "The header names the first key."),
        chosen(
            {"alg": "ES256", "kid": text("NOBODY")},
            [EC, RSA],
            None,
            "No key has this name.",
        ),
        chosen(ES, [], None, "The list has no key at all."),
        *(
            chosen({"alg": "RS256", "kid": kid}, [EC, RSA], None, OTHER_NAME)
            for kid in (
                shorter(K2),
                longer(K2),
                preceded(K2),
                other_case(K2),
                near("K2 + ' '", K2, "{} ".format),
            )
        ),
        chosen({"alg": "RS256", "kid": ""}, [EC, RSA], None, "No key has an empty name."),
        chosen(
            {"alg": "RS256", "kid": 5},
            [EC, {**RSA, "kid": "5"}],
            None,
            "5 is a number, and the name of the key is a text. A `kid` is a text (RFC 7515 §4.1.4).",
        ),
        *(
            chosen(
                {"alg": algorithm, "kid": K2},
                [EC, RSA],
                None,
                OTHER_ALGORITHM,
                Mistake(any_key, HMAC if algorithm.startswith("HS") else OTHER_ALGORITHM),
            )
            for algorithm in (
                "HS256",
                "HS512",
                "RS384",
                "RS512",
                "PS256",
                "ES256",
                "none",
                "rs256",
                "RS",
                "S256",
                "RS256x",
                "xRS256",
                "",
            )
        ),
        chosen(
            {"kid": K2},
            [EC, RSA],
            None,
            "The header has no `alg`, so no key matches.",
        ),
        chosen(
            {"kid": K1},
            [UNNAMED_ALGORITHM, RSA],
            None,
            "The header has no `alg`, and the key has none either. They do not match: first check that there is an `alg`.",
        ),
        chosen(
            ES,
            [EC, RSA, SECOND],
            None,
            "Two keys have this name.",
            Mistake(
                any_key,
                "Two keys have this name, and the header does not say which of the two is meant: None.",
            ),
        ),
        *(
            chosen(
                ES,
                jwks,
                None,
                "Two keys have this name, each for another algorithm: None. The header does not choose between them.",
            )
            for jwks in ([EC, {**RSA, "kid": K1}], [{**RSA, "kid": K1}, EC])
        ),
        chosen(
            ES,
            [UNNAMED_ALGORITHM, RSA],
            None,
            "The key has no `alg`. A missing `alg` matches nothing, whatever the header says.",
        ),
        chosen(
            ES,
            [without(EC, "alg"), RSA],
            None,
            "The key has no `alg`. A missing `alg` matches nothing, whatever the header says.",
        ),
        chosen(
            ES,
            [{**EC, "use": "enc"}, RSA],
            None,
            "Its `use` is `enc`: this key is for encryption (RFC 7517 §4.2).",
        ),
        *(
            chosen(
                ES,
                [{**EC, "use": use}, RSA],
                None,
                "Its `use` is another word than `sig`, so it verifies no token (RFC 7517 §4.2). Only a key with `sig`, or with no `use` at all, does.",
            )
            for use in ("SIG", "sign", "si", "wrap", "sig ", "")
        ),
        chosen(
            ES,
            [USE_NOT_SAID, RSA],
            USE_NOT_SAID,
            "This key has no `use`. `use` is optional (RFC 7517 §4.2): a key without `use` may verify.",
        ),
        chosen(
            {"alg": "ES256", "kid": MINE, "jwk": THEIRS},
            [EC, RSA],
            None,
            "A key in the header is the attacker's.",
            Mistake(
                any_key,
                "The token brought its own key, and your function returned a key. None of your keys has this name: with a key from the header, anybody could sign (RFC 8725 §3.10).",
            ),
        ),
        chosen(
            {**ES, "jwk": {**THEIRS, "kid": K1}},
            [EC, RSA],
            EC,
            "The header names your key and brings one of its own. Only your list counts.",
        ),
        chosen({"alg": "ES256"}, [EC], None, NOT_MENTIONED),
        chosen({"alg": "ES256"}, [EC, RSA], None, NOT_MENTIONED),
        chosen({"alg": "ES256"}, [NAMELESS, RSA], None, NOT_MENTIONED),
        chosen(
            {"alg": "ES256", "kid": "None"},
            [NAMELESS, RSA],
            None,
            "`None` is a text here, and no key is called so.",
        ),
        *(
            chosen({"alg": "ES256", "kid": kid}, [EC], None, ONE_KEY, Mistake(any_key, ONE_KEY))
            for kid in (text("NOBODY"), "")
        ),
        *(
            chosen({"alg": "ES256", "kid": kid}, [EC, RSA], None, NO_TEXT)
            for kid in ([K1], {}, {"kid": K1}, True, None)
        ),
        *(
            chosen({"alg": algorithm, "kid": K1}, [EC, RSA], None, NO_TEXT_ALG)
            for algorithm in (["ES256"], {}, {"ES256": 1}, True, None)
        ),
        *(
            chosen(
                RS,
                [without(EC, name), RSA],
                RSA,
                f"The first key has no `{name}`. It is not the key that the header names, so that does not matter.",
            )
            for name in ("kid", "alg", "use")
        ),
        chosen(
            RS,
            [{**EC, "use": "enc"}, RSA],
            RSA,
            "The first key is for encryption. It is not the key that the header names, so that does not matter.",
        ),
        chosen(
            RS,
            [EC, SECOND, RSA],
            RSA,
            "Two other keys have one name. One key has the name in the header, so it is that one.",
        ),
        *(
            chosen(ES, jwks, None, f"{TWO} {why}", Mistake(any_key, f"{TWO} {why}"))
            for second, why in (
                ({**SECOND, "use": "enc"}, "It does not matter that one is for encryption."),
                (without(SECOND, "alg"), "It does not matter that one does not say its algorithm."),
                (
                    {**SECOND, "alg": "ES384"},
                    "It does not matter that one is for another algorithm.",
                ),
            )
            for jwks in ([EC, second], [second, EC], [RSA, second, EC])
        ),
    ),
    learnt="The header names a key, and the server decides. `kid`, `alg` and `use` must all match.",
)

EXERCISES = (CHOOSE_KEY,)
