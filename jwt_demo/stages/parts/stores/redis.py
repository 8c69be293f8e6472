"""State in Redis: workers on several machines share it. What it forgets by itself (`EXPIREAT`) nobody has to clean up.

Redis has to keep what it was told: `appendonly yes`, and `maxmemory-policy noeviction`, or a full Redis drops the denylist first.
"""

from __future__ import annotations

import secrets

from .buckets import Bucket
from .errors import CLOCK_JUMP
from .redis_client import RedisClient

# Redis runs a script as one step. RENAME keeps the time to live: the denial of a family ends when the family would have ended.
ROTATE = """
local current = redis.call('GET', KEYS[1])
if current == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL') return 1 end
if current then redis.call('RENAME', KEYS[1], KEYS[2]) end
return 0
"""
END = """
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('RENAME', KEYS[1], KEYS[2]) end
"""
# As in `buckets`; with the clock of Redis, which is the same for all machines. Times in milliseconds.
TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait, started = 0, {}
for i, key in ipairs(KEYS) do
  local size, step = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local full_at = tonumber(redis.call('GET', key) or '0')
  if full_at < now or full_at > now + size * step then full_at = now end
  started[i] = full_at
  wait = math.max(wait, started[i] + step - size * step - now)
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local full_at = started[i] + tonumber(ARGV[2 * i])
  redis.call('SET', key, string.format('%.0f', full_at), 'PX', string.format('%.0f', full_at - now))
end
return 0
"""
GIVE_BACK = """
for i, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 then redis.call('DECRBY', key, ARGV[i]) end
end
"""


class RedisStore:
    """The keys of all servers that share a prefix are one state."""

    def __init__(self, address: str, *, prefix: str = "jwt-demo"):
        self._redis = RedisClient(address)
        self._prefix = prefix

    async def start_family(self, family: str, jti: str, *, until: int) -> None:
        async with self._redis.available() as redis:
            await redis.set(self._key("family", family), jti, exat=until + CLOCK_JUMP)

    async def rotate(self, family: str, old: str, new: str) -> bool:
        keys = self._key("family", family), self._key("denied", family)
        async with self._redis.available() as redis:
            return bool(await redis.eval(ROTATE, 2, *keys, old, new))

    async def end_family(self, family: str) -> None:
        keys = self._key("family", family), self._key("denied", family)
        async with self._redis.available() as redis:
            await redis.eval(END, 2, *keys)

    async def deny(self, identifier: str, *, until: int) -> None:
        async with self._redis.available() as redis:
            await redis.set(self._key("denied", identifier), 1, exat=until + CLOCK_JUMP)

    async def denied(self, *identifiers: str) -> bool:
        denials = [self._key("denied", identifier) for identifier in identifiers]
        async with self._redis.available() as redis:
            return bool(await redis.exists(*denials))

    async def account(self, subject: str) -> tuple[str, str | None]:
        async with self._redis.available() as redis:
            epoch, password_hash = await redis.hmget(
                self._key("account", subject), "epoch", "password_hash"
            )
            if epoch is None:
                # Never changed: the epoch of the store itself, so an emptied Redis knows none of the old tokens.
                await redis.set(self._key("epoch"), new_epoch(), nx=True)
                epoch = await redis.get(self._key("epoch"))
            return epoch, password_hash

    async def change_account(self, subject: str, *, password_hash: str | None = None) -> None:
        fields = {"epoch": new_epoch()} | (
            {"password_hash": password_hash} if password_hash else {}
        )
        async with self._redis.available() as redis:
            await redis.hset(self._key("account", subject), mapping=fields)

    async def take(self, *buckets: Bucket) -> float:
        keys = [self._key("bucket", bucket.name) for bucket in buckets]
        numbers = [number for b in buckets for number in (b.size, int(b.seconds * 1000))]
        async with self._redis.available() as redis:
            return int(await redis.eval(TAKE, len(keys), *keys, *numbers)) / 1000

    async def give_back(self, *buckets: Bucket) -> None:
        keys = [self._key("bucket", bucket.name) for bucket in buckets]
        numbers = [int(bucket.seconds * 1000) for bucket in buckets]
        async with self._redis.available() as redis:
            await redis.eval(GIVE_BACK, len(keys), *keys, *numbers)

    async def open(self) -> None:
        pass

    async def close(self) -> None:
        await self._redis.close()

    def _key(self, *parts: str) -> str:
        return ":".join((self._prefix, *parts))


def new_epoch() -> str:
    return secrets.token_urlsafe(8)
