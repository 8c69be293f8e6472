"""Answers that do what the last hint of an exercise says, to the letter, where the solution is written in another way."""

from __future__ import annotations

FOLLOWED = {
    "05-unverified": """
def claims_unverified(token):
    return json.loads(from_b64url(token.split(".")[1]))
""",
    "06-live": """
def is_live(claims, *, now, leeway=0):
    exp, nbf = claims.get("exp"), claims.get("nbf", 0)
    if is_numeric_date(exp) and is_numeric_date(nbf):
        return nbf <= now + leeway and now < exp + leeway
    return False
""",
    "06-accept": """
def accept(token, key):
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], issuer="https://login.example", audience="https://shop.example", leeway=30, options={"require": ["sub", "jti", "iat", "exp"]})
    except (jwt.InvalidTokenError, UnicodeEncodeError):
        return None
    if is_numeric_date(claims["iat"]) and is_numeric_date(claims["exp"]) and 0 < claims["exp"] - claims["iat"] <= 3600:
        return claims
""",
    "07-remember-logout": """
def remember_logout(denylist, claims, *, now):
    denylist[claims["jti"]] = claims["exp"]
    return {jti: until for jti, until in denylist.items() if until > now}
""",
    "08-may-change": """
def may_change(method, origin, own_origin, by_cookie, sent, fitting):
    if method in ("GET", "HEAD", "OPTIONS"):
        return True
    if origin is not None and origin != own_origin:
        return False
    if not by_cookie:
        return True
    return origin == own_origin and sent != "" and sent == fitting
""",
    "09-public-jwk": """
def public_jwk(jwk):
    if jwk["kty"] == "oct":
        return None
    public = ("kty", "crv", "x", "y", "n", "e", "kid", "use", "alg")
    return {name: jwk[name] for name in jwk if name in public}
""",
    "09-choose-key": """
def choose_key(header, jwks):
    named = [jwk for jwk in jwks if jwk.get("kid") is not None and jwk["kid"] == header.get("kid")]
    if len(named) != 1:
        return None
    jwk = named[0]
    if jwk.get("use") not in (None, "sig"):
        return None
    if jwk.get("alg") is None or jwk["alg"] != header.get("alg"):
        return None
    return jwk
""",
    "10-verify-access": """
def verify_access(token, key):
    claims = jwt.decode(token, key, algorithms=["HS256"])
    typ = jwt.get_unverified_header(token).get("typ")
    if isinstance(typ, str) and typ.lower() in ("at+jwt", "application/at+jwt"):
        return claims
""",
    "10-denied-as": """
def denied_as(token, claims):
    several_issuers = True
    return (claims["iss"], claims["jti"]) if several_issuers else claims["jti"]
""",
    "11-answer-for": """
def answer_for(error):
    if error is None:
        return (401, 'Bearer realm="api"')
    if isinstance(error, (jwt.PyJWTError, LookupError)):
        return (401, 'Bearer realm="api", error="invalid_token"')
    if isinstance(error, ConnectionError):
        return (503, None)
    return (500, None)
""",
    "11-principal": """
def principal(claims):
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or issuer not in DIALECTS:
        return None
    who, kind = DIALECTS[issuer]
    if claims.get(kind) == "access" and claims.get(who):
        return (issuer, claims[who])
""",
    "12-issue-access-token": """
def issue_access_token(user, key, *, now):
    return jwt.encode({"iss": ISSUER, "aud": AUDIENCE, "sub": str(user.id), "scope": " ".join(sorted(user.scopes)), "iat": now, "exp": now + timedelta(minutes=5), "jti": secrets.token_urlsafe(16)}, key, algorithm="HS256", headers={"typ": "at+jwt"})
""",
    "12-claims-of": """
def claims_of(token, key):
    try:
        Token.parse(token)
        parts = jwt.decode_complete(token, key, algorithms=["HS256"], issuer=ISSUER, audience=AUDIENCE, options={"require": ["iss", "aud", "sub", "iat", "exp", "jti"]})
    except (jwt.InvalidTokenError, TokenError):
        return None
    if parts["header"].get("typ") == "at+jwt":
        return parts["payload"]
""",
}
