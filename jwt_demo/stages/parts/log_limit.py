"""A limit on lines of a log that a stranger can cause: each statement writes one line in a second and says how many it left out.

>>> moment = 0.0
>>> limit = OncePerSecond(clock=lambda: moment)
>>> line = logging.makeLogRecord({"pathname": "server.py", "lineno": 7, "msg": "Rejected"})
>>> [limit.filter(line) for _ in range(4)]
[True, False, False, False]
>>> moment = 1.0
>>> limit.filter(line), line.getMessage()
(True, 'Rejected (3 more like it were left out)')
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable


class OncePerSecond(logging.Filter):
    """A filter for a logger. It counts by place in the code, so one kind of line never hides another."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic):
        super().__init__()
        self._clock = clock
        self._written: dict[tuple[str, int], float] = {}
        self._left_out: dict[tuple[str, int], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place = (record.pathname, record.lineno)
        now = self._clock()
        if now - self._written.get(place, float("-inf")) < 1:
            self._left_out[place] = self._left_out.get(place, 0) + 1
            return False

        self._written[place] = now
        left_out = self._left_out.pop(place, 0)
        if left_out:
            record.msg = f"{record.msg} ({left_out} more like it were left out)"
        return True
