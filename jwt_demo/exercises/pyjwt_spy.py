"""What PyJWT is given during a check: that `algorithms` was a str, or a datetime naive, shows in no response."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jwt

_watched: list[Any] = []  # the benches of the checks that are running, mostly one
_encode, _decode_complete = jwt.encode, jwt.PyJWS.decode_complete


@contextmanager
def watching_pyjwt(bench: Any) -> Iterator[None]:
    """Note in `bench.payloads` and `bench.decodes` what PyJWT is given meanwhile."""
    _watched.append(bench)
    replace(noted_encode, noted_decode)
    try:
        yield
    finally:
        _watched.remove(bench)
        if not _watched:
            replace(_encode, _decode_complete)


def replace(encode: Callable[..., str], decode_complete: Callable[..., Any]) -> None:
    jwt.encode = encode
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
    return _decode_complete(self, token, key, algorithms, *args, **kwargs)
