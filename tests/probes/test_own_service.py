"""The probes against a service with paths, names and algorithms of its own: what is planted is caught, what is right is not accused."""

from __future__ import annotations

import logging

import pytest

from jwt_demo.probes import Report, probe
from jwt_demo.probes.model import CRASH, HOLE, MUST
from tests.probes.holes.base import running
from tests.probes.holes.own_routes import application
from tests.probes.holes.own_service import ALGORITHMS, HOLES, OPTIONS, Service, key_text, plantings
from tests.probes.test_holes import LONG
from tests.support.thorough import some_always

ALWAYS = ("HS256", "ES256")


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """A planted crash is no news."""
    caplog.set_level(logging.CRITICAL, "aiohttp.server")


async def judged(service: Service, **options: object) -> Report:
    async with running(application(service)) as url:
        return await probe(url, **{**OPTIONS, **options})


@pytest.mark.parametrize("alg", some_always(ALGORITHMS, ALWAYS.__contains__))
async def test_the_right_service_is_not_accused(alg: str):
    """In each algorithm, with the key, nothing is broken, and hardly anything could not be run."""
    whole = alg == "HS256"  # no algorithm changes what a login does
    report = await judged(Service(alg), secret=key_text(alg), skip=() if whole else LONG)
    assert not report.broken, report
    assert len(report.held) >= 70, report


@pytest.mark.parametrize("alg", some_always(ALGORITHMS, ALWAYS.__contains__))
async def test_the_right_service_is_not_accused_without_its_key(alg: str):
    """Without the key what needs one says so, and nothing is broken."""
    report = await judged(Service(alg), skip=LONG)
    assert not report.broken, report
    assert {result.verdict for result in report if result.probe.secret} == {"not run"}


@pytest.mark.parametrize(
    ("alg", "hole"),
    some_always(plantings(), lambda pair: pair[0] in ALWAYS),
    ids=lambda value: value,
)
async def test_a_planted_hole_is_caught(alg: str, hole: str):
    """By one of the probes that must notice, with the key only where nothing else shows it, and never called held."""
    planted = HOLES[hole]
    options = {"secret": key_text(alg)} if planted.needs_key else {}
    report = await judged(Service(alg, hole), only=planted.caught_by, **options)
    found = {result.probe.name for result in report.broken}
    assert found & set(planted.caught_by), report
    if hole not in ("in the address", "in a cookie"):
        by_itself = hole == "any issuer" and not alg.startswith("HS")
        severity = CRASH if hole == "crash on kid" else MUST if by_itself else HOLE
        assert severity in {result.severity for result in report.broken}, report
