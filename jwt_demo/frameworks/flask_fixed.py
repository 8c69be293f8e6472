"""Flask with Flask-JWT-Extended, fixed: one 401 for every bad token, issuer and audience, a user who is there."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, jsonify, request
from flask_jwt_extended import JWTManager, create_access_token, get_current_user, jwt_required
from werkzeug.exceptions import HTTPException

from . import AUDIENCES, ISSUER
from .common import LARGEST_BODY, NO_STORE, RESPONSES, People, Rejected, bearer_token, trustworthy

Returned = Response | tuple[Response, int] | tuple[Response, int, dict[str, str]]


def make_app(secret: str) -> Flask:
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
    set_responses(JWTManager(app), people)

    @app.before_request
    def one_spelling() -> Returned | None:
        """The extension splits the header at commas and knows one spelling of Bearer: it gets what has been read strictly."""
        try:
            token = bearer_token(request.headers.get("Authorization", ""), request.args)
        except Rejected as rejected:
            return respond(str(rejected))
        if token is not None:
            request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return None

    @app.post("/login")
    def login() -> Returned:
        if request.content_encoding:
            return jsonify(message="Send the body as it is"), 415
        fields = request.get_json(silent=True) if request.is_json else request.form
        if not isinstance(fields, Mapping):
            fields = {}
        for name in ("email", "password"):
            if not isinstance(fields.get(name), str) or not fields[name]:
                return jsonify(message=f"The field {name} is missing or no text"), 400
        subject = people.log_in(fields["email"], fields["password"])
        return (
            jsonify(access_token=create_access_token(identity=subject))
            if subject
            else respond("bad login")
        )

    @app.get("/get-user")
    @jwt_required()  # type: ignore[untyped-decorator]  # it carries no types
    def get_user() -> Returned:
        return jsonify(user=get_current_user())

    @app.errorhandler(HTTPException)
    def in_json(error: HTTPException) -> Returned:
        return jsonify(message=error.name), error.code or 500

    @app.errorhandler(RecursionError)
    def nested_too_deep(_: RecursionError) -> Returned:
        return jsonify(message="The body is nested too deep"), 400

    @app.after_request
    def no_store(response: Response) -> Response:
        response.headers.update(NO_STORE)
        return response

    return app


def set_responses(manager: JWTManager, people: People) -> None:
    """By default, some bad tokens get 401 and some 422, with the library's text, and no user is looked up."""
    manager.unauthorized_loader(lambda _: respond("no token"))
    manager.invalid_token_loader(lambda *_: respond("bad token"))
    manager.expired_token_loader(lambda *_: respond("bad token"))
    manager.token_verification_failed_loader(lambda *_: respond("bad token"))
    manager.user_lookup_error_loader(lambda *_: respond("bad token"))
    manager.token_verification_loader(
        lambda _, claims: claims.get("type") == "access" and trustworthy(claims)
    )
    manager.user_lookup_loader(lambda _, claims: people.emails.get(claims["sub"]))


def respond(reason: str) -> tuple[Response, int, dict[str, str]]:
    status, message, challenge = RESPONSES[reason]
    return jsonify(message=message), status, {"WWW-Authenticate": challenge}
