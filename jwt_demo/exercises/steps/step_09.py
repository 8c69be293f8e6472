"""09: what of a key may be shown, and which key may verify; a quiz on who can do what with which half."""

from __future__ import annotations

from typing import Any

from ..matchers import raised, returned, returns
from ..model import Call, Case, Exercise, Mistake, Quiz, Trial, Wrong, but_with

# The numbers are short, so that a case can be read; nothing here computes with them.
EC = {
    "kty": "EC",
    "crv": "P-256",
    "x": "eA",
    "y": "eQ",
    "kid": "2026",
    "use": "sig",
    "alg": "ES256",
}
RSA = {"kty": "RSA", "n": "bg", "e": "AQAB", "kid": "old", "use": "sig", "alg": "RS256"}
RSA_SECRETS = {"d": "ZA", "p": "cA", "q": "cQ", "dp": "ZHA", "dq": "ZHE", "qi": "cWk"}

# --- what may be shown -----------------------------------------------------------------------------------------------

PUBLIC = """
PUBLIC_MEMBERS = {"kty", "crv", "x", "y", "n", "e", "kid", "use", "alg"}


def public_jwk(jwk):
    if jwk.get("kty") not in ("RSA", "EC", "OKP"):
        return None
    return {name: value for name, value in jwk.items() if name in PUBLIC_MEMBERS}
"""


def shown(
    what: str, jwk: dict[str, Any], wanted: dict[str, Any] | None, means: str, *mistakes: Mistake
) -> Case:
    return Case(
        f"public_jwk({what})", Call(dict(jwk)), (returns(wanted),), means, mistakes=mistakes
    )


def has(*names: str) -> Any:
    return returned(lambda value: isinstance(value, dict) and any(name in value for name in names))


PUBLIC_JWK = Exercise(
    name="09-public-jwk",
    function="public_jwk",
    idea="The public half of a key may be shown to anybody; the private half and a secret to nobody.",
    stub="""
def public_jwk(jwk):
    # jwk: a dict with a private half; return a new dict with what may be published, None for a secret
    ...
""",
    solution=PUBLIC,
    also_right=(
        """
def public_jwk(jwk):
    members = {"EC": ["crv", "x", "y"], "OKP": ["crv", "x"], "RSA": ["n", "e"]}.get(jwk.get("kty"))
    if members is None:
        return None
    return {name: jwk[name] for name in ["kty", *members, "kid", "use", "alg"] if name in jwk}
""",
    ),
    wrong=(
        Wrong(
            "everything",
            "def public_jwk(jwk):\n    return dict(jwk)\n",
            "whoever fetches it can sign",
        ),
        Wrong(
            "only d goes",
            'def public_jwk(jwk):\n    return {k: v for k, v in jwk.items() if k != "d" and k != "k"}\n',
            "prime factors",
        ),
        Wrong(
            "secret shown",
            but_with(PUBLIC, '("RSA", "EC", "OKP")', '("RSA", "EC", "OKP", "oct")').replace(
                '"alg"}', '"alg", "k"}'
            ),
            "is all secret",
        ),
        Wrong(
            "secret without k",
            but_with(PUBLIC, '("RSA", "EC", "OKP")', '("RSA", "EC", "OKP", "oct")'),
            "is all secret",
        ),
        Wrong("name lost", but_with(PUBLIC, '"kid", "use", "alg"', ""), "no token can name it"),
        Wrong(
            "what else there is",
            'def public_jwk(jwk):\n    if jwk.get("kty") == "oct":\n        return None\n    secret = {"d", "p", "q", "dp", "dq", "qi"}\n'
            "    return {k: v for k, v in jwk.items() if k not in secret}\n",
            "a list of what may go out",
        ),
    ),
    hints=(
        "List what may go out, not what must stay: the next kind of key has a secret member you never heard of.",
        "Public are `kty`, the numbers `n` and `e` or `crv`, `x` and `y`, and the labels `kid`, `use`, `alg`. An `oct` key has no public half.",
        "if jwk['kty'] is not RSA, EC or OKP: return None; else a dict of the members that are in your list.",
    ),
    cases=(
        shown(
            "an EC key with its d",
            {**EC, "d": "ZA"},
            EC,
            "`d` is the private half: with it in the set, whoever fetches it can sign.",
            Mistake(has("d"), "`d` is the private half. In the set, whoever fetches it can sign."),
            Mistake(
                returned(lambda value: isinstance(value, dict) and "kid" not in value),
                "Without `kid` no token can name it, and without `alg` nobody knows what it is for.",
            ),
        ),
        shown(
            "an RSA key with all its numbers",
            {**RSA, **RSA_SECRETS},
            RSA,
            "An RSA key has six private members: d, p, q, dp, dq, qi.",
            Mistake(
                has(*RSA_SECRETS),
                "`p` and `q` are the prime factors of `n`: who has them computes `d` in a moment.",
            ),
        ),
        shown(
            "an oct key",
            {"kty": "oct", "k": "c2VjcmV0", "kid": "s", "alg": "HS256"},
            None,
            "A key for HMAC is all secret: nothing of it is published.",
            Mistake(
                returned(lambda value: isinstance(value, dict)),
                "An `oct` key is all secret; it has no public half to show.",
            ),
        ),
        shown(
            "an EC key with a member of tomorrow",
            {**EC, "d": "ZA", "d2": "c2VjcmV0"},
            EC,
            "What nobody knows stays in.",
            Mistake(
                has("d2"),
                "`d2` went out, and nobody knows what it is. Keep a list of what may go out, not of what must stay.",
            ),
        ),
    ),
    learnt="A list of what may be shown is right tomorrow, too; a list of what must be hidden is right until the next key.",
)

# --- which key may verify --------------------------------------------------------------------------------------------

CHOOSE = """
def choose_key(header, jwks):
    named = [jwk for jwk in jwks if isinstance(header.get("kid"), str) and jwk.get("kid") == header["kid"]]
    if len(named) != 1:
        return None
    (jwk,) = named
    if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or jwk["alg"] != header.get("alg"):
        return None
    return jwk
"""
JWKS = [EC, RSA]


def chosen(
    what: str,
    header: dict[str, Any],
    jwks: list[dict[str, Any]],
    wanted: dict[str, Any] | None,
    means: str,
    *mistakes: Mistake,
) -> Case:
    return Case(
        f"choose_key({header!r}, {what})",
        Call(header, jwks),
        (returns(wanted),),
        means,
        mistakes=mistakes,
    )


def any_key(trial: Trial) -> bool:
    return isinstance(trial.value, dict)


CHOOSE_KEY = Exercise(
    name="09-choose-key",
    function="choose_key",
    idea="The header may name a key; which keys there are, and what each is for, the server decides.",
    stub="""
def choose_key(header, jwks):
    # header: what the token says; jwks: our own list. Return the one JWK that may verify it, or None
    ...
""",
    solution=CHOOSE,
    also_right=(
        """
def choose_key(header, jwks):
    candidates = []
    for jwk in jwks:
        if jwk.get("kid") is not None and jwk["kid"] == header.get("kid"):
            candidates.append(jwk)
    if len(candidates) == 1 and candidates[0].get("alg") == header.get("alg", "") and candidates[0].get("use") in (None, "sig"):
        return candidates[0]
    return None
""",
    ),
    wrong=(
        Wrong(
            "the first one", "def choose_key(header, jwks):\n    return jwks[0]\n", "another key"
        ),
        Wrong(
            "raises for a stranger",
            'def choose_key(header, jwks):\n    return {jwk["kid"]: jwk for jwk in jwks}[header["kid"]]\n',
            "a stranger's kid",
        ),
        Wrong(
            "algorithm not compared",
            but_with(CHOOSE, ' or jwk["alg"] != header.get("alg")', ""),
            "an algorithm that the key is not for",
        ),
        Wrong(
            "two of one name",
            but_with(CHOOSE, "if len(named) != 1", "if not named").replace(
                "(jwk,) = named", "jwk = named[0]"
            ),
            "which of the two",
        ),
        Wrong(
            "for encryption",
            but_with(CHOOSE, 'jwk.get("use", "sig") != "sig" or ', ""),
            "for encryption",
        ),
        Wrong(
            "the token's own key",
            but_with(
                CHOOSE,
                "    named =",
                '    if "jwk" in header:\n        return header["jwk"]\n    named =',
            ),
            "brought its own key",
        ),
    ),
    hints=(
        "A stranger writes the header. Which of its words may choose, and which only must agree?",
        "`kid` chooses among your keys: exactly one, or none. Then the key says which algorithm and which use it has, and the header must agree.",
        "named = the JWKs whose kid is header.get('kid'); not exactly one: None; its use is not sig, or its alg is not header.get('alg'): None.",
    ),
    cases=(
        chosen(
            "[2026: ES256, old: RS256]",
            {"alg": "RS256", "kid": "old"},
            JWKS,
            RSA,
            "The key with the name that the header gives.",
            Mistake(
                returned(lambda value: value == EC),
                "That is another key than the header names; no signature of the right one will fit it.",
            ),
        ),
        chosen(
            "[2026: ES256, old: RS256]",
            {"alg": "ES256", "kid": "nobody"},
            JWKS,
            None,
            "Nobody here knows this name.",
            Mistake(
                raised(KeyError, StopIteration, IndexError),
                "It raised for a stranger's kid: that is a 500 for everybody who likes to send one.",
            ),
        ),
        chosen(
            "[2026: ES256, old: RS256]",
            {"alg": "HS256", "kid": "old"},
            JWKS,
            None,
            "HS256 with a public key is a forgery: that key is for RS256.",
            Mistake(
                any_key,
                "The header asks for an algorithm that the key is not for, and got the key: that is how a public key becomes a secret.",
            ),
        ),
        chosen(
            "[2026: ES256, 2026: ES256]",
            {"alg": "ES256", "kid": "2026"},
            [EC, {**EC, "x": "eDI"}],
            None,
            "Two keys have this name.",
            Mistake(
                any_key,
                "Two keys have this name, and nobody can say which of the two is meant. Neither.",
            ),
        ),
        chosen(
            "[2026: ES256, for encryption]",
            {"alg": "ES256", "kid": "2026"},
            [{**EC, "use": "enc"}],
            None,
            "Its `use` is `enc`.",
            Mistake(any_key, "This key is for encryption; its `use` says so (RFC 7517 §4.2)."),
        ),
        chosen(
            "[2026: ES256]",
            {"alg": "ES256", "kid": "mine", "jwk": {**EC, "kid": "mine"}},
            [EC],
            None,
            "A key in the header is the attacker's.",
            Mistake(
                any_key,
                "The token brought its own key, and it was believed: anybody can sign with a key of their own (RFC 8725 §3.10).",
            ),
        ),
        chosen(
            "[2026: ES256]",
            {"alg": "ES256"},
            [EC],
            None,
            "It names no key, so it gets none.",
            Mistake(raised(KeyError), "It raised for a header without a kid."),
        ),
    ),
    learnt="The header names, the server decides. A name, an algorithm, a use: all three have to agree.",
)

EXERCISES = (PUBLIC_JWK, CHOOSE_KEY)

QUIZZES = (
    Quiz(
        "who-verifies",
        "An issuer signs with its private key and publishes the public one. A stranger fetches it. What can the stranger do?",
        {
            "a": "verify every token of this issuer",
            "b": "sign tokens for the issuer's users",
            "c": "nothing: a stranger's program is not on the list",
        },
        right="a",
        because="The public key verifies and cannot sign. That is why it may lie in the street.",
        reasons={
            "b": "Signing takes the private half, and nobody computes that from the public one.",
            "c": "There is no list. The address is public, and the keys behind it are meant to be read by anybody.",
        },
    ),
    Quiz(
        "stolen-key",
        "A private key was stolen an hour ago. The issuer promotes a new one at once. Are forged tokens of the old key refused now?",
        {
            "a": "yes: the new key signs",
            "b": "no: the old one has to be withdrawn, and caches have to notice",
            "c": "yes, after the five minutes of a token",
        },
        right="b",
        because="As long as the old key is published or cached, it verifies. After a theft it is withdrawn at once, and people log in again.",
        reasons={
            "a": "Promoting decides who signs from now on. The old key goes on verifying until it is withdrawn.",
            "c": "The thief writes the times of a forged token, and can make one every five minutes.",
        },
    ),
)
