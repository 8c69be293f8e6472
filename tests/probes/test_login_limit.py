"""The probe of the limit on login attempts: it is run only by name, and tells a limit from none and from one that locks the user out."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from click.testing import CliRunner

from jwt_demo.cli.main import main
from jwt_demo.probes import ON_REQUEST, attack, choose, probe
from jwt_demo.probes.attacks import login_limit
from jwt_demo.probes.attacks.login_limit import TRIES
from jwt_demo.probes.loopback import Address, from_elsewhere
from jwt_demo.probes.model import BROKEN, HELD, HOLE, HYGIENE, MUST, NOT_RUN
from tests.probes.holes import login_limit as limits
from tests.probes.holes.base import Lab, answers, instead, logged_in, running

ONLY = ["login-limit"]
HERE = Address(socket.AF_INET, ("127.0.0.1", 80), "127.0.0.1", "")

pytestmark = pytest.mark.skipif(
    from_elsewhere(HERE) is None,
    reason="this machine has no 127.0.0.2 (macOS: sudo ifconfig lo0 alias 127.0.0.2)",
)


async def judged(build, lab: Lab, **options):
    async with running(build(lab)) as url:
        return (await probe(url, only=ONLY, **options))["login-limit"]


async def test_complete_limits_logins_and_locks_nobody_out(lab: Lab):
    """With its limits as they are: fifty wrong ones on the account from one address, and the user is still let in from another."""
    result = await judged(Lab.complete, lab)
    assert result.verdict == HELD, result
    assert "wrong password number 51" in result.got
    assert "logs in from 127.0.0.2" in result.got


LAWFUL = {
    "for the account and the address": limits.limited(limits.here),
    "for the address alone": limits.limited(limits.address),
    "as many as NIST allows": limits.limited(limits.here, size=100),
    "the first attempt only": limits.limited(limits.here, size=1),
    "a date in Retry-After": limits.limited(limits.here, retry_after=limits.in_2100),
}


@pytest.mark.parametrize("build", LAWFUL.values(), ids=LAWFUL)
async def test_a_lawful_limit_is_not_accused(build, lab: Lab):
    """Whatever it counts and however small it is, as long as a stranger keeps only themselves out."""
    result = await judged(build, lab)
    assert result.verdict == HELD, result


BROKEN_ONES = {
    "none": (limits.unlimited, HYGIENE, "no 429"),
    "more than NIST allows": (limits.limited(limits.here, size=101), HYGIENE, "only then"),
    "the account, for everybody": (limits.limited(limits.account), HYGIENE, "a stranger locks the user out"),
    "one count for all": (limits.limited(limits.everybody), HYGIENE, "all addresses count as one"),
    "locked without a word": (limits.limited(limits.account, status=401), HYGIENE, "the right one gets no token (401)"),
    "423": (limits.limited(limits.here, status=423), HYGIENE, "423 to wrong password number 6"),
    "no Retry-After": (limits.limited(limits.here, retry_after=lambda: None), HYGIENE, "without Retry-After"),
    "0": (limits.limited(limits.here, retry_after=lambda: "0"), HYGIENE, "Retry-After: 0"),
    "the past": (limits.limited(limits.here, retry_after=limits.in_the_past), HYGIENE, "in the past"),
    "words": (limits.limited(limits.here, retry_after=lambda: "soon"), MUST, "neither"),
    "a fraction": (limits.limited(limits.here, retry_after=lambda: "1.5"), MUST, "neither"),
    "accounts that exist": (limits.limited(limits.here, of_nobody=False), HOLE, "tells who has an account"),
}  # fmt: skip


@pytest.mark.parametrize(("build", "severity", "said"), BROKEN_ONES.values(), ids=BROKEN_ONES)
async def test_a_wrong_limit_is_named(build, severity: str, said: str, lab: Lab):
    """What is wrong with it, and how bad that is."""
    result = await judged(build, lab)
    assert (result.verdict, result.severity) == (BROKEN, severity), result
    assert said in result.got


async def test_all_that_is_wrong_is_said(lab: Lab):
    """One finding, each fault in it, as bad as the worst."""
    build = limits.limited(limits.account, retry_after=lambda: "soon")
    result = await judged(build, lab)
    assert result.severity == MUST
    assert "neither" in result.got
    assert "locks the user out" in result.got


async def test_without_a_second_address_it_does_not_hold(lab: Lab, monkeypatch):
    """The half that was seen is said, and is no verdict; what is broken already is broken all the same."""
    monkeypatch.setattr(login_limit, "from_elsewhere", lambda address: None)
    result = await judged(Lab.complete, lab)
    assert result.verdict == NOT_RUN
    assert result.got.startswith("429 to wrong password number 51; ")
    assert (await judged(limits.unlimited, lab)).verdict == BROKEN


async def test_a_server_that_is_closed_to_the_other_address_is_not_accused(lab: Lab):
    """Nobody could log in from there before either, so no wrong password is the cause."""

    def from_there(request):
        return request.remote == "127.0.0.2"

    result = await judged(instead(from_there, answers(403)), lab)
    assert result.verdict == NOT_RUN
    assert "from 127.0.0.2 nobody could log in before (403)" in result.got


def test_only_ipv4_has_a_second_loopback_address():
    """127.0.0.2, or 127.0.0.3 where the server is at the former; there is one ::1."""
    assert from_elsewhere(HERE).source == "127.0.0.2"
    assert from_elsewhere(replace(HERE, place=("127.0.0.2", 80))).source == "127.0.0.3"
    assert from_elsewhere(Address(socket.AF_INET6, ("::1", 80), "[::1]", "")) is None


def test_it_is_run_only_by_its_name():
    """Not with all the others, and not because another one is left out."""
    assert {each.name for each in ON_REQUEST} == {"login-limit"}
    assert not set(ON_REQUEST) & (set(choose()) | set(choose(skip=["alg-none"])))
    assert choose(ONLY) == list(ON_REQUEST)


@pytest.mark.parametrize("build", [Lab.complete, limits.unlimited, limits.limited(limits.here, of_nobody=False)])  # fmt: skip
async def test_no_more_logins_are_made_than_were_announced(build, lab: Lab):
    """The number is said before the first of them, and is the limit of what is sent."""
    announced: list[int] = []
    async with running(build(lab)) as url:
        session = await attack(url, choose(ONLY), {}, announce=announced.append)
    assert TRIES < announced[0] < 250
    assert session.attempts <= announced[0]


async def test_a_crash_and_a_token_for_a_wrong_password_are_told(lab: Lab):
    """What other probes look for is no limit either."""
    seen = []

    async def crashes_later(request, handler):
        seen.append(1)
        return await (answers(500)(request, handler) if len(seen) > 5 else handler(request))

    result = await judged(instead(logged_in, crashes_later), lab)
    assert (result.verdict, result.severity) == (BROKEN, "crash")


async def test_a_token_that_was_given_is_not_fetched(lab: Lab):
    """Nobody logs in then, and that is the reason given."""
    async with running(lab.complete()) as url:
        session = await attack(url, choose(["alg-none"]), {})
        report = await probe(url, only=ONLY, token=session.good.text)
    assert report["login-limit"].got == "a token was given, so nobody logs in"


def test_its_page_says_that_it_is_run_by_name():
    """So that nobody looks for it in a report of all."""
    shown = CliRunner().invoke(main, ["probe", "--explain", "login-limit"]).output
    assert "run only with `--only login-limit`" in shown
