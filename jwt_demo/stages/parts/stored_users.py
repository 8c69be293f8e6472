"""Users whose password and epoch stand in the store, so that every worker knows of a change at once."""

from __future__ import annotations

from dataclasses import replace

from .stores import Store
from .users import User, Users


class StoredUsers(Users):
    """The users given, each with the password hash and the epoch that the store has for them."""

    def __init__(self, users: Users, store: Store) -> None:
        super().__init__()
        self._users = users
        self._store = store

    def __len__(self) -> int:
        return len(self._users)

    async def create(self, email: str, password: str, *, is_admin: bool = False) -> User:
        return await self._users.create(email, password, is_admin=is_admin)

    async def by_id(self, subject: str) -> User | None:
        return await self._account(await self._users.by_id(subject))

    async def by_email(self, email: str) -> User | None:
        return await self._account(await self._users.by_email(email))

    def replace(self, user: User) -> None:
        self._users.replace(user)

    async def _account(self, user: User | None) -> User | None:
        # Password hash and epoch are read together: a login with the old password gets the old epoch, even while both change.
        # For an unknown e-mail the store is asked as well: the time of a response tells nobody who has an account.
        epoch, password_hash = await self._store.account(str(user.id) if user else "")
        if user is None:
            return None
        return replace(user, password_hash=password_hash or user.password_hash, epoch=epoch)
