"""Each probe is proved by a server with exactly the hole it looks for; and none of them cries at what is right."""

from __future__ import annotations

import pytest

from jwt_demo.probes import PROBES, probe
from tests.probes.holes import keys as holes_keys
from tests.probes.holes.base import Lab, running
from tests.probes.holes.catalogue import HOLES, LOGIN, Hole

ALL = [each.name for each in PROBES]
LONG = (
    "login-timing",
    "odd-fields",
    "lying-body",
    "oversize-body",
)  # eighty logins, which no hole beyond the login changes
QUICK = [name for name in ALL if name not in LONG]


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.says)
async def test_a_hole_is_caught_and_no_other_probe_cries(hole: Hole, lab: Lab):
    """The probes that must notice do, and they alone."""
    app = hole.build(lab)
    options = {"secret": lab.key, "only": ALL if hole in LOGIN else QUICK, **(hole.options or {})}
    if options["secret"] in ("RS256", "ES256"):
        options["secret"] = holes_keys.private_pem(options["secret"])
    async with running(app) as url:
        report = await probe(url, **options)
    assert {result.probe.name for result in report.broken} == set(hole.caught_by), report


def test_every_probe_has_its_hole():
    """No probe is believed that was never seen to catch something."""
    assert {name for hole in HOLES for name in hole.caught_by} == {probe.name for probe in PROBES}
