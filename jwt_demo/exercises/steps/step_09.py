"""09: what of a key may be published; quizzes on what the two halves can do."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from ..matchers import raised, returned, same
from ..model import Case, Condition, Exercise, Mistake, Quiz, Trial, Want
from ..symbols import Symbol, Symbols, filled, given, text
from ..symbols import shown as as_symbols
from .step_09_keys import EC, EC_BARE, EC_MEMBERS, OKP, OKP_MEMBERS, RSA, RSA_MEMBERS, labels

PUBLIC = """
PUBLIC_MEMBERS = {"kty", "crv", "x", "y", "n", "e", "kid", "use", "alg"}


def public_jwk(jwk):
    if jwk.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    return {name: value for name, value in jwk.items() if name in PUBLIC_MEMBERS}
"""
SECRETS = tuple(name for name in RSA_MEMBERS if name not in ("n", "e"))
SECRET = Symbol("SECRET", lambda bench: f"member_{secrets.token_hex(4)}")
# Nobody knows these, so nobody knows whether they are secret. Some begin like public members, some are a part of one.
UNKNOWN = (
    "d2",
    "oth",
    *SECRETS[1:],
    "k",
    "s",
    "ty",
    "xd",
    "yd",
    "nd",
    "ed",
    "kd",
    "used",
    "algd",
    "X",
    "KID",
)


def publishes(wanted: dict[str, Any]) -> Want:
    """The public members; a library may add that the key is for verifying."""

    def holds(trial: Trial) -> bool:
        found = members(trial)
        if found.get("key_ops") == ["verify"]:
            found = {name: value for name, value in found.items() if name != "key_ops"}
        return same(found, filled(wanted, trial.bench))

    return Want(repr(wanted), holds, as_symbols)


def members(trial: Trial) -> Mapping[str, Any]:
    return trial.value if isinstance(trial.value, Mapping) else {}


def shown(
    what: str, jwk: dict[Any, Any], wanted: dict[str, Any], means: str, *mistakes: Mistake
) -> Case:
    lost = Mistake(
        lambda trial: members(trial) and not set(filled(wanted, trial.bench)) <= set(trial.value),
        "A public name is missing. Without it the key cannot be used, or cannot be found.",
    )
    return Case(
        f"public_jwk({what})",
        given(jwk),
        (publishes(wanted),),
        means,
        (*mistakes, ABSENT, NO_DICT, lost, INVENTED, NOT_SECRET),
    )


def has(*names: str) -> Condition:
    return lambda trial: any(name in members(trial) for name in names)


def has_unknown(trial: Trial) -> bool:
    return bool(has(*UNKNOWN, filled(SECRET, trial.bench))(trial))


D_SHOWN = Mistake(
    has("d"), "`d` is the private part. Everybody who reads the set can sign with it."
)
INVENTED = Mistake(
    lambda trial: any(name not in trial.args[0] for name in members(trial)),
    "Your function added names that the given key does not have.",
)
NOT_SECRET = Mistake(
    returned(lambda value: value is None),
    "None is for secrets, kty `oct`. This key has a public part.",
)
ABSENT = Mistake(
    raised(KeyError),
    "Your code looked up a name that is not there. Not every key has the same names: publish those that this key has, and add nothing for the others.",
)
NO_DICT = Mistake(
    returned(lambda value: value is not None and not isinstance(value, Mapping)),
    "A JWK is a dict: return a dict.",
)
KEY_OPS = "`key_ops` says what the private key may do, and `ext` whether a browser may export it. Neither was among the names of the public keys in the lesson."
UNKNOWN_SHOWN = "A name that is not on the list of public names was published. Make a list of what is public, not of what is secret."

PUBLIC_JWK = Exercise(
    name="09-public-jwk",
    function="public_jwk",
    idea="Everyone may see the public part of a key. Only the owner of the key may see the private part. A secret has no public part.",
    stub="""
def public_jwk(jwk):
    # jwk: a dict with a private key
    # return a new dict with what may be published, or None for a secret
    ...
""",
    solution=PUBLIC,
    bench=Symbols.make,
    hints=(
        "List what may be published, not what must stay secret: the next kind of key has a secret name that you do not know.",
        "Public are `kty`, the numbers `n` and `e` or `crv`, `x` and `y`, and the labels `kid`, `use`, `alg`. An `oct` key has no public part.",
        'None when `jwk["kty"] == "oct"`. Otherwise the entries whose name is in `("kty", "crv", "x", "y", "n", "e", "kid", "use", "alg")`.',
    ),
    cases=(
        shown(
            "an EC key with its d",
            {**EC, "d": EC_MEMBERS["d"]},
            EC,
            "Return the public names of the key, with their values.",
            D_SHOWN,
        ),
        shown(
            "an RSA key with all its numbers",
            {**RSA, **{name: RSA_MEMBERS[name] for name in SECRETS}},
            RSA,
            "An RSA key has six private names: d, p, q, dp, dq, qi. The rest is public.",
            D_SHOWN,
            Mistake(
                has(*SECRETS),
                "An RSA key has six private names: d, p, q, dp, dq, qi. From `p` and `q` anybody can compute `d`.",
            ),
        ),
        Case(
            "public_jwk(an oct key)",
            given({"kty": "oct", "k": text("SECRET KEY"), **labels(text("K4"), "HS256")}),
            (Want("None", lambda trial: trial.value is None, as_symbols),),
            "An `oct` key is a secret for HMAC. It has no public part: None.",
        ),
        shown(
            "an OKP key (Ed25519) with its d",
            {**OKP, "d": OKP_MEMBERS["d"]},
            OKP,
            "An OKP key has `crv` and `x` (RFC 8037 §2). `d` is its private part.",
            D_SHOWN,
            Mistake(
                returned(lambda value: value is None),
                "None is for secrets, and this is a pair: `crv` and `x` are public (RFC 8037 §2).",
            ),
        ),
        shown(
            "an EC key with names that nobody knows",
            {**EC, "d": EC_MEMBERS["d"], **dict.fromkeys(UNKNOWN, SECRET), SECRET: SECRET},
            EC,
            "Your code cannot know what other names mean. Do not publish them.",
            D_SHOWN,
            Mistake(has_unknown, UNKNOWN_SHOWN),
        ),
        shown(
            "an EC key without kid, use and alg",
            {**EC_BARE, "d": EC_MEMBERS["d"]},
            EC_BARE,
            "`kid`, `use` and `alg` are optional (RFC 7517 §4): publish those that the key has, and add nothing for the others.",
            D_SHOWN,
        ),
        shown(
            "an EC key with key_ops and ext",
            {**EC, "d": EC_MEMBERS["d"], "key_ops": ["sign"], "ext": True},
            EC,
            KEY_OPS,
            D_SHOWN,
            Mistake(has("key_ops", "ext"), KEY_OPS),
        ),
        shown(
            "the d alone, in front of the other names",
            {"d": OKP_MEMBERS["d"], **OKP},
            OKP,
            "The names in a JWK have no order.",
            D_SHOWN,
        ),
    ),
    learnt="A list of what may be published stays right when new kinds of keys come. A list of what is secret does not.",
)

EXERCISES = (PUBLIC_JWK,)

QUIZZES = (
    Quiz(
        "who-verifies",
        "An issuer signs with its private key and publishes the public one. A stranger fetches it. What can the stranger do?",
        {
            "a": "verify every token of this issuer",
            "b": "sign tokens for the issuer's users",
            "c": "nothing: only servers that the issuer knows can use its keys",
        },
        right="a",
        because="The public key verifies and cannot sign. That is why it may be published.",
        reasons={
            "b": "Signing needs the private key, and nobody can compute it from the public key.",
            "c": "The address is public, and the issuer does not ask who fetches the keys. They are meant for everybody.",
        },
    ),
    Quiz(
        "stolen-key",
        "A private key was stolen an hour ago. The issuer promotes a new one at once. Are forged tokens of the old key rejected now?",
        {
            "a": "yes: the new key signs",
            "b": "no: the old key must be withdrawn, and the caches must fetch the keys again",
            "c": "yes, after the five minutes of a token",
        },
        right="b",
        because="As long as the old key is published or cached, it verifies. After a theft, withdraw it at once; all users log in again.",
        reasons={
            "a": "Promoting decides which key signs from now on. The old key still verifies until it is withdrawn.",
            "c": "The attacker chooses the times in a forged token, and can make a new one at any time.",
        },
    ),
)
