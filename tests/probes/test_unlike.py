"""The probes against services that share nothing with ours: no hole is called held, and no oddity a hole."""

from __future__ import annotations

import pytest

from jwt_demo.probes import probe
from jwt_demo.probes.model import CRASH, HOLE
from tests.probes.holes.base import running
from tests.probes.holes.unlike import (
    COOKIE,
    HEADER,
    HOLES,
    ODDITIES,
    SHARED,
    Hole,
    Unlike,
    application,
    key_text,
)
from tests.probes.test_holes import LONG


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.says)
async def test_a_hole_in_an_unlike_service_is_caught(hole: Hole):
    """By the probe that is about it, with the key only where nothing else can show it."""
    key = {"secret": key_text(hole.alg)} if hole.needs_key else {}
    async with running(application(Unlike(hole.alg, hole.says), hole.travels)) as url:
        report = await probe(url, **SHARED, **hole.travels, **key, only=hole.caught_by)
    assert report[hole.caught_by].verdict == "broken", report


@pytest.mark.parametrize("oddity", ["", *ODDITIES], ids=lambda oddity: oddity or "none")
async def test_an_oddity_is_no_hole(oddity: str):
    """What is lawful, if unusual, is neither a hole nor a crash."""
    travels = HEADER if oddity in ("padding", "404 for strangers") else COOKIE
    async with running(application(Unlike("HS384", oddity), travels)) as url:
        report = await probe(url, **SHARED, **travels, secret=key_text("HS384"), skip=LONG)
    assert not report.of_severity(HOLE, CRASH), report
    if travels is COOKIE and not oddity:
        assert report["with-company"].verdict == "held", "quotes around a cookie are its syntax"
    assert oddity == "429 after thirty requests" or len(report.held) >= 40, report
