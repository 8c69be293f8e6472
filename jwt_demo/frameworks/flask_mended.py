"""Flask with Flask-JWT-Extended, mended: one 401 with a challenge for every bad token, issuer and audience, a user who exists."""

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import Flask, jsonify, request
from flask_jwt_extended import JWTManager, create_access_token, current_user, jwt_required
from werkzeug.exceptions import HTTPException

from . import AUDIENCE, EMAIL, ISSUER, PASSWORD
from .common import CHALLENGE, INVALID, LOGIN_FAILED, NO_STORE, too_many_credentials, trustworthy

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def make_app(secret):
    app = Flask(__name__)
    app.config.update(
        JWT_SECRET_KEY=secret,
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_ENCODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_AUDIENCE=AUDIENCE,
        MAX_CONTENT_LENGTH=16 * 1024,
    )
    manager = JWTManager(app)
    users = {"1": (EMAIL, HASHER.hash(PASSWORD))}
    nobody = HASHER.hash("nobody")

    def refuse(*_):
        return jsonify(message=INVALID), 401, {"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token", error_description="{INVALID}"'}

    # Its defaults answer 401 for some bad tokens, 422 for others, and repeat the library's words.
    for loader in (manager.invalid_token_loader, manager.expired_token_loader, manager.user_lookup_error_loader, manager.token_verification_failed_loader):
        loader(refuse)
    manager.unauthorized_loader(lambda _: (jsonify(message="Log in first"), 401, {"WWW-Authenticate": CHALLENGE}))
    manager.token_verification_loader(lambda header, claims: trustworthy(header, claims))
    manager.user_lookup_loader(lambda _, claims: users.get(claims["sub"]))

    @app.before_request
    def one_credential():
        if too_many_credentials(request.headers.get("Authorization", ""), request.args):
            return jsonify(message="More than one way to send a token was used"), 400
        header = request.headers.get("Authorization", "")
        if header.lower().startswith("bearer") and not header.isascii():
            return refuse()
        return None

    @app.post("/login")
    def login():
        fields = request.get_json(silent=True) if request.is_json else request.form
        for name in ("email", "password"):
            if not isinstance(fields, dict) or not isinstance(fields.get(name), str) or not fields[name]:
                return jsonify(message=f"The field {name} is missing or no text"), 400
        found = next(((subject, hashed) for subject, (email, hashed) in users.items() if email == fields["email"]), None)
        try:
            HASHER.verify(found[1] if found else nobody, fields["password"].encode("utf-8", "replace"))
        except VerifyMismatchError:
            found = None
        if found is None:
            return jsonify(message=LOGIN_FAILED), 401, {"WWW-Authenticate": CHALLENGE}
        return jsonify(access_token=create_access_token(identity=found[0]))

    @app.get("/get-user")
    @jwt_required()
    def get_user():
        return jsonify(user=current_user[0])

    @app.errorhandler(HTTPException)
    def in_our_words(error):
        return jsonify(message=error.name), error.code

    @app.after_request
    def no_store(response):
        response.headers.update(NO_STORE)
        return response

    return app
