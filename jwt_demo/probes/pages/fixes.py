"""How to fix what a probe found, by subject and by library. The one source of the pages' last part."""

from __future__ import annotations

LIBRARIES = ("PyJWT", "Flask-JWT-Extended", "simplejwt", "FastAPI", "express-jwt")

# Subject: the rule, then what to write in each library, in the order of LIBRARIES. FastAPI has no verifier of its own: its line is about
# the dependency that calls PyJWT.
FIXES: dict[str, tuple[str, str, str, str, str, str]] = {
    "signature": (
        "Verify the signature of every token. Use one function for this, without a parameter that switches it off.",
        '`jwt.decode(token, key, algorithms=["HS256"])`; never use `options={"verify_signature": False}` where the result decides about access.',
        "`@jwt_required()` verifies; never read claims with `verify_signature` switched off.",
        "Keep `JWTAuthentication` in `DEFAULT_AUTHENTICATION_CLASSES`; set `SIGNING_KEY` and `VERIFYING_KEY` in the settings only.",
        "Call `jwt.decode` in a dependency, and add this dependency to each route.",
        '`expressjwt({ secret, algorithms: ["HS256"] })` verifies; `jwt.decode` of jsonwebtoken does not: use `jwt.verify`.',
    ),
    "algorithm": (
        "Write the algorithm of the key into the server's code. Never take it from the token.",
        '`algorithms=["RS256"]`, a list with one name; a `PyJWK` as the key allows only the algorithm of this key.',
        '`JWT_ALGORITHM = "RS256"` and `JWT_DECODE_ALGORITHMS = ["RS256"]`.',
        '`SIMPLE_JWT = {"ALGORITHM": "RS256", "SIGNING_KEY": …, "VERIFYING_KEY": …}`.',
        '`algorithms=["RS256"]` in the dependency, and no other list in the code.',
        '`algorithms: ["RS256"]`; this option is required. Do not allow HS256 together with RS256.',
    ),
    "secret": (
        "Use a random secret of at least 32 bytes (48 for HS384, 64 for HS512), and store it outside the code.",
        '`secrets.token_urlsafe(64)`; `PyJWT(options={"enforce_minimum_key_length": True})` rejects short secrets.',
        '`app.config["JWT_SECRET_KEY"] = os.environ["JWT_SECRET"]`, and do not start the server if it is missing.',
        "Set `SIGNING_KEY` in `SIMPLE_JWT` from the environment; the default is Django's `SECRET_KEY`.",
        "Read the key from the environment in your settings, without a default value.",
        "`secret: process.env.JWT_SECRET`, and throw an error at the start if it is missing or short.",
    ),
    "header key": (
        "Look up `kid` in a list of your own keys. Ignore jwk, jku, x5c and x5u.",
        "`PyJWKClient(url)` with a fixed address, or a dict from `kid` to key; reject a `kid` that is not in it.",
        "`@jwt.decode_key_loader` returns a key from a dict; never use the text of `kid` as a file name or in an SQL query.",
        "Set `JWK_URL` to a fixed address; the library reads it from the settings only.",
        "Pass a key from your own settings to `jwt.decode`; read only `kid` from `jwt.get_unverified_header`.",
        "`secret: jwksRsa.expressJwtSecret({ jwksUri })` with a fixed address; a function of your own compares `header.kid` with a list.",
    ),
    "header types": (
        "The header comes from the client: check the type of each parameter, reject an unknown `crit`, and return 401, not 500.",
        "Catch `jwt.PyJWTError` (and `UnicodeError`) around `decode`; PyJWT 2.15.1 rejects a `kid` of another type and an unknown `crit`.",
        "Upgrade to a version that uses PyJWT 2.15.1 or later.",
        "Upgrade PyJWT to 2.15.1 or later; catch `TokenError` in your own authentication class.",
        "Catch `jwt.PyJWTError` in the dependency; `jwt.InvalidTokenError` alone misses `InvalidKeyError`.",
        'Check `typeof token.header.kid === "string"` and that `crit` is missing in `isRevoked`, or before the middleware.',
    ),
    "expiry": (
        "Require `exp` and `iat`, check both, and limit the lifetime `exp - iat`, for example to an hour.",
        '`options={"require": ["exp", "iat"]}`, then reject the token if `claims["exp"] - claims["iat"]` is above the limit.',
        "`@jwt.token_verification_loader` returns False if `exp` is missing or too far in the future.",
        "`ACCESS_TOKEN_LIFETIME` sets the lifetime of new tokens; override `AccessToken.verify` to limit it for received tokens.",
        '`options={"require": ["exp", "iat"]}` in `jwt.decode`, then compare `exp - iat` with the limit.',
        '`maxAge: "1h"` limits the age since `iat`; check in `isRevoked` that `payload.exp` is present.',
    ),
    "times": (
        "Accept only numbers as `exp`, `nbf` and `iat`, and only below a limit.",
        "After `decode`: `isinstance(value, int | float) and not isinstance(value, bool)` for each time that is present.",
        "Check the types in `@jwt.token_verification_loader`.",
        "Override `Token.__init__` or `verify`: a text or a huge number raises an exception that is not a `TokenError`, and the response is 500.",
        "Check the types after `jwt.decode`, and raise the same 401 as for other invalid tokens.",
        'Compare `typeof payload.exp === "number"` in `isRevoked`; jsonwebtoken 9 rejects other types of `exp` and `nbf`.',
    ),
    "subject": (
        "Require a `sub` that is a non-empty string, look the user up, and return 401 if there is no such user.",
        '`options={"require": ["sub"]}`; then `user = users.get(claims["sub"])`, and return 401 for None.',
        "`@jwt.user_lookup_loader` returns None if there is no such user, and `@jwt.user_lookup_error_loader` returns 401.",
        "Override `JWTAuthentication.get_user`: check the type of the claim first, and catch ValueError and TypeError.",
        "Raise the same 401 for a `sub` that is missing, unknown or not a string.",
        'Check `typeof req.auth.sub === "string"` and look the user up, in a handler after the middleware.',
    ),
    "audience": (
        "Write an audience into each token that you issue. Require it in each token that you receive, and compare the whole text.",
        '`jwt.decode(…, audience="https://api.example", options={"require": ["aud"]})`.',
        "`JWT_ENCODE_AUDIENCE` and `JWT_DECODE_AUDIENCE`.",
        '`SIMPLE_JWT["AUDIENCE"]`.',
        "`audience=…` in `jwt.decode`, and `aud` in the tokens that the login issues.",
        '`audience: "https://api.example"`.',
    ),
    "issuer": (
        "Require the issuer, and compare the whole text.",
        '`jwt.decode(…, issuer="https://id.example", options={"require": ["iss"]})`.',
        "`JWT_ENCODE_ISSUER` and `JWT_DECODE_ISSUER`.",
        '`SIMPLE_JWT["ISSUER"]`.',
        "`issuer=…` in `jwt.decode`.",
        '`issuer: "https://id.example"`.',
    ),
    "kind": (
        "Write into each token what it is for. Accept only one kind of token at each path.",
        '`typ: "at+jwt"` in the header of each token that you issue; compare `jwt.get_unverified_header(token)["typ"]` after `decode`.',
        'The library sets `type`; check `jwt_data["type"] == "access"` in `@jwt.token_verification_loader`.',
        "The library sets and checks `token_type`; list the classes in `AUTH_TOKEN_CLASSES`.",
        "Put a `token_use` claim or a `typ` into the tokens that the login issues, and compare it in the dependency.",
        "Compare `token.header.typ` (or a claim) in `isRevoked`.",
    ),
    "claims": (
        "Parse the payload once, strictly: UTF-8, one JSON object, no repeated names. Reject anything else with 401.",
        "`decode` rejects a payload that is not an object; to reject repeated names, parse with `object_pairs_hook` first.",
        "The library uses PyJWT; a `before_request` function can parse strictly before it.",
        "The library uses PyJWT; your own authentication class can parse strictly before it.",
        "Parse strictly in the dependency, before `jwt.decode`.",
        'jsonwebtoken returns a string if the payload is not JSON: check `typeof payload === "object"`.',
    ),
    "revocation": (
        "Store the `jti` of each revoked token until the token expires, and look it up on each request. Never store the token itself.",
        'Require `jti`, and reject the token if `claims["jti"]` is in the denylist.',
        '`@jwt.token_in_blocklist_loader`, with a function that looks up `jwt_payload["jti"]`.',
        "Use the app `rest_framework_simplejwt.token_blacklist` for refresh tokens, and short lifetimes for access tokens.",
        "Look up the `jti` in the dependency, in a store that all workers share.",
        "`isRevoked: async (req, token) => revoked.has(token.payload.jti)`.",
    ),
    "refresh": (
        "Issue a new refresh token with each refresh. If a client sends an old one, revoke all tokens of this login.",
        "Store the id of the current refresh token for each login, and change it in one atomic step.",
        "The library does not rotate: issue a new refresh token in `/refresh`, and put the old `jti` into the blocklist.",
        "`ROTATE_REFRESH_TOKENS = True` and `BLACKLIST_AFTER_ROTATION = True`.",
        "Store the current refresh token of each login in the database, and change it with one `UPDATE … WHERE current = :old`.",
        "Store the current refresh token of each login in the database; jsonwebtoken only signs and verifies.",
    ),
    "transport": (
        "Read the token from one place, the `Authorization` header, in one form.",
        "Split the header once at the space, compare the scheme case-insensitively, and accept only three base64url segments.",
        '`JWT_TOKEN_LOCATION = ["headers"]`; a `before_request` rejects a header with a comma or a second one.',
        '`AUTH_HEADER_TYPES = ("Bearer",)`; override `get_raw_token` to compare the scheme case-insensitively.',
        '`HTTPBearer` compares the scheme case-insensitively; reject the request if `request.headers.getlist("authorization")` has two entries.',
        "Do not set `getToken`, or read only the header in it. Node joins or drops repeated headers: look at `req.rawHeaders`.",
    ),
    "challenge": (
        'Return 401 with `WWW-Authenticate: Bearer`; add `error="invalid_token"` where a token was sent.',
        "PyJWT sends no response: set the header where you catch `PyJWTError`.",
        "`@jwt.unauthorized_loader`, `@jwt.invalid_token_loader` and `@jwt.expired_token_loader` return the response with its header.",
        "Override `authenticate_header` and the exception handler, so that the 401 contains the error code.",
        '`HTTPException(401, headers={"WWW-Authenticate": \'Bearer error="invalid_token"\'})`.',
        'An error handler: `if (err.name === "UnauthorizedError") res.set("WWW-Authenticate", …).status(401)`.',
    ),
    "guard": (
        "Protect every route by default, and list the public routes. Look up the permissions of a user on the server.",
        "Use one middleware or decorator for all routes; PyJWT itself protects no route.",
        "`@jwt_required()` on each view, or `verify_jwt_in_request()` in `before_request`; check the role in the database.",
        "`DEFAULT_PERMISSION_CLASSES = [IsAuthenticated]`, and a permission class for each permission.",
        "`FastAPI(dependencies=[Depends(current_user)])`; `Security(…, scopes=[…])` for permissions.",
        '`app.use(expressjwt(…).unless({ path: ["/login"] }))`; look up the permissions of the user in `req.auth`.',
    ),
    "login": (
        "Send the same response to a wrong password and to an unknown user: the same status, text and time. For a wrong body return 400, never 500.",
        "PyJWT is not part of the login: verify a dummy hash if there is no such user.",
        "In your own view: `request.get_json(silent=True)`, check the types, and verify a password hash, a dummy one if there is no such user.",
        "`TokenObtainPairView` already does this; set `DATA_UPLOAD_MAX_MEMORY_SIZE`, and catch `RecursionError` in a middleware.",
        "Declare `Form` or a model for the body; verify a dummy hash if there is no such user.",
        '`express.json({ limit: "16kb" })`, check the types, and verify a dummy hash if there is no such user.',
    ),
    "login limit": (
        "Count wrong passwords for each account and address together, and for each address, in a store that all workers share; return 429 with "
        "Retry-After. Do not lock an account for everybody.",
        "PyJWT is not part of the login: `jwt_demo/stages/parts/login_limit.py` is a limit that you can copy.",
        "Flask-Limiter on the login view, with a `key_func` of user and address, `headers_enabled=True` and a shared `storage_uri`.",
        "A subclass of `SimpleRateThrottle` on `TokenObtainPairView`, whose `get_cache_key` joins user and address; it sends Retry-After.",
        "slowapi's `@limiter.limit` for the address, with `headers_enabled=True` and a shared `storage_uri`; its `key_func` "
        "cannot read the body, so count the account in the route, with the package `limits`.",
        "express-rate-limit on the login, with a `keyGenerator` of user and address and a shared `store`.",
    ),
    "cache": (
        "Send `Cache-Control: no-store` with every response that contains a token.",
        "PyJWT sends no response: set the header in your view.",
        '`response.headers["Cache-Control"] = "no-store"` in the view, or in `after_request`.',
        "Decorate the view with `never_cache`, which sends no-store.",
        '`response.headers["Cache-Control"] = "no-store"` with a `Response` parameter.',
        '`res.set("Cache-Control", "no-store")` before `res.json(…)`.',
    ),
    "sturdy": (
        "No request may cause a 5xx status, a missing response or a dropped connection. A response must not repeat any part of the token.",
        "Catch `jwt.PyJWTError`, `UnicodeError` and `RecursionError` around `decode`.",
        "Flask returns 500 for exceptions that you do not catch: add an error handler for `UnicodeError` and `RecursionError`.",
        "Add a custom exception handler, and set `DEBUG = False`.",
        "Add an exception handler for exceptions that the dependency does not catch.",
        "Add an error handler as the last middleware. It returns 401 or 400 and logs no token.",
    ),
    "published keys": (
        "Publish only the public members of each key, use one function that removes the others, and let clients cache the set.",
        "`RSAAlgorithm.to_jwk(key.public_key())`, never `to_jwk` of the private key.",
        "Write a view that returns the public key, with `Cache-Control: public, max-age=300`.",
        "Write a view that returns the public key.",
        "Write a route that returns the public key.",
        "`jose.exportJWK(publicKey)`, never `exportJWK` of the private key.",
    ),
}

SUBJECTS: dict[str, str] = {
    "signature": "signature-changed signature-cut signature-missing payload-changed header-changed foreign-key zero-signature",
    "algorithm": "alg-none alg-none-spelled alg-odd alg-missing alg-other-hash foreign-algorithm public-key-as-secret",
    "secret": "guessed-secret",
    "header key": "header-jwk header-x5c header-jku header-x5u kid-path kid-sql",
    "header types": "kid-odd header-odd crit",
    "expiry": "expired no-exp exp-milliseconds not-yet-valid issued-later",
    "times": "odd-times times-in-quotes",
    "subject": "no-subject odd-subject falsy-subject user-gone",
    "audience": "other-audience no-audience odd-audience",
    "issuer": "other-issuer no-issuer odd-issuer",
    "kind": "other-kind no-kind refresh-as-access access-as-refresh",
    "claims": "no-claims named-twice",
    "revocation": "odd-jti no-jti after-logout respelled-logout logout-twice",
    "refresh": "rotation refresh-reuse refresh-race",
    "transport": "scheme-case token-in-address two-ways two-headers respelled with-company json-form",
    "challenge": "no-token other-scheme bearer-alone not-a-token",
    "guard": "too-little-scope no-scope other-methods other-spellings",
    "login": "login good-token wrong-password unknown-email missing-field odd-fields lying-body oversize-body login-timing",
    "login limit": "login-limit",
    "cache": "login-cache",
    "sturdy": "nested not-ascii long-token nested-header odd-requests",
    "published keys": "jwks-public",
}


def subject_of(name: str) -> str:
    """The subject a probe belongs to; KeyError for a probe without one."""
    for subject, names in SUBJECTS.items():
        if name in names.split():
            return subject
    raise KeyError(name)
