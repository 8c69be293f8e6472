"""What the tests of the stages share: logs that start anew."""

from __future__ import annotations

import logging

import pytest

from jwt_demo.stages.parts.log_limit import OncePerSecond


@pytest.fixture(autouse=True)
def fresh_log_limits(monkeypatch):
    """A line that the test before this one caused does not keep a line of this one out of the log."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        if name.startswith("jwt_demo.") and isinstance(logger, logging.Logger):
            for limit in logger.filters:
                if isinstance(limit, OncePerSecond):
                    monkeypatch.setattr(limit, "_written", {})
