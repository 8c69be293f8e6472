"""Buckets that count attempts: a full one allows `size` at once, and gets one more back every `seconds`.

One number is enough for each: the time at which the bucket will be full again (the generic cell rate algorithm).

>>> bucket = Bucket("login", size=2, seconds=10)
>>> bucket.wait(full_at=0, now=100)          # full
0
>>> bucket.taken(full_at=0, now=100)         # one taken: full again at 110
110
>>> bucket.wait(full_at=120, now=100)        # both taken: the next one is there at 110
10
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bucket:
    """A name, and how much fits in. The name is kept in a store, so it contains no e-mail and no password."""

    name: str
    size: int
    seconds: float

    def wait(self, *, full_at: float, now: float) -> float:
        """Seconds until one can be taken; 0 when that is now."""
        return max(0, self._started(full_at, now) + self.seconds - self.size * self.seconds - now)

    def taken(self, *, full_at: float, now: float) -> float:
        """When it will be full again, if one is taken now."""
        return self._started(full_at, now) + self.seconds

    def given_back(self, *, full_at: float) -> float:
        """When it will be full again, if one is put back."""
        return full_at - self.seconds

    def _started(self, full_at: float, now: float) -> float:
        """Never in the past. Later than an empty bucket needs is only possible where the clock jumped ahead and back: then it is full."""
        return full_at if now < full_at <= now + self.size * self.seconds else now
