"""Flask-JWT-Extended with a refresh and a logout, as its pages have them."""

from pathlib import Path

from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    get_jwt_identity,
    jwt_required,
)

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = Path("key.txt").read_text("ascii")
manager = JWTManager(app)
revoked: set[str] = set()


@manager.token_in_blocklist_loader
def is_revoked(header, claims):
    return claims["jti"] in revoked


@app.post("/login")
def login():
    if (request.json.get("username"), request.json.get("password")) != ("test", "test"):
        return jsonify(msg="Bad username or password"), 401
    return jsonify(
        access_token=create_access_token(identity="test"),
        refresh_token=create_refresh_token(identity="test"),
    )


@app.post("/refresh")
@jwt_required(refresh=True)
def refresh():
    return jsonify(access_token=create_access_token(identity=get_jwt_identity()))


@app.delete("/logout")
@jwt_required()
def logout():
    revoked.add(get_jwt()["jti"])
    return jsonify(msg="Access token revoked")


@app.get("/protected")
@jwt_required()
def protected():
    return jsonify(logged_in_as=get_jwt_identity())
