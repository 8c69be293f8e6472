"""Right and wrong answers to the exercises of `step_06_accept`."""

from __future__ import annotations

from tests.exercises.answers.model import Wrong, but_with

WRITTEN_OUT = """
def accept(token, key):
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            issuer="https://login.example",
            audience="https://shop.example",
            leeway=30,
            options={"require": ["sub", "jti", "iat", "exp"]},
        )
    except (jwt.InvalidTokenError, UnicodeEncodeError):
        return None
    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])):
        return None
    return claims if claims["exp"] - claims["iat"] <= 3600 else None
"""

RIGHT = {
    "06-accept": (
        """
def accept(token, key):
    try:
        parts = jwt.PyJWT(
            options={"require": ["sub", "jti", "iat", "exp", "iss", "aud"]}
        ).decode_complete(
            token.encode("ascii"),
            key,
            ["HS256"],
            leeway=30,
            issuer=["https://login.example"],
            audience=["https://shop.example"],
        )
        life = parts["payload"]["exp"] - parts["payload"]["iat"]
    except Exception:
        return None
    if life > 60 * 60 or any(type(parts["payload"][name]) is bool for name in ("iat", "exp")):
        return None
    return parts["payload"]
""",
    ),
}

WRONG = {
    "06-accept": (
        Wrong(
            "a slash at the audience",
            """
def accept(token, key):
    try:
        claims = jwt.decode(
            token, key, algorithms=["HS256"], issuer="https://login.example", audience=["https://shop.example", "https://shop.example/"],
            leeway=30, options={"require": ["sub", "jti", "iat", "exp"]},
        )
    except (jwt.InvalidTokenError, UnicodeEncodeError):
        return None
    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])):
        return None
    return claims if claims["exp"] - claims["iat"] <= 3600 else None
""",
            "another audience",
        ),
        Wrong(
            "no algorithms",
            but_with(WRITTEN_OUT, '            algorithms=["HS256"],\n', ""),
            "PyJWT wants a list of what it may accept,",
        ),
        Wrong(
            "every HMAC",
            but_with(
                WRITTEN_OUT, 'algorithms=["HS256"],', 'algorithms=["HS256", "HS384", "HS512"],'
            ),
            "One key, one algorithm (RFC 8725 §3.1): `algorithms` is a list with one name",
        ),
        Wrong(
            "the signature is not asked for",
            but_with(
                WRITTEN_OUT,
                'options={"require": ["sub", "jti", "iat", "exp"]},',
                'options={"verify_signature": False, "require": ["sub", "jti", "iat", "exp"]},',
            ),
            "The signature was made with another key: it must",
        ),
        Wrong(
            "issuer forgotten",
            but_with(WRITTEN_OUT, '            issuer="https://login.example",\n', ""),
            "`iss` says who issued it: `issuer=` makes PyJWT",
        ),
        Wrong(
            "audience forgotten",
            but_with(WRITTEN_OUT, '            audience="https://shop.example",\n', ""),
            "This token has everything that the task demands",
        ),
        Wrong(
            "the bank's name beside its own",
            but_with(
                WRITTEN_OUT,
                'audience="https://shop.example",',
                'audience=["https://bank.example", "https://shop.example"],',
            ),
            "A token for the bank is not for the shop: give the",
        ),
        Wrong(
            "leeway forgotten",
            but_with(WRITTEN_OUT, "            leeway=30,\n", ""),
            "The task asks for a leeway of exactly 30 seconds.",
        ),
        Wrong(
            "a leeway of an hour",
            but_with(WRITTEN_OUT, "leeway=30,", "leeway=3600,"),
            "It expired 10 minutes ago, and the leeway",
        ),
        Wrong(
            "exp not required",
            but_with(
                WRITTEN_OUT,
                'options={"require": ["sub", "jti", "iat", "exp"]},',
                'options={"require": ["sub", "jti", "iat"]},',
            ),
            "`exp` must be there: name it in `require`. Without",
        ),
        Wrong(
            "jti not required",
            but_with(
                WRITTEN_OUT,
                'options={"require": ["sub", "jti", "iat", "exp"]},',
                'options={"require": ["sub", "iat", "exp"]},',
            ),
            "`jti` must be there: name it in `require`. Without",
        ),
        Wrong(
            "no longest life",
            but_with(
                WRITTEN_OUT,
                'return claims if claims["exp"] - claims["iat"] <= 3600 else None',
                "return claims",
            ),
            "This `exp` is in milliseconds, so it lies thousands",
        ),
        Wrong(
            "the end is measured from now",
            but_with(
                WRITTEN_OUT,
                'return claims if claims["exp"] - claims["iat"] <= 3600 else None',
                'return claims if claims["exp"] <= time.time() + 86400 else None',
            ),
            "At most 3600 are allowed. The leeway and the time of the check",
        ),
        Wrong(
            "calculating with text",
            but_with(
                WRITTEN_OUT,
                '    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])):\n        return None\n',
                "",
            ),
            "PyJWT accepted a time in quotes, and your code",
        ),
        Wrong(
            "the article's two exceptions",
            but_with(
                WRITTEN_OUT,
                "except (jwt.InvalidTokenError, UnicodeEncodeError):",
                "except (jwt.ExpiredSignatureError, jwt.DecodeError):",
            ),
            "PyJWT rejected this token by raising an exception,",
        ),
        Wrong(
            "the shop as a second issuer",
            """
def accept(token, key):
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], issuer=["https://login.example", "https://shop.example"], audience="https://shop.example", leeway=30, options={"require": ["sub", "jti", "iat", "exp"]})
    except jwt.InvalidTokenError:
        return None
    if not (is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])): return None
    if claims["exp"] - claims["iat"] > 3600: return None
    return claims
""",
            "only the login service issues tokens",
        ),
    ),
}

EQUIVALENT = {
    "06-accept": {
        "except (jwt.InvalidTokenError, UnicodeEncodeError): return None → except Exception: return None": "nothing else is raised there",
        "claims['exp'] → claims.get('exp')": "what is looked up is there by then",
        "claims['exp'] → claims.get('exp')'": "what is looked up is there by then",
        "claims['iat'] → claims.get('iat')": "what is looked up is there by then",
        "claims['iat'] → claims.get('iat')'": "what is looked up is there by then",
        "0 → 1": "no token of the check lives for a second or less",
        "0 → -1": "no token of the check lives for a second or less",
        "30 → *": "a second more or less can't be told apart while the clock runs",
        "all that follows, in the try": "what follows raises nothing else",
        "life > 60 * 60 or any((type(parts['payload'][name]) is bool for name in ('iat', 'exp'))) → life > 60 * 60": "an `iat` of true makes the life too long, an `exp` of true is over",
        "parts['payload'] → *": "what is looked up is there by then",
        "any((type(parts['payload'][name]) is bool for name in ('iat', 'exp'))) → all((type(parts['payload'][name]) is bool for name in ('iat', 'exp')))": "an `iat` of true makes the life too long, an `exp` of true is over",
        "parts['payload']['exp'] → parts['payload'].get('exp')": "what is looked up is there by then",
        "parts['payload']['iat'] → parts['payload'].get('iat')": "what is looked up is there by then",
        "'ascii' → 'ASCII'": "another spelling of the same",
        "'ascii' → 'latin-1'": "only ASCII stands there",
        "type(parts['payload'][name]) is bool → not type(parts['payload'][name])": "an `iat` of true makes the life too long, an `exp` of true is over",
        "('iat', 'exp') → ('exp',)": "`issuer`, `audience` and the subtraction demand it as well",
        "('iat', 'exp') → ('iat',)": "`issuer`, `audience` and the subtraction demand it as well",
        "parts['payload'][name] → parts['payload'].get(name)": "what is looked up is there by then",
        "['sub', 'jti', 'iat', 'exp', 'iss', 'aud'] → *": "`issuer`, `audience` and the subtraction demand it as well",
    },
}
