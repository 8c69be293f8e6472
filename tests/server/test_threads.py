"""Code that may never end is called, looked at and interrupted."""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import pytest

from jwt_demo.server import threads as threads_module
from jwt_demo.server.threads import OutOfTime, frames_of, interrupt, within


@pytest.fixture
def without_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a browser tab, where no thread was ever interrupted.

    Python 3.11 spins in a traced function while any thread has not taken an exception that was raised in it (one that waits
    in C never does). Taking one here ends that state.
    """
    monkeypatch.setattr(threads_module, "HAS_THREADS", False)
    with pytest.raises(OutOfTime):
        interrupt(threading.current_thread(), OutOfTime)
        while True:
            pass


@pytest.fixture(params=["on a thread", "on the loop"])
def anywhere(request) -> None:
    """With threads, and without."""
    if request.param == "on the loop":
        request.getfixturevalue("without_threads")


@pytest.mark.usefixtures("anywhere")
async def test_a_value_comes_back_also_from_a_coroutine() -> None:
    """The caller awaits once, whatever the function is."""

    async def later(number: int, *, plus: int) -> int:
        await asyncio.sleep(0)
        return number + plus

    assert await within(5, lambda number: number + 1, 1) == (2, None, "")
    assert await within(5, later, 1, plus=2) == (3, None, "")


@pytest.mark.usefixtures("anywhere")
async def test_what_is_raised_is_a_result() -> None:
    """Even what would end the program."""
    outcome = await within(5, sys.exit, 3)
    assert isinstance(outcome.error, SystemExit)
    assert outcome.stuck == ""


async def test_a_function_that_does_not_end_is_interrupted() -> None:
    """Also one that catches everything once; its thread is gone afterwards."""
    threads: list[threading.Thread] = []
    caught: list[BaseException] = []

    def stubborn() -> None:
        threads.append(threading.current_thread())
        while True:
            try:
                while True:
                    pass
            except BaseException as error:
                if caught:
                    raise
                caught.append(error)

    outcome = await within(0.2, stubborn)
    assert "stubborn" in outcome.stuck
    assert outcome.value is outcome.error is None
    threads[0].join(timeout=5)
    assert not threads[0].is_alive()
    assert isinstance(caught[0], OutOfTime)


@pytest.mark.usefixtures("anywhere")
async def test_a_loop_that_never_turns_again_is_interrupted() -> None:
    """A coroutine that awaits nothing blocks its own loop and not the caller's."""

    async def blocking() -> None:
        while True:
            pass

    assert (await within(0.2, blocking)).stuck != ""


@pytest.mark.usefixtures("anywhere")
async def test_what_waits_is_given_up() -> None:
    """A coroutine that waits for what does not come."""

    async def waiting() -> None:
        await asyncio.sleep(3600)

    assert (await within(0.2, waiting)).stuck != ""


@pytest.mark.usefixtures("without_threads")
async def test_on_the_loop_a_sleep_ends_at_the_limit() -> None:
    """The sentence names its line."""

    def sleeping() -> None:
        time.sleep(3600)

    assert "`time.sleep(3600)`" in (await within(0.2, sleeping)).stuck


@pytest.mark.usefixtures("without_threads")
async def test_time_is_as_it_was_after_a_clock() -> None:
    """What a clock puts in place of `time.sleep` goes with it."""
    real = time.sleep
    seen = await within(1, lambda: time.sleep)
    assert seen.value is not real
    assert time.sleep is real


def test_frames_are_those_of_the_thread() -> None:
    """Outermost first; a thread that has ended is in none."""
    entered, leave = threading.Event(), threading.Event()

    def waiting() -> None:
        entered.set()
        leave.wait()

    thread = threading.Thread(target=waiting)
    thread.start()
    entered.wait()
    assert "waiting" in [frame.f_code.co_name for frame in frames_of(thread)]
    leave.set()
    thread.join()
    assert frames_of(thread) == []
    interrupt(thread, OutOfTime)  # nobody is there any more, and nothing happens
