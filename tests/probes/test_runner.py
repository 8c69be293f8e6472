"""The probes as a whole: what holds, what breaks, whom they refuse to attack, how a run ends, how a report reads."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import time

import jwt
import pytest
from aiohttp import web

from jwt_demo.probes import ALL_PROBES, PROBES, CannotProbe, Report, probe
from jwt_demo.probes.answers import echoes
from jwt_demo.probes.http_client import Answer, Request, send
from jwt_demo.probes.loopback import loopback
from jwt_demo.probes.model import BROKEN, HELD, NOT_RUN, Result
from jwt_demo.probes.www_authenticate import parse_challenges
from jwt_demo.stages import article, complete, decorator
from tests.probes.holes import answers, keys
from tests.probes.holes.base import expired, instead, running
from tests.probes.lawful import LAWFUL, Lawful
from tests.probes.test_holes import ALL, QUICK


def names(results) -> set[str]:
    return {result.probe.name for result in results}


HMAC_ONLY = {"public-key-as-secret", "zero-signature", "jwks-public"}
NO_REFRESH = {"refresh-as-access", "access-as-refresh", "rotation", "refresh-reuse", "refresh-race"}
NO_LOGOUT = {"after-logout", "respelled-logout", "logout-twice"}
NO_NAMES = {"no-audience", "other-issuer", "no-issuer", "odd-issuer"}


async def test_complete_holds(lab):
    """Everything that can be asked of it, it answers rightly."""
    async with running(lab.complete()) as url:
        report = await probe(url, secret=lab.key)
    assert not report.broken, report
    assert names(report.not_run) == HMAC_ONLY | NO_REFRESH | NO_LOGOUT
    assert report


async def test_decorator_holds(lab):
    """A server that issues neither iss nor aud nor a type is not asked for them, and holds in all the rest."""
    async with running(decorator.make_app(key=lab.key, users=lab.users)) as url:
        report = await probe(url, secret=lab.key)
    assert not report.broken, report
    assert names(report.not_run) == HMAC_ONLY | NO_REFRESH | NO_LOGOUT | NO_NAMES | {
        "no-jti",
        "other-kind",
        "no-kind",
    }


async def test_logout_holds(lab):
    """Refresh, rotation, reuse and logout are asked of the server that has them."""
    async with running(lab.logout()) as url:
        report = await probe(url, secret=lab.key)
    assert not report.broken, report
    assert names(report.not_run) == HMAC_ONLY | NO_NAMES


CONCERNED = {  # by what is otherwise
    "all": ALL,
    "token": QUICK,
    "login": [each.name for each in PROBES if each.control != "token" or each.name in QUICK[::8]],
}


PARTS = 3  # of the probes; of what concerns every token each server is asked one always, another for each


def lawful():
    """One parameter for each server and each part of the probes that it is asked."""
    for number, server in enumerate(LAWFUL):
        probes = CONCERNED[server.where]
        if server.where == "login":
            yield pytest.param(server, probes, id=server.says)
            continue
        for part in range(PARTS):
            marks = () if part == number % PARTS else pytest.mark.thorough
            name = f"{server.says}, part {part + 1} of {PARTS}"
            yield pytest.param(server, probes[part::PARTS], id=name, marks=marks)


@pytest.mark.parametrize(("server", "probes"), list(lawful()))
async def test_what_is_lawful_is_not_accused(server: Lawful, probes: list[str], lab):
    """Other shapes, orders, names and cases are as right; none of them is called broken."""
    options = {"secret": lab.key, "only": probes, **server.options}
    if options["secret"] in ("RS256", "ES256"):
        options["secret"] = keys.private_pem(options["secret"])
    async with running(server.build(lab)) as url:
        report = await probe(url, **options)
    assert not report.broken, report
    assert len(report.held) > (10 if server.where == "login" else len(probes) * 3 / 4)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_the_article_breaks_where_it_is_known_to(article_app):
    """As it runs today: the login crashes, fields that are missing crash it, and nobody is asked for a token."""
    async with running(article_app) as url:
        report = await probe(url, secret="secret")
    got = {result.probe.name: result.got for result in report.broken}
    assert got == {
        "login": "the login got 500",
        "wrong-password": "400",
        "missing-field": "without email: 500, it crashed",
        "odd-fields": "email = null: 500, it crashed",
        "lying-body": "a form with the Content-Type of JSON: 500, it crashed",
        "no-token": "200, accepted",
        "other-scheme": "Basic: 400",
        "not-a-token": "one word: 400",
    }
    assert not report.held, "where nobody can log in, nothing that is rejected proves anything"


@pytest.mark.filterwarnings(
    "ignore"
)  # old-style middleware, a short secret: the article did not know
async def test_the_article_breaks_behind_its_login_too(article_app):
    """With a token made by hand, sent as the article sends it: crashes, the wrong user, tokens for ever, a secret that is guessed."""
    token = jwt.encode({"user_id": 1, "exp": int(time.time()) + 600}, "secret", algorithm="HS256")
    async with running(article_app) as url:
        report = await probe(url, secret="secret", token=token, scheme="")
    got = {result.probe.name: result.got for result in report.broken}
    assert {name for name, text in got.items() if text.endswith("it crashed")} == {
        "alg-none", "alg-none-spelled", "alg-odd", "alg-missing", "alg-other-hash", "foreign-algorithm",
        "header-jwk", "header-x5c", "header-jku", "header-x5u", "kid-odd", "header-odd", "crit", "not-yet-valid", "issued-later", "no-subject",
        "odd-times", "odd-jti", "other-audience", "odd-audience", "not-ascii",
    }  # fmt: skip
    assert {name: text for name, text in got.items() if not text.endswith("it crashed")} == {
        "no-token": "200, accepted",
        "other-scheme": "Basic: 400",
        "not-a-token": "one word: 400",
        "respelled": "= at the end: 200, accepted",
        "guessed-secret": "the secret is 'secret', a word of the list",
        "no-exp": "200, accepted",
        "exp-milliseconds": "in milliseconds: 200, accepted",
        "times-in-quotes": "exp in quotes: 200, accepted",
        "odd-subject": "user_id = null: 200, accepted",
        "falsy-subject": "user_id = 0: 200, accepted",
        "user-gone": "the connection was dropped without a response",
        "named-twice": "the connection was dropped without a response",
        "two-headers": "good and bad: 200",
    }
    held = {
        "signature-changed",
        "signature-cut",
        "signature-missing",
        "payload-changed",
        "header-changed",
        "with-company",
        "json-form",
        "foreign-key",
    }
    assert held < names(report.held)


@pytest.fixture
def article_app():
    """The article's server, made anew: an application starts once."""
    app = web.Application(middlewares=[article.web.auth_middleware])
    app.router.add_route("POST", "/login", article.web.login)
    app.router.add_route("GET", "/get-user", article.web.get_user)
    return app


async def test_without_the_secret_what_needs_none_is_run(lab):
    """The rest says why not; a server is not called good for what was not asked."""
    async with running(lab.complete()) as url:
        report = await probe(url)
    assert {result.got for result in report.not_run if result.probe.secret} == {
        "the secret was not given"
    }
    assert not report.broken
    assert (
        names(report.held)
        == {each.name for each in PROBES if not each.secret} - HMAC_ONLY - NO_REFRESH - NO_LOGOUT
    )


async def test_another_secret_is_noticed(lab):
    """Refusals of tokens signed with a wrong key would prove nothing, so they are not counted."""
    async with running(lab.complete()) as url:
        report = await probe(
            url, secret="some other secret of more than 32 bytes", only=["expired", "alg-none"]
        )
    assert report["expired"].got == "the secret given is not the one the tokens are signed with"
    assert report["alg-none"].verdict == HELD


async def test_another_path_another_login_another_user(lab):
    """The options fit the probes to a server that is laid out otherwise."""
    await lab.users.create("root@email.com", "toor")
    inner = lab.complete()
    app = web.Application()
    app.add_subapp("/api/v1/", inner)
    async with running(app) as url:
        report = await probe(
            f"{url}/api/v1/",
            secret=lab.key,
            email="root@email.com",
            password="toor",
            only=["login", "expired", "no-token", "unknown-email"],
        )
        assert not report.broken
        assert len(report.held) == 4
        elsewhere = await probe(
            url, login_path="/api/v1/login", path="/api/v1/get-user", only=["alg-none"]
        )
        assert elsewhere["alg-none"].verdict == HELD


async def test_a_short_lived_token_is_renewed_on_the_way(lab):
    """The good token of a server that lets it live for two seconds is good before and after each attack all the same."""
    settings = complete.Settings(
        key=lab.key,
        issuer="https://id.example",
        audience="https://api.example",
        lifetime=2,
        leeway=0,
    )
    async with running(complete.make_app(settings=settings, users=lab.users)) as url:
        report = await probe(
            url, secret=lab.key, only=[each.name for each in PROBES if each.control == "token"]
        )
    assert not report.broken, report
    assert "no longer" not in repr(report)


# --- whom it attacks, and whom not ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://203.0.113.7:8080", "not this machine"),
        ("http://10.0.0.1", "not this machine"),
        ("http://0.0.0.0:8080", "asked at http://127.0.0.1:8080"),
        ("http://[2001:db8::1]:8080", "not this machine"),
        ("http://[::ffff:203.0.113.7]/", "not this machine"),
        ("http://127.0.0.1@203.0.113.7/", "no address"),
        ("http://no-such-name.invalid/", "Nobody knows the name"),
        ("ftp://127.0.0.1/", "no address"),
        ("http://127.0.0.1:99999/", "no address"),
        ("http://[::1/", "no address"),
        ("", "no address"),
        ("http://127.0.0.1:80/a b", "no address"),
    ],
)
async def test_only_this_machine_is_attacked(url, message):
    """Any other address is rejected in a line, whatever it looks like, and nothing is sent."""
    with pytest.raises(CannotProbe, match=message) as refusal:
        await probe(url)
    assert "\n" not in str(refusal.value)


async def test_a_name_that_leads_elsewhere_is_refused(monkeypatch):
    """What counts is where a name leads, not how it reads; one foreign address among others is enough."""

    async def resolve(*args, **options):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 80))
            for place in ("127.0.0.1", "203.0.113.7")
        ]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    with pytest.raises(CannotProbe, match=r"localhost is not this machine \(203.0.113.7\)"):
        await loopback("http://localhost:80")


async def test_where_nobody_listens_that_is_said():
    """No server, no report: one line."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(CannotProbe, match=f"Nobody listens at 127.0.0.1:{port}"):
        await probe(f"http://127.0.0.1:{port}")


async def test_a_redirect_is_not_followed(lab):
    """Wherever an answer points, nothing goes there."""
    visits = []

    async def other(reader, writer):
        visits.append(1)
        writer.close()

    trap = await asyncio.start_server(other, "127.0.0.1", 0)
    place = f"http://127.0.0.1:{trap.sockets[0].getsockname()[1]}/"

    async def away(request, handler):
        return web.Response(status=302, headers={"Location": place})

    async with running(instead(lambda request: True, away)(lab)) as url:
        report = await probe(url, secret=lab.key)
    trap.close()
    assert not visits
    assert report["no-token"].got == "302, a redirect; it was not followed"


# --- how a run ends -------------------------------------------------------------------------------------------


async def test_what_is_known_is_told_when_it_is_interrupted(lab, capsys):
    """A cancelled run prints its report: what was done, and of the rest that it was not."""
    begun = asyncio.Event()

    async def stuck(request, handler):
        begun.set()
        return await answers.waits(request, handler)

    async with running(instead(expired, stuck)(lab)) as url:
        task = asyncio.create_task(probe(url, secret=lab.key, limit=60))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    printed = capsys.readouterr().out
    assert "✓ held     alg-none" in printed
    assert re.search(r"○ not run  interrupted before it was run:\n.*expired", printed, re.DOTALL)


async def test_a_broken_neighbour_does_not_spoil_the_others(lab):
    """A probe that kills the good token is told from those that ran beside it."""
    async with running(answers.locking_out(expired)(lab)) as url:
        report = await probe(
            url, secret=lab.key, only=[each.name for each in PROBES if each.control == "token"]
        )
    assert names(report.broken) == {"expired"}
    assert "after the attack" in report["expired"].got


async def test_a_server_that_refuses_everybody_does_not_hold(lab):
    """Where the good token is rejected as well nothing is judged, and the options that may be wrong are named."""

    async def refuse(request, handler):
        return complete.invalid_token()

    app = instead(lambda request: request.path == "/get-user", refuse)(lab)
    async with running(app) as url:
        with pytest.raises(CannotProbe, match="gets 401 invalid_token at GET /get-user: --path"):
            await probe(url, secret=lab.key)


async def test_an_unknown_probe_is_named():
    """A misspelled name is answered with the names there are."""
    with pytest.raises(CannotProbe, match="No probe is called alg-nome. There are: login"):
        await probe("http://127.0.0.1:1", only=["alg-nome"])


# --- how a report reads ---------------------------------------------------------------------------------------


def made(verdict: str, got: str, place: int = 0) -> Result:
    return Result(PROBES[place], verdict, got, 0.123)


def test_a_report_is_true_when_something_held_and_nothing_broke():
    """What was not run neither helps nor harms."""
    assert Report([made(HELD, "401"), made(NOT_RUN, "no reason")])
    assert not Report([made(HELD, "401"), made(BROKEN, "200", 1)])
    assert not Report([made(NOT_RUN, "no reason")])
    assert not Report([])


def test_a_report_is_json_as_promised():
    """The keys that scripts rely on, and a summary that adds up."""
    report = json.loads(
        json.dumps(
            Report([made(HELD, "401"), made(BROKEN, "200", 1), made(NOT_RUN, "why", 2)]).as_dict(),
            indent=1,
        )
    )
    assert set(report) == {"probes", "summary"}
    assert all(
        {"name", "sent", "expected", "got", "verdict", "reference"} <= set(row)
        for row in report["probes"]
    )
    assert [row["verdict"] for row in report["probes"]] == ["held", "broken", "not run"]
    assert report["summary"] == {"held": 1, "broken": 1, "not run": 1}


def test_a_report_says_the_same_as_text_and_as_table():
    """Text alone is enough: symbol, word, what was got, what is right and why; the table escapes what a server said."""
    report = Report([made(HELD, "200"), made(BROKEN, "<script>alert(1)</script>\x1b[31m", 1)])
    text, table = repr(report), report._repr_html_()
    for part in (
        "✓ held",
        "✗ broken",
        "good-token",
        "RFC 6750 §2.1",
        PROBES[1].why,
        "1 held",
        "1 broken",
    ):
        assert part in text
        assert part in table
    assert "<script>" not in table
    assert "\x1b" not in text + table
    assert "0.123" not in text + table


def test_probes_are_told_apart_and_explained():
    """Each has a name of its own, and says what is sent, what is right, where that stands and why."""
    assert len({each.name for each in ALL_PROBES}) == len(ALL_PROBES)
    for each in ALL_PROBES:
        assert re.fullmatch(r"[a-z0-9-]+", each.name)
        assert re.search(r"RFC \d{4} §|OWASP ASVS", each.reference), each.name
        assert each.why.endswith(".")
        assert each.sent
        assert each.expected


def test_two_runs_read_alike(lab_reports):
    """Names, order and words are the same each time, so an output can be kept and compared."""
    first, second = lab_reports
    assert repr(first) == repr(second)
    assert first.as_dict() == second.as_dict()


@pytest.fixture
async def lab_reports(lab):
    async with running(lab.complete()) as url:
        return [await probe(url, secret=lab.key, only=ALL[10:40]) for _ in range(2)]


# --- the wire and the words -----------------------------------------------------------------------------------


def test_an_echo_is_a_stretch_of_the_token_anywhere():
    """In the body or in a header, whole or in part; a word that happens to be alike is none."""
    token = (
        "eyJhbGciOiJIUzI1NiJ9." + "".join(f"{place:04x}" for place in range(60)) + ".c2lnbmF0dXJl"
    )
    assert echoes(token, Answer(401, [], f"cannot read {token[50:100]}".encode()))
    assert echoes(token, Answer(401, [("x-token", token)], b""))
    assert not echoes(
        token,
        Answer(
            401,
            [("www-authenticate", 'Bearer error="invalid_token"')],
            b"This token is not valid here",
        ),
    )
    assert not echoes(token, Answer(401, [], f"{token[:20]}".encode()))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        (["Bearer"], [("bearer", {})]),
        (['Bearer realm="x"', "Basic"], [("bearer", {"realm": "x"}), ("basic", {})]),
        (
            ["Negotiate YWJj==, Bearer error=invalid_token"],
            [("negotiate", {}), ("bearer", {"error": "invalid_token"})],
        ),
        (
            [r'Bearer realm="a \"b\", c", error="x"'],
            [("bearer", {"realm": 'a "b", c', "error": "x"})],
        ),
        (["Bearer , error = x,, realm=y"], [("bearer", {"error": "x", "realm": "y"})]),
        (['Bearer realm="open'], [("bearer", {})]),
        (["é", "Bearer"], [("bearer", {})]),
    ],
)
def test_challenges_are_read_in_any_lawful_shape(values, expected):
    """Several in one header or in several, quoted or not, in any order; what can't be read ends its header."""
    assert parse_challenges(values) == expected


async def test_an_answer_that_comes_before_all_was_sent_is_read():
    """A server that refuses a large body at its head and hangs up is heard."""

    async def early(reader, writer):
        with contextlib.suppress(
            asyncio.IncompleteReadError
        ):  # `loopback` knocks first and says nothing
            await reader.readuntil(b"\r\n\r\n")
            writer.write(
                b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
            )
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(early, "127.0.0.1", 0)
    address = await loopback(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    answer = await send(address, Request("POST", "/login", (), b"x" * (4 << 20)), limit=10)
    server.close()
    assert (answer.status, answer.body, answer.trouble) == (413, b"no", "")
