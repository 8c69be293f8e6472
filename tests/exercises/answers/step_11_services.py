"""Right and wrong answers to the services of step 11."""

from __future__ import annotations

from jwt_demo.exercises.steps.step_11_services import FASTAPI_SOLUTION, FLASK_SOLUTION
from tests.exercises.answers.model import Wrong, but_with


def audience_by_hand(is_not_ours: str) -> str:
    """The service on FastAPI, with `aud` compared by its own code."""
    source = but_with(
        FASTAPI_SOLUTION, '["exp", "sub"]', '["exp", "sub", "aud"], "verify_aud": False'
    )
    source = but_with(source, 'audience="reports", ', "")
    return but_with(source, 'claims["sub"] not in', f'{is_not_ours} or claims["sub"] not in')


RIGHT = {
    "11-flask-service": (
        # the exceptions of the extension, in place of its hooks
        """
def flask_service(secret, emails):
    from flask import Flask
    from flask_jwt_extended import JWTManager, get_jwt_identity, verify_jwt_in_request
    from flask_jwt_extended.exceptions import NoAuthorizationError

    app = Flask("service")
    app.config["JWT_SECRET_KEY"] = secret
    JWTManager(app)

    @app.get("/get-user")
    def get_user():
        try:
            verify_jwt_in_request()
            return {"user": emails[get_jwt_identity()]}
        except NoAuthorizationError:
            return {}, 401, {"WWW-Authenticate": "Bearer"}
        except Exception:
            return {}, 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}

    return app
""",
    ),
    "11-fastapi-service": (
        # all in the handler
        """
def fastapi_service(secret, emails):
    import jwt
    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.security import OAuth2PasswordBearer

    app = FastAPI()
    bearer = OAuth2PasswordBearer(tokenUrl="login")

    @app.get("/get-user")
    async def get_user(token=Depends(bearer)):
        required = {"require": ["exp", "sub"]}
        try:
            claims = jwt.decode(token, secret, ["HS256"], required, audience="reports")
            return {"user": emails[claims["sub"]]}
        except (jwt.InvalidTokenError, KeyError):
            challenge = 'Bearer error="invalid_token"'
            raise HTTPException(401, headers={"WWW-Authenticate": challenge}) from None

    return app
""",
    ),
}

NO_LONGER_READ = "was in `emails` when your function was called, and is removed since"

WRONG = {
    "11-flask-service": (
        Wrong(
            "a copy of the e-mails",
            but_with(
                FLASK_SOLUTION,
                "    def no_token(_):\n",
                "    emails = {str(number): email for number, email in emails.items()}\n\n    def no_token(_):\n",
            ),
            NO_LONGER_READ,
        ),
        Wrong(
            "422 as by default",
            but_with(FLASK_SOLUTION, "    manager.invalid_token_loader(bad_token)\n", ""),
            "returns 422 for this token by default",
        ),
        Wrong(
            "the library's response to an expired token",
            but_with(FLASK_SOLUTION, "    manager.expired_token_loader(bad_token)\n", ""),
            "default response of Flask-JWT-Extended",
        ),
        Wrong(
            "no challenge without a token",
            but_with(
                FLASK_SOLUTION,
                "    manager.unauthorized_loader(no_token)\n",
                "",
            ),
            "default response of Flask-JWT-Extended",
        ),
        Wrong(
            "an error code where nothing was wrong",
            but_with(
                FLASK_SOLUTION, "unauthorized_loader(no_token)", "unauthorized_loader(bad_token)"
            ),
            "The request has no token, so no token is wrong",
        ),
        Wrong(
            "no challenge",
            but_with(FLASK_SOLUTION, ', 401, {"WWW-Authenticate": challenge}', ", 401"),
            "A 401 has a challenge",
        ),
        Wrong(
            "the reason in the response",
            but_with(
                FLASK_SOLUTION,
                "manager.invalid_token_loader(bad_token)",
                "manager.invalid_token_loader(lambda why: (jsonify(why=why), 401, "
                "{'WWW-Authenticate': 'Bearer error=\"invalid_token\"'}))",
            ),
            "differs from the one that the expired token got",
        ),
        Wrong(
            "a user who is gone",
            but_with(
                but_with(
                    FLASK_SOLUTION,
                    '    manager.user_lookup_loader(lambda _, claims: emails.get(claims["sub"]))\n',
                    "",
                ),
                "user=get_current_user()",
                "user=emails.get(get_jwt_identity())",
            ).replace("get_current_user,", "get_jwt_identity,"),
            "no user has this id",
        ),
        Wrong(
            "the id in place of the e-mail",
            but_with(FLASK_SOLUTION, "user=get_current_user()", "user=get_jwt_identity()").replace(
                "get_current_user,", "get_jwt_identity,"
            ),
            "The response has the id of the user",
        ),
        Wrong(
            "the application is not returned",
            but_with(FLASK_SOLUTION, "    return app\n", ""),
            "must return its application",
        ),
        Wrong(
            "403 for a bad token",
            but_with(
                FLASK_SOLUTION,
                '401, {"WWW-Authenticate": challenge}',
                '403, {"WWW-Authenticate": challenge}',
            ),
            "This token has expired: 401",
        ),
    ),
    "11-fastapi-service": (
        Wrong(
            "a copy of the e-mails",
            but_with(
                FASTAPI_SOLUTION,
                "    app = FastAPI()\n",
                "    app = FastAPI()\n    emails = dict(emails)\n",
            ),
            NO_LONGER_READ,
        ),
        Wrong(
            "aud compared by hand",
            audience_by_hand('claims["aud"] != "reports"'),
            "`reports` is in this one, so the token is for this service too",
        ),
        Wrong(
            "every list in aud",
            audience_by_hand('claims["aud"] != "reports" and not isinstance(claims["aud"], list)'),
            "This `aud` is a list, and `reports` is not in it",
        ),
        Wrong(
            "404 for a user who is not found",
            but_with(
                but_with(FASTAPI_SOLUTION, '["exp", "sub"]', '["exp"]'),
                """        if claims["sub"] not in emails:
            raise bad_token
        return emails[claims["sub"]]""",
                """        user = emails.get(claims.get("sub"))
        if user is None:
            raise HTTPException(404, "no such user")
        return user""",
            ),
            "A token without `sub` names no user: 401, like any other bad token",
        ),
        Wrong(
            "another name of the service",
            but_with(FASTAPI_SOLUTION, 'audience="reports"', 'audience=["reports", "service"]'),
            "has no other name",
        ),
        Wrong(
            "the id",
            but_with(FASTAPI_SOLUTION, 'return emails[claims["sub"]]', 'return claims["sub"]'),
            "with the e-mail that `emails` has",
        ),
        Wrong(
            "nothing caught",
            but_with(FASTAPI_SOLUTION, "except jwt.InvalidTokenError", "except ZeroDivisionError"),
            "PyJWT raised an exception and nothing caught it",
        ),
        Wrong(
            "only two of the errors",
            but_with(
                FASTAPI_SOLUTION,
                "except jwt.InvalidTokenError",
                "except (jwt.DecodeError, jwt.ExpiredSignatureError)",
            ),
            "PyJWT raised an exception and nothing caught it",
        ),
        Wrong(
            "no audience given",
            but_with(FASTAPI_SOLUTION, 'audience="reports", ', ""),
            "PyJWT accepts it with three things",
        ),
        Wrong(
            "the audience is not looked at",
            but_with(
                FASTAPI_SOLUTION,
                '["exp", "sub"]}',
                '["exp", "sub"], "verify_aud": False}',
            ),
            "This token is for another service",
        ),
        Wrong(
            "exp is not required",
            but_with(FASTAPI_SOLUTION, '["exp", "sub"]', '["sub"]'),
            "This token never expires",
        ),
        Wrong(
            "sub is not required",
            but_with(FASTAPI_SOLUTION, '["exp", "sub"]', '["exp"]'),
            "is not there",
        ),
        Wrong(
            "a user who is gone",
            but_with(
                but_with(
                    FASTAPI_SOLUTION,
                    '        if claims["sub"] not in emails:\n            raise bad_token\n',
                    "",
                ),
                'return emails[claims["sub"]]',
                'return emails.get(claims["sub"])',
            ),
            "200 with no user",
        ),
        Wrong(
            "401 without a challenge",
            but_with(FASTAPI_SOLUTION, ", headers=challenge", ""),
            "A 401 has a challenge",
        ),
        Wrong(
            "the error's words in the response",
            but_with(
                FASTAPI_SOLUTION,
                "InvalidTokenError:\n            raise bad_token from None",
                "InvalidTokenError as error:\n            raise HTTPException(401, str(error), headers=challenge) from None",
            ),
            "says why the token was rejected",
        ),
        Wrong(
            "another response for a user who is gone",
            but_with(
                FASTAPI_SOLUTION,
                "emails:\n            raise bad_token",
                'emails:\n            raise HTTPException(401, "No such user", headers=challenge)',
            ),
            "differs from the one that the expired token got",
        ),
        Wrong(
            "the application is not returned",
            but_with(FASTAPI_SOLUTION, "    return app\n", ""),
            "must return its application",
        ),
    ),
}

NO_CASE = "the name of a header or scheme has no case of letters"
EQUIVALENT = {
    "11-flask-service": {
        "'service' → *": "the name of an application is not seen from outside",
        "jsonify(message='Log in') → jsonify()*": "no text is asked for in the body",
        "'WWW-Authenticate' → *": NO_CASE,
        "'Bearer' → *": NO_CASE,
        "claims['sub'] → claims.get('sub')": "the extension requires sub",
    },
    "11-fastapi-service": {
        "HTTPException(401, 'This token is not valid here', headers=challenge) → HTTPException(401, headers=challenge)": "no text is asked for in the body",
        "'WWW-Authenticate' → *": NO_CASE,
        "'login' → *": "nobody fetches a token there",
        "except jwt.InvalidTokenError: raise bad_token from None → *": "only jwt.decode is in the try",
        "except (jwt.InvalidTokenError, KeyError): * → *": "nothing else can fail in the try",
        "['exp', 'sub'] → ['exp']": "a sub that is missing raises KeyError, which is caught",
        "claims['sub'] not in emails → *.lower() in *": "the ids are digits",
        "emails[claims['sub']] → emails.get(claims['sub'])": "the id was looked for before",
        "claims['sub'] → claims.get('sub')*": "sub is required, and None is no id",
        "all that follows, in the try": "what follows raises no error of PyJWT",
    },
}
