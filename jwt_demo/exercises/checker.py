"""Trying a learner's code: a plain function is called, anything that serves is put on a real server, both within a time limit."""

from __future__ import annotations

import contextlib
import copy
import functools
import itertools
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

from aiohttp import web, web_urldispatcher

from ..server.exchange import Exchange
from ..server.server import Server, serve
from ..server.threads import within
from .fixtures import Bench
from .gateways import missing
from .matchers import same
from .messages import CHANGES, broken_check, correct, incorrect, not_attempted, skipped
from .model import Call, Case, Exercise, From, Request, Trial, Unfit, Want
from .pyjwt_spy import clock_behind, watching_pyjwt
from .result import Result
from .state import CHANGED_LATER, Returned
from .stub import is_untouched

LIMIT = 5.0  # seconds for one call or one request
BEHIND = timedelta(minutes=57)  # for `asked_before`: then a token named "expired" is good
_numbers = itertools.count(1)


async def judge(exercise: Exercise, candidate: Any, *, limit: float = LIMIT) -> Result:
    """The outcome of an exercise: the first case that does not hold, or that all do."""
    if absent := missing(exercise.needs):
        return skipped(exercise, absent)
    if is_untouched(candidate, exercise):
        return not_attempted(exercise)
    try:
        return await tried(exercise, candidate, limit)
    except Exception as error:  # a mistake of ours is no verdict on the learner's code
        return broken_check(exercise, error)


async def tried(exercise: Exercise, candidate: Any, limit: float) -> Result:
    make = exercise.bench or Bench.make
    bench = await make()
    for want in exercise.shape:
        trial = Trial(candidate, bench)
        if not holds(want, trial):
            return incorrect(exercise, trial, want)
    found = await failure(exercise, candidate, bench, limit)
    if found is None and exercise.mount is None:
        # all of it once more, with other values: what a function keeps from one call must not change the next
        found = await failure(exercise, candidate, await make(), limit, again=True)
    return correct(exercise) if found is None else found


async def failure(
    exercise: Exercise, candidate: Any, bench: Any, limit: float, *, again: bool = False
) -> Result | None:
    """What is said of the first case that does not hold; None when all of them do."""
    ask_all = ask_server if exercise.mount else call_all
    with watching_pyjwt(bench):
        trials = ask_all(exercise, candidate, bench, limit)
        earlier: tuple[Trial, ...] = ()
        returned = Returned()
        async with contextlib.aclosing(trials):
            async for trial in trials:
                trial.again = again
                trial.earlier, earlier = earlier, (*earlier, trial)
                if trial.case is None:
                    return incorrect(exercise, trial, None)
                for want in trial.case.wants:
                    raised = trial.error is not None and not want.of_error
                    if raised or trial.stuck or not holds(want, trial):
                        return incorrect(exercise, trial, want)
                if not exercise.may_change_arguments and has_changed(trial):
                    trial.error = Unfit(CHANGED, CHANGES)
                    return incorrect(exercise, trial, None)
                if returned.have_changed():
                    trial.error = Unfit("another result for the earlier call", CHANGED_LATER)
                    return incorrect(exercise, trial, None)
                returned.note(trial.value)
    return None


CHANGED = "what was given to the function is changed after the call"


def holds(want: Want, trial: Trial) -> bool:
    """A want that can't even look at what came back does not hold."""
    try:
        return bool(want.holds(trial))
    except Exception:
        return False


def has_changed(trial: Trial) -> bool:
    """Whether a function changed a dict, list or set among its arguments."""
    return any(
        isinstance(before, (dict, list, set)) and not same(after, before)
        for before, after in zip(trial.before, trial.args, strict=True)
    )


async def call_all(
    exercise: Exercise, candidate: Any, bench: Any, limit: float
) -> AsyncGenerator[Trial, None]:
    for case in exercise.cases:
        call: Any = case.send
        args = [afresh(resolve(value, bench)) for value in call.args]
        kwargs = {name: afresh(resolve(value, bench)) for name, value in call.kwargs.items()}
        if case.asked_before:
            with clock_behind(BEHIND):
                await within(limit, candidate, *copy.deepcopy(args), **kwargs)
        before = copy.deepcopy(tuple(args))
        value, error, stuck = await within(limit, candidate, *args, **kwargs)
        yield Trial(
            candidate, bench, case, tuple(args), before, kwargs, value, error=error, stuck=stuck
        )


def afresh(value: Any) -> Any:
    """Equal texts and numbers that are other objects: `is` must not find them, as it does not in a real request."""
    kind = type(value)
    if kind is str:
        return "".join(list(value))
    if kind is int:
        return int(str(value))
    if kind in (list, tuple, set):
        return kind(map(afresh, value))
    if kind is dict:
        return {afresh(name): afresh(item) for name, item in value.items()}
    return value


async def ask_server(
    exercise: Exercise, candidate: Any, bench: Any, limit: float
) -> AsyncGenerator[Trial, None]:
    servers: dict[bool, tuple[Server, Any]] = {}  # by Case.elsewhere, with the bench of each
    try:
        for case in exercise.cases:
            if case.elsewhere not in servers:
                its = bench.beside() if case.elsewhere else bench
                app, error, stuck = await mounted(exercise, candidate, its, limit)
                if error is not None or stuck:
                    yield Trial(candidate, its, error=error, stuck=stuck)
                    return
                app.middlewares.insert(0, on_the_clock_of(its))
                server = await serve(app, name=f"check {next(_numbers)}", limit=limit)
                servers[case.elsewhere] = server, its
            server, its = servers[case.elsewhere]
            its.ran.clear()
            exchange = await ask(server, its, case)
            # a handler that was stopped for taking too long was stopped with an exception of ours
            late = exchange.problem.startswith("No response")
            ours = any(exchange.error is failing for failing in its.failings)
            error = None if late or ours else exchange.error
            yield Trial(candidate, its, case, exchange=exchange, error=error, ran=tuple(its.ran))
    finally:
        for server, _ in servers.values():
            await server.stop()


def on_the_clock_of(bench: Any) -> Any:
    """A middleware in which PyJWT's clock is as far behind as the bench says."""

    @web.middleware
    async def middleware(request: web.Request, handler: Any) -> Any:
        with clock_behind(bench.behind):
            return await handler(request)

    return middleware


async def mounted(exercise: Exercise, candidate: Any, bench: Any, limit: float) -> Any:
    """The application with the candidate in it; a handler that is a plain `def` counts as an error, where aiohttp only warns."""
    assert exercise.mount is not None
    app, error, stuck = await within(limit, exercise.mount, candidate, bench)
    warned = isinstance(error, DeprecationWarning) and "Bare functions" in str(error)
    if warned or (
        app is not None and any(is_plain(route.handler) for route in app.router.routes())
    ):
        error = Unfit("a plain def", PLAIN_DEF)
    if app is not None:
        app.middlewares.insert(0, each_response_once(bench))
    return app, error, stuck


def each_response_once(bench: Any) -> Any:
    """A middleware that knows a Response which was returned before: aiohttp sends such a thing once, and nothing for the second request."""

    @web.middleware
    async def middleware(request: web.Request, handler: Any) -> Any:
        response = await handler(request)
        if any(response is earlier for earlier in bench.responses):
            raise Unfit("the same Response object as for an earlier request", SHARED)
        if isinstance(response, web.StreamResponse):
            bench.responses.append(response)
        return response

    return middleware


SHARED = "aiohttp can send a Response object once only. Your code returned one for a second time: make a new one for each request."


def is_plain(handler: Any) -> bool:
    """Whether aiohttp had to wrap a handler to be able to await it."""
    code = getattr(handler, "__code__", None)
    return (
        code is not None
        and code.co_name == "handler_wrapper"
        and code.co_filename == web_urldispatcher.__file__
    )


PLAIN_DEF = (
    "aiohttp awaits a handler, and version 4 rejects one that is a plain `def`. Write `async def`."
)


async def ask(server: Server, bench: Any, case: Case) -> Exchange:
    request = case.send
    assert not isinstance(request, Call)  # for a plain function
    if not isinstance(request, Request):
        asked = len(server.exchanges)
        try:
            return await request(server, bench)
        except Exception:  # a response in between was not what the next request needs
            if len(server.exchanges) == asked:
                raise
            return server.exchanges[-1]
    headers = {name: resolve(value, bench) for name, value in request.headers.items()}
    if request.token:
        headers["Authorization"] = f"Bearer {bench.token(request.token)}"
    send = functools.partial(
        server.request,
        request.method,
        resolve(request.path, bench),
        data=resolve(request.data, bench),
        json=resolve(request.json, bench),
        headers=headers,
    )
    if case.asked_before:
        bench.behind = BEHIND
        await send()
        bench.behind = timedelta(0)
        bench.ran.clear()
    return await send()


def resolve(value: Any, bench: Any) -> Any:
    """An argument of its own for each call: what a learner's function does to it stays with that call."""
    return value.make(bench) if isinstance(value, From) else copy.deepcopy(value)
