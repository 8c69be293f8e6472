"""Flask with Flask-JWT-Extended, with only the code of its page on basic usage."""

from flask import Flask, jsonify, request
from flask_jwt_extended import JWTManager, create_access_token, get_jwt_identity, jwt_required

from . import EMAIL, PASSWORD


def make_app(secret):
    app = Flask(__name__)
    app.config["JWT_SECRET_KEY"] = secret
    JWTManager(app)

    @app.post("/login")
    def login():
        fields = request.json
        if fields.get("email") != EMAIL or fields.get("password") != PASSWORD:
            return jsonify(message="Wrong e-mail or password"), 401
        return jsonify(access_token=create_access_token(identity=fields["email"]))

    @app.get("/get-user")
    @jwt_required()
    def get_user():
        return jsonify(user=get_jwt_identity())

    return app
