"""Wrong answers to the exercises of step 09 that odd values in a header, odd keys in the list or more members of a key show."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_09 import PUBLIC
from jwt_demo.exercises.steps.step_09_choosing import CHOOSE
from tests.exercises.answers.model import Wrong, but_with

NAMED = 'named = [jwk for jwk in jwks if isinstance(kid, str) and jwk.get("kid") == kid]'

WRONG = {
    "09-public-jwk": (
        Wrong(
            "key_ops too",
            but_with(PUBLIC, '"alg"}', '"alg", "key_ops"}'),
            "`key_ops` says what the private key may do",
        ),
    ),
    "09-choose-key": (
        Wrong(
            "a dict by kid",
            """
def choose_key(header, jwks):
    if header.get("kid") is None or header.get("alg") is None:
        return None
    by_kid = {}
    for jwk in jwks:
        by_kid.setdefault(jwk.get("kid"), []).append(jwk)
    named = by_kid.get(header["kid"], [])
    if len(named) != 1 or named[0].get("alg") != header["alg"]:
        return None
    return named[0] if named[0].get("use", "sig") == "sig" else None
""",
            "any name may be missing, and a value may have any type",
        ),
        Wrong(
            "a set of algorithms",
            but_with(
                CHOOSE,
                'jwk["alg"] != header.get("alg")',
                'header.get("alg") not in {jwk["alg"]}',
            ),
            "any name may be missing, and a value may have any type",
        ),
        Wrong(
            "keys for encryption are left out first",
            but_with(CHOOSE, "in jwks if", 'in jwks if jwk.get("use", "sig") == "sig" and'),
            "It does not matter that one is for encryption.",
        ),
        Wrong(
            "keys without an algorithm are left out first",
            but_with(CHOOSE, "in jwks if", 'in jwks if jwk.get("alg") and'),
            "It does not matter that one does not say its algorithm.",
        ),
        Wrong(
            "an empty use is none",
            but_with(CHOOSE, 'jwk.get("use", "sig")', '(jwk.get("use") or "sig")'),
            "Its `use` is another word than `sig`",
        ),
        Wrong(
            "every key has a kid",
            but_with(CHOOSE, 'jwk.get("kid") == kid', 'jwk["kid"] == kid'),
            "The key 'kid' is not there.",
        ),
        Wrong(
            "one key needs no name",
            but_with(CHOOSE, NAMED, f"{NAMED} if len(jwks) > 1 or not kid else jwks"),
            "That the list has one key only is no reason to take it.",
        ),
        Wrong(
            "a use is written into our key",
            but_with(CHOOSE, 'jwk.get("use", "sig")', 'jwk.setdefault("use", "sig")'),
            "This key is of our list, and your function changed it.",
        ),
        Wrong(
            "one name twice spoils the list",
            but_with(
                CHOOSE,
                "    if len(named) != 1:",
                '    names = [jwk.get("kid") for jwk in jwks]\n    if len(named) != 1 or len(set(names)) < len(names):',
            ),
            "Two other keys have one name.",
        ),
    ),
}
