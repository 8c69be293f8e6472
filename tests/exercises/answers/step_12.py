"""Right and wrong answers to the exercises of `step_12`."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_12 import ISSUE
from tests.exercises.answers.model import Wrong, but_with

RIGHT = {
    "12-issue-access-token": (
        """
async def issue_access_token(user, key, *, now):
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user.id), "scope": " ".join(user.scopes), "iat": now, "exp": now + timedelta(minutes=5), "jti": secrets.token_urlsafe(16)}
    return jwt.encode(claims, key, algorithm="HS256", headers={"typ": "at+jwt"})
""",
        """
def issue_access_token(user, key, *, now):
    start = int(now.timestamp())
    claims = dict(
        iss=ISSUER,
        aud=[AUDIENCE],
        sub=f"{user.id}",
        iat=start,
        exp=start + 3600,
        jti=secrets.token_hex(16),
        scope=" ".join(user.scopes),
    )
    return jwt.encode(claims, key, headers={"typ": "application/at+jwt"})
""",
    ),
}

WRONG = {
    "12-issue-access-token": (
        Wrong(
            "no type",
            but_with(ISSUE, '"HS256", headers={"typ": "at+jwt"}', '"HS256"'),
            "`typ` in the header says what the token is for",
        ),
        Wrong(
            "sub is a number",
            but_with(ISSUE, "str(user.id)", "user.id"),
            "This `sub` is a number",
        ),
        Wrong(
            "one jti for all",
            but_with(ISSUE, "secrets.token_urlsafe(16)", '"1"'),
            "Each token has its own `jti`. A denylist contains",
        ),
        Wrong(
            "a year",
            but_with(ISSUE, "minutes=5", "days=365"),
            "A token is valid for an hour at most: `exp` is",
        ),
        Wrong(
            "no audience",
            but_with(ISSUE, '"aud": AUDIENCE,\n        "sub"', '"sub"'),
            "`aud` says for which server the token is: AUDIENCE",
        ),
        Wrong(
            "no issuer",
            but_with(ISSUE, '"iss": ISSUER,\n        "aud"', '"aud"'),
            "`iss` says who issued the token: ISSUER, and",
        ),
        Wrong(
            "no scope",
            but_with(ISSUE, '"scope": " ".join(sorted(user.scopes)),\n        "iat"', '"iat"'),
            "`scope` is a text: the names in `user.scopes`",
        ),
        Wrong(
            "another type: the scope is a list",
            but_with(ISSUE, '" ".join(sorted(user.scopes))', "sorted(user.scopes)"),
            "`scope` is a text: the names in `user.scopes`",
        ),
        Wrong(
            'hard-coded: "scope": "profile",',
            but_with(ISSUE, '" ".join(sorted(user.scopes))', '"profile"'),
            "`scope` is a text: the names in `user.scopes`",
        ),
        Wrong(
            'hard-coded: "scope": "admin profile",',
            but_with(ISSUE, '" ".join(sorted(user.scopes))', '"admin profile"'),
            "`scope` is a text: the names in `user.scopes`",
        ),
        Wrong(
            "its own clock",
            but_with(ISSUE, " now,", " datetime.now(timezone.utc),"),
            "`iat` is the moment `now` that the function is",
        ),
        Wrong(
            'another type: "jti": secrets.randbits(64),',
            but_with(ISSUE, "token_urlsafe(16", "randbits(64"),
            "This `jti` is a number",
        ),
        Wrong(
            'tells too much: "pw": user.password_hash,',
            but_with(ISSUE, "R,\n ", 'R, "pw": user.password_hash,\n '),
            "Everybody who has a token can read it. The token",
        ),
        Wrong(
            'tells too much: "user": {"id": user.id, "hash": user.password_hash},',
            but_with(ISSUE, "R,\n ", 'R, "user": {"id": user.id, "hash": user.password_hash},\n '),
            "Everybody who has a token can read it. The token",
        ),
        Wrong(
            "tells too much: **{k: v for k, v in vars(user).items()},",
            but_with(ISSUE, "R,\n ", "R, **{k: v for k, v in vars(user).items()},\n "),
            "Everybody who has a token can read it. The token",
        ),
        Wrong(
            'tells too much: return jwt.encode(claims, key, algorithm="HS256", headers={"typ": "at+j…',
            but_with(ISSUE, 'jwt"', 'jwt", "pw": user.password_hash'),
            "Everybody who has a token can read it. The token",
        ),
        Wrong(
            'tells too much: "h": user.password_hash[-20:],',
            but_with(ISSUE, "R,\n ", 'R, "h": user.password_hash[-20:],\n '),
            "Everybody who has a token can read it. The token",
        ),
        Wrong(
            'tells too much: "key": key,',
            but_with(ISSUE, "R,\n ", 'R, "key": key,\n '),
            "Everybody who has a token can read it. The token",
        ),
        Wrong(
            'another bound: "nbf": now + timedelta(minutes=1),',
            but_with(ISSUE, "w,\n ", 'w, "nbf": now + timedelta(minutes=1),\n '),
            "With this `nbf` the token is not valid yet when it",
        ),
        Wrong(
            'another bound: "iat": now.replace(tzinfo=None),',
            but_with(
                ISSUE,
                'now,\n        "exp": now',
                'now.replace(tzinfo=None),\n        "exp": now.replace(tzinfo=None)',
            ),
            "`iat` is the moment `now` that the function is",
        ),
        Wrong(
            'another bound: "iat": now.replace(tzinfo=timezone.utc),',
            but_with(ISSUE, " now,", " now.replace(tzinfo=timezone.utc),"),
            "`iat` is the moment `now` that the function is",
        ),
        Wrong(
            'hard-coded: "sub": "1",',
            but_with(ISSUE, "str(user.id)", '"1"'),
            "`sub` is the id of the user who was given, as a",
        ),
        Wrong(
            'hard-coded: return jwt.encode(claims, "k" * 64, algorithm="HS256", headers={"typ": "at+…',
            but_with(ISSUE, "s, key, a", 's, "k" * 64, a'),
            "It is signed with HS256 and the key that the",
        ),
        Wrong(
            'hard-coded: return jwt.encode(claims, secrets.token_bytes(64), algorithm="HS256", heade…',
            but_with(ISSUE, "s, key, a", "s, secrets.token_bytes(64), a"),
            "It is signed with HS256 and the key that the",
        ),
        Wrong(
            'not all thought of: return jwt.encode(claims, key, algorithm="HS512", headers={"typ": "…',
            but_with(ISSUE, '"HS256"', '"HS512"'),
            "It is signed with HS256 and the key that the",
        ),
        Wrong(
            'not all thought of: return jwt.encode(claims, key, algorithm="HS384", headers={"typ": "…',
            but_with(ISSUE, '"HS256"', '"HS384"'),
            "It is signed with HS256 and the key that the",
        ),
        Wrong(
            'not all thought of: return jwt.encode(claims, None, algorithm="none", headers={"typ": "…',
            but_with(ISSUE, 'key, algorithm="HS256"', 'None, algorithm="none"'),
            "It is signed with HS256 and the key that the",
        ),
        Wrong(
            "one of 256 ids",
            """
def issue_access_token(user, key, *, now):
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user.id), "scope": " ".join(user.scopes), "iat": now, "exp": now + timedelta(minutes=5), "jti": secrets.token_hex(1)}
    return jwt.encode(claims, key, algorithm="HS256", headers={"typ": "at+jwt"})
""",
            "Two of 500 tokens have the same `jti`",
        ),
    ),
}

EQUIVALENT = {
    "12-issue-access-token": {
        "jwt.encode(claims, key, algorithm='HS256', headers={'typ': 'at+jwt'}) → jwt.encode(claims, key, headers={'typ': 'at+jwt'})": "HS256 is PyJWT's own default",
        "sorted(user.scopes) → user.scopes": "the names of scopes have no order",
        "16 → *": "any long random id will do",
        "'at+jwt' → 'AT+JWT'": "a media type has no case of letters",
        "5 → *": "any life up to an hour will do",
        "int(now.timestamp()) → now.timestamp()": "a NumericDate may have a fraction",
        "3600 → 3599": "any life up to an hour will do",
        "'application/at+jwt' → 'APPLICATION/AT+JWT'": "a media type has no case of letters",
    },
}
