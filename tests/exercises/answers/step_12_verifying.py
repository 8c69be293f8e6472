"""Right and wrong answers to the exercises of `step_12_verifying`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_12_verifying import VERIFY
from tests.exercises.answers.model import Wrong, but_with

ISSUER_BY_HAND = """
def claims_of(token, key):
    try:
        Token.parse(token)
        parts = jwt.decode_complete(
            token,
            key,
            algorithms=["HS256"],
            audience=AUDIENCE,
            options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]},
        )
    except (jwt.InvalidTokenError, TokenError):
        return None
    if parts["payload"]["iss"] != ISSUER:
        return None
    if parts["header"].get("typ") != "at+jwt":
        return None
    return parts["payload"]
"""
AUDIENCE_BY_HAND = """
def claims_of(token, key):
    try:
        Token.parse(token)
        parts = jwt.decode_complete(
            token,
            key,
            algorithms=["HS256"],
            issuer=ISSUER,
            options={"verify_aud": False, "require": ["iss", "aud", "sub", "iat", "exp", "jti"]},
        )
    except (jwt.InvalidTokenError, TokenError):
        return None
    if parts["payload"]["aud"] != AUDIENCE:
        return None
    if parts["header"].get("typ") != "at+jwt":
        return None
    return parts["payload"]
"""

RIGHT = {
    "12-claims-of": (
        """
VERIFIER = jwt.PyJWT(
    options={
        "require": ["iss", "aud", "sub", "iat", "exp", "jti"],
        "enforce_minimum_key_length": True,
    }
)


def claims_of(token, key):
    try:
        parsed = Token.parse(token)
        claims = VERIFIER.decode(token, key, ["HS256"], issuer=[ISSUER], audience=[AUDIENCE])
    except Exception:
        return None
    return claims if parsed.header.get("typ") == "at+jwt" else None
""",
    ),
}

WRONG = {
    "12-claims-of": (
        Wrong(
            "no audience asked",
            but_with(
                VERIFY,
                'audience=AUDIENCE, options={"require"',
                'options={"verify_aud": False, "require"',
            ),
            "It was made for another service, which could send",
        ),
        Wrong(
            "no issuer asked",
            but_with(VERIFY, "issuer=ISSUER, audience", "audience"),
            "It is of another issuer with the same key: ask",
        ),
        Wrong(
            "nothing required",
            but_with(
                VERIFY,
                'AUDIENCE, options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]}',
                "AUDIENCE",
            ),
            "Your code looked `exp` up",
        ),
        Wrong(
            "no kind asked",
            but_with(VERIFY, 'parts["header"].get("typ") != "at+jwt"', "False"),
            "It was made for another purpose: look at `typ` in",
        ),
        Wrong(
            "one exception only",
            but_with(VERIFY, "(jwt.InvalidTokenError, TokenError)", "jwt.ExpiredSignatureError"),
            "Your code raised, and a client can send such a",
        ),
        Wrong(
            "signature not checked",
            but_with(VERIFY, '"require"', '"verify_signature": False, "require"'),
            "The signature was made with another key: it must",
        ),
        Wrong(
            "not strict",
            but_with(VERIFY, "Token.parse(token)\n        parts", "parts"),
            "There is a `=` at its end, and base64url in a token",
        ),
        Wrong(
            'a part is enough: if "at+jwt" not in str(parts["header"].get("typ")):',
            but_with(
                VERIFY,
                'parts["header"].get("typ") != "at+jwt"',
                '"at+jwt" not in str(parts["header"].get("typ"))',
            ),
            "This `typ` is not `at+jwt`",
        ),
        Wrong(
            'an end is enough: if not str(parts["header"].get("typ")).endswith("at+jwt"):',
            but_with(
                VERIFY,
                'parts["header"].get("typ") != "at+jwt"',
                'not str(parts["header"].get("typ")).endswith("at+jwt")',
            ),
            "This `typ` is not `at+jwt`",
        ),
        Wrong(
            'a beginning is enough: if not str(parts["header"].get("typ")).startswith("at+jwt"):',
            but_with(
                VERIFY,
                'parts["header"].get("typ") != "at+jwt"',
                'not str(parts["header"].get("typ")).startswith("at+jwt")',
            ),
            "This `typ` is not `at+jwt`",
        ),
        Wrong(
            'a part is enough: if str(parts["header"].get("typ", "")) not in "application/at+jwt":',
            but_with(
                VERIFY,
                'parts["header"].get("typ") != "at',
                'str(parts["header"].get("typ", "")) not in "application/at',
            ),
            "It does not say what it is for: look at `typ` in",
        ),
        Wrong(
            'nothing taken for something: if parts["header"].get("typ", "at+jwt") != "at+jwt":',
            but_with(VERIFY, '"typ"', '"typ", "at+jwt"'),
            "It does not say what it is for: look at `typ` in",
        ),
        Wrong(
            'not all thought of: if parts["header"].get("typ") == "JWT":',
            but_with(VERIFY, '!= "at+jwt"', '== "JWT"'),
            "It was made for another purpose: look at `typ` in",
        ),
        Wrong(
            'not all thought of: if parts["header"].get("typ") in ("JWT", "rt+jwt"):',
            but_with(VERIFY, '!= "at+jwt"', 'in ("JWT", "rt+jwt")'),
            "It does not say what it is for: look at `typ` in",
        ),
        Wrong(
            'not all thought of: if parts["header"].get("typ") in ("JWT", "rt+jwt", None):',
            but_with(VERIFY, '!= "at+jwt"', 'in ("JWT", "rt+jwt", None)'),
            "This `typ` is not `at+jwt`",
        ),
        Wrong(
            'another type: if "at+jwt" not in parts["header"].get("typ"):',
            but_with(
                VERIFY,
                'parts["header"].get("typ") != "at+jwt"',
                '"at+jwt" not in parts["header"].get("typ")',
            ),
            "Your code raised, and a client can send such a",
        ),
        Wrong(
            'another rule: if parts["payload"].get("typ", parts["header"].get("typ")) != "at+jwt":',
            but_with(
                VERIFY, '"header"].get("typ"', '"payload"].get("typ", parts["header"].get("typ")'
            ),
            "It was made for another purpose: look at `typ` in",
        ),
        Wrong(
            'another bound: parts = jwt.decode_complete(token, key, algorithms=["HS256"], issuer=ISS…',
            but_with(VERIFY, "options", "leeway=86400, options"),
            "It expired an hour ago: some seconds of leeway are enough.",
        ),
        Wrong(
            'another bound: parts = jwt.decode_complete(token, key, algorithms=["HS256"], issuer=ISS…\'',
            but_with(VERIFY, "options", "leeway=3600, options"),
            "It expired two minutes ago, which is more than",
        ),
        Wrong(
            "another bound: parts = jwt.decode_complete(token, key, algorithms=[\"HS256\"], issuer=ISS…''",
            but_with(VERIFY, "options", "leeway=timedelta(days=1), options"),
            "It expired an hour ago: some seconds of leeway are enough.",
        ),
        Wrong(
            "another bound: parts = jwt.decode_complete(token, key, algorithms=[\"HS256\"], issuer=ISS…'''",
            but_with(VERIFY, '"require"', '"verify_nbf": False, "require"'),
            "It is valid in two minutes: some seconds of leeway",
        ),
        Wrong(
            "another bound: parts = jwt.decode_complete(token, key, algorithms=[\"HS256\"], issuer=ISS…''''",
            but_with(VERIFY, "options", "leeway=600, options"),
            "It expired two minutes ago, which is more than",
        ),
        Wrong(
            'a beginning is enough: parts = jwt.decode_complete(token, key, algorithms=["HS256"], au…',
            but_with(
                ISSUER_BY_HAND,
                'if parts["payload"]["iss"] != ISSUER:',
                'if not parts["payload"]["iss"].startswith(ISSUER):',
            ),
            "This is not the right name.",
        ),
        Wrong(
            'a part is enough: parts = jwt.decode_complete(token, key, algorithms=["HS256"], audienc…',
            but_with(
                ISSUER_BY_HAND,
                'if parts["payload"]["iss"] != ISSUER:',
                'if ISSUER not in parts["payload"]["iss"]:',
            ),
            "This is not the right name.",
        ),
        Wrong(
            'a part is enough: parts = jwt.decode_complete(token, key, algorithms=["HS256"], audienc…\'',
            but_with(
                ISSUER_BY_HAND,
                'if parts["payload"]["iss"] != ISSUER:',
                'if parts["payload"]["iss"] not in ISSUER:',
            ),
            "This is not the right name.",
        ),
        Wrong(
            'letters or spaces changed: parts = jwt.decode_complete(token, key, algorithms=["HS256"]…',
            but_with(
                ISSUER_BY_HAND,
                'if parts["payload"]["iss"] != ISSUER:',
                'if parts["payload"]["iss"].lower() != ISSUER:',
            ),
            "This is not the right name.",
        ),
        Wrong(
            'a part is enough: parts = jwt.decode_complete(token, key, algorithms=["HS256"], issuer=…',
            but_with(
                AUDIENCE_BY_HAND,
                'if parts["payload"]["aud"] != AUDIENCE:',
                'if AUDIENCE not in str(parts["payload"]["aud"]):',
            ),
            "This is not the right name.",
        ),
        Wrong(
            'a beginning is enough: parts = jwt.decode_complete(token, key, algorithms=["HS256"], is…',
            but_with(
                AUDIENCE_BY_HAND,
                'if parts["payload"]["aud"] != AUDIENCE:',
                'if not parts["payload"]["aud"].startswith(AUDIENCE):',
            ),
            "This is not the right name.",
        ),
        Wrong(
            'a part is enough: parts = jwt.decode_complete(token, key, algorithms=["HS256"], issuer=…\'',
            but_with(
                AUDIENCE_BY_HAND,
                'if parts["payload"]["aud"] != AUDIENCE:',
                'if parts["payload"]["aud"] not in AUDIENCE:',
            ),
            "This is not the right name.",
        ),
        Wrong(
            'nothing taken for something: parts = jwt.decode_complete(token, key, algorithms=["HS256…',
            but_with(
                VERIFY,
                '"iss", "aud", "sub", "iat", "exp", "jti"',
                "'iss', 'aud', 'iat', 'exp', 'jti'",
            ),
            "Without `sub` it names no user. PyJWT checks",
        ),
        Wrong(
            "nothing taken for something: parts = jwt.decode_complete(token, key, algorithms=[\"HS256…'",
            but_with(
                VERIFY,
                '"iss", "aud", "sub", "iat", "exp", "jti"',
                "'iss', 'aud', 'sub', 'exp', 'jti'",
            ),
            "Your code looked `iat` up",
        ),
        Wrong(
            'not all thought of: parts = jwt.decode_complete(token, key, algorithms=["HS256", "HS512…',
            but_with(VERIFY, '"HS256"', '"HS256", "HS512"'),
            "One key, one algorithm (RFC 8725 §3.1): HS256",
        ),
        Wrong(
            'not all thought of: parts = jwt.decode_complete(token, key, algorithms=["HS256", "HS384…',
            but_with(VERIFY, '"HS256"', '"HS256", "HS384", "HS512"'),
            "One key, one algorithm (RFC 8725 §3.1): HS256",
        ),
        Wrong(
            'not all thought of: parts = jwt.decode_complete(token, key, algorithms=["HS256", "HS384…\'',
            but_with(VERIFY, '"HS256"', '"HS256", "HS384"'),
            "One key, one algorithm (RFC 8725 §3.1): HS256",
        ),
        Wrong(
            "a second issuer, with a slash",
            """
def claims_of(token, key):
    try:
        Token.parse(token)
        parts = jwt.decode_complete(token, key, algorithms=["HS256"], issuer=[ISSUER, ISSUER + "/"], audience=AUDIENCE, options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]})
    except (jwt.InvalidTokenError, TokenError):
        return None
    claims, header = parts['payload'], parts['header']
    if header.get("typ") != "at+jwt": return None
    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])): return None
    if not 0 < claims["exp"] - claims["iat"] <= 3600: return None
    return claims
""",
            "This is not the right name",
        ),
    ),
}

EQUIVALENT = {
    "12-claims-of": {
        "except (jwt.InvalidTokenError, TokenError): return None → except Exception: return None": "nothing else is raised there",
        "parts['payload'] → parts.get('payload')": "what is looked up is there by then",
        "parts['header'].get('typ') != 'at+jwt' → not str(parts['header'].get('typ')).lower() == str('at+jwt').lower()": "RFC 9068 allows a `typ` in any case of letters",
        "parts['header'].get('typ') != 'at+jwt' → not str(parts['header'].get('typ')) == str('at+jwt')": "both are texts where they can be equal",
        "claims if 0 < claims['exp'] - claims['iat'] <= 3600 else None → claims": "the exam asks this, the exercise does not",
        "None → False''": "the exam asks this, the exercise does not",
        "0 → 1": "the exam asks this, the exercise does not",
        "0 → -1": "the exam asks this, the exercise does not",
        "3600 → *": "the exam asks this, the exercise does not",
        "parts['header'] → parts.get('header')": "what is looked up is there by then",
        "claims['iat'] → claims.get('iat')": "what is looked up is there by then",
        "claims['iat'] → claims.get('iat')'": "what is looked up is there by then",
        "claims['exp'] → claims.get('exp')": "what is looked up is there by then",
        "claims['exp'] → claims.get('exp')'": "what is looked up is there by then",
        "['iss', 'aud', 'sub', 'iat', 'exp', 'jti'] → *": "`issuer` and `audience` demand it as well",
        "all that follows, in the try": "what follows raises nothing else",
        "{'require': ['iss', 'aud', 'sub', 'iat', 'exp', 'j…'enforce_minimum_key_length': True} → {'require': ['iss', 'aud', 'sub', 'iat', 'exp', 'jti']}": "the key of the check is long enough",
        "parsed.header.get('typ') == 'at+jwt' → str(parsed.header.get('typ')).lower() == str('at+jwt').lower()": "RFC 9068 allows a `typ` in any case of letters",
        "parsed.header.get('typ') == 'at+jwt' → str(parsed.header.get('typ')) == str('at+jwt')": "both are texts where they can be equal",
        "'enforce_minimum_key_length' → *": "the key of the check is long enough",
        "True → False": "the key of the check is long enough",
    },
}
