"""Asking the learner's code: a plain function on a thread, anything that serves on a real server, both within a time limit."""

from __future__ import annotations

import asyncio
import contextvars
import copy
import ctypes
import functools
import inspect
import itertools
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import jwt
from aiohttp import web_urldispatcher

from ..server.diagnosis import stuck_at
from ..server.server import Server, serve
from ..stages.parts.users import Users
from .messages import Result, correct, incorrect, not_attempted
from .model import Case, Exercise, From, Request, Trial, Unfit, Want
from .stub import is_untouched

LIMIT = 5.0  # seconds for one call or one request
_numbers = itertools.count(1)


async def judge(exercise: Exercise, candidate: Any, *, limit: float = LIMIT) -> Result:
    """The outcome of an exercise: the first case that does not hold, or that all do."""
    if is_untouched(candidate, exercise):
        return not_attempted(exercise)
    bench = await (exercise.bench or Bench.make)()
    for want in exercise.shape:
        trial = Trial(candidate, bench)
        if not holds(want, trial):
            return incorrect(exercise, trial, want)
    with watching_pyjwt(bench):
        trials = (
            ask_server(exercise, candidate, bench, limit)
            if exercise.mount
            else call_all(exercise, candidate, bench, limit)
        )
        earlier: tuple[Trial, ...] = ()
        async for trial in trials:
            trial.earlier, earlier = earlier, (*earlier, trial)
            if trial.case is None:
                await trials.aclose()
                return incorrect(exercise, trial, None)
            for want in trial.case.wants:
                if trial.error is not None or trial.stuck or not holds(want, trial):
                    await trials.aclose()
                    return incorrect(exercise, trial, want)
    return correct(exercise)


def holds(want: Want, trial: Trial) -> bool:
    """What came back is a stranger's: a want that can't even look at it does not hold."""
    try:
        return bool(want.holds(trial))
    except Exception:
        return False


async def call_all(exercise: Exercise, candidate: Any, bench: Any, limit: float) -> Any:
    for case in exercise.cases:
        call: Any = case.send
        args = [resolve(value, bench) for value in call.args]
        kwargs = {name: resolve(value, bench) for name, value in call.kwargs.items()}
        value, error, stuck = await within(limit, candidate, *args, **kwargs)
        yield Trial(candidate, bench, case, value=value, error=error, stuck=stuck)


async def ask_server(exercise: Exercise, candidate: Any, bench: Any, limit: float) -> Any:
    app, error, stuck = await mounted(exercise, candidate, bench, limit)
    if error is not None or stuck:
        yield Trial(candidate, bench, error=error, stuck=stuck)
        return
    server = await serve(app, name=f"check {next(_numbers)}", limit=limit)
    try:
        for case in exercise.cases:
            exchange = await ask(server, bench, case)
            late = exchange.problem.startswith(
                "No answer"
            )  # then the error is the one that stopped it, not the learner's
            yield Trial(
                candidate, bench, case, exchange=exchange, error=None if late else exchange.error
            )
    finally:
        await server.stop()


async def mounted(exercise: Exercise, candidate: Any, bench: Any, limit: float) -> Any:
    """The application with the candidate in it; a handler that is a plain `def` counts as an error, where aiohttp only warns."""
    app, error, stuck = await within(limit, exercise.mount, candidate, bench)  # type: ignore[arg-type]
    warned = isinstance(error, DeprecationWarning) and "Bare functions" in str(
        error
    )  # where warnings are errors
    if warned or (
        app is not None and any(is_plain(route.handler) for route in app.router.routes())
    ):
        error = Unfit("a plain def", PLAIN_DEF)
    return app, error, stuck


def is_plain(handler: Any) -> bool:
    """Whether aiohttp had to wrap a handler to be able to await it."""
    code = getattr(handler, "__code__", None)
    return (
        code is not None
        and code.co_name == "handler_wrapper"
        and code.co_filename == web_urldispatcher.__file__
    )


PLAIN_DEF = "A handler is awaited, and aiohttp 4 takes no plain `def` any more. Write `async def`."


async def ask(server: Server, bench: Any, case: Case) -> Any:
    request = case.send
    if not isinstance(request, Request):
        return await request(server, bench)  # type: ignore[operator]
    headers = {name: resolve(value, bench) for name, value in request.headers.items()}
    if request.token:
        headers["Authorization"] = f"Bearer {bench.token(request.token)}"
    return await server.request(
        request.method, request.path, data=request.data, json=request.json, headers=headers
    )


def resolve(value: Any, bench: Any) -> Any:
    """An argument of its own for each call: what a learner's function does to it stays with that call."""
    return value.make(bench) if isinstance(value, From) else copy.deepcopy(value)


class OutOfTime(BaseException):
    """Raised in a learner's function when its time is over; `except Exception` does not stop it."""


async def within(
    limit: float, function: Callable[..., Any], *args: Any, **kwargs: Any
) -> tuple[Any, BaseException | None, str]:
    """Call on a thread of its own and await what is awaitable: the value, what was raised, or where it stood after `limit` seconds."""
    outcome: dict[str, Any] = {}
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    context = (
        contextvars.copy_context()
    )  # so that what the function prints lands in the cell that asked

    def work() -> None:
        try:
            outcome["value"] = context.run(finish, function, args, kwargs)
        except (
            BaseException
        ) as error:  # sys.exit() and OutOfTime too: nothing of the learner's may end the kernel
            outcome["error"] = error
        finally:
            loop.call_soon_threadsafe(done.set)

    thread = threading.Thread(target=work, name="jwt-demo check", daemon=True)
    thread.start()
    try:
        await asyncio.wait_for(done.wait(), limit)
    except asyncio.TimeoutError:
        where = stuck_at(frames_of(thread))
        for _ in range(3):  # a bare `except:` in a loop takes the first one
            interrupt(thread)
            try:
                await asyncio.wait_for(done.wait(), 0.5)
                break
            except asyncio.TimeoutError:
                continue
        return None, None, where or "."
    return outcome.get("value"), outcome.get("error"), ""


def finish(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    value = function(*args, **kwargs)
    return asyncio.run(settle(value)) if inspect.iscoroutine(value) else value


async def settle(value: Any) -> Any:
    return await value


def frames_of(thread: threading.Thread) -> list[Any]:
    frame, frames = sys._current_frames().get(thread.ident or 0), []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames[::-1]


def interrupt(thread: threading.Thread) -> None:
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(OutOfTime)
    )


class Bench:
    """What a check works with: a random key, two users, tokens by name. Made anew for each check."""

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(48)  # 64 characters, long enough for HS512 too
        self.users = Users()
        self.now = datetime.now(timezone.utc).replace(microsecond=0)
        self.payloads: list[Any] = []  # what was given to jwt.encode during the check
        self.decodes: list[
            tuple[Any, Any]
        ] = []  # token and algorithms that were given to jwt.decode

    @classmethod
    async def make(cls) -> Bench:
        bench = cls()
        bench.users = copy.deepcopy(await known_users())
        bench.user, bench.admin = [await bench.users.by_id(subject) for subject in ("1", "2")]
        return bench

    def token(self, name: str) -> str:
        """The token of this name; `TOKENS` says what is the matter with each."""
        return TOKENS[name](self)

    def sign(self, key: str | None = None, algorithm: str = "HS256", **claims: Any) -> str:
        """A token with these claims over the usual ones (five minutes, user 1); None leaves a claim out."""
        usual = {
            "sub": "1",
            "scope": "profile",
            "iat": self.now,
            "exp": self.now + timedelta(minutes=5),
        }
        chosen = {name: value for name, value in {**usual, **claims}.items() if value is not None}
        return jwt.encode(chosen, key or self.key, algorithm=algorithm)


_known: Users | None = None


async def known_users() -> Users:
    """The users of every check. Hashing their passwords takes longer than most checks, so it is done once."""
    global _known
    if _known is None:
        known = Users()
        await known.create("user@email.com", "password")
        await known.create("admin@email.com", "secret door", is_admin=True)
        _known = known
    return _known


def tampered(bench: Bench) -> str:
    head, _, signature = bench.token("good").split(".")
    return ".".join((head, bench.token("admin").split(".")[1], signature))


TOKENS: dict[str, Callable[[Bench], str]] = {
    "good": lambda bench: bench.sign(),
    "admin": lambda bench: bench.sign(sub="2", scope="admin profile"),
    "admin, scope profile": lambda bench: bench.sign(sub="2", scope="profile"),
    "user, scope admin": lambda bench: bench.sign(scope="admin profile"),
    "not-admin": lambda bench: bench.sign(scope="profile not-admin"),
    "no scope": lambda bench: bench.sign(sub="2", scope=None),
    "tampered": tampered,
    "another key": lambda bench: bench.sign(key=secrets.token_urlsafe(48)),
    "unsigned": lambda bench: jwt.encode(
        {"sub": "1", "exp": bench.now + timedelta(minutes=5)}, None, algorithm="none"
    ),
    "HS512": lambda bench: bench.sign(key=bench.key, algorithm="HS512"),
    "expired": lambda bench: bench.sign(
        iat=bench.now - timedelta(hours=1), exp=bench.now - timedelta(minutes=55)
    ),
    "not yet": lambda bench: bench.sign(nbf=bench.now + timedelta(hours=1)),
    "no exp": lambda bench: bench.sign(exp=None),
    "audience": lambda bench: bench.sign(aud="another-service"),
    "no sub": lambda bench: bench.sign(sub=None),
    "sub 0": lambda bench: bench.sign(sub="0"),
    "number as sub": lambda bench: bench.sign(sub=1),
    "user gone": lambda bench: bench.sign(sub="99"),
    "no token": lambda bench: "not-a-token",
    "empty": lambda bench: "",
}


_watched: list[Any] = []  # the benches of the checks that are running, mostly one
_encode, _decode_complete = jwt.encode, jwt.PyJWS.decode_complete


@contextmanager
def watching_pyjwt(bench: Any) -> Iterator[None]:
    """Note what PyJWT is given: that `algorithms` was a str, or a datetime naive, shows in no answer on a machine in UTC."""
    _watched.append(bench)
    jwt.encode, jwt.PyJWS.decode_complete = noted_encode, noted_decode  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        _watched.remove(bench)
        if not _watched:
            jwt.encode, jwt.PyJWS.decode_complete = _encode, _decode_complete  # type: ignore[method-assign]


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
