"""The users of `complete` in Redis, for workers on several machines. Passwords are checked as in memory, by the class both have in common."""

from __future__ import annotations

from collections.abc import Mapping

from .request_body import is_text
from .secret_key import ConfigurationError
from .stores import StoreUnavailable
from .stores.redis_client import RedisClient
from .users import User, Users, hash_password

# One step: of two workers that create the same user at once, one does.
CREATE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
local id = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], id)
redis.call('HSET', ARGV[1] .. id, 'email', ARGV[2], 'is_admin', ARGV[3], 'password_hash', ARGV[4])
return id
"""


class RedisUsers(Users):
    """Users found by id or by e-mail; StoreUnavailable where Redis does not respond."""

    def __init__(self, address: str, *, prefix: str = "jwt-demo") -> None:
        super().__init__()
        self._redis = RedisClient(address)
        self._prefix = prefix

    async def create(self, email: str, password: str, *, is_admin: bool = False) -> User:
        """A new user; ValueError if the e-mail is taken."""
        password_hash = await hash_password(password)
        async with self._redis.available() as redis:
            id = await redis.eval(
                CREATE,
                2,
                self._key("email", email),
                self._key("last-user"),
                self._key("user", ""),
                email,
                int(is_admin),
                password_hash,
            )
        if id == 0:
            raise ValueError(f"{email} is taken")
        return User(int(id), email, is_admin, password_hash)

    async def by_id(self, subject: str) -> User | None:
        """The user a token's `sub` names; compared as text, so neither "01" nor " 1" nor 1.0 is user 1."""
        if not isinstance(subject, str) or not is_text(subject):
            return None
        async with self._redis.available() as redis:
            return user_of(subject, await redis.hgetall(self._key("user", subject)))

    async def by_email(self, email: str) -> User | None:
        async with self._redis.available() as redis:
            id = await redis.get(self._key("email", email))
            return user_of(id, await redis.hgetall(self._key("user", id))) if id else None

    async def open(self) -> None:
        """Ask Redis once: without it nobody could log in."""
        try:
            async with self._redis.available() as redis:
                await redis.ping()
        except StoreUnavailable as error:
            raise ConfigurationError(f"The store cannot be used: {error}") from None

    async def close(self) -> None:
        await self._redis.close()

    def _key(self, kind: str, name: str = "") -> str:
        return f"{self._prefix}:{kind}:{name}"


def user_of(id: str, fields: Mapping[str, str]) -> User | None:
    if not fields:
        return None
    return User(int(id), fields["email"], fields["is_admin"] == "1", fields["password_hash"])
