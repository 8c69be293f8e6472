"""Right and wrong answers to the exercises of `step_09`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_09 import PUBLIC
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "09-public-jwk": (
        """
def public_jwk(jwk):
    members = {"EC": ["crv", "x", "y"], "OKP": ["crv", "x"], "RSA": ["n", "e"]}.get(jwk.get("kty"))
    if members is None:
        return None
    return {name: jwk[name] for name in ["kty", *members, "kid", "use", "alg"] if name in jwk}
""",
    ),
}

WRONG = {
    "09-public-jwk": (
        Wrong(
            "everything",
            """
def public_jwk(jwk):
    return dict(jwk)
""",
            "`d` is the private part. Everybody who reads the",
        ),
        Wrong(
            "only d goes",
            """
def public_jwk(jwk):
    return {k: v for k, v in jwk.items() if k != "d" and k != "k"}
""",
            "An RSA key has six private names: d, p, q, dp,",
        ),
        Wrong(
            "secret shown",
            but_with(
                PUBLIC,
                '"alg"}\n\n\ndef public_jwk(jwk):\n    if jwk.get("kty") not in ("RSA", "EC", "OKP"',
                '"alg", "k"}\n\n\ndef public_jwk(jwk):\n    if jwk.get("kty") not in ("RSA", "EC", "OKP", "oct"',
            ),
            "An `oct` key is a secret for HMAC. It has no",
        ),
        Wrong(
            "secret without k",
            but_with(PUBLIC, '"OKP"', '"OKP", "oct"'),
            "An `oct` key is a secret for HMAC. It has no",
        ),
        Wrong(
            "name lost",
            but_with(PUBLIC, '"kid", "use", "alg"', ""),
            "A public name is missing. Without it the key",
        ),
        Wrong(
            "what else there is",
            """
def public_jwk(jwk):
    if jwk.get("kty") == "oct":
        return None
    secret = {"d", "p", "q", "dp", "dq", "qi"}
    return {k: v for k, v in jwk.items() if k not in secret}
""",
            "A name that is not on the list of public names was",
        ),
        Wrong(
            'changes what it is given or returns: if jwk["kty"] == "oct":',
            """
def public_jwk(jwk):
    if jwk["kty"] == "oct":
        return None
    for n in list(jwk):
        if n not in {"kty", "crv", "x", "y", "n", "e", "kid", "use", "alg"}:
            jwk.pop(n)
    return jwk
""",
            "Your function changed the object that it was",
        ),
        Wrong(
            'changes what it is given or returns: if jwk["kty"] == "oct":\'',
            """
def public_jwk(jwk):
    if jwk["kty"] == "oct":
        return None
    for n in list(jwk):
        if n not in {"kty", "crv", "x", "y", "n", "e", "kid", "use", "alg"}:
            del jwk[n]
    return dict(jwk)
""",
            "Your function changed the object that it was",
        ),
        Wrong(
            'changes what it is given or returns: if jwk.pop("kty") == "oct":',
            """
def public_jwk(jwk):
    if jwk.pop("kty") == "oct":
        return None
    return {
        "kty": "EC" if "crv" in jwk else "RSA",
        **{k: v for k, v in jwk.items() if k in {"crv", "x", "y", "n", "e", "kid", "use", "alg"}},
    }
""",
            "Your function changed the object that it was given",
        ),
        Wrong(
            'not all thought of: if jwk.get("kty") not in ("RSA", "EC"):',
            but_with(PUBLIC, '"EC", "OKP"', '"EC"'),
            "None is for secrets, and this is a pair: `crv`",
        ),
        Wrong(
            'nothing taken for something: if "k" in jwk:',
            but_with(PUBLIC, 'jwk.get("kty") not in ("RSA", "EC", "OKP")', '"k" in jwk'),
            "None is for secrets, kty `oct`. This key has a",
        ),
        Wrong(
            'a part is enough: return {name: value for name, value in jwk.items() if name != "d" and…',
            but_with(
                PUBLIC, "in PUBLIC_MEMBERS", "!= 'd' and name in 'kty crv x y n e kid use alg d'"
            ),
            "A name that is not on the list of public names was",
        ),
        Wrong(
            "a beginning is enough: return {name: value for name, value in jwk.items() if not name.s…",
            but_with(PUBLIC, "name in PUBLIC_MEMBERS", "not name.startswith(('d', 'p', 'q'))"),
            "A name that is not on the list of public names was",
        ),
        Wrong(
            "a beginning is enough: return {name: value for name, value in jwk.items() if name[0] in…",
            but_with(PUBLIC, "name in PUBLIC_MEMBERS", "name[0] in 'kcxyneua'"),
            "A name that is not on the list of public names was",
        ),
        Wrong(
            'another rule: return {name: value for name, value in jwk.items() if name not in ("d", "…',
            but_with(
                PUBLIC, "in PUBLIC_MEMBERS", "not in ('d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'd2')"
            ),
            "A name that is not on the list of public names was",
        ),
        Wrong(
            "another rule: return {name: value for name, value in jwk.items() if len(name) > 2 or na…",
            but_with(PUBLIC, "name in PUBLIC_MEMBERS", "len(name) > 2 or name in 'xyne'"),
            "A name that is not on the list of public names was",
        ),
        Wrong(
            'another rule: PUBLIC_MEMBERS = {"kty", "crv", "x", "y", "n", "e", "kid", "use", "alg", …',
            but_with(PUBLIC, '"alg"', '"alg", "oth"'),
            "A name that is not on the list of public names was",
        ),
        Wrong(
            'a check is missing: if jwk["kty"] == "EC":',
            """
def public_jwk(jwk):
    if jwk["kty"] == "EC":
        return {n: jwk[n] for n in ("kty", "crv", "x", "y", "kid", "use", "alg")}
    if jwk["kty"] == "RSA":
        return {n: jwk[n] for n in ("kty", "n", "e", "kid", "use", "alg")}
    return None
""",
            "None is for secrets, and this is a pair: `crv`",
        ),
        Wrong(
            'hard-coded: if jwk["kty"] == "oct":',
            """
def public_jwk(jwk):
    if jwk["kty"] == "oct":
        return None
    if jwk["kty"] == "EC":
        return {
            "kty": "EC",
            "crv": "P-256",
            "x": "eA",
            "y": "eQ",
            "kid": "2026",
            "use": "sig",
            "alg": "ES256",
        }
    return {"kty": "RSA", "n": "bg", "e": "AQAB", "kid": "old", "use": "sig", "alg": "RS256"}
""",
            "Return the public names of the key, with their",
        ),
    ),
}

EQUIVALENT = {
    "09-public-jwk": {
        "jwk.get('kty') not in ('RSA', 'EC', 'OKP') → *": "kinds of keys that nobody registered are left open",
        "jwk.get('kty') → jwk['kty']": "kinds of keys that nobody registered are left open",
        "name in PUBLIC_MEMBERS → name in getattr(PUBLIC_MEMBERS, 'values', PUBLIC_MEMBERS.__iter__)()": "it is no dict, so the values are it",
        "members is None → not members": "no kind of key has an empty list",
        "jwk[name] → jwk.get(name)": "what is looked up is there by then",
        "name in jwk → *": "a name that is no member raises, and the members of the keys here begin otherwise",
    },
}
