"""A small, fixed part of `make noise`: odd and broken requests by the byte, against the stages that matter most."""

from __future__ import annotations

import pytest

from jwt_demo.stages import cookies, logout
from jwt_demo.stages.complete import make_app as complete
from jwt_demo.tokens.anatomy import encode_segment
from raw_requests import CANARY, Findings, attack, noise, repeats
from tests.probes.holes.base import running
from tests.support.thorough import some_always

STAGES = {
    "complete": complete,
    "logout": lambda **given: logout.make_app(store="memory:", **given),
    "cookies": cookies.make_app,
}


@pytest.mark.parametrize("stage", some_always(STAGES, lambda stage: stage == "complete"))
async def test_noise_is_neither_accepted_nor_repeated(stage, key, users, fast_hashes, caplog):
    """Three hundred requests: each is answered, none with a 5xx, none gets in, none comes back or into the log."""
    caplog.set_level("DEBUG", logger="aiohttp.server")
    async with running(STAGES[stage](key=key, users=users)) as url:
        findings = await attack(int(url.rpartition(":")[2]), noise(seed=14, count=300))
    assert findings.faults == []
    assert sum(findings.statuses.values()) >= 295
    assert not repeats(caplog.text.encode())


def test_noise_is_the_same_for_the_same_seed():
    """A fault that was found can be found again."""
    assert list(noise(3, 50)) == list(noise(3, 50)) != list(noise(4, 50))


def test_what_went_wrong_is_seen():
    """A login that works, a crash, an echo, silence: each is a fault."""
    findings = Findings()
    request = b"GET / HTTP/1.1\r\n\r\n"
    inside = encode_segment(b'{"a":"' + CANARY.encode() + b'"}').encode()
    findings.judge(request, b'HTTP/1.1 200 OK\r\n\r\n{"token": "x"}')
    findings.judge(request, b"HTTP/1.1 500 Oh\r\n\r\n")
    findings.judge(request, b"HTTP/1.1 400 Oh\r\n\r\n" + inside)
    findings.judge(request, b"")
    findings.judge(request, None)
    findings.judge(request, b"HTTP/1.1 503 Later\r\n\r\n")
    assert [what for what, _, _ in findings.faults] == ["accepted", "5xx", "repeated", "no response", "hung"]  # fmt: skip
