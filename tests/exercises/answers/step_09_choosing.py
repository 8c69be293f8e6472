"""Right and wrong answers to the exercises of `step_09_choosing`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_09_choosing import CHOOSE
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "09-choose-key": (
        """
def choose_key(header, jwks):
    candidates = []
    for jwk in jwks:
        if jwk.get("kid") is not None and jwk["kid"] == header.get("kid"):
            candidates.append(jwk)
    if (
        len(candidates) == 1
        and candidates[0].get("alg") == header.get("alg", "")
        and candidates[0].get("use") in (None, "sig")
    ):
        return candidates[0]
    return None
""",
    ),
}

WRONG = {
    "09-choose-key": (
        Wrong(
            "a key must have a use",
            but_with(CHOOSE, 'jwk.get("use", "sig") != "sig"', 'jwk.get("use") != "sig"'),
            "This key has no `use`",
        ),
        Wrong(
            "only encryption is excluded",
            but_with(CHOOSE, 'jwk.get("use", "sig") != "sig"', 'jwk.get("use") == "enc"'),
            "Only a key with `sig`, or with no `use` at all, does",
        ),
        Wrong(
            "the use in any case of letters",
            but_with(
                CHOOSE, 'jwk.get("use", "sig") != "sig"', 'jwk.get("use", "sig").lower() != "sig"'
            ),
            "another word than `sig`",
        ),
        Wrong(
            "the first one",
            """
def choose_key(header, jwks):
    return jwks[0]
""",
            "That is another key than the header names; it",
        ),
        Wrong(
            "raises for a stranger",
            """
def choose_key(header, jwks):
    return {jwk["kid"]: jwk for jwk in jwks}[header["kid"]]
""",
            "any name may be missing, and a value may have any type",
        ),
        Wrong(
            "algorithm not compared",
            """
def choose_key(header, jwks):
    named = [
        jwk
        for jwk in jwks
        if isinstance(header.get("kid"), str) and jwk.get("kid") == header["kid"]
    ]
    if len(named) != 1:
        return None
    (jwk,) = named
    if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None:
        return None
    return jwk
""",
            "The key is for another algorithm than the header",
        ),
        Wrong(
            "two of one name",
            """
def choose_key(header, jwks):
    named = [
        jwk
        for jwk in jwks
        if isinstance(header.get("kid"), str) and jwk.get("kid") == header["kid"]
    ]
    if not named:
        return None
    jwk = named[0]
    if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or jwk["alg"] != header.get("alg"):
        return None
    return jwk
""",
            "Two keys have this name, and the header does not",
        ),
        Wrong(
            "for encryption",
            """
def choose_key(header, jwks):
    named = [
        jwk
        for jwk in jwks
        if isinstance(header.get("kid"), str) and jwk.get("kid") == header["kid"]
    ]
    if len(named) != 1:
        return None
    (jwk,) = named
    if jwk.get("alg") is None or jwk["alg"] != header.get("alg"):
        return None
    return jwk
""",
            "Its `use` is `enc`: this key is for encryption",
        ),
        Wrong(
            "the token's own key",
            """
def choose_key(header, jwks):
    if "jwk" in header:
        return header["jwk"]
    named = [
        jwk
        for jwk in jwks
        if isinstance(header.get("kid"), str) and jwk.get("kid") == header["kid"]
    ]
    if len(named) != 1:
        return None
    (jwk,) = named
    if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or jwk["alg"] != header.get("alg"):
        return None
    return jwk
""",
            "The token brought its own key, and your function",
        ),
        Wrong(
            'a beginning is enough: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or j…',
            but_with(CHOOSE, ' != header.get("alg")', '[:2] != str(header.get("alg"))[:2]'),
            "The key is for another algorithm than the header",
        ),
        Wrong(
            'letters or spaces changed: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None …',
            but_with(CHOOSE, ' != header.get("alg"', '.lower() != str(header.get("alg")).lower('),
            "The key is for another algorithm than the header",
        ),
        Wrong(
            'a part is enough: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or str(he…',
            but_with(
                CHOOSE,
                'jwk["alg"] != header.get("alg")',
                'str(header.get("alg")) not in jwk["alg"]',
            ),
            "The key is for another algorithm than the header",
        ),
        Wrong(
            'a part is enough: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or header…',
            but_with(
                CHOOSE,
                'jwk["alg"] != header.get("alg"',
                'header.get("alg", "") not in ("RS256", "ES256"',
            ),
            "The key is for another algorithm than the header",
        ),
        Wrong(
            'not all thought of: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or head…',
            but_with(CHOOSE, 'jwk["alg"] != header.get("alg")', 'header.get("alg") == "HS256"'),
            "The key is for another algorithm than the header",
        ),
        Wrong(
            'not all thought of: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or str(…',
            but_with(
                CHOOSE, 'jwk["alg"] != header.get("alg"', 'str(header.get("alg")).startswith("HS"'
            ),
            "The key is for another algorithm than the header",
        ),
        Wrong(
            'not all thought of: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is None or head…\'',
            but_with(
                CHOOSE,
                'jwk["alg"] != header.get("alg"',
                'header.get("alg") in ("HS256", "HS384", "HS512", "none"',
            ),
            "The key is for another algorithm than the header",
        ),
        Wrong(
            'nothing taken for something: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is Non…',
            but_with(
                CHOOSE,
                'jwk["alg"] != header.get("alg")',
                'header.get("alg", jwk["alg"]) != jwk["alg"]',
            ),
            "The header has no `alg`, so no key matches",
        ),
        Wrong(
            'nothing taken for something: if jwk.get("use", "sig") != "sig" or jwk.get("alg") is Non…\'',
            but_with(
                CHOOSE,
                'jwk["alg"] != header.get("alg")',
                'header.get("alg") and header["alg"] != jwk["alg"]',
            ),
            "The key is for another algorithm than the header",
        ),
        Wrong(
            'nothing taken for something: named = [jwk for jwk in jwks if jwk.get("kid") == kid]',
            """
def choose_key(header, jwks):
    kid = header.get("kid")
    named = [jwk for jwk in jwks if jwk.get("kid") == kid]
    if len(named) != 1:
        return None
    (jwk,) = named
    if jwk.get("use", "sig") != "sig" or jwk.get("alg") != header.get("alg"):
        return None
    return jwk
""",
            "The header has no `alg`, and the key has none either",
        ),
        Wrong(
            'nothing taken for something: named = [jwk for jwk in jwks if jwk.get("kid") == kid]\'',
            but_with(CHOOSE, "isinstance(kid, str) and jwk", "jwk"),
            "The header has no `kid`, so it names no key",
        ),
        Wrong(
            'nothing taken for something: named = [jwk for jwk in jwks if jwk.get("kid", kid) == kid]',
            but_with(CHOOSE, 'isinstance(kid, str) and jwk.get("kid"', 'jwk.get("kid", kid'),
            "The header has no `kid`, so it names no key",
        ),
        Wrong(
            'nothing taken for something: named = [jwk for jwk in jwks if str(jwk.get("kid")) == str…',
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'str(jwk.get("kid")) == str(kid)',
            ),
            "5 is a number, and the name of the key is a text.",
        ),
        Wrong(
            'a beginning is enough: named = [jwk for jwk in jwks if str(jwk.get("kid")).startswith(s…',
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'str(jwk.get("kid")).startswith(str(kid))',
            ),
            "This is nearly the name of a key, and no key has",
        ),
        Wrong(
            "a beginning is enough: named = [jwk for jwk in jwks if kid and str(kid).startswith(jwk.…",
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'kid and str(kid).startswith(jwk.get("kid", "?"))',
            ),
            "This is nearly the name of a key, and no key has",
        ),
        Wrong(
            'a part is enough: named = [jwk for jwk in jwks if kid and kid in str(jwk.get("kid"))]',
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'kid and kid in str(jwk.get("kid"))',
            ),
            "This is nearly the name of a key, and no key has",
        ),
        Wrong(
            'a part is enough: named = [jwk for jwk in jwks if str(jwk.get("kid")) in str(kid)]',
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'str(jwk.get("kid")) in str(kid)',
            ),
            "This is nearly the name of a key, and no key has",
        ),
        Wrong(
            'letters or spaces changed: named = [jwk for jwk in jwks if str(jwk.get("kid")).lower() …',
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'str(jwk.get("kid")).lower() == str(kid).lower()',
            ),
            "This is nearly the name of a key, and no key has",
        ),
        Wrong(
            'an end is enough: named = [jwk for jwk in jwks if str(jwk.get("kid")).endswith(str(kid))]',
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'str(jwk.get("kid")).endswith(str(kid))',
            ),
            "5 is a number, and the name of the key is a text.",
        ),
        Wrong(
            'letters or spaces changed: named = [jwk for jwk in jwks if str(jwk.get("kid")) == str(k…',
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'str(jwk.get("kid")) == str(kid).strip()',
            ),
            "This is nearly the name of a key, and no key has",
        ),
        Wrong(
            'another type: named = [jwk for jwk in jwks if jwk.get("kid") == str(kid)]',
            but_with(
                CHOOSE,
                'isinstance(kid, str) and jwk.get("kid") == kid',
                'jwk.get("kid") == str(kid)',
            ),
            "5 is a number, and the name of the key is a text.",
        ),
        Wrong(
            'changes what it is given or returns: kid = header.pop("kid", None)',
            but_with(CHOOSE, 'r.get("kid")\n', 'r.pop("kid", None)\n'),
            "Your function changed the object that it was given",
        ),
        Wrong(
            "changes what it is given or returns: jwks.remove(named[0])",
            but_with(CHOOSE, " (", " jwks.remove(named[0])\n    ("),
            "Your function changed the object that it was given",
        ),
        Wrong(
            'hard-coded: return {"kty": "RSA", "n": "bg", "e": "AQAB", "kid": "old", "use": "sig", "…',
            but_with(
                CHOOSE,
                "rn jwk",
                "rn {'kty': 'RSA', 'n': 'bg', 'e': 'AQAB', 'kid': 'old', 'use': 'sig', 'alg': 'RS256'}",
            ),
            "none of the keys as they are in the list",
        ),
        Wrong(
            "kid and alg choose together",
            """
def choose_key(header, jwks):
    kid, alg = header.get("kid"), header.get("alg")
    if not kid or not alg: return None
    found = [j for j in jwks if j.get("kid") == kid and j.get("alg") == alg and j.get("use", "sig") == "sig"]
    return found[0] if len(found) == 1 else None
""",
            "each for another algorithm",
        ),
        Wrong(
            "a key for any algorithm",
            """
def choose_key(header, jwks):
    kid, alg = header.get("kid"), header.get("alg")
    if not kid or not alg: return None
    found = [j for j in jwks if j.get("kid") == kid]
    return found[0] if len(found) == 1 and found[0].get("alg", alg) == alg and found[0].get("use", "sig") == "sig" else None
""",
            "A missing `alg` matches nothing",
        ),
    ),
}

EQUIVALENT = {
    "09-choose-key": {
        "len(named) != 1 → *": "fewer than ten keys have one name",
        "jwk.get('use', 'sig') != 'sig' → *": "an empty `use` is none, and every `use` here is a text",
        "jwk.get('alg') is None → not jwk.get('alg')": "an empty `alg` is none",
        "jwk['alg'] != header.get('alg') → not str(jwk['alg']) == str(header.get('alg'))": "both are texts where they can be equal",
        "jwk['alg'] != header.get('alg') → not (jwk['alg'] is None or jwk['alg'] == header.get('alg'))": "whether a key without `alg` is for any algorithm is left open",
        "jwk['alg'] != header.get('alg') → not (not jwk['alg'] or jwk['alg'] == header.get('alg'))": "whether a key without `alg` is for any algorithm is left open",
        "jwk['alg'] → jwk.get('alg')": "what is looked up is there by then",
        "len(candidates) == 1 → *": "fewer than ten keys have one name",
        "candidates[0].get('alg') == header.get('alg', '') → str(candidates[0].get('alg')) == str(header.get('alg', ''))": "both are texts where they can be equal",
        "candidates[0].get('use') in (None, 'sig') → *": "an empty `use` is none, and every `use` here is a text",
        "jwk.get('kid') is not None → not not jwk.get('kid')": "an empty name is none",
        "jwk['kid'] == header.get('kid') → jwk['kid'] is None or jwk['kid'] == header.get('kid')": "this side is never missing",
        "jwk['kid'] == header.get('kid') → not jwk['kid'] or jwk['kid'] == header.get('kid')": "this side is never missing",
        "0 → *": "it is the only one",
        "jwk['kid'] → jwk.get('kid')": "what is looked up is there by then",
    },
}
