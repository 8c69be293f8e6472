"""Each probe is proved by a server with exactly the hole it looks for; and none of them cries at what is right.

Every run sends each hole to the probes that must notice it, and to every sixteenth of the others, another sixteenth for each hole;
with THOROUGH to every eighth. `make holes` sends each hole to all of them.
"""

from __future__ import annotations

import os

import pytest

from jwt_demo.probes import ALL_PROBES, PROBES, probe
from tests.probes.holes.base import Lab, running
from tests.probes.holes.catalogue import HOLES, IN_ANY_ALGORITHM, LOGIN, Hole, keys
from tests.support.thorough import some_always

ALL = [each.name for each in PROBES]
LONG = (
    "login-timing",
    "odd-fields",
    "lying-body",
    "oversize-body",
)  # eighty logins, which no hole beyond the login changes
QUICK = [name for name in ALL if name not in LONG]
PARTS = 1 if os.environ.get("ALL_HOLES") else 8 if os.environ.get("THOROUGH") else 16


def sent_to(hole: Hole) -> list[str]:
    """The probes that must notice, and a part of the others."""
    others = [name for name in (ALL if hole in LOGIN else QUICK) if name not in hole.caught_by]
    return [*hole.caught_by, *others[HOLES.index(hole) % PARTS :: PARTS]]


@pytest.mark.parametrize("hole", HOLES, ids=lambda hole: hole.says)
async def test_a_hole_is_caught_and_no_other_probe_cries(hole: Hole, lab: Lab):
    """The probes that must notice do, and they alone."""
    app = hole.build(lab)
    options = {"secret": lab.key, "only": sent_to(hole), **(hole.options or {})}
    if options["secret"] in ("RS256", "ES256"):
        options["secret"] = keys.private_pem(options["secret"])
    async with running(app) as url:
        report = await probe(url, **options)
    assert {result.probe.name for result in report.broken} == set(hole.caught_by), report


@pytest.mark.parametrize(
    "alg", some_always(["HS512", "RS256", "ES256"], lambda alg: alg == "ES256")
)
@pytest.mark.parametrize("hole", IN_ANY_ALGORITHM, ids=lambda hole: hole.says)
async def test_a_hole_is_caught_in_any_algorithm(hole: Hole, alg: str, lab: Lab):
    """What a server forgets to check shows in whatever it signs with; `own_service` has the holes in the signature itself."""
    app = hole.in_algorithm(alg)(lab)
    secret = lab.key if alg == "HS512" else keys.private_pem(alg)
    async with running(app) as url:
        report = await probe(url, secret=secret, only=hole.caught_by)
    assert {result.probe.name for result in report.broken} == set(hole.caught_by), report


def test_every_probe_has_its_hole():
    """No probe is believed that was never seen to catch something; nor is one that only some runs would try on its hole."""
    assert {name for hole in HOLES for name in hole.caught_by} == {
        probe.name for probe in ALL_PROBES
    }
