"""The cases of 03-auth-middleware in which the key of the application is missing or of no use: a fault of the server, whatever the token is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ...server.exchange import Exchange
from ...server.server import Server
from ..matchers import answered
from ..messages import answer
from ..model import Case, Mistake, Want

Send = Callable[[Server, Any], Awaitable[Exchange]]


def with_keys(change: Callable[[dict[Any, Any], Any, Any], object]) -> Send:
    """A good token, while `change` has changed each key of the application; of a started one aiohttp has no public word for it."""

    async def send(server: Server, bench: Any) -> Exchange:
        bench.bad_keys = 0
        state: dict[Any, Any] = server.app._state if server.app is not None else {}
        keys = {
            name: key
            for name, key in state.items()
            if key in (bench.key, bench.key.encode("ascii"))
        }
        for name, key in keys.items():
            change(state, name, key)
        try:
            return await server.get(
                "/get-user", headers={"Authorization": f"Bearer {bench.token('good')}"}
            )
        finally:
            state.update(keys)

    return send


def empty(state: dict[Any, Any], name: Any, key: Any) -> None:
    state[name] = type(key)()


def nothing(state: dict[Any, Any], name: Any, key: Any) -> None:
    state[name] = None


def gone(state: dict[Any, Any], name: Any, key: Any) -> None:
    del state[name]


def no_key(what: str, send: Send) -> Case:
    """What the code of one application keeps of its key may still accept the token, and no more."""
    return Case(
        f"GET /get-user  Authorization: Bearer <good token>, and {what}",
        send,
        (
            Want(
                "a status from 500 on",
                lambda trial: (trial.status or 0) >= 500 or trial.status == 200,
                lambda trial: answer(trial.exchange),
                of_error=True,
            ),
        ),
        "Without a usable key no token can be verified, and that is a fault of the server: 500.",
        (
            Mistake(
                answered(401),
                "The key of the application cannot be used, and the response says that the token is bad. Nobody knows that: the fault is in the server, 500. "
                "Catch what says that a token is bad and no more, `jwt.InvalidTokenError` and `TokenError`.",
            ),
        ),
    )


BAD_KEYS = (
    Case(
        "GET /get-user  Authorization: Bearer <good token>, and the key of the application is empty",
        with_keys(empty),
        (
            Want(
                "a status from 500 on",
                lambda trial: (trial.status or 0) >= 500 or not trial.bench.bad_keys,
                lambda trial: answer(trial.exchange),
                "PyJWT raised `InvalidKeyError`: the server's key cannot be used, whatever the token is. That is a fault of the server: 500. "
                "`jwt.InvalidTokenError` does not catch it, `jwt.PyJWTError` and `Exception` do.",
                of_error=True,
            ),
        ),
        "",
    ),
    no_key("the application has no key", with_keys(gone)),
    no_key("the key of the application is None", with_keys(nothing)),
)
