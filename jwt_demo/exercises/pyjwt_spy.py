"""What PyJWT is given during a check, and its clock: that `algorithms` was a str, or a datetime naive, shows in no response."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta, tzinfo
from typing import Any

import jwt
import jwt.api_jwt

_watched: list[Any] = []  # the benches of the checks that are running, mostly one
_encode, _decode_complete = jwt.encode, jwt.PyJWS.decode_complete


@contextmanager
def watching_pyjwt(bench: Any) -> Iterator[None]:
    """Note in `bench.payloads` and `bench.decodes` what PyJWT is given meanwhile, and in `bench.bad_keys` how many keys it rejects."""
    _watched.append(bench)
    replace(noted_encode, noted_decode, Clock)
    try:
        yield
    finally:
        _watched.remove(bench)
        if not _watched:
            replace(_encode, _decode_complete, datetime)


def replace(encode: Callable[..., str], decode_complete: Callable[..., Any], clock: Any) -> None:
    jwt.encode = encode
    vars(jwt.api_jwt)["datetime"] = clock
    jwt.PyJWS.decode_complete = decode_complete  # type: ignore[method-assign]  # that is the point


@functools.wraps(_encode)
def noted_encode(payload: Any, *args: Any, **kwargs: Any) -> Any:
    for bench in _watched:
        bench.payloads.append(payload)
    return _encode(payload, *args, **kwargs)


@functools.wraps(_decode_complete)
def noted_decode(
    self: Any, token: Any, key: Any = "", algorithms: Any = None, *args: Any, **kwargs: Any
) -> Any:
    for bench in _watched:
        bench.decodes.append((token, algorithms))
    try:
        return _decode_complete(self, token, key, algorithms, *args, **kwargs)
    except jwt.InvalidKeyError:
        for bench in _watched:
            bench.bad_keys += 1
        raise


# --- its clock -----------------------------------------------------------------------------------------------------

_behind: ContextVar[timedelta] = ContextVar("behind", default=timedelta(0))


@contextmanager
def clock_behind(by: timedelta) -> Iterator[None]:
    """PyJWT's clock is behind by so much, for what this context calls: what expired is good there.

    Then the same token comes once more with the right clock, and only code that kept its answer accepts it; nobody waits.
    """
    token = _behind.set(by)
    try:
        yield
    finally:
        _behind.reset(token)


class AsDatetime(type):
    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, datetime)


class Clock(metaclass=AsDatetime):
    """Stands in `jwt.api_jwt` for `datetime`."""

    @staticmethod
    def now(tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) - _behind.get()
