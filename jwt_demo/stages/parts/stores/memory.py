"""State in this process, for a lesson or a single worker: gone at the next start, and unknown to a second worker.

It believes the clock. If that jumps ahead and back again, an access token that was logged out counts again; the other stores prevent that.

An id that was denied is forgotten when its token has expired:

>>> import asyncio
>>> now = 100
>>> store = MemoryStore(clock=lambda: now)
>>> asyncio.run(store.deny("an id", until=160))
>>> asyncio.run(store.denied("an id"))
True
>>> now = 160
>>> asyncio.run(store.deny("another id", until=220))
>>> list(store.denylist)
['another id']
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from .buckets import Bucket


class MemoryStore:
    """Four dicts. No method awaits anything half-way, so none is interrupted by another on the same loop."""

    def __init__(self, *, clock: Callable[[], float] = time.time):
        self.families: dict[str, tuple[str, int]] = {}  # id → current jti, until
        self.denylist: dict[str, int] = {}  # id → until
        self.accounts: dict[str, tuple[str, str | None]] = {}  # subject → epoch, password hash
        self.buckets: dict[str, float] = {}  # name → when it is full again
        self._clock = clock

    async def start_family(self, family: str, jti: str, *, until: int) -> None:
        self._forget()
        self.families[family] = jti, until

    async def rotate(self, family: str, old: str, new: str) -> bool:
        current, until = self.families.get(family, (None, 0))
        if current != old:
            await self.end_family(family)
            return False

        self.families[family] = new, until
        return True

    async def end_family(self, family: str) -> None:
        if family in self.families:
            _, self.denylist[family] = self.families.pop(family)

    async def deny(self, identifier: str, *, until: int) -> None:
        self._forget()
        self.denylist[identifier] = until

    async def denied(self, *identifiers: str) -> bool:
        return any(identifier in self.denylist for identifier in identifiers)

    async def account(self, subject: str) -> tuple[str, str | None]:
        return self.accounts.get(subject, ("0", None))

    async def change_account(self, subject: str, *, password_hash: str | None = None) -> None:
        _, present = await self.account(subject)
        self.accounts[subject] = secrets.token_urlsafe(8), password_hash or present

    async def take(self, *buckets: Bucket) -> float:
        now = self._clock()
        self.buckets = {name: full_at for name, full_at in self.buckets.items() if full_at > now}
        wait = max(b.wait(full_at=self.buckets.get(b.name, 0), now=now) for b in buckets)
        if wait == 0:
            for b in buckets:
                self.buckets[b.name] = b.taken(full_at=self.buckets.get(b.name, 0), now=now)
        return wait

    async def give_back(self, *buckets: Bucket) -> None:
        for bucket in buckets:
            if bucket.name in self.buckets:
                self.buckets[bucket.name] = bucket.given_back(full_at=self.buckets[bucket.name])

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        pass

    def _forget(self) -> None:
        now = self._clock()
        self.denylist = {
            identifier: until for identifier, until in self.denylist.items() if until > now
        }
        self.families = {
            family: (jti, until) for family, (jti, until) in self.families.items() if until > now
        }
