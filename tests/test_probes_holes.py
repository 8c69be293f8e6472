"""Each probe is proved by a server with exactly the hole it looks for; and none of them cries at what is right."""

from __future__ import annotations

import argon2
import pytest

import holes_keys
from holes import HOLES, Hole
from holes_base import Lab, running
from jwt_demo import users as users_module
from jwt_demo.probes import PROBES, probe
from jwt_demo.stages.configuration import new_key
from jwt_demo.users import Users


@pytest.fixture
async def lab(monkeypatch, fast_hashes):
    users = Users()
    await users.create("user@email.com", "password")
    return Lab(new_key(), users, monkeypatch.setattr)


@pytest.fixture
def fast_hashes(monkeypatch):
    """Argon2 as cheap as it gets: a hundred servers are logged in to some thirty times each."""
    monkeypatch.setattr(users_module, "HASHER", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(users_module, "_nobodys_hash", None)


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.says)
async def test_a_hole_is_caught_and_no_other_probe_cries(hole: Hole, lab: Lab):
    """The probes that must notice do, and they alone."""
    app = hole.build(lab)
    options = {"secret": lab.key, **(hole.options or {})}
    if options["secret"] in ("RS256", "ES256"):
        options["secret"] = holes_keys.private_pem(options["secret"])
    async with running(app) as url:
        report = await probe(url, **options)
    assert {result.probe.name for result in report.broken} == set(hole.caught_by), report


def test_every_probe_has_its_hole():
    """No probe is believed that was never seen to catch something."""
    assert {name for hole in HOLES for name in hole.caught_by} == {probe.name for probe in PROBES}
