"""Answers that reach a message by another way than most: it must name no cause that they do not have."""

from jwt_demo.exercises.registry import exercises
from tests.exercises.answers.model import Wrong, but_with

SOLUTIONS = {name: exercise.solution for name, exercise in exercises().items()}

FLASK_WITHOUT_EXTENSION = """
def flask_service(secret, emails):
    import jwt
    from flask import Flask, jsonify, request

    app = Flask("service")

    def unauthorized(challenge):
        return jsonify(message="Unauthorized"), 401, {"WWW-Authenticate": challenge}

    @app.get("/get-user")
    def get_user():
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return unauthorized("Bearer")
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"])
        except jwt.PyJWTError:
            return unauthorized('Bearer error="invalid_token"')
        if claims["type"] != "access" or claims.get("sub") not in emails:
            return unauthorized('Bearer error="invalid_token"')
        return jsonify(user=emails[claims["sub"]])

    return app
"""
FASTAPI_IN_THE_HANDLER = """
def fastapi_service(secret, emails):
    import jwt
    from fastapi import FastAPI, Request
    from fastapi.responses import JSONResponse

    app = FastAPI()

    def rejected(challenge):
        return JSONResponse({"detail": "Log in"}, 401, {"WWW-Authenticate": challenge})

    @app.get("/get-user")
    def get_user(request: Request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return rejected("Bearer")
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], audience="reports", options={"require": ["exp", "sub"]})
        except jwt.PyJWTError:
            return rejected('Bearer error="invalid_token"')
        if claims["sub"] not in emails:
            return rejected('Bearer error="invalid_token"')
        return {"user": emails[claims["sub"]]}

    return app
"""
LIVE_BY_DATETIME = """
def is_live(claims, *, now, leeway=0):
    from datetime import datetime, timezone

    exp, nbf = claims.get("exp"), claims.get("nbf", 0)
    if not is_numeric_date(exp) or not is_numeric_date(nbf):
        return False
    moment = datetime.fromtimestamp(now, timezone.utc)
    return nbf <= now + leeway and moment <= datetime.fromtimestamp(exp + leeway, timezone.utc)
"""
WHOLE_NUMBERS = but_with(
    SOLUTIONS["06-accept"],
    'is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"])',
    'type(claims["iat"]) is int and type(claims["exp"]) is int',
)
CAPITALS = but_with(
    SOLUTIONS["10-verify-hs256"],
    'parsed.header.get("alg") != "HS256"',
    'str(parsed.header.get("alg")).upper() != "HS256"',
)
TYP_DEMANDED = """
def accept(token, key):
    try:
        parts = jwt.decode_complete(
            token, key, algorithms=["HS256"], issuer="https://login.example", audience="https://shop.example",
            leeway=30, options={"require": ["sub", "jti", "iat", "exp"]},
        )
    except (jwt.InvalidTokenError, UnicodeEncodeError):
        return None
    if parts["header"].get("typ") != "at+jwt":
        return None
    return parts["payload"]
"""
CLOCK_LOOKED_AT = """
def remember_logout(denylist, claims, *, now):
    import time

    now = time.time()
    denylist[claims["jti"]] = claims["exp"]
    for jti in tuple(denylist):
        if denylist[jti] <= now:
            del denylist[jti]
    return denylist
"""
REMOVED_ON_THE_WAY = """
def remember_logout(denylist, claims, *, now):
    denylist[claims["jti"]] = claims["exp"]
    for jti in denylist:
        if denylist[jti] <= now:
            del denylist[jti]
    return denylist
"""
USED_IN_A_GLOBAL = """
used = set()

def rotate_family(families, family, jti, new):
    if jti in used or families.get(family) != jti:
        families.pop(family, None)
        return False, families
    used.add(jti)
    families[family] = new
    return True, families
"""
NONE_IN_ITS_PLACE = """
def rotate_family(families, family, jti, new):
    granted = family in families and families[family] == jti
    families[family] = new if granted else None
    return granted, families
"""
STORED_IN_ANY_CASE = """
def rotate_family(families, family, jti, new):
    granted = family in families and families[family] == jti
    if family in families:
        families[family] = new
    return granted, families
"""
SAME_HOST = """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is None:
        if by_cookie:
            return False
    elif origin.rstrip("/") != own_origin:
        return False
    return not by_cookie or (sent != "" and sent == fitting)
"""
ALG_LOOKED_UP = """
def choose_key(header, jwks):
    found = [key for key in jwks if key["kid"] == header["kid"]]
    if len(found) != 1 or found[0]["alg"] != header["alg"]:
        return None
    return found[0]
"""
THE_ONLY_KEY = """
def choose_key(header, jwks):
    kid, alg = header.get("kid"), header.get("alg")
    candidates = jwks if kid is None and len(jwks) == 1 else [key for key in jwks if kid is not None and key.get("kid") == kid]
    if len(candidates) != 1:
        return None
    key = candidates[0]
    if alg is None or key.get("alg") != alg or key.get("use", "sig") != "sig":
        return None
    return key
"""
ALL_MEMBERS = """
def public_jwk(jwk):
    if jwk["kty"] == "oct":
        return None
    names = ("kty", "n", "e") if jwk["kty"] == "RSA" else ("kty", "crv", "x", "y")
    return {name: jwk[name] for name in (*names, "kid", "use", "alg")}
"""
RETURNED_NOT_RAISED = but_with(
    SOLUTIONS["11-fastapi-service"], "raise bad_token from None", "return bad_token"
)
WITHOUT_THE_USUAL_LIBRARY = {  # right as well, and nothing that a success says may be untrue of them
    "11-flask-service": FLASK_WITHOUT_EXTENSION,
    "11-fastapi-service": FASTAPI_IN_THE_HANDLER,
}
WRONG = {
    "05-unverified": (
        Wrong(
            "a text decoded once more",
            "def claims_unverified(token):\n    return json.loads(token.split('.')[1].decode())",
            "It is a str already",
        ),
        Wrong(
            "a name without a value",
            "def claims_unverified(token):\n    if token.count('.') > 2:\n        found = {}\n    return found",
            "had no value yet",
        ),
    ),
    "05-by-hand": (
        Wrong(
            "the key as text",
            but_with(SOLUTIONS["05-by-hand"], "hmac.new(key,", "hmac.new(key.decode().encode(),"),
            "your code decoded it as text",
        ),
        Wrong(
            "the signature as text",
            but_with(SOLUTIONS["05-by-hand"], "b64url(signature)", "signature.decode()"),
            "These bytes are not text",
        ),
        Wrong(
            "PyJWT",
            "def token_by_hand(header, claims, key):\n    return jwt.encode(claims, key, algorithm='HS256', headers=header)",
            "without PyJWT",
        ),
        Wrong(
            "segments in hexadecimal",
            "def token_by_hand(header, claims, key):\n    parts = [json.dumps(part).encode().hex() for part in (header, claims)]\n    return '.'.join([*parts, 'ab'])",
            "as JSON in base64url",
        ),
    ),
    "06-live": (Wrong("datetimes that read no clock", LIVE_BY_DATETIME, "`now < exp`"),),
    "06-accept": (
        Wrong("whole numbers only", WHOLE_NUMBERS, "with half a second"),
        Wrong("typ demanded", TYP_DEMANDED, "Accept any `typ`"),
    ),
    "07-remember-logout": (
        Wrong("the clock of the machine", CLOCK_LOOKED_AT, "the clock of this machine"),
        Wrong("removed on the way", REMOVED_ON_THE_WAY, "Go through a copy"),
    ),
    "07-rotate-family": (
        Wrong("used tokens in a global", USED_IN_A_GLOBAL, "whatever came in earlier calls"),
        Wrong("None in its place", NONE_IN_ITS_PLACE, "is removed from the dict"),
        Wrong("stored in any case", STORED_IN_ANY_CASE, "stored all the same"),
    ),
    "08-may-change": (
        Wrong("a slash passed over", SAME_HOST, "A browser does not send this slash"),
    ),
    "09-public-jwk": (
        Wrong("every pair has the names of EC", ALL_MEMBERS, "Not every key has the same names"),
    ),
    "09-choose-key": (
        Wrong("alg looked up", ALG_LOOKED_UP, "any name may be missing"),
        Wrong("the only key", THE_ONLY_KEY, "whatever is in the list"),
    ),
    "10-denied-as": (
        Wrong(
            "sub and jti joined",
            "def denied_as(token, claims):\n    return claims['sub'] + claims['jti']",
            "If you join the two texts",
        ),
        Wrong(
            "jti and sub joined",
            "def denied_as(token, claims):\n    return hashlib.sha256((claims['jti'] + claims['sub']).encode()).digest()",
            "If you join the two texts",
        ),
        Wrong(
            "the beginning of jti",
            "def denied_as(token, claims):\n    return hashlib.md5(claims['jti'][:8].encode()).hexdigest()",
            "only `jti` differs",
        ),
    ),
    "10-verify-hs256": (Wrong("alg in capital letters", CAPITALS, "capital and small letters"),),
    "10-verify-access": (
        Wrong(
            "typ among the claims",
            "def verify_access(token, key):\n    claims = jwt.decode(token, key, algorithms=['HS256'])\n    return claims if claims['typ'] == 'at+jwt' else None",
            "It is in the header",
        ),
        Wrong(
            "a function that is not there",
            "def verify_access(token, key):\n    return jwt.get_header(token)",
            "in the line that is shown",
        ),
    ),
    "10-payload-for": (
        Wrong(
            "a member twice in the template",
            'def payload_for(name):\n    return \'{"name": "", "sub": "7", "role": "user", "name": \' + json.dumps(name) + \'}\'',
            "with three members",
        ),
    ),
    "11-answer-for": (
        Wrong(
            "every OSError",
            but_with(SOLUTIONS["11-answer-for"], "ConnectionError", "OSError"),
            "503 is for a ConnectionError alone",
        ),
    ),
    "11-principal": (
        Wrong(
            "iss looked up",
            but_with(
                but_with(
                    SOLUTIONS["11-principal"],
                    "    if not isinstance(issuer, str) or issuer not in DIALECTS:\n        return None\n",
                    "",
                ),
                "DIALECTS[issuer]",
                "DIALECTS[str(issuer)]",
            ),
            "an issuer may be unknown",
        ),
        Wrong(
            "a claim of the other issuer forbidden",
            but_with(
                SOLUTIONS["11-principal"],
                "    subject = claims.get(who)\n",
                '    subject = claims.get(who)\n    if {"sub", "user_id"} <= set(claims):\n        return None\n',
            ),
            "has no meaning here",
        ),
    ),
    "11-flask-service": (
        Wrong(
            "a refresh token, without Flask-JWT-Extended",
            but_with(FLASK_WITHOUT_EXTENSION, 'claims["type"] != "access" or ', ""),
            "its claim `type` is `refresh`",
        ),
        Wrong(
            "a user who is gone is a KeyError",
            but_with(
                FLASK_WITHOUT_EXTENSION,
                'claims["type"] != "access" or claims.get("sub") not in emails',
                'claims["type"] != "access"',
            ),
            "your code raised KeyError",
        ),
        Wrong(
            "any type",
            but_with(
                SOLUTIONS["11-flask-service"], "@jwt_required()", "@jwt_required(verify_type=False)"
            ),
            "has no argument that allows it",
        ),
    ),
    "11-fastapi-service": (Wrong("returned, not raised", RETURNED_NOT_RAISED, "it was returned"),),
}
