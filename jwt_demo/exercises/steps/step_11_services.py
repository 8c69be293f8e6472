"""11: a service on Flask and one on FastAPI, each with only the code of its documentation, and to be fixed."""

from __future__ import annotations

import jwt

from ..matchers import answered, challenged, json_of, raised, status
from ..model import Case, Condition, Exercise, Mistake, Request, Trial
from .step_11_server import (
    AGAIN,
    FORGED,
    GONE,
    NO_BEARER,
    NO_TOKEN,
    NOT_AS_TEXT,
    OTHER_SERVICES,
    REMOVED_SINCE,
    SINCE,
    Service,
    ServiceWithAudience,
    accepted,
    on_asgi,
    on_wsgi,
    rejected,
)

FLASK_STUB = """
def flask_service(secret, emails):
    from flask import Flask, jsonify
    from flask_jwt_extended import JWTManager, get_jwt_identity, jwt_required

    app = Flask("service")
    app.config["JWT_SECRET_KEY"] = secret
    JWTManager(app)

    @app.get("/get-user")
    @jwt_required()
    def get_user():
        return jsonify(user=get_jwt_identity())

    return app
"""
FLASK_SOLUTION = """
def flask_service(secret, emails):
    from flask import Flask, jsonify
    from flask_jwt_extended import JWTManager, get_current_user, jwt_required

    app = Flask("service")
    app.config["JWT_SECRET_KEY"] = secret
    manager = JWTManager(app)

    def no_token(_):
        return jsonify(message="Log in"), 401, {"WWW-Authenticate": "Bearer"}

    def bad_token(*_):
        challenge = 'Bearer error="invalid_token"'
        return jsonify(message="Log in"), 401, {"WWW-Authenticate": challenge}

    manager.unauthorized_loader(no_token)
    manager.invalid_token_loader(bad_token)
    manager.expired_token_loader(bad_token)
    manager.user_lookup_loader(lambda _, claims: emails.get(claims["sub"]))
    manager.user_lookup_error_loader(bad_token)

    @app.get("/get-user")
    @jwt_required()
    def get_user():
        return jsonify(user=get_current_user())

    return app
"""
FASTAPI_STUB = """
def fastapi_service(secret, emails):
    from typing import Annotated
    import jwt
    from fastapi import Depends, FastAPI
    from fastapi.security import OAuth2PasswordBearer

    app = FastAPI()
    bearer = OAuth2PasswordBearer(tokenUrl="login")

    def current_user(token: Annotated[str, Depends(bearer)]):
        claims = jwt.decode(token, secret, algorithms=["HS256"])
        return emails.get(claims["sub"])

    @app.get("/get-user")
    def get_user(user: Annotated[str, Depends(current_user)]):
        return {"user": user}

    return app
"""
FASTAPI_SOLUTION = """
def fastapi_service(secret, emails):
    from typing import Annotated
    import jwt
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import OAuth2PasswordBearer

    app = FastAPI()
    bearer = OAuth2PasswordBearer(tokenUrl="login")
    challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    bad_token = HTTPException(401, "This token is not valid here", headers=challenge)
    options = {"require": ["exp", "sub"]}

    def current_user(token: Annotated[str, Depends(bearer)]):
        try:
            claims = jwt.decode(
                token, secret, algorithms=["HS256"], audience="reports", options=options
            )
        except jwt.InvalidTokenError:
            raise bad_token from None
        if claims["sub"] not in emails:
            raise bad_token
        return emails[claims["sub"]]

    @app.get("/get-user")
    def get_user(user: Annotated[str, Depends(current_user)]):
        return {"user": user}

    return app
"""

FLASK_422 = Mistake(
    lambda trial: answered(422)(trial) and trial.bench.extended,
    "Flask-JWT-Extended returns 422 for this token by default. `manager.invalid_token_loader` sets the response for every token that cannot be verified.",
)


def is_default(words: str) -> Condition:
    """A rejection with a text that Flask-JWT-Extended writes where no hook is set."""

    def holds(trial: Trial) -> bool:
        said = (json_of(trial) or {}).get("msg", "")
        challenge = "WWW-Authenticate" in trial.headers
        return bool(answered(401)(trial) and trial.bench.extended and not challenge and said.startswith(words))  # fmt: skip

    return holds


DEFAULT = "This is the default response of Flask-JWT-Extended: it has no challenge, and its text is the library's own. Set the response with `manager.{}`."
FLASK_WORDS = tuple(
    Mistake(is_default(words), DEFAULT.format(hook))
    for words, hook in (
        ("Token has expired", "expired_token_loader"),
        ("Missing", "unauthorized_loader"),
        ("Error loading the user", "user_lookup_error_loader"),
    )
)
NO_REFRESH = Mistake(
    lambda trial: answered(200)(trial) and trial.bench.extended,
    "A refresh token is not an access token, and the service accepted it. Flask-JWT-Extended rejects it where `@jwt_required()` has no argument that allows it.",
)
NOBODY = Mistake(
    lambda trial: (
        raised(KeyError)(trial) and ("who is gone" in trial.sent or "with a sub" in trial.sent)
    ),
    "No user has this id, and your code raised KeyError, so the client got 500. Reject the token like any other bad token.",
)
FLASK_ID = Mistake(
    lambda trial: answered(200)(trial) and json_of(trial) == {"user": trial.bench.sub},
    "The response has the id of the user, which is `sub`. Look up the e-mail in `emails`.",
)
AFTER_THE_FIRST = (
    accepted(
        "GET /get-user with the administrator's token",
        "admin",
        "admin",
        "Another user has another e-mail: look it up in `emails` for each request.",
    ),
    Case(
        "GET /get-user without a token",
        Request("GET", "/get-user"),
        (status(401), challenged(None)),
        NO_TOKEN,
    ),
    rejected("GET /get-user with an expired token", "expired", "This token has expired: 401."),
)  # fmt: skip
ABOUT_USERS = (
    rejected("GET /get-user with a token of a user who is gone", "user gone", GONE),
    rejected("GET /get-user with a sub that is a part of an id", "a part of the id", GONE),
    rejected("GET /get-user with a sub that is longer than an id", "more than the id", GONE),
    rejected("GET /get-user with a sub that has a zero in front of the id", "a zero and the id", NOT_AS_TEXT),
    rejected("GET /get-user with a sub that has a space behind the id", "the id and a space", NOT_AS_TEXT),
    *NO_BEARER,
    SINCE,
    accepted("GET /get-user with the good token again", "good", "user", AGAIN),
    REMOVED_SINCE,
)  # fmt: skip


FLASK = Exercise(
    name="11-flask-service",
    function="flask_service",
    idea="A library verifies the token. Your code decides which response a bad token gets, and looks up the user.",
    stub=FLASK_STUB,
    solution=FLASK_SOLUTION,
    needs=("flask", "flask_jwt_extended"),
    mount=on_wsgi,
    kind="wsgi service",
    bench=Service.make,
    hints=(
        "Keep the manager in a variable: `manager = JWTManager(app)`. It has one hook for each thing that can go wrong, and each hook returns a response.",
        "`unauthorized_loader` is for a request without a token. `invalid_token_loader` and `expired_token_loader` are for bad tokens. "
        "`user_lookup_loader` returns the user or None, `user_lookup_error_loader` is for None, and the handler gets the user with `from flask_jwt_extended import get_current_user`.",
        "Write one function for all bad tokens, `def bad_token(*_)`. It returns `jsonify(message=\"Log in\"), 401, {\"WWW-Authenticate\": challenge}` "
        "with `challenge = 'Bearer error=\"invalid_token\"'`. Give it to the three hooks. "
        'Look up the user with `manager.user_lookup_loader(lambda _, claims: emails.get(claims["sub"]))`, and return `jsonify(user=get_current_user())`.',
    ),
    cases=(
        accepted(
            "GET /get-user with the user's token",
            "good",
            "user",
            "This token is good: return `{\"user\": …}` with the e-mail that `emails` has for its `sub`.",
            rejected="This token is good: it is signed with the `secret` that your function was given (HS256), has not expired, and `emails` has its `sub`. Return 200.",
        ),
        *AFTER_THE_FIRST,
        *FORGED,
        rejected(
            "GET /get-user with a refresh token",
            "refresh",
            "A refresh token is not an access token: its claim `type` is `refresh`, and that of an access token is `access`. Reject it like any other bad token.",
            NO_REFRESH,
        ),
        rejected("GET /get-user with a token that is valid in an hour", "not yet", "This token is not valid yet: 401."),
        *ABOUT_USERS,
    ),
    mistakes=(FLASK_422, *FLASK_WORDS, FLASK_ID, NOBODY),
    learnt="Every bad token gets one and the same response, and a request without a token gets another. A library can verify the token; what the client gets is decided by you.",
)  # fmt: skip

KEY_REFUSED = Mistake(
    raised(jwt.InvalidKeyError),
    "PyJWT raised InvalidKeyError: key and algorithm do not fit. It is not an InvalidTokenError, so the client got 500. "
    "Allow one algorithm, HS256: then PyJWT rejects the token before it uses the key.",
)
UNCAUGHT = Mistake(
    raised(jwt.InvalidTokenError),
    "PyJWT raised an exception and nothing caught it, so the client got 500. Catch `jwt.InvalidTokenError` around `jwt.decode`, and raise an `HTTPException` with status 401 and a challenge.",
)
NOT_FOUND = Mistake(
    lambda trial: answered(200)(trial) and json_of(trial) == {"user": None},
    "The response is 200 with no user: no user was found, and the service accepted the token all the same. Reject it if no user has its id.",
)
NOT_RAISED = Mistake(
    lambda trial: answered(200)(trial) and "status_code" in str((json_of(trial) or {}).get("user")),
    "The response is 200, and an HTTPException stands in it in place of the user: it was returned. `raise` it.",
)
KEY_MISSING = Mistake(
    raised(KeyError),
    "Your code looked up a name that is not there, so the client got 500. A token may lack a claim: list it in `require`. A user may be gone: look with `in` or `.get` first.",
)
FASTAPI = Exercise(
    name="11-fastapi-service",
    function="fastapi_service",
    idea="FastAPI has no JWT library of its own, so your service must require each claim and catch each error itself.",
    stub=FASTAPI_STUB,
    solution=FASTAPI_SOLUTION,
    needs=("fastapi",),
    mount=on_asgi,
    kind="asgi service",
    bench=ServiceWithAudience.make,
    hints=(
        "All the work is in `current_user`. What does it do if `jwt.decode` raises? What does it do if the user does not exist?",
        "`jwt.InvalidTokenError` is the parent of all that PyJWT raises about a token. `audience=` names this service, and `options={\"require\": [...]}` lists the claims that must be there. `from fastapi import HTTPException` for the response.",
        "With `challenge = {\"WWW-Authenticate\": 'Bearer error=\"invalid_token\"'}`, raise the same error in both cases: "
        '`bad_token = HTTPException(401, "This token is not valid here", headers=challenge)`. '
        'With `options = {"require": ["exp", "sub"]}`, decode with `jwt.decode(token, secret, algorithms=["HS256"], audience="reports", options=options)`.',
    ),
    cases=(
        accepted(
            "GET /get-user with the user's token",
            "good",
            "user",
            'This token is good, and its `aud` is "reports": return `{"user": …}` with the e-mail that `emails` has for its `sub`.',
            Mistake(
                raised(jwt.InvalidAudienceError),
                'This token is good, and its `aud` is "reports". Give PyJWT the name of this service: `audience="reports"`.',
            ),
            rejected='This token is good: `emails` has its `sub`. PyJWT accepts it with three things: the token as text, the `secret` that your function was given, and `audience="reports"`.',
        ),
        *AFTER_THE_FIRST,
        rejected("GET /get-user with a token that expired two seconds ago", "expired today", "This token has expired: 401."),
        *FORGED,
        rejected("GET /get-user with HS512 and the same key", "HS512", "Use each key with one algorithm: this key is only for HS256 (RFC 8725 §3.1)."),
        rejected("GET /get-user with HS384 and the same key", "HS384", "Use each key with one algorithm: this key is only for HS256 (RFC 8725 §3.1)."),
        rejected("GET /get-user with a token for another service", "audience", "This token is for another service. `audience=\"reports\"` lets PyJWT compare the names."),
        rejected("GET /get-user with a token for reports-archive", "nearly our audience", "This audience only starts with our name. Compare the whole name."),
        *(
            rejected(f"GET /get-user with a token for {name!r}", f"audience {name}", "This token is for another service: this one is called `reports`, and has no other name.")
            for name in OTHER_SERVICES
        ),
        rejected("GET /get-user with a token without aud", "no audience", "This token names no audience. With `audience=` PyJWT requires the claim."),
        accepted("GET /get-user with a token for archive and reports", "one of two audiences", "user", "`aud` may be a list of names (RFC 7519 §4.1.3). `reports` is in this one, so the token is for this service too: 200."),
        rejected("GET /get-user with a token for archive and service", "two other audiences", "This `aud` is a list, and `reports` is not in it: the token is for other services."),
        rejected("GET /get-user with a token without exp", "no exp", "This token never expires: PyJWT checks `exp` only if it is present. List it in `require`."),
        rejected("GET /get-user with a token without sub", "no sub", "A token without `sub` names no user: 401, like any other bad token."),
        *ABOUT_USERS,
    ),
    mistakes=(KEY_REFUSED, UNCAUGHT, NOT_FOUND, NOT_RAISED, KEY_MISSING),
    learnt="FastAPI checks nothing in a token by itself. Your service requires the claims, demands its audience, looks up the user, and gives one response for every bad token.",
)  # fmt: skip

EXERCISES = (FLASK, FASTAPI)
