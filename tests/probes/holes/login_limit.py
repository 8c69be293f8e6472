"""Limits on login attempts, right and wrong ones; each is small, so that few logins reach it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from aiohttp import web

from jwt_demo.stages import complete
from tests.probes.holes.base import Lab
from tests.probes.holes.login import logged, logging_in

Key = Callable[[web.Request, str], Any]


def unlimited(lab: Lab) -> web.Application:
    return limited(here, size=10_000)(lab)


def limited(
    key: Key,
    *,
    size: int = 5,
    status: int = 429,
    retry_after: Callable[[], str | None] = lambda: "7",
    of_nobody: bool = True,
) -> Callable[[Lab], web.Application]:
    """`size` wrong passwords for each `key(request, email)`; `of_nobody` says whether accounts that do not exist are limited."""

    def build(lab: Lab) -> web.Application:
        wrong: Counter[Any] = Counter()

        async def login(request: web.Request, email: str, password: str, user: Any) -> web.Response:
            counted = key(request, email)
            if wrong[counted] >= size:
                value = retry_after()
                headers = {} if value is None else {"Retry-After": value}
                return web.json_response({"message": "Wait"}, status=status, headers=headers)
            if user is not None:
                return await logged(request, user)
            if of_nobody or await request.app[complete.USERS].by_email(email):
                wrong[counted] += 1
            return complete.challenge(401, "Wrong e-mail or password")

        return logging_in(login)(lab)

    return build


def here(request: web.Request, email: str) -> Any:
    return request.remote, email


def address(request: web.Request, email: str) -> Any:
    return request.remote


def account(request: web.Request, email: str) -> Any:
    return email


def everybody(request: web.Request, email: str) -> Any:
    return "everybody"


def in_2100() -> str:
    return formatdate(usegmt=True, timeval=4102444800)


def in_the_past() -> str:
    return formatdate(usegmt=True, timeval=0)
