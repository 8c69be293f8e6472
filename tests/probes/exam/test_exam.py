"""The exam: each attack is proved by a server with exactly the hole it looks for, and the checklist rests on evidence."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import web

from jwt_demo.probes.exam import ATTACKS, QUESTIONS, Paper, exam
from jwt_demo.probes.exam.asvs import REQUIREMENTS
from jwt_demo.probes.exam.paper import SIGNS
from jwt_demo.probes.loopback import loopback
from jwt_demo.probes.model import BROKEN, HELD, Result
from jwt_demo.probes.runner import run_probes
from jwt_demo.probes.session import Session
from jwt_demo.server.server import Server, serve
from jwt_demo.stages import complete, decorator
from jwt_demo.stages.parts.secret_key import new_key

KEY = new_key()
YEAR = 365 * 24 * 3600


pytestmark = pytest.mark.usefixtures("fast_hashes")  # every exam logs in some thirty times


@pytest.fixture
async def start() -> AsyncIterator[Callable[[web.Application], Any]]:
    servers: list[Server] = []

    async def begin(app: web.Application) -> Server:
        servers.append(await serve(app, name="exam"))
        return servers[-1]

    yield begin
    for server in servers:
        await server.stop()


def signed_claims(request: web.Request) -> dict[str, Any]:
    """The claims of a token whose signature is good, read by a reader without rules; {} where there are none."""
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        return jwt.decode(
            token,
            KEY,
            algorithms=["HS256"],
            options={
                "verify_exp": False,
                "verify_nbf": False,
                "verify_aud": False,
                "verify_sub": False,
            },
        )
    except (jwt.InvalidTokenError, UnicodeError):
        return {}


def signed_payload(request: web.Request) -> tuple[dict[str, Any], bytes]:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        parts = jwt.api_jws.PyJWS().decode_complete(token, KEY, algorithms=["HS256"])
    except (jwt.InvalidTokenError, UnicodeError):
        return {}, b""
    return parts["header"], parts["payload"]


def with_hole(opens: Callable[[web.Request], Any], path: str = "/get-user") -> web.Application:
    """`complete`, but for requests that `opens` takes for good."""

    @web.middleware
    async def hole(request: web.Request, handler: Any) -> web.StreamResponse:
        if request.path == path and opens(request):
            return web.json_response({"user": "in"})
        return await handler(request)

    app = complete.make_app(key=KEY)
    app.middlewares.insert(0, hole)
    return app


def has_no_exp(request: web.Request) -> bool:
    claims = signed_claims(request)
    return "exp" not in claims and any(
        name.strip().lower() in ("exp", "\u0435xp") for name in claims
    )


def begins_with(*marks: bytes) -> Callable[[web.Request], bool]:
    return lambda request: signed_payload(request)[1].startswith(marks)


HOLES: dict[str, Callable[[], web.Application]] = {
    "year-long": lambda: with_hole(
        lambda request: signed_claims(request).get("exp", 0) > time.time() + YEAR / 2
    ),
    "lookalike-exp": lambda: with_hole(has_no_exp),
    "almost-the-user": lambda: with_hole(
        lambda request: str(signed_claims(request).get("sub", "")) == "01"
    ),
    "other-encoding": lambda: with_hole(begins_with(b"\xff\xfe", b"\xef\xbb\xbf")),
    "token-in-token": lambda: with_hole(begins_with(b"ey")),
    "b64-false": lambda: with_hole(lambda request: b"b64" in unverified_header(request)),
    "never-good": lambda: with_hole(
        lambda request: (
            signed_claims(request).get("nbf", 0) > signed_claims(request).get("exp", YEAR * 1000)
        )
    ),
    "own-scopes": lambda: with_hole(
        lambda request: signed_claims(request).get("is_admin") is True, "/admin"
    ),
    "proxy-headers": lambda: with_hole(lambda request: "X-Forwarded-User" in request.headers),
    "token-elsewhere": lambda: with_hole(
        lambda request: "Authorization" not in request.headers and "access_token" in request.cookies
    ),
}


def unverified_header(request: web.Request) -> bytes:
    """The header as a careless reader decodes it, whatever the rest of the token is."""
    first = request.headers.get("Authorization", "").removeprefix("Bearer ").partition(".")[0]
    try:
        return base64.urlsafe_b64decode(first + "==")
    except ValueError:
        return b""


@pytest.mark.parametrize("name", [attack.name for attack in ATTACKS])
async def test_a_hole_is_caught_by_its_attack_and_by_no_other(name: str, start: Any) -> None:
    """No attack is believed that was never seen to catch something."""
    server = await start(HOLES[name]())
    session = Session(await loopback(server.url), secret=KEY)
    results: dict[str, Result] = {}
    await run_probes(session, ATTACKS, results)
    assert [result.probe.name for result in results.values() if result.verdict == "broken"] == [
        name
    ], results


async def test_the_complete_stage_passes(start: Any) -> None:
    """Every requirement held, with evidence, and all that was never shown."""
    paper = await exam(await start(complete.make_app(key=KEY)), secret=KEY)
    assert paper, paper
    assert all(verdict == "held" and evidence for _, verdict, evidence in paper.rows)
    assert "10 of 10 new attacks held" in paper.headline()


async def test_the_decorator_stage_lacks_audience_and_kind(start: Any) -> None:
    """Its tokens say neither for whom nor for what they are; the checklist finds that, and nothing else."""
    paper = await exam(await start(decorator.make_app(key=KEY)), secret=KEY)
    assert [result.probe.name for result in paper.report.broken] == [
        "issues-audience",
        "issues-kind",
    ]
    assert [requirement.number for requirement, verdict, _ in paper.rows if verdict != "held"] == [
        "V9.2.2",
        "V9.2.4",
    ]


async def test_a_server_that_refuses_everything_does_not_pass(start: Any) -> None:
    """Nothing that was run proves anything when the good token never worked."""

    async def no(request: web.Request) -> web.Response:
        return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", no)
    paper = await exam(await start(app), secret=KEY)
    assert not paper
    assert any(verdict == "open" for _, verdict, _ in paper.rows)


def test_every_piece_of_evidence_is_a_question() -> None:
    """A misspelled name would be a requirement that rests on less than it says."""
    assert {name for requirement in REQUIREMENTS for name in requirement.evidence} <= {
        probe.name for probe in QUESTIONS
    }


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attributes))


def test_a_saved_page_is_whole_and_harmless(tmp_path: Path) -> None:
    """It can be opened, mailed and shown: no script, nothing from outside, a hostile name stays a name."""
    paper = Paper([], unseen=())
    page = paper.save(tmp_path / "result.html", name="<img src=x onerror=alert(1)>").read_text(
        "utf-8"
    )
    tags = Tags()
    tags.feed(page)
    assert {"script", "img", "link", "iframe"}.isdisjoint(tag for tag, _ in tags.seen)
    assert not [
        name
        for _, attributes in tags.seen
        for name, _ in attributes
        if name.startswith("on") or name in ("src", "href")
    ]
    assert "&lt;img" in page
    assert [file.name for file in tmp_path.iterdir()] == ["result.html"]
    assert json.loads(json.dumps(paper.as_dict()))["passed"] is False


def test_a_paper_says_the_same_as_text_and_as_cards() -> None:
    """Each requirement with its verdict and evidence; what a server said is text."""
    known = {each.name: each for each in QUESTIONS}
    results = [
        Result(known["expired"], HELD, "401"),
        Result(known["signature-changed"], BROKEN, "<script>alert(1)</script>"),
    ]
    paper = Paper(results, unseen=())
    page = paper._repr_html_()
    for requirement, verdict, evidence in paper.rows:
        row = page[page.index(f">{requirement.number}<") :].partition("</tr>")[0]
        assert f"{SIGNS[verdict]} {verdict}" in row
        assert all(f"<code>{result.probe.name}</code>" in row for result in evidence)
    assert page.count("<style>") == 1
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    lines = repr(paper).splitlines()
    assert lines[0] == paper.headline()
    assert lines[2].startswith("✗ broken V9.1.1  The server verifies the signature or MAC")
    assert lines[3:6:2] == ["         signature-changed", "         no attack could be run"]
    assert lines[-5:-2] == ["", "✗ signature-changed: <script>alert(1)</script>", f"  sent: {known['signature-changed'].sent}"]  # fmt: skip
    assert lines[-2] == "  expected: 401 invalid_token (RFC 7515 §5.2)"
