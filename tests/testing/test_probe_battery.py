"""The pytest entry: a team's own test gets a report, or an AssertionError that lists what was found."""

from __future__ import annotations

import asyncio

import pytest

from jwt_demo.testing import CannotProbe, probe_battery
from tests.probes.holes.base import running
from tests.probes.holes.steps import nothing, verifying


async def test_a_server_that_holds_passes(lab):
    """The report is returned, from a test that runs on an event loop too."""
    async with running(lab.complete()) as url:
        report = await asyncio.to_thread(
            probe_battery, url, secret=lab.key, only=["expired", "alg-none"]
        )
    assert len(report.held) == 2


async def test_a_hole_fails_and_a_baseline_accepts_it(lab, tmp_path):
    """The message is the report."""
    options = {"secret": lab.key, "only": ["expired", "alg-none"]}
    accepted = tmp_path / "accepted.toml"
    accepted.write_text('[expired]\nseverity = "hole"\nreason = "a clock that is wrong"\n')
    async with running(verifying(expiry=nothing)(lab)) as url:
        with pytest.raises(AssertionError, match="expired a day ago: 200, accepted"):
            await asyncio.to_thread(probe_battery, url, **options)
        await asyncio.to_thread(probe_battery, url, baseline=accepted, **options)


def test_a_server_that_is_not_there_is_told():
    """As CannotProbe, and a severity that there is not as ValueError."""
    with pytest.raises(CannotProbe, match="Nobody listens"):
        probe_battery("http://127.0.0.1:1")
    with pytest.raises(ValueError, match="severity"):
        probe_battery("http://127.0.0.1:1", fail_on=["bad"])
