"""A service put together from the course's own solutions, as step 12 asks for one, passes the course's own exam and its probes."""

from __future__ import annotations

from datetime import datetime, timezone

import jwt
from aiohttp import web

from jwt_demo.exercises import registry
from jwt_demo.probes.exam import exam
from jwt_demo.server.server import serve
from jwt_demo.stages import decorator, login, middleware
from jwt_demo.stages.parts.request_body import read_fields
from jwt_demo.stages.parts.responses import challenge
from jwt_demo.stages.parts.secret_key import new_key
from jwt_demo.stages.parts.users import User
from tests.exercises.trying import AS_IN_A_NOTEBOOK, defined

pytestmark = AS_IN_A_NOTEBOOK


def solved(name, **names):
    """What the solution of an exercise defines; `names` take the place of names that its notebook has."""
    exercise = registry.exercises()[name]
    function = defined(exercise, exercise.solution)
    function.__globals__.update(names)
    return function


class Halves:
    """PyJWT as steps 2 and 3 know it, with step 12's own two functions for `encode` and `decode`."""

    issue = staticmethod(solved("12-issue-access-token"))
    verify = staticmethod(solved("12-claims-of"))

    def encode(self, claims, key, algorithm):
        user, now = claims
        return self.issue(user, key, now=now)

    def decode(self, token, key, **_):
        claims = self.verify(token, key)
        if claims is None:
            raise jwt.InvalidTokenError
        return claims

    def __getattr__(self, name):
        return getattr(jwt, name)


@web.middleware
async def rest_of_step_3(request, handler):
    """What the stage has beside the exercise: one credential only, and the claims stay with the request."""
    if middleware.credentials_in(request) > 1:
        return challenge(400, "More than one token", error="invalid_request")
    token = middleware.token_in_header(request)
    request[middleware.CLAIMS] = (token and Halves.verify(token, request.app[login.KEY])) or {}
    return await handler(request)


def make_service(key, users=None):
    """Login of step 2, middleware of step 3, decorators of step 4, tokens of step 12; what no exercise asks for is the stages'."""
    halves = Halves()
    answer = solved("02-login", jwt=halves, claims_for=lambda user, now: (user, now))

    async def sign_in(request):
        await read_fields(request, "email", "password")  # 400 for a body that can't be read
        return await answer(request)

    auth = solved("03-auth-middleware", jwt=halves)
    login_required, require_scope = solved("04-login-required"), solved("04-require-scope")

    @login_required
    async def get_user(request):
        return web.json_response({"user": str(request[middleware.PRINCIPAL])})

    @require_scope("admin")
    async def admin(request):
        return web.json_response({"admin": request[middleware.PRINCIPAL].email})

    app = login.make_app(key=key, users=users, login=sign_in)
    app.middlewares.extend([rest_of_step_3, web.middleware(auth)])
    app.router.add_get("/", decorator.hello)
    app.router.add_get("/get-user", get_user)
    app.router.add_get("/admin", admin)
    return app


async def test_the_courses_own_solutions_pass_the_exam():
    """The exam asks all probes and ten questions more: no attack on what the course's own answers make is accepted."""
    key = new_key()
    server = await serve(make_service(key))
    try:
        result = await exam(server, secret=key)
        assert result, "\n".join(result.lines())
        assert result.report.held
        assert result.report.broken == []
    finally:
        await server.stop()


async def test_its_administrator_gets_in_and_another_user_does_not():
    """`/admin` needs the scope in the token, so the half that issues has to write it."""
    users = await login.demo_users()
    await users.create("admin@email.com", "another password", is_admin=True)
    server = await serve(make_service(new_key(), users))
    statuses = []
    try:
        for email, password in (
            ("admin@email.com", "another password"),
            ("user@email.com", "password"),
        ):
            sent = await server.post("/login", data={"email": email, "password": password})
            headers = {"Authorization": f"Bearer {sent.json()['token']}"}
            statuses.append((await server.get("/admin", headers=headers)).status)
    finally:
        await server.stop()
    assert statuses == [200, 403]


def test_what_the_solution_issues_the_solution_accepts():
    """And no other key accepts it."""
    user = User(7, "user@email.com")
    key, now = new_key(), datetime.now(timezone.utc)
    token = Halves.issue(user, key, now=now)
    assert Halves.verify(token, key)["sub"] == "7"
    assert Halves.verify(token, new_key()) is None
