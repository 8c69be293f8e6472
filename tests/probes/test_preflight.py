"""What is not reached is said in one line that names the option, before anything is judged."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from jwt_demo.probes import CannotProbe, attack, choose, probe
from jwt_demo.probes.runner import good_token_works
from tests.probes.holes import login as logins
from tests.probes.holes.base import Lab, answers, instead, logged_in, running


def at_path(request: web.Request) -> bool:
    return request.path == "/get-user"


async def in_cookie(request: web.Request, email: str, password: str, user: Any) -> web.Response:
    response = await logins.logged(request, user)
    response.set_cookie("sid", response.text.split('"')[3])
    response.text = '{"ok": true}'
    return response


async def in_header(request: web.Request, email: str, password: str, user: Any) -> web.Response:
    response = await logins.logged(request, user)
    response.headers["X-Auth-Token"] = response.text.split('"')[3]
    response.text = '{"ok": true}'
    return response


CASES = {
    "no login": (instead(logged_in, answers(404)), {}, "--login-path"),
    "no path": (instead(at_path, answers(404)), {}, "--path"),
    "another method": (instead(logged_in, answers(405)), {}, "--login-path"),
    "unknown user": (Lab.complete, {"email": "nobody@email.com"}, "--email"),
    "no token": (logins.logging_in(logins.token_elsewhere), {}, "--token-field"),
    "a token in a cookie": (logins.logging_in(in_cookie), {}, "--token-cookie sid"),
    "a token in a header": (logins.logging_in(in_header), {}, "--token-header x-auth-token"),
    "too many logins": (instead(logged_in, answers(429)), {}, "--token-file"),
    "another scheme": (Lab.complete, {"scheme": "JWT"}, "--scheme"),
    "a token that is not accepted": (Lab.complete, {"token": "e30.e30.c2ln"}, "--token-file"),
    "a token that is none": (Lab.complete, {"token": "e30"}, "What --token-file gave is no token"),
    "a path with a blank": (
        Lab.complete,
        {"path": "/get user"},
        "--path: /get user has a character",
    ),
    "a login in another script": (Lab.complete, {"login_path": "/entrée"}, "--login-path: /entrée"),
    "a header that is none": (Lab.complete, {"header": "X Auth"}, "--header"),
    "a cookie that is none": (Lab.complete, {"token_cookie": "a;b"}, "--token-cookie"),
    "an e-mail address in Latin-1": (Lab.complete, {"email": "andr\udce9@email.com"}, "--email"),
    "a password in Latin-1": (Lab.complete, {"password": "caf\udce9"}, "--password"),
    "a scheme of two lines": (Lab.complete, {"scheme": "a\nb"}, "--scheme"),
    "a JWK Set with a blank": (Lab.complete, {"jwks_url": "/key set"}, "--jwks-url: /key set has"),
    "a JWK Set nowhere": (Lab.complete, {"jwks_url": "http://["}, "--jwks-url: This is no address"),
    "no JWK Set": (Lab.complete, {"jwks_url": "/keys.json"}, "--jwks-url"),
    "a JSON of nothing": (Lab.complete, {"login_json": "[]"}, "--login-json"),
    "a path that is none": (Lab.complete, {"refresh_path": "refresh"}, "--refresh-path"),
    "an authority without https": (Lab.complete, {"ca_file": "ca.pem"}, "--ca-file"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_is_not_there_is_named_with_its_option(case: Any, lab: Lab):
    """Nothing is judged, and the line is one line."""
    build, options, named = case
    async with running(build(lab)) as url:
        with pytest.raises(CannotProbe) as refusal:
            await probe(url, only=["alg-none"], **options)
    assert named in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("login", "options"),
    [(in_cookie, {"token_cookie": "sid"}), (in_header, {"token_header": "X-Auth-Token"})],
)
async def test_a_token_is_taken_from_where_it_is(login: Any, options: dict[str, str], lab: Lab):
    """From a cookie, which carries it back as well, or from a header of the response."""

    @web.middleware
    async def from_cookie(request: web.Request, handler: Any) -> web.StreamResponse:
        if "sid" in request.cookies and options.get("token_cookie"):
            headers = request.headers.copy()
            headers["Authorization"] = f"Bearer {request.cookies['sid']}"
            request = request.clone(headers=headers)
        return await handler(request)

    app = logins.logging_in(login)(lab)
    app.middlewares.insert(0, from_cookie)
    async with running(app) as url:
        report = await probe(
            url, secret=lab.key, only=["expired", "alg-none", "no-token"], **options
        )
    assert [result.verdict for result in report] == ["held"] * 3, report


async def test_the_announced_logins_are_enough(lab: Lab):
    """As many as are announced, or fewer; with a token there are none."""
    announced: list[int] = []
    async with running(lab.complete()) as url:
        session = await attack(url, choose(), {}, announce=announced.append, secret=lab.key)
        assert 0 < session.attempts <= announced[0]
        token = session.good.text
        report = await probe(url, token=token, secret=lab.key)
    assert {result.got for result in report if result.probe.control == "login"} == {
        "a token was given, so nobody logs in"
    }


async def test_a_login_that_worked_is_not_tried_again_at_once(lab: Lab):
    """The login after one probe is also the login before the next; and each run begins with one."""

    async def logins(*names: str) -> int:
        async with running(lab.complete()) as url:
            session = await attack(url, choose(names), {}, secret=lab.key)
        return session.attempts

    apart = await logins("wrong-password") + await logins("missing-field")
    assert await logins("wrong-password", "missing-field") == apart - 2


async def test_a_control_beside_another_request_is_not_remembered(lab: Lab):
    """The other request may do its harm after the control got its response; so the next control asks again."""
    async with running(lab.complete()) as url:
        session = await attack(url, choose(["expired"]), {}, secret=lab.key)
        await session.ask()
        session.under_way = 1
        await good_token_works(session, "after the attack")
        assert session.worked != "token"

        session.under_way = 0
        await good_token_works(session, "after the attack")
        sent = session.sent
        assert session.worked == "token"
        await good_token_works(session, "before the attack")
        assert session.sent == sent


async def test_the_first_429_ends_the_logins(lab: Lab):
    """After it no other login is sent, and what needed one says why it was not run."""
    seen: list[int] = []

    async def limited(request: web.Request, handler: Any) -> web.StreamResponse:
        seen.append(1)
        return await handler(request) if len(seen) < 6 else web.Response(status=429)

    async with running(instead(logged_in, limited)(lab)) as url:
        report = await probe(url, only=["expired", "wrong-password", "unknown-email", "odd-fields"])
    assert len(seen) <= 7
    assert "429" in report["odd-fields"].got
