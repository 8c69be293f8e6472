"""Flask with Flask-JWT-Extended, mended: one 401 for every bad token, issuer and audience, a user who is there."""

from flask import Flask, jsonify, request
from flask_jwt_extended import JWTManager, create_access_token, get_current_user, jwt_required
from werkzeug.exceptions import HTTPException

from . import AUDIENCES, ISSUER
from .common import ANSWERS, LARGEST_BODY, NO_STORE, People, Refused, bearer_token, trustworthy


def make_app(secret):
    app = Flask(__name__)
    app.config.update(
        JWT_SECRET_KEY=secret,
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_ENCODE_AUDIENCE=AUDIENCES["flask"],
        JWT_DECODE_AUDIENCE=AUDIENCES["flask"],
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    people = People()
    mend(JWTManager(app), people)

    @app.before_request
    def one_spelling():
        """The extension splits the header at commas and knows one spelling of Bearer: it gets what has been read strictly."""
        try:
            token = bearer_token(request.headers.get("Authorization", ""), request.args)
        except Refused as refused:
            return answer(str(refused))
        if token is not None:
            request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return None

    @app.post("/login")
    def login():
        if request.content_encoding:
            return jsonify(message="Send the body as it is"), 415
        fields = request.get_json(silent=True) if request.is_json else request.form
        for name in ("email", "password"):
            if (
                not hasattr(fields, "get")
                or not isinstance(fields.get(name), str)
                or not fields[name]
            ):
                return jsonify(message=f"The field {name} is missing or no text"), 400
        subject = people.log_in(fields["email"], fields["password"])
        return (
            jsonify(access_token=create_access_token(identity=subject))
            if subject
            else answer("bad login")
        )

    @app.get("/get-user")
    @jwt_required()
    def get_user():
        return jsonify(user=get_current_user())

    @app.errorhandler(HTTPException)
    def in_json(error):
        return jsonify(message=error.name), error.code

    @app.errorhandler(RecursionError)
    def nested_too_deep(_):
        return jsonify(message="The body is nested too deep"), 400

    @app.after_request
    def no_store(response):
        response.headers.update(NO_STORE)
        return response

    return app


def mend(manager, people):
    """Some bad tokens get 401 by default and some 422, in the library's words; no user is looked for."""
    manager.unauthorized_loader(lambda _: answer("no token"))
    manager.invalid_token_loader(lambda *_: answer("bad token"))
    manager.expired_token_loader(lambda *_: answer("bad token"))
    manager.token_verification_failed_loader(lambda *_: answer("bad token"))
    manager.user_lookup_error_loader(lambda *_: answer("bad token"))
    manager.token_verification_loader(
        lambda _, claims: claims.get("type") == "access" and trustworthy(claims)
    )
    manager.user_lookup_loader(lambda _, claims: people.emails.get(claims["sub"]))


def answer(reason):
    status, message, challenge = ANSWERS[reason]
    return jsonify(message=message), status, {"WWW-Authenticate": challenge}
