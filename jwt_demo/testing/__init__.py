"""The probes in a team's own tests: `probe_battery(url)` raises an AssertionError that lists what was found.

from jwt_demo.testing import probe_battery

def test_tokens(live_server):
    probe_battery(live_server.url, email="ann@example.com", password="…", secret=SECRET)
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..probes import ALL_PROBES, CannotProbe, Report, probe
from ..probes.baseline import Baseline
from ..probes.model import CRASH, HOLE, SEVERITIES

__all__ = ["CannotProbe", "Report", "probe_battery"]


def probe_battery(
    url: Any,
    *,
    fail_on: Iterable[str] = (HOLE, CRASH),
    baseline: str | Path | None = None,
    **options: Any,
) -> Report:
    """Probe a server on this machine and return the report; AssertionError where a finding is in `fail_on`.

    `options` are those of `jwt_demo.probe`: `email`, `password`, `path`, `login_path`, `secret`, `only`, `skip` and so on. `baseline` is
    a file of accepted findings. CannotProbe where the server is not reached, and AssertionError where nothing could be judged. It works
    in a plain test and in one that runs on an event loop; the server has to run elsewhere, in a thread or a process of its own.
    """
    wanted = (fail_on,) if isinstance(fail_on, str) else tuple(fail_on)
    if unknown := set(wanted) - set(SEVERITIES):
        raise ValueError(f"{', '.join(sorted(unknown))} is no severity: {', '.join(SEVERITIES)}")
    known = {each.name for each in ALL_PROBES}
    accepted = Baseline.read(Path(baseline), known) if baseline else Baseline()
    report = in_thread(url, options)
    passed = accepted.accepted(report)
    failing = [result for result in report.of_severity(*wanted) if result.probe.name not in passed]
    assert not failing, f"{len(failing)} findings\n{report.text(whole_paths=True)}"
    assert report.held_or_broken, f"nothing could be judged\n{report.text()}"
    return report


def in_thread(url: Any, options: dict[str, Any]) -> Report:
    """Run on a loop of its own, so that a test with a running loop can call it as well."""
    found: list[Report] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(asyncio.run(probe(url, **options)))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="probe_battery", daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return found[0]
