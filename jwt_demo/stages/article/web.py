"""Login, middleware and decorator as the article wrote them for PyJWT 1.4 and aiohttp 0.18. Do not copy: read notebooks 02 to 04."""

import json
from datetime import datetime, timedelta

import jwt
from aiohttp import web

from .models import User

User.objects.create(email="user@email.com", password="password")

JWT_SECRET = "secret"
JWT_ALGORITHM = "HS256"
JWT_EXP_DELTA_SECONDS = 20


def json_response(body="", **kwargs):
    kwargs["body"] = json.dumps(body or kwargs["body"]).encode("utf-8")
    kwargs["content_type"] = "text/json"
    return web.Response(**kwargs)


async def login(request):
    post_data = await request.post()

    try:
        user = User.objects.get(email=post_data["email"])
        user.match_password(post_data["password"])
    except (User.DoesNotExist, User.PasswordDoesNotMatch):
        return json_response({"message": "Wrong credentials"}, status=400)

    payload = {
        "user_id": user.id,
        "exp": datetime.utcnow() + timedelta(seconds=JWT_EXP_DELTA_SECONDS),
    }
    jwt_token = jwt.encode(payload, JWT_SECRET, JWT_ALGORITHM)
    return json_response({"token": jwt_token.decode("utf-8")})


async def get_user(request):
    return json_response({"user": str(request.user)})


async def auth_middleware(app, handler):
    async def middleware(request):
        request.user = None
        jwt_token = request.headers.get("authorization", None)
        if jwt_token:
            try:
                payload = jwt.decode(jwt_token, JWT_SECRET, algorithms=[JWT_ALGORITHM])
            except (jwt.DecodeError, jwt.ExpiredSignatureError):
                return json_response({"message": "Token is invalid"}, status=400)

            request.user = User.objects.get(id=payload["user_id"])
        return await handler(request)

    return middleware


def login_required(func):
    """This decorator is in the article's text, not in its repository, and no route of the article uses it."""

    def wrapper(request):
        if not request.user:
            return json_response({"message": "Auth required"}, status=401)
        return func(request)

    return wrapper


app = web.Application(middlewares=[auth_middleware])
app.router.add_route("POST", "/login", login)
app.router.add_route("GET", "/get-user", get_user)
