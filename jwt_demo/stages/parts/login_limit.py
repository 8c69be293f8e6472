"""A limit on login attempts: for an account, and for an address, counted in the store, so for all workers together.

A stranger cannot lock a user out: attempts on an account are counted for each address, so a stranger uses up only their own. When very
many addresses try the same account, each of them has fewer attempts; never none, and the right password needs one.

Users who share an address with the attacker (one office, one NAT) share the attempts from there, and wait too, with the right password
as well. To know that a password is right the server must hash it, and then it would judge one more guess of the attacker.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

from aiohttp import web

from .responses import refusal
from .stores import Bucket, Store


@dataclass(frozen=True)
class LoginLimit:
    """How many attempts at once, and after how many seconds one more. NIST SP 800-63B §5.2.2 is stricter: 100 in a row for an account."""

    store: Store
    for_pair: int = 50  # attempts on one account from one address
    for_address: int = 200  # attempts from one address, on whatever accounts
    for_account: int = 100  # attempts on one account; beyond, each address has `when_crowded`
    when_crowded: int = 3
    account_seconds: float = 10
    address_seconds: float = 1

    async def take(self, email: str, address: str) -> None:
        """Count an attempt before its password is hashed; HTTPTooManyRequests (429, RFC 6585 §4) where there were too many."""
        await self._take(self._account_here(email, address), self._address(address))
        crowded = await self.store.take(self._account_everywhere(email)) > 0
        if crowded:
            await self._take(self._when_crowded(email, address))

    async def give_back(self, email: str, address: str) -> None:
        """A right password is not an attempt."""
        await self.store.give_back(
            self._account_here(email, address),
            self._address(address),
            self._account_everywhere(email),
            self._when_crowded(email, address),
        )

    async def _take(self, *buckets: Bucket) -> None:
        wait = await self.store.take(*buckets)
        if wait > 0:
            headers = {"Retry-After": str(math.ceil(wait)), "Cache-Control": "no-store"}
            message = "Too many login attempts, try again later"
            raise refusal(web.HTTPTooManyRequests, message, headers=headers)

    def _account_here(self, email: str, address: str) -> Bucket:
        return Bucket(name("here", email, address), self.for_pair, self.account_seconds)

    def _address(self, address: str) -> Bucket:
        return Bucket(name("address", address), self.for_address, self.address_seconds)

    def _account_everywhere(self, email: str) -> Bucket:
        return Bucket(name("everywhere", email), self.for_account, self.account_seconds)

    def _when_crowded(self, email: str, address: str) -> Bucket:
        return Bucket(name("crowded", email, address), self.when_crowded, self.account_seconds)


def name(*parts: str) -> str:
    """A fixed length for whatever was typed, which may be a password in the wrong field."""
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()
